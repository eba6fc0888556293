"""金钟罩 over HTTP: a payment stop from asking to the freeze, and what firms are asked."""

from __future__ import annotations

import json

from adapters.port import Report
from console.domain import playbook as pb
from console.domain import stops
from console.domain.clock import HOUR, MINUTE, SECOND
from console.domain.incident import Incident
from console.domain.payments import StopState
from console.domain.stops import AccountStop
from console.store import incidents
from tests.loops.live import Live
from tests.loops.test_story_400000_yuan import waiting

ACCOUNT = "6222020200112233445"
WRONG, UNWILLING = "6222020200112230000", "6222020200112239999"


def case(live: Live) -> Incident:
    return live.comes(Report("fraudguard", "c1", "被诈骗, 已转账40万元", phone="13900003333"))


def held(live: Live, one: Incident, account: str = ACCOUNT) -> AccountStop:
    return stops.stops_of(live.now(one).facts)[account]


def stopped(live: Live, account: str = ACCOUNT) -> Incident:
    """A case in which the bank has stopped payment."""
    one = case(live)
    live.do("接", one)
    live.do(f"止付 {account} 工行 40万", one)
    live.round()
    live.wait(20 * SECOND)
    assert held(live, one, account).stop.state is StopState.STOPPED
    return one


def test_from_asking_to_the_freeze_and_back_to_whose_it_is(live: Live) -> None:
    one = case(live)
    assert one.playbook == "fraud-case"
    live.do("接", one)
    assert waiting(live, one) == {"apply", "research"}
    live.do(f"止付 {ACCOUNT} 工行 40万", one)
    assert held(live, one).stop.state is StopState.APPLIED
    live.round()
    (asked,) = live.told("fraudguard", "payment_stop")
    said = json.loads(asked.body)
    assert (said["account"], said["bank"], said["amount"]) == (ACCOUNT, "工行", 400_000)
    assert "research" not in waiting(live, one)

    live.wait(20 * SECOND)
    one = live.now(one)
    money = held(live, one)
    assert money.stop.state is StopState.STOPPED
    assert money.stop.until == live.clock.now() + 48 * HOUR
    assert waiting(live, one) >= {"extend", "freeze"}
    with live.store.read() as tx:
        due = {run.step: run.due for run in pb.open_runs(incidents.steps_of(tx, one.id))}
    assert due["extend"] == money.stop.until
    assert one.amount_saved == 400_000
    assert "account" not in dict(one.facts)

    # Six hours before the end 金钟罩 says so; then it is extended, and again.
    live.wait(42 * HOUR)
    assert [entry.status for entry in live.entries("event", one)][-1] == "expiring"
    for n in (1, 2):
        live.do("续止付", one)
        later = held(live, one).stop
        assert (later.extensions, later.until) == (n, (money.stop.until or 0) + n * 48 * HOUR)
        assert live.now(one).due is not None
        live.round()
    assert live.refused("续止付", one) == "payment.no_more"
    assert "extend" not in waiting(live, one)

    live.do("冻结", one)
    live.round()
    assert held(live, one).stop.state is StopState.FROZEN
    assert live.refused("续止付", one) == "payment.not_from"
    live.do("冻结", one)  # once more is renewing
    assert held(live, one).stop.renewals == 1
    live.do("返还", one)
    live.round()
    assert held(live, one).stop.state is StopState.RETURNED
    assert [
        told.action for told in live.told("fraudguard") if told.resource == "payment-stops"
    ] == [
        "payment_stop",
        "extend_stop",
        "extend_stop",
        "freeze",
        "freeze",
        "return_money",
    ]
    assert live.is_whole()


def test_a_stop_that_nobody_extends_is_overdue_until_somebody_acts(live: Live) -> None:
    one = stopped(live)
    live.clock.advance(48 * HOUR + MINUTE)
    live.round()
    now = live.now(one)
    assert now.due is not None
    assert now.due < live.clock.now()
    assert live.refused("续止付", one) == "payment.not_from"
    # What has run out can be asked for again, as one of the two.
    live.do(f"止付 {ACCOUNT}", one)
    assert held(live, one).stop.extensions == 1


def test_the_bank_finds_another_name(live: Live) -> None:
    one = case(live)
    live.do("接", one)
    live.do(f"止付 {WRONG} 农行 5000", one)
    live.round()
    live.wait(20 * SECOND)
    assert held(live, one, WRONG).stop.state is StopState.MISMATCH
    assert "apply" in waiting(live, one)
    live.do(f"止付 {WRONG} 农行 5000", one)
    live.round()
    live.wait(20 * SECOND)
    assert held(live, one, WRONG).stop.state is StopState.STOPPED


def test_a_bank_that_will_not_extend_leaves_the_stop_as_it_was(live: Live) -> None:
    one = stopped(live, UNWILLING)
    before = held(live, one, UNWILLING)
    live.do("续止付", one)
    assert held(live, one, UNWILLING).stop.extensions == 1
    live.round()
    assert held(live, one, UNWILLING) == before
    assert live.receipts("fraudguard", one)[-1].status == "refused"


def test_an_answer_that_comes_twice_moves_nothing(live: Live) -> None:
    one = stopped(live)
    before = held(live, one)
    live.clock.advance(HOUR)
    facts = {"account": ACCOUNT}
    live.say(Report("fraudguard", "x", "已止付", refers="c1", event="stopped", facts=facts), 0)
    live.round()
    assert held(live, one) == before


def test_nobody_outside_writes_a_stop(live: Live) -> None:
    one = case(live)
    live.say(
        Report("fraudguard", "x", "好", refers="c1", event="note", facts={f"stop:{ACCOUNT}": "{}"})
    )
    live.round()
    assert stops.stops_of(live.now(one).facts) == {}


def test_words_that_are_not_enough(live: Live) -> None:
    one = case(live)
    assert live.refused("续止付", one) == "stops.none_here"
    assert live.refused("止付 工行 40万", one) == "stops.no_account"
    assert live.refused(f"止付 {ACCOUNT} 工行", one) == "stops.no_amount"
    live.do(f"止付 {ACCOUNT} 工行 40万", one)
    assert live.refused(f"止付 {ACCOUNT} 工行 40万", one) == "payment.not_from"
    live.do(f"止付 {WRONG} 工行 3万", one)
    assert live.refused("续止付", one) == "stops.which"


def test_it_is_taken_back_before_it_is_sent(live: Live) -> None:
    one = case(live)
    live.do("接", one)
    before = live.now(one)
    live.do(f"止付 {ACCOUNT} 工行 40万", one)
    live.do("撤", one)
    after = live.now(one)
    assert (after.facts, after.due, after.state) == (before.facts, before.due, before.state)
    assert waiting(live, one) == {"apply", "research"}
    live.round()
    assert live.told("fraudguard", "payment_stop") == []


def test_what_a_preview_says_is_what_happens(live: Live) -> None:
    one = case(live)
    said = live.desk.preview(f"止付 {ACCOUNT} 工行 40万", one.id, "zh").message
    assert (said.id, said.args["money"], said.args["bank"]) == ("stops.would_ask", 400_000, "工行")
    assert stops.stops_of(live.now(one).facts) == {}


def test_firms_are_asked_to_warn_and_to_block(live: Live) -> None:
    one = case(live)
    live.do("警企提醒 某购物平台 提醒该用户", one)
    live.do("警企拦截 某电信 拦截主叫", one)
    live.round()
    said = [json.loads(told.body) for told in live.told("fraudguard", "request")]
    assert [(one["firm"], one["wish"]) for one in said] == [
        ("某购物平台", "warn"),
        ("某电信", "block"),
    ]


def test_the_family_is_told_though_no_step_asks_for_it(live: Live) -> None:
    one = case(live)
    live.do("告知家属 妻子 已说明", one)
    live.round()
    assert len(live.told("fraudguard", "family_notified")) == 1
    assert [entry.text for entry in live.entries("family", one)] == ["妻子 已说明"]
