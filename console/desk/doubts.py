"""What makes a line worth a question: it could mean several things, or ends what is not over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from console.desk.grammar_context import Mistake, Option
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.incident import Incident
from console.domain.message import Arg, Message, Problem, msg
from console.store import incidents, units

ALL = frozenset({"*"})
"""Every doubt is answered beforehand (``zhiban do --yes``)."""

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to ask: what it is, and the sentence."""

    id: str
    words: Message


class Unclear(Problem):
    """A line that could mean several things; carries them, for one to be chosen."""

    def __init__(self, message: Message, options: tuple[Option, ...]) -> None:
        super().__init__(message)
        self.options = options


class Doubtful(Problem):
    """A deed that is done when somebody says yes; carries what the yes is about."""

    def __init__(self, message: Message, doubts: frozenset[str]) -> None:
        super().__init__(message)
        self.doubts = doubts


def refusal(mistake: Mistake) -> Problem:
    """What a line that was not understood is refused with."""
    if mistake.options:
        return Unclear(mistake.message, mistake.options)
    return Problem(mistake.message)


def against(work: Work, incident: Incident, verb: str) -> tuple[Doubt, ...]:
    """What speaks against ending an incident now; nothing for verbs that do not end one."""
    if verb == "close":
        return (*_other_seat(work, incident), *_nobody_sent(work, incident), *_open(work, incident))
    if verb == "cancel":
        return (*_other_seat(work, incident), *_on_the_way(work, incident))
    return ()


def be_sure(work: Work, incident: Incident, verb: Message, doubts: tuple[Doubt, ...]) -> None:
    """Go on only when every doubt has been answered.

    Raises:
        Doubtful: one has not.
    """
    if work.sure >= ALL or all(one.id in work.sure for one in doubts):
        return
    reasons: tuple[Arg, ...] = tuple(one.words for one in doubts)
    message = msg("doubt.reasons", verb=verb, number=incident.short, reasons=reasons)
    raise Doubtful(message, frozenset(one.id for one in doubts))


def _other_seat(work: Work, incident: Incident) -> Iterator[Doubt]:
    if incident.seat and incident.seat != work.seat:
        yield Doubt(f"seat:{incident.seat}", msg("doubt.other_seat", seat=incident.seat))


def _nobody_sent(work: Work, incident: Incident) -> Iterator[Doubt]:
    """Whether the playbook would have sent somebody, and that was ended with the incident."""
    playbook = work.playbook(incident)
    if playbook is None or units.assignments_of(work.tx, [incident.id]):
        return
    progress = incidents.steps_of(work.tx, incident.id)
    verbs = {step.id: step.verb for step in playbook.steps}
    ended = {run.done for run in progress if verbs.get(run.step) == "resolve"} - {None}
    sending = [run for run in progress if verbs.get(run.step) == "dispatch"]
    gone = any(run.done is not None and run.outcome != pb.SKIPPED for run in sending)
    if not gone and any(run.done is None or run.done in ended for run in sending):
        yield Doubt("nobody_sent", msg("doubt.nobody_sent"))


def _open(work: Work, incident: Incident) -> Iterator[Doubt]:
    playbook = work.playbook(incident)
    waiting = pb.open_runs(incidents.steps_of(work.tx, incident.id))
    steps = [playbook.step(run.step) for run in waiting] if playbook is not None else []
    names = [step.label for step in steps if step is not None and step.verb != "close"]
    if names:
        shown: tuple[Arg, ...] = tuple(names[:_MOST_NAMED])
        yield Doubt("open_steps", msg("doubt.open_steps", n=len(names), steps=shown))


def _on_the_way(work: Work, incident: Incident) -> Iterator[Doubt]:
    signs: tuple[Arg, ...] = tuple(one.call_sign for one in units.out_on(work.tx, incident.id))
    if signs:
        yield Doubt("units_out", msg("doubt.units_out", units=signs))
