"""Widgets, charts as values: what a chart says, and the kinds that are drawn line by line.

Values are frozen, so that what was drawn for one can be kept. A number that is not finite is
unknown, and unknown is drawn as nothing. `widgets.chart` is the widget, `widgets.plotting` draws
what has axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from widgets.cells import cell_len, fit, printable
from widgets.pane import Line, Span

Number = float | None
"""A value; None where nothing is known."""

HEAT_SIGNS: Final = ".:-=+*#@"
"""Signs of a heat map, the least first; a value of zero is a blank."""

_EIGHTHS: Final = "\u258f\u258e\u258d\u258c\u258b\u258a\u2589\u2588"


@dataclass(frozen=True, slots=True)
class Bars:
    """Upright bars, one or two series beside each other.

    Args:
        title: for the title rule.
        labels: what stands below the bars; as many as there is room for are drawn.
        series: name and values of each series; values that are missing at the end are unknown.
            What is drawn of more than two series is the first two.
        unit: stands behind the value of the selected bar.
        keys: what is said of a bar that is picked, bar by bar; its index when there are none.
        said: words for the selected bar, series by series; label and values when there are none.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[Number, ...]], ...]
    unit: str = ""
    keys: tuple[object, ...] = ()
    said: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines from left to right, with a band between a low and a high line.

    Args:
        title: for the title rule.
        labels: what stands below the points; as many as there is room for are drawn.
        series: name and values of each series; what is drawn of more than two is the first two.
        low: lower edge of the band; empty for none.
        high: upper edge of the band; empty for none.
        unit: of the values.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[Number, ...]], ...]
    low: tuple[Number, ...] = ()
    high: tuple[Number, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class HBar:
    """One bar that lies.

    Args:
        key: what is said of it when it is picked.
        label: its name.
        count: its length; a negative one is drawn with "-".
        note: words behind the count.
        tone: tone of the bar.
    """

    key: object
    label: str
    count: Number
    note: str = ""
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class HBars:
    """Bars that lie, with a label, a count and a note each.

    Args:
        title: for the title rule.
        rows: the bars.
        tall: bars take the height that there is, to be read from afar.
    """

    title: str
    rows: tuple[HBar, ...]
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map.

    Args:
        title: for the title rule.
        rows: labels of the rows.
        columns: labels of the columns.
        values: row by row; what is missing is unknown.
        unit: stands behind the value of the selected cell.
        said: words for the selected cell, row by row; labels and value when there are none.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[Number, ...], ...]
    unit: str = ""
    said: tuple[tuple[str, ...], ...] = ()

    def at(self, row: int, column: int) -> Number:
        """The value of a cell; None where nothing is known."""
        if row >= len(self.values) or column >= len(self.values[row]):
            return None
        return known(self.values[row][column])

    def words(self, row: int, column: int) -> str:
        """What is said of a cell."""
        if row < len(self.said) and column < len(self.said[row]):
            return self.said[row][column]
        text = f"{self.rows[row]} {self.columns[column]}: {exact(self.at(row, column))}"
        return f"{text} {self.unit}".rstrip()


ChartValue = Bars | Lines | HBars | Heat

TALLEST: Final = 3
"""Lines of a tall bar, with the empty one below it."""

BAR_SIGNS: Final = ("\u2588", "\u2591")
LINE_SIGNS: Final = ("\u28d2", "o")
BAR_SIGNS_PLAIN: Final = ("#", ":")
LINE_SIGNS_PLAIN: Final = ("*", "o")


def series_signs(value: Bars | Lines, *, plain: bool) -> tuple[str, ...]:
    """The sign that each series is drawn with."""
    if isinstance(value, Bars):
        signs = BAR_SIGNS_PLAIN if plain else BAR_SIGNS
    else:
        signs = LINE_SIGNS_PLAIN if plain else LINE_SIGNS
    return signs[: len(value.series)]


MOST: Final = 1e100
"""Beyond it, and below one of it, a number is none that anybody counts: sums and shares of such
numbers are not finite any more."""


def known(value: Number) -> Number:
    """The value; None when it is no number, or greater than anything is; 0 when it is too small."""
    if value is None or not -MOST <= value <= MOST:
        return None
    return value if abs(value) >= 1 / MOST else 0


def exact(value: Number) -> str:
    """A value in full: whole numbers with commas, others to two decimals; "-" for unknown."""
    value = known(value)
    if value is None:
        return "-"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}"


def short(value: float) -> str:
    """A value in at most six characters: 950, 1.2k, 34M, 1e+20."""
    size = abs(value)
    if size < 1_000:
        return f"{value:.4g}"
    for limit, divisor, letter in ((1e6, 1e3, "k"), (1e9, 1e6, "M"), (1e12, 1e9, "G")):
        if size < limit:
            part = value / divisor
            return (
                f"{part:.1f}{letter}"
                if abs(part) < 10 and part != int(part)
                else (f"{int(part)}{letter}")
            )
    return f"{value:.0e}"


def count_text(value: Number, room: int) -> str:
    """A value in full where there is room for it, else short."""
    full = exact(value)
    if len(full) <= room or value is None or known(value) is None:
        return full
    return short(value)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn of a chart.

    Args:
        lines: its lines, each as spans.
        first: the first row that is shown, of a kind that has rows.
        shown: how many rows are shown.
        total: how many rows there are.
    """

    lines: tuple[Line, ...]
    first: int = 0
    shown: int = 0
    total: int = 0


def scrolled(total: int, height: int, cursor: int | None) -> int:
    """The first of `total` rows to show in `height` lines, so that the cursor is in sight."""
    if total <= height or cursor is None:
        return 0
    return max(0, min(cursor - height // 2, total - height))


def hbars(
    value: HBars, width: int, height: int, *, plain: bool, cursor: int | None, focused: bool
) -> Drawn:
    """Bars that lie: a mark, the label, the bar, the count and the note, each in its column."""
    total = len(value.rows)
    first = scrolled(total, height, cursor)
    rows = value.rows[first : first + max(0, height)]
    counts = [count_text(row.count, max(4, width // 4)) for row in rows]
    mark = 2 if cursor is not None and width > 8 else 0
    label = min(
        max((cell_len(printable(row.label)) for row in value.rows), default=0),
        max(0, (width - mark) * 2 // 5),
    )
    count = max((len(text) for text in counts), default=0)
    note = max((cell_len(printable(row.note)) for row in value.rows), default=0)
    if note and width - mark - label - count - note - 3 < max(6, width // 5):
        note = 0
    bar = width - mark - label - count - (note + 1 if note else 0) - 2
    bar = bar if bar >= 3 else 0
    longest = max((abs(row.count or 0) for row in value.rows if known(row.count)), default=0)
    lines: list[Line] = []
    for number, (row, text) in enumerate(zip(rows, counts, strict=True), start=first):
        selected = number == cursor and focused
        tone = "cursor" if selected else "text"
        spans: list[Span] = []
        if mark:
            spans.append(("> " if selected else "  ", tone))
        spans.append((fit(row.label, label), tone))
        if bar:
            spans += [(" ", "text"), (_lying(row.count, longest, bar, plain=plain), row.tone)]
        left = width - mark - label - (bar + 1 if bar else 0)
        spans.append((fit(f" {text.rjust(count)}", min(left, count + 1)), "strong"))
        if note:
            spans += [(" ", "text"), (fit(row.note, note), "dim")]
        lines.append(tuple(spans))
        if value.tall and bar:
            blank: Span = (" " * (mark + label + 1), "text")
            body: Line = (blank, (_lying(row.count, longest, bar, plain=plain), row.tone))
            lines += _below(body, min(TALLEST, height // max(1, total)))
    return Drawn(tuple(lines), first, len(rows), total)


def _below(body: Line, tall: int) -> list[Line]:
    """The lines below the first of a tall bar: more of it, and one that parts it from the next."""
    return [body] * (tall - 2) + [()] * (tall > 1)


def _lying(value: Number, longest: float, width: int, *, plain: bool) -> str:
    value = known(value)
    if not value or not longest:
        return " " * width
    share = abs(value) / longest
    if value < 0:
        return ("-" * max(1, round(share * width))).ljust(width)
    if plain:
        return ("#" * max(1, round(share * width))).ljust(width)
    whole, part = divmod(max(1, round(share * width * 8)), 8)
    return (_EIGHTHS[7] * whole + (_EIGHTHS[part - 1] if part else "")).ljust(width)


def heat(
    value: Heat,
    width: int,
    height: int,
    *,
    cursor: tuple[int, int] | None,
    focused: bool,
) -> Drawn:
    """A heat map: a row a line, a column one to four cells; columns are joined where there is
    not room for each. The last line says what the selected cell holds."""
    rows, columns = len(value.rows), len(value.columns)
    if not rows or not columns or width <= 0 or height <= 0:
        return Drawn((), 0, 0, rows)
    label = min(max(cell_len(printable(text)) for text in value.rows), max(0, width // 4))
    mark = 1 if width >= 12 else 0
    room = width - mark - label - (1 if label else 0)
    groups, cell = _grouped(columns, room)
    said = 1 if cursor is not None and height >= 3 else 0
    head = 1 if height - said >= 2 else 0
    body = height - head - said
    first = scrolled(rows, body, cursor[0] if cursor is not None else 0)
    shown = range(first, min(rows, first + body))
    sums = [[_joined(value, row, group) for group in groups] for row in range(rows)]
    most = max((n for line in sums for n in line if n is not None), default=0)
    lines: list[Line] = []
    selected = cursor if focused else None
    if head:
        lines.append(_head(value, groups, cell, mark + label + (1 if label else 0), selected))
    for row in shown:
        here = selected is not None and selected[0] == row
        spans: list[Span] = []
        if mark:
            spans.append((">" if here else " ", "key"))
        if label:
            spans.append((fit(value.rows[row], label) + " ", "strong" if here else "dim"))
        for group, n in zip(groups, sums[row], strict=True):
            level = heat_level(n, most)
            sign = "?" if n is None else (" " + HEAT_SIGNS)[level]
            if here and selected is not None and selected[1] in group:
                text = fit(f"[{sign}]" if cell >= 3 else f">{sign}", cell) if cell > 1 else ">"
                spans.append((text, "cursor"))
            else:
                spans.append((sign * cell, f"heat{level}"))
        lines.append(tuple(spans))
    if said and cursor is not None:
        row, column = min(cursor[0], rows - 1), min(cursor[1], columns - 1)
        lines.append(((fit(value.words(row, column), width), "text"),))
    return Drawn(tuple(lines), first, len(shown), rows)


def heat_level(value: Number, most: float) -> int:
    """How warm a value is: 0 for nothing, up to `len(HEAT_SIGNS)` for the most there is."""
    if value is None or value <= 0 or most <= 0:
        return 0
    return min(len(HEAT_SIGNS), max(1, math.ceil(value / most * len(HEAT_SIGNS))))


def _grouped(columns: int, room: int) -> tuple[list[range], int]:
    """The columns that are drawn as one, and the cells that each of those takes."""
    size = 1
    while size < columns and -(-columns // size) > max(1, room):
        size += 1
        while size < columns and columns % size:
            size += 1
    groups = [range(at, min(columns, at + size)) for at in range(0, columns, size)]
    groups = groups[: max(0, room)]
    return groups, max(1, min(4, room // len(groups))) if groups else 0


def _joined(value: Heat, row: int, group: Sequence[int]) -> Number:
    found = [n for n in (value.at(row, column) for column in group) if n is not None]
    return sum(found) if found else None


def _head(
    value: Heat, groups: list[range], cell: int, indent: int, selected: tuple[int, int] | None
) -> Line:
    """The labels of the columns, as many as fit; the selected one is marked by "v"."""
    text = " " * indent
    for at, group in enumerate(groups):
        column = indent + at * cell
        if selected is not None and selected[1] in group:
            used = cell_len(text)
            if used <= column:
                text += " " * (column - used) + "v"
            continue
        label = printable(value.columns[group[0]])
        used = cell_len(text)
        if used <= column and (used == indent or used < column or cell > cell_len(label)):
            ahead = selected is not None and any(
                selected[1] in other and indent + later * cell < column + cell_len(label) + 1
                for later, other in enumerate(groups[at + 1 :], start=at + 1)
            )
            fits = column + cell_len(label) <= indent + len(groups) * cell
            if fits and not ahead:
                text += " " * (column - used) + label
    return ((text, "dim"),)
