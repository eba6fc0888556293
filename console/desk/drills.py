"""The one engine that plays a scenario, for demo and drill.

It stands in for the world outside: callers, crews, systems, colleagues. What it
does goes through a `Floor`, in by the same doors as everything else: a report
through intake, a line through the verbs, with the seat of whoever says it. It reads
the journal to see what the officers did and answers that.

Single-threaded and seeded: with the same scenario and the same deeds of the
officers at the same moments, a run is the same byte by byte. It has no clock but
the floor's; at speed 0 nothing falls due, which is the pause.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from adapters.port import Report
from console.desk.colleague import Colleagues, NextStep
from console.desk.crew import Crews, UnitSeen
from console.domain.clock import Clock, Instant, ScaledClock
from console.domain.incident import full_number
from console.domain.scenario import (
    Change,
    Elapsed,
    Inject,
    Say,
    Scenario,
    Send,
    Story,
    UnitSays,
    leaves,
)

POLL = 0.2
"""Seconds of real time between two looks at the journal."""

NO_INCIDENT = 0
"""What became of a report that was taken in and needed no incident: the robot answered it."""


class Floor(Protocol):
    """The desk as the engine sees it. Incidents are named by their id."""

    @property
    def clock(self) -> Clock:
        """The clock that the whole desk runs on."""
        ...

    def receive(self, report: Report) -> int | None:
        """Take a report in; the incident that it became or joined, `NO_INCIDENT` if it needed
        none, None if it was refused."""
        ...

    def do(self, line: str, seat: str) -> bool:
        """Do a command line as `seat`; False when the desk refused it."""
        ...

    def units(self) -> Sequence[UnitSeen]:
        """Every unit as it is now."""
        ...

    def next_step(self, incident: int, seat: str) -> NextStep | None:
        """What Enter would do on an incident; None when nothing can be done at a desk now."""
        ...

    def changes(self, after: int) -> Sequence[Change]:
        """Journal entries with a higher `seq` than `after`, in order; some or all of them."""
        ...


class Arrival(Protocol):
    """A report of the background stream, and when it arrives."""

    @property
    def at(self) -> Instant:
        """The moment of arrival."""
        ...

    @property
    def report(self) -> Report:
        """What the source sends."""
        ...

    @property
    def finding(self) -> str:
        """What a crew will find there."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """One inject that was played: when it was due, when it was done, and to what.

    `ok` is False when the desk refused it.
    """

    inject: str
    due: Instant
    at: Instant
    incident: int | None
    ok: bool


class Engine:
    """Plays one scenario against a floor.

    Args:
        scenario: what to play.
        floor: the desk.
        arrivals: the background streams, each in order of time.
        district: code that stands in front of an incident's full number.
        after: journal entry after which the scenario's own story begins.
    """

    def __init__(
        self,
        scenario: Scenario,
        floor: Floor,
        arrivals: Sequence[Iterator[Arrival]] = (),
        district: str = "XS",
        after: int = 0,
    ) -> None:
        self.scenario = scenario
        self.floor = floor
        self.story = Story(scenario.start, scenario.asked())
        self.done: list[Done] = []
        """The injects played so far, in order."""
        self._district = district
        self._seen = after
        self._agenda: list[tuple[Instant, int, Callable[[Instant], None]]] = []
        self._entries = 0
        self._crews = Crews(scenario.seed, scenario.actors, self._at, floor.do, self.name)
        self._colleagues = Colleagues(
            scenario.seed, scenario.actors, self._at, floor.do, self.name, floor.next_step
        )
        self._waiting: list[Inject] = []
        for inject in scenario.injects:
            if inject.at is not None:
                self._at(scenario.start + inject.at, partial(self._play, inject))
                continue
            self._waiting.append(inject)
            for leaf in leaves(inject.when) if inject.when else ():
                if isinstance(leaf, Elapsed):  # so that this moment is one of interest
                    self._at(scenario.start + leaf.span, _look_again)
        for stream in arrivals:
            self._next_arrival(stream)

    # ------------------------------------------------------------------ going

    def step(self) -> Instant | None:
        """Do everything that is due now.

        Returns:
            The next moment at which something falls due, None when nothing is left
            but to wait for the officers.
        """
        now = self.floor.clock.now()
        self._listen()
        while self._agenda and self._agenda[0][0] <= now:
            due, _, act = heapq.heappop(self._agenda)
            act(due)
            self._listen()
        return self._agenda[0][0] if self._agenda else None

    def run(self, stop: threading.Event) -> None:
        """Play until `stop` is set. Meant for a thread of its own."""
        while not stop.is_set():
            due = self.step()
            stop.wait(self._pause(due))

    def name(self, incident: int) -> str:
        """An incident as a line names it, unambiguous beyond midnight."""
        return full_number(self._district, incident)

    def _pause(self, due: Instant | None) -> float:
        """Seconds of real time until `due`, at most `POLL`."""
        clock = self.floor.clock
        speed = clock.speed if isinstance(clock, ScaledClock) else 1.0
        if due is None or speed == 0:
            return POLL
        return min(POLL, max(0.0, (due - clock.now()) / 1_000 / speed))

    def _at(self, due: Instant, act: Callable[[Instant], None]) -> None:
        # The running number keeps equal moments in the order in which they were planned.
        heapq.heappush(self._agenda, (due, self._entries, act))
        self._entries += 1

    # ------------------------------------------------------------ listening

    def _listen(self) -> None:
        """Read the journal on from where it was left and react."""
        while changes := self.floor.changes(self._seen):
            for change in changes:
                self._seen = change.seq
                self.story.note(change)
            self._crews.follow(changes, self.floor.units())
        self._release()

    def _release(self) -> None:
        """Plan the waiting injects whose condition has come true."""
        now = self.floor.clock.now()
        still: list[Inject] = []
        for inject in self._waiting:
            met = self.story.met(inject.when) if inject.when else None
            if met is None or met > now:
                still.append(inject)
            else:
                self._at(met + inject.after, partial(self._play, inject))
        self._waiting = still

    # -------------------------------------------------------------- injects

    def _play(self, inject: Inject, due: Instant) -> None:
        incident: int | None = None
        match inject.action:
            case Send(report, finding):
                taken = self._receive(report, due, finding)
                ok, incident = taken is not None, taken or None
                if incident is not None:
                    self.story.incidents[inject.name] = incident
            case UnitSays(call_sign, status):
                ok = self.floor.do(f"status {call_sign} {status}", call_sign)
            case Say(sender, name, text):
                incident = self.story.incidents.get(name)
                # Without its incident there is nobody to tell: the report was refused.
                ok = incident is not None and self.floor.do(
                    f"note #{self.name(incident)} {_one_line(text)}", sender
                )
        now = self.floor.clock.now()
        self.story.played[inject.name] = now
        self.done.append(Done(inject.name, due, now, incident, ok))

    def _receive(self, report: Report, due: Instant, finding: str) -> int | None:
        if report.occurred is None:
            report = replace(report, occurred=due)
        incident = self.floor.receive(report)
        if incident:
            self._crews.learn(incident, report.lat, report.lon, finding)
        return incident

    # -------------------------------------------------------------- streams

    def _next_arrival(self, stream: Iterator[Arrival]) -> None:
        # One at a time: a stream has no end.
        arrival = next(stream, None)
        if arrival is not None:
            self._at(arrival.at, partial(self._arrive, stream, arrival))

    def _arrive(self, stream: Iterator[Arrival], arrival: Arrival, due: Instant) -> None:
        self._next_arrival(stream)
        incident = self._receive(arrival.report, due, arrival.finding)
        # What the scenario tells by name is the officer's own story: hands off.
        if incident:
            self._colleagues.offer(incident, due, self.story.incidents.values())


def _look_again(_: Instant) -> None:
    """Nothing happens; waiting conditions are looked at after every entry."""


def _one_line(text: str) -> str:
    return " ".join(text.split())
