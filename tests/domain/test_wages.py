"""Wage cases: who disposes of one, the plan, what was paid, and that no yuan is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import DAY
from console.domain.message import Problem
from console.domain.wages import (
    Payment,
    agree,
    behind,
    next_due,
    open_case,
    pay,
    summary,
    tier_of,
)
from tests.domain.shipped import rules

RULES = rules().systems.wages
T0 = 1_795_000_000_000


@pytest.mark.parametrize(
    ("workers", "amount", "tier"),
    [
        (1, 3_000, "town"),
        (9, 199_999, "town"),
        (10, 1, "district"),
        (2, 200_000, "district"),
        (50, 1, "joint"),
        (3, 5_000_000, "joint"),
        (0, 0, "town"),
    ],
)
def test_tier(workers: int, amount: int, tier: str) -> None:
    assert tier_of(workers, amount, RULES).id == tier


class TestPayment:
    def test_in_three_parts_until_it_is_settled(self) -> None:
        case = agree(open_case(12, 100_000), [T0 + n * 30 * DAY for n in (1, 2, 3)])
        assert [part.amount for part in case.plan] == [33_334, 33_333, 33_333]
        case = pay(case, Payment("p1", T0 + 29 * DAY, 40_000))
        assert behind(case, T0 + 31 * DAY) == 0
        assert behind(case, T0 + 61 * DAY) == 26_667
        left = next_due(case)
        assert left is not None
        assert (left.due, left.amount) == (T0 + 60 * DAY, 26_667)
        assert summary(case).id == "wages.owed"
        case = pay(case, Payment("p2", T0 + 62 * DAY, 60_000))
        assert case.settled
        assert next_due(case) is None
        assert summary(case).id == "wages.settled"

    def test_the_same_payment_told_twice_is_one(self) -> None:
        case = pay(open_case(1, 100), Payment("p1", T0, 30))
        assert pay(case, Payment("p1", T0 + DAY, 30)) == case
        with pytest.raises(Problem) as caught:
            pay(case, Payment("p1", T0, 31))
        assert caught.value.message.id == "wages.other_payment"

    @pytest.mark.parametrize("amount", [0, -5, 101])
    def test_no_payment(self, amount: int) -> None:
        with pytest.raises(Problem):
            pay(open_case(1, 100), Payment("p1", T0, amount))

    def test_a_new_plan_covers_what_is_left(self) -> None:
        case = agree(open_case(4, 900), [T0 + DAY])
        case = pay(case, Payment("p1", T0 + 2 * DAY, 300))
        case = agree(case, [T0 + 30 * DAY, T0 + 60 * DAY])
        assert sum(part.amount for part in case.plan) == 900
        assert behind(case, T0 + 3 * DAY) == 0
        assert behind(case, T0 + 31 * DAY) == 300

    @pytest.mark.parametrize("dues", [[], [T0, T0], [T0 + DAY, T0], list(range(T0, T0 + 101))])
    def test_no_plan(self, dues: list[int]) -> None:
        with pytest.raises(Problem) as caught:
            agree(open_case(1, 100), dues)
        assert caught.value.message.id == "wages.bad_plan"

    @pytest.mark.parametrize(("workers", "amount"), [(0, 5), (5, 0), (-1, -1)])
    def test_no_case(self, workers: int, amount: int) -> None:
        with pytest.raises(Problem):
            open_case(workers, amount)


@given(
    amount=st.integers(1, 10**7),
    parts=st.integers(1, 24),
    payments=st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 10**6)), max_size=20),
)
def test_no_yuan_is_lost(amount: int, parts: int, payments: list[tuple[int, int]]) -> None:
    case = open_case(3, amount)
    if parts <= amount:
        case = agree(case, [T0 + n * DAY for n in range(parts)])
        assert sum(part.amount for part in case.plan) == amount
        assert max(p.amount for p in case.plan) - min(p.amount for p in case.plan) <= 1
    taken: dict[str, int] = {}
    for key, paid in payments:
        try:
            case = pay(case, Payment(str(key), T0, paid))
        except Problem:
            continue
        taken.setdefault(str(key), paid)
    assert case.recovered == sum(taken.values())
    assert 0 <= case.outstanding == amount - case.recovered
    assert case.settled == (case.outstanding == 0)
    assert behind(case, T0 + 100 * DAY) <= case.outstanding
