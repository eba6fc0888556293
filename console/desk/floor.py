"""The desk as the scenario engine sees it: `console.desk.drills.Floor` over a real desk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from adapters.port import Report
from console.desk import intake
from console.desk.colleague import NextStep
from console.desk.crew import UnitSeen
from console.desk.desk import Desk
from console.desk.doubts import ALL
from console.desk.drills import NO_INCIDENT
from console.desk.group import SOURCE
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.clock import Clock
from console.domain.incident import Incident
from console.domain.lifecycle import OPEN
from console.domain.scenario import Change
from console.store import group, incidents, journal, units

_BY_LINE = frozenset({"call", "callback", "close", "done", "resolve"})
"""Verbs of steps, beside dispatch, that a colleague does without being asked anything."""

_WITH_OUTCOME = frozenset({"call", "callback", "done", "resolve"})


class DeskFloor:
    """The desk as the scenario engine sees it (`console.desk.drills.Floor`).

    Args:
        desk: the real one.
        bring: how a report comes in, when it comes by its system's feed: gives the id
            under which it came, or None; by default it is taken in at once.
        kept: call signs that colleagues leave to the officer: the scenario has plans for them.
    """

    def __init__(
        self,
        desk: Desk,
        kept: Collection[str] = (),
        bring: Callable[[Report], str | None] | None = None,
    ) -> None:
        self._desk = desk
        self._bring = bring
        self._kept = frozenset(kept)

    @property
    def clock(self) -> Clock:
        """The clock that the whole desk runs on."""
        return self._desk.clock

    def receive(self, report: Report) -> int | None:
        """Take a report in; the incident that it became or joined, `NO_INCIDENT`, or None."""
        came_as = self._bring(report) if self._bring is not None else None
        if came_as is not None:
            with self._desk.store.read() as tx:
                known = incidents.known_source(tx, report.source, came_as)
                heard = report.source == SOURCE and group.by_source(tx, report.source_id)
            if known is None:
                return NO_INCIDENT if heard else None
            return known[0]
        with self._desk.writing("system") as work:
            taken = intake.take_in(work, report)
        return NO_INCIDENT if taken.kind in ("answered", "open") else taken.incident

    def do(self, line: str, seat: str) -> bool:
        """Do a command line as `seat`, who means it; False when the desk refused it."""
        answers = self._desk.run(line, None, "zh", seat, sure=ALL)
        return bool(answers) and all(answer.ok for answer in answers)

    def units(self) -> Sequence[UnitSeen]:
        """Every unit as it is now."""
        with self._desk.store.read() as tx:
            return [
                UnitSeen(one.call_sign, one.kind, one.status, one.lat, one.lon, one.check_due)
                for one in units.all_units(tx)
            ]

    def next_step(self, incident: int, seat: str) -> NextStep | None:
        """The first thing that is offered on an incident of `seat`'s, as far as a line says it."""
        with self._desk.reading() as work:
            one = incidents.get(work.tx, incident)
            playbook = work.playbook(one) if one is not None and one.state in OPEN else None
            if playbook is None or (one is not None and one.seat not in ("", seat)):
                return None
            for choice in pb.choices(playbook, incidents.steps_of(work.tx, incident)):
                # A unit reports its own status; figures are for a person to give.
                if choice.verb == "alarm":
                    return NextStep("alarm", outcome="1")
                if choice.verb == "dispatch" and one is not None:
                    if going := self._free_to_send(work, one):
                        return NextStep("dispatch", units=going)
                elif choice.verb in _BY_LINE and not (choice.asks and choice.verb == "done"):
                    step = choice.step if choice.verb == "done" else ""
                    outcome = choice.outcome if choice.verb in _WITH_OUTCOME else ""
                    return NextStep(choice.verb, step, outcome or "")
        return None

    def _free_to_send(self, work: Work, incident: Incident) -> tuple[str, ...]:
        """The recommended units, but for those that are kept."""
        # Performs verbs, so it is loaded with the first of them.
        from console.desk.act.units import recommendations

        return tuple(
            unit.call_sign
            for unit in recommendations(work, incident)
            if not unit.missing and unit.call_sign not in self._kept
        )

    def changes(self, after: int) -> Sequence[Change]:
        """Journal entries with a higher `seq` than `after`, in order."""
        with self._desk.store.read() as tx:
            entries = journal.since(tx, after)
        return [
            Change(
                seq=entry.seq,
                at=entry.at,
                seat=entry.seat,
                verb=entry.verb,
                incident=entry.incident,
                outcome=entry.outcome or entry.status,
                units=entry.units,
                step=entry.step,
            )
            for entry in entries
        ]
