"""Incidents between seats (移交, 接管), and calls that an officer adds to one (并入)."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.desk.desk import Desk, Done
from console.desk.taking import alike, take_call
from console.domain.clock import MINUTE, FixedClock
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.screens.reading import NEVER, Notice, changes
from console.store import checking, incidents, journal, seats
from console.store.engine import open_store
from tests.screens.stage import NOON, rules

CALL = {"place": "育才东路88号", "text": "冒烟", "phone": "19900003210"}


class Floor:
    """A store with an incident, and the seats that are at it."""

    def __init__(self, file: Path) -> None:
        self.clock = FixedClock(NOON)
        self.store = open_store(f"sqlite:///{file}")
        with self.store.write() as tx:
            for name, role, officer in (
                ("一席", "officer", "李某"),
                ("二席", "officer", "王某"),
                ("三席", "officer", ""),
                ("读席", "reader", ""),
                ("长席", "supervisor", "周某"),
            ):
                seats.add(tx, name, role, officer)
        self.one = self.at("一席")
        self.two = self.at("二席")
        done = take_call(self.one, CALL)
        assert done.incident is not None
        self.id = done.incident

    def at(self, seat: str, role: str = "officer") -> Desk:
        """The desk of a seat."""
        return Desk(self.store, self.clock, rules(), seat, role=role)

    @property
    def incident(self) -> Incident:
        """The incident as it is."""
        with self.store.read() as tx:
            return incidents.need(tx, self.id)

    def pass_minutes(self, count: int) -> None:
        """Time goes on."""
        self.clock = FixedClock(self.clock.now() + count * MINUTE)
        for desk in (self.one, self.two):
            desk.clock = self.clock


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    """A floor of its own."""
    return Floor(tmp_path / "floor.sqlite")


def said(done: list[Done]) -> str:
    """What the last command was answered with."""
    return done[-1].message.id


class TestHandOver:
    """移交."""

    @pytest.mark.parametrize(
        "line",
        ["移交 1 二席", "handover #1 王某", "yijiao 1 二席 家属在路上", "移交 1 二席家属在路上"],
    )
    def test_it_is_the_other_seats_from_then_on(self, floor: Floor, line: str) -> None:
        assert floor.one.run("接 1")[0].ok
        assert floor.one.preview(line, None, "zh").ok
        done = floor.one.run(line)
        assert done[0].ok, done
        assert floor.incident.seat == "二席"
        assert floor.incident.state is State.ACCEPTED
        assert floor.two.run("接管 1")[0].message.id == "takeover.yours"

    def test_a_new_one_is_accepted_by_the_way_and_undone_with_it(self, floor: Floor) -> None:
        assert floor.one.run("移交 1 二席")[0].ok
        assert (floor.incident.seat, floor.incident.state) == ("二席", State.ACCEPTED)
        assert floor.one.run("撤")[0].ok
        assert (floor.incident.seat, floor.incident.state) == ("", State.NEW)

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("移交 1", "grammar.which_seat"),
            ("移交 1 九席", "grammar.unknown_seat"),
            ("移交 1 读席", "grammar.unknown_seat"),
            ("移交 1 三席", "grammar.unknown_seat"),
            ("移交 1 一席", "handover.has_it"),
            ("移交 7 二席", "grammar.no_incident"),
        ],
    )
    def test_where_nobody_can_work_it_is_refused(self, floor: Floor, line: str, why: str) -> None:
        with floor.store.write() as tx:
            seats.change(tx, "三席", disabled=1)
        assert said(floor.one.run(line)) == why
        assert not floor.one.preview(line, None, "zh").ok
        assert floor.incident.seat == ""

    def test_what_another_seat_has_only_a_supervisor_hands_over(self, floor: Floor) -> None:
        assert floor.two.run("接 1")[0].ok
        assert said(floor.one.run("移交 1 三席")) == "handover.not_yours"
        assert floor.at("长席", "supervisor").run("移交 1 三席")[0].ok
        assert floor.incident.seat == "三席"

    def test_what_is_over_stays_where_it_was(self, floor: Floor) -> None:
        assert floor.one.run("取消 #1 误报")[0].ok
        assert said(floor.one.run("移交 1 二席")) == "lifecycle.not_from"
        assert said(floor.two.run("接管 1 二席")) == "lifecycle.not_from"

    def test_it_cannot_be_taken_back_when_the_other_seat_has_gone_on(self, floor: Floor) -> None:
        assert floor.one.run("移交 1 二席")[0].ok
        assert floor.two.run("级 #1 1")[0].ok
        assert said(floor.one.run("撤")) == "undo.too_late"


class TestTakeOver:
    """接管."""

    def test_from_a_seat_at_work_only_with_a_word(self, floor: Floor) -> None:
        assert floor.two.run("接 1")[0].ok
        assert said(floor.one.run("接管 1")) == "takeover.say_why"
        assert not floor.one.preview("接管 1", None, "zh").ok
        assert floor.incident.seat == "二席"
        assert floor.one.run("接管 1 二席去现场")[0].ok
        assert floor.incident.seat == "一席"
        with floor.store.read() as tx:
            entry = journal.timeline(tx, [floor.id])[-1]
        assert (entry.verb, entry.text) == ("takeover", "二席去现场")
        assert dict(entry.facts) == {"from_seat": "二席", "to_seat": "一席"}

    def test_from_a_seat_that_is_silent_for_long_without(self, floor: Floor) -> None:
        assert floor.two.run("接 1")[0].ok
        floor.pass_minutes(10)
        assert floor.one.run("接管 1")[0].ok
        assert floor.one.run("撤")[0].ok
        assert floor.incident.seat == "二席"

    def test_a_supervisor_needs_no_word(self, floor: Floor) -> None:
        assert floor.two.run("接 1")[0].ok
        assert floor.at("长席", "supervisor").run("接管 1")[0].ok

    def test_what_nobody_has_is_accepted_instead(self, floor: Floor) -> None:
        assert said(floor.one.run("接管 1")) == "takeover.nobodys"

    def test_the_number_is_the_incident_also_before_words(self, floor: Floor) -> None:
        other = take_call(floor.one, {"text": "电梯困人", "place": "北干街道金城路1号"}).incident
        assert floor.two.run("接 1")[0].ok
        done = floor.one.run("接管 1 伤者两名", other)
        assert done[0].ok, done
        assert done[0].incident == floor.id


class TestNotices:
    """Both seats hear of it, also the one that was away."""

    def test_who_gets_one_and_who_loses_one_is_told(self, floor: Floor) -> None:
        with floor.store.read() as tx:
            begin = journal.head(tx)[0]
        assert floor.one.run("移交 1 二席 家属在路上")[0].ok
        told = Notice("handover", floor.id, "一席", "家属在路上")
        assert changes(floor.two, begin).notices == (told,)
        assert changes(floor.one, begin).notices == ()
        # 二席 sits down only now.
        assert changes(floor.two, NEVER).notices == (told,)
        assert floor.two.run("记 #1 收到")[0].ok
        assert changes(floor.two, NEVER).notices == ()
        assert floor.one.run("接管 1 错了")[0].ok
        assert [one.verb for one in changes(floor.two, NEVER).notices] == ["takeover"]


class TestJoining:
    """A call that is about an incident which is open becomes a further report of it."""

    def test_it_is_counted_kept_and_taken_back(self, floor: Floor) -> None:
        call = {
            "place": "育才东路８８号",
            "text": "起火, 有人被困",
            "caller": "张某",
            "phone": "１３８",
        }
        with floor.one.reading() as work:
            assert [one.incident.id for one in alike(work, call)] == [floor.id]
        done = take_call(floor.one, call, floor.id)
        assert (done.ok, done.message.id, done.incident) == (True, "new.joined", floor.id)
        with floor.store.read() as tx:
            kept = incidents.reports_of(tx, [floor.id])
        assert [(one.place, one.phone) for one in kept][1:] == [("育才东路88号", "138")]
        assert (floor.incident.reports, floor.incident.priority) == (2, 1)
        assert floor.one.run("撤")[0].ok
        with floor.store.read() as tx:
            assert len(incidents.reports_of(tx, [floor.id])) == 1
            entry = next(e for e in journal.timeline(tx, [floor.id]) if e.verb == "attach")
        assert (floor.incident.reports, floor.incident.priority) == (1, 2)
        assert entry.text == "起火, 有人被困"
        assert dict(entry.facts)["caller"] == "张某"
        assert checking.check(floor.store) == []

    def test_one_that_is_over_by_now_is_refused(self, floor: Floor) -> None:
        assert floor.two.run("取消 #1 误报")[0].ok
        done = take_call(floor.one, CALL, floor.id)
        assert (done.ok, done.message.id) == (False, "new.too_late")
        assert floor.incident.reports == 1

    def test_the_draft_goes_with_what_was_sent(self, floor: Floor) -> None:
        def kept() -> dict[str, str]:
            with floor.store.read() as tx:
                return seats.drafts(tx, "一席")

        with floor.store.write() as tx:
            seats.keep_draft(tx, "一席", "form", '{"text": "x"}', NOON)
        assert not take_call(floor.one, {"caller": "张某"}).ok
        assert kept()
        assert take_call(floor.one, CALL).ok
        assert kept() == {}


@pytest.mark.parametrize(
    ("values", "town"),
    [
        ({"place": "育才东路88号"}, "330109004"),
        ({"place": "育才东路８８号 ３幢"}, "330109004"),
        ({"place": "3幢2单元", "text": "育才东路88号冒烟"}, "330109004"),
        ({"text": "育才东路与金城路口两车相撞"}, "330109004"),
        ({"place": "育才东路与无名路口"}, "330109004"),
        ({"place": "育才路8号"}, ""),
        ({"place": "金城路与育才路口"}, "330109001"),
        ({"place": "3幢2单元", "text": "瓜沥的丈夫来电"}, ""),
        ({"place": "瓜沥镇育才东路1号"}, "330109113"),
    ],
)
def test_a_place_whose_road_is_known_gets_its_town(
    floor: Floor, values: dict[str, str], town: str
) -> None:
    done = take_call(floor.one, values)
    assert done.incident is not None
    with floor.store.read() as tx:
        assert incidents.need(tx, done.incident).town == town


def test_so_does_a_line(floor: Floor) -> None:
    done = floor.one.run("新　火警　育才东路８８号　三楼冒烟")[0]
    assert done.incident is not None
    with floor.store.read() as tx:
        one = incidents.need(tx, done.incident)
    assert (one.town, one.place) == ("330109004", "育才东路88号")
