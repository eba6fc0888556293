"""The band of what is usual: how often it is wrong, what it sees, and days that are odd."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import NormalDist
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.usual import (
    ABOVE,
    BELOW,
    LEAST,
    Day,
    Model,
    TooLittle,
    learn,
    odd_hours,
    quantile,
    recorded,
    stand,
    walk,
)
from tests.scale import examples

TODAY = date(2026, 11, 2)
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOURS = (4, 3, 2, 2, 2, 3, 6, 12, 16, 15, 13, 12, 11, 11, 12, 13, 14, 17, 18, 15, 12, 10, 8, 6)
WEEKDAYS = (1.05, 1.0, 1.0, 1.0, 1.15, 0.9, 0.8)


def poisson(dice: Random, mean: float) -> int:
    if mean > 60:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    limit, product, k = math.exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        k += 1
    return k


def expected(day: date, hour: int, per_day: float) -> float:
    return per_day * WEEKDAYS[day.weekday()] * HOURS[hour] / sum(HOURS)


def made(
    seed: int, days: int, per_day: float, *, phi: float = 1.0, days_vary: float = 0.0
) -> dict[date, Day]:
    """A history: seasonal Poisson, or gamma-mixed so that hours (phi) and whole days vary more."""
    dice = Random(seed)
    history: dict[date, Day] = {}
    for back in range(days, 0, -1):
        day = TODAY - timedelta(days=back)
        busy = max(0.2, dice.gauss(1, days_vary))
        row = []
        for hour in range(24):
            mean = expected(day, hour, per_day) * busy
            if phi > 1:
                mean = dice.gammavariate(mean / (phi - 1), phi - 1)
            row.append(float(poisson(dice, mean)))
        history[day] = tuple(row)
    return history


def at(day: date, hour: int, minute: int = 59, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def model_of(history: Mapping[date, Day], today: date = TODAY) -> Model:
    found = learn(history, today)
    assert isinstance(found, Model)
    return found


KINDS = {
    "busy": {"per_day": 240.0},
    "middling": {"per_day": 40.0},
    "rare": {"per_day": 3.0},
    "great": {"per_day": 2_000.0},
    "hours vary": {"per_day": 240.0, "phi": 2.5},
    "days vary": {"per_day": 100.0, "days_vary": 0.12},
    "both vary": {"per_day": 100.0, "phi": 2.0, "days_vary": 0.1},
}


class TestFalseAlarms:
    """At most one hour in a hundred has a sign when nothing is out of the way."""

    @pytest.mark.parametrize("kind", ["middling", "both vary"])
    def test_on_history_that_is_only_chance(self, kind: str) -> None:
        found = walk("x", made(0, 112, **KINDS[kind]), TODAY, 56, SHANGHAI)
        assert (found.days, found.hours) == (56, 56 * 24)
        assert found.percent is not None
        assert found.percent <= 1

    @pytest.mark.deep
    @pytest.mark.parametrize("kind", KINDS)
    def test_over_many_seeds(self, kind: str) -> None:
        hours = signs = 0
        for seed in range(100, 106):
            found = walk("x", made(seed, 150, **KINDS[kind]), TODAY, 90, SHANGHAI)
            hours += found.hours
            signs += found.high + found.low
        assert signs / hours <= 0.01, (kind, signs, hours)


class TestWhatItSees:
    def test_a_tripled_hour(self) -> None:
        seen = asked = 0
        for seed in range(40):
            history = made(seed, 90, 240.0)
            model = model_of(history)
            dice = Random(seed)
            for hour in (9, 14, 18):
                n = poisson(dice, 3 * expected(TODAY, hour, 240.0))
                counts = {(TODAY, hour): n}
                for before in range(hour):
                    counts[TODAY, before] = round(expected(TODAY, before, 240.0))
                found = stand("x", model, counts, at(TODAY, hour))
                seen += found.sign == "high"
                asked += 1
        assert seen / asked >= 0.98

    def test_a_silent_morning(self) -> None:
        model = model_of(made(1, 90, 240.0))
        counts = {(TODAY, hour): 1 for hour in range(12)}
        found = stand("x", model, counts, at(TODAY, 12, 5))
        assert found.sign == "low"

    def test_a_day_that_is_half_as_much_again_without_any_hour_being_odd(self) -> None:
        model = model_of(made(2, 90, 240.0))
        counts = {(TODAY, hour): round(1.45 * expected(TODAY, hour, 240.0)) for hour in range(20)}
        found = stand("x", model, counts, at(TODAY, 19))
        assert (found.sign, found.why) == ("high", "day")

    def test_an_outbreak_in_the_past_does_not_hide_the_next_one(self) -> None:
        calm = model_of(made(3, 84, 100.0))
        history = made(3, 84, 100.0)
        for back in (7, 14):
            day = TODAY - timedelta(days=back)
            history[day] = tuple(8 * (n or 0) for n in history[day])
        loud = model_of(history)
        mean = calm.expected(TODAY.weekday(), 14)
        assert loud.band(loud.expected(TODAY.weekday(), 14)).high <= calm.band(2 * mean).high

    def test_it_follows_the_level(self) -> None:
        history = made(4, 84, 100.0)
        for back in range(1, 36):
            day = TODAY - timedelta(days=back)
            history[day] = tuple(2 * (n or 0) for n in history[day])
        assert model_of(history).level == pytest.approx(200, rel=0.15)

    def test_it_knows_the_weekday_and_the_hour(self) -> None:
        model = model_of(made(5, 84, 2_400.0))
        for weekday, hour in ((0, 8), (4, 18), (6, 3), (6, 18)):
            day = TODAY + timedelta(days=weekday - TODAY.weekday())
            assert model.expected(weekday, hour) == pytest.approx(
                expected(day, hour, 2_400.0), rel=0.12
            )


class TestTheRunningHour:
    def test_looking_often_raises_no_more_signs_than_looking_once(self) -> None:
        """What is high in the middle of an hour is high at its end, what is low was low before."""
        model = model_of(made(6, 84, 60.0))
        for seed in range(60):
            dice = Random(seed)
            counts = {(TODAY, hour): poisson(dice, 2.6 * HOURS[hour] / 10) for hour in range(15)}
            moments = sorted(dice.randrange(60) for _ in range(dice.randrange(18)))
            signs = []
            for minute in range(60):
                now = counts | {(TODAY, 15): sum(m <= minute for m in moments)}
                signs.append(stand("x", model, now, at(TODAY, 15, minute)).sign)
            first_high = signs.index("high") if "high" in signs else 60
            assert set(signs[first_high:]) <= {"high"}
            assert len(set(signs[:first_high])) <= 1

    def test_an_hour_that_has_just_begun_is_not_too_few(self) -> None:
        model = model_of(made(7, 84, 2_000.0))
        counts = {(TODAY, h): round(expected(TODAY, h, 2_000.0)) for h in range(18)}
        assert stand("x", model, counts, at(TODAY, 18, 0)).sign == ""
        assert stand("x", model, counts, at(TODAY, 19, 0)).sign == "low"

    def test_midnight_looks_back_to_yesterday(self) -> None:
        model = model_of(made(8, 84, 240.0))
        found = stand("x", model, {(TODAY - timedelta(days=1), 23): 60}, at(TODAY, 0, 1))
        assert (found.sign, found.why) == ("high", "last_hour")
        assert found.today == 0

    def test_what_is_dated_later_is_shown_but_no_reason_for_a_sign(self) -> None:
        model = model_of(made(9, 84, 240.0))
        counts = {(TODAY, h): round(expected(TODAY, h, 240.0)) for h in range(10)}
        found = stand("x", model, counts | {(TODAY, 22): 500}, at(TODAY, 10, 0))
        assert found.sign == ""
        assert found.today == 500 + sum(counts.values())
        assert learn(made(9, 84, 240.0) | {TODAY + timedelta(days=3): (99.0,) * 24}, TODAY) == model


class TestLittleHistory:
    @pytest.mark.parametrize("days", [0, 1, 13, 27])
    def test_under_four_weeks_there_is_no_band_and_it_says_so(self, days: int) -> None:
        found = learn(made(1, days, 240.0), TODAY)
        assert found == TooLittle(days)
        now = stand("fire", found, {(TODAY, 9): 400}, at(TODAY, 9))
        assert (now.sign, now.so_far, now.days, now.today) == ("", None, days, 400)
        assert all(hour.band is None for hour in now.hours)
        assert walk("x", made(1, days, 240.0), TODAY, 10, SHANGHAI).percent is None

    def test_four_weeks_are_enough(self) -> None:
        assert model_of(made(1, 28, 240.0)).days == 28

    def test_history_that_ended_long_ago_says_nothing_of_now(self) -> None:
        history = made(1, 84, 240.0)
        old = {day: row for day, row in history.items() if day < TODAY - timedelta(days=20)}
        assert isinstance(learn(old, TODAY), TooLittle)

    def test_a_field_that_never_happens(self) -> None:
        model = model_of({TODAY - timedelta(days=n): (0.0,) * 24 for n in range(1, 60)})
        assert stand("x", model, {(TODAY, 9): LEAST - 1}, at(TODAY, 9)).sign == ""
        assert stand("x", model, {(TODAY, 9): LEAST}, at(TODAY, 9)).sign == "high"


class TestOddDays:
    def test_a_gap_in_a_busy_district_is_not_a_quiet_time(self) -> None:
        history = made(1, 84, 240.0)
        gap = [TODAY - timedelta(days=n) for n in range(10, 20)]
        for day in gap:
            history[day] = (0.0,) * 24
        kept = recorded({day: [row] for day, row in history.items()})
        assert kept == set(history) - set(gap)
        assert model_of({day: history[day] for day in kept}).level == pytest.approx(240, rel=0.1)

    def test_a_quiet_day_in_a_small_district_is_a_quiet_day(self) -> None:
        history = made(1, 84, 1.0)
        assert recorded({day: [row] for day, row in history.items()}) == set(history)

    def test_hours_that_the_clocks_skip_and_repeat(self) -> None:
        assert odd_hours(date(2026, 3, 29), BERLIN) == {2: 0.0}
        assert odd_hours(date(2026, 10, 25), BERLIN) == {2: 2.0}
        assert odd_hours(date(2026, 10, 26), BERLIN) == {}
        assert odd_hours(date(2026, 4, 5), ZoneInfo("Australia/Lord_Howe")) == {1: 1.5}
        # Chatham changes at 2:45; Apia had no 30 December 2011 at all.
        assert odd_hours(date(2026, 9, 27), ZoneInfo("Pacific/Chatham")) == {2: 0.75, 3: 0.25}

    def test_the_hour_that_comes_twice_is_expected_to_have_twice_as_much(self) -> None:
        model = model_of(made(1, 84, 500.0), TODAY)
        night = datetime(2026, 10, 25, 2, 59, fold=1, tzinfo=BERLIN)
        found = stand("x", model, {}, night)
        here = next(hour for hour in found.hours if (hour.day, hour.hour) == (night.date(), 2))
        before = next(hour for hour in found.hours if hour.hour == 1)
        assert here.band is not None
        assert before.band is not None
        assert here.band.mean == pytest.approx(2 * model.expected(6, 2))
        assert len({(hour.day, hour.hour) for hour in found.hours}) == 24

    def test_the_hour_that_is_not_there_is_not_missed(self) -> None:
        model = model_of(made(1, 84, 2_000.0))
        day = date(2026, 3, 29)
        counts = {(day, hour): round(expected(day, hour, 2_000.0)) for hour in (0, 1)}
        found = stand("x", model, counts, at(day, 3, 1, BERLIN))
        assert found.sign == ""
        assert 2 not in [hour.hour for hour in found.hours if hour.day == day]

    def test_hours_that_are_not_to_be_learned_from(self) -> None:
        history = made(1, 84, 240.0)
        holed = {day: (None, *row[1:]) if day.day % 2 else row for day, row in history.items()}
        assert model_of(holed).level == pytest.approx(model_of(history).level, rel=0.03)

    @settings(max_examples=examples(30))
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 120),
                st.lists(
                    st.one_of(st.none(), st.integers(0, 10**6).map(float)),
                    min_size=24,
                    max_size=24,
                ),
            ),
            max_size=120,
            unique_by=lambda item: item[0],
        ),
        st.integers(0, 23),
    )
    def test_whatever_the_history_it_stands_somewhere(
        self, rows: list[tuple[int, list[float | None]]], hour: int
    ) -> None:
        history = {TODAY - timedelta(days=back): tuple(row) for back, row in rows}
        model = learn(history, TODAY)
        found = stand("x", model, {(TODAY, hour): 5}, at(TODAY, hour))
        assert found.today == 5
        assert len(found.hours) == 24
        if isinstance(model, Model):
            assert model.phi >= 1
            assert model.s2 >= 0
            for one in found.hours:
                assert one.band is not None
                assert 0 <= one.band.low <= one.band.high


class TestQuantiles:
    @given(st.floats(0.01, 390), st.floats(1, 6), st.sampled_from([ABOVE, BELOW, 0.5]))
    @settings(deadline=None)
    def test_it_is_the_least_count_that_reaches(self, mean: float, phi: float, tail: float) -> None:
        variance = phi * mean
        for q in (tail, 1 - tail):
            k = quantile(mean, variance, q)
            assert _reached(mean, variance, k) >= q - 1e-9
            assert k == 0 or _reached(mean, variance, k - 1) < q + 1e-9

    def test_the_expansion_takes_over_without_a_step(self) -> None:
        for phi in (1.0, 3.0):
            below = quantile(399.9, 399.9 * phi, 1 - ABOVE)
            above = quantile(400.1, 400.1 * phi, 1 - ABOVE)
            assert abs(above - below) <= 3
        z = NormalDist().inv_cdf(1 - ABOVE)
        assert quantile(1e6, 1e6, 1 - ABOVE) == pytest.approx(1e6 + z * 1e3, rel=1e-4)

    def test_nothing_is_expected_of_nothing(self) -> None:
        assert quantile(0, 0, 0.999) == 0


def _reached(mean: float, variance: float, k: int) -> float:
    """The chance of at most `k`, by logarithms of the gamma function."""
    if variance <= mean * (1 + 1e-9):
        logs = [n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(k + 1)]
    else:
        size, p = mean * mean / (variance - mean), mean / variance
        logs = [
            math.lgamma(size + n)
            - math.lgamma(size)
            - math.lgamma(n + 1)
            + size * math.log(p)
            + n * math.log1p(-p)
            for n in range(k + 1)
        ]
    return math.fsum(math.exp(one) for one in logs)


def test_the_same_moment_in_utc_and_here_is_one_hour() -> None:
    model = model_of(made(1, 84, 240.0))
    found = stand("x", model, {}, at(TODAY, 9, 30).astimezone(UTC))
    assert found.hours[-1].hour == 1
