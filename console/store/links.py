"""Links to other systems: cursors, states, leases, and the tray of what nobody could read."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from console.domain.clock import MINUTE, Instant, Span
from console.domain.entry import Entry, read_entry
from console.store import journal as journal_store
from console.store.engine import Tx
from console.store.tables import journal, lease, link, outbox, unreadable

NEW, OK, FAULT = "new", "ok", "fault"

LOST_TOUCH: Span = 2 * MINUTE
"""A link that was not heard of for longer has not been well all the time."""


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


APART = "apart"
"""State of a message in the tray that raises nothing and waits for nobody."""


def apart(tx: Tx) -> dict[str, int]:
    """Messages that were kept apart: system -> how many."""
    rows = tx.conn.execute(
        sa.select(unreadable.c.source, sa.func.count())
        .where(unreadable.c.district == tx.district, unreadable.c.state == APART)
        .group_by(unreadable.c.source)
    )
    return {source: int(n) for source, n in rows}


@dataclass(frozen=True, slots=True)
class Held:
    """Who has the sole right to a work, and how often it was taken or renewed.

    No time is in it: whoever waits measures with its own clock how long the count stood
    still, so that clocks of two machines are never compared.
    """

    holder: str
    count: int


def take_lease(tx: Tx, name: str, holder: str, dead: Held | None = None) -> Held:
    """Get or keep the sole right to a work, when nobody else has it.

    Args:
        tx: a write transaction.
        name: of the work.
        holder: who asks, the same word for ever.
        dead: as it stood, and has stood too long: it is taken over if it stands so still.

    Returns:
        Who has it now.
    """
    here = (lease.c.district == tx.district) & (lease.c.name == name)
    seen = sa.select(lease.c.holder, lease.c.until).where(here)
    row = tx.conn.execute(seen).one_or_none()
    if row is None:
        first = {"district": tx.district, "name": name, "holder": holder, "until": 1}
        tx.conn.execute(sa.insert(lease), [first])
        return Held(holder, 1)
    now = Held(row.holder, row.until)
    if now.holder not in ("", holder) and now != dead:
        return now
    mine = Held(holder, now.count + 1)
    changed = tx.conn.execute(
        sa.update(lease)
        .where(here, lease.c.holder == now.holder, lease.c.until == now.count)
        .values(holder=mine.holder, until=mine.count)
    )
    if changed.rowcount:
        return mine
    return Held(*tx.conn.execute(seen).one())  # another one was faster


def leave_lease(tx: Tx, name: str, holder: str) -> None:
    """Give a right back."""
    tx.conn.execute(
        sa.update(lease)
        .where(lease.c.district == tx.district, lease.c.name == name, lease.c.holder == holder)
        .values(holder="", until=lease.c.until + 1)
    )


WAITING, ADOPTED, DROPPED = "waiting", "adopted", "dropped"
"""States of an item of the tray."""


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


def tray(
    tx: Tx, limit: int, before: int | None = None, source: str | None = None
) -> list[UnreadItem]:
    """What waits in the tray, newest first.

    Args:
        tx: a transaction.
        limit: how many at most.
        before: the id of the last one seen.
        source: only what came from there.
    """
    where = (unreadable.c.district == tx.district) & (unreadable.c.state == WAITING)
    if source is not None:
        where &= unreadable.c.source == source
    if before is not None:
        where &= unreadable.c.id < before
    rows = tx.conn.execute(
        sa.select(*_TRAY).where(where).order_by(unreadable.c.id.desc()).limit(limit)
    )
    return [UnreadItem(**row._mapping) for row in rows]


def in_tray(tx: Tx) -> dict[str, int]:
    """How many items wait in the tray, by source."""
    rows = tx.conn.execute(
        sa.select(unreadable.c.source, sa.func.count())
        .where(unreadable.c.district == tx.district, unreadable.c.state == WAITING)
        .group_by(unreadable.c.source)
    )
    return {row[0]: int(row[1]) for row in rows}


def item(tx: Tx, id_: int) -> UnreadItem | None:
    """One item of the tray, whatever became of it."""
    row = tx.conn.execute(
        sa.select(*_TRAY).where(unreadable.c.district == tx.district, unreadable.c.id == id_)
    ).one_or_none()
    return UnreadItem(**row._mapping) if row else None


def mark_item(tx: Tx, id_: int, state: str) -> None:
    """Say what became of an item."""
    tx.conn.execute(
        sa.update(unreadable)
        .where(unreadable.c.district == tx.district, unreadable.c.id == id_)
        .values(state=state)
    )


RECENT = 20_000
"""Entries of the program itself among which recent faults are looked for."""


def comings_and_goings(tx: Tx, system: str, limit: int) -> list[Entry]:
    """Journal entries about a link, newest first, of the recent past."""
    head, _hash = journal_store.head(tx)
    bodies = tx.conn.execute(
        sa.select(journal.c.body)
        .where(
            journal.c.district == tx.district,
            journal.c.seat == "system",
            journal.c.seq > head - RECENT,
            journal.c.verb == "link",
        )
        .order_by(journal.c.seq.desc())
    ).scalars()
    found: list[Entry] = []
    for body in bodies:
        entry = read_entry(body)
        if entry.system == system:
            found.append(entry)
            if len(found) == limit:
                break
    return found
