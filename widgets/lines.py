"""Widgets, a list of lines: details, timelines, hints, help.

`LinesView` is given its lines whole and draws again only those that differ from what is on the
screen. It can be scrolled when it is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from textual import events
from textual.strip import Strip

from widgets.pane import Line, Pane, PaneOptions

_WHEEL_LINES = 3


def _frozen(line: Line) -> Line:
    return line if isinstance(line, str) else tuple(line)


class LinesView(Pane):
    """Lines of text in tones.

    Args:
        title: text of the title rule; empty for none.
        scrolls: whether the officer can focus it and scroll it (Up, Down, PageUp, PageDown, Home,
            End, wheel).
        options: `id` and `classes` of the widget.
    """

    def __init__(
        self,
        *,
        title: str = "",
        scrolls: bool = False,
        **options: Unpack[PaneOptions],
    ) -> None:
        super().__init__(title=title, **options)
        self.can_focus = scrolls
        self._scrolls = scrolls
        self._lines: tuple[Line, ...] = ()
        self._top = 0
        self._shown: list[Line | None] = []

    @property
    def lines(self) -> tuple[Line, ...]:
        """What was set last."""
        return self._lines

    @property
    def top(self) -> int:
        """Index of the line that is drawn first."""
        return self._top

    def set_lines(self, lines: Sequence[Line], *, keep_top: bool = True) -> None:
        """Show these lines.

        Args:
            lines: each a plain string, or spans of (text, tone).
            keep_top: stay where the officer has scrolled to, as far as there are lines.
        """
        self._lines = tuple(map(_frozen, lines))
        self._top = self._clamped(self._top if keep_top else 0)
        self._sync()

    def scroll_lines(self, count: int) -> bool:
        """Scroll down by so many lines (up, if negative); tells whether anything moved."""
        top = self._clamped(self._top + count)
        if top == self._top:
            return False
        self._top = top
        self._sync()
        return True

    def body_line(self, y: int, width: int) -> Strip:
        line = self._shown[y] if y < len(self._shown) else None
        return self.strip("" if line is None else line, width)

    def written(self, y: int) -> Line:
        """The line that stands there."""
        return (self._shown[y] or "") if 0 <= y < len(self._shown) else ""

    def body_resized(self) -> None:
        self._top = self._clamped(self._top)
        self._sync()

    def _clamped(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - max(1, self.body_height)))

    def _sync(self) -> None:
        """Draw the lines that are not yet on the screen."""
        height = self.body_height
        visible: list[Line | None] = list(self._lines[self._top : self._top + height])
        visible += [None] * (height - len(visible))
        before, self._shown = self._shown, visible
        for y, line in enumerate(visible):
            if y >= len(before) or before[y] != line:
                self.repaint(y)

    def on_key(self, event: events.Key) -> None:
        page = max(1, self.body_height - 1)
        steps = {
            "up": -1,
            "down": 1,
            "pageup": -page,
            "pagedown": page,
            "home": -len(self._lines),
            "end": len(self._lines),
        }
        if self._scrolls and event.key in steps:
            event.stop()
            event.prevent_default()
            self.scroll_lines(steps[event.key])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        if self._scrolls and self.scroll_lines(_WHEEL_LINES):
            event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if self._scrolls and self.scroll_lines(-_WHEEL_LINES):
            event.stop()
