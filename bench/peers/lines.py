"""Peer: the least that Textual needs to draw a list with a cursor; the floor under any table.

Usage: `python -m bench.peers.lines COUNT`. Lines are laid out once, a cursor movement refreshes
two of them, and a movement off the screen scrolls by one line. What `DataTable` costs is its
distance to this.
"""

import sys

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bench.peers.incidents import COLUMNS, rows

_WIDTHS = (2, 6, 3, 9, 6, 16, 18, 8)
_PLAIN = Style(color="white", bgcolor="black")
_CURSOR = Style(color="black", bgcolor="cyan")


def _line(cells: tuple[str, ...]) -> str:
    return "".join(set_cell_size(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True))


class Lines(ScrollView, can_focus=True):
    """A list of lines with a cursor."""

    BINDINGS = [Binding("down", "move(1)"), Binding("up", "move(-1)")]  # noqa: RUF012

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines
        self._at = 0
        self.virtual_size = Size(sum(_WIDTHS), len(lines))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        number = y + self.scroll_offset.y
        if number >= len(self._lines):
            return Strip.blank(self.size.width, _PLAIN)
        style = _CURSOR if number == self._at else _PLAIN
        return Strip([Segment(set_cell_size(self._lines[number], self.size.width), style)])

    def action_move(self, step: int) -> None:
        """Move the cursor by `step` lines."""
        before, self._at = self._at, min(max(self._at + step, 0), len(self._lines) - 1)
        top = self.scroll_offset.y
        if top <= self._at < top + self.size.height:
            for number in (before, self._at):
                self.refresh(Region(0, number - top, self.size.width, 1))
        else:
            self.scroll_to(y=top + step, animate=False)
            self.refresh()


class Floor(App[None]):
    """A heading and the list."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._lines = [_line(COLUMNS), *(_line(row) for row in rows(count))]

    def compose(self) -> ComposeResult:
        """Nothing but the list; its first line is the heading."""
        yield Lines(self._lines)

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.query_one(Lines).focus()


if __name__ == "__main__":
    Floor(int(sys.argv[1])).run()
