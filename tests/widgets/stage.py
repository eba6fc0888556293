"""A stage for one widget: an app that holds it, what it drew, and what it said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from widgets.lean import LeanApp
from widgets.themes import THEMES

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "[/]",
    "[@click=app.quit]end[/]",
    "[bold red]loud[/bold red]",
    "\u202egnp.exe\u202c",
    "a\x00b\x9b31mc\x7f",
    "\ud800 lone \udfff",
    "zero\u200bwidth\ufeff\u2060",
    "e" + "\u0301" * 40,
    "two\r\nlines\tand\x0bmore\u2028still",
    "\U000e0041\U000e0042tag \ufe0f\ufe0e",
    "\U0001f469\u200d\U0001f692 \u2764\ufe0f \U0001f1e8\U0001f1f3",
    "派" * 3000,
)
"""Texts that try to do something other than be read."""


class Stage(LeanApp[None]):
    """An app with the given widgets one below the other."""

    def __init__(self, *played: Widget, css: str = "") -> None:
        self.CSS = css  # type: ignore[misc]  # read by App.__init__ from the instance
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.played = played
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self.played

    def on_mount(self) -> None:
        if self.played[0].can_focus:
            self.played[0].focus()

    def _keep(self, message: Message) -> None:
        self.told.append(message)

    # Textual finds its handlers by name.
    on_queue_table_need_rows = _keep
    on_queue_table_selected = _keep
    on_command_line_edited = _keep
    on_command_line_complete_requested = _keep
    on_command_line_submitted = _keep
    on_command_line_cancelled = _keep
    on_form_edited = _keep
    on_form_submitted = _keep
    on_form_cancelled = _keep

    def strips(self) -> list[Strip]:
        """The screen, line by line."""
        return self.screen._compositor.render_strips()

    def lines(self) -> list[str]:
        """The text of the screen, line by line."""
        return [strip.text for strip in self.strips()]


@contextmanager
def drawn_lines(widget: Widget) -> Iterator[list[int]]:
    """The lines that the widget draws while the context is open."""
    drawn: list[int] = []
    render_line = widget.render_line

    def spy(y: int) -> Strip:
        drawn.append(y)
        return render_line(y)

    widget.render_line = spy  # type: ignore[method-assign]
    try:
        yield drawn
    finally:
        widget.render_line = render_line  # type: ignore[method-assign]


def check_screen(app: Stage) -> None:
    """Every line has the width of the screen, no control character, and no obeyed markup."""
    for strip in app.strips():
        text = strip.text
        assert cell_len(text) == app.size.width, text
        assert strip.cell_length == app.size.width
        assert not [character for character in text if steers(character)], ascii(text)
        for segment in strip:
            assert not segment.control
            assert segment.style is None or "@click" not in segment.style.meta
            assert segment.style is None or segment.style.link is None


def steers(character: str) -> bool:
    """Whether a character does something other than be drawn."""
    code = ord(character)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0xD800 <= code < 0xE000
        or character in "\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff\ufe0f"
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
    )
