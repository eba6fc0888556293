"""The article's own story: a hazard is found, fixed, signed off, and used in the firm's record
(查 - 整 - 销 - 用)."""

from __future__ import annotations

from adapters.port import Report
from console.domain.clock import DAY, HOUR, MINUTE
from fixtures.backends.answering import decide
from fixtures.backends.contract import Backend
from tests.loops.live import Live

FOUND = Report(
    "hazards",
    "yh-31",
    "三号车间配电箱无门, 线路裸露",
    category="hazard.fire",
    place="瓜沥镇航坞路120号",
    caller="企业管理员傅某",
    facts={"firm": "瓜沥恒顺纺织", "hazard_class": "电气线路", "confidence": "0.93"},
)


def backend(live: Live, system: str) -> Backend:
    found = live.systems[system]
    assert isinstance(found, Backend)
    return found


def test_found_fixed_signed_off_used(live: Live) -> None:
    decide(backend(live, "hazards"), "order_fix", "fixed")

    # Found: the firm's administrator uploads it, the machine says what it is.
    hazard = live.comes(FOUND)
    assert hazard.playbook == "hazard"
    assert dict(hazard.facts)["hazard_class"] == "电气线路"
    live.do("接", hazard)

    # To be fixed: the order names who answers for it, and by when.
    live.do("办 整改 傅某负责, 3日内更换配电箱", hazard)
    live.round()
    (order,) = live.told("hazards", "order_fix")
    assert order.id == "yh-31"
    assert "3日内更换配电箱" in order.body

    # The firm says that it is fixed, and it is looked at again.
    live.wait(5 * MINUTE)
    assert [one.step for one in live.open_steps(hazard)] == ["reinspect"]
    live.wait(2 * HOUR)
    live.do("办 复查 合格", hazard)

    # Signed off, and kept in the firm's record for the next inspection.
    live.do("毕", hazard)
    live.do("办 归档", hazard)
    live.round()
    assert [one.action for one in live.told("hazards")] == [
        "order_fix",
        "reinspect",
        "sign_off",
        "reuse",
    ]
    assert dict(live.now(hazard).facts)["record"] == "YHK-00001"
    live.do("结", hazard)
    assert live.now(hazard).state == "closed"
    assert {one.status for one in live.receipts(incident=hazard)} == {"confirmed"}
    assert live.is_whole()


def test_a_firm_that_is_late_is_supervised_and_then_the_departments_come(live: Live) -> None:
    decide(backend(live, "hazards"), "order_fix", "late")
    decide(backend(live, "hazards"), "supervise", "still_open")
    hazard = live.comes(FOUND)
    live.do("接", hazard)
    live.do("办 整改 3日内", hazard)
    live.round()
    live.wait(5 * MINUTE)
    live.do("督办", hazard)
    live.round()
    live.wait(DAY)
    live.do("办 执法", hazard)
    live.round()
    assert [one.action for one in live.told("hazards")] == ["order_fix", "supervise", "enforce"]
    assert [one.step for one in live.open_steps(hazard)] == ["reinspect"]
