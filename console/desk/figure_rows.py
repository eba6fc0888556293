"""The figures of a window as flat rows: for a spreadsheet, or for who counts on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from console.desk.desk import Desk
from console.domain.figures import FIELDS, INTERVALS, spread
from console.domain.rollup import Tallied
from console.store import rollups

Row = tuple[str | int | None, ...]
"""Field, what is counted by, its value; how many; six sums; three percentiles."""

NO_SUMS = (None,) * 6
NO_TIMES = (None,) * 3


def figure_rows(desk: Desk, first: date | None, last: date | None) -> Iterator[Row]:
    """Every cell of the rollups of a window, and every interval that was measured.

    The hours of the week are told as hours of the day and as days of the week.

    Args:
        desk: where.
        first: the first day, None for no beginning.
        last: the last day, included; None for no end.
    """
    with desk.store.read() as tx:
        found = rollups.window(tx, first or date.min, last or date.max)
    for field in FIELDS:
        yield from _cells(found, field)
        for one in INTERVALS:
            at = spread(found.histograms.get((field, one.name), {}), one.edges)
            if at.n:
                times = (at.p50_s, at.p90_s, at.p99_s)
                yield field, "interval", one.name, at.n, *NO_SUMS, *times


def _cells(found: Tallied, field: str) -> Iterator[Row]:
    told = Tallied()
    for (of, dim, key), cell in found.cells.items():
        if of != field:
            continue
        if dim == "hour":
            day, hour = divmod(int(key), 24)
            told.add((field, "hour", f"{hour:02d}"), cell)
            told.add((field, "weekday", str(day + 1)), cell)
        else:
            told.add((field, dim, key), cell)
    for (_field, dim, key), cell in sorted(told.cells.items()):
        yield field, dim, _key(dim, key), *cell, *NO_TIMES


def _key(dim: str, key: str) -> str:
    """An hour as the figures write it, without a nought in front."""
    return str(int(key)) if dim == "hour" else key
