"""Figures: counts, year on year, and intervals, as the panels and the command line show them.

Percentiles are nearest-rank: sort ascending, take index ``int(n * q)``. They are read
from one-second histograms, which add up where percentiles do not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import accumulate
from typing import Literal, TypeAlias, get_args

from console.domain.clock import Instant
from console.domain.message import Message, msg

By: TypeAlias = Literal["year", "month", "town", "category", "severity", "hour", "weekday", "class"]
"""What incidents can be counted by."""

BY: tuple[By, ...] = get_args(By)

FIELDS = ("fire", "traffic", "fraud", "other", "all")
"""The fields that figures can be asked for."""

Histogram: TypeAlias = Mapping[int, int]
"""Whole seconds -> how many intervals were that long."""

_SIGN = (30, 60, 120, 180)
_TURNOUT = tuple(60 * minutes for minutes in (5, 10, 15, 30))
_FEEDBACK = tuple(60 * minutes for minutes in (30, 60, 120, 240))


@dataclass(frozen=True, slots=True)
class Interval:
    """A length of time between two moments of an assignment.

    `edges` are the upper ends of its buckets in seconds, each belonging to the bucket
    below it; the last bucket is open. Source: design page *systems*, "Report buckets".
    """

    name: str
    label: Message
    start: str
    end: str
    edges: tuple[int, ...]


INTERVALS = (
    Interval(
        "received_to_dispatch",
        msg("interval.received_to_dispatch"),
        "received",
        "dispatched",
        _SIGN,
    ),
    Interval(
        "dispatch_to_enroute", msg("interval.dispatch_to_enroute"), "dispatched", "enroute", _SIGN
    ),
    Interval(
        "enroute_to_on_scene", msg("interval.enroute_to_on_scene"), "enroute", "on_scene", _TURNOUT
    ),
    Interval(
        "dispatch_to_on_scene",
        msg("interval.dispatch_to_on_scene"),
        "dispatched",
        "on_scene",
        _TURNOUT,
    ),
    Interval(
        "received_to_on_scene",
        msg("interval.received_to_on_scene"),
        "received",
        "on_scene",
        _TURNOUT,
    ),
    Interval(
        "on_scene_to_available",
        msg("interval.on_scene_to_available"),
        "on_scene",
        "available",
        _FEEDBACK,
    ),
    Interval(
        "received_to_available",
        msg("interval.received_to_available"),
        "received",
        "available",
        _FEEDBACK,
    ),
    Interval(
        "received_to_contact",
        msg("interval.received_to_contact"),
        "received",
        "contacted",
        _TURNOUT,
    ),
)
"""Every interval that is counted, once an assignment that has both of its moments; the last
one once an incident."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many intervals were longer than `above_s` and at most `to_s` seconds (None: open).

    The first bucket begins with 0 itself.
    """

    above_s: int
    to_s: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """One interval over all assignments: how many, percentiles in whole seconds, buckets."""

    n: int
    p50_s: int | None
    p90_s: int | None
    p99_s: int | None
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """What is added up over the incidents: persons, and money in whole yuan."""

    casualties: int = 0
    deaths: int = 0
    injured: int = 0
    amount_lost: int = 0
    amount_saved: int = 0
    amount_at_risk: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a window of whole days, both included, in the center's zone.

    `first` and `last` are None where the window is open. `yoy` is the change in percent
    against the same window a year earlier; None when that one is empty or not known.
    `yoy_whole` says whether the records reach back to the beginning of that one.
    """

    first: date | None
    last: date | None
    field: str
    count: int
    yoy: float | None
    by: Mapping[str, int]
    intervals: Mapping[str, Spread]
    sums: Sums
    yoy_whole: bool = True


def seconds_between(start: Instant, end: Instant) -> int:
    """The whole seconds from `start` to `end`."""
    return (end - start) // 1_000


def nearest_rank(histogram: Histogram, q: float) -> int | None:
    """The value at index ``int(n * q)`` of the sorted values, or None when there are none."""
    return _ranks(sorted(histogram.items()), (q,))[0]


def _ranks(ordered: Sequence[tuple[int, int]], qs: Sequence[float]) -> list[int | None]:
    """The values at several ranks of a histogram in order."""
    passed = list(accumulate(count for _seconds, count in ordered))
    if not passed or not passed[-1]:
        return [None for _q in qs]
    n = passed[-1]
    return [ordered[bisect_right(passed, min(int(n * q), n - 1))][0] for q in qs]


def spread(histogram: Histogram, edges: Sequence[int]) -> Spread:
    """Count, percentiles and buckets of one histogram."""
    bounds: list[tuple[int, int | None]] = list(zip((0, *edges), (*edges, None), strict=True))
    counts = [0] * len(bounds)
    for seconds, n in histogram.items():
        counts[bisect_left(edges, seconds)] += n
    p50, p90, p99 = _ranks(sorted(histogram.items()), (0.50, 0.90, 0.99))
    return Spread(
        n=sum(counts),
        p50_s=p50,
        p90_s=p90,
        p99_s=p99,
        buckets=tuple(Bucket(above, to, n) for (above, to), n in zip(bounds, counts, strict=True)),
    )


def change_percent(count: int, base: int) -> float | None:
    """The change from `base` to `count` in percent, two decimals; None when `base` is zero."""
    return percent_of(count - base, base)


def percent_of(part: int, whole: int, digits: int = 2) -> float | None:
    """`part` of `whole` in percent, rounded to `digits` decimals; None when `whole` is zero.

    An exact half goes to the even digit (GB/T 8170-2008, 3.2); what is exact is decided on the
    counts, not on a binary fraction of them.
    """
    if not whole:
        return None
    exact = (Decimal(100 * part) / whole).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return float(exact) or 0.0  # never a zero with a minus


def year_before(day: date) -> date:
    """The same day a year earlier; the 28th for 29 February.

    Raises:
        ValueError: there is no year before.
    """
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        if (day.month, day.day) != (2, 29):
            raise
        return day.replace(year=day.year - 1, day=28)


def weekday(day: int) -> int:
    """1 (Monday) to 7 (Sunday) of a day written YYYYMMDD (ISO 8601)."""
    return date(day // 10_000, day // 100 % 100, day % 100).isoweekday()


def as_by(word: str) -> By | None:
    """`word` as something to count by, or None."""
    return next((one for one in BY if one == word), None)


def spread_json(one: Spread) -> dict[str, object]:
    """One interval in the shape that machines may rely on."""
    return {
        "n": one.n,
        "p50_s": one.p50_s,
        "p90_s": one.p90_s,
        "p99_s": one.p99_s,
        "buckets": [
            {"above_s": bucket.above_s, "to_s": bucket.to_s, "n": bucket.n}
            for bucket in one.buckets
        ],
    }


def as_json(figures: Figures) -> dict[str, object]:
    """The figures in the shape that machines may rely on."""
    return {
        "from": figures.first.isoformat() if figures.first else None,
        "to": figures.last.isoformat() if figures.last else None,
        "field": figures.field,
        "count": figures.count,
        "yoy": figures.yoy,
        "yoy_base_whole": figures.yoy_whole,
        "by": dict(figures.by),
        "intervals": {name: spread_json(one) for name, one in figures.intervals.items()},
        "casualties": figures.sums.casualties,
        "deaths": figures.sums.deaths,
        "injured": figures.sums.injured,
        "amount_lost": figures.sums.amount_lost,
        "amount_saved": figures.sums.amount_saved,
        "amount_at_risk": figures.sums.amount_at_risk,
    }
