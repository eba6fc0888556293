"""A terminal's alarm: confirmed by another source in time, or looked at as a false one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.alarm_confirm import Evidence, Found, Means, TerminalAlarm, confirm
from console.domain.clock import MINUTE, SECOND
from tests.domain.shipped import rules

RULES = rules().systems.terminals
T0 = 1_795_000_000_000
ALARM = TerminalAlarm("T1", "smoke", "3幢", T0)
HEAT = Evidence(Means.SENSOR, "T2", T0 + MINUTE, kind="heat", place="3幢")
PHOTO = Evidence(Means.PHOTO, "钉钉群", T0 + MINUTE)


class TestConfirm:
    @pytest.mark.parametrize("evidence", [HEAT, PHOTO, replace(PHOTO, means=Means.CALL)])
    def test_by_a_second_source(self, evidence: Evidence) -> None:
        found = confirm(ALARM, [evidence], T0 + 2 * MINUTE, RULES)
        assert (found.found, found.category, found.by) == (
            Found.CONFIRMED,
            "fire.structure",
            evidence,
        )

    @pytest.mark.parametrize(
        "evidence",
        [
            replace(HEAT, source="T1"),
            replace(HEAT, place="4幢"),
            replace(HEAT, kind="door"),
            replace(HEAT, confirms=False),
            replace(PHOTO, at=T0 + 4 * MINUTE),
            replace(HEAT, at=T0 - 4 * MINUTE),
        ],
    )
    def test_not_by_itself_nor_by_what_is_elsewhere_or_of_another_time(
        self, evidence: Evidence
    ) -> None:
        assert confirm(ALARM, [evidence], T0 + 2 * MINUTE, RULES).found is Found.WAITING
        assert confirm(ALARM, [evidence], T0 + 5 * MINUTE, RULES).found is Found.LAPSED

    def test_a_sensor_shortly_before_counts(self) -> None:
        found = confirm(ALARM, [replace(HEAT, at=T0 - MINUTE)], T0, RULES)
        assert found.found is Found.CONFIRMED

    def test_without_a_place_no_sensor_is_beside_it(self) -> None:
        alarm = replace(ALARM, place="")
        found = confirm(alarm, [replace(HEAT, place="")], T0 + MINUTE, RULES)
        assert found.found is Found.WAITING

    def test_what_has_not_happened_yet_is_not_known(self) -> None:
        found = confirm(ALARM, [PHOTO], T0 + SECOND, RULES)
        assert (found.found, found.until) == (Found.WAITING, T0 + 3 * MINUTE)


class TestFalse:
    def test_denied_only_when_the_window_is_over(self) -> None:
        denial = replace(PHOTO, confirms=False)
        assert confirm(ALARM, [denial], T0 + 2 * MINUTE, RULES).found is Found.WAITING
        found = confirm(ALARM, [denial], T0 + 3 * MINUTE, RULES)
        assert (found.found, found.false_alarm, found.category) == (Found.DENIED, True, "")

    def test_one_who_confirms_outweighs_any_who_deny(self) -> None:
        denials = [replace(PHOTO, confirms=False, source=str(n)) for n in range(5)]
        found = confirm(ALARM, [*denials, HEAT, *denials], T0 + 9 * MINUTE, RULES)
        assert found.found is Found.CONFIRMED

    def test_a_panic_button_needs_nobody(self) -> None:
        found = confirm(replace(ALARM, kind="panic"), [], T0, RULES)
        assert (found.found, found.category) == (Found.CONFIRMED, "order.panic")

    def test_an_unknown_kind_is_never_false(self) -> None:
        found = confirm(replace(ALARM, kind="seismic"), [], T0 + 10**9, RULES)
        assert found.found is Found.WAITING


EVIDENCE = st.builds(
    Evidence,
    st.sampled_from(Means),
    st.sampled_from(["T1", "T2", "T3"]),
    st.integers(T0 - 10 * MINUTE, T0 + 10 * MINUTE),
    st.booleans(),
    st.sampled_from(["smoke", "heat", "door", ""]),
    st.sampled_from(["3幢", "4幢", ""]),
)


@given(
    evidence=st.lists(EVIDENCE, max_size=8),
    more=st.lists(EVIDENCE, max_size=4),
    later=st.integers(0, 20 * MINUTE),
)
def test_confirmed_stays_confirmed(
    evidence: list[Evidence], more: list[Evidence], later: int
) -> None:
    """Whatever else is heard and however long it waits; and after the window none waits."""
    now = T0 + MINUTE
    before = confirm(ALARM, evidence, now, RULES)
    after = confirm(ALARM, [*more, *evidence], now + later, RULES)
    if before.found is Found.CONFIRMED:
        assert after.found is Found.CONFIRMED
    assert (after.found is Found.WAITING) <= (now + later < T0 + 3 * MINUTE)
    assert (after.found is Found.CONFIRMED) == bool(after.category)
