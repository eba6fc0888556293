"""What the results panel reads: a window by category, and incidents with many killed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

import sqlalchemy as sa

from console.domain.incident import SERIALS, make_id
from console.domain.lifecycle import State
from console.domain.panels import Window
from console.domain.results import Ended
from console.domain.rollup import EVERY_FIELD, month_of, year_of
from console.store import rollups
from console.store.engine import Tx
from console.store.tables import incident, rollup

_i = incident.c
_r = rollup.c
_ASKED_AT_ONCE = 500


def ended(tx: Tx, window: Window, fresh: rollups.Fresh) -> Ended:
    """What a window had, by category and by how it ended; `fresh` as in `rollups.window`."""
    found = rollups.window(
        tx,
        window.first,
        window.last,
        field=EVERY_FIELD,
        dims=("category", "result_category"),
        intervals=False,
        fresh=fresh,
    )
    return Ended(found.by(EVERY_FIELD, "category"), found.by(EVERY_FIELD, "result_category"))


def major(tx: Tx, deaths: int, last: date) -> dict[int, int]:
    """How many incidents killed at least `deaths` persons, year by year up to the day `last`.

    The rollups say on which days there can have been one; only these are looked at.
    """
    known = rollups.span(tx)
    if known is None or last < known[0]:
        return {}
    old = rollups.stale(tx)
    stale = old.counted | old.new
    unsure = stale | old.periods
    years = range(known[0].year, min(last, known[1]).year + 1)
    suspect = _deadly(tx, years, deaths) | {year_of(period) for period in unsure}
    months = [year * 100 + month for year in years if year in suspect for month in range(1, 13)]
    suspect = _deadly(tx, months, deaths) | {month_of(day) for day in stale} | old.periods
    end = last.year * 10_000 + last.month * 100 + last.day
    found: dict[int, int] = {}
    for month in months:
        if month not in suspect:
            continue
        first = month * 100
        days = _deadly(tx, range(first + 1, first + 32), deaths, "category")
        days |= {day for day in stale if month_of(day) == month}
        for day in _days_of(tx, month, {day for day in days if day <= end}, deaths):
            found[year_of(day)] = found.get(year_of(day), 0) + 1
    return found


def _deadly(tx: Tx, periods: Iterable[int], deaths: int, dim: str = "all") -> set[int]:
    """The periods in which so many were killed: all in all, or in incidents of a category."""
    found: set[int] = set()
    for part in _parts(periods):
        found |= set(
            tx.conn.execute(
                sa.select(_r.period).where(
                    _r.district == tx.district,
                    _r.period.in_(part),
                    _r.field == EVERY_FIELD,
                    _r.dim == dim,
                    _r.deaths >= deaths,
                )
            ).scalars()
        )
    return found


def _parts(periods: Iterable[int]) -> Iterator[list[int]]:
    items = list(periods)
    for start in range(0, len(items), _ASKED_AT_ONCE):
        yield items[start : start + _ASKED_AT_ONCE]


def _days_of(tx: Tx, month: int, days: Collection[int], deaths: int) -> Iterator[int]:
    """The day of each such incident among some days of a month."""
    if not days:
        return
    rows = tx.conn.execute(
        sa.select(_i.id).where(
            _i.district == tx.district,
            _i.month == month,
            _i.id >= make_id(min(days), 0),
            _i.id < make_id(max(days) + 1, 0),
            _i.state != State.MERGED.value,
            _i.deaths >= deaths,
        )
    ).scalars()
    yield from (day for day in (int(id_) // SERIALS for id_ in rows) if day in days)
