"""Which terminals are told to be silent, whatever has been heard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import MINUTE
from console.domain.heartbeats import HeartbeatRules, LastHeard, silent

RULES = HeartbeatRules(15 * MINUTE, 5)
moments = st.integers(0, 100 * MINUTE)
known = st.lists(
    st.builds(
        LastHeard,
        st.text("abc", min_size=1, max_size=6),
        moments,
        missed=st.one_of(st.none(), moments),
    ),
    max_size=30,
    unique_by=lambda one: one.device,
)


def silence(one: LastHeard, listening: int, now: int) -> int:
    return now - max(one.seen, listening)


@given(known, st.one_of(st.none(), moments), moments)
def test_only_who_was_silent_while_somebody_listened(
    devices: list[LastHeard], listening: int | None, now: int
) -> None:
    found = silent(devices, listening, now, RULES)
    told = set(found.devices)
    if listening is None:
        assert not told
        return
    waiting = [one for one in devices if one.missed is None]
    missed = {one for one in waiting if silence(one, listening, now) > RULES.silent_after}
    quiet = {one for one in waiting if silence(one, listening, now) > RULES.suspicious_after}
    as_one = bool(missed) and len(quiet) >= RULES.together
    assert found.as_one == as_one
    assert told == (quiet if as_one else missed)


@given(st.integers(5, 60), st.integers(1, 5 * MINUTE))
def test_what_goes_out_with_one_cause_is_told_once(n: int, spread: int) -> None:
    """They speak one after the other; told is everything at the moment the first is missed."""
    devices = [LastHeard(str(i), i * spread // n) for i in range(n)]
    found = silent(devices, 0, RULES.silent_after + 1, RULES)
    assert (len(found.devices), found.as_one) == (n, True)


@given(known, moments, moments)
def test_a_silence_is_told_once(devices: list[LastHeard], listening: int, now: int) -> None:
    from dataclasses import replace

    told = {one.device for one in silent(devices, listening, now, RULES).devices}
    after = [replace(one, missed=one.seen) if one.device in told else one for one in devices]
    again = {one.device for one in silent(after, listening, now + MINUTE, RULES).devices}
    assert not told & again
    # Who is missed by then has been told, now or before: alone, or as one of many.
    late = now + MINUTE - RULES.silent_after
    missed = {one.device for one in devices if one.missed is None and one.seen < late}
    assert listening >= late or missed <= told | again


def test_nobody_is_silent_while_the_link_is_down() -> None:
    assert silent([LastHeard("a", 0)], None, 10**9, RULES).devices == ()
