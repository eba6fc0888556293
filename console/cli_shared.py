"""What every command of the command line uses: options, words, the open desk."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from console.domain.message import Message, Problem
from console.early import Unfit, as_lang, bad_setting, spoken
from console.i18n import Translator
from console.start import code_of
from console.wall import lost

if TYPE_CHECKING:
    from console.desk.desk import Desk
    from console.settings import Settings

StoreOption = Annotated[
    str | None, typer.Option("--store", help="Database: a path, or postgresql://…")
]
SeatOption = Annotated[str | None, typer.Option("--seat", help="The seat this is.")]
LangOption = Annotated[str | None, typer.Option("--lang", help="zh or en.")]
ZoneOption = Annotated[
    str | None, typer.Option("--zone", help="The center's time zone, for a new store.")
]
DistrictOption = Annotated[str | None, typer.Option("--district", help="Code of the district.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For machines.")]

_lang: list[str | None] = [None]


def words(lang: str | None = None) -> Translator:
    """The translator for words on stderr."""
    if lang is not None:
        _lang[0] = lang
        try:
            as_lang(lang)
        except Unfit as error:
            fail(bad_setting("--lang", "lang", error.reason).message, 2)
    return _speaker(spoken(_lang[0], os.environ))


@cache
def _speaker(lang: str) -> Translator:
    return Translator(lang)


def note(message: Message | str, **args: object) -> None:
    """Say something on stderr."""
    sentence = words().t(message, **args)  # type: ignore[arg-type]
    sys.stderr.write(sentence + "\n")


def fail(message: Message | str, code: int = 1, **args: object) -> NoReturn:
    """Say why not on stderr, and leave."""
    note(message, **args)
    raise SystemExit(code)


def explain(problem: Problem) -> NoReturn:
    """Leave with a problem's sentence and the exit code of its kind."""
    fail(problem.message, code_of(problem))


def settings(**options: object) -> Settings:
    """The settings with the options that were given."""
    from console.settings import load

    return load(**options)


def open_desk(
    store: str | None = None,
    seat: str | None = None,
    zone: str | None = None,
    district: str | None = None,
    *,
    readonly: bool = False,
    create: bool = False,
    sits: bool = False,
    hurried: bool = True,
) -> Desk:
    """A desk at the store that options and settings name.

    Args:
        store: and the other options, as given; None leaves it to the settings.
        readonly: open the store without changing anything.
        create: make a store that does not exist.
        sits: something is done in the name of the seat, so that there must be one.
        hurried: a server that does not answer in time is given up.
    """
    from console.launch import desk_of
    from console.settings import exposed

    chosen = settings(store=store, seat=seat, zone=zone, district=district)
    if (file := exposed()) is not None:
        note("settings.exposed", file=str(file))
    return desk_of(chosen, readonly, create, sits=sits, hurried=hurried)


def out(value: object) -> None:
    """Write JSON to stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def out_bytes(data: bytes) -> None:
    """Write a file's bytes to stdout.

    Raises:
        Problem: they cannot be handed on.
    """
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise lost(error) from error
