"""The rows whose loop is short: report in, verb by the officer, order at the simulator,
receipt in the journal. Each over real HTTP, each to its end."""

from __future__ import annotations

import pytest

from adapters.port import Report
from console.domain.clock import MINUTE
from console.domain.incident import Incident
from fixtures.backends.answering import decide
from fixtures.backends.contract import Backend
from tests.loops.live import Live


def noted(live: Live, system: str, action: str, word: str) -> None:
    found = live.systems[system]
    assert isinstance(found, Backend)
    decide(found, action, word)


def confirmed(live: Live, incident: Incident) -> bool:
    """Whether every order of an incident has its receipt, and each says that it was taken."""
    orders = [one for one in live.orders() if one.incident == incident.id]
    receipts = live.receipts(incident=incident)
    assert {one.key for one in orders} == {one.key for one in receipts}
    return {one.status for one in receipts} == {"confirmed"}


def test_platform4_a_grid_report_is_verified_and_handled(live: Live) -> None:
    noted(live, "platform4", "verify", "true")
    one = live.comes(
        Report(
            "platform4",
            "sp-1",
            "走访发现一楼沿街店面住人",
            category="grid.visit",
            place="城厢街道体育路33号",
            facts={"grid": "城厢三网格", "worker": "汤某"},
        )
    )
    assert one.playbook == "grid-report"
    live.do("接", one)
    live.do("办 派核", one)
    live.round()
    live.wait(5 * MINUTE)
    assert [step.step for step in live.open_steps(one)] == ["handle"]
    live.do("办 办理", one)
    live.round()
    assert [task.action for task in live.told("platform4")] == ["verify", "transfer"]
    live.wait(5 * MINUTE)
    said = [entry.text for entry in live.entries("event", one)]
    assert len(said) == 2
    assert confirmed(live, one)


def test_fullview_a_warning_of_a_scenario_puts_the_register_right(live: Live) -> None:
    noted(live, "platform4", "verify", "false")
    one = live.comes(
        Report(
            "fullview",
            "ql-1",
            "出租房预警: 登记居住12人, 超过核定人数",
            category="scenario.rented",
            place="北干街道金城路88号3幢",
            facts={"layer": "rented", "scenario": "rented_crowded"},
        )
    )
    assert one.playbook == "grid-report"
    live.do("接", one)
    live.do("办 派核", one)
    live.round()
    live.wait(5 * MINUTE)
    live.do("办 更正 实为2人居住", one)
    live.round()
    (corrected,) = live.told("fullview", "correct_address")
    assert "实为2人居住" in corrected.body
    assert dict(live.now(one).facts)["address"] == "已更正"
    assert confirmed(live, one)


def test_fullview_three_zones_are_drawn_approved_and_lifted(live: Live) -> None:
    done = live.do("新 zone 北干街道金城路88号 首例所在小区划定三区")
    assert done.incident is not None
    one = live.numbered(done.incident)
    assert one.playbook == "zone-plan"
    for line in ("接", "办 定点", "办 划区", "办 清点 三圈共 420 户"):
        live.do(line, one)
    live.do("办 审批 同意", one, role="supervisor")
    live.do("办 下发", one)
    live.round()
    assert live.told("fullview", "zone_plan")
    assert set(dict(live.now(one).facts)) >= {"houses", "people"}
    live.do("毕", one)
    live.round()
    assert len(live.told("fullview", "zone_plan")) == 2
    assert confirmed(live, one)


def test_traffic_a_hot_spot_gets_a_measure_and_the_code_is_reviewed(live: Live) -> None:
    noted(live, "traffic", "review_code", "yellow")
    one = live.comes(
        Report(
            "traffic",
            "jj-9",
            "渣土车一周3次违法, 安全码预警",
            category="traffic.code",
            place="南阳街道南虹路",
            facts={"safety_code": "红码", "road": "南虹路"},
        )
    )
    assert one.playbook == "traffic-risk"
    live.do("接", one)
    live.do("办 措施 增设卡点, 约谈企业", one)
    live.do("办 复核 已好转", one)
    live.round()
    assert {told.action for told in live.told("traffic")} == {"measure", "review_code"}
    assert dict(live.now(one).facts)["safety_code"] == "黄码"
    live.do("毕", one)
    live.do("结", one)
    live.round()
    assert confirmed(live, one)


def test_traffic_an_accident_has_police_and_ambulance_and_a_record(live: Live) -> None:
    one = live.comes(
        Report(
            "traffic",
            "jj-1",
            "两车相撞, 一人受伤",
            category="traffic.injury",
            place="宁围街道建设一路",
            facts={"injured": "1", "severity": "轻伤"},
        )
    )
    assert one.playbook == "traffic-accident"
    live.do("接", one)
    live.do("派 S05 H02", one)
    live.do("S05 到场")
    live.round()
    assert {"dispatched", "arrived"} <= {told.action for told in live.told("traffic")}
    assert confirmed(live, one)


def test_highrise_the_dossier_comes_with_the_answer_and_repairs_are_reported(live: Live) -> None:
    one = live.comes(
        Report(
            "highrise",
            "gc-4",
            "消控室报警: 18层烟感动作",
            category="fire.highrise",
            place="盈丰街道民和路旺角城2幢",
            facts={"building": "旺角城2幢", "storey": "18"},
        )
    )
    assert one.playbook == "fire-highrise"
    live.do("接", one)
    live.do("派 X301 X302", one)
    live.do("办 疏散 已通知", one)
    live.do("办 设施 故障", one)
    live.round()
    assert {"evacuate", "facilities"} <= {told.action for told in live.told("highrise")}
    assert set(dict(live.now(one).facts)) >= {"hydrants", "lifts", "key_holder", "height_m"}
    live.do("办 维修", one)
    live.round()
    live.wait(5 * MINUTE)
    (said,) = [entry for entry in live.entries("event", one) if entry.source == "highrise"]
    assert "已修复" in said.text
    assert confirmed(live, one)


@pytest.mark.parametrize("system", ["platform4", "hazards", "cylinders", "wages", "fullview"])
def test_a_matter_handed_over_is_known_there(live: Live, system: str) -> None:
    source = {"platform4": "grid.visit", "hazards": "hazard.fire", "cylinders": "gas.cylinder"}
    one = live.comes(
        Report(system, "t-1", "一件事", category=source.get(system, ""), place="北干街道金城路1号")
    )
    live.do("接", one)
    live.do("转 四平台 请处置", one)
    live.round()
    (told,) = live.told("platform4", "transfer")
    assert "请处置" in told.body
    assert confirmed(live, one)
