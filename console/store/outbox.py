"""The outbox: what must reach another system is a row before it is a request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from console.domain.clock import Instant
from console.store.engine import Tx
from console.store.tables import outbox

WAITING, SENDING, CONFIRMED = "waiting", "sending", "confirmed"
REFUSED, UNKNOWN, WITHDRAWN = "refused", "unknown", "withdrawn"


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """An order as it stands in the outbox. Times in ms UTC."""

    key: str
    incident: int | None
    system: str
    action: str
    body: Mapping[str, str | int | float | None]
    state: str
    attempts: int
    created: Instant
    next_at: Instant
    answered: Instant | None
    answer: str
    reference: str


_COLUMNS = tuple(outbox.c[name] for name in KeptOrder.__dataclass_fields__)


def put(
    tx: Tx,
    key: str,
    id_: int | None,
    system: str,
    action: str,
    body: Mapping[str, str | int | float | None],
    at: Instant,
) -> None:
    """Write an order; it is sent by the courier, not here."""
    tx.conn.execute(
        sa.insert(outbox),
        [
            {
                "district": tx.district,
                "key": key,
                "incident": id_,
                "system": system,
                "action": action,
                "body": json.dumps(dict(body), ensure_ascii=False, sort_keys=True),
                "created": at,
                "next_at": at,
            }
        ],
    )


def _value(row: sa.Row[tuple[object, ...]]) -> KeptOrder:
    values = dict(row._mapping)
    values["body"] = json.loads(str(values["body"]))
    return KeptOrder(**values)


def get(tx: Tx, key: str) -> KeptOrder | None:
    """One order by its idempotency key."""
    row = tx.conn.execute(
        sa.select(*_COLUMNS).where(outbox.c.district == tx.district, outbox.c.key == key)
    ).one_or_none()
    return _value(row) if row else None


def of_incident(tx: Tx, id_: int) -> list[KeptOrder]:
    """The orders that an incident has caused, oldest first."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(outbox.c.district == tx.district, outbox.c.incident == id_)
        .order_by(outbox.c.created, outbox.c.key)
    )
    return [_value(row) for row in rows]


def mark_of(key: str) -> str:
    """What an officer calls an order: four signs that are made of its key."""
    return hashlib.sha256(key.encode()).hexdigest()[:4].upper()


def marked(tx: Tx, named: str) -> list[KeptOrder]:
    """Orders with this mark or key; those that are over only by their key."""
    found = get(tx, named)
    if found is not None:
        return [found]
    keys = tx.conn.execute(
        sa.select(outbox.c.key).where(
            outbox.c.district == tx.district,
            outbox.c.state.in_((UNKNOWN, WAITING, SENDING)),
        )
    ).scalars()
    wanted = named.upper()
    kept = (get(tx, key) for key in list(keys) if mark_of(key) == wanted)
    return [one for one in kept if one is not None]


def unsettled(tx: Tx, system: str, limit: int) -> list[KeptOrder]:
    """Orders for a system that are not settled: unknown ones first, then by age."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(
            outbox.c.district == tx.district,
            outbox.c.state.in_((UNKNOWN, WAITING, SENDING)),
            outbox.c.system == system,
        )
        .order_by(outbox.c.state != UNKNOWN, outbox.c.created, outbox.c.key)
        .limit(limit)
    )
    return [_value(row) for row in rows]


def everything(tx: Tx) -> list[KeptOrder]:
    """Every order there is, in the order in which they were written."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(outbox.c.district == tx.district)
        .order_by(outbox.c.created, outbox.c.key)
    )
    return [_value(row) for row in rows]


def said_to_all(tx: Tx, actions: Collection[str], limit: int) -> list[KeptOrder]:
    """The newest orders of such actions that are about no incident, the newest first."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(
            outbox.c.district == tx.district,
            outbox.c.incident.is_(None),
            outbox.c.action.in_(actions),
        )
        .order_by(outbox.c.created.desc(), outbox.c.key.desc())
        .limit(limit)
    )
    return [_value(row) for row in rows]


def ready(tx: Tx, now: Instant, limit: int = 50) -> list[KeptOrder]:
    """Orders whose time to be sent has come, oldest first."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(
            outbox.c.district == tx.district,
            outbox.c.state.in_((WAITING, SENDING)),
            outbox.c.next_at <= now,
        )
        .order_by(outbox.c.next_at, outbox.c.key)
        .limit(limit)
    )
    return [_value(row) for row in rows]


def hurry(tx: Tx, system: str, at: Instant) -> None:
    """What waits for its next try at a system is due at `at`."""
    tx.conn.execute(
        sa.update(outbox)
        .where(
            outbox.c.district == tx.district,
            outbox.c.system == system,
            outbox.c.state == WAITING,
            outbox.c.next_at > at,
        )
        .values(next_at=at)
    )


def change(tx: Tx, key: str, **values: object) -> None:
    """Set columns of an order."""
    tx.conn.execute(
        sa.update(outbox)
        .where(outbox.c.district == tx.district, outbox.c.key == key)
        .values(values)
    )


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """How many orders are not settled: (system, state) -> number."""
    rows = tx.conn.execute(
        sa.select(outbox.c.system, outbox.c.state, sa.func.count())
        .where(
            outbox.c.district == tx.district,
            outbox.c.state.in_((WAITING, SENDING, UNKNOWN)),
        )
        .group_by(outbox.c.system, outbox.c.state)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}
