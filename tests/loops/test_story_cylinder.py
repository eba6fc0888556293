"""The article's own story: a cylinder alert is verified at the door through the four
platforms, and the result is reported back to 数智瓶安."""

from __future__ import annotations

from adapters.port import Report
from console.domain.clock import HOUR, MINUTE
from fixtures.backends.answering import decide
from fixtures.backends.contract import Backend
from tests.loops.live import Live


def the_alert(live: Live) -> Report:
    return Report(
        "cylinders",
        "yj-7",
        "育才东路一户本月配送11瓶, 超过阈值",
        category="gas.cylinder",
        place="新塘街道育才东路88号12幢3单元401室",
        caller="诸某",
        phone="19900003333",
        facts={"deliveries": "11", "stock": "6", "user": "诸某"},
    )


def verdict(live: Live, word: str) -> None:
    platform4 = live.systems["platform4"]
    assert isinstance(platform4, Backend)
    decide(platform4, "verify", word)


def test_the_alert_is_true_the_delivery_held_and_the_result_reported_back(live: Live) -> None:
    # 数智瓶安 says that one user's deliveries have reached the threshold.
    verdict(live, "true")
    alert = live.comes(the_alert(live))
    assert (alert.category, alert.playbook) == ("gas.cylinder", "cylinder-alert")
    assert dict(alert.facts)["deliveries"] == "11"

    # The officer has a grid worker look at the door, through the four platforms.
    live.do("接", alert)
    live.do("办 派核", alert)
    live.round()
    (task,) = live.told("platform4", "verify")
    assert "育才东路88号" in task.body

    # The grid worker reports: so it is. That ticks off the step by itself.
    live.wait(5 * MINUTE)
    (visit,) = [e for e in live.entries("event", alert) if e.source == "platform4"]
    assert (visit.step, visit.status) == ("verify", "true")

    # Nothing more is delivered, the stock is taken away, and 数智瓶安 hears the result.
    live.do("办 停送", alert)
    live.round()
    assert live.told("cylinders", "hold_delivery")
    assert dict(live.now(alert).facts)["delivery"] == "已暂停"
    live.wait(HOUR)
    live.do("办 清退 已清退", alert)
    live.do("毕 消除", alert)
    live.round()
    (result,) = live.told("cylinders", "verification")
    assert result.id == "yj-7"
    assert live.receipts("cylinders", alert)[-1].status == "confirmed"
    live.do("结", alert)
    assert live.now(alert).state == "closed"
    assert live.is_whole()


def test_the_data_were_wrong_and_are_put_right_in_both_registers(live: Live) -> None:
    verdict(live, "false")
    alert = live.comes(the_alert(live))
    live.do("接", alert)
    live.do("办 派核", alert)
    live.round()
    live.wait(5 * MINUTE)
    assert not live.told("cylinders")
    live.do("办 更正 实为403室", alert)
    live.do("办 地址 实为403室", alert)
    live.do("毕 已更正", alert)
    live.round()
    assert [one.action for one in live.told("cylinders")] == ["correct_address", "verification"]
    assert [one.action for one in live.told("fullview")] == ["correct_address"]
    assert {one.status for one in live.receipts(incident=alert)} == {"confirmed"}


def test_nobody_at_home_is_asked_again(live: Live) -> None:
    verdict(live, "not_met")
    alert = live.comes(the_alert(live))
    live.do("接", alert)
    live.do("办 派核", alert)
    live.round()
    live.wait(5 * MINUTE)
    (visit,) = [e for e in live.entries("event", alert) if e.source == "platform4"]
    assert visit.status == "not_met"
    assert [one.step for one in live.open_steps(alert)] == ["verify"]
