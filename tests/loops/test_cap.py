"""Public warnings over the wire: read, changed, taken back, answered, published."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from adapters import cap
from adapters.cap.link import TRIES
from adapters.port import Report
from console.desk.linked import linked
from console.domain.clock import HOUR, MINUTE
from console.domain.lifecycle import State
from console.store import incidents, links
from tests.loops.live import Live

if TYPE_CHECKING:
    from fixtures.backends.cap import Publisher

FILES = Path(__file__).parents[1] / "data" / "cap"


def publisher(live: Live) -> Publisher:
    return cast("Publisher", live.systems["cap"])


def rain(
    live: Live, name: str = "r1", priority: int = 3, refers: str = "", event: str = ""
) -> Report:
    return Report(
        "cap",
        name,
        "暴雨预警信号: 预计未来6小时有暴雨",
        live.clock.now(),
        category="alert.weather",
        place="萧山区",
        priority=priority,
        lat=30.18,
        lon=120.26,
        refers=refers,
        event=event,
    )


def source_id(name: str) -> str:
    from fixtures.backends.cap import SENDER

    return f"{SENDER},{name}"


def count(live: Live) -> int:
    with live.store.read() as tx:
        return len(list(incidents.between(tx, 0, 99_999_999)))


def test_a_warning_is_read_answered_and_our_own_is_published(live: Live) -> None:
    live.say(rain(live, priority=2))
    live.round()
    one = live.incident("cap", source_id("r1"))
    assert (one.category, one.priority, one.source) == ("alert.weather", 2, "cap")
    live.do("接", one)
    live.do("办 响应 橙色", one)
    live.do("办 发布 今晚前停止山区作业", one)
    live.round()
    (told,) = live.told("cap", "alert")
    ours = cap.parse(told.body.encode())
    assert ours.sender == "zhiban"
    assert ours.status is cap.Status.ACTUAL
    assert ours.infos[0].headline == "今晚前停止山区作业"
    assert ours.infos[0].severity is cap.Severity.SEVERE
    assert not ours.warnings
    (receipt,) = live.receipts("cap", one)
    assert (receipt.status, receipt.source_id) == ("confirmed", ours.identifier)
    live.round(3)
    assert len(live.told("cap")) == 1
    assert live.is_whole()


def test_what_goes_on_with_a_warning_is_the_same_incident(live: Live) -> None:
    live.say(rain(live))
    live.round()
    first = live.incident("cap", source_id("r1"))
    live.clock.advance(MINUTE)
    live.say(rain(live, "r2", 1, refers="r1"))
    live.round()
    live.clock.advance(MINUTE)
    live.say(rain(live, "r3", 1, refers="r2", event="cancelled"))
    live.round()
    assert live.incident("cap", source_id("r3")).id == first.id
    now = live.now(first)
    assert (now.priority, now.reports, count(live)) == (1, 3, 1)
    assert [one.status for one in live.entries("event", first)] == ["updated", "cancelled"]
    # A cancelled warning is ended by a person, not by a message.
    assert now.state is State.NEW


def test_an_update_of_what_is_over_is_seen_again(live: Live) -> None:
    live.say(rain(live))
    live.round()
    first = live.incident("cap", source_id("r1"))
    live.do("cancel 已按预案处置完毕", first)
    live.clock.advance(HOUR)
    live.say(rain(live, "r2", 1, refers="r1"))
    live.round()
    again = live.incident("cap", source_id("r2"))
    assert again.id != first.id
    assert (again.state, again.priority) == (State.NEW, 1)


def test_two_warnings_for_one_place_are_two_incidents(live: Live) -> None:
    live.say(rain(live, "r1"))
    live.say(rain(live, "r2"))
    live.round()
    assert live.incident("cap", source_id("r1")).id != live.incident("cap", source_id("r2")).id


@pytest.mark.parametrize("status", ["Exercise", "Test", "System", "Draft"])
def test_what_is_not_actual_raises_nothing_and_is_kept(live: Live, status: str) -> None:
    data = (FILES / "canada.cap").read_bytes()
    real = cap.parse(data)
    odd = replace(real, status=cap.Status(status), msg_type=cap.MsgType.ALERT, references=())
    publisher(live).publish_document(odd.identifier, cap.write(odd))
    live.round(3)
    assert count(live) == 0
    (kept,) = live.entries("kept")
    assert (kept.source, kept.status) == ("cap", status.lower())
    with live.store.read() as tx:
        assert links.apart(tx) == {"cap": 1}
        assert incidents.unreadable_waiting(tx) == 0
    (view,) = [one for one in linked(live.desk) if one.system == "cap"]
    assert view.as_json(live.store.zone)["apart"] == 1
    assert view.further() is not None


def test_one_that_breaks_a_rule_goes_to_the_tray_and_holds_up_nobody(live: Live) -> None:
    publisher(live).publish_document("bad", (FILES / "invalid.cap").read_bytes())
    publisher(live).publish_document("bomb", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    live.say(rain(live))
    live.round(2)
    assert live.incident("cap", source_id("r1")).state is State.NEW
    with live.store.read() as tx:
        reasons = sorted(one.reason for one in links.tray(tx, 10))
    with pytest.raises(cap.CapError) as refused:
        cap.parse((FILES / "invalid.cap").read_bytes())
    fault = refused.value
    assert len(reasons) == 2
    assert f"{fault.where or fault.element}: {fault.reason}" in reasons


def test_half_a_document_is_asked_for_again(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    halves = [1]

    def parse(data: bytes) -> cap.Alert:
        return cap.parse(data[: len(data) // 2] if halves and halves.pop() else data)

    monkeypatch.setattr("adapters.cap.link.parse", parse)
    live.say(rain(live))
    live.round()
    (view,) = [one for one in linked(live.desk) if one.system == "cap"]
    assert (view.now.state, view.now.fault, view.tray) == (links.FAULT, "unreadable", 0)
    live.wait(MINUTE)
    assert live.incident("cap", source_id("r1")).state is State.NEW
    (view,) = [one for one in linked(live.desk) if one.system == "cap"]
    assert (view.now.state, view.tray) == (links.OK, 0)


def test_one_that_stays_broken_goes_to_the_tray(live: Live) -> None:
    torn = b"<alert><identifier>torn</identifier>"
    publisher(live).publish_document("torn", torn)
    for looks in range(1, TRIES + 1):
        live.wait(10 * MINUTE)
        with live.store.read() as tx:
            assert len(links.tray(tx, 10)) == (looks == TRIES)
    live.wait(10 * MINUTE)
    with live.store.read() as tx:
        assert [one.raw for one in links.tray(tx, 10)] == [torn.decode()]


@pytest.mark.parametrize("name", ["australia", "canada", "no_optional_fields"])
def test_the_samples_come_in_over_the_wire(live: Live, name: str) -> None:
    data = (FILES / f"{name}.cap").read_bytes()
    alert = cap.parse(data)
    publisher(live).publish_document("sample", data)
    live.round(2)
    went_in = alert.status is cap.Status.ACTUAL and not alert.is_over
    assert count(live) + len(live.entries("kept")) == 1
    if went_in and alert.msg_type is not cap.MsgType.CANCEL and count(live):
        one = live.incident("cap", f"{alert.sender},{alert.identifier}")
        assert one.category.startswith("alert")


def test_a_warning_in_two_languages_is_one_incident(live: Live) -> None:
    publisher(live).publish(rain(live))
    (name, data) = publisher(live)._documents()[0]
    alert = cap.parse(data)
    info = replace(alert.infos[0], language="en-US", event="Rainstorm", headline="Heavy rain")
    both = replace(alert, identifier="both", infos=(info, *alert.infos))
    publisher(live).publish_document("both", cap.write(both))
    live.round()
    one = live.incident("cap", source_id("both"))
    assert one.text.startswith("暴雨")
    assert dict(one.facts)["languages"] == "zh-CN, en-US"
    assert name == "r1"
    assert count(live) == 2


def test_files_go_in_and_an_incident_comes_out(
    live: Live, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from console.cli import app

    store = ["--store", live.store.url.removeprefix("sqlite:///")]
    files = [str(one) for one in sorted(FILES.glob("*.cap"))]
    with pytest.raises(SystemExit) as ended:
        app(["import", "--format", "cap", *files, *store, "--json"], standalone_mode=False)
    assert ended.value.code == 1  # one of the samples is invalid, and is named
    said = capsys.readouterr()
    counts = json.loads(said.out)
    assert (counts["read"], counts["refused"]) == (4, 1)
    assert counts["new"] + counts["apart"] == 3
    assert "invalid.cap" in said.err
    with pytest.raises(SystemExit):
        app(["import", "--format", "cap", *files, *store, "--json"], standalone_mode=False)
    again = json.loads(capsys.readouterr().out)
    assert (again["new"], again["apart"]) == (0, 0)

    live.say(rain(live))
    live.round()
    one = live.incident("cap", source_id("r1"))
    app(["export", "--format", "cap", one.short, *store], standalone_mode=False)
    alert = cap.parse(capsys.readouterr().out.encode())
    assert alert.sender == "zhiban-xs"
    assert not alert.warnings
    assert alert.infos[0].description == one.text
    assert cap.parse(cap.write(alert)) == alert
    (entry,) = live.entries("published", one)
    assert (entry.source, entry.source_id) == (alert.sender, alert.identifier)
