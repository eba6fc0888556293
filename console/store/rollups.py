"""Rollups in the store: which days are old, counting them anew, and reading a window.

Figures are never older than their incidents: a day that was touched is marked by a
trigger in the very transaction, and until it is counted anew (`refresh`), a window that
holds it counts that day's incidents themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import sqlalchemy as sa

from console.domain.figures import Sums
from console.domain.incident import SERIALS, make_id
from console.domain.lifecycle import State
from console.domain.rollup import (
    Cell,
    Counted,
    Moments,
    Tallied,
    cover,
    month_of,
    pack,
    tally,
    unpack,
    year_of,
)
from console.store.bulk import insert_many
from console.store.engine import Store, Tx
from console.store.tables import assignment, incident, rollup, rollup_interval, rollup_stale

_i = incident.c
_a = assignment.c
_r = rollup.c
_h = rollup_interval.c

_SUMS = tuple(Sums.__dataclass_fields__)
_COUNTED = tuple(_i[name] for name in Counted._fields)

PART = 40
"""Days that are counted in one transaction: others want to write too."""


def stale_days(tx: Tx) -> set[int]:
    """The days whose rollups are older than their incidents (YYYYMMDD)."""
    rows = tx.conn.execute(
        sa.select(rollup_stale.c.day).where(rollup_stale.c.district == tx.district)
    ).scalars()
    return {int(day) for day in rows}


def refresh(store: Store, before: int | None = None) -> int:
    """Count the stale days anew, and the months and years that they belong to.

    Args:
        store: where.
        before: only days before this one (YYYYMMDD): a day that is not over changes with
            every report, and is counted when it is looked at.

    Returns:
        How many days were counted.
    """
    done = 0
    years: set[int] = set()
    while True:
        with store.read() as tx:
            waiting = sorted(day for day in stale_days(tx) if before is None or day < before)
        if not waiting:
            break
        with store.write() as tx:
            days = waiting[:PART]
            _refresh_days(tx, days)
            years |= {year_of(day) for day in days}
        done += len(days)
    return done


def _refresh_days(tx: Tx, days: Sequence[int]) -> None:
    for day in days:
        _save(tx, day, count_day(tx, day))
    for month in sorted({month_of(day) for day in days}):
        _save(tx, month, _sum(tx, month * 100, month * 100 + 99))
    for year in sorted({year_of(day) for day in days}):
        _save(tx, year, _sum(tx, year * 100, year * 100 + 99))
    tx.conn.execute(
        sa.delete(rollup_stale).where(
            rollup_stale.c.district == tx.district, rollup_stale.c.day.in_(days)
        )
    )


def count_day(tx: Tx, day: int) -> Tallied:
    """Count one day (YYYYMMDD) from its incidents."""
    where = (
        _i.district == tx.district,
        _i.month == month_of(day),
        _i.id >= make_id(day, 0),
        _i.id < make_id(day + 1, 0),
    )
    counted = tx.conn.execute(sa.select(*_COUNTED).where(*where, _i.state != State.MERGED.value))
    # Received is the incident's unless the assignment's own row says else; 0 is unknown.
    received = sa.func.nullif(sa.func.coalesce(_a.received, _i.received), 0)
    moments = tx.conn.execute(
        sa.select(_i.field, received, _a.dispatched, _a.enroute, _a.on_scene, _a.available)
        .select_from(
            assignment.join(
                incident,
                (_a.district == _i.district) & (_a.month == _i.month) & (_a.incident == _i.id),
            )
        )
        .where(*where)
    )
    return tally(day, (Counted(*row) for row in counted), (Moments(*row) for row in moments))


def _save(tx: Tx, period: int, what: Tallied) -> None:
    """Put a period's rollups in the place of those that there were."""
    for table in (rollup, rollup_interval):
        tx.conn.execute(
            sa.delete(table).where(table.c.district == tx.district, table.c.period == period)
        )
    insert_many(
        tx,
        rollup,
        ("district", "period", "field", "dim", "key", "n", *_SUMS),
        [(tx.district, period, *key, *cell) for key, cell in sorted(what.cells.items())],
    )
    insert_many(
        tx,
        rollup_interval,
        ("district", "period", "field", "interval", "data"),
        [
            (tx.district, period, *key, pack(histogram))
            for key, histogram in sorted(what.histograms.items())
        ],
    )


def _sum(tx: Tx, low: int, high: int) -> Tallied:
    """The periods from `low` to `high`, both included, added up."""
    return _added(
        tx,
        sa.and_(_r.period >= low, _r.period <= high),
        sa.and_(_h.period >= low, _h.period <= high),
        None,
        None,
    )


def _added(
    tx: Tx,
    cells_of: sa.ColumnElement[bool],
    histograms_of: sa.ColumnElement[bool] | None,
    field: str | None,
    dims: Sequence[str] | None,
) -> Tallied:
    made = Tallied()
    cells = (
        sa.select(_r.field, _r.dim, _r.key, sa.func.sum(_r.n), *(sa.func.sum(_r[s]) for s in _SUMS))
        .where(_r.district == tx.district, cells_of)
        .group_by(_r.field, _r.dim, _r.key)
    )
    if field is not None:
        cells = cells.where(_r.field == field)
    if dims is not None:
        cells = cells.where(_r.dim.in_(dims))
    for of, dim, key, *values in tx.conn.execute(cells):
        made.cells[of, dim, key] = [int(value) for value in values]
    if histograms_of is None:
        return made
    packed = sa.select(_h.field, _h.interval, _h.data).where(
        _h.district == tx.district, histograms_of
    )
    if field is not None:
        packed = packed.where(_h.field == field)
    for of, interval, data in tx.conn.execute(packed):
        made.add_histogram((of, interval), unpack(bytes(data)))
    return made


def window(
    tx: Tx,
    first: date,
    last: date,
    *,
    field: str | None = None,
    dims: Sequence[str] | None = None,
    intervals: bool = True,
    longest: str = "year",
) -> Tallied:
    """What a window of whole days comes to.

    Args:
        tx: a transaction.
        first: its first day, in the center's zone.
        last: its last day, included.
        field: of one field only, or ``all``; None for each of them beside each other.
        dims: what is wanted of `DIMS`; None for everything.
        intervals: whether histograms are wanted.
        longest: see `cover`.
    """
    known = span(tx)
    if known is None or (first := max(first, known[0])) > (last := min(last, known[1])):
        return Tallied()
    parts = cover(first, last, stale_days(tx), longest=longest)
    made = _added(
        tx,
        _r.period.in_(parts.periods),
        _h.period.in_(parts.periods) if intervals else None,
        field,
        dims,
    )
    for day in parts.days:
        _merge(made, count_day(tx, day), field, dims, intervals)
    return made


def _merge(
    made: Tallied, day: Tallied, field: str | None, dims: Iterable[str] | None, intervals: bool
) -> None:
    for key, cell in day.cells.items():
        if field in (None, key[0]) and (dims is None or key[1] in dims):
            made.add(key, cell)
    if intervals:
        for name, histogram in day.histograms.items():
            if field in (None, name[0]):
                made.add_histogram(name, histogram)


def span(tx: Tx) -> tuple[date, date] | None:
    """The first and the last day that have incidents; None when there is none."""
    ends = []
    for least in (sa.func.min, sa.func.max):
        month = tx.conn.execute(
            sa.select(least(_i.month)).where(_i.district == tx.district)
        ).scalar()
        if month is None:
            return None
        id_ = tx.conn.execute(
            sa.select(least(_i.id)).where(_i.district == tx.district, _i.month == month)
        ).scalar_one()
        ends.append(_date(int(id_) // SERIALS))
    return ends[0], ends[1]


def _date(day: int) -> date:
    return date(day // 10_000, day // 100 % 100, day % 100)


def wrong(tx: Tx) -> list[int]:
    """The days and longer periods whose rollups are not what a recount says.

    Stale days and what they belong to are not looked at: nobody reads them.
    """
    stale = stale_days(tx)
    kept = {
        int(period)
        for period in tx.conn.execute(
            sa.select(_r.period).where(_r.district == tx.district).distinct()
        ).scalars()
    } | {
        int(period)
        for period in tx.conn.execute(
            sa.select(_h.period).where(_h.district == tx.district).distinct()
        ).scalars()
    }
    days = {day for day in kept if day > 999_999} | _days_with_incidents(tx)
    faults: list[int] = []
    months: dict[int, Tallied] = {}
    years: dict[int, Tallied] = {}
    for day in sorted(days):
        counted = count_day(tx, day)
        months.setdefault(month_of(day), Tallied()).merge(counted)
        years.setdefault(year_of(day), Tallied()).merge(counted)
        if day not in stale and not _is_kept(tx, day, counted):
            faults.append(day)
    old = {month_of(day) for day in stale} | {year_of(day) for day in stale}
    for period in sorted({*months, *years, *(one for one in kept if one <= 999_999)} - old):
        counted = months.get(period) or years.get(period) or Tallied()
        if not _is_kept(tx, period, counted):
            faults.append(period)
    return faults


def _days_with_incidents(tx: Tx) -> set[int]:
    rows = tx.conn.execute(
        sa.select(_i.id // sa.literal_column(str(SERIALS)))
        .where(_i.district == tx.district)
        .distinct()
    ).scalars()
    return {int(day) for day in rows}


def _is_kept(tx: Tx, period: int, counted: Tallied) -> bool:
    try:
        kept = _sum(tx, period, period)
    except (ValueError, TypeError, IndexError):
        return False
    return kept == counted


def rebuild(store: Store) -> int:
    """Forget every rollup and count everything anew; returns how many days there were."""
    with store.write() as tx:
        days = _days_with_incidents(tx)
        for table in (rollup, rollup_interval, rollup_stale):
            tx.conn.execute(sa.delete(table).where(table.c.district == tx.district))
        insert_many(
            tx, rollup_stale, ("district", "day"), [(tx.district, day) for day in sorted(days)]
        )
    return refresh(store)


def series(
    tx: Tx, first: date, last: date, field: str, by: Literal["year", "month", "day"]
) -> dict[int, Cell]:
    """A window period by period: its years, months or days that have incidents, in order.

    Args:
        tx: a transaction.
        first: its first day.
        last: its last day, included.
        field: ``fire``, ``traffic``, ``fraud``, ``other`` or ``all``.
        by: the length of a period; those at the ends are cut by the window.
    """
    known = span(tx)
    if known is None or (first := max(first, known[0])) > (last := min(last, known[1])):
        return {}
    cut = {"year": 10_000, "month": 100, "day": 1}[by]
    parts = cover(first, last, stale_days(tx), longest=by)
    made: dict[int, Cell] = {}
    rows = tx.conn.execute(
        sa.select(_r.period, _r.n, *(_r[name] for name in _SUMS)).where(
            _r.district == tx.district,
            _r.field == field,
            _r.dim == "all",
            _r.period.in_(parts.periods),
        )
    )
    found = [(int(period), [int(value) for value in values]) for period, *values in rows]
    for day in parts.days:
        if (cell := count_day(tx, day).cells.get((field, "all", ""))) is not None:
            found.append((day, cell))
    for period, cell in found:
        at = _as_day(period) // cut
        mine = made.setdefault(at, [0] * len(cell))
        for n, value in enumerate(cell):
            mine[n] += value
    return dict(sorted(made.items()))


def _as_day(period: int) -> int:
    """A number of a day's length that begins with the period."""
    while period < 1_000_000:
        period *= 100
    return period
