"""What an officer does in the residents' group, and the points of residents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.port import Report
from console.desk.desk import Desk
from console.domain.clock import MINUTE, SECOND, FixedClock
from console.domain.incident import Incident
from console.domain.points import MALL
from console.store import group, incidents, journal, outbox, points
from console.store.group import GroupMessage
from console.store.outbox import KeptOrder
from tests.store.floor import START, desk_at, ok, refused, said

FILM = "周末的露天电影放哪一部"
PLATE = "电动车上牌在哪里办"
LANDLORD = "13800000000"
"""As in the design's own example; nobody's."""


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    made = desk_at(store_url, clock=FixedClock(START))
    for n, text in enumerate((FILM, PLATE), 1):
        said_ = Report("dingtalk", f"m{n}", text, START - MINUTE, caller="俞某")
        made.receive([said_])
    yield made
    made.store.close()


def message(desk: Desk, id_: int) -> GroupMessage:
    with desk.store.read() as tx:
        found = group.get(tx, id_)
    assert found is not None
    return found


def orders(desk: Desk, *actions: str) -> list[KeptOrder]:
    with desk.store.read() as tx:
        return [one for one in outbox.everything(tx) if one.action in actions]


def has(desk: Desk, account: str = LANDLORD) -> int:
    with desk.store.read() as tx:
        return points.balance(tx, account)


def why(desk: Desk, line: str, selected: int | None = None) -> str:
    return refused(desk, line, selected)


def incident(desk: Desk, category: str, **more: object) -> Incident:
    with desk.store.read() as tx:
        before = journal.head(tx)[0]
    facts = {str(k): str(v) for k, v in more.items()}
    kind = Report(
        "xinwuyou",
        f"x{before}",
        "心无忧来件",
        START + before * SECOND,
        category=category,
        place=f"宁围街道建设一路{before}号",
        caller="房东沈某",
        phone=LANDLORD,
        facts=facts,
    )
    (taken,) = desk.receive([kind])
    assert taken.incident is not None
    with desk.store.read() as tx:
        return incidents.need(tx, taken.incident)


class TestGroup:
    def test_what_waits_is_answered_in_the_seats_name(self, desk: Desk) -> None:
        ok(desk, "答 1 放《流浪地球》, 七点半")
        found = message(desk, 1)
        assert (found.state, found.answered_by) == (group.ANSWERED, desk.seat)
        assert "放《流浪地球》, 七点半" in [one.body["words"] for one in orders(desk, "reply")]
        assert why(desk, "答 1 八点") == "dingtalk.answered"

    def test_the_robots_answer_is_corrected(self, desk: Desk) -> None:
        assert why(desk, "答 2 车管所") == "dingtalk.answered"
        ok(desk, "更正 2 周末不办理")
        assert "周末不办理" in message(desk, 2).answer
        assert why(desk, "更正 1 还没有答复过") == "dingtalk.not_answered"

    def test_it_becomes_an_incident_once(self, desk: Desk) -> None:
        ok(desk, "转警情 1")
        found = message(desk, 1)
        assert found.state == group.INCIDENT
        assert found.incident is not None
        assert why(desk, "转警情 1") == "dingtalk.is_incident"
        ok(desk, "转警情 2 隐患")
        second = message(desk, 2).incident
        assert second is not None
        with desk.store.read() as tx:
            assert incidents.need(tx, second).category == "hazard"

    def test_it_is_put_aside(self, desk: Desk) -> None:
        ok(desk, "免复 1")
        assert message(desk, 1).state == group.DECLINED
        assert why(desk, "免复 1") == "dingtalk.not_open"

    @pytest.mark.parametrize("line", ["答 1 七点半", "更正 2 周末不办", "告 今晚台风"])
    def test_what_was_said_is_not_undone_and_nothing_before_it_either(
        self, desk: Desk, line: str
    ) -> None:
        (fire,) = desk.receive([Report("alarm110", "a", "三楼冒烟", START, place="金城路1号")])
        ok(desk, "接", fire.incident)
        ok(desk, line)
        assert why(desk, "撤") == "undo.spoken"
        assert fire.incident is not None
        with desk.store.read() as tx:
            assert incidents.need(tx, fire.incident).state == "accepted"

    def test_what_nobody_was_told_is_taken_back_alone(self, desk: Desk) -> None:
        (fire,) = desk.receive([Report("alarm110", "a", "三楼冒烟", START, place="金城路1号")])
        ok(desk, "接", fire.incident)
        ok(desk, "免复 1")
        ok(desk, "撤")
        assert message(desk, 1).state == group.OPEN
        assert fire.incident is not None
        with desk.store.read() as tx:
            assert incidents.need(tx, fire.incident).state == "accepted"

    @pytest.mark.parametrize("line", ["答 9 没有", "答 x 没有", "答 1", "转警情 1 不存在的类别"])
    def test_what_is_wrong_is_said_and_nothing_is_sent(self, desk: Desk, line: str) -> None:
        before = orders(desk, "reply")
        assert why(desk, line)
        assert orders(desk, "reply") == before
        assert message(desk, 1).state == group.OPEN

    def test_everybody_is_told_in_the_app_and_in_the_group(self, desk: Desk) -> None:
        ok(desk, "告 今晚台风, 请收好阳台物品; 不要外出")
        ok(desk, "招 周六晚平安巡逻10人")
        told = [
            (one.system, one.action, one.body["words"])
            for one in orders(desk, "bulletin", "recruit", "notice")
        ]
        storm, patrol = "今晚台风, 请收好阳台物品; 不要外出", "周六晚平安巡逻10人"
        assert sorted(told) == sorted(
            [
                ("xinwuyou", "bulletin", storm),
                ("dingtalk", "notice", storm),
                ("xinwuyou", "recruit", patrol),
                ("dingtalk", "notice", patrol),
            ]
        )
        assert len({one.key for one in orders(desk, "bulletin", "recruit", "notice")}) == 4


class TestPoints:
    def test_a_landlord_gets_sixty_which_are_one_yuan(self, desk: Desk) -> None:
        done = ok(desk, f"分 租客登记 {LANDLORD}")
        assert "60" in said(done)
        assert "1.00" in said(done)
        assert LANDLORD not in said(done)
        assert has(desk) == 60
        (order,) = orders(desk, "award")
        assert (order.system, order.body["points"], order.body["phone"]) == (
            "xinwuyou",
            60,
            LANDLORD,
        )

    def test_two_deeds_are_two_awards(self, desk: Desk) -> None:
        ok(desk, f"分 租客登记 {LANDLORD}")
        ok(desk, f"points tenant {LANDLORD}")
        assert has(desk) == 120
        assert len(orders(desk, "award")) == 2

    def test_an_incident_earns_once(self, desk: Desk) -> None:
        case = incident(desk, "community.tenant")
        ok(desk, f"接 #{case.short}")
        ok(desk, f"办 #{case.short} 核实 属实")
        ok(desk, f"分 #{case.short}")
        assert has(desk) == 60
        assert [one.body["points"] for one in orders(desk, "award")] == [60]
        assert why(desk, f"分 #{case.short}") == "points.given"
        assert has(desk) == 60

    def test_what_was_not_sent_is_undone_and_can_be_given_again(self, desk: Desk) -> None:
        case = incident(desk, "community.tenant")
        for line in (f"接 #{case.short}", f"办 #{case.short} 核实 属实", f"分 #{case.short}", "撤"):
            ok(desk, line)
        assert has(desk) == 0
        assert [one.state for one in orders(desk, "award")] == [outbox.WITHDRAWN]
        ok(desk, f"分 #{case.short}")
        assert has(desk) == 60

    def test_an_award_is_taken_back_unless_it_is_spent(self, desk: Desk) -> None:
        ok(desk, f"分 租客登记 {LANDLORD}")
        ok(desk, f"分 收回 {LANDLORD}")
        assert has(desk) == 0
        assert why(desk, f"分 收回 {LANDLORD}") == "points.nothing_to_take"
        ok(desk, f"分 租客登记 {LANDLORD}")
        goods = incident(desk, "community.redeem", kind="redemption", points=60)
        ok(desk, f"分 #{goods.short}")
        assert (has(desk), has(desk, MALL)) == (0, 60)
        assert why(desk, f"分 收回 {LANDLORD}") == "points.too_few"

    def test_a_take_back_that_was_undone_counts_for_nothing(self, desk: Desk) -> None:
        case = incident(desk, "community.tenant")
        for line in (f"接 #{case.short}", f"办 #{case.short} 核实 属实", f"分 #{case.short}"):
            ok(desk, line)
        ok(desk, f"分 收回 {LANDLORD}")
        ok(desk, "撤")
        assert has(desk) == 60
        assert why(desk, f"分 #{case.short}") == "points.given"
        ok(desk, f"分 收回 {LANDLORD}")
        assert has(desk) == 0

    def test_what_another_seat_took_back_is_not_taken_back_again(self, desk: Desk) -> None:
        ok(desk, f"分 租客登记 {LANDLORD}")
        ok(desk, f"分 租客登记 {LANDLORD}", seat="二席")
        ok(desk, f"分 收回 {LANDLORD}", seat="三席")
        assert has(desk) == 60
        assert refused(desk, "撤", None, "二席") == "points.taken_back_already"
        ok(desk, "撤")
        assert has(desk) == 0

    def test_more_than_there_is_is_not_redeemed(self, desk: Desk) -> None:
        goods = incident(desk, "community.redeem", kind="redemption", points=60)
        ok(desk, f"接 #{goods.short}")
        assert why(desk, f"分 #{goods.short}") == "points.too_few"
        assert (has(desk), has(desk, MALL)) == (0, 0)
        assert orders(desk, "redeem") == []
        ok(desk, f"办 #{goods.short} 不予兑换")
        assert [one.system for one in orders(desk, "refuse")] == ["xinwuyou"]

    @pytest.mark.parametrize("wanted", ["", "0", "-5", "六十", "9" * 12])
    def test_a_redemption_of_nobody_knows_how_much(self, desk: Desk, wanted: str) -> None:
        goods = incident(desk, "community.redeem", kind="redemption", points=wanted)
        assert why(desk, f"分 #{goods.short}") == "points.how_many"

    def test_what_is_no_award_names_those_there_are(self, desk: Desk) -> None:
        assert why(desk, f"分 好人好事 {LANDLORD}") == "points.which"
        assert why(desk, "分") == "incident.none_selected"
        fire = desk.receive([Report("alarm110", "a", "三楼冒烟", START, place="金城路1号")])
        assert fire[0].incident is not None
        assert why(desk, "分", fire[0].incident) == "points.no_phone"

    def test_it_cannot_be_ticked_off(self, desk: Desk) -> None:
        case = incident(desk, "community.tenant")
        ok(desk, f"接 #{case.short}")
        ok(desk, f"办 #{case.short} 核实 属实")
        assert why(desk, f"办 #{case.short} 积分")
        assert has(desk) == 0
