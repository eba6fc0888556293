"""Widgets, the last step to the terminal: send only the cells that look different.

Textual sends, for every dirty line, everything from the left edge of the widget to the end of the
dirty region, and the whole screen after every change of layout. Over a slow line that is most of
what is sent. `LeanApp` remembers what the terminal shows, cell by cell, and of each update sends
only the runs of cells that differ. What the officer sees is the same.

Text is drawn as it comes from the widgets, which clean it. Hyperlinks (OSC 8) are not sent: the
product draws none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from textual import events, on
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen
from textual.strip import Strip

Result = TypeVar("Result")

Cell = tuple[str, str]
"""What one cell shows: its character and its SGR codes. The right half of a wide character is an
empty character."""

_UNKNOWN: Cell = ("", "?")
"""A cell of which nothing is known; equal to no cell that is drawn."""

_BRIDGE = 6
"""Equal cells between two changed ones that are sent along: cheaper than moving the cursor."""


class Painted:
    """What the terminal shows."""

    def __init__(self) -> None:
        self._lines: list[list[Cell]] = []
        self._width = 0

    def forget(self) -> None:
        """Nothing is known any more: the next update is sent whole."""
        self._lines = []

    def differences(self, update: LayoutUpdate | ChopsUpdate, console: Console) -> str:
        """The terminal sequences that bring the terminal up to date."""
        colors = console._color_system or ColorSystem.TRUECOLOR
        out: list[str] = []
        sgr = ""
        self._resize(*_size(update))
        for y, x, strip in _strips(update):
            if any(segment.control for segment in strip):
                # An image: raw sequences whose cells we do not know afterwards.
                out.append(f"\x1b[0m\x1b[{y + 1};{x + 1}H{strip.render(console)}")
                sgr = ""
                self._put(y, x, [_UNKNOWN] * min(strip.cell_length, self._width - x))
                continue
            cells = _clipped(_cells(strip, colors), self._width - x)
            for start, end in self._put(y, x, cells):
                out.append(f"\x1b[{y + 1};{x + start + 1}H")
                for character, codes in cells[start:end]:
                    if codes != sgr:
                        out.append(f"\x1b[0;{codes}m" if codes else "\x1b[0m")
                        sgr = codes
                    out.append(character)
        if sgr:
            out.append("\x1b[0m")
        return "".join(out)

    def _resize(self, width: int, height: int) -> None:
        """Make room for a screen of this size; another size than before is another screen."""
        if (width, height) != (self._width, len(self._lines)):
            self._width = width
            self._lines = [[_UNKNOWN] * width for _ in range(height)]

    def _put(self, y: int, x: int, cells: list[Cell]) -> Iterator[tuple[int, int]]:
        """Remember the cells; return the runs that differ from what was there."""
        line = self._lines[y]
        before = line[x : x + len(cells)]
        line[x : x + len(cells)] = cells
        return iter(()) if before == cells else _runs(before, cells)


def _clipped(cells: list[Cell], width: int) -> list[Cell]:
    """The cells that lie on the screen; while it is resized a strip may be too long for it."""
    if len(cells) <= width:
        return cells
    clipped = cells[: max(0, width)]
    if clipped and not cells[len(clipped)][0]:
        clipped[-1] = (" ", clipped[-1][1])
    return clipped


def _runs(before: list[Cell], after: list[Cell]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if start < 0:
            start = place
        elif place - end > _BRIDGE:
            yield start, end
            start = place
        # Half a wide character cannot be sent.
        while start and not after[start][0]:
            start -= 1
        end = place + 1
    if start >= 0:
        # A run that ends on the left half of a wide character draws its right half too.
        yield start, end


def _cells(strip: Strip, colors: ColorSystem) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, _ in strip:
        codes = "" if style is None else Strip.render_ansi(style, colors)
        if text.isascii():
            cells += [(character, codes) for character in text]
            continue
        for character in text:
            width = cell_len(character)
            if width:
                cells.append((character, codes))
                cells += [("", codes)] * (width - 1)
            elif cells:
                # A combining mark belongs to the character before it.
                place = -1 if cells[-1][0] or len(cells) < 2 else -2
                cells[place] = (cells[place][0] + character, cells[place][1])
    return cells


def _size(update: LayoutUpdate | ChopsUpdate) -> tuple[int, int]:
    if isinstance(update, LayoutUpdate):
        return update.region.right, update.region.bottom
    return update.chop_ends[0][-1], len(update.chops)


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The strips of an update with their line and column."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield from _side_by_side(y, update.region.x, strips)
        return
    for y, x1, x2 in update.spans:
        for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if chop is not None and x < x2 and end > x1:
                yield y, x, chop


def _side_by_side(y: int, x: int, strips: Iterable[Strip]) -> Iterator[tuple[int, int, Strip]]:
    for strip in strips:
        yield y, x, strip
        x += strip.cell_length


class _Differences(CompositorUpdate):
    """An update that is worked out at the moment when it is sent."""

    def __init__(self, painted: Painted, update: LayoutUpdate | ChopsUpdate) -> None:
        self.painted = painted
        self.update = update

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        return self.update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        return self.painted.differences(self.update, console)


class LeanApp(App[Result]):
    """An app that sends as few bytes as it can."""

    _painted: Painted | None = None

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice; where keys come from a terminal, read with care."""
        found = super().get_driver_class()
        if found.__module__ != "textual.drivers.linux_driver":
            return found  # no terminal, or none that this reads
        from widgets.driver import CarefulDriver

        return CarefulDriver

    def leave_by(self, code: int) -> None:
        """Leave because a signal, or a terminal that is gone, says so.

        Args:
            code: the exit code.
        """
        self.exit(return_code=code)

    def redraw(self) -> None:
        """Draw the whole screen again, whatever the terminal is believed to show."""
        self._known().forget()
        self.refresh(layout=True)

    @on(events.Resize)
    def _terminal_resized(self) -> None:
        # A terminal that is resized may have moved or cut what it showed.
        self._known().forget()

    def _known(self) -> Painted:
        if self._painted is None:
            self._painted = Painted()
            # After a suspension (Ctrl+Z, a shell) the terminal shows something else.
            self.app_resume_signal.subscribe(self, lambda _: self.redraw(), immediate=True)
        return self._painted

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            renderable = _Differences(self._known(), renderable)
        super()._display(screen, renderable)
