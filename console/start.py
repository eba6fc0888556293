"""The console script: straight to the first frame, or on to the commands.

``zhiban``, ``zhiban watch`` and ``zhiban demo`` with options that are plainly right are
started from here, without the command-line library: it takes as long to import as a
third of a first frame. Everything else, help and mistakes among it, is the business of
`console.cli`. `OPTIONS` is held against the commands there by a test.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from console.domain.message import Message, Problem
from console.early import asked_lang, early, spoken
from console.i18n import Translator
from console.private import UMASK
from console.wall import put_up, take_down
from widgets.outlet import end, heed

if TYPE_CHECKING:
    from console.desk.session import Session
    from console.launch import Show

Value = str | bool | float | int

OPTIONS: Mapping[str, Mapping[str, tuple[str, type[Value]]]] = {
    "watch": {
        "--store": ("store", str),
        "--seat": ("seat", str),
        "--lang": ("lang", str),
        "--readonly": ("readonly", bool),
        "--light": ("light", bool),
        "--theme": ("theme", str),
    },
    "demo": {
        "--seed": ("seed", int),
        "--speed": ("speed", float),
        "--scenario": ("scenario", str),
        "--store": ("store", str),
        "--lang": ("lang", str),
        "--light": ("light", bool),
        "--theme": ("theme", str),
    },
}
"""Command -> option -> (setting, its type). A switch takes no value."""


FRAMES = "120"
"""How many pictures a second are painted at most; read by Textual when it is imported."""


def main() -> None:
    """The console script."""
    os.umask(UMASK)
    put_up()
    try:
        try:
            _understood(sys.argv[1:])
        finally:
            take_down()
    except Problem as problem:
        say(problem.message)
        raise SystemExit(code_of(problem)) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _understood(argv: list[str]) -> None:
    """Do what a command line says."""
    plain = read(argv)
    if plain is None:
        from typer.main import get_command

        from console.cli import app
        from console.cli_help import in_front, in_language

        commands = get_command(app)
        understood = in_language(commands, argv)
        understood(in_front(commands, argv), prog_name="zhiban")
        return
    command, given = plain
    raise SystemExit(watch(**given) if command == "watch" else demo(**given))


def read(argv: Sequence[str]) -> tuple[str, dict[str, Value]] | None:
    """Command and options, when they are plainly right; None for everything else."""
    words = list(argv)
    command = words.pop(0) if words and not words[0].startswith("-") else "watch"
    known = OPTIONS.get(command)
    if known is None:
        return None
    given: dict[str, Value] = {}
    while words:
        name, equals, value = words.pop(0).partition("=")
        if name not in known:
            return None
        setting, kind = known[name]
        if kind is bool:
            if equals:
                return None
            given[setting] = True
            continue
        if not equals:
            if not words or words[0].startswith("--"):
                return None
            value = words.pop(0)
        try:
            given[setting] = kind(value)
        except ValueError:
            return None
    speed = given.get("speed")
    if isinstance(speed, float) and not 0 <= speed <= 600:
        return None
    return command, given


def watch(**given: Value | None) -> int:
    """Show the console; returns the exit code.

    Args:
        given: the options that were given, by the setting's name.
    """

    def launch(seen: Show) -> Session:
        from console.launch import open_watch

        return open_watch(seen, **given)

    return show(launch, given)


def demo(**given: Value | None) -> int:
    """Show the demo; returns the exit code. `given` as for `watch`."""

    def launch(_seen: Show) -> Session:
        from console.cli_demo import open_demo

        return open_demo(given)

    return show(launch, given)


def show(launch: Callable[[Show], Session], given: Mapping[str, Value | None]) -> int:
    """Show the console until the officer leaves, and end the program.

    Returns:
        The exit code of a screen that was never begun.

    Raises:
        Problem: the settings have a mistake.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say(Message("cli.no_terminal"))
        return 3
    text = {name: str(value) for name, value in given.items() if isinstance(value, str)}
    light = given.get("light")
    begun = early(
        text.get("lang"),
        os.environ,
        theme=text.get("theme"),
        light=light if isinstance(light, bool) else None,
    )
    # Modules and widgets stay: looking for rubbish among them is a tenth of the first frame.
    # The collector comes back when the session is open (`ZhibanApp.on_zhiban_app_ready`).
    gc.disable()
    heed()
    # An answer often comes just behind the picture of its own key. At Textual's 60 frames a
    # second it would wait for the next one longer than it took to be found.
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    from rich.console import Console

    from console.app import ZhibanApp
    from console.terminal import box_lines_are_wide, draw_where_it_is

    ascii_only = begun.ascii if begun.ascii is not None else box_lines_are_wide()
    console = ZhibanApp(begun, launch, ascii_only=ascii_only)
    draw_where_it_is(console)
    # A fault of the program is told in plain text: the wall lets no colours through.
    console.error_console = Console(stderr=True, markup=False, force_terminal=False)
    console.run()
    if console.failure is not None:
        sys.stderr.write(Translator(console.words.lang).t(console.failure.message) + "\n")
        end(code_of(console.failure))
    end(ended_with(console.return_code))


def ended_with(code: int | None) -> int:
    """The exit code of a screen; one that nobody has left has not ended well."""
    return 1 if code is None else code


def say(message: Message) -> None:
    """Say something on stderr, in the language of the settings."""
    lang = spoken(asked_lang(sys.argv[1:]), os.environ)
    sys.stderr.write(Translator(lang).t(message) + "\n")


def code_of(problem: Problem) -> int:
    """3 when the store is unavailable, else 1."""
    store = sys.modules.get("console.store.engine")
    return 3 if store is not None and isinstance(problem, store.StoreProblem) else 1
