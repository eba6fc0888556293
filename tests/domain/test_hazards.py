"""Hazards: find, fix, sign off, use; and who comes when the date has passed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import DAY, HOUR
from console.domain.hazards import (
    LEVELS,
    Hazard,
    HazardAct,
    HazardState,
    Pressure,
    act,
    lawful,
    pressure,
    record,
    why_not,
)
from console.domain.message import Problem
from tests.domain.shipped import rules

RULES = rules().systems.hazards
T0 = 1_795_000_000_000
A = HazardAct


def after(*acts: HazardAct, level: str = "general", at: int = T0) -> Hazard:
    hazard = record(level, T0)
    for what in acts:
        hazard = act(hazard, what, at, RULES)
    return hazard


ORDERED = (A.VERIFY, A.ORDER)


class TestLoop:
    def test_the_whole_way(self) -> None:
        hazard = after(*ORDERED, A.REPORT_FIXED, A.PASS, A.SIGN_OFF, A.REUSE)
        assert hazard.state is HazardState.REUSED
        assert lawful(hazard, T0 + 99 * DAY, RULES) == ()

    def test_not_signed_off_before_it_passed(self) -> None:
        why = why_not(after(*ORDERED, A.REPORT_FIXED), A.SIGN_OFF, T0, RULES)
        assert why is not None
        assert why.id == "hazard.not_from"

    def test_failing_gains_no_time(self) -> None:
        hazard = after(*ORDERED, A.REPORT_FIXED, A.FAIL)
        assert (hazard.state, hazard.failed) == (HazardState.ORDERED, 1)
        assert hazard.due == T0 + 7 * DAY

    def test_dates_by_level(self) -> None:
        assert after(*ORDERED, level="major").due == T0 + 30 * DAY
        verified = after(A.VERIFY)
        assert act(verified, A.ORDER, T0, RULES, days=3).due == T0 + 3 * DAY
        for days in (0, 8):
            with pytest.raises(Problem):
                act(verified, A.ORDER, T0, RULES, days=days)

    def test_no_hazard_ends_it(self) -> None:
        assert lawful(after(A.DISMISS), T0, RULES) == ()


class TestPressure:
    @pytest.mark.parametrize(
        ("day", "asked"),
        [
            (4, Pressure.NONE),
            (5, Pressure.REMIND),
            (7, Pressure.SUPERVISE),
            (40, Pressure.SUPERVISE),
        ],
    )
    def test_by_the_date(self, day: int, asked: Pressure) -> None:
        assert pressure(after(*ORDERED), T0 + day * DAY, RULES) is asked

    def test_supervised_first_then_joint_enforcement(self) -> None:
        hazard, late = after(*ORDERED), T0 + 8 * DAY
        first = why_not(hazard, A.ENFORCE, late, RULES)
        assert first is not None
        assert first.id == "hazard.supervise_first"
        hazard = act(hazard, A.SUPERVISE, late, RULES)
        assert pressure(hazard, late + 3 * DAY - HOUR, RULES) is Pressure.SUPERVISE
        assert pressure(hazard, late + 3 * DAY, RULES) is Pressure.ENFORCE
        hazard = act(hazard, A.SUPERVISE, late + DAY, RULES)
        assert hazard.supervised == late, "supervised again does not put enforcement off"
        hazard = act(hazard, A.ENFORCE, late + 3 * DAY, RULES)
        assert hazard.enforced == late + 3 * DAY

    def test_nothing_is_asked_of_what_has_passed(self) -> None:
        hazard = after(*ORDERED, A.PASS)
        assert pressure(hazard, T0 + 90 * DAY, RULES) is Pressure.NONE


@given(
    level=st.sampled_from(LEVELS),
    steps=st.lists(
        st.tuples(
            st.sampled_from(HazardAct), st.integers(0, 5 * DAY), st.none() | st.integers(-1, 40)
        ),
        max_size=30,
    ),
)
def test_whatever_is_done(level: str, steps: list[tuple[HazardAct, int, int | None]]) -> None:
    hazard, at = record(level, T0), T0
    for what, later, days in steps:
        at += later
        before = hazard
        if why_not(hazard, what, at, RULES, days) is None:
            hazard = act(hazard, what, at, RULES, days)
        else:
            with pytest.raises(Problem):
                act(hazard, what, at, RULES, days)
        assert before.due is None or hazard.due == before.due, "the date stands"
        assert hazard.open <= (hazard.due is not None)
        assert hazard.enforced is None or hazard.supervised is not None
        asked = pressure(hazard, at, RULES)
        if asked is Pressure.ENFORCE:
            assert A.ENFORCE in lawful(hazard, at, RULES)
        if asked is Pressure.SUPERVISE:
            assert A.SUPERVISE in lawful(hazard, at, RULES)
