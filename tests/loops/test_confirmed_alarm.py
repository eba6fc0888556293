"""A terminal's alarm that a second source confirms becomes what it is an alarm of."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters import systems
from adapters.http import Endpoint
from adapters.port import Report
from adapters.secret import Secret
from console.desk.dossier import dossier
from console.desk.gateway import Gateway
from console.domain.clock import MINUTE, SECOND
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.domain.playbook import open_runs
from console.store import incidents
from fixtures.backends.systems import Surroundings
from fixtures.backends.terminals import Terminals
from tests.loops.live import Live

PLACE = "北干街道金城路88号"


class House:
    """A house with terminals, and the people in it."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.terminals = Terminals(Surroundings(now=live.clock.now))

    def alarm(self, terminal: str, kind: str = "smoke", place: str = PLACE) -> Incident:
        value = {"id": "1", "kind": kind, "place": place, "text": f"{kind}报警"}
        self.terminals.put(f"terminals/alarm/{terminal}", json.dumps(value))
        self.round()
        return self.live.incident("terminals", f"{terminal}/1")

    def round(self) -> None:
        one = systems.connect(
            "terminals", Endpoint("mqtt://-", Secret(""), read_s=0.1), self.terminals.wire()
        )
        asyncio.run(Gateway(self.live.desk, {"terminals": one}).round())

    def rings(self, text: str, place: str = PLACE, id_: str = "c1") -> Incident:
        return self.live.comes(Report("alarm110", id_, text, place=place))

    def steps(self, one: Incident) -> list[str]:
        with self.live.store.read() as tx:
            return [run.step for run in open_runs(incidents.steps_of(tx, one.id))]


@pytest.fixture
def house(live: Live) -> House:
    return House(live)


def test_a_second_sensor_confirms(house: House) -> None:
    one = house.alarm("T1")
    assert (one.category, one.playbook) == ("terminal.smoke", "terminal-alarm")
    house.live.clock.advance(MINUTE)
    assert house.alarm("T2", "heat").id == one.id
    now = house.live.now(one)
    assert (now.category, now.field, now.playbook) == ("fire.structure", "fire", "fire-turnout")
    assert now.alarm_level >= 1
    assert house.steps(now) == ["accept"]
    # A third one is the same fire.
    assert house.alarm("T3").id == one.id
    assert house.live.is_whole()


def test_the_same_terminal_again_confirms_nothing(house: House) -> None:
    one = house.alarm("T1")
    house.terminals.put(
        "terminals/alarm/T1",
        json.dumps({"id": "2", "kind": "smoke", "place": PLACE, "text": "smoke报警"}),
    )
    house.round()
    now = house.live.now(one)
    assert (now.category, now.reports) == ("terminal.smoke", 2)


def test_too_late_or_elsewhere_confirms_nothing(house: House) -> None:
    one = house.alarm("T1")
    house.rings("着火了, 有浓烟", "瓜沥镇航坞路1号")
    house.live.clock.advance(4 * MINUTE)
    house.alarm("T2", "heat")
    assert house.live.now(one).category == "terminal.smoke"


def test_a_call_confirms_and_is_the_same_fire(house: House) -> None:
    one = house.alarm("T1")
    house.live.do("接", one)
    house.live.clock.advance(30 * SECOND)
    called = house.rings("金城路88号着火了, 有浓烟")
    now = house.live.now(one)
    assert now.category == "fire.structure"
    assert called.id == one.id
    assert "accept" not in house.steps(now)  # what was done stays done
    (entry,) = [e for e in house.live.entries("event", one) if e.category]
    assert (entry.source, entry.status, entry.category) == ("alarm110", "true", "fire.structure")


def test_a_call_about_something_else_confirms_nothing(house: House) -> None:
    one = house.alarm("T1")
    house.rings("金城路88号楼下有人吵架打起来")
    assert house.live.now(one).category == "terminal.smoke"


def test_a_panic_button_needs_nobody(house: House) -> None:
    one = house.alarm("T9", "panic")
    assert one.category == "order.panic"
    assert one.playbook != "terminal-alarm"


def test_the_officer_confirms_and_takes_it_back(house: House) -> None:
    one = house.alarm("T1", "gas")
    house.live.do("接", one)
    before = house.live.now(one)
    steps = house.steps(one)
    house.live.do("办 核实 属实", one)
    now = house.live.now(one)
    assert (now.category, now.state) == ("gas.leak", State.ACTIVE)
    assert now.playbook != "terminal-alarm"
    with house.live.desk.reading() as work:
        found = dossier(work, one.id)
    assert found is not None
    (told,) = [t.message for t in found.timeline if t.entry.verb == "done"]
    assert told.id == "timeline.became"
    house.live.do("撤")
    back = house.live.now(one)
    assert (back.category, back.field, back.playbook, back.due, back.state) == (
        before.category,
        before.field,
        before.playbook,
        before.due,
        before.state,
    )
    assert house.steps(one) == steps
    assert house.live.is_whole()


def test_a_false_alarm_is_silenced_and_recorded(house: House) -> None:
    one = house.alarm("T1")
    house.live.do("接", one)
    house.live.do("办 核实 误报", one)
    house.live.do("毕 误报", one)
    house.round()
    assert house.live.now(one).category == "terminal.smoke"
    actions = [t.action for t in house.terminals.ledger.all_told()]
    assert actions == ["acknowledge", "silence"]
