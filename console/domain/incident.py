"""An incident as everybody above the store sees it, and how its number is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from console.domain.clock import Instant
from console.domain.lifecycle import State

SERIALS = 10**7
"""An incident's id is ``YYYYMMDD * SERIALS + serial``."""

_FULL = re.compile(r"(?P<district>[A-Z]+)-(?P<day>\d{8})-(?P<serial>\d{1,7})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Incident:
    """What is known of one incident at one moment. Times in ms UTC, money in whole yuan."""

    id: int
    version: int
    state: State
    priority: int
    category: str
    first_category: str
    field: str
    town: str
    place: str
    lat: float | None
    lon: float | None
    text: str
    caller: str
    phone: str
    source: str
    received: Instant
    due: Instant | None
    closed: Instant | None
    seat: str
    playbook: str
    alarm_level: int
    reports: int
    units: int
    severity: str
    fraud_class: str
    department: str
    casualties: int
    deaths: int
    injured: int
    amount_lost: int
    amount_saved: int
    amount_at_risk: int
    outcome: str
    merged_into: int | None
    facts: tuple[tuple[str, str], ...]
    result: str = ""
    """Id of the outcome of its resolving step: ``saved``, ``lost``, ``out`` …"""
    cause: str = ""
    """Why it burnt, in the words of the record."""
    contacted: Instant | None = None
    """When the person at risk was first spoken to."""

    @property
    def short(self) -> str:
        """The number an officer says and types: ``42``."""
        return short_number(self.id)


CALL_BACK = "call_back"
"""The fact that says that the caller wants to be called back."""

_YES = ("true", "1", "yes", "是")


def wants_call_back(incident: Incident) -> bool:
    """Whether the caller wants to be called back and was not yet."""
    return dict(incident.facts).get(CALL_BACK, "").casefold() in _YES


def is_secret(incident: Incident) -> bool:
    """Whether the caller asked that nobody else hears who called."""
    return dict(incident.facts).get("secret", "").casefold() in _YES


def make_id(day: int, serial: int) -> int:
    """The id of the `serial`-th incident of a day (YYYYMMDD, the center's zone)."""
    return day * SERIALS + serial


def day_of(id_: int) -> int:
    """The day (YYYYMMDD, the center's zone) on which it was received."""
    return id_ // SERIALS


def month_of(id_: int) -> int:
    """The month (YYYYMM, the center's zone): part of every key that grows."""
    return id_ // (SERIALS * 100)


def short_number(id_: int) -> str:
    """``42``: unique within a day."""
    return str(id_ % SERIALS)


def full_number(district: str, id_: int) -> str:
    """``XS-20261123-0042``: unique for ever."""
    return f"{district}-{day_of(id_)}-{id_ % SERIALS:04d}"


def id_of(number: str, district: str) -> int | None:
    """The id behind a full number of this district's, or None when it is none."""
    full = _FULL.fullmatch(number.strip())
    if full is None or full["district"].upper() != district:
        return None
    return make_id(int(full["day"]), int(full["serial"]))


def read_number(text: str) -> tuple[int | None, int] | None:
    """An incident's number as typed: ``42``, ``#42``, ``XS-20261123-0042``.

    Returns (day or None, serial), or None when it is no number of an incident.
    """
    word = text.strip().lstrip("#＃")
    if word.isascii() and word.isdigit() and len(word) <= 7:
        return None, int(word)
    full = _FULL.fullmatch(word)
    return (int(full["day"]), int(full["serial"])) if full else None
