"""Working days of China: weekends, the State Council's holidays, and days worked in their place.

The days live in ``workdays.toml``, a table a year, each with the notice that it rests on.
Of a year that is not there only the weekends are known; `WorkCalendar.knows` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from console.domain.clock import DAY, MINUTE, Instant, Span, from_datetime, to_datetime
from console.domain.message import msg
from console.domain.tables import Document, Fault, Table

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_ONE = timedelta(days=1)
_LONGEST_RANGE = 31
"""Days that a holiday has at most: a longer range is a slip of the pen."""


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked, and when offices are open on them.

    `off` and `on` are the exceptions from Monday to Friday, `years` those of which they
    are known, `hours` the open stretches of a working day in minutes from midnight.
    """

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    hours: tuple[tuple[int, int], ...] = ((0, 24 * 60),)

    def knows(self, day: date) -> bool:
        """Whether the holidays of the day's year are known; if not, weekends alone count."""
        return day.year in self.years

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted.

        Args:
            day: from where; it need not be a working day.
            count: from 0, which is `day` itself.
        """
        for _ in range(count):
            day += _ONE
            while not self.is_working(day):
                day += _ONE
        return day

    def add_days(self, at: Instant, count: int, zone: tzinfo) -> Instant:
        """The same time of the clock, `count` working days after `at` (ms UTC).

        The day of `at` is not counted, as in the reckoning of periods by days (民法典
        article 201).
        """
        moment = to_datetime(at, zone)
        day = self.after(moment.date(), count)
        if day == moment.date():
            return at
        return from_datetime(datetime.combine(day, moment.timetz()))

    def add_hours(self, at: Instant, span: Span, zone: tzinfo) -> Instant:
        """The moment at which `span` ms of office hours have passed since `at` (ms UTC)."""
        if span <= 0:
            return at
        day = to_datetime(at, zone).date()
        while True:
            for begins, ends in self.hours if self.is_working(day) else ():
                first, last = (_instant(day, minutes, zone) for minutes in (begins, ends))
                left = last - max(first, at)
                if left >= span:
                    return max(first, at) + span
                span -= max(0, left)
            day += _ONE


WEEKENDS_ONLY = WorkCalendar()
"""Of no year the holidays are known."""


def _instant(day: date, minutes: int, zone: tzinfo) -> Instant:
    midnight = datetime.combine(day, time(), zone)
    return from_datetime(midnight + timedelta(minutes=minutes))


def parse_workdays(text: str, file: str) -> tuple[WorkCalendar, list[Fault]]:
    """Read ``workdays.toml``; the calendar, and what is wrong with the file."""
    document = Document(text, file)
    off: set[date] = set()
    on: set[date] = set()
    years: set[int] = set()
    hours: tuple[tuple[int, int], ...] = ()
    for key, table in document.root.children():
        if key == "office":
            hours = _hours(table)
            table.text("source")
            table.end()
            continue
        for name, year in table.children():
            if not re.fullmatch(r"\d{4}", name):
                year.complain("", msg("rules.bad_day", value=name))
                continue
            years.add(int(name))
            year.text("source")
            off |= _days(year, "off", int(name))
            on |= _days(year, "on", int(name))
            year.end()
        table.end()
    document.root.end()
    return WorkCalendar(
        frozenset(off), frozenset(on - off), frozenset(years), hours or ((0, DAY // MINUTE),)
    ), document.faults


def _days(table: Table, key: str, year: int) -> set[date]:
    """The days of a list of days and ranges, all of them of one year."""
    found: set[date] = set()
    for value in table.texts(key):
        first, _, last = value.partition("/")
        try:
            begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            table.complain(key, msg("rules.bad_day", value=value))
            continue
        count = (end - begin).days + 1
        if not (begin.year == end.year == year and 1 <= count <= _LONGEST_RANGE):
            table.complain(key, msg("rules.bad_day", value=value))
            continue
        found |= {begin + timedelta(days=n) for n in range(count)}
    return found


def _hours(table: Table) -> tuple[tuple[int, int], ...]:
    """Open stretches, each after the one before it, in minutes from midnight."""
    found: list[tuple[int, int]] = []
    for value in table.texts("hours"):
        read = _HOURS.fullmatch(value)
        begins, ends = (
            (int(read[1]) * 60 + int(read[2]), int(read[3]) * 60 + int(read[4])) if read else (0, 0)
        )
        if not (found[-1][1] if found else 0) <= begins < ends:
            table.complain("hours", msg("rules.bad_hours", value=value))
            continue
        found.append((begins, ends))
    return tuple(found)
