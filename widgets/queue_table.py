"""Widgets, the queue: a table of any number of rows that holds only a window of them.

The owner hands in a *window*: the rows from index `base` on, out of `total`. When the officer
comes near its edge, or goes beyond it, the table asks by `NeedRows` and draws placeholders until
the rows are there. Rows are equal by value: whatever comes in, only the lines that now look
different are drawn again. A step of the cursor draws two lines.

The selection belongs to the key of a row, not to its index. A row that moves takes it along.

The table scrolls itself, by whole lines and with no scroll bar: a scroll bar repaints with every
step, and a change of `virtual_size` lays the whole screen out again. When the cursor leaves the
page, the page moves on by two thirds, so that most steps repaint two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Literal, Unpack

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from widgets.cells import fit
from widgets.columns import Column, PlacedColumn, Row, place_columns
from widgets.pane import Pane, PaneOptions

__all__ = ["Column", "QueueTable", "Row"]

_WHEEL_LINES = 3
_GUTTER = 1
_CURSOR_SIGN = ">"
_PLACEHOLDER = "-"
_VAIN = 4
"""How often the same rows are asked for when what comes is not them."""


Direction = Literal[-1, 0, 1]

_Shown = tuple[Row | None, bool, bool]
"""What a line of the page shows: its row if it is held, whether it is selected, whether the table
has a row there at all."""


class QueueTable(Pane, can_focus=True):
    """A virtual table with one selected row.

    Args:
        columns: the columns from left to right.
        title: text of the title rule; empty for none.
        header: whether the labels of the columns stand above the rows.
        options: `id` and `classes` of the widget.
    """

    class _FromTable(Message):
        def __init__(self, table: QueueTable) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> QueueTable:
            """The table that speaks."""
            return self.table

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, type(self)) and message.table is self.table

    class NeedRows(_FromTable):
        """The table wants rows that it does not hold.

        Attributes:
            first: index of the first row that it wants.
            last: index behind the last one.
            direction: 1, the rows that follow the key `anchor`; -1, those that come before it; 0,
                a jump: the rows around `anchor`, or, without one, the first page (`first` is 0)
                or the last (`last` is the total).
            anchor: key of the row at the edge of the window; after a jump, of the selected row.
        """

        def __init__(
            self, table: QueueTable, first: int, last: int, direction: Direction, anchor: int | None
        ) -> None:
            super().__init__(table)
            self.first = first
            self.last = last
            self.direction = direction
            self.anchor = anchor

    class Selected(_FromTable):
        """Another row is selected.

        Attributes:
            key: its key; None when no row is.
            index: its index; -1 when no row is.
        """

        def __init__(self, table: QueueTable, key: int | None, index: int) -> None:
            super().__init__(table)
            self.key = key
            self.index = index

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        title: str = "",
        header: bool = False,
        **options: Unpack[PaneOptions],
    ) -> None:
        super().__init__(title=title, **options)
        self._columns = tuple(columns)
        self._header = header
        self._empty = ""
        self._rows: tuple[Row, ...] = ()
        self._base = 0
        self._total = 0
        self._top = 0
        self._cursor = 0
        self._key: int | None = None
        self._hand = 0
        self._left: int | None = None
        self._asked: tuple[int, int, int, int | None] | None = None
        self._wanted: tuple[int, int, int, int | None] | None = None
        self._vain = 0
        self._shown: list[_Shown] = []
        self._strips: dict[tuple[Row | None, bool, bool], Strip] = {}
        self._layout_width = -1
        self._placed: tuple[PlacedColumn, ...] = ()

    # What is known

    @property
    def selected_key(self) -> int | None:
        """Key of the selected row; None while there is none or it has not been loaded yet."""
        return self._key

    @property
    def meant_key(self) -> int | None:
        """Key of the row that who looks at it means: the one that was selected until a moment ago,
        when it went by itself, until `settle` says that this has been seen.
        """
        return self._key if self._left is None else self._left

    @property
    def gone(self) -> bool:
        """Whether the selected row has gone by itself, and nobody has seen it yet."""
        return self._left is not None

    @property
    def hand(self) -> int:
        """How often the cursor was moved by a person."""
        return self._hand

    def settle(self) -> None:
        """What is selected now has been seen."""
        self._left = None

    @property
    def cursor(self) -> int:
        """Index of the row that the cursor is on."""
        return self._cursor

    @property
    def top(self) -> int:
        """Index of the row that is drawn first."""
        return self._top

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return self._total

    @property
    def page_height(self) -> int:
        """Rows that the screen has room for."""
        return max(0, self.body_height - self._header)

    @property
    def window(self) -> tuple[int, int]:
        """Indices of the rows that are held: the first, and the one behind the last."""
        return self._base, self._base + len(self._rows)

    def row_at(self, index: int) -> Row | None:
        """The row at an index, if it is held."""
        place = index - self._base
        return self._rows[place] if 0 <= place < len(self._rows) else None

    @property
    def selected_row(self) -> Row | None:
        """The selected row, if it is held."""
        row = self.row_at(self._cursor)
        return row if row is not None and row.key == self._key else None

    # What is given

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Change the columns or their labels."""
        self._columns = tuple(columns)
        self._layout_width = -1
        self._strips.clear()
        self.refresh()

    def set_empty(self, text: str) -> None:
        """Say what stands in the table when there is no row at all."""
        self._empty = text
        if self._total == 0:
            self.repaint(self._header)

    def set_window(self, base: int, rows: Sequence[Row], total: int) -> None:
        """Replace the rows that are held.

        The selected row stays selected and, where there is room, on its line of the screen; only
        at the head of the queue new rows come into view above it. If the row is gone, the row
        that is now in its place is selected.

        Args:
            base: index of the first of `rows`.
            rows: rows without a gap.
            total: how many rows there are in all.

        Raises:
            ValueError: the window does not lie within `total`.
        """
        if base < 0 or base + len(rows) > total:
            raise ValueError(f"rows {base} to {base + len(rows)} do not lie within {total}")
        self._base, self._rows, self._total = base, tuple(rows), total
        self._asked = None
        if total == 0:
            self._cursor = self._top = 0
            self._lose()
            self._choose(None)
        else:
            self._follow()
        self._sync()
        self._ask()

    def begin_anew(self) -> None:
        """The next window is of another list: it is seen from its head on, or from the selected row
        if that is among its first.
        """
        self._cursor = self._top = 0

    def set_total(self, total: int) -> None:
        """There are so many rows in all; those that are held stay.

        Raises:
            ValueError: more are held.
        """
        self.set_window(self._base, self._rows, total)

    def change_rows(self, rows: Sequence[Row]) -> None:
        """Show rows that are held as they are now, each in its place; others are left alone."""
        fresh = {row.key: row for row in rows}
        self._rows = tuple(fresh.get(row.key, row) for row in self._rows)
        self._sync()

    def select(self, key: int, index: int) -> None:
        """Put the cursor on a row.

        Args:
            key: the row's key.
            index: where it is believed to be; if the row is held elsewhere, that counts.
        """
        self._left = None
        place = self._find(key)
        self._cursor = max(0, min(index if place is None else place, self._total - 1))
        self._choose(key)
        self._reveal()
        self._sync()
        self._ask()

    # Moving

    def move_by(self, count: int) -> None:
        """Move the cursor down by so many rows (up, if negative), as far as rows are held."""
        if self._can_step():
            first, behind = self.window
            self._go(max(first, min(self._cursor + count, behind - 1)))

    def move_page(self, pages: int) -> None:
        """Move the cursor and the page by whole pages, at most one page beyond what is held."""
        if not self._can_step():
            return
        height = max(1, self.page_height)
        first, behind = self.window
        target = self._cursor + pages * max(1, height - 1)
        target = max(0, first - height, min(target, behind - 1 + height, self._total - 1))
        self._top = self._clamped(self._top + target - self._cursor)
        self._go(target)

    def move_to(self, index: int) -> None:
        """Move the cursor to an index, held or not. The selection lands when the row comes."""
        if self._total:
            self._go(max(0, min(index, self._total - 1)))

    def _can_step(self) -> bool:
        """Whether the cursor stands on a row that is held; if not, it waits for that row."""
        if self._total == 0:
            return False
        self._asked = self._wanted = None
        if self.row_at(self._cursor) is not None:
            return True
        self._reveal()
        self._sync()
        self._ask()
        return False

    def _go(self, target: int) -> None:
        self._hand += 1
        self._left = None
        self._cursor = target
        row = self.row_at(target)
        self._choose(None if row is None else row.key)
        self._reveal()
        self._sync()
        self._ask()

    def _choose(self, key: int | None) -> None:
        if key != self._key:
            self._key = key
            self.post_message(self.Selected(self, key, -1 if key is None else self._cursor))

    def _lose(self) -> None:
        """The selected row is gone: it is meant until this has been seen."""
        if self._left is None:
            self._left = self._key

    def holds(self, key: int) -> bool:
        """Whether the row with this key is held."""
        return self._find(key) is not None

    def _find(self, key: int) -> int | None:
        near = self.row_at(self._cursor)
        if near is not None and near.key == key:
            return self._cursor
        for place, row in enumerate(self._rows):
            if row.key == key:
                return self._base + place
        return None

    def _follow(self) -> None:
        """Find the selection again in a new window."""
        at_head = self._top == 0
        line = self._cursor - self._top
        place = None if self._key is None else self._find(self._key)
        self._cursor = min(self._cursor, self._total - 1)
        if place is not None:
            self._cursor = place
            if not at_head or 0 < self.page_height <= place:
                self._top = place - line
        elif (row := self.row_at(self._cursor)) is not None:
            # Either the first rows, or the row was waited for, or the selected one is gone.
            self._lose()
            self._choose(row.key)
        self._top = self._clamped(self._top)
        self._reveal()

    def _clamped(self, top: int) -> int:
        return max(0, min(top, self._total - self.page_height))

    def _reveal(self) -> None:
        """Move the page, if the cursor is outside of it."""
        height = self.page_height
        if height == 0:
            return
        third = height // 3
        if self._cursor < self._top:
            self._top = self._clamped(self._cursor - third)
        elif self._cursor >= self._top + height:
            self._top = self._clamped(self._cursor - (height - 1 - third))

    def _ask(self) -> None:
        """Ask for rows, if the page is near the edge of the window or beyond it."""
        height = self.page_height
        if height == 0 or self._total == 0:
            return
        first, behind = self.window
        low = max(0, self._top - height)
        high = min(self._total, self._top + 2 * height)
        wanted: tuple[int, int, Direction, int | None] | None = None
        if not self._rows or self._top >= behind + height or self._top + 2 * height <= first:
            anchor = self._key if low <= self._cursor < high else None
            wanted = (low, high, 0, anchor)
        elif min(self._total, self._top + height) > behind or (high > behind and low >= first):
            wanted = (behind, min(self._total, max(high, behind + height)), 1, self._rows[-1].key)
        elif low < first:
            wanted = (max(0, min(low, first - height)), first, -1, self._rows[0].key)
        if wanted is None:
            self._vain = 0
        elif wanted != self._asked:
            self._vain = self._vain + 1 if wanted == self._wanted else 0
            self._asked = self._wanted = wanted
            if self._vain < _VAIN:
                self.post_message(self.NeedRows(self, *wanted))
            elif self._rows:
                # Whoever is asked cannot say what stands there: to the nearest row that is held.
                self._cursor = max(first, min(self._cursor, behind - 1))
                self._lose()
                self._choose(self._rows[self._cursor - first].key)
                self._reveal()
                self._sync()
                self._ask()

    # Drawing

    def body_line(self, y: int, width: int) -> Strip:
        self._lay_out(width)
        y -= self._header
        if y < 0:
            return self._draw(tuple(column.label for column in self._columns), width)
        if self._total == 0:
            return self.strip([(f" {self._empty}" if y == 0 else "", "dim")], width)
        row, selected, exists = self._shown[y] if y < len(self._shown) else (None, False, False)
        if not exists:
            return self.strip("", width)
        key = (row, selected, self.has_focus)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > 8 * max(32, self.page_height):
                self._strips.clear()
            strip = self._strips[key] = self._draw(row, width, selected)
        return strip

    def _draw(self, row: Row | tuple[str, ...] | None, width: int, selected: bool = False) -> Strip:
        if isinstance(row, Row):
            cells, tone, marks = row.cells, row.tone, dict(row.marks)
        else:
            cells, tone, marks = row or (), "dim", {}
        if selected:
            tone, marks = ("cursor" if self.has_focus else "cursor-idle"), {}
        base = self.tone(tone)
        pieces: list[tuple[str, Style]] = [(_CURSOR_SIGN if selected else " ", base)]
        for number, column in enumerate(self._placed):
            index = column.index
            if row is None:
                text = _PLACEHOLDER if number == 0 else ""
            else:
                text = cells[index] if index < len(cells) else ""
            style = self.tone(marks[index]) if index in marks and text else base
            pieces += [
                (" " if number else "", base),
                (fit(text, column.width, column.align), style),
            ]
        # Neighbours of one style are one segment: every change of style costs some forty bytes.
        segments = [
            Segment("".join(text for text, _ in run), style)
            for style, run in groupby(pieces, key=itemgetter(1))
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def _lay_out(self, width: int) -> None:
        if width != self._layout_width:
            self._layout_width = width
            self._strips.clear()
            self._placed = place_columns(self._columns, width - 2 * _GUTTER)

    def _sync(self) -> None:
        """Draw the lines that do not look like what is on the screen."""
        visible: list[_Shown] = []
        for index in range(self._top, self._top + self.page_height):
            exists = index < self._total
            visible.append((self.row_at(index), exists and index == self._cursor, exists))
        before, self._shown = self._shown, visible
        for y, line in enumerate(visible):
            if y >= len(before) or before[y] != line:
                self.repaint(y + self._header)

    # Textual

    def keyboard_changed(self) -> None:
        self.refresh(Region(0, 0, self.size.width, self.body_top))
        if 0 <= (line := self._cursor - self._top) < self.page_height:
            self.repaint(line + self._header)

    def body_resized(self) -> None:
        if self._total:
            self._top = self._clamped(self._top)
            self._reveal()
        self._sync()
        self._ask()

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def on_key(self, event: events.Key) -> None:
        moves = {
            "up": lambda: self.move_by(-1),
            "down": lambda: self.move_by(1),
            "pageup": lambda: self.move_page(-1),
            "pagedown": lambda: self.move_page(1),
            "home": lambda: self.move_to(0),
            "end": lambda: self.move_to(self._total - 1),
        }
        move = moves.get(event.key)
        if move is not None:
            event.stop()
            event.prevent_default()
            move()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        y = offset.y - self.body_top - self._header
        if 0 <= y < self.page_height and self._top + y < self._total:
            self.move_to(self._top + y)

    def _scroll(self, lines: int) -> bool:
        first, behind = self.window
        top = max(first - self.page_height, min(self._top + lines, behind))
        top = self._clamped(top)
        if top == self._top:
            return False
        self._top = top
        self._sync()
        self._ask()
        return True

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        if self._scroll(_WHEEL_LINES):
            event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if self._scroll(-_WHEEL_LINES):
            event.stop()
