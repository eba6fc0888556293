"""What a report is about: a shift, a day, a week or a month of the center, and what it is
compared with.

A period begins and ends on the center's clock; `Edge` keeps the clock's own words, so that
the same hours of another day can be found across a change of the clocks.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple, TypeAlias, get_args

from console.domain.clock import DAY, MINUTE, Instant, Span, from_datetime, to_datetime
from console.domain.figures import year_before
from console.domain.message import Label, msg
from console.domain.tables import Document, Fault

Kind: TypeAlias = Literal["shift", "day", "week", "month"]

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
"""A shift's id: it is typed, and part of a file's name."""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""What can be reported on."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of the center: from and to are ms after midnight on the center's clock.

    One whose end is not after its beginning ends on the next day.
    """

    id: str
    label: Label
    begin: Span
    end: Span

    @property
    def length(self) -> Span:
        """How long it is on the clock."""
        return (self.end - self.begin - 1) % DAY + 1


class Edge(NamedTuple):
    """A moment on the center's clock: a day, and ms after its midnight (0 to 24 hours)."""

    day: date
    ms: Span

    def instant(self, zone: tzinfo) -> Instant:
        """The moment itself; an hour that the clocks jump over is the one before the jump."""
        wall = datetime.combine(self.day, datetime.min.time()) + timedelta(milliseconds=self.ms)
        return from_datetime(wall.replace(tzinfo=zone))


@dataclass(frozen=True, slots=True)
class Period:
    """From one edge to another, the end not included.

    `last` is the last day of it; its end may be that day's midnight (24 hours).
    `shift` is set for a shift. `cut` is the moment (ms UTC) at which one that is still
    running was cut: an hour that the clocks repeat has no words of its own.
    """

    kind: Kind
    begin: Edge
    end: Edge
    shift: Shift | None = None
    cut: Instant | None = None

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end.day

    def span(self, zone: tzinfo) -> tuple[Instant, Instant]:
        """Its first moment, and the first one that is no longer in it."""
        end = self.end.instant(zone) if self.cut is None else self.cut
        return self.begin.instant(zone), end

    def until(self, now: Instant, zone: tzinfo) -> Period:
        """The part of it that is over; itself when all of it is."""
        begin, end = self.span(zone)
        if not begin <= now < end:
            return self
        wall = to_datetime(now + 1, zone)
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        passed = (wall.replace(tzinfo=None) - midnight) // timedelta(milliseconds=1)
        edge = Edge(wall.date(), passed) if passed else Edge(wall.date() - timedelta(1), DAY)
        return Period(self.kind, self.begin, edge, self.shift, now + 1)

    def moved(self, days: int) -> Period:
        """The same hours so many days later."""
        step = timedelta(days=days)
        return Period(
            self.kind,
            Edge(self.begin.day + step, self.begin.ms),
            Edge(self.end.day + step, self.end.ms),
            self.shift,
        )

    def year_before(self) -> Period:
        """The same days a year earlier (同比), from the 28th for 29 February.

        As many days as this one has; of a month the same days of that month, and a whole
        month for a whole one.
        """
        if self.kind == "month":
            return self._month_back(12)
        return self.moved((year_before(self.begin.day) - self.begin.day).days)

    def before(self) -> Period:
        """The period before (环比): the day before, the same shift of the day before, the
        week before, the same days of the month before.

        A whole month is compared with a whole month, however many days that has.
        """
        if self.kind == "month":
            return self._month_back(1)
        return self.moved(-7 if self.kind == "week" else -1)

    def like_it(self) -> tuple[Period, ...]:
        """What is usual is learnt from these: the same hours of the same weekday in the four
        weeks before, or the three months before.
        """
        if self.kind == "month":
            return tuple(self._month_back(n) for n in range(1, 4))
        return tuple(self.moved(-7 * n) for n in range(1, 5))

    def _month_back(self, months: int) -> Period:
        """The same days so many months earlier, or all that a shorter month has of them."""
        count = 12 * self.begin.day.year + self.begin.day.month - 1 - months
        first = date(count // 12, count % 12 + 1, 1)
        there = _days_in(first)
        whole = self.end.day.day == _days_in(self.end.day) and self.end.ms == DAY
        last = there if whole else min(self.end.day.day, there)
        return Period(self.kind, Edge(first, 0), Edge(first.replace(day=last), self.end.ms))


def _days_in(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def period_of(kind: Kind, day: date, shift: Shift | None = None) -> Period:
    """The period that a day lies in; of a shift, the one that begins on it.

    A week is Monday to Sunday (ISO 8601).

    Args:
        kind: what.
        day: the center's day.
        shift: which shift, for ``shift``.
    """
    if kind == "shift":
        assert shift is not None
        over = shift.end <= shift.begin
        last = day + timedelta(days=1) if over and shift.end else day
        return Period(kind, Edge(day, shift.begin), Edge(last, shift.end or DAY), shift)
    if kind == "week":
        monday = day - timedelta(days=day.isoweekday() - 1)
        return Period(kind, Edge(monday, 0), Edge(monday + timedelta(days=6), DAY))
    if kind == "month":
        return Period(kind, Edge(day.replace(day=1), 0), Edge(day.replace(day=_days_in(day)), DAY))
    return Period(kind, Edge(day, 0), Edge(day, DAY))


def shift_at(shifts: Sequence[Shift], now: Instant, zone: tzinfo) -> tuple[Shift, date]:
    """The shift that is running, and the day on which it began.

    Args:
        shifts: those of the center, which cover the day without a gap.
        now: the moment.
        zone: the center's.
    """
    today = to_datetime(now, zone).date()
    for day in (today, today - timedelta(days=1)):
        for shift in shifts:
            begin, end = period_of("shift", day, shift).span(zone)
            if begin <= now < end:
                return shift, day
    raise AssertionError("the shifts cover the day")


def last_begun(shifts: Sequence[Shift], day: date, now: Instant, zone: tzinfo) -> Shift:
    """The last shift of a day that has begun; its first one when none has."""
    begun = [one for one in shifts if Edge(day, one.begin).instant(zone) <= now]
    return (begun or list(shifts[:1]))[-1]


def called(shifts: Sequence[Shift], word: str) -> Shift | None:
    """The shift that a word names: its id, or its name in either language."""
    wanted = word.strip().casefold()
    for one in shifts:
        if wanted in (one.id.casefold(), one.label.zh.casefold(), one.label.en.casefold()):
            return one
    return None


def parse_shifts(text: str, file: str) -> tuple[tuple[Shift, ...], list[Fault]]:
    """Read ``shifts.toml``: shifts by the hour they begin, which make up the whole day."""
    document = Document(text, file)
    found: list[Shift] = []
    for table in document.root.tables("shift"):
        begin, end = (_clock(table.text(key)) for key in ("from", "to"))
        for key, at in (("from", begin), ("to", end)):
            if at is None and key in table:
                table.complain(key, msg("shifts.no_time", word=table.text(key)))
        one = Shift(table.text("id"), table.label("label"), begin or 0, end or 0)
        if "id" in table and not _ID.fullmatch(one.id):
            table.complain("id", msg("shifts.no_id", id=one.id))
        if any(one.id == other.id for other in found):
            table.complain("id", msg("shifts.twice", id=one.id))
        found.append(one)
        table.end()
    document.root.end()
    found.sort(key=lambda one: one.begin)
    if not document.faults and not _whole_day(found):
        document.complain((), msg("shifts.no_whole_day"))
    return tuple(found), document.faults


def _clock(word: str) -> Span | None:
    hours, colon, minutes = word.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return (int(hours) * 60 + int(minutes)) * MINUTE


def _whole_day(shifts: Sequence[Shift]) -> bool:
    """Whether each begins where the one before it ends, once around the clock."""
    follows = all(
        one.end == after.begin
        for one, after in zip(shifts, (*shifts[1:], *shifts[:1]), strict=True)
    )
    return bool(shifts) and follows and sum(one.length for one in shifts) == DAY
