"""Rollups: incidents and intervals counted once, by day, month and year.

A day is counted from its incidents; a month is the sum of its days and a year that of its
months. Counts and one-second histograms add up, so a window of any length is a handful of
periods, and says exactly what counting its incidents says.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, compress, count
from typing import Final, NamedTuple

from console.domain.clock import Instant
from console.domain.figures import INTERVALS, Histogram, Sums, weekday

DIMS = (
    "all",
    "hour",
    "town",
    "category",
    "severity",
    "class",
    "outcome",
    "alarm",
    "result",
    "cause",
    "alarm_town",
    "result_category",
)
"""What a period's incidents are counted by. ``hour`` has the keys 0 to 167: the hours of
the week from Monday, 0 o'clock, in the center's zone. ``alarm_town`` has those of
`alarm_town`, only of incidents that have an alarm level; ``result_category`` those of
`result_category`, only of incidents that have a result, and of all fields together."""

EVERY_FIELD = "all"


def alarm_town(level: int, town: str) -> str:
    """The key of a town's incidents of an alarm level."""
    return f"{level}/{town}"


def of_alarm_town(key: str) -> tuple[int, str]:
    """Alarm level and town of a key that `alarm_town` made."""
    level, _, town = key.partition("/")
    return int(level), town


def result_category(result: str, category: str) -> str:
    """The key of a category's incidents that ended with a result."""
    return f"{result}/{category}"


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
    result: str
    cause: str
    casualties: int
    deaths: int
    injured: int
    amount_lost: int
    amount_saved: int
    amount_at_risk: int


class Moments(NamedTuple):
    """Moments between which intervals lie (ms UTC or None): of an assignment, with the field
    of its incident, or of an incident itself, which has only the first and the last one.
    """

    field: str
    received: Instant | None
    dispatched: Instant | None
    enroute: Instant | None
    on_scene: Instant | None
    available: Instant | None
    contacted: Instant | None = None


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
        mine = self.histograms.get(key)
        if mine is None:
            mine = self.histograms[key] = Counter()
        known = mine.get
        for seconds, n in histogram.items():
            mine[seconds] = known(seconds, 0) + n

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
        moments: the assignments of all incidents received on it, and those of `incidents`
            in which somebody was spoken to.
    """
    made = Tallied()
    first_hour = 24 * (weekday(day) - 1)
    ended = Tallied()
    for one in incidents:
        cell = (1, *one[10:])
        of = one.field
        made.add((of, "all", ""), cell)
        made.add((of, "hour", str(first_hour + one.hour)), cell)
        made.add((of, "town", one.town), cell)
        made.add((of, "category", one.category), cell)
        made.add((of, "severity", one.severity), cell)
        made.add((of, "class", one.fraud_class), cell)
        made.add((of, "outcome", one.outcome), cell)
        made.add((of, "alarm", str(one.alarm_level)), cell)
        made.add((of, "result", one.result), cell)
        made.add((of, "cause", one.cause), cell)
        if one.alarm_level:
            made.add((of, "alarm_town", alarm_town(one.alarm_level, one.town)), cell)
        if one.result:
            key = result_category(one.result, one.category)
            ended.add((EVERY_FIELD, "result_category", key), cell)
    for at in moments:
        for interval in INTERVALS:
            start: Instant | None = getattr(at, interval.start)
            end: Instant | None = getattr(at, interval.end)
            if start is None or end is None or end < start:
                continue
            name = (at.field, interval.name)
            found = made.histograms.get(name)
            if found is None:
                found = made.histograms[name] = Counter()
            found[(end - start) // 1_000] += 1
    for (_of, dim, key), cells in list(made.cells.items()):
        made.add((EVERY_FIELD, dim, key), cells)
    for (_of, interval_name), histogram in list(made.histograms.items()):
        made.add_histogram((EVERY_FIELD, interval_name), histogram)
    made.merge(ended)
    return made


_WORD: Final = 8
"""Bytes of a number in a stored histogram."""

_LANE: Final = 4
"""Bytes of a count in a sum: more than four thousand million of one length there are not."""

_DENSE: Final = 4 * 3600
"""Seconds below which lengths are added lane by lane; what is longer is rare."""


def pack(histogram: Histogram) -> bytes:
    """A histogram as it is stored: the gaps between its seconds, then how many of each."""
    ordered = sorted(histogram.items())
    seconds = [at for at, _n in ordered]
    gaps = [b - a for a, b in zip((0, *seconds), seconds, strict=False)]
    return zlib.compress(_words(array("Q", [*gaps, *(n for _at, n in ordered)])).tobytes(), 1)


def _numbers(data: bytes) -> tuple[list[int], array[int]]:
    """The seconds of a stored histogram, and how many of each.

    Raises:
        ValueError: it is none.
    """
    try:
        raw = zlib.decompress(data)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(raw) % (2 * _WORD):
        raise ValueError("a histogram has as many counts as seconds")
    words = array("Q")
    words.frombytes(raw)
    half = len(words) // 2
    _words(words)
    return list(accumulate(words[:half])), words[half:]


def _words(words: array[int]) -> array[int]:
    """Numbers with the least byte first; turned round in place where they are not so."""
    if sys.byteorder == "big":
        words.byteswap()
    return words


def unpack(data: bytes) -> dict[int, int]:
    """A histogram that was packed.

    Raises:
        ValueError: it is none.
    """
    return dict(zip(*_numbers(data), strict=True))


class HistogramSum:
    """Adds stored histograms up, quickly: a window may have hundreds of them.

    The counts of all lengths below `_DENSE` are the lanes of one great integer, so that adding
    two histograms is one addition.
    """

    def __init__(self) -> None:
        self._lanes = 0
        self._long: Counter[int] = Counter()

    def add(self, data: bytes) -> None:
        """Add a histogram that was packed.

        Raises:
            ValueError: it is none.
        """
        seconds, counts = _numbers(data)
        dense = bisect_left(seconds, _DENSE)
        if dense:
            lanes = array("I", bytes(_LANE * (seconds[dense - 1] + 1)))
            for at, n in zip(seconds[:dense], counts, strict=False):
                lanes[at] = n
            self._lanes += int.from_bytes(_words(lanes).tobytes(), "little")
        for at, n in zip(seconds[dense:], counts[dense:], strict=True):
            self._long[at] += n

    def histogram(self) -> Counter[int]:
        """What they come to."""
        lanes = array("I")
        used = -(-self._lanes.bit_length() // (8 * _LANE))
        lanes.frombytes(self._lanes.to_bytes(_LANE * used, "little"))
        _words(lanes)
        found = Counter(dict(zip(compress(count(), lanes), filter(None, lanes), strict=True)))
        found.update(self._long)
        return found


# --- periods ---------------------------------------------------------------------------


def number_of(day: date) -> int:
    """A day as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def date_of(day: int) -> date:
    """The day that is written YYYYMMDD."""
    return date(day // 10_000, day // 100 % 100, day % 100)


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


def cover(
    first: date,
    last: date,
    stale: Collection[int],
    *,
    longest: str = "year",
    old: Collection[int] = (),
) -> Cover:
    """The fewest periods that make up a window of whole days, both included.

    Args:
        first: its first day.
        last: its last day.
        stale: days whose rollups must not be relied on, nor those of their months and years.
        longest: ``year``, ``month`` or ``day``: no period is longer.
        old: months and years that must not be relied on either.
    """
    months = {month_of(day) for day in stale} | {one for one in old if one > 9_999}
    years = {year_of(day) for day in stale} | {one for one in old if one <= 9_999}
    whole: list[int] = []
    fresh: list[int] = []
    at, end = first.toordinal(), last.toordinal()
    while at <= end:
        now = date.fromordinal(at)
        day = number_of(now)
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
