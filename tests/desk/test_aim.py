"""A line is about the incident that it was begun for: done to that, or refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.desk.aim import Aim
from console.desk.desk import Desk, Done
from console.desk.doubts import ALL
from console.domain.clock import FixedClock
from console.domain.incident import full_number
from console.i18n import Translator
from console.store import incidents, journal, outbox
from tests.screens.stage import REPORTS, make_session


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with five incidents on their way."""
    return make_session(tmp_path).desk


def id_of(desk: Desk, serial: int) -> int:
    with desk.store.read() as tx:
        found = incidents.find_number(tx, None, serial)
    assert found is not None
    return found


def aim_at(desk: Desk, serial: int) -> Aim:
    """What a line is about that is begun now."""
    with desk.store.read() as tx:
        return Aim(id_of(desk, serial), journal.head(tx)[0])


def other(desk: Desk, line: str) -> None:
    """Another seat acts."""
    (done,) = desk.run(line, seat="二席", sure=ALL)
    assert done.ok, done.message


def end(desk: Desk) -> int:
    with desk.store.read() as tx:
        return journal.head(tx)[0]


def refused(desk: Desk, line: str, aim: Aim) -> Done:
    before = end(desk)
    preview = desk.preview(line, None, "zh", aim=aim)
    (done,) = desk.run(line, aim=aim)
    assert not done.ok
    assert end(desk) == before
    assert not preview.ok
    assert preview.message == done.message, "Enter is told before it is pressed"
    return done


@pytest.mark.parametrize(
    ("before", "meanwhile", "line", "said"),
    [
        ([], "取消 #2 误报", "取消 误报", "turned.cancelled"),
        ([], "取消 #2 误报", "记 三楼有人", "turned.cancelled"),
        ([], "并 3 2", "记 三楼有人", "turned.merged"),
        ([], "并 3 2", "派 P12", "turned.merged"),
        ([], "结 #2 已处置", "派 P12", "turned.closed"),
        ([], "结 #2 已处置", "复开 又起火", "turned.closed"),
        (["结 #2 已处置"], "复开 #2 又起火", "复开 又起火", "turned.reopened"),
        (["结 #2 已处置"], "复开 #2 又起火", "记 已通知", "turned.reopened"),
        ([], "转 #2 12345", "转 四平台", "turned.other"),
    ],
)
def test_what_a_colleague_ended_is_said_with_who(
    desk: Desk, before: list[str], meanwhile: str, line: str, said: str
) -> None:
    for one in before:
        other(desk, one)
    aim = aim_at(desk, 2)
    other(desk, meanwhile)
    done = refused(desk, line, aim)
    assert done.message.id == said
    assert done.message.args["number"] == "2"
    assert done.message.args["seat"] == "二席"


@pytest.mark.parametrize("meanwhile", ["级 #2 4", "记 #2 三楼有人", "取消 #4 误报"])
def test_what_a_colleague_did_besides_does_not_stop_a_line(desk: Desk, meanwhile: str) -> None:
    aim = aim_at(desk, 2)
    other(desk, meanwhile)
    (done,) = desk.run("记 已通知", aim=aim)
    assert done.ok
    assert done.incident == id_of(desk, 2)


@pytest.mark.parametrize("line", ["记 三楼有人; 记 需要增援", "记 已通知", "反馈 不知道"])
def test_a_unit_on_its_way_has_states_of_its_own(desk: Desk, line: str) -> None:
    """What a unit reports meanwhile is no change of the incident: neither a fault nor a refusal."""
    other(desk, "派 #2 P12")
    aim = aim_at(desk, 2)
    other(desk, "P12 出动")
    other(desk, "P12 到场")
    for done in desk.run(line, aim=aim):
        assert not done.message.id.startswith(("turned.", "screen.fault")), done


def test_what_was_read_can_be_done_all_the_same(desk: Desk) -> None:
    aim = aim_at(desk, 2)
    other(desk, "结 #2 已处置")
    assert not refused(desk, "记 家属来电", aim).ok
    (done,) = desk.run("记 家属来电", aim=aim_at(desk, 2))
    assert done.ok
    assert done.incident == id_of(desk, 2)


def test_what_the_seat_did_itself_it_knows_of(desk: Desk) -> None:
    aim = aim_at(desk, 2)
    assert desk.run("取消 误报", aim=aim, sure=ALL)[0].ok
    assert desk.run("记 已告知报警人", aim=aim)[0].ok


def test_a_line_that_names_another_incident_is_about_that_one(desk: Desk) -> None:
    aim = aim_at(desk, 2)
    other(desk, "取消 #2 误报")
    (done,) = desk.run("接 4", aim=aim)
    assert done.ok
    assert done.incident == id_of(desk, 4)


def test_the_first_command_of_a_joined_line_says_what_the_next_is_about(desk: Desk) -> None:
    done = desk.run("接 4 ; 派 P12", aim=aim_at(desk, 2))
    assert [one.ok for one in done] == [True, True]
    assert {one.incident for one in done} == {id_of(desk, 4)}


def test_a_line_begun_before_a_search_was_shown_is_about_nothing(desk: Desk) -> None:
    done = refused(desk, "派 P12", Aim(None, end(desk), blind=True))
    assert done.message.id == "line.blind"
    assert desk.run("接 4", aim=Aim(None, end(desk), blind=True))[0].ok


def test_past_midnight_a_number_does_not_become_another_incident(desk: Desk) -> None:
    yesterday = id_of(desk, 1)
    other(desk, "取消 #1 误报")
    aim = aim_at(desk, 2)
    assert isinstance(desk.clock, FixedClock)
    desk.clock.at += 13 * 3_600_000
    (taken,) = desk.receive(
        [REPORTS[4].__class__("hotline12345", "h-9", "夜间施工噪音", desk.clock.at)]
    )
    assert taken.incident is not None
    assert taken.incident % 10**7 == 1
    done = refused(desk, "记 #1 家属来电", aim)
    assert done.message.id == "line.number_anew"
    # Its full number says which, and a line that is begun now knows of both.
    full = full_number(desk.store.district, yesterday)
    assert desk.run(f"记 #{full} 家属来电", aim=aim)[0].incident == yesterday
    assert desk.run("记 #1 家属来电", aim=aim_at(desk, 2))[0].incident == taken.incident


def test_who_is_told_outside_is_said_before_enter(desk: Desk) -> None:
    words = Translator("zh")
    said = words.t(desk.preview("转 #4 12345", None, "zh").message)
    assert "随即通知" in said
    assert "12345" in said
    (done,) = desk.run("级 #4 2")
    assert done.ok
    assert "随即通知" not in words.t(desk.preview("级 #4 1", None, "zh").message)
    with desk.store.read() as tx:
        before = outbox.counts(tx)
    desk.preview("接 4", None, "zh")
    with desk.store.read() as tx:
        assert outbox.counts(tx) == before
