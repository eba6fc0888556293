"""What the queue shows: a filter as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Every given condition must hold; the empty filter shows everything open."""

    field: str = ""
    category: str = ""
    """A category's code; its sub-categories belong to it."""
    town: str = ""
    priority: int = 0
    states: tuple[str, ...] = ()
    seat: str = ""
    unit: str = ""
    overdue: bool = False
    words: tuple[str, ...] = ()
    """Each must occur in place, text or phone number."""
