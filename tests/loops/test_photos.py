"""A picture over real HTTP: named by a report, fetched when it is looked at, and not kept."""

from __future__ import annotations

import pytest

from adapters.port import Report
from console.desk import photos
from console.domain.message import Problem
from console.store.photos import NamedPhoto
from fixtures.backends.pictures import drawn
from tests.loops.live import Live

HAZARD = Report(
    "hazards",
    "y-77",
    "配电箱无盖, 照片见附件",
    category="hazard.work",
    place="宁围街道建设一路18号",
    photos=("y-77 a.png", "y-77/b.png"),
)


def test_a_hazards_pictures_come_from_its_own_system(live: Live) -> None:
    incident = live.comes(HAZARD)
    number, named = photos.named(live.desk, incident.id)
    assert number == incident.short
    assert [one.name for one in named] == ["y-77 a.png", "y-77/b.png"]

    found = [photos.fetched(lambda system: live.adapters()[system], one) for one in named]
    assert [one.data for one in found] == [drawn(one.name) for one in named]
    assert {one.type for one in found} == {"image/png"}


def test_one_that_is_no_picture_and_one_that_is_gone_are_said(live: Live) -> None:
    live.systems["hazards"].ledger.add_photo("bad", "image/png", b"<html>no</html>")
    incident = live.comes(
        Report("hazards", "y-78", "护栏松动", category="hazard.work", photos=("bad",))
    )
    (bad,) = photos.named(live.desk, incident.id)[1]
    with pytest.raises(Problem) as caught:
        photos.fetched(lambda system: live.adapters()[system], bad)
    assert caught.value.message.id == "photo.no_picture"
    with pytest.raises(Problem) as caught:
        photos.fetched(lambda system: live.adapters()[system], NamedPhoto(1, 1, 1, "wages", "none"))
    assert caught.value.message.id == "photo.fault"


def test_an_order_whose_answer_was_lost_is_settled_by_hand_and_is_not_sent_again(
    live: Live,
) -> None:
    from console.store import outbox

    with live.desk.writing() as work:
        outbox.put(work.tx, "k-1", None, "dingtalk", "notice", {"words": "请注意"}, work.at)
        outbox.change(work.tx, "k-1", state=outbox.UNKNOWN, attempts=1)
    live.round()
    assert live.told("dingtalk") == []
    mark = outbox.mark_of("k-1")
    live.do(f"核单 {mark} 已办 群里看到了")
    live.round()
    assert live.told("dingtalk") == []
    live.do("撤")
    live.do(f"重发 {mark}")
    live.round(2)
    assert len(live.told("dingtalk")) <= 1
    assert live.orders("dingtalk")[0].state in (outbox.CONFIRMED, outbox.REFUSED)
    assert live.is_whole()


def test_a_residents_picture_comes_from_the_group(live: Live) -> None:
    live.systems["dingtalk"].ledger.add_photo("code-1", "image/png", drawn("code-1"))
    wanted = NamedPhoto(1, 1, 1, "dingtalk", "code-1")
    assert photos.fetched(lambda system: live.adapters()[system], wanted).data == drawn("code-1")
    with pytest.raises(Problem) as caught:
        photos.fetched(
            lambda system: live.adapters()[system], NamedPhoto(1, 1, 1, "dingtalk", "none")
        )
    assert caught.value.message.id == "photo.fault"
