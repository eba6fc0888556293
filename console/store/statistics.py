"""Figures from the store: counts, sums, and intervals as one-second histograms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from console.domain.figures import (
    INTERVALS,
    By,
    Figures,
    Interval,
    Spread,
    Sums,
    change_percent,
    spread,
    weekday,
    year_before,
)
from console.domain.incident import SERIALS, make_id
from console.domain.lifecycle import State
from console.store.engine import Tx
from console.store.tables import assignment, incident

_i = incident.c
_a = assignment.c

_DAY = _i.id // sa.literal_column(str(SERIALS))
_KEYS: Mapping[By, sa.ColumnElement[Any]] = {
    "year": _i.month // sa.literal_column("100"),
    "month": _i.month,
    "town": _i.town,
    "category": _i.category,
    "severity": _i.severity,
    "hour": _i.hour,
    "weekday": _DAY,
    "class": _i.fraud_class,
}
_SUMS = tuple(Sums.__dataclass_fields__)


def figures(
    tx: Tx,
    first: date | None = None,
    last: date | None = None,
    by: By | None = None,
    field: str = "all",
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
    """
    count, sums = _totals(tx, first, last, field)
    return Figures(
        first=first,
        last=last,
        field=field,
        count=count,
        yoy=_year_on_year(tx, first, last, field, count),
        by=_by(tx, first, last, field, by) if by is not None else {},
        intervals={one.name: _spread(tx, first, last, field, one) for one in INTERVALS},
        sums=sums,
    )


def _window(
    tx: Tx, first: date | None, last: date | None, field: str
) -> list[sa.ColumnElement[bool]]:
    """Which incidents: days and months are in their numbers, in the center's zone."""
    where: list[sa.ColumnElement[bool]] = [_i.district == tx.district]
    if first is not None:
        where += [_i.month >= _day(first) // 100, _i.id >= make_id(_day(first), 0)]
    if last is not None:
        where += [_i.month <= _day(last) // 100, _i.id < make_id(_day(last) + 1, 0)]
    if field != "all":
        where.append(_i.field == field)
    return where


def _day(day: date) -> int:
    return (day.year * 100 + day.month) * 100 + day.day


def _totals(tx: Tx, first: date | None, last: date | None, field: str) -> tuple[int, Sums]:
    row = tx.conn.execute(
        sa.select(sa.func.count(), *(sa.func.sum(_i[name]) for name in _SUMS)).where(
            *_window(tx, first, last, field), _i.state != State.MERGED.value
        )
    ).one()
    return int(row[0]), Sums(*(int(value or 0) for value in row[1:]))


def _year_on_year(
    tx: Tx, first: date | None, last: date | None, field: str, count: int
) -> float | None:
    if first is None or last is None or min(first, last).year <= date.min.year:
        return None
    base, _sums = _totals(tx, year_before(first), year_before(last), field)
    return change_percent(count, base)


def _by(tx: Tx, first: date | None, last: date | None, field: str, by: By) -> dict[str, int]:
    key = _KEYS[by]
    rows = tx.conn.execute(
        sa.select(key, sa.func.count())
        .where(*_window(tx, first, last, field), _i.state != State.MERGED.value)
        .group_by(key)
    )
    found = [(value, int(n)) for value, n in rows]
    if by in ("town", "category", "severity", "class"):
        return dict(sorted(((str(value), n) for value, n in found), key=lambda one: (-one[1], one)))
    counts: Counter[int] = Counter()
    for value, n in found:
        counts[weekday(int(value)) if by == "weekday" else int(value)] += n
    written = "{0:04d}-{1:02d}" if by == "month" else "{2}"
    return {written.format(*divmod(key, 100), key): counts[key] for key in sorted(counts)}


def _spread(
    tx: Tx, first: date | None, last: date | None, field: str, interval: Interval
) -> Spread:
    start, end = _moment(interval.start), _moment(interval.end)
    length = end - start
    seconds = length // sa.literal_column("1000")
    rows = tx.conn.execute(
        sa.select(seconds, sa.func.count())
        .select_from(
            assignment.join(
                incident,
                (_a.district == _i.district) & (_a.month == _i.month) & (_a.incident == _i.id),
            )
        )
        .where(*_window(tx, first, last, field), length >= sa.literal_column("0"))
        .group_by(seconds)
    )
    return spread({int(length): int(n) for length, n in rows}, interval.edges)


def _moment(name: str) -> sa.ColumnElement[int]:
    """A moment of an assignment; received is its incident's unless its own row says else."""
    if name == "received":
        return sa.func.nullif(sa.func.coalesce(_a.received, _i.received), sa.literal_column("0"))
    return _a[name]
