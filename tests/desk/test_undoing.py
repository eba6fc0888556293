"""Taking back leaves the books exactly as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from adapters.port import Report
from console.desk.act import taking
from console.desk.desk import Desk, Done
from console.desk.dossier import Dossier, dossier
from console.desk.doubts import ALL
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.domain.message import msg
from console.i18n import Translator
from console.store import incidents, journal, outbox, rollups
from tests.store import truths
from tests.store.floor import a_fire, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with two fires."""
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(1), a_fire(2)])
    return desk


def run(desk: Desk, line: str) -> None:
    (done,) = desk.run(line, None, "zh")
    assert done.ok, done.message


@pytest.mark.parametrize("before", [(), ("接 2",), ("接 2", "派 2 E302")])
def test_a_split_taken_back_is_merged_again(
    desk: Desk, tmp_path: Path, before: tuple[str, ...]
) -> None:
    """The steps that the merge had ended, and the split had opened again, are ended again."""
    for line in (*before, "并 1 2"):
        run(desk, line)
    books = truths.Books(tmp_path / "store.sqlite")
    merged = books.snapshot()
    run(desk, "拆 2")
    assert books.snapshot() != merged
    run(desk, "撤")
    assert books.snapshot() == merged
    run(desk, "撤")
    books.close()


def test_how_it_ended_and_why_it_burnt_stand_with_the_incident_and_are_taken_back(
    desk: Desk, tmp_path: Path
) -> None:
    """What the figures count is written by the step that says it, and undone with it."""

    def now() -> Incident:
        with desk.store.read() as tx:
            found = incidents.find_number(tx, None, 1)
            assert found is not None
            one = incidents.get(tx, found)
        assert one is not None
        return one

    run(desk, "接 1")
    run(desk, "毕 1 熄灭")
    assert now().result == "out"
    run(desk, "办 1 起火原因 3000 电气线路故障")
    assert now().cause == "电气线路故障"
    run(desk, "撤")
    run(desk, "撤")
    assert (now().cause, now().result) == ("", "")


def test_the_injured_of_an_accident_are_counted_and_taken_back(tmp_path: Path) -> None:
    """What an officer tells of the injured is what the figures add up."""
    desk = desk_at(str(tmp_path / "accident.sqlite"))
    desk.receive([Report("alarm110", "t-1", "两车相撞", category="traffic.injury")])

    def sums() -> tuple[int, int, str]:
        with desk.store.read() as tx:
            found = rollups.totals(tx, [(date(2026, 11, 24), date(2026, 11, 24))])[0]["traffic"]
            id_ = incidents.find_number(tx, None, 1)
            one = incidents.get(tx, id_) if id_ is not None else None
        assert one is not None
        return found[2], found[3], one.severity

    run(desk, "接 1")
    assert sums() == (0, 0, "injury")
    run(desk, "办 1 伤情 有人受伤 3")
    assert sums() == (0, 3, "injury")
    run(desk, "撤")
    assert sums() == (0, 0, "injury")


def dossier_of(desk: Desk, serial: int) -> Dossier:
    """The incident with a short number."""
    with desk.reading() as work:
        id_ = incidents.find_number(work.tx, None, serial)
        found = dossier(work, id_) if id_ is not None else None
    assert found is not None
    return found


def last(desk: Desk, line: str) -> Done:
    """What a line was answered with."""
    return desk.run(line, None, "zh")[-1]


def closed(desk: Desk, serial: int) -> None:
    """Close an incident, whatever speaks against it."""
    assert desk.run(f"结 {serial}", None, "zh", sure=ALL)[-1].ok


def colleague(desk: Desk) -> Desk:
    """The desk at the next table."""
    return Desk(desk.store, desk.clock, desk.rules, "二席", "王某")


def settled(desk: Desk, serial: int) -> None:
    """Every order about an incident arrives, and each system says so in the journal."""
    with desk.writing("system") as work:
        id_ = incidents.find_number(work.tx, None, serial)
        assert id_ is not None
        for order in outbox.of_incident(work.tx, id_):
            outbox.change(work.tx, order.key, state=outbox.CONFIRMED, attempts=1)
            receipt = replace(work.entry("receipt", id_), system=order.system, key=order.key)
            work.log(replace(receipt, status="confirmed"))


class TestTheLastDeed:
    def test_it_is_the_note_and_not_the_level_before_it(self, desk: Desk) -> None:
        run(desk, "级 2 3")
        run(desk, "记 #2 试")
        said = desk.preview("撤", None, "zh")
        assert said.ok
        assert Translator("zh").t(said.message) == "将撤回 2 号「记 「试」」"
        run(desk, "撤")
        found = dossier_of(desk, 2)
        assert found.incident.priority == 3
        assert [told.entry.text for told in found.timeline if told.undone] == ["试"]

    def test_what_cannot_be_called_back_hides_nothing_older(self, desk: Desk) -> None:
        run(desk, "接 1")
        run(desk, "告 今晚有雨")
        before = dossier_of(desk, 1).incident
        assert last(desk, "撤").message.id == "undo.spoken"
        assert dossier_of(desk, 1).incident == before

    def test_a_yes_is_about_what_was_asked(self, desk: Desk) -> None:
        run(desk, "接 1")
        asked = desk.preview("撤", None, "zh").doubts
        run(desk, "记 #1 试")
        (answer,) = desk.run("撤", None, "zh", sure=asked)
        assert answer.message.id == "undo.not_the_last"
        assert not any(told.undone for told in dossier_of(desk, 1).timeline)

    def test_an_older_deed_comes_next(self, desk: Desk) -> None:
        for line in ("接 1", "记 #1 甲", "记 #1 乙", "撤", "撤", "撤"):
            run(desk, line)
        assert dossier_of(desk, 1).incident.state is State.NEW
        assert last(desk, "撤").message.id == "undo.nothing"

    def test_many_deeds_that_were_taken_back_hide_none_before_them(self, desk: Desk) -> None:
        run(desk, "接 1")
        for n in range(30):
            run(desk, f"记 #1 第 {n} 句")
            run(desk, "撤")
        run(desk, "撤")
        assert dossier_of(desk, 1).incident.state is State.NEW


class TestTheWorldGoesOn:
    def test_receipts_are_no_hindrance(self, desk: Desk) -> None:
        run(desk, "接 1")
        settled(desk, 1)
        run(desk, "级 1 3")
        settled(desk, 1)
        run(desk, "撤")
        said = last(desk, "撤")
        assert said.ok
        assert said.message.id == "undo.done_told", "the other side is named, for it was told"
        assert dossier_of(desk, 1).incident.state is State.NEW

    def test_what_another_system_was_asked_to_do_stands(self, desk: Desk) -> None:
        run(desk, "转 #1 四平台")
        settled(desk, 1)
        assert last(desk, "撤").message.id == "undo.sent"
        assert dossier_of(desk, 1).incident.state is State.TRANSFERRED

    def test_a_colleague_who_went_on_is_named(self, desk: Desk) -> None:
        run(desk, "接 1")
        run(colleague(desk), "派 1 E301")
        answer = last(desk, "撤")
        assert answer.message.id == "undo.too_late"
        assert answer.message.args["seat"] == "二席"

    def test_what_a_colleague_did_besides_is_no_hindrance(self, desk: Desk) -> None:
        for line in ("接 1", "火级 1 2", "级 1 3"):
            run(desk, line)
        run(colleague(desk), "派 1 E301")
        run(desk, "撤")
        found = dossier_of(desk, 1)
        assert found.incident.priority != 3
        assert found.incident.units == 1

    def test_facts_that_a_machine_found_meanwhile_stay(self, desk: Desk) -> None:
        def learn(desk: Desk, seat: str, **facts: str) -> None:
            with desk.writing(seat) as work:
                old = work.incident(dossier_of(desk, 1).incident.id)
                known = tuple({**dict(old.facts), **facts}.items())
                work.apply(old, work.entry("done", old.id), {"facts": known}, moves=False)

        learn(desk, "system", 楼高="33层")
        learn(desk, "一席", 楼高="30层", 住户="200户")
        learn(desk, "system", 消火栓="正常")
        run(desk, "撤")
        assert dict(dossier_of(desk, 1).incident.facts) == {"楼高": "33层", "消火栓": "正常"}


class TestItReaches:
    def test_a_new_incident_is_cancelled_as_a_mistake(self, desk: Desk) -> None:
        run(desk, "新 火警 金城路88号 三楼冒烟")
        run(desk, "撤")
        found = dossier_of(desk, 3)
        assert found.incident.state is State.CANCELLED
        assert found.choices == ()
        assert Translator("zh").t(msg("pane.over", outcome=found.result)).endswith("误建, 已撤回")
        assert not journal.verify(desk.store).fault

    def test_a_closing_with_the_units_that_it_freed(self, desk: Desk, tmp_path: Path) -> None:
        run(desk, "派 1 E301 E302")
        books = truths.Books(tmp_path / "store.sqlite")
        before = books.snapshot()
        closed(desk, 1)
        run(desk, "撤")
        assert books.snapshot() == before
        books.close()

    def test_not_a_unit_that_has_gone_on(self, desk: Desk) -> None:
        run(desk, "派 1 E301")
        closed(desk, 1)
        run(colleague(desk), "派 2 E301")
        assert last(desk, "撤").message.id == "undo.unit_went_on"

    def test_a_call_that_was_added_to_an_incident(self, desk: Desk) -> None:
        first = dossier_of(desk, 1)
        with desk.writing() as work:
            taking.joined(work, Report("seat", "一席:1", "三楼在冒烟"), first.incident.id)
        both = dossier_of(desk, 1)
        assert (len(both.reports), both.incident.reports) == (2, 2)
        run(desk, "撤")
        found = dossier_of(desk, 1)
        assert found.reports == first.reports
        assert found.incident.reports == 1


def test_an_accident_closed_by_mistake_is_reopened_where_it_was(tmp_path: Path) -> None:
    desk = desk_at(str(tmp_path / "accident.sqlite"))
    desk.receive([Report("alarm110", "t-1", "两车相撞", category="traffic.injury")])
    run(desk, "接 1")
    before = [one.step for one in dossier_of(desk, 1).choices]
    closed(desk, 1)
    run(desk, "复开 1")
    found = dossier_of(desk, 1)
    assert [one.step for one in found.choices] == before
    assert found.first[0].step == "dispatch"
