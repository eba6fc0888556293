"""Widgets, the one chart: a frozen value in, lines out.

    chart = Chart(id="hours")
    chart.set(Bars("24 h", labels, (("today", counts),)))

Kinds: `Bars` (upright, one or two series), `Lines` (with a band), `HBars` (with label, count and
note), `Heat`. It draws again only when the value, its size or the selection changed; what was
drawn is kept, so that going back to a page or a size costs nothing. Bars and lines with axes are
drawn by plotext (`widgets.plotting`), which is imported when the first of them is drawn; `warm`
imports it before, in a worker's thread.

A chart that `selects` has a cursor: the arrow keys move it while the chart has the keyboard, and
the selected bar or cell is marked by a sign, not by colour alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Unpack

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from widgets.cells import cell_len, fit, printable
from widgets.charts import (
    HEAT_SIGNS,
    Bars,
    ChartValue,
    Drawn,
    HBar,
    HBars,
    Heat,
    Lines,
    exact,
    hbars,
    heat,
    series_signs,
)
from widgets.pane import Line, Pane, PaneOptions

__all__ = ["Bars", "Chart", "ChartValue", "HBar", "HBars", "Heat", "Lines", "draw", "warm"]

Cursor = int | tuple[int, int]

_KEPT: Final = 96
"""Drawn charts that are kept: some pages in two sizes."""


def warm() -> None:
    """Import what draws axes, so that the first chart does not wait for it."""
    from widgets import plotting

    plotting.warm()


@lru_cache(maxsize=_KEPT)
def draw(
    value: ChartValue,
    width: int,
    height: int,
    plain: bool,
    cursor: Cursor | None,
    focused: bool,
    series: int = 0,
) -> Drawn:
    """The lines of a chart without its title.

    Args:
        value: what it shows.
        width: cells.
        height: lines.
        plain: no box lines, blocks or dots: ASCII signs only.
        cursor: the selected bar or cell; None for a chart in which nothing is selected.
        focused: whether the selection is marked.
        series: to which of two upright bars beside each other the selection belongs.

    Returns:
        at most `height` lines, each of at most `width` cells.
    """
    if width <= 0 or height <= 0:
        return Drawn(())
    if isinstance(value, HBars):
        at = cursor if isinstance(cursor, int) else None
        return hbars(value, width, height, plain=plain, cursor=at, focused=focused)
    if isinstance(value, Heat):
        cell = cursor if isinstance(cursor, tuple) else None
        return heat(value, width, height, cursor=cell, focused=focused)
    from widgets import plotting

    if isinstance(value, Lines):
        return Drawn(plotting.lines(value, width, height, plain=plain).lines)
    if not isinstance(cursor, int) or height < 4:
        return Drawn(plotting.bars(value, width, height, plain=plain).lines)
    plot = plotting.bars(value, width, height - 1, plain=plain)
    text = _bar_said(value, cursor, series)
    return Drawn((*plot.lines, _marked(text, plot.columns, width, cursor, focused=focused)))


def _bar_said(value: Bars, cursor: int, series: int) -> str:
    """What a bar stands for."""
    said = value.said[series] if series < len(value.said) else ()
    if cursor < len(said):
        text = said[cursor]
    else:
        label = value.labels[cursor] if cursor < len(value.labels) else str(cursor)
        numbers = " / ".join(
            exact(found[cursor] if cursor < len(found) else None) for _, found in value.series[:2]
        )
        text = f"{label}: {numbers} {value.unit}".rstrip()
    return printable(text)


def _marked(text: str, columns: tuple[int, ...], width: int, cursor: int, *, focused: bool) -> Line:
    """The line below upright bars: "^" under the selected one, and the words."""
    if not focused:
        return ((fit(text, width), "dim"),)
    if cursor >= len(columns):
        return ((fit(f"> {text}", width), "key"),)
    column = columns[cursor]
    if column + 2 + cell_len(text) <= width:
        return ((" " * column, "text"), ("^ ", "key"), (text, "strong"))
    before = max(0, column - cell_len(text) - 1)
    if before + cell_len(text) + 1 <= column:
        return ((" " * before, "text"), (text, "strong"), (" ^", "key"))
    return ((fit(f"> {text}", width), "key"),)


class Chart(Pane):
    """A chart with a title rule.

    Args:
        value: what it shows; None for nothing yet.
        selects: whether bars or cells can be selected and picked.
        options: `id` and `classes` of the widget.
    """

    class Moved(Message):
        """The cursor is on another bar or cell.

        Attributes:
            chart: the chart.
            key: what is said of the bar or cell; see `Picked`.
        """

        def __init__(self, chart: Chart, key: object) -> None:
            super().__init__()
            self.chart = chart
            self.key = key

        @property
        def control(self) -> Chart:
            """The chart, for `on`."""
            return self.chart

    class Picked(Moved):
        """Enter on a bar or cell.

        Attributes:
            key: of a lying bar its key, of an upright one its key or index (with its series
                where two stand beside each other), of a cell (row, column).
        """

    def __init__(
        self,
        value: ChartValue | None = None,
        *,
        selects: bool = False,
        **options: Unpack[PaneOptions],
    ) -> None:
        super().__init__(title=value.title if value is not None else "", **options)
        self.can_focus = selects
        self._selects = selects
        self._value = value
        self._cursor: Cursor | None = None
        self._series = 0
        self._clamp()

    # --- what it shows -----------------------------------------------------------

    @property
    def value(self) -> ChartValue | None:
        """What is shown."""
        return self._value

    def set(self, value: ChartValue) -> None:
        """Show this; nothing is drawn when it is what is shown already."""
        if value == self._value:
            return
        self._value = value
        self._clamp()
        self._entitle()
        self.repaint(0, self.body_height)

    @property
    def cursor(self) -> Cursor | None:
        """The selected bar (index) or cell (row, column); None where nothing can be selected."""
        return self._cursor

    @cursor.setter
    def cursor(self, at: Cursor | None) -> None:
        before, self._cursor = self._cursor, at
        self._clamp()
        if self._cursor != before:
            self._entitle()
            self.repaint(0, self.body_height)

    @property
    def key(self) -> object:
        """What is said of the selected bar or cell; None where nothing is selected."""
        value, at = self._value, self._cursor
        if isinstance(value, HBars) and isinstance(at, int):
            return value.rows[at].key
        if isinstance(value, Bars) and isinstance(at, int):
            key = value.keys[at] if at < len(value.keys) else at
            return (key, self._series) if len(value.series) > 1 else key
        return at

    @property
    def series(self) -> int:
        """Of two upright bars beside each other, which one is selected."""
        return self._series

    def _shape(self) -> tuple[int, int]:
        """Rows and columns among which is selected; no rows for an upright chart of bars."""
        value = self._value
        if isinstance(value, HBars):
            return len(value.rows), 0
        if isinstance(value, Heat):
            return len(value.rows), len(value.columns)
        if isinstance(value, Bars):
            most = max((len(numbers) for _, numbers in value.series), default=0)
            return 0, max(most, len(value.labels))
        return 0, 0

    def _clamp(self) -> None:
        rows, columns = self._shape()
        if not (isinstance(self._value, Bars) and len(self._value.series) > 1):
            self._series = 0
        if not self._selects or not (rows or columns):
            self._cursor = None
            return
        if isinstance(self._value, Heat):
            row, column = self._cursor if isinstance(self._cursor, tuple) else (0, 0)
            found = (max(0, min(row, rows - 1)), max(0, min(column, columns - 1)))
            self._cursor = found if rows and columns else None
            return
        at = self._cursor if isinstance(self._cursor, int) else 0
        self._cursor = max(0, min(at, max(rows, columns) - 1))

    # --- drawing -------------------------------------------------------------------

    def tone(self, name: str) -> Style:
        """A tone; "heat0" to "heat8" are shades from the ground to the accent."""
        if not name.startswith("heat"):
            return super().tone(name)
        style = self._tones.get(name)
        if style is None:
            style = self._tones[name] = self._shade(int(name[4:]) / len(HEAT_SIGNS))
        return style

    def _shade(self, share: float) -> Style:
        base = self.tone("text")
        accent = self.tone("accent").color
        if not share or base.bgcolor is None or accent is None:
            return self.tone("dim") if share else base
        ground, warm_end = base.bgcolor.get_truecolor(), accent.get_truecolor()
        mixed = [round(a + (b - a) * share) for a, b in zip(ground, warm_end, strict=True)]
        red, green, blue = mixed
        bright = 0.299 * red + 0.587 * green + 0.114 * blue
        ink = ColorTriplet(0, 0, 0) if bright > 110 else ColorTriplet(255, 255, 255)
        return base + Style(
            color=Color.from_triplet(ink),
            bgcolor=Color.from_triplet(ColorTriplet(red, green, blue)),
        )

    def body_line(self, y: int, width: int) -> Strip:
        """A line of the chart."""
        lines = self._drawn().lines
        return self.strip(lines[y] if y < len(lines) else "", width)

    def body_resized(self) -> None:
        """Another size: another part of the rows may be in sight."""
        self._entitle()

    def _drawn(self) -> Drawn:
        if self._value is None:
            return Drawn(())
        return draw(
            self._value,
            self.size.width,
            self.body_height,
            self.plain_lines,
            self._cursor,
            self.has_focus,
            self._series,
        )

    def _entitle(self) -> None:
        """The title, with what the signs of the series mean, or which rows are in sight."""
        if self._value is None or not self.is_attached:
            return
        end = ""
        value = self._value
        if isinstance(value, Bars | Lines):
            end = self._legend(value)
        elif value.title and (found := self._drawn()).shown < found.total:
            end = f"{found.first + 1}-{found.first + found.shown}/{found.total}"
        self.set_title(value.title, end)

    def _legend(self, value: Bars | Lines) -> str:
        if len(value.series) < 2:
            return ""
        signs = series_signs(value, plain=self.plain_lines)
        named = zip(signs, (name for name, _ in value.series[:2]), strict=True)
        return "  ".join(f"{sign} {name}" for sign, name in named)

    # --- keys ----------------------------------------------------------------------

    def on_mount(self) -> None:
        """Say the title."""
        self._entitle()

    def on_key(self, event: events.Key) -> None:
        """Arrows, Home and End move the cursor; Enter picks.

        Up and Down go from one to the other of two bars that stand beside each other.
        """
        if self._cursor is None:
            return
        value = self._value
        if isinstance(value, Bars) and len(value.series) > 1 and event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self._series = 1 - self._series
            self.repaint(0, self.body_height)
            self.post_message(self.Moved(self, self.key))
            return
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Picked(self, self.key))
            return
        moved = self._step(event.key)
        if moved is None:
            return
        event.stop()
        event.prevent_default()
        before = self._cursor
        self.cursor = moved
        if self._cursor != before:
            self.post_message(self.Moved(self, self.key))

    def _step(self, key: str) -> Cursor | None:
        """Where a key leads from the cursor; None when it is not the chart's key."""
        rows, columns = self._shape()
        at = self._cursor
        if isinstance(at, tuple):
            row, column = at
            return {
                "up": (row - 1, column),
                "down": (row + 1, column),
                "left": (row, column - 1),
                "right": (row, column + 1),
                "home": (row, 0),
                "end": (row, columns - 1),
            }.get(key)
        if at is None:
            return None
        page = max(1, self.body_height - 1)
        steps = {"home": -at, "end": max(rows, columns)}
        if isinstance(self._value, HBars):
            steps |= {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        else:
            steps |= {"left": -1, "right": 1}
        return at + steps[key] if key in steps else None
