"""110 over HTTP: the chain of times, what the center does, links, secrecy, and 12345."""

from __future__ import annotations

import json

from adapters.port import Report
from console.domain.clock import HOUR, MINUTE
from console.domain.incident import Incident
from console.domain.lifecycle import State
from tests.loops.live import Live

TIMES = {
    "answered": "2026-11-24T13:59:40+08:00",
    "recorded": "2026-11-24T14:00:10+08:00",
    "dispatched": "2026-11-24T14:00:40+08:00",
}


def call(
    live: Live, text: str = "有人打架", number: str = "a1", category: str = "", **facts: str
) -> Incident:
    return live.comes(
        Report(
            "alarm110",
            number,
            text,
            category=category,
            place="北干街道金城路88号",
            caller="孙某",
            phone="13700001234",
            facts=facts,
        )
    )


def linked(live: Live, link: str, text: str, number: str = "a2") -> None:
    live.say(Report("alarm110", number, text, refers="a1", facts={"link": link}))
    live.round()


def test_the_chain_of_times_and_the_first_category_are_kept(live: Live) -> None:
    one = call(live, first_category="治安", **TIMES)
    facts = dict(one.facts)
    assert {name: facts[name] for name in TIMES} == TIMES
    assert facts["first_category"] == "治安"
    linked(live, "民警反馈", "已到场")
    assert {name: dict(live.now(one).facts)[name] for name in TIMES} == TIMES


def test_110_hears_what_is_done_about_its_call(live: Live) -> None:
    one = call(live)
    for line in ("接", "派 J12", "J12 出动", "J12 到场", "毕", "结 已处理"):
        live.do(line, one)
        live.round()
    told = [event.action for event in live.told("alarm110")]
    assert told[0] == "accept"
    assert sum(action.startswith("dispatch") for action in told) == 1
    assert sum(action.startswith("arriv") for action in told) == 1
    assert "feedback" in told
    assert told.count("closed") == 1
    assert {order.state for order in live.orders("alarm110")} == {"confirmed"}


def test_a_repeated_call_is_a_further_report_and_urging_makes_it_more_urgent(live: Live) -> None:
    one = call(live)
    linked(live, "重复报警", "还在打", "a2")
    linked(live, "催办", "怎么还没来", "a3")
    linked(live, "骚扰", "乱打电话", "a4")
    now = live.now(one)
    assert (now.reports, now.priority) == (4, one.priority - 1)
    events = [entry.status for entry in live.entries("event", one)]
    assert events == ["repeated", "urged", "nuisance"]


def test_who_called_in_secret_is_told_to_nobody_else(live: Live) -> None:
    one = call(live, text="举报有人赌博", secret="True")
    live.do("转 四平台", one)
    live.round()
    (told,) = live.told("platform4", "transfer")
    assert "13700001234" not in told.body
    assert "孙某" not in told.body
    assert live.now(one).phone == "13700001234"


def test_a_caller_who_wants_to_be_called_back_is_before_it_is_closed(live: Live) -> None:
    one = call(live, call_back="True")
    live.do("接", one)
    assert live.refused("结", one) == "close.call_back_first"
    live.do("电 无人接听", one)
    assert live.refused("结", one) == "close.call_back_first"
    live.do("电 接通", one)
    live.do("结 已回电", one)
    assert live.now(one).state is State.CLOSED


class TestRouting:
    def test_a_clear_case_goes_to_12345_by_one_key(self, live: Live) -> None:
        one = call(live, text="咨询社保政策", category="request.consult")
        live.do("分流", one)
        now = live.now(one)
        assert (now.state, now.due) == (State.TRANSFERRED, None)
        live.round()
        assert [order.state for order in live.orders("hotline12345")] == ["confirmed"]

    def test_an_unclear_one_is_heard_by_three(self, live: Live) -> None:
        one = call(live, text="说不清楚什么事", category="other")
        live.do("分流", one)
        assert live.now(one).state is not State.TRANSFERRED
        assert live.entries("route", one)[0].status == "three_way"
        live.do("分流 12345", one)
        assert live.now(one).state is State.TRANSFERRED

    def test_violence_is_met_first_and_the_rest_goes_over_then(self, live: Live) -> None:
        one = call(live, text="因物业停水争吵, 双方持刀对峙", category="order.noise")
        assert live.refused("分流", one) == "route.dispatch_first"
        assert live.refused("分流 12345", one) == "route.violence"
        live.do("派 J12", one)
        live.do("分流", one)
        assert live.now(one).state is State.ACTIVE
        assert [order.action for order in live.orders("hotline12345")] == ["transfer"]

    def test_what_is_ours_stays(self, live: Live) -> None:
        assert live.refused("分流", call(live, text="入室盗窃", category="crime.theft")) == (
            "route.ours"
        )


class TestTransferred:
    def handed(self, live: Live) -> Incident:
        one = call(live)
        live.do("接", one)
        live.do("转 四平台 邻里纠纷", one)
        live.round()
        return live.now(one)

    def says(self, live: Live, event: str, source: str = "platform4") -> None:
        number = live.told("platform4", "transfer")[0]
        refers = json.loads(number.body)["incident"]
        live.say(Report(source, f"t-{event}", "四平台回复", refers=refers, event=event))
        live.round()

    def test_it_waits_with_no_clock_of_ours(self, live: Live) -> None:
        one = self.handed(live)
        assert (one.state, one.due) == (State.TRANSFERRED, None)
        before = one.priority
        live.wait(5 * HOUR)
        assert live.now(one).priority == before
        assert live.entries("overdue", one) == []

    def test_what_is_sent_back_is_ours_again(self, live: Live) -> None:
        one = self.handed(live)
        self.says(live, "returned")
        now = live.now(one)
        assert now.state is State.ACTIVE
        assert now.due is not None
        live.do("派 J12", one)

    def test_what_is_handled_is_over(self, live: Live) -> None:
        one = self.handed(live)
        live.clock.advance(MINUTE)
        self.says(live, "handled")
        now = live.now(one)
        assert (now.state, now.outcome, now.due) == (State.CLOSED, "四平台回复", None)
        live.round()
        assert "closed" in [event.action for event in live.told("alarm110")]

    def test_others_cannot_end_it(self, live: Live) -> None:
        one = self.handed(live)
        self.says(live, "handled", source="hazards")
        assert live.now(one).state is State.TRANSFERRED
