"""A scenario as values: what happens in a demo or drill, when, and on what condition.

Pure: no file, no clock, no randomness. The engine that plays one is
``console.desk.drills``; how a scenario is read from a file is
``console.domain.scenario_file``. The shape is described in *docs/scenarios.md*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from adapters.port import Report
from console.domain.clock import Instant, Span
from console.domain.message import Label

# ---------------------------------------------------------------- conditions


@dataclass(frozen=True, slots=True)
class Did:
    """Somebody did `verb` for the `count`-th time; what is left empty is not asked for."""

    verb: str
    incident: str = ""
    """Name of the inject whose report became the incident."""
    outcome: str = ""
    step: str = ""
    unit: str = ""
    seat: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Played:
    """The named inject has been played."""

    inject: str


@dataclass(frozen=True, slots=True)
class Elapsed:
    """So much scenario time has gone by since the start."""

    span: Span


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is met."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is met."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not met. Makes sense only beside something that is."""

    part: Condition


Condition: TypeAlias = "Did | Played | Elapsed | AllOf | AnyOf | Not"


@dataclass(frozen=True, slots=True)
class Change:
    """One journal entry as a scenario sees it.

    `seq` grows by entry; `incident` is the number by which a line names it
    (``#42``). `outcome` is the outcome of a step or the status word of a unit.
    """

    seq: int
    at: Instant
    seat: str
    verb: str
    incident: int | None = None
    outcome: str = ""
    units: tuple[str, ...] = ()
    step: str = ""


class Story:
    """What has happened so far, as far as the waiting conditions ask for it.

    Remembers a bounded amount: the moments of the deeds that some condition
    counts, not the journal.
    """

    def __init__(self, start: Instant, asked: Iterator[Did]) -> None:
        self.start = start
        self.incidents: dict[str, int] = {}
        """Inject name -> the incident that its report became or joined."""
        self.played: dict[str, Instant] = {}
        self._hits: dict[Did, list[Instant]] = {did: [] for did in asked}

    def note(self, change: Change) -> None:
        """Take in one journal entry."""
        for did, hits in self._hits.items():
            if len(hits) < did.count and self._matches(did, change):
                hits.append(change.at)

    def met(self, condition: Condition) -> Instant | None:
        """The moment at which `condition` became true, or None while it is not."""
        match condition:
            case Did():
                hits = self._hits[condition]
                return hits[condition.count - 1] if len(hits) >= condition.count else None
            case Played(inject):
                return self.played.get(inject)
            case Elapsed(span):
                return self.start + span
            case AllOf(parts):
                moments = [self.met(part) for part in parts]
                known = [at for at in moments if at is not None]
                return max(known) if len(known) == len(moments) else None
            case AnyOf(parts):
                return min((at for at in map(self.met, parts) if at is not None), default=None)
            case Not(part):
                return self.start if self.met(part) is None else None

    def _matches(self, did: Did, change: Change) -> bool:
        return (
            did.verb == change.verb
            and (not did.incident or self.incidents.get(did.incident, -1) == change.incident)
            and (not did.outcome or did.outcome == change.outcome)
            and (not did.step or did.step == change.step)
            and (not did.unit or did.unit in change.units)
            and (not did.seat or did.seat == change.seat)
        )


def leaves(condition: Condition) -> Iterator[Did | Played | Elapsed]:
    """The simple conditions that `condition` is made of."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Did() | Played() | Elapsed():
            yield condition


# ------------------------------------------------------------------- injects


@dataclass(frozen=True, slots=True)
class Send:
    """A report comes in from a source. `finding` is what a crew will find there."""

    report: Report
    finding: str = ""


@dataclass(frozen=True, slots=True)
class UnitSays:
    """A unit reports a status (the code word, for instance ``on_scene``)."""

    call_sign: str
    status: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words on an incident from somebody: a system's answer or a person's message."""

    sender: str
    incident: str
    text: str


Action: TypeAlias = "Send | UnitSays | Say"


@dataclass(frozen=True, slots=True)
class Inject:
    """One thing that happens: at a moment, or `after` a condition is met.

    Exactly one of `at` (scenario time) and `when` is given.
    """

    name: str
    action: Action
    at: Span | None = None
    when: Condition | None = None
    after: Span = 0


# ------------------------------------------------------- streams and behaviour


@dataclass(frozen=True, slots=True)
class Stream:
    """A background of incidents that nobody wrote one by one.

    `rate` is the mean number of first reports an hour between `start` and `end`
    (scenario time; None is for ever). `opening` of them come on top of it within
    `opening_within` of the start. `again` is the chance that a further caller
    reports the same thing, `noise` the share of nonsense and hostile text. `mix`
    gives weights by kind (a category or the beginning of one); empty is the
    district's own mix for the time of day.
    """

    name: str
    rate: float
    start: Span = 0
    end: Span | None = None
    opening: int = 0
    opening_within: Span = 60_000
    again: float = 0.25
    noise: float = 0.01
    mix: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitManner:
    """How one unit behaves where it does not draw its times: None is drawn."""

    turnout: Span | None = None
    travel: Span | None = None
    work: Span | None = None


@dataclass(frozen=True, slots=True)
class SeatManner:
    """A colleague at another seat: takes `share` of the background incidents.

    `delay` is about how long each thing takes him: to take it, and every step after that.
    """

    share: float
    delay: Span


@dataclass(frozen=True, slots=True)
class Actors:
    """How callers, units, systems and colleagues behave.

    `pace` divides every time that a crew draws (2 is twice as quick), `misses` is
    the share of safety checks that a crew does not answer in time. `delays` is how
    long a system takes to answer an order.
    """

    pace: float = 1.0
    misses: float = 0.05
    units: Mapping[str, UnitManner] = field(default_factory=dict)
    seats: Mapping[str, SeatManner] = field(default_factory=dict)
    delays: Mapping[str, Span] = field(default_factory=dict)

    def unit(self, call_sign: str) -> UnitManner:
        """The manner of one unit."""
        return self.units.get(call_sign, _ORDINARY)


_ORDINARY = UnitManner()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. `offset` is what its local time is ahead of UTC; the past behind it has
    `past` times as many incidents as the fixtures' plan says.
    """

    name: str
    title: Label
    description: Label
    seed: int
    start: Instant
    offset: Span
    actors: Actors = Actors()
    streams: tuple[Stream, ...] = ()
    injects: tuple[Inject, ...] = ()
    past: int = 1

    def asked(self) -> Iterator[Did]:
        """Every deed that some inject waits for."""
        for inject in self.injects:
            if inject.when is not None:
                yield from (leaf for leaf in leaves(inject.when) if isinstance(leaf, Did))
