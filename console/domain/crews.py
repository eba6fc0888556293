"""How long a crew takes: turnout, the way there, the work, the way back.

Pure and seeded: the draws of one assignment depend on the seed, the unit and the
incident and on nothing else, so that the order in which things are done cannot
change them. The spans are of the size that fire and ambulance services publish
(turnout of a crew one to two minutes, a patrol that is on the road anyway quicker);
they make a demo believable and are no rule of any service.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from console.domain.clock import HOUR, MINUTE, SECOND, Span
from console.domain.scenario import Actors

ROADS = 1.35
"""A way by road against the straight line."""


@dataclass(frozen=True, slots=True)
class Temper:
    """What a kind of unit is like. Spans are the middle of a draw."""

    turnout: Span
    speed: float
    """Kilometres an hour, through the town, with everything."""
    work: Span


TEMPERS: dict[str, Temper] = {
    "patrol": Temper(20 * SECOND, 42, 14 * MINUTE),
    "fire_engine": Temper(70 * SECOND, 40, 32 * MINUTE),
    "ambulance": Temper(60 * SECOND, 44, 18 * MINUTE),
    "traffic_police": Temper(25 * SECOND, 40, 20 * MINUTE),
    "community_officer": Temper(60 * SECOND, 24, 22 * MINUTE),
    "grid_worker": Temper(150 * SECOND, 14, 20 * MINUTE),
}
_OTHER = Temper(60 * SECOND, 30, 20 * MINUTE)


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one assignment: each span follows the one before it.

    `work` is the time on scene, after `tells` of which the crew says what it found;
    `packing` is from clearing to available.
    """

    turnout: Span
    travel: Span
    tells: Span
    work: Span
    packing: Span


def course(
    seed: int, call_sign: str, kind: str, incident: int, km: float, actors: Actors
) -> Course:
    """Draw the course of one assignment.

    Args:
        seed: of the scenario.
        km: the straight way to the incident, in kilometres.
        actors: how crews behave in this scenario; what it fixes is not drawn.
    """
    rng = random.Random(f"{seed}/crew/{call_sign}/{incident}")
    temper = TEMPERS.get(kind, _OTHER)
    manner = actors.unit(call_sign)

    def draw(middle: float, low: float = 0.6, high: float = 1.8) -> Span:
        return int(middle * rng.triangular(low, high, 1.0) / actors.pace)

    # Every draw is made, used or not: fixing one span must not shift the others.
    turnout = draw(temper.turnout)
    travel = draw(max(km, 0.3) * ROADS / temper.speed * HOUR, 0.8, 1.5)
    work = draw(temper.work, 0.5, 2.0)
    tells = rng.uniform(0.15, 0.4)
    packing = draw(3 * MINUTE)
    at_work = work if manner.work is None else manner.work
    return Course(
        turnout=turnout if manner.turnout is None else manner.turnout,
        travel=travel if manner.travel is None else manner.travel,
        tells=int(at_work * tells),
        work=at_work,
        packing=packing,
    )


def answers_check(seed: int, call_sign: str, due: int, actors: Actors) -> Span | None:
    """How long before its safety check is `due` the crew answers, or None when it does not."""
    rng = random.Random(f"{seed}/check/{call_sign}/{due}")
    lead = int(rng.uniform(5, 45) * SECOND)
    return None if rng.random() < actors.misses else lead
