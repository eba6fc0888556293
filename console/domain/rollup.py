"""Rollups: incidents and intervals counted once, by day, month and year.

A day is counted from its incidents; a month is the sum of its days and a year that of its
months. Counts and one-second histograms add up, so a window of any length is a handful of
periods, and says exactly what counting its incidents says.
"""

from __future__ import annotations

import json
import zlib
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from console.domain.clock import Instant
from console.domain.figures import INTERVALS, Histogram, Sums, weekday

DIMS = ("all", "hour", "town", "category", "severity", "class", "outcome", "alarm")
"""What a period's incidents are counted by. ``hour`` has the keys 0 to 167: the hours of
the week from Monday, 0 o'clock, in the center's zone."""

EVERY_FIELD = "all"


class Counted(NamedTuple):
    """What a rollup wants to know of an incident."""

    field: str
    hour: int
    town: str
    category: str
    severity: str
    fraud_class: str
    outcome: str
    alarm_level: int
    casualties: int
    deaths: int
    injured: int
    amount_lost: int
    amount_saved: int
    amount_at_risk: int


class Moments(NamedTuple):
    """An assignment's moments (ms UTC or None), and the field of its incident."""

    field: str
    received: Instant | None
    dispatched: Instant | None
    enroute: Instant | None
    on_scene: Instant | None
    available: Instant | None


Cell = list[int]
"""How many incidents, and their sums in the order of `Sums`."""

Key = tuple[str, str, str]
"""Field, what is counted by, and its value."""


@dataclass
class Tallied:
    """What a period, or several, come to."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    histograms: dict[tuple[str, str], Counter[int]] = field(default_factory=dict)
    """(field, interval) -> histogram."""

    def add(self, key: Key, cell: Sequence[int]) -> None:
        """Add a cell of another period."""
        mine = self.cells.get(key)
        if mine is None:
            self.cells[key] = list(cell)
        else:
            for at, value in enumerate(cell):
                mine[at] += value

    def add_histogram(self, key: tuple[str, str], histogram: Histogram) -> None:
        """Add a histogram of another period."""
        mine = self.histograms.setdefault(key, Counter())
        for seconds, n in histogram.items():
            mine[seconds] += n

    def merge(self, other: Tallied) -> None:
        """Add another period."""
        for key, cell in other.cells.items():
            self.add(key, cell)
        for name, histogram in other.histograms.items():
            self.add_histogram(name, histogram)

    def count(self, field: str, dim: str, key: str = "") -> int:
        """How many incidents a cell counts."""
        cell = self.cells.get((field, dim, key))
        return cell[0] if cell is not None else 0

    def by(self, field: str, dim: str) -> dict[str, Cell]:
        """The cells of one thing that is counted by: its values, each with its cell."""
        return {
            key: cell for (of, what, key), cell in self.cells.items() if (of, what) == (field, dim)
        }

    def sums(self, field: str) -> Sums:
        """What all incidents of a field add up to."""
        return Sums(*self.cells.get((field, "all", ""), [0] * 7)[1:])


def tally(day: int, incidents: Iterable[Counted], moments: Iterable[Moments]) -> Tallied:
    """Count a day.

    Args:
        day: YYYYMMDD in the center's zone.
        incidents: those received on it, without those merged into others.
        moments: the assignments of all incidents received on it.
    """
    made = Tallied()
    first_hour = 24 * (weekday(day) - 1)
    for one in incidents:
        cell = (1, *one[8:])
        keys = (
            ("all", ""),
            ("hour", str(first_hour + one.hour)),
            ("town", one.town),
            ("category", one.category),
            ("severity", one.severity),
            ("class", one.fraud_class),
            ("outcome", one.outcome),
            ("alarm", str(one.alarm_level)),
        )
        for dim, key in keys:
            made.add((one.field, dim, key), cell)
            made.add((EVERY_FIELD, dim, key), cell)
    for at in moments:
        for interval in INTERVALS:
            start: Instant | None = getattr(at, interval.start)
            end: Instant | None = getattr(at, interval.end)
            if start is None or end is None or end < start:
                continue
            length = {(end - start) // 1_000: 1}
            made.add_histogram((at.field, interval.name), length)
            made.add_histogram((EVERY_FIELD, interval.name), length)
    return made


def pack(histogram: Histogram) -> bytes:
    """A histogram as it is stored: the gaps between its seconds, and how many of each."""
    flat: list[int] = []
    last = 0
    for seconds in sorted(histogram):
        flat += (seconds - last, histogram[seconds])
        last = seconds
    return zlib.compress(json.dumps(flat, separators=(",", ":")).encode(), 1)


def unpack(data: bytes) -> dict[int, int]:
    """A histogram that was packed.

    Raises:
        ValueError: it is none.
    """
    try:
        flat = json.loads(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError(str(error)) from error
    histogram: dict[int, int] = {}
    seconds = 0
    for at in range(0, len(flat), 2):
        seconds += flat[at]
        histogram[seconds] = flat[at + 1]
    return histogram


# --- periods ---------------------------------------------------------------------------


def month_of(day: int) -> int:
    """YYYYMM of a day written YYYYMMDD."""
    return day // 100


def year_of(period: int) -> int:
    """YYYY of a period of any length."""
    while period > 9_999:
        period //= 100
    return period


@dataclass(frozen=True, slots=True)
class Cover:
    """A window as the fewest periods, and the days that must be counted anew."""

    periods: tuple[int, ...]
    days: tuple[int, ...]


def cover(first: date, last: date, stale: Collection[int], *, longest: str = "year") -> Cover:
    """The fewest periods that make up a window of whole days, both included.

    Args:
        first: its first day.
        last: its last day.
        stale: days whose rollups must not be relied on, nor those of their months and years.
        longest: ``year``, ``month`` or ``day``: no period is longer.
    """
    months = {month_of(day) for day in stale}
    years = {year_of(day) for day in stale}
    whole: list[int] = []
    fresh: list[int] = []
    at, end = first.toordinal(), last.toordinal()
    while at <= end:
        now = date.fromordinal(at)
        day = now.year * 10_000 + now.month * 100 + now.day
        year_end = date(now.year, 12, 31).toordinal()
        month_end = at + monthrange(now.year, now.month)[1] - now.day
        if (
            longest == "year"
            and (now.month, now.day) == (1, 1)
            and year_end <= end
            and now.year not in years
        ):
            whole.append(now.year)
            at = year_end + 1
        elif longest != "day" and now.day == 1 and month_end <= end and month_of(day) not in months:
            whole.append(month_of(day))
            at = month_end + 1
        else:
            (fresh if day in stale else whole).append(day)
            at += 1
    return Cover(tuple(whole), tuple(fresh))
