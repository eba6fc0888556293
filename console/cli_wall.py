"""The command `wall`: the center's big screen."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from console.cli_shared import (
    DistrictOption,
    LangOption,
    StoreOption,
    explain,
    fail,
    settings,
    words,
)
from console.domain.message import Problem, msg
from widgets.outlet import end, heed


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(wall)


def wall(
    every: Annotated[
        float, typer.Option(min=2, max=3_600, help="Seconds that a panel stands.")
    ] = 15.0,
    panels: Annotated[
        str | None,
        typer.Option(help="Which come round, with commas: now,traffic,fraud,fire,towns,links."),
    ] = None,
    store: StoreOption = None,
    district: DistrictOption = None,
    lang: LangOption = None,
    theme: Annotated[str | None, typer.Option(help="dark, light or contrast.")] = None,
) -> None:
    """The big screen: read-only, large, rotating."""
    heed()
    words(lang)
    from console.screens.wall_drawing import PANELS

    wanted = PANELS if panels is None else tuple(filter(None, panels.replace(" ", "").split(",")))
    unknown = [one for one in wanted if one not in PANELS]
    if unknown or not wanted:
        name = unknown[0] if unknown else ""
        fail(msg("wall.wrong_panel", name=name, known=", ".join(PANELS)), 2)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail(msg("cli.no_terminal"), 3)
    try:
        _show(wanted, every, store, district, lang, theme)
    except Problem as problem:
        explain(problem)


def _show(
    panels: tuple[str, ...],
    every: float,
    store: str | None,
    district: str | None,
    lang: str | None,
    theme: str | None,
) -> NoReturn:
    from rich.console import Console

    from console.desk.ruleset import load
    from console.desk.walled import WallReader
    from console.domain.clock import WallClock
    from console.early import early
    from console.i18n import Translator
    from console.screens.drawing import Drawing
    from console.start import ended_with
    from console.store.engine import Store, open_store
    from console.terminal import box_lines_are_wide, draw_where_it_is
    from console.wall_app import WallApp
    from widgets.chart import warm

    chosen = settings(store=store, district=district)
    begun = early(lang, os.environ, theme=theme)
    rules = load(chosen.rules)

    def opened() -> Store:
        return open_store(chosen.store, district=chosen.district, readonly=True, create=False)

    reader = WallReader(opened, WallClock())
    first = reader.open()
    warm()
    ascii_only = begun.ascii if begun.ascii is not None else box_lines_are_wide()
    drawing = Drawing(Translator(begun.lang), rules, first.zone, first.district)
    app = WallApp(
        begun,
        drawing,
        reader,
        panels=panels,
        every=every,
        center=chosen.district_name,
        ascii_only=ascii_only,
    )
    draw_where_it_is(app)
    app.error_console = Console(stderr=True, markup=False, force_terminal=False)
    app.run()
    if app.failure is not None:
        sys.stderr.write(app.words.t(app.failure.message) + "\n")
        end(1)
    end(ended_with(app.return_code))
