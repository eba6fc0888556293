"""What is normal, read from the table `hourly`, which every change keeps up to date.

Learning takes some tens of milliseconds and its result holds for a day, so it is kept: once a
minute a look at the history (`_look`) says whether it is still the same. What was learned is a
function of the days before today and nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from console.domain.clock import MINUTE, Instant, to_datetime
from console.domain.rollup import EVERY_FIELD, date_of, number_of
from console.domain.usual import (
    WEEKS,
    BackTest,
    Day,
    Model,
    TooLittle,
    Usual,
    learn,
    odd_hours,
    recorded,
    stand,
    walk,
)
from console.store.engine import Tx
from console.store.tables import hourly

_h = hourly.c

FIELDS: Final = ("traffic", "fraud", "fire", EVERY_FIELD)
"""What is judged: the three fields of the strip, and everything together."""

KEPT: Final = 4
"""What was learned is kept for as many stores and days."""

History = dict[str, dict[date, Day]]
"""Field -> day -> its hours."""

Learned = Mapping[str, Model | TooLittle]
"""Field -> what was learned."""

AGAIN: Final = MINUTE
"""How long a look at the history holds (ms)."""

_looked: WeakKeyDictionary[sa.Engine, tuple[date, Instant, Learned]] = WeakKeyDictionary()
_kept: OrderedDict[tuple[object, ...], Learned] = OrderedDict()
_lock = Lock()


def standings(tx: Tx, now: Instant, fields: Sequence[str] = FIELDS) -> dict[str, Usual]:
    """How fields stand to what is usual.

    Args:
        tx: a transaction.
        now: the moment (ms UTC).
        fields: some of `FIELDS`.
    """
    moment = to_datetime(now, tx.zone)
    today = moment.date()
    counts = _around(tx, today)
    models = _lately(tx, today, now)
    return {field: stand(field, models[field], counts[field], moment) for field in fields}


def _lately(tx: Tx, today: date, now: Instant) -> Learned:
    """What was learned, looked after once in `AGAIN`: one late count of the past moves no band."""
    with _lock:
        kept = _looked.get(tx.raw.engine)
    if kept is not None and kept[0] == today and 0 <= now - kept[1] < AGAIN:
        return kept[2]
    found = learned(tx, today)
    if not any(isinstance(one, TooLittle) for one in found.values()):
        with _lock:
            _looked[tx.raw.engine] = (today, now, found)
    return found


def learned(tx: Tx, today: date) -> Learned:
    """What the days before `today` say of each field."""
    key = (tx.district, tx.zone.key, today, *_look(tx, today))
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    history = read(tx, today - timedelta(weeks=WEEKS), today)
    made = {field: learn(days, today) for field, days in history.items()}
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def read(tx: Tx, first: date, after: date) -> History:
    """The recorded days from `first` on, before `after`; hours of odd length are left out.

    The first day of all is left out, too: recording may have begun in the middle of it.
    """
    known = _first_day(tx)
    if known is None or known >= after:
        return {field: {} for field in FIELDS}
    begin = max(first, known + timedelta(days=1))
    rows = tx.conn.execute(
        sa.select(_h.day, _h.hour, _h.field, _h.n).where(
            _h.district == tx.district, _h.day >= number_of(begin), _h.day < number_of(after)
        )
    ).all()
    span = [begin + timedelta(days=n) for n in range((after - begin).days)]
    blank = {field: {day: [0.0] * 24 for day in span} for field in FIELDS}
    for day, hour, field, n in rows:
        at = date_of(day)
        if field in blank:
            blank[field][at][hour] += n
        blank[EVERY_FIELD][at][hour] += n
    kept = recorded({day: [tuple(blank[EVERY_FIELD][day])] for day in span})
    made: History = {field: {} for field in FIELDS}
    for day in span:
        if day not in kept:
            continue
        odd = odd_hours(day, tx.zone)
        for field, days in blank.items():
            found: Day = tuple(days[day])
            if odd:
                found = tuple(None if hour in odd else n for hour, n in enumerate(found))
            made[field][day] = found
    return made


def back_test(tx: Tx, now: Instant, days: int, fields: Sequence[str] = FIELDS) -> list[BackTest]:
    """What would have been said on the last `days` whole days; see `console.domain.usual.walk`."""
    today = to_datetime(now, tx.zone).date()
    history = read(tx, today - timedelta(days=days, weeks=WEEKS), today)
    return [walk(field, history[field], today, days, tx.zone) for field in fields]


def days(tx: Tx, first: date, last: date) -> dict[str, dict[date, int]]:
    """How many incidents each field had on each day that had any, both ends included."""
    rows = tx.conn.execute(
        sa.select(_h.day, _h.field, sa.func.sum(_h.n))
        .where(_h.district == tx.district, _h.day >= number_of(first), _h.day <= number_of(last))
        .group_by(_h.day, _h.field)
    )
    made: dict[str, dict[date, int]] = {field: {} for field in FIELDS}
    for day, field, n in rows:
        at = date_of(day)
        if field in made:
            made[field][at] = int(n)
        made[EVERY_FIELD][at] = made[EVERY_FIELD].get(at, 0) + int(n)
    return made


def _first_day(tx: Tx) -> date | None:
    """The first day of which anything is known."""
    found = tx.conn.execute(
        sa.select(_h.day).where(_h.district == tx.district).order_by(_h.day).limit(1)
    ).scalar()
    return None if found is None else date_of(found)


def _look(tx: Tx, today: date) -> tuple[object, ...]:
    """What the history comes to; it is another as soon as a count in it is."""
    begin = number_of(today - timedelta(weeks=WEEKS))
    place = (_h.day % 10_007) * 24 + _h.hour + 1
    # A weight to a field, instead of a group: grouping 8,000 rows costs four times as much.
    weight = sa.case({"fire": 1, "traffic": 3, "fraud": 7}, value=_h.field, else_=11)
    row = tx.conn.execute(
        sa.select(
            sa.func.count(), sa.func.sum(_h.n * weight), sa.func.sum(_h.n * weight * place)
        ).where(_h.district == tx.district, _h.day >= begin, _h.day < number_of(today))
    ).one()
    return (_first_day(tx), *row)


def _around(tx: Tx, today: date) -> dict[str, dict[tuple[date, int], int]]:
    """The counts of today and yesterday."""
    days = [number_of(today - timedelta(days=back)) for back in (0, 1)]
    rows = tx.conn.execute(
        sa.select(_h.day, _h.hour, _h.field, _h.n).where(
            _h.district == tx.district, _h.day.in_(days)
        )
    )
    made: dict[str, dict[tuple[date, int], int]] = {field: {} for field in FIELDS}
    for day, hour, field, n in rows:
        at = (date_of(day), int(hour))
        if field in made:
            made[field][at] = int(n)
        made[EVERY_FIELD][at] = made[EVERY_FIELD].get(at, 0) + int(n)
    return made
