"""The article's own story: wages on a building site are recovered by tiered disposal."""

from __future__ import annotations

from adapters.port import Report
from console.domain.clock import DAY
from tests.loops.live import Live

COMPLAINT = Report(
    "wages",
    "lz-12",
    "12名工人反映3个月工资未发, 共180000元",
    category="wages.site",
    place="宁围街道建设一路工地",
    caller="工人代表岑某",
    phone="19900004444",
    amount_at_risk=180_000,
    facts={"workers": "12", "firm": "某建筑劳务公司", "site": "建设一路地块"},
)


def test_wages_are_recovered_part_by_part(live: Live) -> None:
    case = live.comes(COMPLAINT)
    assert (case.playbook, case.amount_at_risk) == ("wage-case", 180_000)
    live.do("接", case)

    # Twelve workers: the district's departments dispose of it, and are named.
    live.do("办 定级 区级", case)
    live.round()
    assert "区人力社保局" in dict(live.now(case).facts)["departments"]

    # The firm agrees to pay in two parts, and does.
    live.do("办 计划 约定 分两期, 每期9万", case)
    live.wait(3 * DAY)
    live.do("办 付款 一期 90000", case)
    live.round()
    assert live.now(case).amount_saved == 90_000
    live.wait(7 * DAY)
    live.do("办 付款 末期 90000", case)
    live.round()
    assert [one.action for one in live.told("wages")] == ["dispose", "payment", "payment"]
    assert live.now(case).amount_saved == 180_000

    # Settled: everything was recovered, the workers are called, and it is closed.
    live.do("毕 全部追回", case)
    live.do("办 回访", case)
    live.do("结", case)
    live.round()
    (settled,) = live.told("wages", "settle")
    assert settled.id == "lz-12"
    assert live.now(case).state == "closed"
    assert {one.status for one in live.receipts(incident=case)} == {"confirmed"}
    assert live.is_whole()


def test_more_than_was_claimed_is_not_a_payment(live: Live) -> None:
    case = live.comes(COMPLAINT)
    for line in ("接", "办 定级 区级", "办 计划 约定", "办 付款 一期 100000"):
        live.do(line, case)
    assert live.refused("办 付款 末期 90000", case) == "payment.too_much"
    assert live.now(case).amount_saved == 100_000
    live.do("撤", case)
    assert live.now(case).amount_saved == 0
