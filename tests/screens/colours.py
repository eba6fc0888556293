"""Pictures of a screen as a terminal of fewer colours draws it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, TerminalTheme
from textual.app import App
from textual.strip import Strip

COLOURS = ("true", "16", "none")
"""Every colour, the sixteen of a plain terminal, and `NO_COLOR`."""


def to_be_seen_in(colours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every picture be that of a terminal with so many colours; before the app is made.

    Args:
        colours: one of `COLOURS`.
        monkeypatch: undoes it after the test.
    """
    if colours == "none":
        monkeypatch.setenv("NO_COLOR", "1")
    elif colours == "16":
        monkeypatch.setattr(App, "export_screenshot", _sixteen)


def fewer(strip: Strip) -> list[Segment]:
    """A line with each colour replaced by the nearest of the sixteen, as Rich does it."""
    return [Segment(text, _downgraded(style), control) for text, style, control in strip]


def _downgraded(style: Style | None) -> Style | None:
    if style is None:
        return None
    front, back = (
        colour and colour.downgrade(ColorSystem.STANDARD) for colour in (style.color, style.bgcolor)
    )
    return style + Style.from_color(front, back)


def _sixteen(app: App[Any], *, title: str | None = None, simplify: bool = False) -> str:
    """As `App.export_screenshot`, of what is left of the colours."""
    console = Console(
        width=app.size.width,
        height=app.size.height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
    )
    for strip in app.screen._compositor.render_strips():
        console._record_buffer.extend(Segment.simplify(fewer(strip)))
        console._record_buffer.append(Segment.line())
    # White on black, as a terminal of sixteen colours mostly is.
    ansi = list(DEFAULT_TERMINAL_THEME.ansi_colors._colors)
    black, white = ansi[0], ansi[7]
    theme = TerminalTheme(black, white, ansi[:8], ansi[8:])
    return console.export_svg(title=title or app.title, theme=theme)
