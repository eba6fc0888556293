"""The command that writes a report: ``report``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.cli_shared import (
    DistrictOption,
    LangOption,
    StoreOption,
    explain,
    fail,
    note,
    open_desk,
    out_bytes,
    settings,
    words,
)
from console.domain.message import Problem

if TYPE_CHECKING:
    from console.domain.periods import Kind


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("report")(report)


def report(
    what: Annotated[str, typer.Argument(help="shift, day, week or month")],
    date_: Annotated[
        str | None, typer.Option("--date", help="A day in it, YYYY-MM-DD; else it is now.")
    ] = None,
    shift: Annotated[
        str | None, typer.Option("--shift", help="Which shift; else the one that runs.")
    ] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="md, html or docx; else as FILE ends, or md.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it to this file.")
    ] = None,
    store: StoreOption = None,
    district: DistrictOption = None,
    lang: LangOption = None,
) -> None:
    """The written report of a shift, a day, a week or a month."""
    translator = words(lang)
    from console.desk.reporting import period_asked
    from console.desk.reporting import report as made
    from console.reports import put, rendered

    kind = _kind(what)
    form = _form(format_, output)
    day = _day(date_)
    if form == "docx" and output is None and sys.stdout.isatty():
        fail("report.binary", 2)
    try:
        chosen = settings(store=store, district=district)
        desk = open_desk(store, district=district, readonly=True)
        document = made(desk, period_asked(desk, kind, day, shift), chosen.district_name)
        data = rendered(document, form, translator)
        if output is not None:
            put(output, data)
    except Problem as problem:
        explain(problem)
    if output is not None:
        note("report.written", path=str(output))
    elif form == "docx":
        out_bytes(data)
    else:
        sys.stdout.write(data.decode("utf-8"))


def _kind(word: str) -> Kind:
    from console.domain.periods import KINDS

    for kind in KINDS:
        if word == kind:
            return kind
    fail("report.no_kind", 2, word=word, known=KINDS)


def _form(word: str | None, output: Path | None) -> str:
    from console.reports import FORMS

    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    form = word or (ending if ending in FORMS else FORMS[0])
    if form not in FORMS:
        fail("report.no_format", 2, word=form, known=FORMS)
    return form


def _day(word: str | None) -> date | None:
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        fail("report.no_day", 2, word=word)
