"""The harness itself: report in, verb by the officer, order at the system, receipt back."""

from __future__ import annotations

from adapters.port import Report
from console.domain.lifecycle import State
from tests.loops.live import Live


def test_the_loop_is_closed_over_real_sockets(live: Live) -> None:
    one = live.comes(Report("alarm110", "a1", "金城路居民楼三楼冒烟", place="北干街道金城路12号"))
    live.do("接", one)
    assert live.now(one).state is State.ACCEPTED
    live.do("派 X301", one)
    live.round()
    told = live.told("alarm110", "dispatched")
    assert [event.id for event in told] == ["a1"]
    assert live.receipts("alarm110", one)[0].status == "confirmed"
    assert live.is_whole()
