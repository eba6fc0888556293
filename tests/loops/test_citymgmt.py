"""数字城管: a case through its seven stages over HTTP, in both formats of Open311."""

from __future__ import annotations

import pytest

from adapters.citymgmt import STAGES
from adapters.port import Report
from console.domain.clock import MINUTE
from console.domain.incident import Incident
from console.domain.lifecycle import State
from fixtures.backends.open311 import Open311Backend
from tests.loops.live import Live
from tests.loops.speaking import FORMS, speak
from tests.loops.test_hotline12345 import happened, waiting

SYSTEM = "citymgmt"


@pytest.fixture(params=FORMS)
def live_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, live: Live) -> Live:
    speak(request.param, monkeypatch)
    return live


def a_case(live: Live) -> Incident:
    return live.comes(
        Report(
            SYSTEM,
            "c1",
            "人行道窨井盖松动",
            category="city.facility",
            place="北干街道金城路12号",
            lat=30.17,
            lon=120.27,
        )
    )


def stage(live: Live, one: Incident) -> str:
    return dict(live.now(one).facts).get("stage", "")


def test_a_case_goes_through_its_seven_stages(live_in: Live) -> None:
    live = live_in
    one = a_case(live)
    assert (one.category, one.playbook, one.lat, one.lon) == (
        "city.facility",
        "city-case",
        30.17,
        120.27,
    )
    there = live.systems[SYSTEM]
    assert isinstance(there, Open311Backend)
    seen = [stage(live, one)]

    def do(line: str) -> None:
        live.do(line, one)
        live.round()
        seen.append(there.stands("c1").stage)

    do("接")
    do("办 派遣 市政养护所")
    assert [event.action for event in live.told(SYSTEM)] == ["sign", "handle"]
    live.wait(41 * MINUTE)
    seen.append(stage(live, one))
    assert waiting(live, one) == {"check"}
    live.wait(20 * MINUTE)
    assert waiting(live, one) == {"answer"}
    do("办 反馈 已更换井盖")
    do("毕")
    assert [event.action for event in live.told(SYSTEM)] == ["sign", "handle", "answer", "finish"]
    assert [entry.status for entry in live.receipts(SYSTEM, one)] == ["confirmed"] * 4
    live.wait(121 * MINUTE)
    seen.append(stage(live, one))
    assert tuple(seen) == STAGES
    assert happened(live, one) == ["handled", "passed", "appraised"]
    live.do("办 评价", one)
    live.do("结", one)
    assert live.now(one).state is State.CLOSED
    assert live.is_whole()


def test_a_case_that_is_not_ours_goes_back(live_in: Live) -> None:
    live = live_in
    one = a_case(live)
    live.do("接", one)
    live.do("退回 属供电公司", one)
    live.round()
    assert [event.action for event in live.told(SYSTEM)] == ["sign", "return"]
    assert live.receipts(SYSTEM, one)[-1].status == "confirmed"
    assert waiting(live, one) == {"close"}


def test_a_case_is_extended_while_it_is_worked_on(live_in: Live) -> None:
    live = live_in
    one = a_case(live)
    live.do("接", one)
    live.do("办 派遣", one)
    live.do("延期 3 等配件", one)
    live.round()
    assert [event.action for event in live.told(SYSTEM)] == ["sign", "handle", "extend"]
    assert waiting(live, one) == {"handled"}


def test_what_fails_the_check_is_worked_on_again(live_in: Live) -> None:
    live = live_in
    one = a_case(live)
    live.do("接", one)
    live.do("办 派遣", one)
    live.do("办 处置结果 已处置", one)
    live.say(Report(SYSTEM, "c1.x", "核查不通过, 井盖仍松动", refers="c1", event="failed"))
    live.round(2)
    assert happened(live, one) == ["failed"]
    assert waiting(live, one) == {"handled"}
