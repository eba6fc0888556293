"""Opening a desk: settings, rules, store, seat. Imported after the first frame.

What brings SQLModel is imported where the store is opened, so that a glance at the queue
comes before it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from console import private
from console.desk.ruleset import Ruleset, load
from console.desk.session import Session
from console.domain.clock import Clock, WallClock
from console.domain.message import Problem, msg
from console.domain.text import as_name
from console.early import data_folder
from console.settings import Settings
from console.settings import load as load_settings
from console.store.glance import Glance, glance

if TYPE_CHECKING:
    from adapters.port import Adapter
    from console.desk.desk import Desk
    from console.desk.photos import Reach
    from console.store.engine import Store

DEFAULT_SEAT = "一席"

AT_A_GLANCE = 60
"""Rows that are read before the store is open: as many as a tall terminal shows."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The head of the queue, and the rules by which it is drawn."""

    seen: Glance
    rules: Ruleset
    seat: str = ""
    """Who is about to sit down: whose incidents are marked as this seat's."""


Show = Callable[[Glimpse], object]
"""Takes what can be seen before the session is open; it may be called from any thread."""


def desk_of(
    chosen: Settings,
    readonly: bool = False,
    create: bool = True,
    show: Show | None = None,
    *,
    sits: bool = True,
    hurried: bool = True,
) -> Desk:
    """The desk that the settings describe.

    Args:
        chosen: the settings.
        readonly: open the store without changing anything.
        create: make a store that does not exist.
        show: gets the head of the queue before the store is open, when it can be seen.
        sits: something is done in the name of the seat; else nobody asks whether there is
            such a seat (it may just be being added).
        hurried: a server that does not answer in time is given up; what checks or counts
            everything waits for it.

    Raises:
        Problem: the rules have mistakes, the store cannot be opened, there is no such seat,
            or it is disabled.
    """
    rules = load(chosen.rules)
    if not readonly:
        private.narrow(data_folder(os.environ))
    if show is not None:
        seen = glance(chosen.store, chosen.district, WallClock().now(), AT_A_GLANCE)
        if seen is not None:
            show(Glimpse(seen, rules, as_name(chosen.seat or DEFAULT_SEAT)))
    from console.store.engine import open_store
    from console.store.pace import clock_of

    store = open_store(
        chosen.store,
        district=chosen.district,
        zone=chosen.zone,
        readonly=readonly or chosen.readonly,
        create=create,
        answer=chosen.patience if hurried else None,
    )
    name = chosen.seat or DEFAULT_SEAT
    if not sits:
        from console.desk.desk import Desk

        return Desk(store, clock_of(store), rules, as_name(name) or DEFAULT_SEAT)
    try:
        return sit_down(store, rules, clock_of(store), name)
    except Problem:
        store.close()
        raise


def sit_down(store: Store, rules: Ruleset, clock: Clock, name: str) -> Desk:
    """Take a seat at a store.

    The default seat is there from the start; every other one has to be added first: who
    mistypes a name would be an officer of a seat that nobody knows.

    Raises:
        Problem: there is no such seat, or it is disabled.
    """
    from console.desk.desk import Desk
    from console.store import seats

    name = as_name(name) or DEFAULT_SEAT
    with store.read() as tx:
        seat = seats.get(tx, name)
        others = [one.name for one in seats.all_seats(tx) if not one.disabled]
    if seat is None and name != DEFAULT_SEAT:
        if not others:
            raise Problem(msg("seat.none_yet", seat=name, default=DEFAULT_SEAT))
        raise Problem(msg("seat.not_added", seat=name, seats=tuple(others)))
    if seat is None and not store.readonly:
        with store.write() as tx:
            seats.add(tx, name)
    if seat is not None and seat.disabled:
        raise Problem(msg("seat.disabled", seat=name))
    if seat is None:
        return Desk(store, clock, rules, name, role="reader" if store.readonly else "officer")
    return Desk(store, clock, rules, name, seat.officer, seat.role)


def open_watch(show: Show | None = None, **options: object) -> Session:
    """The session of ``zhiban watch``.

    Args:
        show: as `desk_of`.
        options: what the command line gave, by the setting's name.
    """
    chosen = load_settings(**options)
    desk = desk_of(chosen, show=show)
    from console.desk.gateway import Gateway

    gateway: Gateway | None = None
    if not desk.store.readonly and (chosen.systems or chosen.links):
        from console.linking import OnlyOne, adapters_of

        gateway = Gateway(desk, adapters_of(chosen), OnlyOne(desk), chosen.longest_wait)
    elif not desk.store.readonly:
        gateway = Gateway(desk)
    return Session(
        desk,
        gateway,
        center=chosen.district_name,
        bell=chosen.bell,
        notify=chosen.notify,
        light=chosen.light,
        keys=chosen.keys,
        reach=_reach(chosen),
        reports=chosen.reports,
    )


def _reach(chosen: Settings) -> Reach:
    """How one system is reached for a moment; the client comes with the first of them."""

    def reach(system: str) -> Adapter | None:
        from console.linking import adapter_of

        return adapter_of(chosen, system)

    return reach


def rules_folder(path: str | None) -> Path | None:
    """A folder of rules as an option gives it."""
    return Path(path).expanduser() if path else None
