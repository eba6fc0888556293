"""What is not closed yet, by playbook: read by key, merged from one stretch a playbook.

The order is that of the deadlines: what is overdue comes first by itself, then what is due
next; without a deadline by age. Each playbook is one range of ``ix_incident_loop``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

import sqlalchemy as sa

from console.domain.clock import Instant
from console.domain.incident import month_of
from console.store import queue
from console.store.engine import Tx
from console.store.queue_row import QueueRow
from console.store.tables import incident

_c = incident.c
_OPEN = _c.is_open == sa.literal_column("1")

FIELDS = ("fire", "traffic", "fraud", "other")


@dataclass(frozen=True, slots=True, order=True)
class LoopKey:
    """Where an incident stands in the order; `due` is `NO_DUE` where there is none."""

    due: int
    received: int
    id: int


def page(
    tx: Tx,
    playbooks: Sequence[str],
    limit: int,
    *,
    after: LoopKey | None = None,
    before: LoopKey | None = None,
) -> list[QueueRow]:
    """Up to `limit` rows from the top, behind `after`, or directly above `before`.

    With neither and a negative `limit`, the last ones.
    """
    back = before is not None or limit < 0
    stretches = [_stretch(tx, one, abs(limit), after, before, back) for one in playbooks]
    keys = list(islice(merge(*stretches, reverse=back), abs(limit)))
    if back:
        keys.reverse()
    by_id = {row.id: row for row in queue.rows_of(tx, [key.id for key in keys])}
    return [by_id[key.id] for key in keys if key.id in by_id]


def _stretch(
    tx: Tx, playbook: str, limit: int, after: LoopKey | None, before: LoopKey | None, back: bool
) -> list[LoopKey]:
    columns = (_c.due, _c.received, _c.id)
    here = sa.tuple_(*columns)
    query = sa.select(*columns).where(_c.district == tx.district, _c.playbook == playbook, _OPEN)
    if after is not None:
        query = query.where(here > _literal(after))
    if before is not None:
        query = query.where(here < _literal(before))
    query = query.order_by(*(c.desc() if back else c for c in columns)).limit(limit)
    return [LoopKey(*row) for row in tx.conn.execute(query)]


def _literal(key: LoopKey) -> sa.Tuple:
    return sa.tuple_(sa.literal(key.due), sa.literal(key.received), sa.literal(key.id))


def key_of(tx: Tx, id_: int, playbooks: Collection[str]) -> LoopKey | None:
    """Where an incident stands; None when it is not among them, or over."""
    row = tx.conn.execute(
        sa.select(_c.due, _c.received, _c.id).where(
            _c.district == tx.district,
            _c.month == month_of(id_),
            _c.id == id_,
            _c.playbook.in_(playbooks),
            _OPEN,
        )
    ).one_or_none()
    return LoopKey(*row) if row else None


def rank(tx: Tx, playbooks: Sequence[str], key: LoopKey) -> int:
    """How many rows stand above `key`."""
    here = sa.tuple_(_c.due, _c.received, _c.id)
    return sum(
        int(
            tx.conn.execute(
                sa.select(sa.func.count())
                .select_from(incident)
                .where(
                    _c.district == tx.district,
                    _c.playbook == one,
                    _OPEN,
                    here < _literal(key),
                )
            ).scalar_one()
        )
        for one in playbooks
    )


def counts(tx: Tx, playbooks: Collection[str], now: Instant) -> dict[str, tuple[int, int]]:
    """How many are open and how many of these overdue: playbook -> (open, overdue)."""
    rows = tx.conn.execute(
        sa.select(_c.playbook, sa.func.count(), sa.func.sum(sa.case((_c.due < now, 1), else_=0)))
        .where(_c.district == tx.district, _c.playbook.in_(playbooks), _OPEN)
        .group_by(_c.playbook)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def by_category(tx: Tx) -> list[tuple[str, str, int]]:
    """(category, state, how many incidents), of all that there ever were."""
    rows = tx.conn.execute(
        sa.select(_c.category, _c.state, sa.func.count())
        .where(_c.district == tx.district)
        .group_by(_c.category, _c.state)
    )
    return [(row[0], row[1], int(row[2])) for row in rows]


def overdue_by_category(tx: Tx, now: Instant) -> dict[str, int]:
    """How many open incidents are past their deadline, by category."""
    rows = tx.conn.execute(
        sa.select(_c.category, sa.func.count())
        .where(_c.district == tx.district, _OPEN, _c.field.in_(FIELDS), _c.due < now)
        .group_by(_c.category)
    )
    return {row[0]: int(row[1]) for row in rows}
