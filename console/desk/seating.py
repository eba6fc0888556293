"""Who may sit where: adding, changing and disabling seats, each with an entry of the journal."""

from __future__ import annotations

from dataclasses import replace

from console.desk.work import Work
from console.domain.message import Problem, msg
from console.store import seats

WORKING = frozenset({"officer", "supervisor"})
"""Roles that work on incidents; the third only reads."""


def add(work: Work, name: str, role: str, officer: str = "") -> None:
    """Add a seat, or change and enable one that is there."""
    if seats.get(work.tx, name) is None:
        seats.add(work.tx, name, role, officer)
        entry = work.entry("seat_added")
    else:
        seats.change(work.tx, name, role=role, officer=officer, disabled=0)
        entry = work.entry("seat_changed")
    if officer:
        seats.add_officer(work.tx, officer)
    work.log(replace(entry, source_id=name, reason=role, text=officer))


def disable(work: Work, name: str, *, sure: bool = False) -> None:
    """Nobody may sit there any more.

    Args:
        work: the transaction.
        name: the seat's.
        sure: also one's own seat, and the last one that works.

    Raises:
        Problem: there is no such seat, or it is one of these.
    """
    known = {one.name: one for one in seats.all_seats(work.tx)}
    if name not in known:
        raise Problem(msg("seat.not_added", seat=name, seats=tuple(known)))
    others = (one for one in known.values() if one.name != name and not one.disabled)
    if not sure and not any(one.role in WORKING for one in others):
        raise Problem(msg("seat.last_one", seat=name))
    if not sure and name == work.seat:
        raise Problem(msg("seat.own_one", seat=name))
    seats.change(work.tx, name, disabled=1)
    work.log(replace(work.entry("seat_disabled"), source_id=name))
