"""The engine: injects in time and on conditions, crews that live, runs that repeat."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from adapters.port import Report
from console.desk.crew import UnitSeen
from console.desk.drills import Engine
from console.desk.scenarios import read
from console.domain.clock import MINUTE, SECOND, FixedClock, Instant, ScaledClock
from tests.desk.floors import DAY_ID, FakeFloor

HEAD = """\
name: t
title: {zh: 试, en: try}
description: {zh: 试, en: try}
seed: 7
start: 2022-03-21T19:40:00+08:00
"""


@dataclass(frozen=True)
class Came:
    """An arrival."""

    at: Instant
    report: Report
    kind: str = "fire.structure"
    finding: str = ""


def stage(body: str, *arrivals: Iterator[Came]) -> tuple[Engine, FakeFloor]:
    """An engine at its start, on a fake floor with two units."""
    scenario = read(HEAD + body, "t.yaml")
    floor = FakeFloor(FixedClock(scenario.start))
    for call_sign, kind in (("P31", "community_officer"), ("E301", "fire_engine")):
        floor.crew[call_sign] = UnitSeen(call_sign, kind, "available", 30.17, 120.29)
    return Engine(scenario, floor, arrivals), floor


def play(engine: Engine, floor: FakeFloor, until: int) -> None:
    """Go from moment of interest to moment of interest, `until` ms after the start."""
    end = engine.scenario.start + until
    while (due := engine.step()) is not None and due <= end:
        floor.clock.at = max(due, floor.clock.at)
    floor.clock.at = end
    engine.step()


REPORT = "{source: alarm110, text: 着火了, place: 金城路1号, lat: 30.18, lon: 120.27}"
FIRE = f"- {{name: fire, at: 00:00:10, report: {REPORT}}}\n"


class TestInjects:
    def test_a_report_arrives_at_its_moment_and_not_before(self) -> None:
        engine, floor = stage("injects:\n" + FIRE)
        assert engine.step() == engine.scenario.start + 10 * SECOND
        assert floor.reports == []
        floor.clock.advance(10 * SECOND)
        assert engine.step() is None
        ((at, report),) = floor.reports
        assert at == report.occurred == engine.scenario.start + 10 * SECOND
        assert (report.source, report.source_id, report.text) == ("alarm110", "fire", "着火了")

    def test_a_late_look_keeps_the_report_s_own_time(self) -> None:
        engine, floor = stage("injects:\n" + FIRE)
        floor.clock.advance(MINUTE)
        engine.step()
        assert floor.reports[0][1].occurred == engine.scenario.start + 10 * SECOND
        assert engine.done[0].at - engine.done[0].due == 50 * SECOND

    def test_words_follow_on_the_second_busy_call_of_that_incident_only(self) -> None:
        engine, floor = stage(
            "injects:\n"
            + FIRE
            + """\
- name: again
  when: {verb: call, incident: fire, outcome: busy, count: 2}
  after: 00:00:05
  message: {from: 96110, to: fire, text: 仍占线}
"""
        )
        play(engine, floor, 20 * SECOND)
        floor.officer("call", 1, "busy")
        floor.officer("call", 99, "busy")
        floor.officer("call", 1, "answered")
        play(engine, floor, 40 * SECOND)
        assert floor.lines("96110") == []
        floor.officer("call", 1, "busy")
        play(engine, floor, 44 * SECOND)
        assert floor.lines("96110") == []
        play(engine, floor, 60 * SECOND)
        assert floor.lines("96110") == ["note #XS-20220321-0001 仍占线"]
        assert floor.said[-1][0] == engine.scenario.start + 45 * SECOND

    def test_all_not_and_elapsed_make_a_reminder_that_acting_prevents(self) -> None:
        reminder = """\
- name: nudge
  when: {all: [{elapsed: 00:01:00}, {played: fire}, {not: {verb: accept, incident: fire}}]}
  message: {from: 110, to: fire, text: 还没有人接}
"""
        engine, floor = stage("injects:\n" + FIRE + reminder)
        play(engine, floor, 2 * MINUTE)
        assert floor.lines("110") == ["note #XS-20220321-0001 还没有人接"]
        assert floor.said[0][0] == engine.scenario.start + MINUTE
        engine, floor = stage("injects:\n" + FIRE + reminder)
        play(engine, floor, 20 * SECOND)
        floor.do("accept #XS-20220321-0001", "一席")
        play(engine, floor, 2 * MINUTE)
        assert floor.lines("110") == []

    def test_any_counts_from_the_first_of_its_parts(self) -> None:
        engine, floor = stage(
            "injects:\n"
            + FIRE
            + """\
- name: answer
  when: {any: [{verb: done, incident: fire, step: research}, {verb: call, incident: fire}]}
  after: 00:00:03
  answer: {system: investigation, to: fire, text: 已查明}
"""
        )
        play(engine, floor, 20 * SECOND)
        floor.officer("done", 1, "found", step="research")
        floor.clock.advance(10 * SECOND)
        floor.officer("call", 1, "busy")
        play(engine, floor, MINUTE)
        assert floor.said == [
            (
                engine.scenario.start + 30 * SECOND,
                "investigation",
                "note #XS-20220321-0001 已查明",
            )
        ]

    def test_a_refused_report_is_on_record_and_its_words_go_nowhere(self) -> None:
        engine, floor = stage(
            "injects:\n" + FIRE + "- {name: m, at: 00:00:11, message: {from: a, to: fire, text: x}}"
        )
        floor.refuse = True
        play(engine, floor, MINUTE)
        assert [(done.inject, done.ok) for done in engine.done] == [("fire", False), ("m", False)]
        assert floor.said == []

    def test_text_cannot_break_out_of_its_line(self) -> None:
        engine, floor = stage(
            "injects:\n"
            + FIRE
            + '- {name: m, at: 00:00:11, message: {from: a, to: fire, text: "x\\n close  #1"}}'
        )
        play(engine, floor, MINUTE)
        assert floor.lines("a") == ["note #XS-20220321-0001 x close #1"]

    def test_a_unit_reports_what_the_scenario_says(self) -> None:
        engine, floor = stage(
            "injects:\n- {name: u, at: 00:00:02, unit: {call_sign: E301, status: out_of_service}}"
        )
        play(engine, floor, 3 * SECOND)
        assert floor.crew["E301"].status == "out_of_service"
        assert floor.said[0][1:] == ("E301", "status E301 out_of_service")


class TestCrews:
    BODY = (
        "actors: {crews: {misses: 0}, units: {P31: {turnout: 00:00:08, travel: 00:00:35}}}\n"
        "injects:\n"
        "- {name: fire, at: 00:00:00, report: {source: a, text: t, finding: 无人受伤,"
        " lat: 30.18, lon: 120.27}}\n"
    )

    def test_a_dispatched_unit_lives_by_itself_to_the_end(self) -> None:
        engine, floor = stage(self.BODY)
        engine.step()
        start = floor.clock.now()
        floor.do("dispatch #XS-20220321-0001 P31", "一席")
        play(engine, floor, 3 * 60 * MINUTE)
        told = [(at - start, line) for at, seat, line in floor.said if seat == "P31"]
        assert told[0] == (8 * SECOND, "status P31 enroute")
        assert told[1] == (43 * SECOND, "status P31 on_scene")
        lines = [line for _, line in told]
        assert lines.count("note #XS-20220321-0001 无人受伤") == 1
        assert "check P31" in lines
        assert [line for line in lines if line.startswith("status")] == [
            "status P31 enroute",
            "status P31 on_scene",
            "status P31 clearing",
            "status P31 available",
        ]

    def test_what_the_officer_enters_goes_before_the_plan(self) -> None:
        engine, floor = stage(self.BODY)
        engine.step()
        floor.do("dispatch #XS-20220321-0001 P31", "一席")
        play(engine, floor, 10 * SECOND)
        floor.do("status P31 on_scene", "一席")
        play(engine, floor, 2 * MINUTE)
        assert floor.lines("P31")[0] == "status P31 enroute"
        assert "status P31 on_scene" not in floor.lines("P31")

    def test_taken_back_before_turnout_nothing_is_reported(self) -> None:
        engine, floor = stage(self.BODY)
        engine.step()
        floor.do("dispatch #XS-20220321-0001 P31", "一席")
        play(engine, floor, 2 * SECOND)
        floor.do("status P31 available", "一席")
        play(engine, floor, 60 * MINUTE)
        assert floor.lines("P31") == []

    def test_closing_sends_everybody_home(self) -> None:
        engine, floor = stage(self.BODY)
        engine.step()
        floor.do("dispatch #XS-20220321-0001 P31 E301", "一席")
        play(engine, floor, 50 * SECOND)
        floor.do("close #XS-20220321-0001", "一席")
        play(engine, floor, 10 * MINUTE)
        assert {unit.status for unit in floor.crew.values()} == {"available"}
        assert floor.lines("P31")[-2:] == ["status P31 clearing", "status P31 available"]

    def test_a_crew_that_never_answers_is_heard_only_after_its_check_was_missed(self) -> None:
        engine, floor = stage(
            self.BODY.replace("misses: 0", "misses: 1").replace(
                "travel: 00:00:35", "travel: 00:00:35, work: 00:30:00"
            )
        )
        engine.step()
        start = floor.clock.now()
        floor.do("dispatch #XS-20220321-0001 P31", "一席")
        play(engine, floor, 15 * MINUTE)
        checks = [at - start for at, _, line in floor.said if line == "check P31"]
        assert checks == [43 * SECOND + 10 * MINUTE + 2 * MINUTE]


class TestRuns:
    BODY = "actors: {seats: {二席: {share: 0.6, delay: 00:00:10}}}\n"

    @staticmethod
    def stream(start: Instant) -> Iterator[Came]:
        for n in range(1, 200):
            yield Came(start + n * 7 * SECOND, Report("alarm110", f"s{n}", f"第{n}报"))

    def test_two_runs_are_the_same_whatever_the_looks(self) -> None:
        runs = []
        for extra in (0, 1):
            scenario = read(HEAD + self.BODY, "t.yaml")
            engine, floor = stage(self.BODY, self.stream(scenario.start))
            if extra:  # looks in between do nothing
                floor.clock.advance(3)
                engine.step()
                floor.clock.at = scenario.start
            play(engine, floor, 15 * MINUTE)
            runs.append((floor.reports, floor.said, floor.journal))
        assert runs[0] == runs[1]
        assert len(runs[0][0]) == 15 * 60 // 7

    def test_colleagues_take_their_share_and_only_what_is_free(self) -> None:
        scenario = read(HEAD + self.BODY, "t.yaml")
        engine, floor = stage(self.BODY, self.stream(scenario.start))
        engine.step()
        floor.taken = dict.fromkeys(range(DAY_ID + 1, DAY_ID + 21), "一席")
        play(engine, floor, 20 * MINUTE)
        tried = {line for line in floor.lines("二席") if line.startswith("accept")}
        assert 60 < len(tried) < 140
        dispatched = [line for line in floor.lines("二席") if line.startswith("dispatch")]
        taken = {n for n, seat in floor.taken.items() if seat == "二席"}
        assert len(dispatched) <= len(taken)
        assert not any(line.endswith(f"-{n:04d}") for line in dispatched for n in range(1, 21))

    def test_run_stops_when_told_and_pauses_at_speed_zero(self) -> None:
        scenario = read(HEAD + "injects:\n" + FIRE, "t.yaml")
        clock = ScaledClock(scenario.start, speed=0)
        floor = FakeFloor(FixedClock(0))
        floor.clock = clock  # type: ignore[assignment]
        engine = Engine(scenario, floor)
        stop = threading.Event()
        thread = threading.Thread(target=engine.run, args=(stop,))
        thread.start()
        assert not stop.wait(0.3)
        assert floor.reports == []
        clock.speed = 1_000
        deadline = threading.Event()
        for _ in range(100):
            if floor.reports:
                break
            deadline.wait(0.05)
        stop.set()
        thread.join(5)
        assert not thread.is_alive()
        assert len(floor.reports) == 1


@pytest.mark.parametrize("late", [0, 1, 59_999, 3_600_000])
def test_every_inject_is_played_exactly_once_however_late_the_look(late: int) -> None:
    engine, floor = stage("injects:\n" + FIRE)
    floor.clock.advance(10 * SECOND + late)
    engine.step()
    engine.step()
    assert len(floor.reports) == 1
