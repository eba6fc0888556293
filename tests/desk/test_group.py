"""The residents' group: answered, passed on, or honestly not known; every message once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.port import Report
from console.desk import group as robot
from console.desk import intake
from console.desk.desk import Desk
from console.desk.gateway import Gateway
from console.domain.clock import MINUTE, SECOND, FixedClock
from console.domain.incident import Incident
from console.domain.message import Problem
from console.store import group, incidents, journal, outbox
from console.store.group import GroupMessage
from tests.scale import examples
from tests.store.floor import START, desk_at, ok

ASKS = "电动车上牌在哪里办"
UNKNOWN = "周末的露天电影放哪一部"
BROKEN = "北干街道金城路88号楼道里的消火栓没有水, 消防设施坏了"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    made = desk_at(store_url, clock=FixedClock(START))
    yield made
    made.store.close()


def says(text: str, n: int = 1, who: str = "staff1", photos: tuple[str, ...] = ()) -> Report:
    return Report(
        "dingtalk",
        f"msg{n}",
        text,
        START + n * SECOND - MINUTE,
        caller="金某",
        facts={"sender": who},
        photos=photos,
    )


def messages(desk: Desk) -> list[GroupMessage]:
    with desk.store.read() as tx:
        return group.page(tx, 100)


def orders(desk: Desk) -> list[outbox.KeptOrder]:
    with desk.store.read() as tx:
        return outbox.everything(tx)


def verbs(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return [entry.verb for entry in journal.walk(tx)]


def of(desk: Desk, message: GroupMessage) -> Incident:
    assert message.incident is not None
    with desk.store.read() as tx:
        return incidents.need(tx, message.incident)


class TestTheRobot:
    def test_what_the_faq_knows_is_answered_and_is_no_incident(self, desk: Desk) -> None:
        (taken,) = desk.receive([says(ASKS)])
        assert (taken.kind, taken.incident) == ("answered", None)
        (message,) = messages(desk)
        (order,) = orders(desk)
        answer = next(q.answer for q in desk.rules.faq.questions if q.id == "ebike.plate")
        assert (message.state, message.faq_id, message.answered_by) == (
            group.ANSWERED,
            "ebike.plate",
            group.ROBOT,
        )
        assert message.answer == order.body["words"] == answer
        assert (order.system, order.action, order.incident) == ("dingtalk", "reply", None)
        assert (order.body["person"], order.body["person_id"]) == ("金某", "staff1")
        assert verbs(desk) == ["robot"]

    def test_every_question_of_the_faq_is_answered_whatever_triage_makes_of_it(
        self, desk: Desk
    ) -> None:
        asked = [(one.id, way) for one in desk.rules.faq.questions for way in one.ask]
        desk.receive([says(way, n, f"s{n}") for n, (_, way) in enumerate(asked)])
        with desk.store.read() as tx:
            found = [one.faq_id for one in reversed(group.page(tx, 1_000))]
        assert found == [id_ for id_, _ in asked]

    @pytest.mark.parametrize("text", ["燃气报警器响了怎么办", "烟感一直在响个不停怎么回事"])
    def test_a_question_that_may_be_danger_is_no_question(self, desk: Desk, text: str) -> None:
        desk.receive([says(text)])
        assert messages(desk)[0].state == group.INCIDENT

    def test_a_matter_becomes_an_incident_and_the_group_hears_its_number(self, desk: Desk) -> None:
        (taken,) = desk.receive([says(BROKEN, photos=("p1",))])
        (message,) = messages(desk)
        one = of(desk, message)
        assert (taken.kind, message.state, message.photos) == ("new", group.INCIDENT, ("p1",))
        assert (one.category, one.playbook) == ("hazard.fire", "hazard")
        assert "0001" in message.answer
        assert "sender" not in dict(one.facts)
        assert verbs(desk) == ["receive", "passed"]

    def test_a_second_resident_joins_the_same_matter(self, desk: Desk) -> None:
        desk.receive([says(BROKEN), says(BROKEN, 2, "staff2")])
        second, first = messages(desk)
        assert first.incident == second.incident
        assert "2" in second.answer
        assert second.answer != first.answer

    @pytest.mark.parametrize("text", ["电动车上牌, 快来人着火了", "救命", "怎么办, 我闻到煤气味"])
    def test_danger_is_never_answered_from_the_faq(self, desk: Desk, text: str) -> None:
        desk.receive([says(text)])
        (message,) = messages(desk)
        assert message.state == group.INCIDENT
        assert "110" in message.answer

    def test_what_it_does_not_know_it_says_and_leaves_to_the_officer(self, desk: Desk) -> None:
        (taken,) = desk.receive([says(UNKNOWN)])
        (message,) = messages(desk)
        assert (taken.kind, message.state) == ("open", group.OPEN)
        assert message.answer == desk.rules.faq.say["declined"]
        assert verbs(desk) == ["unanswered"]

    def test_the_same_message_twice_is_one(self, desk: Desk) -> None:
        for text in (ASKS, BROKEN, UNKNOWN):
            report = replace(says(text), source_id=text)
            desk.receive([report, report])
            (taken,) = desk.receive([report])
            assert taken.kind == "repeated"
        assert len(messages(desk)) == len(orders(desk)) == 3

    def test_the_answer_did_not_help(self, desk: Desk) -> None:
        desk.receive([says(ASKS)])
        desk.receive([says("没用, 转人工", 2)])
        second, first = messages(desk)
        assert first.incident == second.incident is not None
        one = of(desk, first)
        assert (one.category, one.playbook, one.reports) == ("request.group", "group-question", 2)

    def test_the_answer_helped(self, desk: Desk) -> None:
        desk.receive([says(ASKS), says("谢谢", 2)])
        assert [one.state for one in messages(desk)] == [group.ANSWERED, group.ANSWERED]
        assert messages(desk)[0].answer == desk.rules.faq.say["welcome"]

    def test_a_picture_alone_belongs_to_what_was_said_before(self, desk: Desk) -> None:
        desk.receive([says(BROKEN), says(robot.PICTURE, 2, photos=("p2",))])
        second, first = messages(desk)
        assert first.incident == second.incident is not None
        desk.receive([says(robot.PICTURE, 3, "another", ("p3",))])
        alone = messages(desk)[0]
        assert (alone.state, alone.answer) == (group.OPEN, desk.rules.faq.say["photo"])

    def test_a_page_of_all_kinds(self, desk: Desk) -> None:
        some = [says((ASKS, BROKEN, UNKNOWN)[n % 3], n, f"s{n}") for n in range(30)]
        desk.receive(some)
        assert [one.source_id for one in reversed(messages(desk))] == [o.source_id for o in some]
        with desk.store.read() as tx:
            counts = group.counts(tx)
        assert counts == {"open": 10, "answered": 10, "declined": 0, "incident": 10}
        assert journal.verify(desk.store).fault is None


class TestTheOfficer:
    def test_answers(self, desk: Desk) -> None:
        desk.receive([says(UNKNOWN)])
        with desk.writing() as work:
            robot.answer(work, 1, "放《流浪地球》, 在文化中心")
        (message,) = messages(desk)
        assert (message.state, message.answered_by) == (group.ANSWERED, "一席")
        assert orders(desk)[-1].body["words"] == "放《流浪地球》, 在文化中心"
        assert refused(desk, "answer", 1, "再答") == "dingtalk.answered"

    def test_corrects_the_robot(self, desk: Desk) -> None:
        desk.receive([says(ASKS)])
        with desk.writing() as work:
            robot.correct(work, 1, "本周上牌点停办")
        (message,) = messages(desk)
        assert message.answer.endswith("本周上牌点停办")
        assert message.answered_by == "一席"
        assert len(orders(desk)) == 2
        assert verbs(desk) == ["robot", "group_correct"]

    def test_makes_an_incident_of_it(self, desk: Desk) -> None:
        desk.receive([says(UNKNOWN)])
        with desk.writing() as work:
            robot.to_incident(work, 1)
        (message,) = messages(desk)
        one = of(desk, message)
        assert (message.state, one.category) == (group.INCIDENT, "request.group")
        assert one.received == message.at
        assert refused(desk, "to_incident", 1) == "dingtalk.is_incident"
        assert desk.receive([says(UNKNOWN)])[0].kind == "repeated"

    def test_puts_it_aside(self, desk: Desk) -> None:
        desk.receive([says("今天天气真好")])
        with desk.writing() as work:
            robot.decline(work, 1)
        assert messages(desk)[0].state == group.DECLINED
        assert refused(desk, "decline", 1) == "dingtalk.not_open"

    def test_is_told_what_is_not_possible(self, desk: Desk) -> None:
        desk.receive([says(UNKNOWN)])
        before = verbs(desk)
        assert refused(desk, "answer", 9, "x") == "dingtalk.no_message"
        assert refused(desk, "answer", 1, " \n ") == "dingtalk.no_words"
        assert refused(desk, "correct", 1, "x") == "dingtalk.not_answered"
        assert verbs(desk) == before


def refused(desk: Desk, what: str, *args: int | str) -> str:
    with pytest.raises(Problem) as problem, desk.writing() as work:
        getattr(robot, what)(work, *args)
    return problem.value.message.id


def test_what_waits_too_long_gets_a_deadline(desk: Desk) -> None:
    clock = desk.clock
    assert isinstance(clock, FixedClock)
    desk.receive([says(UNKNOWN)])
    gateway = Gateway(desk)
    asyncio.run(gateway.round())
    assert messages(desk)[0].state == group.OPEN
    clock.advance(10 * MINUTE)
    asyncio.run(gateway.round())
    asyncio.run(gateway.round())
    (message,) = messages(desk)
    assert (message.state, of(desk, message).category) == (group.INCIDENT, "request.group")
    assert verbs(desk).count("receive") == 1


def test_the_group_hears_the_result_once(desk: Desk) -> None:
    desk.receive([says(BROKEN)])
    for line in ("接 1", "毕 1", "结 1"):
        ok(desk, line)
    notices = [one for one in orders(desk) if one.action == "notice"]
    assert [one.system for one in notices] == ["dingtalk"]
    said = str(notices[0].body["words"])
    assert "消火栓" in said
    assert "0001" in said
    assert notices[0].body["person_id"] == "staff1"


def test_everybody_who_told_of_it_hears_the_result(desk: Desk) -> None:
    desk.receive(
        [says(BROKEN), says(BROKEN, 2, "staff2"), says(robot.PICTURE, 3, "staff2", ("p",))]
    )
    for line in ("接 1", "毕 1"):
        ok(desk, line)
    (notice,) = [one for one in orders(desk) if one.action == "notice"]
    assert notice.body["person_id"] == "staff1,staff2"
    assert "消火栓" in str(notice.body["words"])


def test_an_old_record_is_not_answered_in_the_group(desk: Desk) -> None:
    with desk.writing() as work:
        taken = intake.file(work, says(ASKS))
    assert taken.kind == "new"
    assert orders(desk) == []
    assert messages(desk) == []


def test_what_did_not_come_from_the_group_is_not_told_there(desk: Desk) -> None:
    desk.receive([Report("alarm110", "a1", BROKEN, START)])
    for line in ("接 1", "毕 1", "结 1"):
        ok(desk, line)
    assert [one for one in orders(desk) if one.system == "dingtalk"] == []


@pytest.mark.parametrize(
    ("word", "outcome", "opened"),
    [("满意, 谢谢", "content", "finish"), ("不满意, 没人来", "not_content", "pass_on")],
)
def test_what_a_resident_says_of_the_reply_does_the_step(
    desk: Desk, word: str, outcome: str, opened: str
) -> None:
    desk.receive([says(UNKNOWN)])
    with desk.writing() as work:
        robot.to_incident(work, 1)
    for line in ("接 1", "办 1 回复 今晚放映"):
        ok(desk, line)
    desk.receive([says(word, 2)])
    one = of(desk, messages(desk)[0])
    with desk.store.read() as tx:
        steps = {run.step: run for run in incidents.steps_of(tx, one.id)}
    assert steps["content"].outcome == outcome
    assert steps[opened].done is None
    said = [str(o.body["words"]) for o in orders(desk) if o.action == "reply"]
    assert "今晚放映" in said


@given(
    st.lists(st.sampled_from([ASKS, BROKEN, UNKNOWN, "谢谢", "没用", robot.PICTURE]), max_size=12)
)
@settings(max_examples=examples(10))
def test_every_voice_is_heard_once_whatever_is_said(texts: list[str]) -> None:
    folder = tempfile.TemporaryDirectory()
    desk = desk_at(f"{folder.name}/store.sqlite", clock=FixedClock(START))
    some = [says(text, n, f"s{n % 3}") for n, text in enumerate(texts)]
    desk.receive(some)
    desk.receive(some)
    found = messages(desk)
    assert [one.source_id for one in reversed(found)] == [one.source_id for one in some]
    for one in found:
        assert (one.state == group.INCIDENT) == (one.incident is not None)
        assert one.answer or one.text == robot.PICTURE or one.incident is not None
    assert journal.verify(desk.store).fault is None
    desk.store.close()
    folder.cleanup()
