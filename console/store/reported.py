"""What a written report asks the store: a window that may begin and end within a day, who
was on duty, what stands out, and what is open.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from console.domain.clock import Instant, from_datetime, to_datetime
from console.domain.entry import read_entry
from console.domain.figures import Interval
from console.domain.incident import Incident, make_id
from console.domain.lifecycle import State
from console.domain.report_rules import ReportRules
from console.domain.reported import OnDuty
from console.domain.rollup import EVERY_FIELD, Tallied, month_of, number_of
from console.domain.standards import URGENT
from console.store import incidents, rollups, seats
from console.store.engine import Tx
from console.store.tables import NO_DUE, assignment, incident, journal, unit

_a = assignment.c
_i = incident.c
_j = journal.c

SYSTEM = "system"
"""Whose name stands in the journal when the program did something by itself."""


def counted(tx: Tx, start: Instant, end: Instant, fresh: rollups.Fresh | None = None) -> Tallied:
    """What the incidents received from `start` on and before `end` come to.

    Whole days are read from the rollups; a day that is cut is counted from its incidents.
    """
    if end <= start:
        return Tallied()
    first, last = _day(tx, start), _day(tx, end - 1)
    ends = {first, last}
    cut = {
        day
        for day in ends
        if _midnight(tx, day) < start or _midnight(tx, day + timedelta(days=1)) > end
    }
    begin = first + timedelta(days=1) if first in cut else first
    stop = last - timedelta(days=1) if last in cut else last
    made = Tallied()
    if begin <= stop:
        made.merge(rollups.window(tx, begin, stop, fresh=fresh))
    for day in sorted(cut):
        made.merge(rollups.count_day(tx, number_of(day), (start, end)))
    return made


def _day(tx: Tx, at: Instant) -> date:
    return to_datetime(at, tx.zone).date()


def _midnight(tx: Tx, day: date) -> Instant:
    return from_datetime(datetime.combine(day, time(), tx.zone))


def begins(tx: Tx) -> Instant | None:
    """The midnight from which on the store knows of incidents; None when it knows of none."""
    span = rollups.span(tx)
    return None if span is None else _midnight(tx, span[0])


def _received(tx: Tx, start: Instant, end: Instant) -> tuple[sa.ColumnElement[bool], ...]:
    first, last = number_of(_day(tx, start)), number_of(_day(tx, end - 1))
    return (
        _i.district == tx.district,
        _i.month >= month_of(first),
        _i.month <= month_of(last),
        _i.id >= make_id(first, 0),
        _i.id < make_id(last + 1, 0),
        _i.received >= start,
        _i.received < end,
    )


def by_area(
    tx: Tx, start: Instant, end: Instant, interval: Interval, areas: Mapping[str, Collection[str]]
) -> dict[tuple[str, str, bool], Counter[int]]:
    """An interval's one-second histograms by field, area and urgency: those of what is urgent
    (priority I and II) are in those of everything, and those of all fields beside each field's.

    Rollups keep no towns beside their intervals: what was received from `start` on and before
    `end` is looked at itself, and added up where it lies.

    Args:
        tx: a transaction.
        start: the first moment (ms UTC).
        end: the first moment that is no longer in it.
        interval: one of a unit that was sent.
        areas: area -> codes of the towns that belong to it; other towns have the area "".
    """
    if end <= start:
        return {}
    # As in `rollups.count_day`: received is the incident's unless the assignment says else.
    moments = {
        "received": sa.func.nullif(sa.func.coalesce(_a.received, _i.received), 0),
        **{name: _a[name] for name in ("dispatched", "enroute", "on_scene", "available")},
    }
    first, last = moments[interval.start], moments[interval.end]
    area = sa.case(
        *((_i.town.in_(sorted(codes)), name) for name, codes in areas.items() if codes), else_=""
    )
    seconds = (last - first) // 1_000
    found: dict[tuple[str, str, bool], Counter[int]] = {}
    each = (
        sa.select(
            _i.field,
            area.label("area"),
            sa.case((_i.priority <= URGENT, 1), else_=0).label("urgent"),
            seconds.label("seconds"),
        )
        .select_from(
            assignment.join(
                incident,
                (_a.district == _i.district) & (_a.month == _i.month) & (_a.incident == _i.id),
            )
        )
        .where(*_received(tx, start, end), last >= first)
        .subquery()
    )
    rows: Iterable[Any] = tx.conn.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c))
    for of, name, urgent, length, n in rows:
        for key in (
            (one, name, fast) for one in (of, EVERY_FIELD) for fast in {False, bool(urgent)}
        ):
            found.setdefault(key, Counter())[int(length)] += int(n)
    return found


def states(tx: Tx, start: Instant, end: Instant) -> dict[State, int]:
    """How many of a period's incidents stand where."""
    rows = tx.conn.execute(
        sa.select(_i.state, sa.func.count()).where(*_received(tx, start, end)).group_by(_i.state)
    )
    return {State(state): int(n) for state, n in rows}


def _written(tx: Tx, start: Instant, end: Instant) -> tuple[sa.ColumnElement[bool], ...]:
    first, last = number_of(_day(tx, start)), number_of(_day(tx, end - 1))
    return (
        _j.district == tx.district,
        _j.month >= month_of(first),
        _j.month <= month_of(last),
        _j.at >= start,
        _j.at < end,
    )


def supervised(tx: Tx, start: Instant, end: Instant) -> set[int]:
    """The incidents that were supervised (督办) in a period, and not taken back since."""
    rows = tx.conn.execute(
        sa.select(_j.seq, _j.incident).where(*_written(tx, start, end), _j.verb == "supervise")
    )
    found = {int(seq): int(id_) for seq, id_ in rows if id_ is not None}
    gone = _taken_back(tx, set(found.values()))
    return {id_ for seq, id_ in found.items() if seq not in gone}


def _taken_back(tx: Tx, ids: Collection[int]) -> set[int]:
    """The entries of incidents that were taken back; what a taken back one took back stands."""
    if not ids:
        return set()
    bodies = tx.conn.execute(
        sa.select(_j.body)
        .where(_j.district == tx.district, _j.incident.in_(sorted(ids)), _j.verb == "undo")
        .order_by(_j.seq.desc())
    ).scalars()
    gone: set[int] = set()
    for body in bodies:
        entry = read_entry(body)
        if entry.seq not in gone:
            gone.add(entry.undoes)
    return gone


def important(
    tx: Tx, start: Instant, end: Instant, rules: ReportRules, also: Collection[int]
) -> tuple[int, list[Incident]]:
    """What stands out of a period, the gravest first: how many there are, and the first of them.

    Args:
        tx: a transaction.
        start: the first moment (ms UTC).
        end: the first moment that is no longer in it.
        rules: what stands out, and how many are wanted.
        also: incidents that stand out whatever they are, of any day.
    """
    money = _i.amount_lost + _i.amount_saved
    grave = sa.or_(
        _i.priority == 1,
        _i.deaths > 0,
        _i.alarm_level >= rules.alarm_level,
        _i.amount_lost >= rules.amount,
        _i.amount_saved >= rules.amount,
    )
    within = sa.and_(*_received(tx, start, end), grave)
    chosen = [_i.district == tx.district, _i.state != State.MERGED.value]
    if also:
        months = {month_of(id_ // 10**7) for id_ in also}
        named = sa.and_(_i.month.in_(months), _i.id.in_(sorted(also)))
        chosen.append(sa.or_(within, named))
    else:
        chosen.append(within)
    count = tx.conn.execute(sa.select(sa.func.count()).select_from(incident).where(*chosen))
    ids = tx.conn.execute(
        sa.select(_i.id)
        .where(*chosen)
        .order_by(
            _i.deaths.desc(),
            (_i.alarm_level >= rules.alarm_level).desc(),
            sa.or_(_i.amount_lost >= rules.amount, _i.amount_saved >= rules.amount).desc(),
            _i.priority,
            _i.alarm_level.desc(),
            money.desc(),
            _i.id,
        )
        .limit(rules.most_cases)
    ).scalars()
    wanted = [int(id_) for id_ in ids]
    found = {one.id: one for one in incidents.many(tx, wanted)}
    return int(count.scalar_one()), [found[id_] for id_ in wanted]


def still_open(tx: Tx, end: Instant, now: Instant, limit: int) -> tuple[int, int, list[Incident]]:
    """What was received before `end` and is not done: how many, how many of them late, and
    the first of them: late ones by their deadline, then by priority and deadline.
    """
    where = (_i.district == tx.district, _i.is_open == 1, _i.received < end)
    late = sa.case((_i.due < now, 1), else_=0)
    count, overdue = tx.conn.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(late), 0))
        .select_from(incident)
        .where(*where)
    ).one()
    ids = tx.conn.execute(
        sa.select(_i.id)
        .where(*where)
        .order_by(
            late.desc(),
            sa.case((_i.due < now, _i.due), else_=NO_DUE),
            _i.priority,
            _i.due,
            _i.id,
        )
        .limit(limit)
    ).scalars()
    wanted = [int(id_) for id_ in ids]
    found = {one.id: one for one in incidents.many(tx, wanted)}
    return int(count), int(overdue), [found[id_] for id_ in wanted]


def on_duty(tx: Tx, start: Instant, end: Instant) -> tuple[OnDuty, ...]:
    """The seats that did something in a period, who sat there, and how much was written.

    What the program did by itself, and what crews reported, is nobody's duty at a seat. Where
    no entry names an officer, it is the one who signed on to the seat last.
    """
    crews = sa.select(unit.c.call_sign).where(unit.c.district == tx.district)
    known = {one.name: one for one in seats.all_seats(tx)}
    guests = {name for name, one in known.items() if one.role in ("unit", "reader")}
    rows = tx.conn.execute(
        sa.select(_j.seat, _j.body)
        .where(
            *_written(tx, start, end),
            _j.seat != SYSTEM,
            _j.seat.not_in(crews),
            _j.seat.not_in(sorted(guests)),
        )
        .execution_options(yield_per=2_000)
    )
    deeds: Counter[str] = Counter()
    officers: dict[str, set[str]] = {}
    for name, body in rows:
        deeds[name] += 1
        officer = json.loads(body).get("officer", "")
        officers.setdefault(name, set()).update({officer} - {""})
    for name, there in officers.items():
        if not there and name in known and known[name].officer:
            there.add(known[name].officer)
    # A name that is no seat of ours and for which no officer wrote is a system that answered.
    return tuple(
        OnDuty(name, tuple(sorted(there)), deeds[name])
        for name, there in sorted(officers.items())
        if there or name in known
    )
