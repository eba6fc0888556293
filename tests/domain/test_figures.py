"""Figures: nearest-rank from histograms is nearest-rank from the list; buckets lose nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.figures import (
    INTERVALS,
    Bucket,
    change_percent,
    nearest_rank,
    spread,
    weekday,
    year_before,
)

SECONDS = st.lists(st.integers(0, 20_000), min_size=1, max_size=300)


@given(SECONDS, st.sampled_from([0.5, 0.9, 0.99]))
def test_nearest_rank_is_that_of_the_sorted_list(values: list[int], q: float) -> None:
    assert nearest_rank(Counter(values), q) == sorted(values)[int(len(values) * q)]


@given(SECONDS, SECONDS)
def test_histograms_add_up(a: list[int], b: list[int]) -> None:
    edges = INTERVALS[0].edges
    assert spread(Counter(a) + Counter(b), edges) == spread(Counter(a + b), edges)


@given(SECONDS)
def test_every_value_is_in_one_bucket(values: list[int]) -> None:
    for interval in INTERVALS:
        found = spread(Counter(values), interval.edges)
        assert found.n == sum(bucket.n for bucket in found.buckets) == len(values)
        for bucket in found.buckets:
            to = bucket.to_s if bucket.to_s is not None else 10**9
            inside = sum(bucket.above_s < v <= to or v == bucket.above_s == 0 for v in values)
            assert bucket.n == inside


def test_buckets_of_the_bulletins() -> None:
    found = spread({0: 1, 30: 1, 31: 1, 180: 1, 181: 2}, INTERVALS[0].edges)
    assert found.buckets == (
        Bucket(0, 30, 2),
        Bucket(30, 60, 1),
        Bucket(60, 120, 0),
        Bucket(120, 180, 1),
        Bucket(180, None, 2),
    )


def test_nothing_is_not_zero() -> None:
    found = spread({}, (30, 60))
    assert (found.n, found.p50_s, found.p90_s, found.p99_s) == (0, None, None, None)


@pytest.mark.parametrize(
    ("count", "base", "percent"),
    [
        (90, 100, -10.0),
        (83, 90, -7.78),
        (5, 0, None),
        (0, 5, -100.0),
        # Halves that are exact go to the even digit, whatever a binary fraction makes of them.
        (801, 800, 0.12),
        (803, 800, 0.38),
        (160_023, 160_000, 0.01),
        (20_015, 20_000, 0.08),
    ],
)
def test_year_on_year(count: int, base: int, percent: float | None) -> None:
    assert change_percent(count, base) == percent


def test_a_year_before() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2025, 2, 28)) == date(2024, 2, 28)


def test_weekday() -> None:
    assert weekday(20261123) == 1
    assert weekday(20261129) == 7
