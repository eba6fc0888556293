"""Widgets, the units board: many short items in a grid, of which only those that change are drawn.

The grid flows: as many columns as the width allows, filled line by line in the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from widgets.cells import fit
from widgets.pane import Pane, PaneOptions

_GAP = 2


@dataclass(frozen=True, slots=True)
class UnitCell:
    """An item of the board.

    Args:
        key: its name for the program, unique on the board.
        text: what is drawn.
        tone: the tone that it is drawn in.
    """

    key: str
    text: str
    tone: str = "text"


class UnitsBoard(Pane, can_focus=True):
    """A grid of items. When there are more than fit, it scrolls, and its title says so: which
    items are on the screen, out of how many.

    Args:
        cell_width: cells of one item; longer text is visibly cut.
        title: text of the title rule; empty for none.
        options: `id` and `classes` of the widget.
    """

    def __init__(
        self,
        *,
        cell_width: int = 20,
        title: str = "",
        **options: Unpack[PaneOptions],
    ) -> None:
        super().__init__(title=title, **options)
        self._cell_width = cell_width
        self._items: tuple[UnitCell, ...] = ()
        self._empty = ""
        self._top = 0
        self._shown: list[UnitCell | None] = []
        self._shown_columns = 0

    @property
    def items(self) -> tuple[UnitCell, ...]:
        """What was set last."""
        return self._items

    @property
    def grid_columns(self) -> int:
        """Items on a line."""
        return max(1, (self.size.width + _GAP - 1) // (self._cell_width + _GAP))

    def set_items(self, items: Sequence[UnitCell]) -> None:
        """Show these items."""
        self._items = tuple(items)
        self._sync()

    def set_empty(self, text: str) -> None:
        """Say what stands on the board when there are no items."""
        self._empty = text
        self.repaint(0)

    def scroll_lines(self, count: int) -> bool:
        """Scroll down by so many lines (up, if negative); tells whether anything moved."""
        before = self._top
        self._top += count
        self._sync()
        return self._top != before

    def body_line(self, y: int, width: int) -> Strip:
        if not self._items:
            return self.strip([(f" {self._empty}" if y == 0 else "", "dim")], width)
        plain = self.tone("text")
        segments = [Segment(" ", plain)]
        columns = self.grid_columns
        for item in self._shown[y * columns : (y + 1) * columns]:
            text = fit(item.text if item else "", min(self._cell_width, width - 1))
            style = self.tone(item.tone) if item else plain
            segments += [Segment(text, style), Segment(" " * _GAP, plain)]
        return Strip(segments).adjust_cell_length(width, plain)

    def body_resized(self) -> None:
        self._sync()

    def _sync(self) -> None:
        """Draw the items that do not look like what is on the screen."""
        columns, height = self.grid_columns, self.body_height
        lines = -(-len(self._items) // columns)
        self._top = max(0, min(self._top, lines - max(1, height)))
        first = self._top * columns
        visible: list[UnitCell | None] = list(self._items[first : first + columns * height])
        held = len(visible)
        visible += [None] * (columns * height - held)
        before, self._shown = self._shown, visible
        if columns != self._shown_columns or len(before) != len(visible):
            self._shown_columns = columns
            self.refresh()
        else:
            for place, item in enumerate(visible):
                if before[place] != item:
                    y, x = divmod(place, columns)
                    step = self._cell_width + _GAP
                    self.refresh(Region(1 + x * step, self.body_top + y, self._cell_width, 1))
            if not any(before) or not held:
                self.repaint(0)
        if self._title:
            total = len(self._items)
            self.set_title(
                self._title, f"{first + 1}-{first + held}/{total}" if held < total else ""
            )

    def on_key(self, event: events.Key) -> None:
        page = max(1, self.body_height - 1)
        steps = {
            "up": -1,
            "down": 1,
            "pageup": -page,
            "pagedown": page,
            "home": -len(self._items),
            "end": len(self._items),
        }
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self.scroll_lines(steps[event.key])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        if self.scroll_lines(1):
            event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if self.scroll_lines(-1):
            event.stop()
