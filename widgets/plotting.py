"""Widgets, charts with axes: upright bars and lines, drawn by plotext.

The one module that knows plotext. It is imported when the first chart is drawn: it takes some
tenths of a second, which `warm` can spend in a worker's thread. plotext has one figure, so only
one thread draws at a time; what was drawn is kept by `widgets.chart`.

Bars are given to plotext in cells and not in units: every bar is equally wide then, its top is
drawn to an eighth of a cell, and it is known in which column it stands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import Any, Final

from widgets.cells import cell_len, printable, take
from widgets.charts import (
    BAR_SIGNS,
    BAR_SIGNS_PLAIN,
    LINE_SIGNS,
    LINE_SIGNS_PLAIN,
    Bars,
    Lines,
    Number,
    known,
    short,
)
from widgets.pane import Line, Span
from widgets.spark import spark

_LOCK = Lock()
_BLOCKS: Final = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_CODES: Final = {1: "accent", 2: "dim", 3: "rule", 4: "dim", 5: "bad"}
"""plotext is told numbers for colours, and gives them back: which tone each one means."""

_FIRST, _SECOND, _AXIS, _WORDS, _BELOW = _CODES
_STROKES: Final = str.maketrans(
    {
        "\u2500": "-",
        "\u2502": "|",
        "\u2514": "+",
        "\u2518": "+",
        "\u250c": "+",
        "\u2510": "+",
        "\u2524": "+",
        "\u251c": "+",
        "\u252c": "+",
        "\u2534": "+",
        "\u253c": "+",
    }
)
_ANSI: Final = re.compile(r"\x1b\[([0-9;]*)m")
_FLAT: Final = 3
"""Below so many lines, or so few columns as ten, there is no room for axes."""

BAND: Final = "."


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawn plot.

    Args:
        lines: its lines.
        columns: in which column each bar begins; empty for lines and flat plots.
    """

    lines: tuple[Line, ...]
    columns: tuple[int, ...] = ()


def warm() -> None:
    """Import plotext. A worker's thread may do so before the first chart is wanted."""
    with _LOCK:
        import plotext  # noqa: F401


def top_of(most: float) -> float:
    """The end of the scale: the least of 1, 2, 3, 4, 5, 6, 8, 10 times a power of ten that holds
    `most`."""
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    for step in (1, 2, 3, 4, 5, 6, 8, 10):
        if step * power >= most * (1 - 1e-12):
            return step * power
    return 10 * power


def _ticks(top: float, bottom: float, rows: int) -> dict[float, str]:
    """Where the scale is labelled: its ends, zero, and its middle when there is room."""
    at = [bottom, top] if bottom < 0 else [0.0, top]
    if bottom < 0:
        at.append(0.0)
    elif rows >= 6 and (top >= 10 or top % 2 == 0):
        at.append(top / 2)
    return {value: short(value) for value in at}


def _spread_labels(
    labels: Sequence[str], columns: Sequence[int], width: int
) -> list[tuple[int, str]]:
    """The labels that fit below their columns, in even steps."""
    if not labels:
        return []
    named = [printable(label) for label in labels[: len(columns)]]
    for step in (1, 2, 3, 4, 6, 12, 24, 48, 96):
        chosen = [(columns[n], named[n]) for n in range(0, len(named), step) if named[n]]
        chosen = [(x, text) for x, text in chosen if x + cell_len(text) <= width]
        if all(x + cell_len(text) < then for (x, text), (then, _) in pairwise(chosen)):
            return chosen
    return [(columns[0], take(named[0], width))]


def bars(value: Bars, width: int, height: int, *, plain: bool) -> Plot:
    """Upright bars with their axes in exactly `width` times `height` cells."""
    series = [tuple(map(known, numbers)) for _name, numbers in value.series[:2]]
    count = max((len(numbers) for numbers in series), default=0)
    count = max(count, len(value.labels))
    most = max((n for numbers in series for n in numbers if n is not None), default=0)
    top = top_of(most)
    if height < _FLAT or width < 10 or not count:
        return _flat(series[0] if series else (), width, height, plain=plain)
    axis = height >= 7
    rows = height - 1 - axis
    ticks = _ticks(top, 0, rows)
    margin = max(map(len, ticks.values())) + 1
    room = width - margin
    if room < 6:
        return _flat(series[0] if series else (), width, height, plain=plain)
    if count > room:
        series = [_joined(numbers, count, room) for numbers in series]
        named = [*value.labels, *[""] * (count - len(value.labels))]
        labels = [named[n * count // room] for n in range(room)]
        owner = [n * room // count for n in range(count)]
        drawn = room
    else:
        labels, owner, drawn = list(value.labels), list(range(count)), count
    step = max(1, min(9, room // drawn))
    both = len(series) == 2 and step >= 2
    thick = (step - (step >= 3)) // 2 if both else max(1, step - (step >= 2))
    columns = [n * step for n in range(drawn)]
    signs = BAR_SIGNS_PLAIN if plain else BAR_SIGNS
    body: list[tuple[int, int, str, int]] = []
    for which, numbers in enumerate(series[: 2 if both else 1]):
        for n, number in enumerate(numbers):
            if number is None:
                continue
            for column in range(n * step + which * thick, n * step + (which + 1) * thick):
                body += _upright(number / top, column, rows, which, signs, plain=plain)
    inked = _plotted(
        room,
        rows,
        body,
        {(rows - 1) * at / top if rows > 1 else 0: text for at, text in ticks.items()},
        _spread_labels(labels, columns, room),
        axis=axis,
    )
    lines = _tidy(inked, width, height, plain=plain)
    return Plot(lines, tuple(margin + columns[at] for at in owner))


def _upright(
    share: float, column: int, rows: int, which: int, signs: Sequence[str], *, plain: bool
) -> list[tuple[int, int, str, int]]:
    """The cells of one column of a bar: column, row from below, sign, colour."""
    colour = _SECOND if which else _FIRST
    if share < 0:
        return [(column, 0, "-", _BELOW)]
    if plain or which:
        high = round(share * rows)
        cells = [(column, row, signs[which], colour) for row in range(high)]
        return cells or ([(column, 0, "." if which else "_", colour)] if share else [])
    whole, part = divmod(round(share * rows * 8) or bool(share), 8)
    cells = [(column, row, signs[0], colour) for row in range(whole)]
    return [*cells, (column, whole, _BLOCKS[part], colour)] if part else cells


def _joined(numbers: Sequence[Number], count: int, room: int) -> tuple[Number, ...]:
    """As many values as there is room for, each the greatest of those it stands for."""
    full = [*numbers, *[None] * (count - len(numbers))]
    groups = [full[n * count // room : (n + 1) * count // room] for n in range(room)]
    return tuple(max((n for n in group if n is not None), default=None) for group in groups)


def lines(value: Lines, width: int, height: int, *, plain: bool) -> Plot:
    """Lines and their band with axes in exactly `width` times `height` cells."""
    series = [tuple(map(known, numbers)) for _name, numbers in value.series[:2]]
    low, high = tuple(map(known, value.low)), tuple(map(known, value.high))
    every = [n for numbers in (*series, low, high) for n in numbers if n is not None]
    count = max([len(numbers) for numbers in series] + [len(value.labels), len(low), len(high)])
    if height < _FLAT or width < 10 or not count:
        return _flat(series[0] if series else (), width, height, plain=plain)
    top, least = top_of(max(every, default=0)), min(every, default=0)
    bottom = -top_of(-least) if least < 0 else 0.0
    axis = height >= 7
    rows = height - 1 - axis
    ticks = _ticks(top, bottom, rows)
    margin = max(map(len, ticks.values())) + 1
    room = width - margin
    if room < 6:
        return _flat(series[0] if series else (), width, height, plain=plain)
    span = top - bottom
    columns = [round(n * (room - 1) / max(1, count - 1)) for n in range(count)]

    def row(number: float) -> float:
        return (number - bottom) / span * (rows - 1)

    band = [
        (column, at, BAND, _SECOND)
        for column in range(room)
        if (edges := _between(low, high, column * (count - 1) / max(1, room - 1))) is not None
        for at in range(max(0, math.ceil(row(edges[0]) - 0.5)), math.floor(row(edges[1]) + 0.5) + 1)
    ]
    marks = LINE_SIGNS_PLAIN if plain else ("braille", LINE_SIGNS[1])
    strokes = [
        (
            marks[which],
            _SECOND if which else _FIRST,
            [
                None if number is None else (columns[n], row(number))
                for n, number in enumerate(numbers)
            ],
        )
        for which, numbers in reversed(list(enumerate(series)))
    ]
    inked = _plotted(
        room,
        rows,
        band,
        {row(at): text for at, text in ticks.items()},
        _spread_labels(value.labels, columns, room),
        axis=axis,
        strokes=strokes,
    )
    return Plot(_tidy(inked, width, height, plain=plain))


def _between(
    low: Sequence[Number], high: Sequence[Number], at: float
) -> tuple[float, float] | None:
    """Both edges of the band at a point between two values; None where one is not known."""
    found = []
    for edge in (low, high):
        left, right = int(at), min(math.ceil(at), len(edge) - 1)
        if left >= len(edge):
            return None
        a, b = edge[left], edge[right]
        if a is None or b is None:
            return None
        found.append(a + (b - a) * (at - left))
    return (found[0], found[1]) if found[1] >= found[0] else None


def _flat(numbers: Sequence[Number], width: int, height: int, *, plain: bool) -> Plot:
    """A spark line at the foot, where there is no room for more."""
    if height <= 0 or width <= 0:
        return Plot(())
    # A spark line draws counts; scaled so that a fraction is seen, too.
    most = max((n for n in numbers if n is not None), default=0)
    scale = 800 / most if most > 0 else 0
    counts = [None if n is None else max(0, math.ceil(n * scale)) for n in numbers]
    drawn: list[Line] = [((" " * width, "text"),)] * (height - 1)
    drawn.append(((spark(counts, width, plain=plain), "accent"),))
    return Plot(tuple(drawn))


# --- plotext -----------------------------------------------------------------------------


def _plotted(
    room: int,
    rows: int,
    cells: Sequence[tuple[int, int, str, int]],
    y_ticks: dict[float, str],
    x_labels: Sequence[tuple[int, str]],
    *,
    axis: bool,
    strokes: Sequence[tuple[str, int, Sequence[tuple[float, float] | None]]] = (),
) -> str:
    """Have plotext draw single cells, lines and axes; what comes back is its text with colours."""
    margin = max(map(len, y_ticks.values())) + 1
    with _LOCK:
        import plotext

        figure: Any = plotext.figure
        figure.clear.all()
        figure.plot_size(room + margin, rows + bool(x_labels) + axis)
        figure.axes(True, pixel=_AXIS)
        figure.axes(False, axis=0, side=1)
        figure.axes(False, axis=1, side=1)
        if not axis:
            figure.axes(False, axis=0, side=0)
        across, up = figure.ruler(0, 0), figure.ruler(1, 0)
        across.lim(0, room - 1)
        up.lim(0, max(1, rows - 1))
        across.pixel(_WORDS)
        up.pixel(_WORDS)
        up.ticks(list(y_ticks), list(y_ticks.values()))
        if x_labels:
            across.ticks([at for at, _ in x_labels], [text for _, text in x_labels])
        else:
            across.frequency(0)
        by_sign: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
        for column, row, sign, colour in cells:
            xs, ys = by_sign.setdefault((sign, colour), ([], []))
            xs.append(column)
            ys.append(row)
        for (sign, colour), (xs, ys) in by_sign.items():
            points = figure.signal(xs, ys, marker=plotext.marker(sign, pixel=colour))
            points.lines(False)
            figure.draw(points)
        for sign, colour, path in strokes:
            for part in _unbroken(path):
                stroke = figure.signal(
                    [x for x, _ in part],
                    [y for _, y in part],
                    marker=plotext.marker(sign, pixel=colour),
                )
                stroke.lines(sign != LINE_SIGNS[1])
                figure.draw(stroke)
        drawn = str(figure.build().string())
        figure.clear.all()
    return drawn


def _unbroken(
    path: Sequence[tuple[float, float] | None],
) -> list[list[tuple[float, float]]]:
    """The stretches of a line without a gap."""
    parts: list[list[tuple[float, float]]] = [[]]
    for point in path:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(point)
    return [part for part in parts if part]


def _tidy(drawn: str, width: int, height: int, *, plain: bool) -> tuple[Line, ...]:
    """What plotext drew as spans in our tones: `height` lines of `width` cells."""
    made: list[Line] = []
    for text in drawn.split("\n")[:height]:
        if plain:
            text = text.translate(_STROKES)
        spans: list[Span] = []
        tone, at, left = "text", 0, width
        for match in [*_ANSI.finditer(text), None]:
            piece = take(text[at : match.start() if match else len(text)], left)
            if piece:
                spans.append((piece, tone))
                left -= cell_len(piece)
            if match is not None:
                at = match.end()
                tone = _tone(match.group(1), tone)
        if left:
            spans.append((" " * left, "text"))
        made.append(tuple(spans))
    return (*made, *[((" " * width, "text"),)] * (height - len(made)))


def _tone(codes: str, tone: str) -> str:
    """The tone after an escape sequence: 0 ends one, 38;5;n begins one, grounds are not kept."""
    if codes in ("", "0"):
        return "text"
    parts = codes.split(";")
    if parts[:2] == ["38", "5"] and len(parts) == 3:
        return _CODES.get(int(parts[2]), "text")
    return tone
