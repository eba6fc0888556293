"""Cylinders: eight years, four after a test, scrap at twelve; thresholds of users and houses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.cylinders import (
    Cylinder,
    Delivery,
    Life,
    aged,
    delivered,
    hoarded,
    life,
    stock_of,
    usable_until,
)
from console.domain.months import months_later, years_later
from tests.domain.shipped import rules

RULES = rules().systems.cylinders
MADE = date(2012, 2, 29)


class TestAge:
    @pytest.mark.parametrize(
        ("tests", "today", "found"),
        [
            ((), date(2019, 12, 1), Life.FIT),
            ((), date(2020, 1, 1), Life.TEST_SOON),
            ((), date(2020, 2, 28), Life.TEST_SOON),
            ((), date(2020, 2, 29), Life.TEST_DUE),
            ((date(2020, 2, 1),), date(2023, 1, 1), Life.FIT),
            ((date(2020, 2, 1),), date(2024, 2, 1), Life.TEST_DUE),
            ((date(2022, 5, 1),), date(2024, 2, 29), Life.SCRAP),
            ((date(2024, 1, 1),), date(2030, 1, 1), Life.SCRAP),
        ],
    )
    def test_example(self, tests: tuple[date, ...], today: date, found: Life) -> None:
        assert life(Cylinder("Q1", MADE, tests), today, RULES) is found

    def test_a_test_that_has_not_been_yet_gives_nothing(self) -> None:
        cylinder = Cylinder("Q1", MADE, (date(2021, 1, 1),))
        assert life(cylinder, date(2020, 6, 1), RULES) is Life.TEST_DUE

    def test_scrap_comes_first_in_the_findings(self) -> None:
        young, old = Cylinder("Q1", date(2015, 1, 1)), Cylinder("Q2", date(2010, 1, 1))
        fit = Cylinder("Q3", date(2022, 1, 1))
        found = aged([young, old, fit], date(2023, 6, 1), RULES)
        assert [(f.subject, f.message.id) for f in found] == [
            ("Q2", "cylinder.found_scrap"),
            ("Q1", "cylinder.found_untested"),
        ]
        assert found[0].message.args["day"] == "2022-01-01"

    @given(
        made=st.dates(date(2007, 2, 1), date(2026, 1, 1)),
        tests=st.lists(st.dates(date(2000, 1, 1), date(2045, 1, 1)), max_size=4),
        days=st.integers(0, 20 * 366),
    )
    def test_never_used_after_twelve_years(self, made: date, tests: list[date], days: int) -> None:
        cylinder, today = Cylinder("Q", made, tuple(tests)), made + timedelta(days)
        scrap, until = years_later(made, 12), usable_until(cylinder, today, RULES)
        assert years_later(made, 8) <= until <= scrap
        found = life(cylinder, today, RULES)
        assert (found is Life.SCRAP) == (today >= scrap)
        assert (found in (Life.FIT, Life.TEST_SOON)) == (today < until)


class TestThresholds:
    def test_a_users_month(self) -> None:
        day = date(2026, 11, 5)
        brought = [Delivery("王五", "household", "1幢", day, 2) for _ in range(2)]
        brought.append(Delivery("王五", "household", "1幢", date(2026, 10, 31), 9))
        brought.append(Delivery("面馆", "restaurant", "2幢", day, 39))
        found = delivered(brought, day, RULES)
        assert [(f.subject, f.message.args["n"]) for f in found] == [("王五", 4)]
        assert found[0].category in rules().categories

    def test_an_unknown_kind_of_user_is_another(self) -> None:
        brought = [Delivery("船", "boat", "码头", date(2026, 11, 5), 12)]
        assert delivered(brought, date(2026, 11, 30), RULES)[0].message.args["limit"] == 12

    def test_a_buildings_hoard(self) -> None:
        found = hoarded({"1幢": 5, "2幢": 4, "3幢": 8}, RULES)
        assert [f.subject for f in found] == ["3幢", "1幢"]

    @given(
        st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9), st.booleans()), max_size=30)
    )
    def test_stock_is_what_is_still_there(self, moves: list[tuple[str, int, bool]]) -> None:
        day = date(2026, 11, 5)
        brought = [Delivery("u", "other", b, day, n) for b, n, back in moves if not back]
        taken = [Delivery("u", "other", b, day, n) for b, n, back in moves if back]
        for building, n in stock_of(brought, taken).items():
            came = sum(one.count for one in brought if one.building == building)
            went = sum(one.count for one in taken if one.building == building)
            assert n == max(0, came - went)


@given(day=st.dates(date(1990, 1, 1), date(2080, 1, 1)), months=st.integers(-120, 240))
def test_months(day: date, months: int) -> None:
    """The month is the one aimed at, the day the same or the last one of that month."""
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)
