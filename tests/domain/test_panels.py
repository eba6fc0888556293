"""Windows: how they move, what they are compared with, and how far they have come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.panels import (
    WINDOWS,
    Window,
    named,
    period_before,
    same_last_year,
    shifted,
    until,
    whole_months,
    window,
)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def of(first: str, last: str) -> Window:
    return Window("days", date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("first", "last", "before", "last_year"),
    [
        # A whole month is held against a whole month, however many days it has.
        ("2026-10-01", "2026-10-31", ("2026-09-01", "2026-09-30"), ("2025-10-01", "2025-10-31")),
        ("2029-02-01", "2029-02-28", ("2029-01-01", "2029-01-31"), ("2028-02-01", "2028-02-29")),
        ("2025-01-01", "2025-12-31", ("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-12-31")),
        ("2026-04-01", "2026-06-30", ("2026-01-01", "2026-03-31"), ("2025-04-01", "2025-06-30")),
        # Other days against as many.
        ("2026-10-02", "2026-10-31", ("2026-09-02", "2026-10-01"), ("2025-10-02", "2025-10-31")),
        ("2024-02-28", "2024-02-29", ("2024-02-26", "2024-02-27"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_what_days_are_compared_with(
    first: str, last: str, before: tuple[str, str], last_year: tuple[str, str]
) -> None:
    one = of(first, last)
    assert period_before(one) == of(*before)
    assert same_last_year(one) == of(*last_year)


def test_several_years_move_by_as_many() -> None:
    one = of("2020-01-01", "2021-12-31")
    assert shifted(one, 1) == of("2018-01-01", "2019-12-31")
    assert shifted(one, -1) == of("2022-01-01", "2023-12-31")


@given(days, days, st.integers(-3, 3))
def test_to_and_fro_is_where_it_began(a: date, b: date, back: int) -> None:
    one = Window("days", min(a, b), max(a, b))
    there = shifted(one, back)
    assert shifted(there, -back) == one
    assert whole_months(there) == whole_months(one)
    if not whole_months(one):
        assert there.days == one.days


@given(days, days)
def test_periods_touch_and_do_not_overlap(a: date, b: date) -> None:
    one = Window("days", min(a, b), max(a, b))
    before = period_before(one)
    assert before.last == one.first - timedelta(days=1)
    assert shifted(one, 1) == before


@given(days, st.sampled_from(WINDOWS))
def test_a_window_that_ends_today_is_found_by_its_days(today: date, name: str) -> None:
    there = shifted(window(name, today), 1)
    back = shifted(there, -1)
    assert named(back, today) == name
    assert named(there, today) is None


@given(days, days, days)
def test_what_has_come_ends_today_or_is_all_of_it(a: date, b: date, today: date) -> None:
    one = Window("days", min(a, b), max(a, b))
    come = until(one, today)
    assert come.first == one.first
    assert come.last == (min(one.last, today) if one.first <= today else one.last)


def test_this_month_as_a_whole_is_compared_as_the_month_to_date() -> None:
    today = date(2026, 11, 23)
    month = until(of("2026-11-01", "2026-11-30"), today)
    assert month == window("month", today)
    assert until(of("2026-01-01", "2026-12-31"), today) == window("year", today)
    # Twelve months that are no year have no name of their own.
    assert until(of("2026-07-01", "2027-06-30"), today).name == "days"
