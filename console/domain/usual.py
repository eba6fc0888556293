"""What is normal for this hour: a seasonal band from the center's own history.

The method is that of outbreak detection in public health, for counts an hour instead of a
week: Farrington, Andrews, Beale and Catchpole (1996), "A statistical algorithm for the early
detection of outbreaks of infectious disease", J. R. Stat. Soc. A 159; with the negative
binomial quantile and the gentler treatment of past outbreaks of Noufaily et al. (2013), "An
improved algorithm for outbreak detection in multiple surveillance systems", Stat. Med. 32.
The code is our own. In short:

* expected = level of the last four weeks times the share of this hour of the week, which is
  learned from up to twelve weeks and drawn towards hour of day times weekday where there is
  little;
* what was far outside in the past counts only up to `OUTLIER` standard deviations;
* the variance is ``phi * m + s2 * m * m``: hours vary more than a Poisson count (phi, from
  the hours), and whole days vary together (s2, from each day against the weeks before it);
* the band lies between two quantiles of the negative binomial with that mean and variance.

A running count is held against the upper end of the whole hour (it can only grow, so looking
at it every second raises no more alarms than looking once), and only a finished hour can be
too few. An hour that the clocks skip or repeat is expected as long as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from statistics import NormalDist, median
from types import MappingProxyType
from typing import Final, Literal

Day = tuple[float | None, ...]
"""The counts of a day's 24 hours; None for an hour that is not to be learned from."""

Sign = Literal["high", "low", ""]
"""How a count stands to what is usual; "" when nothing is out of the way."""

WEEKS: Final = 12
"""Weeks of history that are learned from (Farrington et al. take years: districts change)."""

RECENT: Final = 28
"""Days that give the level."""

LEAST_DAYS: Final = 28
"""With less history there is no band: a weekday must have been seen four times."""

PRIOR_WEEKS: Final = 3.0
"""What an hour of the week weighs that is only known from its hour and its weekday."""

OUTLIER: Final = 2.58
"""Standard deviations beyond which a past count is cut off (Noufaily et al. 2013)."""

CUTS: Final = 2
"""How often the history is cut by what was learned from it: after a great outbreak the first
cut is too wide."""

ABOVE: Final = 0.0006
"""How often a usual hour, or a usual day so far, may lie above the band."""

BELOW: Final = 0.0003
"""How often it may lie below."""

LEAST: Final = 3
"""Fewer are never "high": one case of something rare is no trend (Farrington et al. wait for
five in four weeks)."""

EMPTY_BELOW: Final = 7.0
"""A day without any incident, in a district that has more than so many a day, is a day that
was not recorded: by chance it happens less than once in a thousand."""

_FEW: Final = 0.05
_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Band:
    """Between which counts everything is usual, both included, and what is expected."""

    mean: float
    low: int
    high: int

    def sign(self, count: int) -> Sign:
        """How a finished count stands to it."""
        if count > self.high:
            return "high"
        return "low" if count < self.low else ""


@dataclass(frozen=True, slots=True)
class Model:
    """What a field's history says.

    Args:
        days: how many days it was learned from.
        level: incidents of an ordinary day.
        profile: weekday (Monday first) and hour -> its share; an ordinary day's add up to one.
        phi: how much more than a Poisson count an hour varies, at least 1.
        s2: squared relative deviation of whole days.
    """

    days: int
    level: float
    profile: tuple[tuple[float, ...], ...]
    phi: float
    s2: float

    def expected(self, weekday: int, hour: int, length: float = 1.0) -> float:
        """How many incidents an hour has.

        Args:
            weekday: 0 for Monday.
            hour: of the center's day.
            length: of the hour in hours; not 1 when the clocks are changed.
        """
        return self.level * self.profile[weekday][hour] * length

    def band(self, mean: float) -> Band:
        """The band around an expected count."""
        # The share of the hour was learned from some weeks, and is as uncertain as they are few.
        learned = 1 + 1 / (self.days / 7 + PRIOR_WEEKS)
        variance = self.phi * learned * mean + self.s2 * mean * mean
        high = max(quantile(mean, variance, 1 - ABOVE), LEAST - 1)
        return Band(mean, quantile(mean, variance, BELOW), high)


@dataclass(frozen=True, slots=True)
class TooLittle:
    """Why there is no band.

    Args:
        days: days of history there are.
        needed: days that a band needs.
    """

    days: int
    needed: int = LEAST_DAYS


# --- learning --------------------------------------------------------------------------


def learn(history: Mapping[date, Day], today: date) -> Model | TooLittle:
    """What is usual, from the days before today.

    Args:
        history: the days of which something is known; a day that is missing was not recorded.
        today: nothing of it, or after it, is used.
    """
    begin = today - timedelta(weeks=WEEKS)
    days = {day: found for day, found in sorted(history.items()) if begin <= day < today}
    recent = sum(day >= today - timedelta(days=RECENT) for day in days)
    weekdays = {day.weekday() for day in days}
    if len(days) < LEAST_DAYS or recent < RECENT // 2 or len(weekdays) < 7:
        return TooLittle(len(days))
    made = _fit(days, days, today)
    for _ in range(CUTS):
        made = _fit(days, _cut(days, made), today)
    return made.model


@dataclass(frozen=True, slots=True)
class _Fit:
    model: Model
    levels: Mapping[date, float]
    """The level that each day was expected to have, from the days before it."""


def _fit(days: Mapping[date, Day], calm: Mapping[date, Day], today: date) -> _Fit:
    """Learn from `calm`; how much counts vary is read from `days`."""
    hour_sums, hour_days = [0.0] * 24, [0] * 24
    for found in calm.values():
        for hour, n in enumerate(found):
            if n is not None:
                hour_sums[hour] += n
                hour_days[hour] += 1
    hours = [total / n if n else 0.0 for total, n in zip(hour_sums, hour_days, strict=True)]
    mean_day = sum(hours)
    if not mean_day:
        return _Fit(
            Model(len(days), 0.0, ((1 / 24,) * 24,) * 7, 1.0, 0.0), dict.fromkeys(days, 0.0)
        )
    shape = [n / mean_day for n in hours]
    factors = _weekdays(calm, shape, mean_day)
    totals = {
        day: (_total(found), _share(found, shape) * factors[day.weekday()])
        for day, found in calm.items()
    }
    levels = _levels(totals, [*calm, today], mean_day)
    level = levels.pop(today)
    profile = _profile(calm, levels, shape, factors)
    phi, s2 = _spread(days, levels, profile)
    return _Fit(Model(len(days), level, profile, phi, s2), levels)


def _total(found: Day) -> float:
    """What is known of a day. Most days are known whole, and there are two years of them."""
    return sum(filter(None, found))


def _share(found: Day, shape: Sequence[float]) -> float:
    """Which part of an ordinary day the known hours of a day are."""
    if None not in found:
        return sum(shape)
    return sum(part for n, part in zip(found, shape, strict=True) if n is not None)


def _weekdays(calm: Mapping[date, Day], shape: Sequence[float], mean_day: float) -> list[float]:
    """How each weekday stands to an ordinary day."""
    sums, parts = [0.0] * 7, [0.0] * 7
    for day, found in calm.items():
        sums[day.weekday()] += _total(found)
        parts[day.weekday()] += _share(found, shape) * mean_day
    # One ordinary day more keeps a weekday with next to nothing from being nothing.
    return [(n + mean_day) / (part + mean_day) for n, part in zip(sums, parts, strict=True)]


def _levels(
    totals: Mapping[date, tuple[float, float]], wanted: Sequence[date], otherwise: float
) -> dict[date, float]:
    """The level of the four weeks before each day; the first take that of the first weeks."""
    known = list(totals)
    first = known[: RECENT // 2]
    levels: dict[date, float] = {}
    start = end = 0
    for day in wanted:
        since = day - timedelta(days=RECENT)
        while end < len(known) and known[end] < day:
            end += 1
        while start < end and known[start] < since:
            start += 1
        window = known[start:end] if end - start >= RECENT // 4 else first
        part = sum(totals[at][1] for at in window)
        levels[day] = sum(totals[at][0] for at in window) / part if part else otherwise
    return levels


def _profile(
    calm: Mapping[date, Day],
    levels: Mapping[date, float],
    shape: Sequence[float],
    factors: Sequence[float],
) -> tuple[tuple[float, ...], ...]:
    counted = [[0.0] * 24 for _ in range(7)]
    weighed = [[0.0] * 24 for _ in range(7)]
    for day, found in calm.items():
        row, weights, level = counted[day.weekday()], weighed[day.weekday()], levels[day]
        for hour, n in enumerate(found):
            if n is not None:
                row[hour] += n
                weights[hour] += level
    prior = PRIOR_WEEKS * sum(levels.values()) / len(levels)
    return tuple(
        tuple(
            (n + prior * part * factors[weekday]) / (weight + prior)
            for n, weight, part in zip(counted[weekday], weighed[weekday], shape, strict=True)
        )
        for weekday in range(7)
    )


def _spread(
    days: Mapping[date, Day],
    levels: Mapping[date, float],
    profile: Sequence[Sequence[float]],
) -> tuple[float, float]:
    """How much hours vary (phi), and whole days beyond that (s2)."""
    squares: list[float] = []
    deviations: list[tuple[float, float]] = []
    for day, found in days.items():
        level, row = levels[day], profile[day.weekday()]
        mean, total = level * _share(found, row), _total(found)
        if mean <= 0:
            continue
        deviations.append((mean, abs(total - mean) / mean))
        # Hours are looked at around what their own day came to: that whole days differ is s2.
        own = max(0.5, min(2.0, (total + 1) / (mean + 1)))
        for n, part in zip(found, row, strict=True):
            expected = level * part * own
            if n is not None and expected >= _FEW:
                squares.append((n - expected) ** 2 / expected)
    if not squares:
        return 1.0, 0.0
    # A great hour or day of the past must not make the band so wide that the next is missed.
    free = len(squares) / max(1, len(squares) - len(deviations))
    rough = sum(min(square, 16.0) for square in squares) / len(squares)
    most = 16.0 * max(1.0, rough)
    phi = max(1.0, sum(min(square, most) for square in squares) / len(squares) * free)
    widest = 3.5 * 1.4826 * median(e for _, e in deviations)
    excess = [min(e, widest) ** 2 - phi / m for m, e in deviations]
    return phi, max(0.0, sum(excess) / len(excess))


def _cut(days: Mapping[date, Day], made: _Fit) -> dict[date, Day]:
    """The days without what was far outside in them."""
    model = made.model
    calm: dict[date, Day] = {}
    for day, found in days.items():
        row, level = model.profile[day.weekday()], made.levels[day]
        kept: list[float | None] = []
        for n, part in zip(found, row, strict=True):
            if n is not None:
                mean = level * part
                n = min(n, mean + OUTLIER * math.sqrt(model.phi * mean + model.s2 * mean**2) + 1)
            kept.append(n)
        calm[day] = tuple(kept)
    return calm


def recorded(history: Mapping[date, Sequence[Day]]) -> set[date]:
    """The days that were recorded: a busy district's day without anything was not.

    Nor was any, where there is nothing at all.

    Args:
        history: every day from the first known one on, with the counts of its fields.
    """
    totals = {
        day: sum(n for field in fields for n in field if n is not None)
        for day, fields in history.items()
    }
    busy = [n for n in totals.values() if n]
    if busy and sum(busy) / len(busy) < EMPTY_BELOW:
        return set(totals)
    return {day for day, n in totals.items() if n}


# --- quantiles -------------------------------------------------------------------------


@lru_cache(maxsize=1_024)
def quantile(mean: float, variance: float, q: float) -> int:
    """The least count whose chance of not being exceeded is at least `q`.

    Of the negative binomial with that mean and variance; Poisson where the variance is no
    more than the mean. From a mean of 400 on by the Cornish-Fisher expansion.
    """
    if mean <= 0:
        return 0
    if mean > 400:
        return _expanded(mean, max(variance, mean), q)
    over = variance > mean * (1 + 1e-9)
    size = mean * mean / (variance - mean) if over else 0.0
    ratio = (variance - mean) / variance if over else 0.0
    chance = math.exp(size * math.log1p(-ratio)) if over else math.exp(-mean)
    if chance < 1e-290:
        return _expanded(mean, max(variance, mean), q)
    reached, k = chance, 0
    most = int(mean + 40 * math.sqrt(max(variance, mean)) + 40)
    while reached < q and k < most:
        chance *= ratio * (size + k) / (k + 1) if over else mean / (k + 1)
        k += 1
        reached += chance
    return k


def _expanded(mean: float, variance: float, q: float) -> int:
    z = _NORMAL.inv_cdf(q)
    deviation = math.sqrt(variance)
    skew = (2 * variance - mean) / (mean * deviation)
    return max(0, math.ceil(mean + deviation * (z + (z * z - 1) * skew / 6) - 0.5))


# --- the clock's odd hours -----------------------------------------------------------


@lru_cache(maxsize=512)
def odd_hours(day: date, zone: tzinfo) -> Mapping[int, float]:
    """The hours of a day that are not one hour long, and how long they are (0, 0.5, 2 ...)."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    if start.utcoffset() == end.utcoffset():
        return MappingProxyType({})
    lengths = [0.0] * 24
    at, last = start.astimezone(UTC), end.astimezone(UTC)
    while at < last:
        local = at.astimezone(zone)
        if local.date() == day:
            lengths[local.hour] += 0.25
        at += timedelta(minutes=15)
    return MappingProxyType({hour: n for hour, n in enumerate(lengths) if n != 1.0})


# --- how it stands ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HourNow:
    """An hour against what is usual for it.

    Args:
        day: the center's day.
        hour: of that day.
        count: what was counted in it, or until now.
        band: what is usual; None without a model.
    """

    day: date
    hour: int
    count: int
    band: Band | None


@dataclass(frozen=True, slots=True)
class Usual:
    """How a field stands to what is usual.

    Args:
        field: the field.
        days: days of history that the band was learned from, or that there are.
        today: what was counted today.
        so_far: what is usual today: the low end up to the last finished hour, the high end up
            to the end of the running one; None without a band.
        hours: the last 24 hours, the running one last.
        sign: whether now is outside.
        why: what is outside: ``hour`` (the running one), ``last_hour`` or ``day``; "" nothing.
    """

    field: str
    days: int
    today: int
    so_far: Band | None
    hours: tuple[HourNow, ...]
    sign: Sign
    why: str


def stand(
    field: str,
    model: Model | TooLittle,
    counts: Mapping[tuple[date, int], int],
    now: datetime,
) -> Usual:
    """How a field stands at a moment.

    Args:
        field: its name.
        model: what was learned from the days before today.
        counts: (day, hour) -> count, of today and of the last 24 hours.
        now: the moment in the center's zone.
    """
    zone = now.tzinfo
    assert zone is not None
    today = now.date()
    odd = {day: odd_hours(day, zone) for day in (today, today - timedelta(days=1))}
    hours = []
    for day, hour in _last_hours(now):
        count = counts.get((day, hour), 0)
        length = odd.get(day, {}).get(hour, 1.0)
        band = None
        if isinstance(model, Model):
            band = model.band(model.expected(day.weekday(), hour, length))
        hours.append(HourNow(day, hour, count, band))
    shown = sum(n for (day, _hour), n in counts.items() if day == today)
    if isinstance(model, TooLittle):
        return Usual(field, model.days, shown, None, tuple(hours), "", "")
    each = [model.expected(today.weekday(), hour, odd[today].get(hour, 1.0)) for hour in range(24)]
    over, running = sum(each[: now.hour]), sum(each[: now.hour + 1])
    so_far = Band(running, model.band(over).low, model.band(running).high)
    # What is dated later than now, by a clock that goes wrong, is no reason for a sign.
    until_now = sum(counts.get((today, hour), 0) for hour in range(now.hour + 1))
    finished = until_now - counts.get((today, now.hour), 0)
    sign, why = _verdict(hours[-1], hours[-2], so_far, until_now, finished)
    return Usual(field, model.days, shown, so_far, tuple(hours), sign, why)


def _verdict(
    running: HourNow, last: HourNow, so_far: Band, until_now: int, finished: int
) -> tuple[Sign, str]:
    assert running.band is not None
    assert last.band is not None
    if running.count > running.band.high:
        return "high", "hour"
    if until_now > so_far.high:
        return "high", "day"
    if (sign := last.band.sign(last.count)) != "":
        return sign, "last_hour"
    return ("low", "day") if finished < so_far.low else ("", "")


def _last_hours(now: datetime, count: int = 24) -> list[tuple[date, int]]:
    """The last hours of the clock, oldest first, each once however long it is."""
    seen: list[tuple[date, int]] = []
    at = now.astimezone(UTC)
    while len(seen) < count:
        local = at.astimezone(now.tzinfo)
        key = (local.date(), local.hour)
        if key not in seen:
            seen.append(key)
        at -= timedelta(minutes=30)
    return seen[::-1]


# --- back-test -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BackTest:
    """What would have been said in the past, hour by hour.

    Args:
        field: the field.
        days: days that were judged.
        hours: hours that were judged.
        high: hours at whose end the sign was "high".
        low: hours at whose end it was "low".
        first: the first judged day; None when there was no band on any.
    """

    field: str
    days: int
    hours: int
    high: int
    low: int
    first: date | None

    @property
    def percent(self) -> float | None:
        """Share of the hours with a sign; None when none was judged."""
        return 100 * (self.high + self.low) / self.hours if self.hours else None


def walk(field: str, history: Mapping[date, Day], last: date, days: int, zone: tzinfo) -> BackTest:
    """Judge past days, each by nothing but the days before it.

    Args:
        field: its name.
        history: the days that were recorded.
        last: the day after the last one that is judged.
        days: how many days are judged, back from there.
        zone: the center's zone.
    """
    judged = high = low = 0
    first: date | None = None
    hours_judged = 0
    for day in _days(last - timedelta(days=days), last):
        if day not in history:
            continue
        model = learn(history, day)
        if isinstance(model, TooLittle):
            continue
        first = first or day
        judged += 1
        counts = {
            (at, hour): int(n)
            for at in (day - timedelta(days=1), day)
            for hour, n in enumerate(history.get(at, ()))
            if n is not None
        }
        odd = odd_hours(day, zone)
        for hour in range(24):
            if odd.get(hour, 1.0) == 0.0:
                continue
            # As it stood in the last minute of the hour; what came later is not looked at.
            moment = datetime(day.year, day.month, day.day, hour, 59, tzinfo=zone)
            known = {key: n for key, n in counts.items() if key <= (day, hour)}
            sign = _stood(model, known, moment, odd)
            hours_judged += 1
            high += sign == "high"
            low += sign == "low"
    return BackTest(field, judged, hours_judged, high, low, first)


def _stood(
    model: Model, counts: Mapping[tuple[date, int], int], now: datetime, odd: Mapping[int, float]
) -> Sign:
    """The sign of `stand`, without its hours."""
    today = now.date()
    before = now.astimezone(UTC) - timedelta(hours=1)
    last = before.astimezone(now.tzinfo)

    def one(day: date, hour: int) -> HourNow:
        length = odd.get(hour, 1.0) if day == today else 1.0
        band = model.band(model.expected(day.weekday(), hour, length))
        return HourNow(day, hour, counts.get((day, hour), 0), band)

    each = [model.expected(today.weekday(), hour, odd.get(hour, 1.0)) for hour in range(24)]
    over, running = sum(each[: now.hour]), sum(each[: now.hour + 1])
    so_far = Band(running, model.band(over).low, model.band(running).high)
    until_now = sum(counts.get((today, hour), 0) for hour in range(now.hour + 1))
    finished = until_now - counts.get((today, now.hour), 0)
    sign, _why = _verdict(
        one(today, now.hour), one(last.date(), last.hour), so_far, until_now, finished
    )
    return sign


def _days(first: date, after: date) -> Iterator[date]:
    while first < after:
        yield first
        first += timedelta(days=1)
