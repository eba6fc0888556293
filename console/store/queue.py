"""The queue: pages by key, counts, and where a row stands. Never all rows.

No page is read with OFFSET. Only a jump into the middle of a span of days is
(`console.store.past.near`): the rows that a condition leaves there lie unevenly, so that no
proportion would find the place.

Order: overdue first, then priority, then deadline, then age. "Overdue" depends on
the moment, so the order is made of eight stretches of one index, (overdue,
priority 1-4) and (not overdue, priority 1-4), each sorted by (due, received, id).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from console.domain.clock import Instant
from console.domain.filters import QueueFilter
from console.domain.incident import month_of
from console.domain.lifecycle import State
from console.domain.phones import is_phone, spoken
from console.domain.writing import narrow, writings
from console.store import past, words
from console.store.bulk import one_of
from console.store.engine import Tx
from console.store.queue_row import BEGINNING, NO_DUE
from console.store.queue_row import QueueKey as QueueKey
from console.store.queue_row import QueueRow as QueueRow
from console.store.queue_row import key_of as key_of
from console.store.tables import assignment, incident, tally

if TYPE_CHECKING:
    from console.domain.usual import Usual

_c = incident.c


_ROW = (
    _c.id,
    _c.state,
    _c.priority,
    _c.category,
    _c.town,
    _c.place,
    sa.func.substr(_c.text, 1, BEGINNING).label("text"),
    _c.received,
    _c.due,
    _c.seat,
    _c.reports,
    _c.units,
    _c.alarm_level,
)


_THESE = (
    sa.select(*_ROW)
    .where(
        _c.district == sa.bindparam("district"),
        _c.month.in_(sa.bindparam("months", expanding=True)),
        _c.id.in_(sa.bindparam("ids", expanding=True)),
    )
    .order_by(_c.id.desc())
)
"""Incidents by their ids; made once, for every verb asks for its own."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the queue shows: a filter, at a moment."""

    filter: QueueFilter
    now: Instant

    def stretches(self) -> list[tuple[bool, int]]:
        """The stretches of the order that can hold a row of the filter."""
        overdue = [True] if self.filter.overdue else [True, False]
        priorities = [self.filter.priority] if self.filter.priority else [1, 2, 3, 4]
        return [(late, priority) for late in overdue for priority in priorities]


def page(
    tx: Tx,
    selection: Selection,
    limit: int,
    after: QueueKey | None = None,
    before: QueueKey | None = None,
) -> list[QueueRow]:
    """Up to `limit` rows in order: from the top, behind `after`, or up to `before`.

    With `before` they are the rows directly above it; with neither and a negative
    `limit`, the last ones.
    """
    if selection.filter.span is not None:
        return _past_page(tx, selection, limit, after, before)
    backwards = before is not None or limit < 0
    anchor = before or after
    few = _few(tx, selection)
    if few is not None:
        return _part(few, selection, abs(limit), anchor, backwards)
    left = abs(limit)
    rows: list[QueueRow] = []
    for stretch in _from(selection, anchor, backwards):
        if left <= 0:
            break
        columns = (_c.due, _c.received, _c.id)
        query = (
            sa.select(*_ROW)
            .where(*_stretch(tx, selection, stretch), *_filter(tx, selection.filter))
            .order_by(*(c.desc() if backwards else c for c in columns))
            .limit(left)
        )
        found = [_row(row) for row in tx.conn.execute(query).mappings()]
        rows.extend(found)
        left -= len(found)
    return rows[::-1] if backwards else rows


def _past(tx: Tx, selection: Selection) -> past.Where:
    """The conditions of a selection that has a span."""
    chosen = selection.filter
    few: list[sa.ColumnElement[bool]] = []
    ids = words.rare_hits(tx.conn, tx.district, chosen.words) if chosen.words else None
    if ids is not None:
        few = [_c.id.in_(_holding(tx, ids, chosen.words))]
        chosen = replace(chosen, words=())
    assert chosen.span is not None
    where = [*few, *past.conditions(tx, chosen.span), *_filter(tx, chosen)]
    if chosen.priority:
        where.append(_c.priority == chosen.priority)
    if chosen.overdue:
        where += [_c.is_open == sa.literal_column("1"), _c.due < selection.now]
    return where


def _past_page(
    tx: Tx, selection: Selection, limit: int, after: QueueKey | None, before: QueueKey | None
) -> list[QueueRow]:
    found = past.ids(
        tx,
        _past(tx, selection),
        limit,
        after=after.id if after is not None else None,
        before=before.id if before is not None else None,
    )
    return rows_of(tx, found)


def just_before(selection: Selection, key: QueueKey) -> QueueKey:
    """A key directly above `key`, to read from it on."""
    step = 1 if selection.filter.span is not None else -1
    return QueueKey(key.priority, key.due, key.received, key.id + step)


def just_behind(selection: Selection, key: QueueKey) -> QueueKey:
    """A key directly below `key`, to read up to it."""
    step = -1 if selection.filter.span is not None else 1
    return QueueKey(key.priority, key.due, key.received, key.id + step)


def find_key(tx: Tx, selection: Selection, id_: int) -> QueueKey | None:
    """Where an incident stands; None when it is not in the selection."""
    if selection.filter.span is not None:
        where = [*_past(tx, selection), _c.month == month_of(id_), _c.id == id_]
        there = past.count(tx, where) == 1
        return key_of(rows_of(tx, [id_])[0]) if there else None
    held = bool(_holding(tx, [id_], selection.filter.words))
    row = (
        tx.conn.execute(
            sa.select(*_ROW).where(
                _c.district == tx.district,
                _c.month == month_of(id_),
                _c.id == id_,
                _c.is_open == 1,
                *_filter(tx, replace(selection.filter, words=())),
                *([_c.due < selection.now] if selection.filter.overdue else []),
                *([_c.priority == selection.filter.priority] if selection.filter.priority else []),
            )
        )
        .mappings()
        .one_or_none()
    )
    return key_of(_row(row)) if row and held else None


def rank(tx: Tx, selection: Selection, key: QueueKey) -> int:
    """How many rows stand above `key`."""
    if selection.filter.span is not None:
        return past.count(tx, _past(tx, selection), above=key.id)
    few = _few(tx, selection)
    if few is not None:
        return _place(few, selection, key)
    return sum(
        int(
            tx.conn.execute(
                sa.select(sa.func.count())
                .select_from(incident)
                .where(*_stretch(tx, selection, stretch), *_filter(tx, selection.filter))
            ).scalar_one()
        )
        for stretch in _from(selection, key, backwards=True)
    )


def near(tx: Tx, selection: Selection, index: int, total: int) -> QueueKey | None:
    """A key close to the `index`-th of `total` rows, for a jump into the middle.

    Found by the counts of the stretches and by proportion of deadlines within one:
    the caller asks `rank` where it really stands.
    """
    left = max(0, min(index, total - 1))
    if selection.filter.span is not None:
        id_ = past.near(tx, _past(tx, selection), left)
        return None if id_ is None else key_of(rows_of(tx, [id_])[0])
    few = _few(tx, selection)
    if few is not None:
        return key_of(few[min(left, len(few) - 1)]) if few else None
    for stretch in _from(selection, None, backwards=False):
        where = [*_stretch(tx, selection, stretch), *_filter(tx, selection.filter)]
        n, first, last = tx.conn.execute(
            sa.select(sa.func.count(), sa.func.min(_c.due), sa.func.max(_c.due))
            .select_from(incident)
            .where(*where)
        ).one()
        if left >= n:
            left -= n
            continue
        column, low, high = _c.due, first, last
        if first == last:
            # No deadlines to go by (or all the same): by age.
            column = _c.received
            low, high = tx.conn.execute(
                sa.select(sa.func.min(column), sa.func.max(column))
                .select_from(incident)
                .where(*where)
            ).one()
        at = low + (high - low) * left // max(1, n)
        row = (
            tx.conn.execute(
                sa.select(*_ROW)
                .where(*where, column >= at)
                .order_by(_c.due, _c.received, _c.id)
                .limit(1)
            )
            .mappings()
            .one_or_none()
        )
        return key_of(_row(row)) if row else None
    return None


def rows_of(tx: Tx, ids: Sequence[int]) -> list[QueueRow]:
    """These incidents as rows, open or over, newest first."""
    if not ids:
        return []
    values = {
        "district": tx.district,
        "months": sorted({month_of(id_) for id_ in ids}),
        "ids": list(ids),
    }
    return [_row(row) for row in tx.conn.execute(_THESE, values).mappings()]


def listed(tx: Tx, chosen: QueueFilter, limit: int) -> tuple[int, list[QueueRow]]:
    """How many incidents of any state the filter holds, and the newest of them."""
    where = [_c.district == tx.district, *_filter(tx, chosen)]
    count = tx.conn.execute(
        sa.select(sa.func.count()).select_from(incident).where(*where)
    ).scalar_one()
    rows = tx.conn.execute(
        sa.select(*_ROW).where(*where).order_by(_c.month.desc(), _c.id.desc()).limit(limit)
    ).mappings()
    return int(count), [_row(row) for row in rows]


def search_among(tx: Tx, ids: Sequence[int], wanted: Sequence[str]) -> list[QueueRow]:
    """Those of the incidents, open or over, that hold every word; newest first."""
    return rows_of(tx, _holding(tx, ids, wanted))


def search(tx: Tx, wanted: Sequence[str], limit: int = words.RARE) -> list[QueueRow]:
    """Incidents, open or over, that hold every word; newest first, at most `limit`."""
    ids = words.rare_hits(tx.conn, tx.district, wanted)
    if ids is not None:
        return rows_of(tx, _holding(tx, ids, wanted))
    where = [_c.district == tx.district, *_filter(tx, QueueFilter(words=tuple(wanted)))]
    below: int | None = None
    found: list[QueueRow] = []
    while len(found) < limit:
        # The index leads from one to the next; without it all that lies between is read.
        ids = words.newest_hits(tx.conn, tx.district, wanted, limit, below)
        if ids is None:
            break
        found += _read(tx, [*where, _c.month.in_({month_of(i) for i in ids}), _c.id.in_(ids)])
        if len(ids) < limit:
            return found[:limit]
        below = ids[-1]
    return found[:limit] if found else _read(tx, where, limit)


def _read(
    tx: Tx, where: Sequence[sa.ColumnElement[bool]], limit: int | None = None
) -> list[QueueRow]:
    """Rows for which the conditions hold, newest first."""
    rows = tx.conn.execute(
        sa.select(*_ROW).where(*where).order_by(_c.month.desc(), _c.id.desc()).limit(limit)
    ).mappings()
    return [_row(row) for row in rows]


def _holding(tx: Tx, ids: Sequence[int], wanted: Sequence[str]) -> list[int]:
    """Those of the incidents whose texts really hold the words (the index knows pairs only).

    What has one writing only is left to the database; telephone numbers and what may be wide
    are compared here.
    """
    if not ids or not wanted:
        return list(ids)
    single = tuple(word for word in wanted if len(writings(word)) == 1)
    others = [word for word in wanted if word not in single]
    texts = tx.conn.execute(
        sa.select(_c.id, *((_c.place, _c.text, _c.phone) if others else ())).where(
            _c.district == tx.district,
            _c.month.in_({month_of(id_) for id_ in ids}),
            _c.id.in_(ids),
            *_filter(tx, QueueFilter(words=single)),
        )
    )
    kept = {int(id_) for id_, *parts in texts if all(_said(word, parts) for word in others)}
    return [id_ for id_ in ids if id_ in kept]


def _said(word: str, texts: Sequence[str]) -> bool:
    """Whether one of the texts holds a word; a telephone number by its digits."""
    if is_phone(word) and any(spoken(word, text) for text in texts):
        return True
    low = narrow(word).lower()
    return any(low in narrow(text).lower() for text in texts)


def total(tx: Tx, selection: Selection) -> int:
    """How many rows the filter holds: always true, never capped."""
    chosen = selection.filter
    if chosen.span is not None:
        return past.count(tx, _past(tx, selection))
    if chosen == QueueFilter():
        return sum(n for state, n in state_counts(tx).items() if state in OPEN_STATES)
    few = _few(tx, selection)
    if few is not None:
        return len(few)
    where = [
        _c.district == tx.district,
        _c.is_open == sa.literal_column("1"),
        *_filter(tx, chosen),
    ]
    if chosen.priority:
        where.append(_c.priority == chosen.priority)
    if chosen.overdue:
        return overdue_count(tx, selection.now, *where[2:])
    return int(
        tx.conn.execute(sa.select(sa.func.count()).select_from(incident).where(*where)).scalar_one()
    )


def quick_total(tx: Tx, selection: Selection) -> int | None:
    """As `total`, where it is found at once; None where a great store is read from end to end."""
    chosen = selection.filter
    kinds = replace(chosen, field="", states=())
    if kinds == QueueFilter():
        return _tallied(tx, chosen)
    if chosen.words or chosen.unit:
        few = _few(tx, selection)
        return len(few) if few is not None else None
    one = sum(map(bool, (chosen.town, chosen.seat, chosen.priority, chosen.overdue))) == 1
    if one and chosen == replace(QueueFilter(), **_alone(chosen)):
        return total(tx, selection)
    return None


def _alone(chosen: QueueFilter) -> dict[str, Any]:
    """Of a filter what an index of the queue begins with, each by itself."""
    return {name: getattr(chosen, name) for name in ("town", "seat", "priority", "overdue")}


def _tallied(tx: Tx, chosen: QueueFilter) -> int:
    """How many open incidents there are of a field and of states (all without any)."""
    wanted = OPEN_STATES & set(chosen.states) if chosen.states else OPEN_STATES
    where = [tally.c.district == tx.district, tally.c.state.in_(sorted(wanted))]
    if chosen.field:
        where.append(tally.c.field == chosen.field)
    return int(tx.conn.execute(sa.select(sa.func.sum(tally.c.n)).where(*where)).scalar() or 0)


OPEN_STATES = {"new", "accepted", "active", "resolved", "transferred"}


NARROW = 500
"""So many ids narrow a search; of more, what is found is compared with them."""


def unaccepted(tx: Tx, ids: Collection[int] | None = None, since: Instant = 0) -> list[int]:
    """Incidents of the first priority that nobody has accepted: the longest overdue first.

    Args:
        tx: the transaction.
        ids: only these; None for all.
        since: only those received later (ms UTC).
    """
    where = [
        _c.district == tx.district,
        _c.is_open == sa.literal_column("1"),
        _c.state == State.NEW.value,
        _c.priority == 1,
        _c.received > since,
    ]
    if ids is not None and len(ids) <= NARROW:
        where.append(one_of(tx, _c.id, list(ids)))
    query = sa.select(_c.id).where(*where).order_by(_c.due, _c.received, _c.id)
    found = [int(id_) for id_ in tx.conn.execute(query).scalars()]
    return found if ids is None else [id_ for id_ in found if id_ in ids]


def state_counts(tx: Tx) -> dict[str, int]:
    """How many incidents stand in each state."""
    rows = tx.conn.execute(
        sa.select(tally.c.state, sa.func.sum(tally.c.n))
        .where(tally.c.district == tx.district)
        .group_by(tally.c.state)
    )
    return {row[0]: int(row[1]) for row in rows}


def overdue_count(tx: Tx, now: Instant, *more: sa.ColumnElement[bool]) -> int:
    """How many open incidents are past their nearest deadline."""
    return int(
        tx.conn.execute(
            sa.select(sa.func.count())
            .select_from(incident)
            .where(
                _c.district == tx.district,
                _c.is_open == sa.literal_column("1"),
                _c.priority.in_((1, 2, 3, 4)),
                _c.due < now,
                *more,
            )
        ).scalar_one()
    )


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """What the strip says of one field."""

    field: str
    usual: Usual
    """Today, the last 24 hours, and how they stand to what is usual."""
    overdue: int


def field_counts(tx: Tx, fields: Sequence[str], now: Instant) -> tuple[FieldCounts, ...]:
    """How the fields stand: today, against usual, and what is overdue."""
    from console.store.usual import standings

    found = standings(tx, now, fields)
    return tuple(
        FieldCounts(field, found[field], overdue_count(tx, now, _c.field == field))
        for field in fields
    )


def _row(row: sa.RowMapping) -> QueueRow:
    # In the order of `_ROW`, which is that of the fields: a page is hundreds of them.
    values: list[Any] = list(row.values())
    id_, state, priority, category, town, place, text, received, due, *rest = values
    known = None if due == NO_DUE else due
    return QueueRow(
        id_, _STATES[state], priority, category, town, place, text, received, known, *rest
    )


_STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the order: (over)due, a priority; and the row to begin behind, if any."""

    late: bool
    priority: int
    edge: QueueKey | None
    backwards: bool


def _from(selection: Selection, anchor: QueueKey | None, backwards: bool) -> Iterator[_Stretch]:
    """The stretches from `anchor` on (or back), the first one with where to start."""
    stretches = selection.stretches()
    if backwards:
        stretches.reverse()
    at = None if anchor is None else (not anchor.due < selection.now, anchor.priority)
    for late, priority in stretches:
        here = (not late, priority)
        if here == at:
            yield _Stretch(late, priority, anchor, backwards)
        elif at is None or ((here < at) if backwards else (here > at)):
            yield _Stretch(late, priority, None, backwards)


def _stretch(tx: Tx, selection: Selection, part: _Stretch) -> list[sa.ColumnElement[bool]]:
    # is_open and priority are written out, so that the planner sees the partial index.
    where = [
        _c.district == tx.district,
        _c.is_open == sa.literal_column("1"),
        _c.priority == part.priority,
    ]
    if part.edge is not None:
        order = sa.tuple_(_c.due, _c.received, _c.id)
        edge = sa.tuple_(part.edge.due, part.edge.received, part.edge.id)
        where.append(order < edge if part.backwards else order > edge)
        if part.late is part.backwards:
            # The edge lies on the same side as now and is nearer. Saying both would
            # leave it to the planner which of them to begin at, and it takes the wrong one.
            return where
    where.append(_c.due < selection.now if part.late else _c.due >= selection.now)
    return where


def _few(tx: Tx, selection: Selection) -> list[QueueRow] | None:
    """The whole selection in order, when words or a unit leave only a few of them.

    None when they do not: then the queue is walked.
    """
    chosen = selection.filter
    ids = words.rare_hits(tx.conn, tx.district, chosen.words) if chosen.words else None
    if ids is not None:
        # Held against the words here: the database knows no widths and no telephone numbers.
        ids = _holding(tx, ids, chosen.words)
        chosen = replace(chosen, words=())
    if chosen.unit:
        out = set(_out(tx, chosen.unit))
        ids = [id_ for id_ in ids if id_ in out] if ids is not None else sorted(out)
    if ids is None:
        return None
    where = [
        _c.district == tx.district,
        _c.month.in_({month_of(id_) for id_ in ids}),
        _c.id.in_(ids),
        _c.is_open == 1,
        *_filter(tx, chosen),
        *([_c.due < selection.now] if chosen.overdue else []),
        *([_c.priority == chosen.priority] if chosen.priority else []),
    ]
    rows = [_row(row) for row in tx.conn.execute(sa.select(*_ROW).where(*where)).mappings()]
    return sorted(rows, key=lambda row: _order(selection, key_of(row)))


def _order(selection: Selection, key: QueueKey) -> tuple[bool, int, int, int, int]:
    return (key.due >= selection.now, key.priority, key.due, key.received, key.id)


def _place(few: list[QueueRow], selection: Selection, key: QueueKey) -> int:
    """Before how many rows `key` stands."""
    return bisect_left(few, _order(selection, key), key=lambda row: _order(selection, key_of(row)))


def _part(
    few: list[QueueRow],
    selection: Selection,
    limit: int,
    anchor: QueueKey | None,
    backwards: bool,
) -> list[QueueRow]:
    """A page of a selection that is there as a whole."""
    if backwards:
        end = len(few) if anchor is None else _place(few, selection, anchor)
        return few[max(0, end - limit) : end]
    start = 0
    if anchor is not None:
        start = _place(few, selection, anchor)
        if start < len(few) and key_of(few[start]) == anchor:
            start += 1
    return few[start : start + limit]


def _out(tx: Tx, call_sign: str) -> list[int]:
    """The incidents that a unit is out on."""
    out = sa.select(assignment.c.incident).where(
        assignment.c.district == tx.district,
        assignment.c.is_out == sa.literal_column("1"),
        assignment.c.call_sign == call_sign,
    )
    return [int(id_) for id_ in tx.conn.execute(out).scalars()]


def _filter(tx: Tx, chosen: QueueFilter) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if chosen.field:
        where.append(_c.field == chosen.field)
    if chosen.category:
        where.append(
            sa.or_(_c.category == chosen.category, _c.category.startswith(f"{chosen.category}."))
        )
    if chosen.town:
        where.append(_c.town == chosen.town)
    if chosen.states:
        where.append(_c.state.in_(chosen.states))
    if chosen.seat:
        where.append(_c.seat == chosen.seat)
    if chosen.unit:
        where.append(_c.id.in_(_out(tx, chosen.unit)))
    for word in chosen.words:
        where.append(
            sa.or_(
                *(
                    sa.func.lower(column).contains(low, autoescape=True)
                    for low in writings(word)
                    for column in (_c.place, _c.text)
                ),
                _c.phone.contains(narrow(word).lower(), autoescape=True),
            )
        )
    return where
