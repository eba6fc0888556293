"""Payment stops among the facts of an incident: whatever is done and answered, in any order."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain import stops
from console.domain.clock import HOUR
from console.domain.message import Problem
from console.domain.payments import StopAction, StopState, standing
from console.domain.stops import Facts
from tests.domain.shipped import rules
from tests.scale import examples

ZONE = ZoneInfo("Asia/Shanghai")
ACCOUNTS = ("62220001", "62220002")
DEEDS = ("ask", "extend", "freeze", "renew", "release", "return", "stopped", "mismatch", "refused")
T0 = 1_795_000_000_000


def deed(facts: Facts, what: str, account: str, at: int) -> Facts:
    """The facts after one deed or answer."""
    payments = rules().systems.payments
    if what == "ask":
        return stops.with_stop(facts, stops.ask_for(facts, account, "工行", 100, at, payments))
    if what in stops.HEARD:
        return stops.heard(facts, what, account, at, payments, ZONE)
    if what == "refused":
        return stops.refused(facts, account, at, payments, ZONE)
    action = StopAction(what)
    one = stops.meant(facts, account, action)
    return stops.with_stop(facts, stops.do(one, action, at, payments, ZONE))


@settings(max_examples=examples(75))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(DEEDS),
            st.sampled_from(ACCOUNTS),
            st.integers(min_value=0, max_value=60),
        ),
        max_size=25,
    )
)
def test_whatever_is_done_and_answered(story: list[tuple[str, str, int]]) -> None:
    payments = rules().systems.payments
    facts: Facts = (("level", "高"),)
    at = T0
    for what, account, hours in story:
        at += hours * HOUR
        before = facts
        others = {n: one for n, one in stops.stops_of(facts).items() if n != account}
        try:
            facts = deed(facts, what, account, at)
        except Problem:
            assert facts == before
            continue
        known = stops.stops_of(facts)
        assert {n: one for n, one in known.items() if n != account} == others
        assert facts[0] == ("level", "高")
        for one in known.values():
            assert one.stop.extensions <= payments.extensions
            runs = one.stop.state in (StopState.STOPPED, StopState.FROZEN)
            assert (one.stop.until is not None) == runs
            if one.stop.state is StopState.STOPPED:
                assert one.stop.until is not None
                longest = payments.stop * (payments.extensions + 1)
                assert one.stop.until - one.stop.since <= longest
        running = [one.stop.until for one in known.values() if one.stop.until is not None]
        assert stops.expiry(facts) == min(running, default=None)
        assert 0 <= stops.held(facts) <= 100 * len(known)


@settings(max_examples=examples(25))
@given(st.sampled_from(["extend", "freeze", "release"]), st.integers(min_value=0, max_value=40))
def test_a_refusal_puts_back_what_stood(what: str, hours: int) -> None:
    facts = deed((), "ask", ACCOUNTS[0], T0)
    facts = deed(facts, "stopped", ACCOUNTS[0], T0)
    before = stops.stops_of(facts)[ACCOUNTS[0]].stop
    at = T0 + hours * HOUR
    after = deed(facts, what, ACCOUNTS[0], at)
    assert stops.stops_of(after)[ACCOUNTS[0]].stop != before
    again = deed(after, "refused", ACCOUNTS[0], at)
    assert stops.stops_of(again)[ACCOUNTS[0]].stop == before


def test_what_has_run_out_stays_overdue_until_somebody_acts() -> None:
    facts = deed(deed((), "ask", ACCOUNTS[0], T0), "stopped", ACCOUNTS[0], T0)
    ends = stops.expiry(facts)
    assert ends == T0 + 48 * HOUR
    later = T0 + 60 * HOUR
    assert standing(stops.stops_of(facts)[ACCOUNTS[0]].stop, later).state is StopState.EXPIRED
    facts = deed(facts, "ask", ACCOUNTS[0], later)
    assert stops.expiry(facts) is None
    assert stops.stops_of(facts)[ACCOUNTS[0]].stop.extensions == 1


@pytest.mark.parametrize(
    ("words", "account", "bank"),
    [
        ("6222020200112233445 工行 40万", "6222020200112233445", "工行 40万"),
        ("工行 400000 6222020200112233445", "6222020200112233445", "工行 400000"),
    ],
)
def test_an_account_among_words(words: str, account: str, bank: str) -> None:
    assert stops.account_in(words) == (account, bank)


def test_no_account() -> None:
    with pytest.raises(Problem):
        stops.account_in("工行 40万")
