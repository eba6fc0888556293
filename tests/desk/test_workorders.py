"""Work orders at the desk: what the rules allow, how often, and that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.port import Report
from console.desk.act import workorders
from console.desk.desk import Desk, Done
from console.domain.clock import DAY, HOUR, MINUTE, FixedClock
from console.domain.workorders import WorkOrder
from console.store import incidents, journal, outbox
from tests.scale import examples
from tests.store.floor import START, desk_at

COMPLAINT = Report(
    "hotline12345",
    "gd-1",
    "夜间工地噪音扰民, 要求处理",
    START - MINUTE,
    category="request.complaint",
    place="北干街道金城路88号",
    phone="19900005555",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    made.receive([COMPLAINT])
    yield made
    made.store.close()


def say(desk: Desk, line: str) -> Done:
    assert isinstance(desk.clock, FixedClock)
    desk.clock.advance(1_000)
    (answer,) = desk.run(line, number(desk))
    return answer


def ok(desk: Desk, *lines: str) -> None:
    for line in lines:
        answer = say(desk, line)
        assert answer.ok, (line, answer.message)


def refused(desk: Desk, line: str) -> str:
    answer = say(desk, line)
    assert not answer.ok, line
    return answer.message.id


def number(desk: Desk) -> int:
    with desk.store.read() as tx:
        known = incidents.known_source(tx, "hotline12345", "gd-1")
    assert known is not None
    return known[0]


def order(desk: Desk) -> WorkOrder:
    with desk.reading() as work:
        found = workorders.read(work, work.incident(number(desk)))
    assert found is not None
    return found


def told(desk: Desk, action: str) -> list[tuple[str, str]]:
    with desk.store.read() as tx:
        orders = outbox.of_incident(tx, number(desk))
    return [(one.system, one.state) for one in orders if one.action == action]


def test_an_extension_moves_the_deadline_by_working_days_and_tells_the_source(desk: Desk) -> None:
    ok(desk, "接", "办 派单", "办 开始办理")
    before = order(desk)
    ok(desk, "延期 5 需多部门会商")
    after = order(desk)
    assert (after.extended, after.due) == (
        5,
        desk.rules.deadlines.calendar.add_days(before.due, 5, desk.rules.deadlines.zone),
    )
    assert told(desk, "extend") == [("hotline12345", "waiting")]
    assert refused(desk, "延期 6 还不够") == "workorder.extension_too_long"
    ok(desk, "延期 5 再延一次")
    assert len(told(desk, "extend")) == 2
    assert refused(desk, "延期 1 再来") == "workorder.extension_too_long"


def test_an_extension_is_taken_back_with_its_deadline_and_its_order(desk: Desk) -> None:
    ok(desk, "接", "办 派单", "办 开始办理")
    before = order(desk)
    ok(desk, "延期 5 需会商", "撤")
    assert order(desk) == before
    assert told(desk, "extend") == [("hotline12345", "withdrawn")]
    ok(desk, "延期 10 全部用完")


def test_what_is_late_cannot_be_extended_only_supervised(desk: Desk) -> None:
    ok(desk, "接", "办 派单", "办 开始办理")
    assert refused(desk, "督办") == "workorder.supervise_after"
    ok(desk, "催办 请抓紧")
    assert isinstance(desk.clock, FixedClock)
    desk.clock.advance(60 * DAY)
    assert refused(desk, "延期 5 太晚") == "workorder.too_late_to_extend"
    assert refused(desk, "催办") == "workorder.urge_before"
    ok(desk, "督办 已超期")
    assert (order(desk).urged, order(desk).supervised) == (1, 1)
    assert told(desk, "urge") == told(desk, "supervise") == [("platform4", "waiting")]


def test_what_is_not_ours_goes_back_before_it_is_handled(desk: Desk) -> None:
    ok(desk, "接", "退回 不属本单位职责")
    assert told(desk, "return") == [("hotline12345", "waiting")]
    assert order(desk).returns == 1
    ok(desk, "撤")
    assert order(desk).returns == 0
    ok(desk, "办 派单", "办 开始办理")
    assert refused(desk, "退回 不属本单位职责") == "workorder.not_from"


def test_a_fire_is_no_work_order(desk: Desk) -> None:
    desk.receive([Report("alarm110", "f1", "三楼着火", START, place="城厢街道体育路9号")])
    with desk.store.read() as tx:
        known = incidents.known_source(tx, "alarm110", "f1")
    assert known is not None
    (answer,) = desk.run("催办", known[0])
    assert (answer.ok, answer.message.id) == (False, "workorder.none")


def test_the_preview_says_what_is_left_and_what_is_not_allowed(desk: Desk) -> None:
    ok(desk, "接", "办 派单", "办 开始办理", "延期 4 需会商")
    shown = desk.preview("延期 5 再议", number(desk), "zh")
    assert (shown.message.id, shown.message.args["left"]) == ("extend.would", 1)
    shown = desk.preview("延期 9 再议", number(desk), "zh")
    assert shown.message.id == "workorder.extension_too_long"


def test_the_rating_is_kept(desk: Desk) -> None:
    assert refused(desk, "回访 满意") in ("callback.not_now", "lifecycle.not_from")
    ok(desk, "接", "办 派单", "办 开始办理", "办 结果 已办理", "办 答复 已责令停工", "毕")
    ok(desk, "回访 满意 表示感谢")
    with desk.store.read() as tx:
        (entry,) = [one for one in journal.walk(tx) if one.verb == "callback"]
    assert (entry.outcome, entry.text) == ("satisfied", "表示感谢")


LINES = st.sampled_from(
    [
        "接",
        "办 派单",
        "办 开始办理",
        "退回 不属本单位",
        "办 退回结果 未获准",
        "延期 1 会商",
        "延期 4 会商",
        "延期 9 会商",
        "催办",
        "督办",
        "撤",
    ]
)


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(LINES, st.integers(0, 60)), max_size=14))
def test_no_row_of_deeds_breaks_a_limit(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    clock = FixedClock(START)
    desk = desk_at(str(tmp_path_factory.mktemp("orders") / "store.sqlite"), clock=clock)
    try:
        desk.receive([COMPLAINT])
        first = order(desk).due
        limits = desk.rules.systems.workorders
        for line, hours in steps:
            clock.advance(hours * HOUR)
            say(desk, line)
            now = order(desk)
            assert 0 <= now.returns <= limits.returns
            assert 0 <= now.extended <= limits.extension_days
            deadlines = desk.rules.deadlines
            latest = deadlines.calendar.add_days(first, limits.extension_days, deadlines.zone)
            assert first <= now.due <= latest
        assert journal.verify(desk.store).fault is None
    finally:
        desk.store.close()
