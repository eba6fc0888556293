"""The life of one incident: accept, note, call, done, level, alarm, transfer and the ends."""

from __future__ import annotations

from dataclasses import replace

from console.desk import doubts
from console.desk.act import restoring
from console.desk.verb import Command
from console.desk.work import Work, due_of, steps_before
from console.domain import playbook as pb
from console.domain.asked import AMOUNTS, NUMBERS, PAID
from console.domain.entry import Scalar
from console.domain.incident import CALL_BACK, Incident, wants_call_back
from console.domain.lifecycle import State, target
from console.domain.message import Label, Message, Problem, msg
from console.domain.priority import priority_of
from console.domain.resumption import reopen as reopen_steps
from console.domain.steps import Outcome
from console.domain.text import clean
from console.store import incidents, units


def accept(work: Work, command: Command) -> Message:
    """The seat takes the incident."""
    old = the_one(work, command)
    work.apply(
        old,
        work.entry("accept", old.id),
        {"state": target("accept", old.state), "seat": work.seat},
    )
    return msg("accept.done", number=old.short)


def note(work: Work, command: Command) -> Message:
    """Words that belong to the incident; lawful in every state."""
    old = the_one(work, command)
    work.apply(old, replace(work.entry("note", old.id), text=command.text))
    return msg("note.done", number=old.short)


def call(work: Work, command: Command) -> Message:
    """A telephone call and how it went."""
    old = work.take_in_hand(the_one(work, command))
    entry = replace(work.entry("call", old.id), outcome=command.outcome, text=command.text)
    changes = work.working(old)
    if command.outcome == "answered":
        changes.update(_called_back(old))
    work.apply(old, entry, changes, outcome=command.outcome)
    return msg("call.done", number=old.short, outcome=Message(f"outcome.{command.outcome}"))


def done(work: Work, command: Command) -> Message:
    """Tick off a step of the playbook with its outcome."""
    old = work.take_in_hand(the_one(work, command))
    playbook = work.playbook(old)
    step = playbook.step(command.step) if playbook else None
    if step is None:
        raise Problem(msg("done.no_step", number=old.short, step=command.step))
    outcome = step.outcome(command.outcome or None)
    if outcome is None:
        raise Problem(
            msg(
                "done.which_outcome",
                step=step.label,
                outcomes=tuple(one.label for one in step.outcomes),
            )
        )
    if step.roles and work.role not in step.roles:
        raise Problem(msg("desk.role", verb=step.label, seat=work.seat))
    if not any(run.step == step.id for run in pb.open_runs(incidents.steps_of(work.tx, old.id))):
        raise Problem(msg("done.not_open", step=step.label, number=old.short))
    changes = work.working(old)
    changes.update(_told(old, outcome.asks, command, outcome.label))
    if step.id == "callback":
        changes.update(_called_back(old))
    entry = replace(
        work.entry("done", old.id),
        step=step.id,
        outcome=outcome.id,
        text=command.text,
        money=command.money,
        facts=_numbers(command),
    )
    work.apply(old, entry, changes, outcome=outcome.id, step=step.id)
    return msg("done.done", number=old.short, step=step.label, outcome=outcome.label)


def _called_back(old: Incident) -> dict[str, object]:
    """The change when the caller who wanted to be called back was."""
    if not wants_call_back(old):
        return {}
    return {"facts": tuple(one for one in old.facts if one[0] != CALL_BACK)}


def _told(
    old: Incident, asks: tuple[str, ...], command: Command, outcome: Label
) -> dict[str, object]:
    """What an outcome asks for, read from the command, as changes of the incident."""
    changes: dict[str, object] = {}
    numbers = dict(command.numbers)
    for name in asks:
        if name in NUMBERS:
            if name not in numbers:
                raise Problem(
                    msg("done.needs_number", what=Message(f"ask.{name}"), outcome=outcome)
                )
            if name == PAID:
                changes["amount_saved"] = _paid(old, numbers[name])
            else:
                changes[name] = numbers[name]
        elif not command.text:
            raise Problem(msg("done.needs_words", what=Message(f"ask.{name}"), outcome=outcome))
        elif name == "cause":
            changes["cause"] = clean(command.text, MAX_CAUSE).text
    return changes


MAX_CAUSE = 60
"""Characters of a cause by which fires are counted; its words stand whole in the journal."""


def _paid(old: Incident, amount: int) -> int:
    """What has been paid with this payment (whole yuan); never more than was claimed."""
    together = old.amount_saved + amount
    if amount < 1 or (old.amount_at_risk and together > old.amount_at_risk):
        raise Problem(
            msg(
                "payment.too_much",
                amount=amount,
                left=max(0, old.amount_at_risk - old.amount_saved),
                number=old.short,
            )
        )
    return together


def _numbers(command: Command) -> tuple[tuple[str, str], ...]:
    """The numbers by name, for the journal; `money` alone says one that is money."""
    if len(command.numbers) == 1 and command.numbers[0][0] in AMOUNTS:
        return ()
    return tuple((name, str(number)) for name, number in command.numbers)


def level(work: Work, command: Command) -> Message:
    """Set the priority."""
    old = the_one(work, command)
    if command.priority == old.priority:
        raise Problem(msg("level.same", number=old.short, level=old.priority))
    entry = replace(work.entry("level", old.id), priority=command.priority, text=command.text)
    work.apply(old, entry, {"priority": command.priority})
    return msg("level.done", number=old.short, level=priority_of(command.priority).label)


def alarm(work: Work, command: Command) -> Message:
    """Set the alarm level of a fire (GA/XF/T 1340-2016)."""
    old = work.take_in_hand(the_one(work, command))
    changes = work.working(old)
    changes["alarm_level"] = command.alarm
    entry = replace(work.entry("alarm", old.id), alarm=command.alarm, text=command.text)
    work.apply(old, entry, changes)
    return msg("alarm.done", number=old.short, level=command.alarm)


def transfer(work: Work, command: Command) -> Message:
    """Hand it to another system: an order in the outbox, and the incident waits."""
    old = the_one(work, command)
    department = work.rules.triage.departments[command.system]
    hand_over(work, old, department.system or department.id, command.system, command.text)
    return msg("transfer.done", number=old.short, system=department.label)


def hand_over(work: Work, old: Incident, system: str, whom: str, words: str) -> None:
    """Order it from another system; the incident waits for what that says.

    Args:
        work: the transaction.
        old: the incident.
        system: who is told.
        whom: who gets it: a department's id, or the system's.
        words: why.
    """
    entry = replace(work.entry("transfer", old.id), system=whom, text=words)
    changes: dict[str, object] = {"state": target("transfer", old.state)}
    if not old.seat:
        changes["seat"] = work.seat
    key = work.order(old, system, "transfer", entry)
    work.apply(old, replace(entry, key=key), changes)


def resolve(work: Work, command: Command) -> Message:
    """The work on the spot is done; call-back or paper is not."""
    old = the_one(work, command)
    changes: dict[str, object] = {"state": target("resolve", old.state)}
    outcome = _result(work, old, command)
    if outcome is not None:
        changes.update(_told(old, outcome.asks, command, outcome.label))
    entry = replace(
        work.entry("resolve", old.id),
        outcome=outcome.id if outcome is not None else "",
        text=command.text,
        money=command.money,
        facts=_numbers(command),
    )
    work.apply(old, entry, changes, outcome=outcome.id if outcome is not None else None)
    if outcome is not None:
        return msg("resolve.done_as", number=old.short, outcome=outcome.label)
    return msg("resolve.done", number=old.short)


def _result(work: Work, incident: Incident, command: Command) -> Outcome | None:
    """The outcome of the resolving step that was named; None where there is one only.

    Raises:
        Problem: it can end in several ways, and none was named.
    """
    playbook = work.playbook(incident)
    steps = [step for step in playbook.steps if step.verb == "resolve"] if playbook else []
    waiting = {run.step for run in pb.open_runs(incidents.steps_of(work.tx, incident.id))}
    step = next((one for one in steps if one.id in waiting), next(iter(steps), None))
    if step is None or len(step.outcomes) < 2:
        return None
    found = step.outcome(command.outcome or None)
    if found is None:
        labels = tuple(one.label for one in step.outcomes)
        raise Problem(msg("done.which_outcome", step=step.label, outcomes=labels))
    return found


def close(work: Work, command: Command) -> Message:
    """It is over: units are freed and every open step ends.

    Raises:
        Doubtful: something speaks against it, and nobody has said yes to that.
    """
    old = the_one(work, command)
    doubts.be_sure(work, old, command.verb.label, doubts.against(work, old, "close"))
    kept = _free_units(work, old)
    freed = restoring.signs_of(kept)
    entry = replace(work.entry("close", old.id), text=command.text, units=freed, before=kept)
    work.apply(
        old,
        entry,
        {
            "state": target("close", old.state),
            "closed": work.at,
            "outcome": command.text or old.outcome,
            "units": 0,
        },
    )
    if freed:
        return msg("close.done_freed", number=old.short, units=freed)
    return msg("close.done", number=old.short)


def cancel(work: Work, command: Command) -> Message:
    """It was nothing: a false alarm, a test, a duplicate.

    Raises:
        Doubtful: something speaks against it, and nobody has said yes to that.
    """
    old = the_one(work, command)
    doubts.be_sure(work, old, command.verb.label, doubts.against(work, old, "cancel"))
    kept = _free_units(work, old)
    freed = restoring.signs_of(kept)
    entry = replace(work.entry("cancel", old.id), text=command.text, units=freed, before=kept)
    work.apply(
        old,
        entry,
        {
            "state": target("cancel", old.state),
            "closed": work.at,
            "outcome": command.text,
            "units": 0,
        },
    )
    return msg("cancel.done", number=old.short)


def reopen(work: Work, command: Command) -> Message:
    """It is not over after all: active again, and open is what was still to be done."""
    old = the_one(work, command)
    playbook = work.playbook(old)
    entry = replace(work.entry("reopen", old.id), text=command.text)
    changes: dict[str, object] = {
        "state": target("reopen", old.state),
        "closed": None,
        "seat": work.seat,
    }
    if playbook is not None:
        progress = incidents.steps_of(work.tx, old.id)
        out = bool(units.out_on(work.tx, old.id))
        again = reopen_steps(playbook, progress, work.at, work.rules.deadlines, sent=out)
        incidents.save_steps(work.tx, old.id, progress, again)
        changes["due"] = due_of(again, old.facts, changes["state"])
        entry = replace(entry, before=tuple(steps_before(progress, again).items()))
    work.apply(old, entry, changes, moves=False)
    return msg("reopen.done", number=old.short)


def _free_units(work: Work, incident: Incident) -> tuple[tuple[str, Scalar], ...]:
    """Every unit still out on it becomes available now; returns what an entry keeps of them."""
    out = units.out_on(work.tx, incident.id)
    kept = []
    for one in out:
        if (unit := units.get(work.tx, one.call_sign)) is not None:
            kept.append(restoring.unit_before(unit))
        units.stamp(work.tx, one, "available", work.at)
        units.change(
            work.tx,
            one.call_sign,
            status="available",
            since=work.at,
            incident=None,
            check_due=None,
            check_missed=0,
        )
    return tuple(kept)


def the_one(work: Work, command: Command) -> Incident:
    """The incident that a command is about; the verb says whether it may be done.

    Raises:
        Problem: no incident was named or selected, or it cannot be done right now.
    """
    if command.incident is None:
        raise Problem(msg("incident.none_selected"))
    found = work.incident(command.incident)
    reason = command.verb.refused(found, work.seat)
    if reason is not None:
        raise Problem(reason)
    return found


def is_over(incident: Incident) -> bool:
    """Whether nothing is left to be done on it."""
    return incident.state in (State.CLOSED, State.CANCELLED, State.MERGED)
