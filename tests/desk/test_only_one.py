"""Two gateways, one district: one acts, whatever the clocks of their machines say."""

from __future__ import annotations

import pytest

from console.desk.desk import Desk
from console.domain.clock import SECOND, FixedClock
from console.linking import LEASE, RENEWED, OnlyOne
from tests.store.floor import START, desk_at

APART_S = [0, 60, -60, 200, -200, 3_600, -3_600]


class Two:
    """Two gateways whose machines differ by some seconds, and real time, which both share."""

    def __init__(self, first: Desk, second: Desk) -> None:
        self.passed = 0.0
        self.said: dict[str, list[tuple[bool, str]]] = {"first": [], "second": []}
        self.first = OnlyOne(first, lambda *told: self.said["first"].append(told), self.ticks)
        self.second = OnlyOne(
            second,
            lambda *told: self.said["second"].append(told),
            lambda: self.ticks() + 1_000_000,  # a monotonic clock begins anywhere
        )

    def ticks(self) -> float:
        return self.passed


@pytest.mark.parametrize("apart", APART_S)
def test_exactly_one_is_active_whatever_their_clocks_say(store_url: str, apart: int) -> None:
    desks = (
        desk_at(store_url, clock=FixedClock(START)),
        desk_at(store_url, clock=FixedClock(START + apart * SECOND)),
    )
    two = Two(*desks)
    assert two.first()
    for _ in range(120):  # twice a minute and more: nobody takes over from a healthy one
        assert (two.first(), two.second()) == (True, False)
        two.passed += 1
    assert two.first.holder == two.second.holder
    assert two.said == {
        "first": [(True, two.first.holder)],
        "second": [(False, two.first.holder)],
    }
    taken_after = 0  # the first one hangs: it neither renews nor leaves
    while not two.second():
        two.passed += 1
        taken_after += 1
    assert LEASE / SECOND - RENEWED / SECOND <= taken_after <= (LEASE + 2 * RENEWED) / SECOND
    two.passed += 1
    for _ in range(60):  # it comes back, sees who has it, and waits
        two.passed += RENEWED / SECOND
        assert (two.first(), two.second()) == (False, True)
    assert two.said["first"][-1] == (False, two.second.holder)
    two.second.leave()
    two.passed += RENEWED / SECOND
    assert two.first()  # given back, nobody waits
    for desk in desks:
        desk.store.close()


def test_once_waits_until_it_is_clear_that_nobody_is_there(store_url: str) -> None:
    desk = desk_at(store_url, clock=FixedClock(START))
    two = Two(desk, desk)
    assert two.first()
    assert not two.second()
    assert not two.second.other_lives
    two.passed += RENEWED / SECOND
    assert two.first()
    assert not two.second()
    assert two.second.other_lives
    assert not two.second.settled()
    desk.store.close()
