"""Work orders at the desk: returned, extended, urged, supervised, called back about.

The order is read from what was done: its stage from the playbook's steps, how often it was
returned and by how much it was extended from the journal. What the rules do not allow is
refused with their sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.desk.act.life import the_one
from console.desk.verb import Command
from console.desk.work import Work
from console.domain.entry import Entry
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.domain.message import Message, Problem, msg
from console.domain.playbook import SKIPPED, StepRun, open_runs
from console.domain.workorders import Deed, Stage, WorkOrder, deadline_of, why_not
from console.store import incidents, journal

KINDS: Mapping[str, str] = {
    "request.complaint": "complaint",
    "request.report": "report",
    "request.proposal": "proposal",
    "request.consult": "consult",
    "request.help": "help",
}
"""Category -> kind of order; any other category is a case."""

_STAGES: tuple[tuple[str, Stage], ...] = (
    ("rate", Stage.CALLED_BACK),
    ("callback", Stage.CALLED_BACK),
    ("finish", Stage.FINISHED),
    ("reply", Stage.FINISHED),
    ("answer", Stage.ANSWERED),
    ("handle", Stage.HANDLING),
    ("assign", Stage.HANDLING),
    ("accept", Stage.SIGNED),
)
"""Step -> the stage in which an order is when it was done, the last stage first."""

HANDLERS = "platform4"
"""Who is urged when nobody was named."""


def read(work: Work, incident: Incident) -> WorkOrder | None:
    """The work order that an incident is; None when its playbook is none."""
    run = _clock(work, incident)
    if run is None or run.due is None:
        return None
    progress = incidents.steps_of(work.tx, incident.id)
    done = {one.step for one in progress if one.done is not None and one.outcome != SKIPPED}
    stage = next((stage for step, stage in _STAGES if step in done), Stage.ASSIGNED)
    if any(one.step in ("return", "assign") for one in open_runs(progress)):
        stage = min(stage, Stage.SIGNED, key=lambda one: one.value)
    deeds = _deeds(work, incident)
    return WorkOrder(
        KINDS.get(incident.category, "case"),
        stage,
        incident.received,
        run.due,
        returns=sum(one.verb == "return" for one in deeds),
        extended=sum(one.count for one in deeds if one.verb == "extend"),
        urged=sum(one.verb == "urge" for one in deeds),
        supervised=sum(one.verb == "supervise" for one in deeds),
    )


def _deeds(work: Work, incident: Incident) -> list[Entry]:
    """What was done with the order and not taken back."""
    entries = journal.timeline(work.tx, [incident.id])
    undone = {one.undoes for one in entries if one.verb == "undo"}
    names = ("return", "extend", "urge", "supervise")
    return [one for one in entries if one.verb in names and one.seq not in undone]


def _clock(work: Work, incident: Incident) -> StepRun | None:
    """The open step whose deadline is the order's own: until when it must be handled.

    Before that step is open, the deadline is what it will be.
    """
    playbook = work.playbook(incident)
    if playbook is None:
        return None
    kind = deadline_of(KINDS.get(incident.category, "case"))
    own = {
        step.id
        for step in playbook.steps
        if step.counted_from == "received" and step.deadline.startswith("workorder.")
    } - {"accept"}
    if not own:
        return None
    runs = [run for run in incidents.steps_of(work.tx, incident.id) if run.step in own]
    waiting = [run for run in runs if run.done is None]
    if waiting or runs:
        return (waiting or runs)[-1]
    due = work.rules.deadlines.due(kind, incident.received)
    return StepRun(0, min(own), 1, incident.received, due)


def _order(work: Work, command: Command, deed: Deed) -> tuple[Incident, WorkOrder]:
    """The incident of a command and its order, if `deed` is lawful now.

    Raises:
        Problem: it is no work order, or the rules do not allow it.
    """
    old = the_one(work, command)
    order = read(work, old)
    if order is None:
        raise Problem(msg("workorder.none", number=old.short))
    rules = work.rules.systems.workorders
    if (reason := why_not(order, deed, work.at, rules, command.days or 1)) is not None:
        raise Problem(reason)
    return old, order


def would_send_back(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old, order = _order(work, command, Deed.RETURN)
    most = work.rules.systems.workorders.returns
    return msg("return.would", number=old.short, n=order.returns + 1, most=most)


def send_back(work: Work, command: Command) -> Message:
    """Send the order back to whom it came from."""
    old, _ = _order(work, command, Deed.RETURN)
    old = work.take_in_hand(old)
    _apply(work, old, replace(work.entry("return", old.id), text=command.text))
    return msg("return.done", number=old.short)


def would_extend(work: Work, command: Command) -> Message:
    """What Enter will do: until when it will be due, and what is left afterwards."""
    old, order = _order(work, command, Deed.EXTEND)
    left = work.rules.systems.workorders.extension_days - order.extended - command.days
    return msg("extend.would", number=old.short, n=command.days, left=left)


def extend(work: Work, command: Command) -> Message:
    """Ask for more working days: the deadline moves, and who gave the order is told."""
    old, order = _order(work, command, Deed.EXTEND)
    old = work.take_in_hand(old)
    deadlines = work.rules.deadlines
    due = deadlines.calendar.add_days(order.due, command.days, deadlines.zone)
    entry = replace(work.entry("extend", old.id), count=command.days, text=command.text)
    run = _clock(work, old)
    later = {} if run is None or not run.n or run.done is not None else {run.n: due}
    _apply(work, old, entry, later)
    return msg("extend.done", number=old.short, n=command.days)


def would_urge(work: Work, command: Command) -> Message:
    """What Enter will do."""
    return msg("urge.would", number=_reminded(work, command, Deed.URGE).short)


def urge(work: Work, command: Command) -> Message:
    """Urge those who handle it."""
    old = _reminded(work, command, Deed.URGE)
    _remind(work, old, replace(work.entry("urge", old.id), text=command.text))
    return msg("urge.done", number=old.short)


def would_supervise(work: Work, command: Command) -> Message:
    """What Enter will do."""
    return msg("supervise.would", number=_reminded(work, command, Deed.SUPERVISE).short)


def supervise(work: Work, command: Command) -> Message:
    """Have those who handle it supervised."""
    old = _reminded(work, command, Deed.SUPERVISE)
    _remind(work, old, replace(work.entry("supervise", old.id), text=command.text))
    return msg("supervise.done", number=old.short)


def _reminded(work: Work, command: Command, deed: Deed) -> Incident:
    """The incident whose handlers are reminded: its playbook asks for it, or the rules allow it."""
    old = the_one(work, command)
    return old if _waits_for(work, old, deed.value) else _order(work, command, deed)[0]


def _remind(work: Work, old: Incident, entry: Entry) -> None:
    if _waits_for(work, old, entry.verb):
        work.apply(work.take_in_hand(old), entry)
    else:
        key = work.order(old, HANDLERS, entry.verb, entry)
        work.apply(old, replace(entry, key=key), moves=False)


def _waits_for(work: Work, old: Incident, verb: str) -> bool:
    """Whether the incident's playbook has a step of a verb open."""
    playbook = work.playbook(old)
    waiting = {run.step for run in open_runs(incidents.steps_of(work.tx, old.id))}
    steps = playbook.steps if playbook is not None else ()
    return any(step.verb == verb and step.id in waiting for step in steps)


def call_back(work: Work, command: Command) -> Message:
    """Write down what whoever told of it says of the result."""
    old = the_one(work, command)
    if not _waits_for(work, old, "callback"):
        raise Problem(msg("callback.not_now", number=old.short))
    entry = replace(work.entry("callback", old.id), outcome=command.outcome, text=command.text)
    work.apply(old, entry, outcome=command.outcome or None)
    return msg("callback.done", number=old.short)


def _apply(work: Work, old: Incident, entry: Entry, later: Mapping[int, int] | None = None) -> None:
    """Change the order; where the playbook has no such step open, its source is told here."""
    playbook = work.playbook(old)
    steps = {step.id: step for step in playbook.steps} if playbook is not None else {}
    if not _waits_for(work, old, entry.verb):
        step = next((one for one in steps.values() if one.verb == entry.verb), None)
        system = step.order[0] if step is not None and step.order is not None else old.source
        entry = replace(entry, key=work.order(old, system, entry.verb, entry))
    changes = work.working(old) if old.state is not State.RESOLVED else {}
    work.apply(old, entry, changes, later=later or {})
