"""Figures from the store: counts, sums, and intervals as one-second histograms."""

from __future__ import annotations

from collections import Counter
from datetime import date

from console.domain.clock import Instant
from console.domain.figures import (
    INTERVALS,
    By,
    Figures,
    change_percent,
    spread,
)
from console.domain.panels import Window
from console.domain.rollup import Tallied
from console.store import rollups
from console.store.engine import Tx
from console.store.panels import Reader

_BY_COUNT = ("town", "category", "severity", "class")
"""What is shown with the most frequent first."""


def figures(
    tx: Tx,
    first: date | None = None,
    last: date | None = None,
    by: By | None = None,
    field: str = "all",
    now: Instant | None = None,
) -> Figures:
    """The figures of a window of whole days in the center's zone.

    An incident belongs to the day on which it was received. One that was merged into
    another does not count again; what its units did does.

    Args:
        tx: a transaction.
        first: the first day, None for no beginning.
        last: the last day, included; None for no end.
        by: what to count by besides.
        field: ``fire``, ``traffic``, ``fraud``, ``other`` or ``all``.
        now: the moment (ms UTC) up to whose time of day last year's are held against days that
            still run; None holds whole days against them.
    """
    begin, end = first or date.min, last or date.max
    dims = ["all"] + ([_dim(by)] if by in (*_BY_COUNT, "hour", "weekday") else [])
    found = rollups.window(tx, begin, end, field=field, dims=dims)
    yoy, whole = _year_on_year(tx, first, last, field, found.count(field, "all"), now)
    return Figures(
        first=first,
        last=last,
        field=field,
        count=found.count(field, "all"),
        yoy=yoy,
        yoy_whole=whole,
        by=_by(tx, begin, end, field, by, found) if by is not None else {},
        intervals={
            one.name: spread(found.histograms.get((field, one.name), {}), one.edges)
            for one in INTERVALS
        },
        sums=found.sums(field),
    )


def _dim(by: By) -> str:
    return "hour" if by == "weekday" else by


def _year_on_year(
    tx: Tx, first: date | None, last: date | None, field: str, count: int, now: Instant | None
) -> tuple[float | None, bool]:
    if first is None or last is None or min(first, last).year <= date.min.year:
        return None, True
    reader, days = Reader(tx, now), Window("days", first, last)
    base = reader.last_year(days).get(field)
    change = change_percent(count, base[0] if base is not None else 0)
    return change, reader.last_year_whole(days)


def _by(tx: Tx, first: date, last: date, field: str, by: By, found: Tallied) -> dict[str, int]:
    if by in ("year", "month"):
        counted = rollups.series(tx, first, last, field, by)
        written = "{0:04d}-{1:02d}" if by == "month" else "{2}"
        return {written.format(*divmod(at, 100), at): cell[0] for at, cell in counted.items()}
    cells = {key: cell[0] for key, cell in found.by(field, _dim(by)).items()}
    if by in _BY_COUNT:
        return dict(sorted(cells.items(), key=lambda one: (-one[1], one)))
    counts: Counter[int] = Counter()
    for key, n in cells.items():
        day, hour = divmod(int(key), 24)
        counts[day + 1 if by == "weekday" else hour] += n
    return {str(key): counts[key] for key in sorted(counts)}
