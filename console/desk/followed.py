"""What is followed to its end, as the officer sees it: loops, and the ten risk fields."""

from __future__ import annotations

from dataclasses import dataclass

from console.desk.desk import Desk
from console.domain.risk_fields import FieldStanding, Loop, standings
from console.store import loops


@dataclass(frozen=True, slots=True)
class LoopStanding:
    """How many matters of a loop are open, and how many of these overdue."""

    loop: Loop
    open: int
    overdue: int


def loop_standings(desk: Desk) -> tuple[LoopStanding, ...]:
    """Every loop, in the order of its file."""
    followed = desk.rules.followed
    with desk.store.read() as tx:
        found = loops.counts(tx, followed.playbooks, desk.clock.now())
    made = []
    for loop in followed.loops:
        pairs = [found.get(one, (0, 0)) for one in loop.playbooks]
        made.append(LoopStanding(loop, sum(a for a, _ in pairs), sum(b for _, b in pairs)))
    return tuple(made)


def field_standings(desk: Desk) -> tuple[FieldStanding, ...]:
    """Every risk field, counted from the records."""
    with desk.store.read() as tx:
        states = loops.by_category(tx)
        late = loops.overdue_by_category(tx, desk.clock.now())
    return standings(desk.rules.followed, states, late)
