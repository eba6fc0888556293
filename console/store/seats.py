"""Seats, officers, and the drafts they left."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from console.domain.clock import Instant
from console.store.engine import Tx, insert_new
from console.store.tables import draft, officer, seat


@dataclass(frozen=True, slots=True)
class SeatNow:
    """A seat, its role, and the officer who signed on last."""

    name: str
    role: str
    officer: str
    disabled: int


_SEAT = tuple(seat.c[name] for name in SeatNow.__dataclass_fields__)


def get(tx: Tx, name: str) -> SeatNow | None:
    """A seat by name."""
    row = tx.conn.execute(
        sa.select(*_SEAT).where(seat.c.district == tx.district, seat.c.name == name)
    ).one_or_none()
    return SeatNow(**row._mapping) if row else None


def all_seats(tx: Tx) -> list[SeatNow]:
    """Every seat, by name."""
    rows = tx.conn.execute(
        sa.select(*_SEAT).where(seat.c.district == tx.district).order_by(seat.c.name)
    )
    return [SeatNow(**row._mapping) for row in rows]


def add(tx: Tx, name: str, role: str = "officer", on_duty: str = "") -> None:
    """Add a seat; one that is there already stays as it is."""
    insert_new(
        tx.conn,
        seat,
        [
            {
                "district": tx.district,
                "name": name,
                "role": role,
                "officer": on_duty,
                "disabled": 0,
            }
        ],
    )


def change(tx: Tx, name: str, **values: object) -> int:
    """Set columns of a seat; returns how many there were."""
    done = tx.conn.execute(
        sa.update(seat).where(seat.c.district == tx.district, seat.c.name == name).values(values)
    )
    return done.rowcount


def add_officer(tx: Tx, name: str, badge: str = "") -> None:
    """Add an officer; one who is there already stays as he is."""
    insert_new(
        tx.conn,
        officer,
        [{"district": tx.district, "name": name, "badge": badge, "disabled": 0}],
    )


def officers(tx: Tx) -> list[tuple[str, str]]:
    """(name, badge) of every officer who is not disabled."""
    rows = tx.conn.execute(
        sa.select(officer.c.name, officer.c.badge)
        .where(officer.c.district == tx.district, officer.c.disabled == 0)
        .order_by(officer.c.name)
    )
    return [(row.name, row.badge) for row in rows]


def keep_draft(tx: Tx, seat_name: str, kind: str, text: str, at: Instant) -> None:
    """Keep what a seat has typed; an empty text forgets it."""
    where = (draft.c.district == tx.district) & (draft.c.seat == seat_name) & (draft.c.kind == kind)
    tx.conn.execute(sa.delete(draft).where(where))
    if text:
        tx.conn.execute(
            sa.insert(draft),
            [
                {
                    "district": tx.district,
                    "seat": seat_name,
                    "kind": kind,
                    "text": text,
                    "at": at,
                }
            ],
        )


def drafts(tx: Tx, seat_name: str) -> dict[str, str]:
    """What a seat had typed and not sent: kind -> text."""
    rows = tx.conn.execute(
        sa.select(draft.c.kind, draft.c.text).where(
            draft.c.district == tx.district, draft.c.seat == seat_name
        )
    )
    return {row.kind: row.text for row in rows}
