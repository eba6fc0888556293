"""Widgets, the status bar: one line, of which only what changed is drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from widgets.cells import cell_len, fit, fit_both_ends, printable, take
from widgets.pane import Line, Pane, PaneOptions

Part = tuple[str, str]
"""One segment of the bar: text and tone."""


class StatusBar(Pane):
    """One line with segments on the left and on the right.

    The right side is always whole, for it carries the clock; what has no room is cut from the
    left side, visibly.

    Args:
        separator: stands between two segments.
        options: `id` and `classes` of the widget.
    """

    DEFAULT_CSS = """
    StatusBar { height: 1; width: 1fr; background: $panel; }
    """

    def __init__(self, *, separator: str = " | ", **options: Unpack[PaneOptions]) -> None:
        super().__init__(**options)
        self._separator = separator
        self._left: tuple[Part, ...] = ()
        self._both_ends = False
        self._right: tuple[Part, ...] = ()
        self._shown: tuple[Part, ...] = ()

    def set_left(self, parts: Sequence[Part], *, both_ends: bool = False) -> None:
        """Show these segments on the left.

        Args:
            parts: the segments.
            both_ends: the middle of one that has no room gives way, not its end.
        """
        self._left, self._both_ends = tuple(parts), both_ends
        self._sync()

    @property
    def quiet(self) -> bool:
        """Whether nothing stands on the left."""
        return not any(text for text, _tone in self._left)

    def set_right(self, parts: Sequence[Part]) -> None:
        """Show these segments on the right."""
        self._right = tuple(parts)
        self._sync()

    def body_line(self, y: int, width: int) -> Strip:
        if sum(cell_len(text) for text, _ in self._shown) != width:
            # The first frame comes before the first word of our size.
            self._shown = self._laid_out(width)
        return Strip([Segment(text, self.tone(tone)) for text, tone in self._shown], width)

    def written(self, y: int) -> Line:
        """The whole bar."""
        return self._shown

    def body_resized(self) -> None:
        self._shown = self._laid_out(self.size.width)

    def _sync(self) -> None:
        width = self.size.width
        before, self._shown = self._shown, self._laid_out(width)
        if not before:
            self.refresh()
            return
        x = 0
        first, last = width, 0
        old = dict(_placed(before))
        for x, (text, tone) in _placed(self._shown):
            if old.get(x) != (text, tone):
                first, last = min(first, x), max(last, x + cell_len(text))
        if first < last:
            self.refresh(Region(first, 0, last - first, 1))

    def _laid_out(self, width: int) -> tuple[Part, ...]:
        """The whole line as parts that fill exactly `width` cells, none of them empty."""
        if width <= 0:
            return ()
        # A cell of its own keeps the right side apart from a left side that is cut.
        right = [(" " if self._right else "", "text"), *self._joined(self._right)]
        tail = sum(cell_len(text) for text, _ in right)
        while right and tail > width:
            # Even the right side alone is too wide: its beginning gives way.
            text, _ = right.pop(0)
            tail -= cell_len(text)
        room = width - tail
        line: list[Part] = []
        for text, tone in self._joined(self._left):
            size = cell_len(text)
            if size > room and self._both_ends:
                text = fit_both_ends(text, room)
                size = cell_len(text)
            elif size > room:
                cut = fit(text + "  ", room) if room > 1 else take("~", room)
                line.append((cut, tone))
                room -= cell_len(cut)
                break
            line.append((text, tone))
            room -= size
        line.append((" " * room, "text"))
        return tuple((text, tone) for text, tone in (*line, *right) if text)

    def _joined(self, parts: tuple[Part, ...]) -> list[Part]:
        joined: list[Part] = []
        for text, tone in parts:
            text = printable(text)
            if text:
                joined += [(self._separator, "dim"), (text, tone)]
        return joined[1:]


def _placed(parts: tuple[Part, ...]) -> list[tuple[int, Part]]:
    placed: list[tuple[int, Part]] = []
    x = 0
    for part in parts:
        placed.append((x, part))
        x += cell_len(part[0])
    return placed
