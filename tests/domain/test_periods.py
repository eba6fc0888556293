"""Periods of a report: shifts, weeks and months, and the same hours of other days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import DAY, HOUR, MINUTE, SECOND, from_datetime, to_datetime
from console.domain.message import Label
from console.domain.periods import (
    KINDS,
    Edge,
    Kind,
    Period,
    Shift,
    called,
    last_begun,
    parse_shifts,
    period_of,
    shift_at,
)

SHANGHAI, LONDON, YORK = (
    ZoneInfo(n) for n in ("Asia/Shanghai", "Europe/London", "America/New_York")
)
NAME = Label("班", "shift")
DAY_SHIFT = Shift("day", Label("白班", "day shift"), 8 * HOUR, 20 * HOUR)
NIGHT = Shift("night", Label("夜班", "night shift"), 20 * HOUR, 8 * HOUR)
SHIFTS = (DAY_SHIFT, NIGHT)

DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))
ZONES = st.sampled_from([SHANGHAI, LONDON, YORK, ZoneInfo("Australia/Lord_Howe")])


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=zone))


def of(kind: Kind, day: date) -> Period:
    return period_of(kind, day, NIGHT if kind == "shift" else None)


def test_a_night_shift_ends_on_the_next_morning() -> None:
    period = period_of("shift", date(2022, 3, 21), NIGHT)
    assert period.span(SHANGHAI) == (at("2022-03-21 20:00"), at("2022-03-22 08:00"))
    assert period.before().span(SHANGHAI) == (at("2022-03-20 20:00"), at("2022-03-21 08:00"))
    assert period.year_before().span(SHANGHAI)[0] == at("2021-03-21 20:00")


def test_a_week_is_monday_to_sunday_and_a_month_a_whole_one() -> None:
    week = period_of("week", date(2022, 3, 23))
    assert week.span(SHANGHAI) == (at("2022-03-21 00:00"), at("2022-03-28 00:00"))
    assert week.before().begin.day == date(2022, 3, 14)
    march = period_of("month", date(2022, 3, 23))
    assert (march.begin.day, march.last) == (date(2022, 3, 1), date(2022, 3, 31))
    february = march.before()
    assert (february.begin.day, february.last) == (date(2022, 2, 1), date(2022, 2, 28))
    assert february.before().last == date(2022, 1, 31), "a whole month beside a whole month"


def test_a_day_of_a_leap_year_is_held_against_the_28th() -> None:
    day = period_of("day", date(2024, 2, 29))
    assert day.year_before().span(SHANGHAI) == (at("2023-02-28 00:00"), at("2023-03-01 00:00"))
    assert period_of("month", date(2024, 2, 1)).year_before().last == date(2023, 2, 28)
    whole = period_of("month", date(2025, 2, 1)).year_before()
    assert whole.last == date(2024, 2, 29), "a whole month beside a whole month"


@pytest.mark.parametrize(
    ("begin", "then", "until"),
    [
        ("2024-02-28", "2023-02-28 20:00", "2023-03-01 08:00"),
        ("2024-02-29", "2023-02-28 20:00", "2023-03-01 08:00"),
        ("2025-02-28", "2024-02-28 20:00", "2024-02-29 08:00"),
    ],
)
def test_a_night_beside_a_leap_day_is_held_against_a_night(
    begin: str, then: str, until: str
) -> None:
    night = period_of("shift", date.fromisoformat(begin), NIGHT)
    assert night.year_before().span(SHANGHAI) == (at(then), at(until))


@pytest.mark.parametrize("day", ["2024-02-29", "2024-03-01", "2025-03-01"])
def test_a_week_with_a_leap_day_is_held_against_seven_days(day: str) -> None:
    begin, end = period_of("week", date.fromisoformat(day)).year_before().span(SHANGHAI)
    assert end - begin == 7 * DAY


def test_what_is_usual_of_a_running_month_does_not_shrink_to_the_shortest() -> None:
    now = at("2022-03-31 10:00")
    march = period_of("month", date(2022, 3, 1)).until(now, SHANGHAI)
    assert [one.span(SHANGHAI)[1] for one in march.like_it()] == [
        at(f"{day} 10:00") + 1 for day in ("2022-02-28", "2022-01-31", "2021-12-31")
    ]
    whole = period_of("month", date(2022, 3, 1))
    assert [one.last.day for one in whole.like_it()] == [28, 31, 31]


def test_what_is_running_is_cut_and_so_is_what_it_is_held_against() -> None:
    now = at("2022-03-30 12:34:56")
    month = period_of("month", date(2022, 3, 30)).until(now, SHANGHAI)
    assert month.span(SHANGHAI) == (at("2022-03-01 00:00"), now + 1)
    begin, end = month.before().span(SHANGHAI)
    assert begin == at("2022-02-01 00:00")
    assert end == at("2022-02-28 12:34:56") + 1, "the month before has no 30th"
    over = period_of("day", date(2022, 3, 29))
    assert over.until(now, SHANGHAI) is over


def test_the_last_moment_of_a_day_is_still_that_day() -> None:
    now = at("2022-03-31 00:00:00") - 1
    month = period_of("month", date(2022, 3, 5)).until(now, SHANGHAI)
    assert month.last == date(2022, 3, 30)
    assert month.end.ms == DAY


def test_an_hour_that_is_repeated_is_not_lost_while_it_runs() -> None:
    # London, 31 October 2021: 01:30 comes twice; this is the second one.
    now = at("2021-10-31 00:30", LONDON) + 2 * HOUR
    day = period_of("day", date(2021, 10, 31)).until(now, LONDON)
    assert day.span(LONDON)[1] == now + 1
    assert to_datetime(now, LONDON).hour == 1


@pytest.mark.parametrize(("day", "hours"), [("2021-03-28", 23), ("2021-10-31", 25)])
def test_a_day_on_which_the_clocks_change(day: str, hours: int) -> None:
    begin, end = period_of("day", date.fromisoformat(day)).span(LONDON)
    assert end - begin == hours * HOUR


def test_the_shift_that_runs() -> None:
    assert shift_at(SHIFTS, at("2022-03-21 07:59:59"), SHANGHAI) == (NIGHT, date(2022, 3, 20))
    assert shift_at(SHIFTS, at("2022-03-21 08:00"), SHANGHAI) == (DAY_SHIFT, date(2022, 3, 21))
    assert shift_at(SHIFTS, at("2022-03-21 23:30"), SHANGHAI) == (NIGHT, date(2022, 3, 21))
    now = at("2022-03-21 12:00")
    assert last_begun(SHIFTS, date(2022, 3, 21), now, SHANGHAI) is DAY_SHIFT
    assert last_begun(SHIFTS, date(2022, 3, 20), now, SHANGHAI) is NIGHT
    assert [called(SHIFTS, word) for word in ("夜班", "Night Shift", "day", "noon")] == [
        NIGHT,
        NIGHT,
        DAY_SHIFT,
        None,
    ]


@given(st.sampled_from(KINDS), DAYS, ZONES)
def test_periods_follow_each_other(kind: Kind, day: date, zone: ZoneInfo) -> None:
    period = of(kind, day)
    begin, end = period.span(zone)
    assert begin < end
    before = period.before().span(zone)
    if kind == "shift":
        assert before[1] <= begin
    else:
        assert before[1] == begin, "the period before ends where this one begins"
    for one in (period.year_before(), *period.like_it()):
        first, last = one.span(zone)
        assert first < last <= begin
        if kind != "month":
            assert abs((last - first) - (end - begin)) <= 2 * HOUR, "as long, on the clock"
        else:
            assert one.end == period_of("month", one.begin.day).end
    if kind != "month":
        assert {one.begin.day.weekday() for one in period.like_it()} == {period.begin.day.weekday()}


@given(st.sampled_from(KINDS), DAYS, ZONES, st.integers(0, 32 * DAY))
def test_a_cut_is_never_longer_and_ends_just_behind_now(
    kind: Kind, day: date, zone: ZoneInfo, passed: int
) -> None:
    period = of(kind, day)
    begin, end = period.span(zone)
    now = begin + passed
    cut = period.until(now, zone)
    assert cut.span(zone) == ((begin, now + 1) if now < end else (begin, end))
    assert begin <= cut.end.instant(zone) <= max(end, now + 1)
    assert cut.last <= period.last


@given(st.lists(st.integers(0, 24 * 12 - 1), min_size=1, max_size=6, unique=True), DAYS, ZONES)
def test_one_shift_runs_at_every_moment(starts: list[int], day: date, zone: ZoneInfo) -> None:
    edges = sorted(5 * MINUTE * n for n in starts)
    shifts = [
        Shift(str(n), NAME, begin, end)
        for n, (begin, end) in enumerate(zip(edges, [*edges[1:], edges[0]], strict=True))
    ]
    assert sum(one.length for one in shifts) == DAY
    now = Edge(day, 0).instant(zone)
    for _ in range(25):
        shift, begun = shift_at(shifts, now, zone)
        begin, end = period_of("shift", begun, shift).span(zone)
        assert begin <= now < end
        now += 59 * MINUTE + 13 * SECOND


def a_shift(id_: str, begin: str, end: str) -> str:
    label = '{ zh = "班", en = "shift" }'
    return f'[[shift]]\nid = "{id_}"\nlabel = {label}\nfrom = "{begin}"\nto = "{end}"\n'


class TestFile:
    def test_shifts_of_a_file(self) -> None:
        text = a_shift("n", "22:30", "06:00") + a_shift("d", "06:00", "22:30")
        found, faults = parse_shifts(text, "shifts.toml")
        assert faults == []
        assert [(one.id, one.length) for one in found] == [
            ("d", 16 * HOUR + 30 * MINUTE),
            ("n", 7 * HOUR + 30 * MINUTE),
        ]

    @pytest.mark.parametrize(
        ("begin", "end", "wrong"),
        [
            ("08:00", "20:00", "shifts.no_whole_day"),
            ("8", "20:00", "shifts.no_time"),
            ("24:00", "20:00", "shifts.no_time"),
            ("08:60", "20:00", "shifts.no_time"),
        ],
    )
    def test_a_mistake_has_its_reason(self, begin: str, end: str, wrong: str) -> None:
        text = a_shift("d", begin, end)
        _found, faults = parse_shifts(text, "shifts.toml")
        assert [fault.reason.id for fault in faults] == [wrong]

    @pytest.mark.parametrize("id_", ["Night", "a/b", "../../x/night", "", " ", "夜", "-", "a" * 40])
    def test_an_id_is_typed_and_part_of_a_files_name(self, id_: str) -> None:
        _found, faults = parse_shifts(a_shift(id_, "08:00", "08:00"), "shifts.toml")
        assert [(fault.line, fault.reason.id) for fault in faults] == [(2, "shifts.no_id")]
        for good in ("night", "a-1", "2_b"):
            assert parse_shifts(a_shift(good, "08:00", "08:00"), "shifts.toml")[1] == []

    def test_a_shift_is_called_in_any_case(self) -> None:
        one = Shift("Night", Label("夜班", "Night shift"), 0, 0)
        assert [called([one], word) for word in ("night", "NIGHT", "night SHIFT")] == [one] * 3

    def test_no_shift_at_all_is_no_day(self) -> None:
        assert [f.reason.id for f in parse_shifts("", "x")[1]] == ["shifts.no_whole_day"]

    def test_one_shift_may_be_the_whole_day(self) -> None:
        found, faults = parse_shifts(a_shift("d", "08:00", "08:00"), "x")
        assert faults == []
        begin, end = period_of("shift", date(2022, 3, 21), found[0]).span(SHANGHAI)
        assert end - begin == DAY
