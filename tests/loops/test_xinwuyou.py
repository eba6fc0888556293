"""心无忧 over real HTTP: bulletins, calls for volunteers, who answers them, and points."""

from __future__ import annotations

import json

from adapters.port import Report
from tests.loops.live import Live


def test_a_bulletin_reaches_the_app_and_the_group_once(live: Live) -> None:
    live.do("告 今晚台风, 请收好阳台物品")
    live.round(3)
    (app,) = live.told("xinwuyou", "bulletin")
    assert json.loads(app.body)["words"] == "今晚台风, 请收好阳台物品"
    (notice,) = live.orders("dingtalk")
    assert (notice.action, notice.state) == ("notice", "confirmed")
    assert live.is_whole()


def test_a_call_for_volunteers_is_answered(live: Live) -> None:
    live.do("招 周六晚平安巡逻10人")
    live.round()
    assert [one.action for one in live.told("xinwuyou")] == ["recruit"]
    helper = live.comes(
        Report(
            "xinwuyou",
            "v-1",
            "申请参加周六晚的平安巡逻",
            category="community.volunteer",
            caller="居民施某",
            phone="19900007777",
            facts={"kind": "volunteer"},
        )
    )
    live.do("接", helper)
    live.do("办 核实 属实", helper)
    live.do("分", helper)
    live.round()
    (given,) = live.told("xinwuyou", "award")
    assert (
        json.loads(given.body)["points"] == live.desk.rules.systems.points.awards["patrol"].points
    )


def test_what_the_app_refuses_stands_in_the_journal(live: Live) -> None:
    live.do("分 租客登记 19900006666")
    live.round()
    ledger = live.systems["xinwuyou"].ledger
    ledger.note("points:19900006666", "0")  # it was spent there, and nobody told us
    live.do("分 收回 19900006666")
    live.round()
    (refused,) = [one for one in live.receipts("xinwuyou") if one.status == "refused"]
    assert "不足" in refused.text
    assert live.is_whole()
