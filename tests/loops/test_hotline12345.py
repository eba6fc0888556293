"""12345: the whole life of a work order over HTTP, in both formats of Open311."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters.port import Report
from console.domain import playbook as pb
from console.domain.clock import MINUTE
from console.domain.incident import Incident, full_number
from console.domain.lifecycle import State
from console.store import incidents
from tests.loops.live import Live
from tests.loops.speaking import FORMS, speak

SYSTEM = "hotline12345"
DAY = 24 * 60 * MINUTE


@pytest.fixture(params=FORMS)
def live_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, live: Live) -> Live:
    speak(request.param, monkeypatch)
    return live


def complaint(live: Live, number: str = "n1") -> Incident:
    return live.comes(
        Report(
            SYSTEM,
            number,
            f"投诉工地夜间施工扰民, 第{number}次",
            category="request.complaint",
            place="北干街道金城路12号",
            caller="周某",
            phone="19900001111",
        )
    )


def waiting(live: Live, one: Incident) -> set[str]:
    with live.store.read() as tx:
        return {run.step for run in pb.open_runs(incidents.steps_of(tx, one.id))}


def happened(live: Live, one: Incident) -> list[str]:
    """What the incident's own source said has happened; others say something, too."""
    return [
        entry.status for entry in live.entries("event", one) if entry.source in (SYSTEM, "citymgmt")
    ]


def test_from_the_report_to_the_resident_who_is_satisfied(live_in: Live) -> None:
    live = live_in
    one = complaint(live)
    assert (one.category, one.playbook) == ("request.complaint", "work-order")
    assert (one.caller, one.phone, one.place) == ("周某", "19900001111", "北干街道金城路12号")
    assert dict(one.facts)["expected"] == "2026-12-01T14:00:00+08:00"
    for line in (
        "接",
        "办 派单 交住建局",
        "办 开始办理",
        "办 办理结果 已办理",
        "办 答复 已责令停工",
        "毕",
    ):
        live.do(line, one)
        live.round()
    told = live.told(SYSTEM)
    assert [(event.action, event.id) for event in told] == [
        (action, "n1") for action in ("sign", "handle", "answer", "finish")
    ]
    assert json.loads(told[2].body)["words"] == "已责令停工"
    receipts = live.receipts(SYSTEM, one)
    assert [(entry.status, bool(entry.source_id)) for entry in receipts] == [
        ("confirmed", True)
    ] * 4
    assert waiting(live, one) == {"callback"}
    live.wait(121 * MINUTE)
    assert happened(live, one) == ["satisfied"]
    assert waiting(live, one) == {"close"}
    live.do("结", one)
    assert live.now(one).state is State.CLOSED
    assert live.is_whole()


def test_a_return_is_taken_back(live_in: Live) -> None:
    live = live_in
    one = complaint(live)
    live.do("接", one)
    live.do("退回 不属本单位职责", one)
    live.round()
    assert [event.action for event in live.told(SYSTEM)] == ["sign", "return"]
    assert waiting(live, one) == {"returned"}
    live.wait(21 * MINUTE)
    assert happened(live, one) == ["taken_back"]
    assert waiting(live, one) == {"close"}


def test_an_extension_moves_the_date_and_the_urging(live_in: Live) -> None:
    live = live_in
    one = complaint(live)
    for line in ("接", "办 派单", "办 开始办理", "延期 5 需会商"):
        live.do(line, one)
        live.round()
    assert [event.action for event in live.told(SYSTEM)] == ["sign", "handle", "extend"]
    assert [entry.status for entry in live.receipts(SYSTEM, one)] == ["confirmed"] * 3
    live.wait(6 * DAY)  # a day before the first date
    assert happened(live, one) == []
    live.wait(7 * DAY)
    assert happened(live, one) == ["urged"]
    live.wait(DAY)
    assert happened(live, one) == ["urged", "supervised"]


def test_what_is_late_is_not_extended_and_nobody_is_asked(live_in: Live) -> None:
    live = live_in
    one = complaint(live)
    live.do("接", one)
    live.wait(8 * DAY)  # beyond the date
    for line in ("办 派单", "办 开始办理"):
        live.do(line, one)
    assert live.refused("延期 5 需会商", one) == "workorder.too_late_to_extend"
    live.round()
    assert live.told(SYSTEM, "extend") == []


def test_its_photo_is_fetched_on_demand(live_in: Live) -> None:
    live = live_in
    live.systems[SYSTEM].ledger.add_photo("1.jpg", "image/jpeg", b"\xff\xd8\xff\xe0jpeg")
    live.say(Report(SYSTEM, "n1", "垃圾堆放", category="request.help", photos=("1.jpg",)))

    async def look() -> bytes:
        adapter = live.adapters()[SYSTEM]
        page = await adapter.feed("")
        photo = await adapter.fetch(page.reports[0].photos[0])
        await adapter.close()
        return photo.data

    assert asyncio.run(look()) == b"\xff\xd8\xff\xe0jpeg"


def test_urging_goes_to_the_incident_and_opens_none(live_in: Live) -> None:
    live = live_in
    one = complaint(live)
    live.say(Report(SYSTEM, "n1.u", "来电人再次来电催办", refers="n1", event="urged"))
    live.say(Report(SYSTEM, "n1.s", "市级督办", refers="n1", event="supervised"))
    live.round(2)
    assert happened(live, one) == ["urged", "supervised"]
    assert live.now(one).reports == 3
    assert live.incident(SYSTEM, "n1.u").id == one.id
    assert len(live.entries("receive")) == 1


def test_a_call_to_110_is_handed_over_and_goes_on_there(live_in: Live) -> None:
    live = live_in
    one = live.comes(
        Report(
            "alarm110", "a1", "小区停水三天", category="request.help", place="北干街道金城路99号"
        )
    )
    live.do("转 12345 请12345办理", one)
    live.round(2)
    [told] = live.told(SYSTEM)
    number = full_number(live.store.district, one.id)
    said = json.loads(told.body)
    assert (told.action, said["account_id"], said["service_code"]) == ("transfer", number, "QZ")
    [receipt] = live.receipts(SYSTEM, one)
    assert (receipt.status, receipt.source_id) == ("confirmed", told.id)
    # What 12345 made of it is the same matter, not another.
    assert live.incident(SYSTEM, told.id).id == one.id
    assert happened(live, one) == ["registered"]
    live.say(Report(SYSTEM, "u9", "供水已恢复", refers=told.id, event="handled"))
    live.round(2)
    assert live.incident(SYSTEM, "u9").id == one.id
    assert len(live.entries("receive")) == 1
    assert live.is_whole()
