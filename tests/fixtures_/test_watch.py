"""The demo on the true desk: the queue fills, and the story of 21 March has its good end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.systems import ORDER
from console.desk.desk import Desk
from console.desk.drills import Engine
from console.desk.floor import DeskFloor
from console.desk.gateway import Gateway
from console.desk.ruleset import load as load_rules
from console.desk.scenarios import load
from console.domain.clock import MINUTE, SECOND, FixedClock, Instant
from console.domain.lifecycle import State
from console.store import group, incidents, journal, queue, units
from console.store.engine import open_store
from console.store.units import UnitNow
from fixtures.backends.offline import Offline
from fixtures.district import build
from fixtures.library import path
from fixtures.stream import arrivals
from fixtures.wording import kinds


class Evening:
    """The watch scenario on a fresh SQLite store, moved by hand."""

    def __init__(self, folder: Path, name: str = "watch") -> None:
        self.scenario = load(path(name), kinds())
        self.clock = FixedClock(self.scenario.start)
        self.store = open_store(str(folder / f"{name}.sqlite"))
        self.desk = Desk(self.store, self.clock, load_rules(), "一席", "李某")
        self.adapters = Offline(lambda: self.clock.at).adapters()
        self.gateway = Gateway(self.desk, {})
        with self.store.write() as tx:
            units.add(
                tx,
                [
                    UnitNow(
                        one.call_sign,
                        one.kind,
                        one.name,
                        one.station,
                        one.town,
                        one.lat,
                        one.lon,
                        "available",
                        self.clock.at,
                        None,
                        None,
                        0,
                        0,
                    )
                    for one in build(self.scenario.seed).units
                ],
            )
        streams = [
            arrivals(stream, self.scenario.seed, self.scenario.start, self.scenario.offset)
            for stream in self.scenario.streams
        ]
        self.engine = Engine(
            self.scenario, DeskFloor(self.desk, self.scenario.actors.units), streams
        )

    def until(self, span: int) -> None:
        """Let time go by to `span` ms after the start."""
        end: Instant = self.scenario.start + span
        while (due := self.engine.step()) is not None and due <= end:
            self.clock.at = max(due, self.clock.at)
        self.clock.at = max(end, self.clock.at)
        self.engine.step()

    def go(self, seconds: int) -> None:
        """Let some seconds go by."""
        self.until(self.clock.at - self.scenario.start + seconds * SECOND)

    def types(self, line: str) -> None:
        """The officer types a line, which must be possible."""
        for answer in self.desk.run(line):
            assert answer.ok, (line, answer.message)

    def told(self, incident: int) -> list[tuple[str, str]]:
        """Who wrote what on an incident."""
        with self.store.read() as tx:
            entries = journal.timeline(tx, [incident])
        return [(entry.seat, entry.text) for entry in entries if entry.verb == "note"]


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    """The watch scenario before its first second."""
    one = Evening(tmp_path)
    yield one
    one.store.close()


def test_the_queue_is_full_within_a_minute(evening: Evening) -> None:
    evening.until(MINUTE)
    with evening.store.read() as tx:
        reports = [e for e in journal.since(tx, 0) if e.verb in ("receive", "attach")]
        waiting = sum(queue.state_counts(tx).values())
    assert 28 <= len(reports) <= 44
    spoken = {e.source for e in reports}
    # The investigation platform is only asked; the group is heard as messages.
    assert spoken >= set(ORDER) - {"investigation", "dingtalk"}
    assert waiting >= 18


def test_the_officer_of_the_story_is_there_when_she_is_needed(evening: Evening) -> None:
    evening.until(10 * MINUTE)
    with evening.store.read() as tx:
        assert next(u for u in units.all_units(tx) if u.call_sign == "P31").status == "available"


def test_the_story_of_21_march_has_its_good_end(evening: Evening) -> None:
    evening.until(44 * SECOND)
    assert "fraud-1" not in evening.engine.story.incidents
    evening.until(55 * SECOND)
    number = evening.engine.story.incidents["fraud-1"]
    name = f"#{evening.engine.name(number)}"
    with evening.store.read() as tx:
        one = incidents.get(tx, number)
    assert one is not None
    assert one.category == "fraud.warning.shopping"
    assert one.priority == 1
    assert one.amount_at_risk == 400_000
    assert one.state is State.NEW, "colleagues keep their hands off"
    assert "占线" in evening.told(number)[-1][1]
    evening.types(f"accept {name}")
    evening.go(5)
    evening.types(f"call {name} busy")
    evening.go(10)
    assert evening.told(number)[-1][0] == "investigation"
    assert "12幢3单元401室" in evening.told(number)[-1][1]
    evening.types(f"dispatch {name} P31")
    evening.types(f"done {name} research found")
    evening.go(15)
    evening.types(f"call {name} busy")
    evening.go(20)
    with evening.store.read() as tx:
        p31 = units.get(tx, "P31")
    assert p31 is not None
    assert p31.status == "enroute"
    evening.go(15)
    assert evening.told(number)[-1][0] == "新塘所"
    evening.types(f"done {name} meet met")
    evening.go(6)
    evening.types(f"done {name} explain saved")
    evening.go(8)
    evening.types(f"resolve {name} saved 400000")
    evening.go(10)
    evening.types(f"done {name} callback safe")
    evening.types(f"close {name}")
    assert evening.clock.at - evening.scenario.start < 5 * MINUTE
    with evening.store.read() as tx:
        end = incidents.get(tx, number)
    assert end is not None
    assert end.state is State.CLOSED
    assert end.amount_lost == 0
    assert end.amount_at_risk == 400_000
    played = {done.inject: done.ok for done in evening.engine.done}
    story = [one for one in played if one.startswith("fraud-1")]
    assert len(story) == 9, "all but the reminder"
    assert all(played[one] for one in story)
    evening.go(60)
    with evening.store.read() as tx:
        home = units.get(tx, "P31")
    assert home is not None
    assert home.status in ("clearing", "available")


def test_the_three_callers_of_the_kitchen_fire_are_one_incident(evening: Evening) -> None:
    evening.until(70 * SECOND)
    names = ("fire-1", "fire-1-neighbour", "fire-1-passer-by")
    assert len({evening.engine.story.incidents[name] for name in names}) == 1


@pytest.mark.deep
def test_half_an_hour_without_an_officer_is_alive(evening: Evening) -> None:
    evening.until(30 * MINUTE)
    with evening.store.read() as tx:
        verbs = [entry.verb for entry in journal.walk(tx)]
        busy = {one.status for one in units.all_units(tx)}
    assert verbs.count("dispatch") >= 10
    assert verbs.count("check") >= 1
    assert {"available", "on_scene"} <= busy
    assert all(done.ok for done in evening.engine.done)


def test_two_runs_are_the_same_byte_by_byte(tmp_path: Path) -> None:
    chains = []
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        one = Evening(tmp_path / run)
        one.until(3 * MINUTE)
        one.types(f"dispatch #{one.engine.name(one.engine.story.incidents['crash-1'])}")
        one.until(6 * MINUTE)
        with one.store.read() as tx:
            chains.append(list(journal.since(tx, 0)))
        one.store.close()
    assert chains[0] == chains[1]
    assert len(chains[0]) > 60


def test_every_order_of_the_story_is_confirmed(evening: Evening) -> None:
    evening.gateway.adapters = evening.adapters
    evening.until(55 * SECOND)
    name = f"#{evening.engine.name(evening.engine.story.incidents['fraud-1'])}"
    evening.types(f"accept {name}")
    assert asyncio.run(evening.gateway.courier()) >= 1


def test_residents_ask_the_robot_and_it_knows_three_of_four(evening: Evening) -> None:
    evening.until(5 * MINUTE)
    with evening.store.read() as tx:
        found = {one.source_id: one for one in group.page(tx, 100)}
    asked = [one for id_, one in sorted(found.items()) if "question-" in id_]
    assert sorted((one.state, one.faq_id) for one in asked) == [
        ("answered", "ebike.plate"),
        ("answered", "fire.extinguisher.old"),
        ("answered", "fraud.96110"),
        ("open", ""),
    ]
