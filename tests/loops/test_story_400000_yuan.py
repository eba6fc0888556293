"""The article's own case: 21 March, 金钟罩 warns, and 400,000 yuan are not transferred."""

from __future__ import annotations

from adapters.port import Report
from console.domain import playbook as pb
from console.domain.clock import MINUTE
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.store import incidents
from tests.loops.live import Live


def waiting(live: Live, one: Incident) -> set[str]:
    with live.store.read() as tx:
        return {run.step for run in pb.open_runs(incidents.steps_of(tx, one.id))}


def test_four_hundred_thousand_yuan_are_not_transferred(live: Live) -> None:
    # 金钟罩: a caller who pretends to be the customer service of a shop and its carrier.
    one = live.comes(
        Report(
            "fraudguard",
            "jzz-0321",
            "疑似正被冒充电商物流客服诈骗, 通话中",
            caller="陈佳",
            phone="13800001111",
            priority=1,
            fraud_class="冒充电商物流客服",
            amount_at_risk=400_000,
            facts={"level": "高"},
        )
    )
    assert (one.playbook, one.amount_at_risk, one.place) == ("fraud-warning", 400_000, "")

    live.do("接", one)
    # The phone is busy, again and again.
    live.do("电 占线", one)
    live.round()
    # Meanwhile the person is researched: nobody had to ask for it, and the answer stands there.
    (asked,) = live.told("investigation", "research")
    assert '"phone":"13800001111"' in asked.body
    one = live.now(one)
    assert dict(one.facts)["address"] == "新塘街道育才路12号3幢401室"
    assert dict(one.facts)["identity"] == "陈佳"
    assert dict(one.facts)["id_number"] == "339************023"
    assert one.place == "新塘街道育才路12号3幢401室"
    assert "research" not in waiting(live, one)
    live.do("电 占线", one)
    live.do("电 无人接听", one)
    assert "call" not in waiting(live, one)

    # The community officer goes to the address that was found.
    assert "育才路12号" in str(live.desk.preview("访", one.id, "zh").message.args["place"])
    live.do("访 J31", one)
    live.round()
    (door,) = live.told("platform4", "visit")
    assert '"place":"新塘街道育才路12号3幢401室"' in door.body
    live.do("告知家属 母亲 已说明骗术", one)
    for status in ("出动", "到场"):
        live.clock.advance(3 * MINUTE)
        live.do(f"J31 {status}")
    assert live.now(one).contacted is None  # a busy line is nobody spoken to
    live.do("办 见面 见到", one)
    assert live.now(one).contacted == live.clock.now()
    live.do("办 讲解劝阻 劝住", one)
    live.do("毕 成功劝阻 400000", one)
    assert live.now(one).amount_saved == 400_000

    assert live.now(one).result == "saved"

    live.do("办 回访 平安", one)
    live.do("结 未转账", one)
    live.round()
    one = live.now(one)
    assert (one.state, one.amount_saved, one.amount_lost) == (State.CLOSED, 400_000, 0)
    assert [told.action for told in live.told("fraudguard")] == [
        "signed",
        "call_result",
        "call_result",
        "call_result",
        "family_notified",
        "visit_result",
        "dissuasion",
        "outcome",
        "closed",
    ]
    assert {order.state for order in live.orders()} == {"confirmed"}
    assert len(live.receipts(incident=one)) == len(live.orders())
    assert live.is_whole()
