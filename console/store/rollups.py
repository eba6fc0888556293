"""Rollups in the store: which days are old, counting them anew, and reading a window.

Figures are never older than their incidents: a day that was touched is marked by a
trigger in the very transaction, and until it is counted anew (`refresh`), a window that
holds it counts that day's incidents themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final, Literal, NamedTuple

import sqlalchemy as sa

from console.domain.clock import Instant
from console.domain.figures import FIELDS, Sums
from console.domain.incident import SERIALS, make_id
from console.domain.lifecycle import State
from console.domain.rollup import (
    EVERY_FIELD,
    Cell,
    Counted,
    Cover,
    HistogramSum,
    Moments,
    Tallied,
    cover,
    date_of,
    month_of,
    number_of,
    pack,
    tally,
    year_of,
)
from console.store import courtesy
from console.store.bulk import insert_many
from console.store.engine import Store, Tx, add_to, insert_new
from console.store.tables import (
    assignment,
    counter,
    incident,
    rollup,
    rollup_interval,
    rollup_stale,
)

_i = incident.c
_a = assignment.c
_r = rollup.c
_h = rollup_interval.c

_SUMS = tuple(Sums.__dataclass_fields__)
_COUNTED = tuple(_i[name] for name in Counted._fields)


class Stale(NamedTuple):
    """Periods that must not be relied on.

    Months and years hold the old count of days that were counted before, and nothing of days
    that never were.
    """

    counted: frozenset[int]
    """Days that have changed since they were counted."""
    new: frozenset[int]
    """Days that were never counted."""
    periods: frozenset[int]
    """Months and years that do not hold all of their days' counts yet."""


@dataclass
class Fresh:
    """What was found out in a transaction that reads several windows.

    `days` are those that were counted (YYYYMMDD).
    """

    days: dict[int, Tallied] = field(default_factory=dict)
    known: tuple[date, date] | None = None
    stale: Stale | None = None

    def span_of(self, tx: Tx) -> tuple[date, date] | None:
        """See `span`."""
        if self.known is None:
            self.known = span(tx)
        return self.known

    def stale_of(self, tx: Tx) -> Stale:
        """See `stale`."""
        if self.stale is None:
            self.stale = stale(tx)
        return self.stale

    def parts(self, tx: Tx, first: date, last: date, longest: str = "year") -> Cover:
        """The fewest periods of a window, and the days to be counted anew; see `cover`.

        A window that goes to the last day of the records may as well go to the end of its year:
        there is nothing behind it.
        """
        known = self.span_of(tx)
        if known is None or (first := max(first, known[0])) > (last := min(last, known[1])):
            return Cover((), ())
        old = self.stale_of(tx)
        begin = first.replace(month=1, day=1) if first == known[0] else first
        end = last.replace(month=12, day=31) if last == known[1] else last
        parts = cover(begin, end, old.counted, longest=longest, old=old.periods)
        low, high = number_of(first), number_of(last)
        return Cover(parts.periods, (*parts.days, *(day for day in old.new if low <= day <= high)))

    def day(self, tx: Tx, day: int) -> Tallied:
        """See `count_day`."""
        if day not in self.days:
            self.days[day] = count_day(tx, day)
        return self.days[day]


_LONG: Final = 999_999
"""Periods up to this number are months and years."""

AT_ONCE = 500
"""Incidents of a day that are counted at once: some milliseconds of reckoning."""

_SHARED = 100
"""Counters by which is known who began to count a period last; periods may share one."""


def stale_days(tx: Tx) -> set[int]:
    """The days whose rollups are older than their incidents (YYYYMMDD)."""
    return {period for period in _marked(tx) if period > _LONG}


def _marked(tx: Tx) -> set[int]:
    """The periods that are marked, whether or not somebody is counting them."""
    return {abs(period) for period in _marks(tx)}


def _marks(tx: Tx) -> set[int]:
    """The marks as they are: a negative one is a period that is being counted."""
    rows = tx.conn.execute(
        sa.select(rollup_stale.c.day).where(rollup_stale.c.district == tx.district)
    ).scalars()
    return {int(period) for period in rows}


def stale(tx: Tx) -> Stale:
    """What must not be relied on."""
    marked = _marked(tx)
    days = {period for period in marked if period > _LONG}
    counted: set[int] = set()
    for table in (_r, _h):
        found = sa.select(table.period).where(
            table.district == tx.district, table.period.in_(days), table.field.in_(FIELDS)
        )
        counted |= {int(day) for day in tx.conn.execute(found.distinct()).scalars()}
    return Stale(frozenset(counted), frozenset(days - counted), frozenset(marked - days))


def refresh(store: Store, before: int | None = None) -> int:
    """Count the stale days anew, and the months and years that they belong to.

    Args:
        store: where.
        before: only days before this one (YYYYMMDD): a day that is not over changes with
            every report, and is counted when it is looked at.

    Returns:
        How many days were counted.
    """
    return sum(pieces(store, before))


def pieces(store: Store, before: int | None = None) -> Iterator[int]:
    """As `refresh`, in pieces of some milliseconds, and nothing stays open between two of them.

    The newest first: they are what is looked at. A day is counted without the writer. It is
    marked as being counted before, so that a change in the meantime leaves a mark of its own;
    then its count is put in place, which takes as long as the count has cells, and the day stays
    stale if it has changed. Whoever begins to count takes the work from whoever was at it: the
    marks tell only of changes since the last beginning.

    Yields:
        1 for a piece that ended a day, 0 for any other.
    """
    failed: set[int] = set()
    while True:
        courtesy.HERE.give_way()
        with store.read() as tx:
            period = _next(_marked(tx), before, failed)
        if period is None:
            return
        mine = _begin(store, period)
        yield 0
        if period > _LONG:
            made = Tallied()
            for part in _day_parts(store, period):
                made.merge(part)
                yield 0
        else:
            with store.read() as tx:
                made = _sum(tx, period * 100, period * 100 + 99)
            yield 0
        done = _put_in_place(store, period, made, mine)
        if not done:
            # It has changed in the meantime, or another is at it: not again in this round.
            failed.add(period)
        yield int(done and period > _LONG)


def _next(marked: set[int], before: int | None, failed: set[int]) -> int | None:
    """What is counted next: the months and years that have all their parts, then the newest day.

    Args:
        marked: the periods that are stale.
        before: see `refresh`.
        failed: what was tried in vain; what they belong to has to wait as well.
    """
    over = {period for period in marked if period <= _LONG or before is None or period < before}
    waiting = {longer for period in over for longer in _belongs_to(period)}
    ready = over - waiting - failed
    longer = [period for period in ready if period <= _LONG]
    return max(longer or ready, default=None)


def _belongs_to(period: int) -> tuple[int, ...]:
    """The longer periods that a period is a part of."""
    if period > _LONG:
        return month_of(period), year_of(period)
    return (year_of(period),) if period > 9_999 else ()


def _begin(store: Store, period: int) -> int:
    """Mark a period as being counted by us; the number by which we know that it still is."""
    with store.write(patient=True) as tx:
        _mark(tx, [-period])
        _unmark(tx, period)
        key: dict[str, object] = {"district": tx.district, "name": _counter(period)}
        return add_to(tx, counter, key, "value", 1)


def _counter(period: int) -> str:
    """The counter whose last number belongs to whoever began to count the period last."""
    return f"counting:{period % _SHARED}"


def _put_in_place(store: Store, period: int, what: Tallied, mine: int) -> bool:
    """Put a count in place of the old one; False when it cannot be relied on.

    Args:
        store: where.
        period: what was counted.
        what: its count.
        mine: see `_begin`.
    """
    with store.write(patient=True) as tx:
        last = tx.conn.execute(
            sa.select(counter.c.value).where(
                counter.c.district == tx.district, counter.c.name == _counter(period)
            )
        ).scalar()
        marks = _marks(tx)
        if last != mine or -period not in marks:
            return False
        _unmark(tx, -period)
        if period in marks:
            return False
        _save(tx, period, what)
        # They hold the old count until they are added up again.
        _mark(tx, _belongs_to(period))
        return True


def _mark(tx: Tx, periods: Iterable[int]) -> None:
    rows: list[dict[str, object]] = [
        {"district": tx.district, "day": period} for period in sorted(periods)
    ]
    insert_new(tx.conn, rollup_stale, rows)


def _unmark(tx: Tx, period: int) -> None:
    tx.conn.execute(
        sa.delete(rollup_stale).where(
            rollup_stale.c.district == tx.district, rollup_stale.c.day == period
        )
    )


def _day_parts(store: Store, day: int) -> Iterator[Tallied]:
    """A day's count in parts of `AT_ONCE` numbers each, in transactions that only read."""
    with store.read() as tx:
        last = tx.conn.execute(
            sa.select(sa.func.max(_i.id)).where(*_of_day(tx, day, 0, SERIALS))
        ).scalar()
    serials = 0 if last is None else int(last) % SERIALS + 1
    for first in range(0, serials, AT_ONCE):
        courtesy.HERE.give_way()
        with store.read() as tx:
            part = _count(tx, day, _of_day(tx, day, first, first + AT_ONCE))
        yield part


def _of_day(tx: Tx, day: int, first: int, behind: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The incidents of a day from a serial on, up to before another."""
    return (
        _i.district == tx.district,
        _i.month == month_of(day),
        _i.id >= make_id(day, 0) + first,
        _i.id < make_id(day, 0) + behind,
    )


def count_day(tx: Tx, day: int, during: tuple[int, int] | None = None) -> Tallied:
    """Count one day (YYYYMMDD) from its incidents.

    Args:
        tx: a transaction.
        day: the day.
        during: only what was received from the first of these moments on and before the
            second (ms UTC).
    """
    where = _of_day(tx, day, 0, SERIALS)
    if during is not None:
        where = (*where, _i.received >= during[0], _i.received < during[1])
    return _count(tx, day, where)


def _count(tx: Tx, day: int, where: Sequence[sa.ColumnElement[bool]]) -> Tallied:
    """Count those incidents of a day for which the conditions hold."""
    counted = tx.conn.execute(
        sa.select(*_COUNTED, _i.received, _i.contacted).where(
            *where, _i.state != State.MERGED.value
        )
    ).all()
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
    of_incidents = (
        Moments(row.field, row.received, None, None, None, None, row.contacted)
        for row in counted
        if row.contacted is not None
    )
    return tally(
        day,
        (Counted(*row[: len(Counted._fields)]) for row in counted),
        chain((Moments(*row) for row in moments), of_incidents),
    )


def received_from(tx: Tx, day: int, at: Instant) -> dict[str, Cell]:
    """What a day (YYYYMMDD) brought from a moment of it on (ms UTC), field by field and in all."""
    rows = tx.conn.execute(
        sa.select(_i.field, sa.func.count(), *(sa.func.sum(_i[name]) for name in _SUMS))
        .where(
            _i.district == tx.district,
            _i.month == month_of(day),
            _i.id >= make_id(day, 0),
            _i.id < make_id(day + 1, 0),
            _i.received >= at,
            _i.state != State.MERGED.value,
        )
        .group_by(_i.field)
    )
    found = Tallied()
    for of, *values in rows:
        cell = [int(value) for value in values]
        found.add((of, "all", ""), cell)
        found.add((EVERY_FIELD, "all", ""), cell)
    return {of: cell for (of, _dim, _key), cell in found.cells.items()}


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
        if field is None:
            # Named, they are sought by key; else every cell of a period is read.
            cells = cells.where(_r.field.in_(FIELDS))
    for of, dim, key, *values in tx.conn.execute(cells):
        made.cells[of, dim, key] = [int(value) for value in values]
    if histograms_of is None:
        return made
    packed = sa.select(_h.field, _h.interval, _h.data).where(
        _h.district == tx.district, histograms_of
    )
    if field is not None:
        packed = packed.where(_h.field == field)
    sums: dict[tuple[str, str], HistogramSum] = {}
    for of, interval, data in tx.conn.execute(packed):
        sums.setdefault((of, interval), HistogramSum()).add(bytes(data))
    made.histograms = {name: one.histogram() for name, one in sums.items()}
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
    fresh: Fresh | None = None,
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
        fresh: days that were counted in this transaction; what is counted is put there.
    """
    fresh = fresh or Fresh()
    parts = fresh.parts(tx, first, last, longest)
    made = _added(
        tx,
        _r.period.in_(parts.periods),
        _h.period.in_(parts.periods) if intervals else None,
        field,
        dims,
    )
    for day in parts.days:
        _merge(made, fresh.day(tx, day), field, dims, intervals)
    return made


def totals(
    tx: Tx, windows: Sequence[tuple[date, date]], fresh: Fresh | None = None
) -> list[dict[str, Cell]]:
    """How many incidents each of several windows has, field by field, with their sums.

    What `window` says of the dimension ``all``, read at once for all of them.

    Args:
        tx: a transaction.
        windows: first and last day of each, both included.
        fresh: see `window`.
    """
    fresh = fresh or Fresh()
    parts = [fresh.parts(tx, first, last) for first, last in windows]
    by_period: dict[int, list[tuple[str, list[int]]]] = {}
    for period, of, *values in tx.conn.execute(
        sa.select(_r.period, _r.field, _r.n, *(_r[name] for name in _SUMS)).where(
            _r.district == tx.district,
            _r.period.in_({period for part in parts for period in part.periods}),
            _r.field.in_((*FIELDS,)),
            _r.dim == "all",
            _r.key == "",
        )
    ):
        by_period.setdefault(int(period), []).append((of, [int(value) for value in values]))
    made = []
    for part in parts:
        found = Tallied()
        for period in part.periods:
            for of, cell in by_period.get(period, ()):
                found.add((of, "all", ""), cell)
        for day in part.days:
            _merge(found, fresh.day(tx, day), None, ("all",), False)
        made.append({of: cell for (of, _dim, _key), cell in found.cells.items()})
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
        ends.append(date_of(int(id_) // SERIALS))
    return ends[0], ends[1]


def wrong(tx: Tx) -> list[int]:
    """The days and longer periods whose rollups are not what a recount says.

    Stale days and what they belong to are not looked at: nobody reads them. Nor are months
    and years that are marked, whether one of their days waits or none: nobody reads these
    either, and `refresh` adds them up.
    """
    unsure = stale(tx)
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
        if day in unsure.new:
            continue
        counted = count_day(tx, day)
        months.setdefault(month_of(day), Tallied()).merge(counted)
        years.setdefault(year_of(day), Tallied()).merge(counted)
        if day not in unsure.counted and not _is_kept(tx, day, counted):
            faults.append(day)
    old = {month_of(day) for day in unsure.counted} | {year_of(day) for day in unsure.counted}
    old |= unsure.periods
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


def rebuild(store: Store, before: int | None = None) -> int:
    """Forget every rollup and count everything anew; returns how many days were counted.

    Args:
        store: where.
        before: see `refresh`; the other days are counted when they are looked at.
    """
    with store.write() as tx:
        days = _days_with_incidents(tx)
        for table in (rollup, rollup_interval, rollup_stale):
            tx.conn.execute(sa.delete(table).where(table.c.district == tx.district))
        insert_many(
            tx, rollup_stale, ("district", "day"), [(tx.district, day) for day in sorted(days)]
        )
    return refresh(store, before)


def series(
    tx: Tx,
    first: date,
    last: date,
    field: str,
    by: Literal["year", "month", "day"],
    fresh: Fresh | None = None,
) -> dict[int, Cell]:
    """A window period by period: its years, months or days that have incidents, in order.

    Args:
        tx: a transaction.
        first: its first day.
        last: its last day, included.
        field: ``fire``, ``traffic``, ``fraud``, ``other`` or ``all``.
        by: the length of a period; those at the ends are cut by the window.
        fresh: see `window`.
    """
    fresh = fresh or Fresh()
    cut = {"year": 10_000, "month": 100, "day": 1}[by]
    parts = fresh.parts(tx, first, last, by)
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
        if (cell := fresh.day(tx, day).cells.get((field, "all", ""))) is not None:
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
