"""The group as the officer sees it: messages, what everybody was told, points and helpers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from console.domain.points import PointsEntry
from console.store import group, outbox, points
from console.store.group import GroupMessage
from console.store.outbox import KeptOrder
from console.store.points import Standing

if TYPE_CHECKING:
    from console.desk.desk import Desk

WAITING = 300
"""Messages that wait and are shown: the oldest first, they are the most urgent."""

LATELY = 300
"""Messages that are over and are shown: the newest first."""

SAID, POSTED = 12, 12
"""Bulletins, and postings of points, that are shown."""

VOLUNTEERS = "community.volunteer"


@dataclass(frozen=True, slots=True)
class GroupView:
    """Everything about the group at one moment."""

    messages: tuple[GroupMessage, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    """(state, how many messages are in it)."""
    said: tuple[KeptOrder, ...] = ()
    """What everybody was told, the newest first."""
    postings: tuple[PointsEntry, ...] = ()
    points: Standing = field(default_factory=Standing)
    volunteers: int = 0
    """Open matters of residents who want to help."""

    def count(self, state: str) -> int:
        """How many messages are in a state."""
        return dict(self.counts).get(state, 0)


def grouped(desk: Desk) -> GroupView:
    """Read it."""
    from console.desk.act.group import TO_ALL

    with desk.store.read() as tx:
        waiting = group.waiting(tx, desk.clock.now(), WAITING)
        shown = {one.id for one in waiting}
        late = [one for one in group.page(tx, LATELY + len(waiting)) if one.id not in shown]
        return GroupView(
            (*waiting, *late[:LATELY]),
            tuple(group.counts(tx).items()),
            tuple(outbox.said_to_all(tx, TO_ALL, SAID)),
            tuple(points.page(tx, POSTED)),
            points.standing(tx),
            group.open_of(tx, VOLUNTEERS),
        )
