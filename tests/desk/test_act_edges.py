"""What a verb does to everything that hangs on an incident, and what it refuses: line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.port import Report
from console.desk.desk import Desk
from console.domain.clock import MINUTE, FixedClock
from console.domain.incident import Incident
from console.store import incidents, units
from console.store.units import UnitNow
from tests.store.floor import START, a_fire, desk_at, ok, refused


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with three fires, each at a house of its own."""
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    places = ("北干街道金城路1号", "新塘街道育才东路88号", "宁围街道建设一路200号")
    desk.receive([a_fire(n, place=place) for n, place in enumerate(places, 1)])
    return desk


def now(desk: Desk, serial: int) -> Incident:
    with desk.store.read() as tx:
        id_ = incidents.find_number(tx, None, serial)
        assert id_ is not None
        found = incidents.get(tx, id_)
    assert found is not None
    return found


def unit(desk: Desk, sign: str) -> UnitNow:
    with desk.store.read() as tx:
        found = units.get(tx, sign)
    assert found is not None
    return found


class TestMerge:
    """并: everything of the others goes to the one that stays, and comes back when it is split."""

    def test_reports_units_and_the_most_urgent_priority_go_along(self, desk: Desk) -> None:
        ok(desk, "级 #1 3")
        ok(desk, "级 #2 2")
        ok(desk, "级 #3 4")
        ok(desk, "派 2 E301")
        ok(desk, "派 1 P12")
        ok(desk, "并 1 2 3")
        stays = now(desk, 1)
        assert (stays.reports, stays.units, stays.priority) == (3, 2, 2)
        assert unit(desk, "E301").incident == stays.id
        for gone in (now(desk, 2), now(desk, 3)):
            assert (gone.state, gone.merged_into, gone.units) == ("merged", stays.id, 0)

    def test_the_one_that_stays_keeps_a_more_urgent_priority(self, desk: Desk) -> None:
        ok(desk, "级 #2 3")
        ok(desk, "并 1 2")
        assert now(desk, 1).priority == 1

    def test_one_named_twice_is_one(self, desk: Desk) -> None:
        ok(desk, "并 1 2 2 1")
        assert now(desk, 1).reports == 2

    def test_what_was_merged_into_the_other_goes_along_and_each_counts_once(
        self, desk: Desk
    ) -> None:
        ok(desk, "并 2 3")
        ok(desk, "并 1 2")
        stays = now(desk, 1)
        assert stays.reports == 3
        assert [now(desk, n).merged_into for n in (2, 3)] == [stays.id, stays.id]
        assert [now(desk, n).reports for n in (2, 3)] == [1, 1]
        ok(desk, "拆 2")
        assert (now(desk, 1).reports, now(desk, 2).reports) == (2, 1)
        assert now(desk, 3).merged_into == stays.id

    def test_a_split_gives_state_and_units_back(self, desk: Desk) -> None:
        ok(desk, "派 2 E301")
        ok(desk, "并 1 2")
        ok(desk, "拆 2")
        one, other = now(desk, 1), now(desk, 2)
        assert (one.reports, one.units) == (1, 0)
        assert (other.state, other.units, other.merged_into) == ("active", 1, None)
        assert other.due is not None
        assert unit(desk, "E301").incident == other.id

    @pytest.mark.parametrize("end", ["结 #1 误报", "取消 #1 测试"])
    def test_nothing_is_merged_into_what_is_over(self, desk: Desk, end: str) -> None:
        if end.startswith("结"):
            ok(desk, "接 1")
        ok(desk, end)
        refused(desk, "并 1 2")
        assert (now(desk, 2).state, now(desk, 1).reports) == ("new", 1)

    def test_nor_into_what_is_merged_itself(self, desk: Desk) -> None:
        ok(desk, "并 2 3")
        refused(desk, "并 3 1")
        assert (now(desk, 1).state, now(desk, 3).reports) == ("new", 1)

    def test_what_is_not_merged_cannot_be_split(self, desk: Desk) -> None:
        assert refused(desk, "拆 2") == "split.not_merged"

    def test_apart_needs_a_suggestion(self, desk: Desk) -> None:
        assert refused(desk, "不并 1 2") == "apart.not_suggested"


class TestEnds:
    """结, 取消, 复开: who was out is free, and it can go on."""

    @pytest.mark.parametrize("line", ["结 #1 已扑灭", "取消 #1 误报"])
    def test_units_are_free_and_the_moment_is_kept(self, desk: Desk, line: str) -> None:
        ok(desk, "派 1 E301 P12")
        ok(desk, line)
        over = now(desk, 1)
        assert (over.closed, over.units, over.due) == (START, 0, None)
        assert over.outcome == line.split()[2]
        for sign in ("E301", "P12"):
            free = unit(desk, sign)
            assert (free.status, free.incident, free.since) == ("available", None, START)

    def test_opened_again_it_is_active_and_has_a_step_and_a_seat(self, desk: Desk) -> None:
        ok(desk, "接 1")
        ok(desk, "结 #1 已扑灭")
        ok(desk, "复开 #1 又起火")
        again = now(desk, 1)
        assert (again.state, again.closed, again.seat) == ("active", None, "一席")
        assert desk.preview("毕 1 out", None, "zh").ok

    def test_words_are_needed_to_call_it_nothing(self, desk: Desk) -> None:
        refused(desk, "取消 1")
        assert now(desk, 1).state == "new"

    def test_a_level_that_it_has_is_no_change(self, desk: Desk) -> None:
        ok(desk, "级 #1 2")
        assert refused(desk, "级 #1 2") == "level.same"
        assert now(desk, 1).priority == 2

    def test_an_alarm_level_is_a_fires(self, desk: Desk) -> None:
        ok(desk, "火级 #1 3")
        assert (now(desk, 1).alarm_level, now(desk, 1).state) == (3, "active")
        desk.receive([Report("alarm110", "t", "两车相撞", START, category="traffic.injury")])
        assert refused(desk, "火级 4 3") == "alarm.not_fire"


class TestUnits:
    """派, 到场, 查岗: one unit is on one incident, and is heard from in time."""

    def test_a_unit_that_packs_up_goes_on_and_leaves_the_old_one(self, desk: Desk) -> None:
        ok(desk, "派 1 E301")
        ok(desk, "E301 到场")
        ok(desk, "E301 clear")
        ok(desk, "派 2 E301")
        assert (now(desk, 1).units, now(desk, 2).units) == (0, 1)
        one = unit(desk, "E301")
        assert (one.incident, one.status, one.load) == (now(desk, 2).id, "dispatched", 2)

    def test_sent_to_where_it_is_or_while_it_works_elsewhere_is_refused(self, desk: Desk) -> None:
        ok(desk, "派 1 E301")
        assert refused(desk, "派 1 E301") == "dispatch.already_here"
        assert refused(desk, "派 2 E301") == "dispatch.busy"
        ok(desk, "E302 停勤")
        assert refused(desk, "派 2 E302") == "dispatch.out_of_service"
        assert now(desk, 2).units == 0

    def test_named_twice_it_is_sent_once(self, desk: Desk) -> None:
        ok(desk, "派 1 E301 E301")
        assert (now(desk, 1).units, unit(desk, "E301").load) == (1, 1)

    def test_available_again_it_is_on_nothing(self, desk: Desk) -> None:
        ok(desk, "派 1 E301 P12")
        ok(desk, "E301 待命")
        assert now(desk, 1).units == 1
        assert unit(desk, "E301").incident is None

    def test_on_scene_it_has_a_moment_to_be_heard_by_and_a_check_moves_it(
        self, tmp_path: Path
    ) -> None:
        clock = FixedClock(START)
        desk = desk_at(str(tmp_path / "clock.sqlite"), clock=clock)
        desk.receive([a_fire(1)])
        ok(desk, "派 1 E301")
        assert refused(desk, "查岗 E301") == "check.not_on_scene"
        ok(desk, "E301 到场")
        first = unit(desk, "E301").check_due
        assert first is not None
        assert first > START
        clock.advance(MINUTE)
        ok(desk, "查岗 E301")
        assert unit(desk, "E301").check_due == first + MINUTE
        ok(desk, "E301 待命")
        assert unit(desk, "E301").check_due is None
