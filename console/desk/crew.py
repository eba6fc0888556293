"""Crews that live: what a unit reports by itself once it has been sent somewhere.

A dispatched unit turns out, drives, arrives, says what it found, works, clears and
is available again; on scene it answers its safety checks, mostly. Before it says
anything it looks at what the desk believes it is doing: what an officer has entered
meanwhile, or taken back, goes before the plan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from console.domain.clock import MINUTE, SECOND, Instant
from console.domain.crews import Course, answers_check, course
from console.domain.scenario import Actors, Change

Plan: TypeAlias = Callable[[Instant, Callable[[Instant], None]], None]
"""Puts something on the agenda."""

Say: TypeAlias = Callable[[str, str], bool]
"""Does a line as a seat; False when it was refused."""

UNKNOWN_KM = 3.0
"""A way whose end nobody knows: across a sub-district."""

ENDING = frozenset({"resolve", "close", "cancel"})
PACKING_UP = 6 * SECOND
"""Between two crews that leave a finished incident."""

LATE_ANSWER = 2 * MINUTE
"""How long after a missed check the crew is heard again."""


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """A unit as the desk knows it at this moment.

    `check_due` is when its safety check falls due while it is on scene.
    """

    call_sign: str
    kind: str
    status: str
    lat: float | None
    lon: float | None
    check_due: Instant | None = None


@dataclass(slots=True)
class _Known:
    """What the world knows of an incident, whether or not the desk does."""

    lat: float | None
    lon: float | None
    finding: str
    told: bool = False


@dataclass(slots=True)
class _Job:
    """One assignment in hand. A newer one of the same unit makes it void."""

    incident: int
    course: Course


@dataclass(slots=True)
class Crews:
    """All crews of the district.

    Args:
        seed, actors: of the scenario.
        plan: puts something on the engine's agenda.
        say: does a line as a unit.
        number: an incident as a line names it.
    """

    seed: int
    actors: Actors
    plan: Plan
    say: Say
    number: Callable[[int], str]
    _known: dict[int, _Known] = field(default_factory=dict)
    _jobs: dict[str, _Job] = field(default_factory=dict)
    _units: dict[str, UnitSeen] = field(default_factory=dict)
    _checks: dict[str, Instant] = field(default_factory=dict)

    def learn(self, incident: int, lat: float | None, lon: float | None, finding: str) -> None:
        """Where an incident is and what is to be found there. The first word stands."""
        self._known.setdefault(incident, _Known(lat, lon, finding))

    def follow(self, changes: Iterable[Change], units: Sequence[UnitSeen]) -> None:
        """React to what was entered; `units` is how they are after the last of it."""
        self._units = {unit.call_sign: unit for unit in units}
        for change in changes:
            if change.verb == "dispatch" and change.incident is not None:
                for call_sign in change.units:
                    self._send(call_sign, change.incident, change.at)
            elif change.verb == "status":
                for call_sign in change.units:
                    self._entered(call_sign, change)
            elif change.verb in ENDING and change.incident is not None:
                self._end(change.incident, change.at)
                if change.verb != "resolve":
                    self._known.pop(change.incident, None)
        for unit in units:
            self._watch(unit)

    # ------------------------------------------------------------ the course

    def _send(self, call_sign: str, incident: int, at: Instant) -> None:
        unit = self._units.get(call_sign)
        if unit is None:
            return
        drawn = course(
            self.seed, call_sign, unit.kind, incident, self._km(unit, incident), self.actors
        )
        job = _Job(incident, drawn)
        self._jobs[call_sign] = job
        self.plan(at + drawn.turnout, partial(self._enroute, call_sign, job))

    def _entered(self, call_sign: str, change: Change) -> None:
        """A status was entered, by the crew itself or by an officer for it: go on from it."""
        job = self._jobs.get(call_sign)
        if job is None:
            return
        match change.outcome:
            case "enroute":
                self.plan(change.at + job.course.travel, partial(self._arrive, call_sign, job))
            case "on_scene":
                self.plan(change.at + job.course.tells, partial(self._find, call_sign, job))
                self.plan(change.at + job.course.work, partial(self._clear, call_sign, job))
            case "clearing":
                self.plan(change.at + job.course.packing, partial(self._free, call_sign, job))
            case "available" | "out_of_service":
                del self._jobs[call_sign]

    def _end(self, incident: int, at: Instant) -> None:
        """The incident is over: whoever is still busy with it packs up, in no hurry."""
        busy = [(c, job) for c, job in self._jobs.items() if job.incident == incident]
        for n, (call_sign, job) in enumerate(busy, 1):
            self.plan(at + n * PACKING_UP, partial(self._leave, call_sign, job))

    def _enroute(self, call_sign: str, job: _Job, _: Instant) -> None:
        if self._stands(call_sign, job, "dispatched"):
            self._report(call_sign, "enroute")

    def _arrive(self, call_sign: str, job: _Job, _: Instant) -> None:
        if self._stands(call_sign, job, "enroute"):
            self._report(call_sign, "on_scene")

    def _find(self, call_sign: str, job: _Job, _: Instant) -> None:
        """The first crew on scene says what it found, once an incident."""
        known = self._known.get(job.incident)
        if known and known.finding and not known.told and self._stands(call_sign, job, "on_scene"):
            known.told = True
            self.say(f"note #{self.number(job.incident)} {known.finding}", call_sign)

    def _clear(self, call_sign: str, job: _Job, _: Instant) -> None:
        if self._stands(call_sign, job, "on_scene"):
            self._report(call_sign, "clearing")

    def _leave(self, call_sign: str, job: _Job, due: Instant) -> None:
        if self._stands(call_sign, job, "on_scene"):
            self._clear(call_sign, job, due)
        elif self._stands(call_sign, job, "dispatched", "enroute"):
            self._report(call_sign, "available")

    def _free(self, call_sign: str, job: _Job, _: Instant) -> None:
        if self._stands(call_sign, job, "clearing"):
            self._report(call_sign, "available")

    # --------------------------------------------------------- safety checks

    def _watch(self, unit: UnitSeen) -> None:
        """Plan the answer to a safety check that has newly been set."""
        due = unit.check_due
        if due is None or self._checks.get(unit.call_sign) == due:
            return
        self._checks[unit.call_sign] = due
        lead = answers_check(self.seed, unit.call_sign, due, self.actors)
        at = due + LATE_ANSWER if lead is None else due - lead
        self.plan(at, partial(self._check, unit.call_sign, due))

    def _check(self, call_sign: str, due: Instant, _: Instant) -> None:
        unit = self._units.get(call_sign)
        if unit and unit.status == "on_scene" and unit.check_due == due:
            self.say(f"check {call_sign}", call_sign)

    # ----------------------------------------------------------------- small

    def _stands(self, call_sign: str, job: _Job, *statuses: str) -> bool:
        """Whether the job is still this unit's and the desk has the unit in that status."""
        unit = self._units.get(call_sign)
        return self._jobs.get(call_sign) is job and unit is not None and unit.status in statuses

    def _report(self, call_sign: str, status: str) -> None:
        self.say(f"status {call_sign} {status}", call_sign)

    def _km(self, unit: UnitSeen, incident: int) -> float:
        known = self._known.get(incident)
        if known is None or None in (known.lat, known.lon, unit.lat, unit.lon):
            return UNKNOWN_KM
        assert known.lat is not None
        assert known.lon is not None
        assert unit.lat is not None
        assert unit.lon is not None
        # Flat within a district: the error against a great circle is below one metre in a km.
        north = (known.lat - unit.lat) * 111.2
        east = (known.lon - unit.lon) * 111.2 * math.cos(math.radians(unit.lat))
        return math.hypot(north, east)
