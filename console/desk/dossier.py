"""Everything about one incident, gathered in one read: for the pane and ``zhiban incident``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.desk.intake import trace_of
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.clock import DAY
from console.domain.duplicates import keys
from console.domain.entry import Entry
from console.domain.incident import SERIALS, Incident, day_of
from console.domain.lifecycle import State
from console.domain.message import Arg, Label, Message, msg
from console.domain.numbering import first_due, numbered
from console.domain.numbers import dated_number
from console.domain.phones import same_phone
from console.domain.playbook import SKIPPED, Choice, Playbook, Progress
from console.domain.telling import tell
from console.store import incidents, journal, outbox, units
from console.store.incidents import KeptReport
from console.store.outbox import KeptOrder
from console.store.units import AssignmentNow

NEARBY_DAYS = 90
"""How far back "what else happened here" looks."""


@dataclass(frozen=True, slots=True)
class Told:
    """A journal entry and its sentence."""

    entry: Entry
    message: Message
    undone: bool = False
    """Whether it was taken back: it stays, struck through."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One incident with all that belongs to it, as of one moment."""

    incident: Incident
    playbook: Playbook | None
    progress: Progress
    choices: tuple[Choice, ...]
    numbered: Mapping[int, Choice]
    """The choices under their digits."""
    first: tuple[Choice, ...]
    """What Enter is about: one choice, or all among which it lets choose."""
    reports: tuple[KeptReport, ...]
    assignments: tuple[AssignmentNow, ...]
    timeline: tuple[Told, ...]
    merged: tuple[Incident, ...]
    suggested: tuple[tuple[Incident, float], ...]
    nearby: tuple[Incident, ...]
    """Other incidents at this address, newest first."""
    same_caller: tuple[Incident, ...]
    orders: tuple[KeptOrder, ...]
    number: str
    """The number by which it is meant in a line, and no other."""
    result: Arg
    """How it ended: the playbook's named result and the words of closing; "" without either."""


def dossier(work: Work, id_: int, *, role: str | None = None) -> Dossier | None:
    """Gather what is known of an incident; None when there is none.

    Args:
        work: a transaction.
        id_: the incident.
        role: only the choices that this role may take.
    """
    incident = incidents.get(work.tx, id_)
    if incident is None:
        return None
    merged = _merged(work, id_)
    family = [id_, *(one.id for one in merged)]
    playbook = work.playbook(incident)
    progress = incidents.steps_of(work.tx, id_)
    choices = pb.choices(playbook, progress, role) if playbook is not None else ()
    suggested = incidents.suggestions(work.tx, id_)
    by_id = {one.id: one for one in incidents.many(work.tx, [i for i, _ in suggested])}
    return Dossier(
        incident=incident,
        playbook=playbook,
        progress=progress,
        choices=choices,
        numbered=numbered(playbook, progress, choices) if playbook is not None else {},
        first=first_due(playbook, choices) if playbook is not None else (),
        reports=tuple(incidents.reports_of(work.tx, family)),
        assignments=tuple(units.assignments_of(work.tx, family)),
        timeline=_timeline(work, id_, family, playbook),
        merged=tuple(merged),
        suggested=tuple((by_id[i], score) for i, score in suggested if i in by_id),
        nearby=_sharing(work, incident, ("a:",), set(family)),
        same_caller=tuple(
            one
            for one in _sharing(work, incident, ("p:",), set(family))
            if same_phone(one.phone, incident.phone)
        ),
        orders=tuple(outbox.of_incident(work.tx, id_)),
        number=meant_number(work, id_),
        result=result_of(incident, playbook, progress),
    )


def meant_number(work: Work, id_: int) -> str:
    """A number by which an incident is meant and no other: ``#42``; of another day, or where
    several open ones have it, with its day.
    """
    today, serial = incidents.local_day(work.tx, work.at), id_ % SERIALS
    alone = set(incidents.open_with(work.tx, serial)) <= {id_}
    return f"#{serial}" if day_of(id_) == today and alone else f"#{dated_number(id_, today)}"


def result_of(incident: Incident, playbook: Playbook | None, progress: Progress) -> Arg:
    """How an incident ended, as its playbook names it, with the words it was closed with."""
    named: Label | None = None
    for run in progress if playbook is not None else ():
        step = playbook.step(run.step) if playbook is not None else None
        if run.done is None or run.outcome == SKIPPED or step is None:
            continue
        outcome = step.outcome(run.outcome)
        # A step that can end in one way only says nothing about how it did.
        if step.verb in ("resolve", "close") and len(step.outcomes) > 1 and outcome is not None:
            named = outcome.label
    if named is None and incident.state is State.CANCELLED and not incident.outcome:
        return msg("pane.mistaken")  # only a call that was taken back has no words
    if named is None:
        return incident.outcome
    return (named, incident.outcome) if incident.outcome else named


def _timeline(
    work: Work, id_: int, family: list[int], playbook: Playbook | None
) -> tuple[Told, ...]:
    """What was done, each in the words of the playbook that it was done by."""
    found: list[Told] = []
    entries = sorted(journal.timeline(work.tx, family), key=lambda e: e.seq, reverse=True)
    undone = {entry.undoes for entry in entries if entry.verb == "undo"}
    for entry in entries:
        before = dict(entry.before).get("playbook")
        if before is not None and entry.incident == id_:
            # From here on it had another category; up to here it had this playbook.
            playbook = work.rules.playbook(str(before))
        found.append(Told(entry, told(work, entry, playbook), entry.seq in undone))
    return tuple(reversed(found))


def told(work: Work, entry: Entry, playbook: Playbook | None) -> Message:
    """The sentence of an entry."""
    departments: dict[str, Arg] = {
        one.id: one.label for one in work.rules.triage.departments.values()
    }
    return tell(entry, playbook, work.rules.categories, departments, _by_system(work))


def _by_system(work: Work) -> dict[str, Arg]:
    """System -> the department that is told through it; a department's own id, too."""
    departments = work.rules.triage.departments.values()
    found: dict[str, Arg] = {}
    for one in departments:
        found.setdefault(one.system or one.id, one.label)
    for one in departments:
        found.setdefault(one.id, one.label)
    return found


def _merged(work: Work, id_: int) -> list[Incident]:
    from console.desk.act.merging import children

    return sorted(children(work, id_), key=lambda one: one.id)


def _sharing(
    work: Work, incident: Incident, kinds: tuple[str, ...], leave_out: set[int]
) -> tuple[Incident, ...]:
    trace = trace_of(work, incident)
    wanted = [
        key for key in keys(trace.place, trace.phone, trace.lat, trace.lon) if key.startswith(kinds)
    ]
    found = incidents.candidates(
        work.tx, wanted, work.at - NEARBY_DAYS * DAY, work.at + DAY, limit=8 + len(leave_out)
    )
    others = incidents.many(work.tx, [i for i in found if i not in leave_out])
    return tuple(sorted(others, key=lambda one: -one.received)[:8])
