"""When each device was last heard: one row a device."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.port import Heard
from console.domain.clock import Instant
from console.domain.heartbeats import LastHeard
from console.store.engine import Tx
from console.store.tables import heartbeat

_COLUMNS = tuple(heartbeat.c[name] for name in LastHeard.__dataclass_fields__)
_AT_ONCE = 500


def hear(tx: Tx, system: str, beats: Sequence[Heard], at: Instant) -> list[LastHeard]:
    """Write down signs of life; returns those that had been missed, as they were.

    What a sign of life does not say (kind, place) stays as it is known.
    """
    back: list[LastHeard] = []
    for start in range(0, len(beats), _AT_ONCE):
        some = {one.device: one for one in beats[start : start + _AT_ONCE]}
        known = {one.device: one for one in _of(tx, system, list(some))}
        back += [one for one in known.values() if one.missed is not None]
        for device, old in known.items():
            new = some.pop(device)
            tx.conn.execute(
                sa.update(heartbeat)
                .where(
                    heartbeat.c.district == tx.district,
                    heartbeat.c.system == system,
                    heartbeat.c.device == device,
                )
                .values(
                    seen=at,
                    missed=None,
                    category=new.category or old.category,
                    place=new.place or old.place,
                    town=new.town or old.town,
                )
            )
        if some:
            tx.conn.execute(
                sa.insert(heartbeat),
                [
                    {
                        "district": tx.district,
                        "system": system,
                        "device": one.device,
                        "seen": at,
                        "missed": None,
                        "category": one.category,
                        "place": one.place,
                        "town": one.town,
                    }
                    for one in some.values()
                ],
            )
    return back


def _of(tx: Tx, system: str, devices: Sequence[str]) -> list[LastHeard]:
    rows = tx.conn.execute(
        sa.select(*_COLUMNS).where(
            heartbeat.c.district == tx.district,
            heartbeat.c.system == system,
            heartbeat.c.device.in_(devices),
        )
    )
    return [LastHeard(**row._mapping) for row in rows]


def quiet(tx: Tx, system: str, before: Instant, limit: int = 10_000) -> list[LastHeard]:
    """Devices that were last heard before a moment and not missed yet, the longest first."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(
            heartbeat.c.district == tx.district,
            heartbeat.c.system == system,
            heartbeat.c.missed.is_(None),
            heartbeat.c.seen < before,
        )
        .order_by(heartbeat.c.seen, heartbeat.c.device)
        .limit(limit)
    )
    return [LastHeard(**row._mapping) for row in rows]


def miss(tx: Tx, system: str, devices: Sequence[LastHeard]) -> None:
    """Write down that devices are missed: not told again before they were heard."""
    for start in range(0, len(devices), _AT_ONCE):
        tx.conn.execute(
            sa.update(heartbeat)
            .where(
                heartbeat.c.district == tx.district,
                heartbeat.c.system == system,
                heartbeat.c.device.in_([d.device for d in devices[start : start + _AT_ONCE]]),
            )
            .values(missed=heartbeat.c.seen)
        )
