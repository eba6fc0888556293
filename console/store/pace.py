"""The clock of a drill's store: how its time goes, for everybody else who opens it."""

from __future__ import annotations

import sqlalchemy as sa

from console.domain.clock import Clock, Pace, PacedClock, WallClock, read_pace
from console.store.engine import Store, Tx
from console.store.tables import setting

NAME = "clock"


def keep(tx: Tx, pace: Pace) -> None:
    """Write down how the store's time goes from now on."""
    here = (setting.c.district == tx.district) & (setting.c.name == NAME)
    changed = tx.conn.execute(sa.update(setting).where(here).values(value=pace.text()))
    if not changed.rowcount:
        row = {"district": tx.district, "name": NAME, "value": pace.text()}
        tx.conn.execute(sa.insert(setting), [row])


def clock_of(store: Store) -> Clock:
    """The clock of a store: that of the drill that it was made for, or the machine's."""
    with store.read() as tx:
        return clock_in(tx, WallClock())


def clock_in(tx: Tx, machine: Clock) -> Clock:
    """As `clock_of`, for who has a transaction and a clock of the machine."""
    text = tx.conn.execute(
        sa.select(setting.c.value).where(setting.c.district == tx.district, setting.c.name == NAME)
    ).scalar_one_or_none()
    pace = read_pace(text) if text is not None else None
    return PacedClock(pace, machine) if pace is not None else machine
