"""Time is an argument: the wall clock, or one that a drill can speed up.

Every moment in the program is an `Instant`: milliseconds since the Unix epoch,
UTC. It is an integer so that no database and no time zone can bend it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Protocol, TypeAlias

Instant: TypeAlias = int
"""Milliseconds since 1970-01-01T00:00:00Z."""

Span: TypeAlias = int
"""A length of time in milliseconds."""

SECOND: Span = 1_000
MINUTE: Span = 60 * SECOND
HOUR: Span = 60 * MINUTE
DAY: Span = 24 * HOUR


class Clock(Protocol):
    """Where everybody gets the time from."""

    def now(self) -> Instant:
        """The present moment, in milliseconds UTC."""
        ...


class WallClock:
    """The time of the machine."""

    def now(self) -> Instant:
        """The machine's time, in milliseconds UTC."""
        return time.time_ns() // 1_000_000


class FixedClock:
    """A clock that stands still until it is moved: for rules and tests."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        """The moment it was last set to."""
        return self.at

    def advance(self, by: Span) -> None:
        """Move forward by `by` milliseconds."""
        self.at += by


class ScaledClock:
    """A drill's clock: starts at `start` and runs `speed` times as fast as real time.

    `ticks` is the monotonic source in nanoseconds (replaceable in tests).
    """

    def __init__(
        self,
        start: Instant,
        speed: float = 1.0,
        ticks: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        if speed < 0:
            raise ValueError("a clock does not run backwards")
        self._ticks = ticks
        self._origin = start
        self._mark = ticks()
        self._speed = speed

    @property
    def speed(self) -> float:
        """How many times faster than real time it runs; 0 is a pause."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if speed < 0:
            raise ValueError("a clock does not run backwards")
        self._origin, self._mark = self.now(), self._ticks()
        self._speed = speed

    def now(self) -> Instant:
        """The scaled moment, in milliseconds UTC."""
        return self._origin + int((self._ticks() - self._mark) * self._speed) // 1_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How the time of a drill goes, told by the machine's clock so that others can follow.

    Args:
        at: the drill's moment (ms UTC).
        when: the machine's time at that moment (ms UTC).
        speed: how many times as fast it goes from then on; 0 when it stands still.
    """

    at: Instant
    when: Instant
    speed: float

    def now(self, when: Instant) -> Instant:
        """The drill's moment at a time of the machine."""
        return self.at + int((when - self.when) * self.speed)

    def text(self) -> str:
        """As it is written down; `read_pace` reads it."""
        return f"{self.at} {self.when} {self.speed!r}"


def read_pace(text: str) -> Pace | None:
    """What `Pace.text` wrote; None for anything else."""
    try:
        at, when, speed = text.split(" ")
        found = Pace(int(at), int(when), float(speed))
    except ValueError:
        return None
    return found if 0 <= found.speed < float("inf") else None


class PacedClock:
    """The clock of a drill that runs elsewhere.

    Args:
        pace: how its time goes.
        machine: the machine's clock.
    """

    def __init__(self, pace: Pace, machine: Clock | None = None) -> None:
        self._pace = pace
        self._machine = machine or WallClock()

    def now(self) -> Instant:
        """The drill's moment, in milliseconds UTC."""
        return self._pace.now(self._machine.now())


def to_datetime(at: Instant, zone: tzinfo = UTC) -> datetime:
    """`at` as an aware datetime in `zone`."""
    seconds, millis = divmod(at, 1_000)
    return datetime.fromtimestamp(seconds, zone).replace(microsecond=millis * 1_000)


def from_datetime(at: datetime) -> Instant:
    """An aware datetime as an `Instant`.

    Raises:
        ValueError: the datetime has no zone, so that nobody knows when it was.
    """
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone is not a moment")
    delta = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000 + delta.microseconds // 1_000


def rfc3339(at: Instant, zone: tzinfo = UTC) -> str:
    """`at` in RFC 3339 with offset, whole seconds unless there are milliseconds."""
    moment = to_datetime(at, zone)
    return moment.isoformat(timespec="milliseconds" if at % 1_000 else "seconds")


def day_at(at: Instant, zone: tzinfo) -> int:
    """The day (YYYYMMDD) of a moment in a zone."""
    moment = to_datetime(at, zone)
    return (moment.year * 100 + moment.month) * 100 + moment.day
