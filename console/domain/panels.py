"""The panels of the figures page: windows and what they are compared with, heat, trend.

Everything here is made of rollups (`console.domain.rollup`); a panel and the command
``figures --panel`` show the same value.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from console.domain.figures import (
    Spread,
    Sums,
    change_percent,
    percent_of,
    spread_json,
    year_before,
)
from console.domain.filters import FIELDS as OF_FIELDS
from console.domain.naming import Naming
from console.domain.standards import Kept

FIELDS = ("all", "traffic", "fraud", "fire")
"""The panels, the combined one first."""

WINDOWS = ("today", "week", "month", "year")
"""Today; the last seven days; the month and the year to date."""

WINDOW_WORDS: Mapping[str, tuple[str, ...]] = {
    "today": ("今日", "today", "jinri", "今天"),
    "week": ("七天", "week", "qitian", "7d", "本周"),
    "month": ("本月", "month", "benyue"),
    "year": ("今年", "year", "jinnian", "本年"),
}
"""What a window is called when it is typed: Chinese, English, then others."""

FIELD_WORDS: Mapping[str, tuple[str, ...]] = {
    "all": ("综合", "all", "zonghe", "全部"),
    **OF_FIELDS,
}
"""The same of a field."""

HOURS = 168


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days in the center's zone, both ends included.

    `name` is one of `WINDOWS`, or ``days`` for days that somebody chose.
    """

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def window(name: str, today: date) -> Window:
    """One of `WINDOWS` that ends today.

    Raises:
        ValueError: there is no such window.
    """
    first = {
        "today": today,
        "week": today - timedelta(days=6),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }.get(name)
    if first is None:
        raise ValueError(name)
    return Window(name, first, today)


def whole_months(one: Window) -> int:
    """How many calendar months it is; 0 when it begins or ends within one."""
    if one.first.day != 1 or one.last.day != _length(one.last):
        return 0
    return _month(one.last) - _month(one.first) + 1


def shifted(one: Window, back: int) -> Window:
    """The window as many of its own lengths earlier (`back`), or later when negative.

    Whole months stay whole months. A month to date becomes one, a year to date a whole year.

    Raises:
        ValueError: there are no such days.
    """
    months = {"month": 1, "year": 12}.get(one.name) or whole_months(one)
    if months:
        return _months(_month(one.first) - back * months, months)
    step = timedelta(days=one.days * back)
    return Window("days", one.first - step, one.last - step)


def named(one: Window, today: date) -> str | None:
    """Which of `WINDOWS` the days are: those that end today, or this month or year as a whole."""
    ends = {"month": today.replace(day=_length(today)), "year": date(today.year, 12, 31)}
    for name in WINDOWS:
        if (one.first, one.last) == (window(name, today).first, ends.get(name, today)):
            return name
    return None


def until(one: Window, today: date) -> Window:
    """The part of a window that has come; of a month or a year, that to date."""
    if not one.first <= today < one.last:
        return one
    kind = {1: "month", 12: "year"}.get(whole_months(one))
    return Window(kind if kind and _begins(one, kind) else one.name, one.first, today)


def _begins(one: Window, kind: str) -> bool:
    return kind == "month" or one.first.month == 1


def _month(day: date) -> int:
    """The number of a day's month, counted through."""
    return day.year * 12 + day.month - 1


def _months(first: int, count: int) -> Window:
    """So many whole months from one on."""
    last = first + count - 1
    end = date(last // 12, last % 12 + 1, 1)
    return Window("days", date(first // 12, first % 12 + 1, 1), end.replace(day=_length(end)))


def _length(day: date) -> int:
    """How many days the month of a day has."""
    return monthrange(day.year, day.month)[1]


def period_before(one: Window) -> Window:
    """The period before (环比): as many days directly before; for whole months as many whole
    months, for a month and a year to date the same days of the month or the year before.

    The month before may be shorter: then its last day is the end.
    """
    if one.name not in ("month", "year") and (months := whole_months(one)):
        return _named(one, _months(_month(one.first) - months, months))
    if one.name == "year":
        return Window(one.name, year_before(one.first), year_before(one.last))
    if one.name == "month":
        end = one.first - timedelta(days=1)
        last = end.replace(day=min(one.last.day, end.day))
        return Window(one.name, end.replace(day=1), last)
    before = one.first - timedelta(days=1)
    return Window(one.name, before - timedelta(days=one.days - 1), before)


def same_last_year(one: Window) -> Window:
    """The same days a year earlier (同比): the 28th for 29 February, whole months for whole
    months, however many days February has.
    """
    if one.name not in ("month", "year") and (months := whole_months(one)):
        return _named(one, _months(_month(one.first) - 12, months))
    return Window(one.name, year_before(one.first), year_before(one.last))


def _named(one: Window, other: Window) -> Window:
    return Window(one.name, other.first, other.last)


@dataclass(frozen=True, slots=True)
class Standing:
    """A field in a window: its count, and those that it is compared with.

    A base is whole when the records go back to its first day; the change from one that is not
    says little. What lies ahead is compared when it has come: until then its bases are none.
    """

    window: Window
    count: int
    last_year: int
    before: int
    last_year_whole: bool = True
    before_whole: bool = True
    ahead: bool = False

    @property
    def yoy(self) -> float | None:
        """Year on year (同比) in percent; None when the base is zero."""
        return change_percent(self.count, self.last_year)

    @property
    def pop(self) -> float | None:
        """Period on period (环比) in percent; None when the base is zero."""
        return change_percent(self.count, self.before)


@dataclass(frozen=True, slots=True)
class Dissuaded:
    """How many fraud warnings ended with nothing lost, and how many with a loss."""

    saved: int
    lost: int

    @property
    def percent(self) -> float | None:
        """Dissuasion success in percent, two decimals; None where nothing was at risk."""
        return percent_of(self.saved, self.saved + self.lost)


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that is shown of one field in one window.

    `by` has, for each of ``category``, ``class``, ``severity``, ``outcome``, ``result``,
    ``cause``, ``alarm`` and ``town``, its values with their counts, the most frequent first.
    """

    field: str
    window: Window
    standing: Standing
    sums: Sums
    sums_last_year: Sums
    by: Mapping[str, tuple[tuple[str, int], ...]]
    heat: tuple[int, ...]
    """`HOURS` counts: the hours of the week from Monday, 0 o'clock."""
    intervals: Mapping[str, Spread]
    standards: tuple[Kept, ...]
    year: int
    """The year of `trend`."""
    trend: tuple[tuple[int, int | None, int], ...]
    """The twelve months: (month, this year, last year); None for months to come."""
    records: tuple[date, date] | None = None
    """The first and the last day of which anything is known; None when there is nothing."""

    @property
    def dissuaded(self) -> Dissuaded | None:
        """Of the fraud warnings whose end is known; None where there are none."""
        results = dict(self.by["result"])
        saved, lost = results.get("saved", 0), results.get("lost", 0)
        return Dissuaded(saved, lost) if self.field == "fraud" and saved + lost else None


def ranked(cells: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Values with their counts, the most frequent first, then by name."""
    return tuple(sorted(cells.items(), key=lambda one: (-one[1], one[0])))


def hours_of_day(heat: tuple[int, ...]) -> tuple[int, ...]:
    """The 24 hours of the day, of the hours of the week."""
    return tuple(sum(heat[hour::24]) for hour in range(24))


def panel_json(
    panel: Panel, standings: Mapping[str, tuple[Standing, ...]], naming: Naming
) -> dict[str, object]:
    """What the page shows, for machines: as there, different words for one thing are one."""
    return {
        "field": panel.field,
        "window": _window_json(panel.window),
        "standings": {
            field: [_standing_json(one) for one in rows] for field, rows in standings.items()
        },
        "count": panel.standing.count,
        "yoy": panel.standing.yoy,
        "yoy_base": panel.standing.last_year,
        "yoy_base_whole": panel.standing.last_year_whole,
        "pop": panel.standing.pop,
        "pop_base": panel.standing.before,
        "pop_base_whole": panel.standing.before_whole,
        "records": [day.isoformat() for day in panel.records] if panel.records else None,
        "ahead": panel.standing.ahead,
        "by": {
            dim: {one.word: one.count for one in naming.together(dim, cells)}
            for dim, cells in panel.by.items()
        },
        "heat": list(panel.heat),
        "dissuasion": None
        if panel.dissuaded is None
        else {
            "saved": panel.dissuaded.saved,
            "lost": panel.dissuaded.lost,
            "percent": panel.dissuaded.percent,
        },
        "trend_year": panel.year,
        "trend": [
            {"month": month, "this_year": now, "last_year": before}
            for month, now, before in panel.trend
        ],
        "intervals": {name: spread_json(one) for name, one in panel.intervals.items()},
        "standards": [
            {
                "id": one.standard.id,
                "source": one.standard.source.zh,
                "interval": one.standard.interval,
                "seconds": one.standard.seconds,
                "wanted_percent": one.standard.share,
                "n": one.n,
                "within": one.within,
                "percent": one.percent,
            }
            for one in panel.standards
        ],
        "sums": _sums_json(panel.sums),
        "sums_last_year": _sums_json(panel.sums_last_year),
    }


def _window_json(one: Window) -> dict[str, object]:
    return {"name": one.name, "from": one.first.isoformat(), "to": one.last.isoformat()}


def _standing_json(one: Standing) -> dict[str, object]:
    return {
        "window": _window_json(one.window),
        "count": one.count,
        "yoy": one.yoy,
        "yoy_base": one.last_year,
        "yoy_base_whole": one.last_year_whole,
        "pop": one.pop,
        "pop_base": one.before,
        "pop_base_whole": one.before_whole,
    }


def _sums_json(sums: Sums) -> dict[str, int]:
    return {name: getattr(sums, name) for name in Sums.__dataclass_fields__}
