"""Working days: the holidays of China by example, the reckoning by property."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.desk.desk import Desk
from console.desk.ruleset import SHIPPED
from console.domain.clock import DAY, HOUR, MINUTE, FixedClock, Instant, from_datetime, to_datetime
from console.domain.deadlines import parse_deadlines
from console.domain.playbook import advance, start
from console.domain.workdays import WorkCalendar, parse_workdays
from console.store.engine import open_store
from tests.domain.shipped import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR, FAULTS = parse_workdays((SHIPPED / "workdays.toml").read_text("utf-8"), "workdays.toml")
DAYS = st.dates(date(2024, 12, 1), date(2027, 12, 31))
MOMENTS = st.integers(1_735_000_000_000, 1_830_000_000_000)


def at(text: str) -> Instant:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))


def test_the_file_is_sound() -> None:
    assert FAULTS == []
    assert CALENDAR.years == {2025, 2026}
    assert not CALENDAR.off & CALENDAR.on
    # Only a weekend day is worked to make up for a holiday.
    assert all(day.weekday() >= 5 for day in CALENDAR.on)


@pytest.mark.parametrize(
    ("year", "working"),
    # 365 days, 104 on weekends, and the holidays by law on weekdays or made up for.
    [(2025, 248), (2026, 248)],
)
def test_a_year_has_as_many_working_days_as_the_notice_leaves(year: int, working: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    assert sum(CALENDAR.is_working(day) for day in days) == working


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-01-26", True),  # a Sunday before the Spring Festival
        ("2025-01-28", False),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-05-09", True),
        ("2026-10-10", True),
        ("2026-11-23", True),
        ("2026-11-28", False),
    ],
)
def test_single_days(day: str, working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


def test_beyond_the_known_years_weekends_only() -> None:
    assert not CALENDAR.knows(date(2027, 10, 1))
    assert CALENDAR.is_working(date(2027, 10, 1))
    assert not CALENDAR.is_working(date(2027, 10, 2))
    assert CALENDAR.knows(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        ("2026-11-23T09:15", 5, "2026-11-30T09:15"),  # an ordinary week
        ("2026-02-12T17:00", 5, "2026-02-26T17:00"),  # over the Spring Festival
        ("2026-09-30T10:00", 1, "2026-10-08T10:00"),
        ("2026-10-03T10:00", 1, "2026-10-08T10:00"),  # from within a holiday
        ("2025-09-26T10:00", 2, "2025-09-29T10:00"),  # the Sunday between is worked
        ("2026-11-23T00:30", 1, "2026-11-24T00:30"),  # still the 22nd in UTC
        ("2026-11-23T09:15", 0, "2026-11-23T09:15"),
    ],
)
def test_adding_days(begin: str, count: int, end: str) -> None:
    assert CALENDAR.add_days(at(begin), count, SHANGHAI) == at(end)


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-11-23T09:00", 2, "2026-11-23T11:00"),
        ("2026-11-23T11:00", 2, "2026-11-23T14:30"),  # over noon
        ("2026-11-23T12:30", 1, "2026-11-23T14:30"),
        ("2026-11-27T17:00", 1, "2026-11-30T09:00"),  # over the weekend
        ("2026-09-30T17:00", 1, "2026-10-08T09:00"),
        ("2026-11-23T06:00", 15, "2026-11-24T17:30"),  # two whole days
    ],
)
def test_adding_hours(begin: str, hours: int, end: str) -> None:
    assert CALENDAR.add_hours(at(begin), hours * HOUR, SHANGHAI) == at(end)


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_days_add_up(day: date, some: int, more: int) -> None:
    assert CALENDAR.after(CALENDAR.after(day, some), more) == CALENDAR.after(day, some + more)


@given(DAYS, st.integers(1, 30))
def test_as_many_working_days_lie_between(day: date, count: int) -> None:
    end = CALENDAR.after(day, count)
    between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    assert sum(CALENDAR.is_working(one) for one in between) == count
    assert CALENDAR.is_working(end)


@given(MOMENTS, st.integers(0, 20))
def test_the_clock_shows_the_same(moment: Instant, count: int) -> None:
    end = CALENDAR.add_days(moment, count, SHANGHAI)
    assert (end - moment) % DAY == 0  # no summer time in China since 1991
    assert end - moment >= count * DAY


@given(MOMENTS, st.integers(1, 2_000), st.integers(1, 2_000))
def test_hours_add_up_and_end_in_office_hours(moment: Instant, some: int, more: int) -> None:
    first = CALENDAR.add_hours(moment, some * MINUTE, SHANGHAI)
    both = CALENDAR.add_hours(moment, (some + more) * MINUTE, SHANGHAI)
    assert CALENDAR.add_hours(first, more * MINUTE, SHANGHAI) == both
    local = to_datetime(both, SHANGHAI)
    assert CALENDAR.is_working(local.date())
    minutes = (local - local.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    assert any(begin * 60 < minutes <= end * 60 for begin, end in CALENDAR.hours)


def test_without_a_file_weekends_count() -> None:
    plain = WorkCalendar()
    friday = from_datetime(datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert plain.add_days(friday, 1, UTC) == friday + 3 * DAY
    assert plain.add_hours(friday, 24 * HOUR, UTC) == friday + 3 * DAY


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ('[year.2026]\nsource = "x"\noff = ["2026-02-30"]\n', "rules.bad_day", 3),
        ('[year.2026]\nsource = "x"\non = ["2025-02-08"]\n', "rules.bad_day", 3),
        ('[year.2026]\nsource = "x"\noff = ["2026-01-05/2026-01-03"]\n', "rules.bad_day", 3),
        ('[year.next]\nsource = "x"\n', "rules.bad_day", 1),
        ("[year.2026]\noff = []\n", "rules.missing_key", 1),
        ('[office]\nsource = "x"\nhours = ["9-17"]\n', "rules.bad_hours", 3),
        ('[office]\nsource = "x"\nhours = ["13:00-12:00"]\n', "rules.bad_hours", 3),
    ],
)
def test_mistakes_have_file_line_and_reason(text: str, reason: str, line: int) -> None:
    _, faults = parse_workdays(text, "w.toml")
    assert [(f.file, f.line, f.reason.id) for f in faults] == [("w.toml", line, reason)]


class TestDeadlines:
    def test_five_working_days_for_a_work_order(self) -> None:
        deadlines = replace(rules().deadlines, zone=SHANGHAI)
        assert deadlines.due("request.reply", at("2026-09-28T10:00")) == at("2026-10-10T10:00")
        assert deadlines.due("request.accept", at("2026-09-28T10:00")) == at("2026-09-28T10:30")

    def test_a_playbook_counts_them(self) -> None:
        deadlines = replace(rules().deadlines, zone=SHANGHAI)
        book = next(book for book in rules().playbooks if book.id == "request")
        progress = start(book, at("2026-09-28T10:00"), at("2026-09-28T10:00"), deadlines)
        for verb, outcome in (("accept", None), ("transfer", None)):
            moment = at("2026-09-28T10:00")
            progress = advance(book, progress, verb, outcome, moment, deadlines).progress
        steps = {run.step: run.due for run in progress if run.done is None}
        timed = {step.id for step in book.steps if step.deadline == "request.reply"}
        assert {steps[step] for step in timed} == {at("2026-10-10T10:00")}

    @pytest.mark.parametrize(
        ("span", "reason"),
        [
            ('span = "7d"\nworking_days = 5', "rules.span_and_days"),
            ("working_days = 0", "rules.span_zero"),
            ("working_days = -1", "rules.span_zero"),
            ('working_days = "5"', "rules.wrong_type"),
        ],
    )
    def test_mistakes(self, span: str, reason: str) -> None:
        text = f'[a]\nlabel = {{ zh = "甲", en = "A" }}\nsource = "x"\n{span}\n'
        _, faults = parse_deadlines(text, "d.toml")
        assert faults[0].reason.id == reason

    def test_the_desk_counts_in_the_zone_of_its_store(self, tmp_path: Path) -> None:
        store = open_store(str(tmp_path / "s.sqlite"), zone="America/New_York")
        desk = Desk(store, FixedClock(0), rules(), "1")
        assert desk.rules.deadlines.zone == ZoneInfo("America/New_York")
        assert desk.rules.deadlines.calendar.years == {2025, 2026}
        store.close()
