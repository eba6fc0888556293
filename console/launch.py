"""Opening a desk: settings, rules, store, seat. Imported after the first frame."""

from __future__ import annotations

from pathlib import Path

from console.desk.desk import Desk
from console.desk.gateway import Gateway
from console.desk.ruleset import Ruleset, load
from console.desk.session import Session
from console.domain.clock import Clock, WallClock
from console.domain.message import Problem, msg
from console.domain.text import as_name
from console.settings import Settings
from console.settings import load as load_settings
from console.store import seats
from console.store.engine import Store, open_store

DEFAULT_SEAT = "一席"


def desk_of(chosen: Settings, readonly: bool = False, create: bool = True) -> Desk:
    """The desk that the settings describe.

    Raises:
        Problem: the rules have mistakes, the store cannot be opened, the seat is
            disabled.
    """
    rules = load(chosen.rules)
    store = open_store(
        chosen.store,
        district=chosen.district,
        zone=chosen.zone,
        readonly=readonly or chosen.readonly,
        create=create,
    )
    return sit_down(store, rules, WallClock(), chosen.seat or DEFAULT_SEAT)


def sit_down(store: Store, rules: Ruleset, clock: Clock, name: str) -> Desk:
    """Take a seat at a store; a seat that is not known yet is added as an officer's."""
    name = as_name(name) or DEFAULT_SEAT
    with store.read() as tx:
        seat = seats.get(tx, name)
    if seat is None and not store.readonly:
        with store.write() as tx:
            seats.add(tx, name)
    if seat is not None and seat.disabled:
        raise Problem(msg("seat.disabled", seat=name))
    if seat is None:
        return Desk(store, clock, rules, name, role="reader" if store.readonly else "officer")
    return Desk(store, clock, rules, name, seat.officer, seat.role)


def open_watch(**options: object) -> Session:
    """The session of ``zhiban watch``."""
    chosen = load_settings(**options)
    desk = desk_of(chosen)
    gateway = None if desk.store.readonly else Gateway(desk)
    return Session(
        desk,
        gateway,
        center=chosen.district_name,
        bell=chosen.bell,
        notify=chosen.notify,
        light=chosen.light,
        keys=chosen.keys,
    )


def rules_folder(path: str | None) -> Path | None:
    """A folder of rules as an option gives it."""
    return Path(path).expanduser() if path else None
