"""A row of the queue and its place in the order, as values: no database is needed here."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.clock import Instant
from console.domain.lifecycle import State

NO_DUE = 2**53
"""Stands for "no deadline" in `console.store.tables.Incident.due`: behind every real moment."""

BEGINNING = 80
"""Characters of the text that a row brings along."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What one line of the queue needs. Times in ms UTC."""

    id: int
    state: State
    priority: int
    category: str
    town: str
    place: str
    text: str
    received: Instant
    due: Instant | None
    seat: str
    reports: int
    units: int
    alarm_level: int


@dataclass(frozen=True, slots=True)
class QueueKey:
    """Where a row stands in the order; the row itself may be gone."""

    priority: int
    due: int
    received: int
    id: int


def key_of(row: QueueRow) -> QueueKey:
    """The key of a row."""
    return QueueKey(row.priority, NO_DUE if row.due is None else row.due, row.received, row.id)
