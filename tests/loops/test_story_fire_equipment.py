"""The article's own story: a resident photographs broken fire equipment, the platform takes
it, the four platforms handle it, and the resident hears the result in the group."""

from __future__ import annotations

from adapters.port import Report
from console.domain.clock import HOUR, MINUTE
from tests.loops.live import Live
from tests.loops.test_dingtalk import Door
from tests.loops.test_dingtalk import door as door


def test_broken_fire_equipment(live: Live, door: Door) -> None:
    # A resident writes to the robot in the group, with a photo.
    words = "北干街道金城路88号3幢楼道里的消火栓没有水, 消防设施坏了, 已拍照"
    door.says(words, "msg-1", "staff-jin", "photo-1")
    (message,) = door.messages()
    assert (message.state, message.photos) == ("incident", ("photo-1",))

    # The platform has taken it: a hazard with a deadline, and the group knows its number.
    hazard = live.incident("dingtalk", "msg-1")
    assert (hazard.category, hazard.playbook) == ("hazard.fire", "hazard")
    assert "金城路88号" in hazard.place
    number = f"XS-{hazard.id // 10**7}-{hazard.id % 10**7:04}"
    assert number in door.group.seen()[-1]
    assert "@staff-jin" in door.group.seen()[-1]

    # The officer accepts it and has it verified: the four platforms are told.
    live.wait(2 * MINUTE)
    live.do("接", hazard)
    live.do("办 派核", hazard)
    live.round()
    (task,) = live.told("platform4", "verify")
    assert number in task.body

    # A grid worker goes there and finds it so.
    live.wait(HOUR)
    live.comes(Report("platform4", "v-1", "消火栓无水, 情况属实", refers=number, event="true"))

    # It is ordered to be fixed, it is fixed, and looked at again.
    live.do("办 整改 物业今日修复消火栓", hazard)
    live.round()
    assert len(live.told("hazards", "order_fix")) == 1
    live.wait(3 * HOUR)
    live.comes(Report("hazards", "f-1", "消火栓已修复", refers=number, event="fixed"))
    live.do("办 复查 合格", hazard)
    assert len(door.group.seen()) == 1

    # It is signed off, and the resident hears the result in the group, once.
    live.do("毕", hazard)
    live.round(2)
    heard = door.group.seen()
    assert len(heard) == 2
    for part in (number, "消火栓", "合格", "@staff-jin"):
        assert part in heard[-1]
    live.do("办 归档", hazard)
    live.do("结", hazard)
    live.round(2)
    assert door.group.seen() == heard
    assert live.now(hazard).state == "closed"
    assert {one.status for one in live.receipts(incident=hazard)} == {"confirmed"}
    assert live.is_whole()
