"""What anybody may see of incidents: a few columns, no person, nothing that is secret.

Who reported, what they said, the house, amounts and facts are not read here at all, so
that nothing behind this module can give them away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from console.domain.clock import Instant
from console.domain.incident import SERIALS, month_of
from console.domain.lifecycle import State
from console.store.engine import Tx
from console.store.incidents import local_day
from console.store.tables import NO_DUE, incident, journal

_c = incident.c
_COLUMNS = (
    _c.id,
    _c.state,
    _c.category,
    _c.town,
    _c.place,
    _c.lat,
    _c.lon,
    _c.received,
    _c.due,
    _c.closed,
    _c.department,
)


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """One incident as it may be shown, but for its place: that is still to be made coarse.

    Times in ms UTC; `changed` is when anything was last written down about it.
    """

    id: int
    state: State
    category: str
    town: str
    place: str
    lat: float | None
    lon: float | None
    received: Instant
    due: Instant | None
    closed: Instant | None
    department: str
    changed: Instant


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: trees of categories, and of these some; states; a span of receipt.

    `shown` and `hidden` are what may be seen at all; `ids` goes before the span.
    """

    shown: tuple[str, ...]
    hidden: tuple[str, ...]
    start: Instant
    end: Instant
    states: tuple[State, ...]
    codes: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None


def find(tx: Tx, wanted: Wanted, limit: int, offset: int = 0) -> list[PublicIncident]:
    """The incidents that are asked for, the newest first."""
    where = [
        _c.district == tx.district,
        _c.state.in_([state.value for state in wanted.states]),
        _within(wanted.shown),
        sa.not_(_within(wanted.hidden)) if wanted.hidden else sa.true(),
        # A fact of this name, whatever it says: better one too many is left out.
        _c.facts.not_like('%"secret"%'),
    ]
    if wanted.codes:
        where.append(_within(wanted.codes))
    if wanted.ids is not None:
        where += [_c.id.in_(wanted.ids), _c.month.in_({month_of(id_) for id_ in wanted.ids})]
    else:
        first, last = local_day(tx, wanted.start), local_day(tx, wanted.end)
        where += [
            _c.month.between(first // 100, last // 100),
            _c.id.between(first * SERIALS, (last + 1) * SERIALS),
            _c.received.between(wanted.start, wanted.end),
        ]
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(*where)
        .order_by(_c.month.desc(), _c.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    changed = _changed(tx, [row.id for row in rows])
    return [
        PublicIncident(
            id=row.id,
            state=State(row.state),
            category=row.category,
            town=row.town,
            place=row.place,
            lat=row.lat,
            lon=row.lon,
            received=row.received,
            due=None if row.due == NO_DUE else row.due,
            closed=row.closed,
            department=row.department,
            changed=changed.get(row.id, row.received),
        )
        for row in rows
    ]


def _within(codes: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether an incident's category is one of `codes` or stands below one."""
    one_of = [_c.category == code for code in codes]
    below = [_c.category.startswith(f"{code}.", autoescape=True) for code in codes]
    return sa.or_(*one_of, *below)


def _changed(tx: Tx, ids: Sequence[int]) -> dict[int, Instant]:
    """When the last entry about each was written."""
    rows = tx.conn.execute(
        sa.select(journal.c.incident, sa.func.max(journal.c.at))
        .where(journal.c.district == tx.district, journal.c.incident.in_(ids))
        .group_by(journal.c.incident)
    ).all()
    return {row[0]: row[1] for row in rows}
