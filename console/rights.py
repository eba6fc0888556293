"""Who may run which command: one table, asked in one place.

A command that only reads, or keeps house, needs no seat. What changes the district's data needs
an officer's; what decides about others, or about the store, a supervisor's. As long as a store
has no supervisor anybody but a reader may do that, too: somebody has to be the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from console.desk.seating import WORKING
from console.domain.message import Problem, msg
from console.store import seats

if TYPE_CHECKING:
    from console.desk.desk import Desk


class Right(StrEnum):
    """What a command needs."""

    READ = "read"
    """Nothing: it reads what everybody at the console sees, or writes what cannot be read."""
    KEEP = "keep"
    """Nothing: it keeps house as the program itself, and changes no incident by a person's word."""
    ACT = "act"
    """A seat that works: the verb, or what is taken out, says which role it needs."""
    BRING = "bring"
    """An officer's seat: it brings data in."""
    ADMINISTER = "administer"
    """A supervisor's seat: it decides about others, or about the store."""


COMMANDS: Mapping[str, Right] = {
    "watch": Right.ACT,
    "demo": Right.KEEP,
    "do": Right.ACT,
    "incidents": Right.READ,
    "incident": Right.READ,
    "export": Right.ACT,
    "import": Right.BRING,
    "figures": Right.READ,
    "report": Right.READ,
    "doctor": Right.READ,
    "gateway": Right.KEEP,
    "simulate": Right.READ,
    "links": Right.READ,
    "loops": Right.READ,
    "usual": Right.READ,
    "wall": Right.READ,
    "map": Right.READ,
    "store upgrade": Right.ADMINISTER,
    "store verify": Right.READ,
    "store check": Right.READ,
    "store rebuild": Right.KEEP,
    "store backup": Right.KEEP,
    "store restore": Right.ADMINISTER,
    "seat add": Right.ADMINISTER,
    "seat list": Right.READ,
    "seat disable": Right.ADMINISTER,
    "unit add": Right.BRING,
    "unit list": Right.READ,
    "playbook check": Right.READ,
}


def need(desk: Desk, command: str) -> None:
    """Refuse what the desk's seat may not do.

    Raises:
        Problem: it may not; who may is named.
    """
    right = COMMANDS[command]
    if right not in (Right.BRING, Right.ADMINISTER):
        return
    with desk.store.read() as tx:
        known = {one.name: one for one in seats.all_seats(tx) if not one.disabled}
        own = seats.get(tx, desk.seat)
    role = own.role if own is not None and not own.disabled else ""
    if right is Right.BRING:
        if own is not None and own.disabled:
            raise Problem(msg("seat.disabled", seat=own.name))
        if role in WORKING or not known:
            return
        may = tuple(one.name for one in known.values() if one.role in WORKING)
        raise Problem(msg("rights.officer", command=command, seat=desk.seat, seats=may))
    supervisors = tuple(one.name for one in known.values() if one.role == "supervisor")
    if role == "supervisor" or (not supervisors and role != "reader"):
        return
    if not supervisors:
        raise Problem(msg("rights.no_supervisor", command=command, seat=desk.seat))
    raise Problem(msg("rights.supervisor", command=command, seat=desk.seat, seats=supervisors))
