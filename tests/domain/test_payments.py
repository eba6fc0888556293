"""Payment stop: 48 hours, twice more, then frozen; and what is refused, with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import DAY, HOUR, MINUTE, from_datetime, to_datetime
from console.domain.message import Problem
from console.domain.payments import (
    PaymentStop,
    StopAction,
    StopState,
    act,
    apply_for,
    lawful,
    next_expiry,
    standing,
    why_not,
)
from tests.domain.shipped import rules

RULES = rules().systems.payments
ZONE = ZoneInfo("Asia/Shanghai")
T0 = from_datetime(datetime(2022, 3, 21, 2, 0, tzinfo=UTC))
A = StopAction


def after(*steps: tuple[StopAction, int]) -> PaymentStop:
    """A stop that was asked for at `T0`, and what was done with it so many ms later."""
    stop = apply_for(T0)
    for action, later in steps:
        stop = act(stop, action, T0 + later, RULES, ZONE)
    return stop


STOPPED = ((A.CHECK, MINUTE), (A.CONFIRM, 10 * MINUTE))


class TestStop:
    def test_lasts_48_hours_from_the_stop_and_not_from_the_request(self) -> None:
        stop = after(*STOPPED)
        assert stop.state is StopState.STOPPED
        assert next_expiry(stop, T0 + HOUR) == T0 + 10 * MINUTE + 48 * HOUR

    def test_runs_out_by_itself(self) -> None:
        stop = after(*STOPPED)
        assert stop.until is not None
        assert standing(stop, stop.until - 1).state is StopState.STOPPED
        ended = standing(stop, stop.until)
        assert (ended.state, ended.since) == (StopState.EXPIRED, stop.until)
        assert next_expiry(stop, stop.until) is None

    def test_extended_twice_and_no_more(self) -> None:
        stop = after(*STOPPED, (A.EXTEND, 40 * HOUR), (A.EXTEND, 80 * HOUR))
        assert stop.until == T0 + 10 * MINUTE + 3 * 48 * HOUR
        why = why_not(stop, A.EXTEND, T0 + 100 * HOUR, RULES)
        assert why is not None
        assert why.id == "payment.no_more"
        assert A.FREEZE in lawful(stop, T0 + 100 * HOUR, RULES)

    def test_too_late_to_extend(self) -> None:
        why = why_not(after(*STOPPED), A.EXTEND, T0 + 3 * DAY, RULES)
        assert why is not None
        assert (why.id, why.args["state"]) == ("payment.not_from", StopState.EXPIRED.label)

    def test_asking_anew_does_not_set_the_limit_back(self) -> None:
        stop = after(*STOPPED)
        for day in (3, 6):
            for action in (A.REAPPLY, A.CHECK, A.CONFIRM):
                stop = act(stop, action, T0 + day * DAY, RULES, ZONE)
        assert stop.extensions == 2
        assert lawful(stop, T0 + 9 * DAY, RULES) == (A.FREEZE,)

    def test_what_does_not_match_is_not_stopped(self) -> None:
        stop = after((A.CHECK, 0), (A.MISMATCH, MINUTE))
        assert lawful(stop, T0 + HOUR, RULES) == (A.REAPPLY,)
        assert act(stop, A.REAPPLY, T0 + HOUR, RULES, ZONE).extensions == 0


class TestFreeze:
    def test_six_months_of_the_calendar_renewed_from_its_end(self) -> None:
        stop = after(*STOPPED, (A.FREEZE, HOUR))
        assert stop.until is not None
        assert to_datetime(stop.until, ZONE) == datetime(2022, 9, 21, 11, 0, tzinfo=ZONE)
        renewed = act(stop, A.RENEW, T0 + 30 * DAY, RULES, ZONE)
        assert renewed.until is not None
        assert to_datetime(renewed.until, ZONE) == datetime(2023, 3, 21, 11, 0, tzinfo=ZONE)

    def test_not_renewed_is_released(self) -> None:
        stop = after(*STOPPED, (A.FREEZE, HOUR))
        late = T0 + 200 * DAY
        assert standing(stop, late).state is StopState.RELEASED
        with pytest.raises(Problem):
            act(stop, A.RENEW, late, RULES, ZONE)

    def test_given_back_only_from_the_freeze(self) -> None:
        frozen = after(*STOPPED, (A.FREEZE, HOUR))
        assert act(frozen, A.RETURN, T0 + DAY, RULES, ZONE).state is StopState.RETURNED
        assert why_not(after(*STOPPED), A.RETURN, T0 + HOUR, RULES) is not None


@given(
    steps=st.lists(st.tuples(st.sampled_from(StopAction), st.integers(0, 40 * DAY)), max_size=30)
)
def test_whatever_is_done(steps: list[tuple[StopAction, int]]) -> None:
    """What is lawful can be done and nothing else; a stop never outlasts its extensions."""
    stop, at, first = apply_for(T0), T0, None
    for action, later in steps:
        at += later
        before = standing(stop, at)
        allowed = action in lawful(stop, at, RULES)
        assert allowed == (why_not(stop, action, at, RULES) is None)
        if not allowed:
            with pytest.raises(Problem):
                act(stop, action, at, RULES, ZONE)
            continue
        stop = act(stop, action, at, RULES, ZONE)
        assert stop.extensions <= RULES.extensions
        assert before.until is None or stop.until is None or stop.until >= before.until
        if stop.state is StopState.STOPPED:
            first = stop.since if first is None or action is A.CONFIRM else first
            assert stop.until is not None
            assert at < stop.until <= first + RULES.stop * (1 + RULES.extensions)
    if stop.state in (StopState.RELEASED, StopState.RETURNED):
        assert lawful(stop, at, RULES) == ()
