"""Alarm level of a fire, and how often a unit on scene must be heard from.

Level by persons injured or trapped: GA/XF/T 1340-2016, as in the vocabulary
(<3: two, 3-9: three, 10-29: four, 30 and more: five).
"""

from __future__ import annotations

from enum import IntEnum

from console.domain.clock import Span
from console.domain.deadlines import Deadlines
from console.domain.message import Message, msg


class AlarmLevel(IntEnum):
    """One (green) to five (red)."""

    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4
    FIVE = 5

    @property
    def label(self) -> Message:
        """Its name with its colour word."""
        return _LABELS[self]

    @property
    def colour(self) -> str:
        """The word of its colour, for a style; never shown alone."""
        return ("green", "blue", "yellow", "orange", "red")[self - 1]


_LABELS = {
    AlarmLevel.ONE: msg("alarm.level_1"),
    AlarmLevel.TWO: msg("alarm.level_2"),
    AlarmLevel.THREE: msg("alarm.level_3"),
    AlarmLevel.FOUR: msg("alarm.level_4"),
    AlarmLevel.FIVE: msg("alarm.level_5"),
}


def level_by_persons(persons: int) -> AlarmLevel:
    """The least level for so many persons injured or trapped.

    Raises:
        ValueError: a negative number of persons.
    """
    if persons < 0:
        raise ValueError("fewer than no persons")
    for least, level in (
        (30, AlarmLevel.FIVE),
        (10, AlarmLevel.FOUR),
        (3, AlarmLevel.THREE),
        (1, AlarmLevel.TWO),
    ):
        if persons >= least:
            return level
    return AlarmLevel.ONE


def checkin_span(deadlines: Deadlines, kind: str, level: int) -> Span | None:
    """How long a unit of `kind` may be on scene without being heard from, in ms.

    Looks for ``checkin.<kind>.level_<n>``, then ``checkin.<kind>.usual``, then
    ``checkin.usual``; None when the center has set none of them.
    """
    found = deadlines.first(
        f"checkin.{kind}.level_{level}", f"checkin.{kind}.usual", "checkin.usual"
    )
    return found.span if found else None
