"""Links to other systems: cursors, states, leases, and the tray of what nobody could read."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from console.domain.clock import Instant, Span
from console.store.engine import Tx
from console.store.tables import lease, link, outbox, unreadable

NEW, OK, FAULT = "new", "ok", "fault"


@dataclass(frozen=True, slots=True)
class LinkNow:
    """A link as it stands. Times in ms UTC."""

    system: str
    cursor: str = ""
    state: str = NEW
    since: Instant = 0
    seen: Instant | None = None
    last_item: Instant | None = None
    items: int = 0
    unread: int = 0
    fault: str = ""
    detail: str = ""


_COLUMNS = tuple(link.c[name] for name in LinkNow.__dataclass_fields__)


def get(tx: Tx, system: str) -> LinkNow:
    """A link; one that was never used is new."""
    row = tx.conn.execute(
        sa.select(*_COLUMNS).where(link.c.district == tx.district, link.c.system == system)
    ).one_or_none()
    return LinkNow(**row._mapping) if row else LinkNow(system)


def all_links(tx: Tx) -> list[LinkNow]:
    """Every link that was ever used, by its system's id."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS).where(link.c.district == tx.district).order_by(link.c.system)
    )
    return [LinkNow(**row._mapping) for row in rows]


def save(tx: Tx, now: LinkNow) -> None:
    """Write a link as it stands."""
    values = {name: getattr(now, name) for name in LinkNow.__dataclass_fields__}
    changed = tx.conn.execute(
        sa.update(link)
        .where(link.c.district == tx.district, link.c.system == now.system)
        .values(values)
    )
    if not changed.rowcount:
        tx.conn.execute(sa.insert(link), [{"district": tx.district, **values}])


def waiting(tx: Tx) -> dict[str, dict[str, int]]:
    """Orders that are not settled: system -> state -> how many."""
    rows = tx.conn.execute(
        sa.select(outbox.c.system, outbox.c.state, sa.func.count())
        .where(
            outbox.c.district == tx.district,
            outbox.c.state.in_(("waiting", "sending", "unknown")),
        )
        .group_by(outbox.c.system, outbox.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for system, state, n in rows:
        found.setdefault(system, {})[state] = int(n)
    return found


def take_lease(tx: Tx, name: str, holder: str, now: Instant, span: Span) -> bool:
    """Get or keep the sole right to a work until `now` + `span`; False when another has it.

    Args:
        tx: a write transaction.
        name: of the work.
        holder: who asks, the same word for ever.
        now: the wall clock of the holder.
        span: how long the right lasts without being renewed.
    """
    row = tx.conn.execute(
        sa.select(lease.c.holder, lease.c.until).where(
            lease.c.district == tx.district, lease.c.name == name
        )
    ).one_or_none()
    if row is None:
        tx.conn.execute(
            sa.insert(lease),
            [{"district": tx.district, "name": name, "holder": holder, "until": now + span}],
        )
        return True
    # A time that is further off than anybody may ask for was written by a wrong clock.
    if row.holder != holder and now < row.until <= now + 10 * span:
        return False
    tx.conn.execute(
        sa.update(lease)
        .where(lease.c.district == tx.district, lease.c.name == name)
        .values(holder=holder, until=now + span)
    )
    return True


def leave_lease(tx: Tx, name: str, holder: str) -> None:
    """Give a right back."""
    tx.conn.execute(
        sa.update(lease)
        .where(lease.c.district == tx.district, lease.c.name == name, lease.c.holder == holder)
        .values(until=0)
    )


@dataclass(frozen=True, slots=True)
class UnreadItem:
    """An item in the tray."""

    id: int
    at: Instant
    source: str
    reason: str
    raw: str
    state: str


_TRAY = tuple(unreadable.c[name] for name in UnreadItem.__dataclass_fields__)


def tray(tx: Tx, limit: int, before: int | None = None) -> list[UnreadItem]:
    """What waits in the tray, newest first; `before` is the id of the last one seen."""
    where = (unreadable.c.district == tx.district) & (unreadable.c.state == "waiting")
    if before is not None:
        where &= unreadable.c.id < before
    rows = tx.conn.execute(
        sa.select(*_TRAY).where(where).order_by(unreadable.c.id.desc()).limit(limit)
    )
    return [UnreadItem(**row._mapping) for row in rows]
