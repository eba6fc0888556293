"""Work orders: the way through the stages, the limits, and what the clock asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import DAY, HOUR, Instant, from_datetime
from console.domain.message import Problem
from console.domain.workdays import WEEKENDS_ONLY
from console.domain.workorders import (
    KINDS,
    Attention,
    Deed,
    Stage,
    WorkOrder,
    act,
    attention,
    lawful,
    open_order,
    why_not,
)
from tests.domain.shipped import rules

RULES = rules().systems.workorders
MONDAY = from_datetime(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
D = Deed
WAY = (D.ASSIGN, D.SIGN, D.HANDLE, D.ANSWER, D.FINISH, D.CALL_BACK, D.RATE)


# A calendar without holidays: Monday to Friday.
WEEK = replace(rules().deadlines, calendar=WEEKENDS_ONLY, zone=UTC)


def later(at: Instant, days: int) -> Instant:
    return WEEK.calendar.add_days(at, days, UTC)


def order(kind: str = "complaint", *deeds: Deed, at: Instant = MONDAY) -> WorkOrder:
    found = open_order(kind, MONDAY, WEEK)
    for deed in deeds:
        found = act(found, deed, at, RULES, WEEK)
    return found


class TestStages:
    def test_the_whole_way(self) -> None:
        found = order("complaint", *WAY)
        assert found.stage is Stage.RATED
        assert not found.running

    def test_no_stage_is_left_out(self) -> None:
        for count, deed in enumerate(WAY[1:], 1):
            why = why_not(order("complaint", *WAY[: count - 1]), deed, MONDAY, RULES)
            assert why is not None
            assert why.id == "workorder.not_from"

    def test_kinds_have_their_own_days(self) -> None:
        assert order("consult").due == MONDAY + 3 * DAY
        assert order("complaint").due == MONDAY + 7 * DAY, "a weekend lies between"

    def test_holidays_count_as_they_are_worked(self) -> None:
        before = from_datetime(datetime(2026, 9, 30, 1, 0, tzinfo=UTC))
        found = open_order("help", before, rules().deadlines)
        assert found.due > before + 7 * DAY, "the holidays of October lie between"


class TestLimits:
    def test_returned_twice_and_no_more(self) -> None:
        found = order("help", D.ASSIGN, D.RETURN, D.ASSIGN, D.SIGN, D.RETURN, D.ASSIGN)
        why = why_not(found, D.RETURN, MONDAY, RULES)
        assert why is not None
        assert (why.id, why.args["n"]) == ("workorder.no_more_returns", 2)

    def test_a_return_does_not_stop_the_clock(self) -> None:
        assert order("help", D.ASSIGN, D.RETURN).due == order("help").due

    def test_extended_by_ten_working_days_together(self) -> None:
        found = order("help", D.ASSIGN, D.SIGN)
        found = act(found, D.EXTEND, MONDAY, RULES, WEEK, days=6)
        why = why_not(found, D.EXTEND, MONDAY, RULES, days=5)
        assert why is not None
        assert (why.id, why.args["n"]) == ("workorder.extension_too_long", 4)
        found = act(found, D.EXTEND, MONDAY, RULES, WEEK, days=4)
        assert found.due == later(MONDAY, 13)

    def test_not_extended_when_late(self) -> None:
        found = order("help", D.ASSIGN, D.SIGN)
        why = why_not(found, D.EXTEND, found.due, RULES)
        assert why is not None
        assert why.id == "workorder.too_late_to_extend"

    def test_urged_before_and_supervised_after(self) -> None:
        found = order("help", D.ASSIGN)
        assert D.URGE in lawful(found, found.due - 1, RULES)
        assert D.SUPERVISE not in lawful(found, found.due - 1, RULES)
        assert D.URGE not in lawful(found, found.due, RULES)
        assert act(found, D.SUPERVISE, found.due, RULES, WEEK).supervised == 1

    def test_passed_on_again_has_its_own_clock(self) -> None:
        found = order("help", *WAY)
        again = act(found, D.REASSIGN, MONDAY + 14 * DAY, RULES, WEEK)
        assert (again.stage, again.round) == (Stage.ASSIGNED, 2)
        assert again.due == MONDAY + 17 * DAY


class TestAttention:
    @pytest.mark.parametrize(
        ("from_due", "asked"),
        [
            (-2 * DAY, Attention.NONE),
            (-HOUR, Attention.URGE),
            (0, Attention.SUPERVISE),
            (23 * HOUR, Attention.SUPERVISE),
            (DAY, Attention.NOTICE),
        ],
    )
    def test_by_the_clock(self, from_due: int, asked: Attention) -> None:
        found = order("help", D.ASSIGN)
        assert attention(found, found.due + from_due, RULES, WEEK) is asked

    def test_finished_asks_for_nothing(self) -> None:
        found = order("help", *WAY[:5])
        assert attention(found, found.due + 30 * DAY, RULES, WEEK) is Attention.NONE


@given(
    kind=st.sampled_from(KINDS),
    steps=st.lists(
        st.tuples(st.sampled_from(Deed), st.integers(0, 2 * DAY), st.integers(-1, 12)),
        max_size=40,
    ),
)
def test_whatever_is_done(kind: str, steps: list[tuple[Deed, int, int]]) -> None:
    """Limits hold on every way, and from everywhere the order can still be brought to its end."""
    found, at = open_order(kind, MONDAY, WEEK), MONDAY
    for deed, wait, days in steps:
        at += wait
        before = found
        if why_not(found, deed, at, RULES, days) is None:
            found = act(found, deed, at, RULES, WEEK, days)
            assert found.due >= before.due
        else:
            with pytest.raises(Problem):
                act(found, deed, at, RULES, WEEK, days)
        assert found.returns <= RULES.returns
        assert 0 <= found.extended <= RULES.extension_days
        assert not {D.URGE, D.SUPERVISE} <= set(lawful(found, at, RULES))
    for _ in WAY:
        onward = [deed for deed in WAY if deed in lawful(found, at, RULES)]
        if found.stage is not Stage.RATED:
            assert len(onward) == 1
            found = act(found, onward[0], at, RULES, WEEK)
    assert found.stage is Stage.RATED
