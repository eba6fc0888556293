"""Colleagues at the other seats: they take their share and do the first thing that is offered.

Which incidents, and how quick, is drawn from the seed and the incident alone. What is
to be done next the playbook says; a colleague has no knowledge of his own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from console.desk.crew import Plan, Say
from console.domain.clock import MINUTE, Instant, Span
from console.domain.scenario import Actors

PATIENCE = 80
"""How often a colleague looks at an incident before he gives it up as it is."""

ENDS = frozenset({"resolve", "close"})


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a colleague does next: a verb, and step, outcome and units where it has them."""

    verb: str
    step: str = ""
    outcome: str = ""
    units: tuple[str, ...] = ()


@dataclass(slots=True)
class _Case:
    """An incident in a colleague's hands."""

    seat: str
    incident: int
    delay: Span
    ends: Instant
    """Not ended before, once units were sent: they have work to do."""
    rng: random.Random
    sent: bool = False
    looks: int = 0


@dataclass(slots=True)
class Colleagues:
    """Everybody at the watch but the officer who is watched.

    Args:
        seed, actors: of the scenario.
        plan: puts something on the engine's agenda.
        say: does a line as a seat.
        number: an incident as a line names it.
        ask: what a seat is to do next on an incident, None when nobody at a desk can do it, or
            the incident has gone over to another seat.
    """

    seed: int
    actors: Actors
    plan: Plan
    say: Say
    number: Callable[[int], str]
    ask: Callable[[int, str], NextStep | None]
    _seen: set[int] = field(default_factory=set)

    def offer(self, incident: int, at: Instant, named: Collection[int]) -> None:
        """An incident is there since `at`; `named` are those of the scenario's own story."""
        if incident in self._seen or incident in named:
            return
        self._seen.add(incident)
        rng = random.Random(f"{self.seed}/desk/{incident}")
        luck = rng.random()
        for seat, manner in self.actors.seats.items():
            if luck < manner.share:
                ends = at + int(rng.uniform(15, 50) * MINUTE / self.actors.pace)
                case = _Case(seat, incident, manner.delay, ends, rng)
                self.plan(at + int(manner.delay * rng.uniform(0.5, 1.6)), partial(self._take, case))
                return
            luck -= manner.share

    def _take(self, case: _Case, due: Instant) -> None:
        # Whoever is quicker has it: refused means that another seat took it.
        if self._do(case, "accept"):
            self._later(case, due)

    def _go_on(self, case: _Case, due: Instant) -> None:
        step = self.ask(case.incident, case.seat)
        if step is not None and not (step.verb in ENDS and case.sent and due < case.ends):
            done = self._do(
                case, " ".join(filter(None, (step.verb, step.step, step.outcome, *step.units)))
            )
            case.sent = case.sent or (done and step.verb == "dispatch")
            if done and step.verb == "close":
                return
        case.looks += 1
        if case.looks < PATIENCE:
            self._later(case, due)

    def _later(self, case: _Case, due: Instant) -> None:
        self.plan(due + int(case.delay * case.rng.uniform(0.5, 1.5)), partial(self._go_on, case))

    def _do(self, case: _Case, words: str) -> bool:
        verb, _, rest = words.partition(" ")
        return self.say(f"{verb} #{self.number(case.incident)} {rest}".rstrip(), case.seat)
