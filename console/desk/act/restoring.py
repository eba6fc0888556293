"""Putting back what a deed replaced: columns, steps, units, orders, suggestions.

A deed writes down in its journal entry (`Entry.before`) what it replaced; what can be
read from there can be taken back. Used by ``undo`` and by ``split``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace

from console.desk.work import Work, due_of
from console.domain.entry import Entry, Scalar
from console.domain.incident import Incident, short_number
from console.domain.lifecycle import State
from console.domain.message import Problem, msg
from console.domain.playbook import Progress, StepRun
from console.store import incidents, outbox, units
from console.store.units import AssignmentNow, UnitNow

UNIT, MOVED, ORDERS, PAIRS, CHILDREN = "unit.", "moved", "orders", "pairs", "children"
"""Names in `Entry.before` that are no columns of the incident."""

_UNIT_COLUMNS = ("status", "since", "incident", "check_due", "check_missed", "load")


def unit_before(one: UnitNow) -> tuple[str, Scalar]:
    """What an entry keeps of a unit that it changes."""
    return f"{UNIT}{one.call_sign}", json.dumps([getattr(one, name) for name in _UNIT_COLUMNS])


def moved_before(moved: Collection[tuple[AssignmentNow, AssignmentNow]]) -> dict[str, Scalar]:
    """What an entry keeps of assignments that went over to another incident: from, to."""
    if not moved:
        return {}
    places = [[old.call_sign, old.incident, old.n, new.incident, new.n] for old, new in moved]
    return {MOVED: json.dumps(places)}


def numbers_before(name: str, ids: Collection[int]) -> dict[str, Scalar]:
    """What an entry keeps of other incidents that it changes."""
    return {name: ",".join(map(str, ids))} if ids else {}


def numbers_of(before: Mapping[str, Scalar], name: str) -> list[int]:
    """What `numbers_before` kept."""
    text = before.get(name)
    return [int(n) for n in str(text).split(",")] if text else []


def steps_back(progress: Progress, before: Mapping[str, Scalar]) -> Progress:
    """The progress as it was: what was opened is gone, what was done is open again.

    What had been over and was opened again, or was taken away (a split does both), stands
    in the entry as it was.
    """
    were = {one[0]: StepRun(*one) for one in json.loads(str(before.get("steps_were", "[]")))}
    opened = set(numbers_of(before, "steps_opened"))
    done = set(numbers_of(before, "steps_done"))
    back = {
        run.n: replace(run, done=None, outcome=None) if run.n in done else run
        for run in progress
        if run.n not in opened
    }
    return tuple(run for _, run in sorted({**back, **were}.items()))


def columns_before(before: Mapping[str, Scalar]) -> dict[str, object]:
    """The columns of the incident that an entry replaced, with their old values."""
    return {
        name: _column(name, value)
        for name, value in before.items()
        if name in Incident.__dataclass_fields__
    }


def _column(name: str, value: Scalar) -> object:
    if name == "state":
        return State(str(value))
    return tuple(json.loads(str(value)).items()) if name == "facts" else value


def incident_back(work: Work, entry: Entry) -> None:
    """Give the incident of an entry the columns and steps that it had."""
    if entry.incident is None:
        return
    before = dict(entry.before)
    old = work.incident(entry.incident)
    changes = columns_before(before)
    progress = incidents.steps_of(work.tx, old.id)
    restored = steps_back(progress, before)
    if restored != progress:
        incidents.save_steps(work.tx, old.id, progress, restored)
        facts, state = changes.get("facts", old.facts), changes.get("state", old.state)
        changes["due"] = due_of(restored, facts, state)
    if changes:
        incidents.update(work.tx, old, changes)
    work.touched.append(old.id)


def units_back(work: Work, entry: Entry) -> None:
    """Give the units of an entry the status that they had.

    Raises:
        Problem: one of them has gone on since.
    """
    for name, value in entry.before:
        if not name.startswith(UNIT):
            continue
        sign = name.removeprefix(UNIT)
        one = units.get(work.tx, sign)
        if one is None or (one.status, one.since) != (_left_as(entry), entry.at):
            raise Problem(msg("undo.unit_went_on", unit=sign))
        values = dict(zip(_UNIT_COLUMNS, json.loads(str(value)), strict=True))
        units.change(work.tx, sign, **values)
        _assignment_back(work, entry, sign)


def _left_as(entry: Entry) -> str:
    """The status in which an entry left its units."""
    return "dispatched" if entry.verb == "dispatch" else entry.status


def _assignment_back(work: Work, entry: Entry, sign: str) -> None:
    """Take off the assignment that an entry made, or the time that it stamped."""
    if entry.incident is None:
        return
    mine = [a for a in units.assignments_of(work.tx, [entry.incident]) if a.call_sign == sign]
    if entry.verb == "dispatch":
        units.take_off(work.tx, mine[-1])
        return
    column = units.column_of(entry.status)
    stamped = [a for a in mine if getattr(a, column) == entry.at]
    if stamped:
        units.stamp(work.tx, stamped[-1], column, None)


def check_back(work: Work, entry: Entry) -> None:
    """Give a unit the safety clock back that it had before it was heard.

    Raises:
        Problem: the unit is not on scene any more.
    """
    for name, value in entry.before:
        if name.startswith(UNIT):
            sign = name.removeprefix(UNIT)
            old = dict(zip(_UNIT_COLUMNS, json.loads(str(value)), strict=True))
            one = units.get(work.tx, sign)
            if one is None or (one.status, one.since) != (old["status"], old["since"]):
                raise Problem(msg("undo.unit_went_on", unit=sign))
            units.change(
                work.tx, sign, check_due=old["check_due"], check_missed=old["check_missed"]
            )


def moves_back(
    work: Work, before: Mapping[str, Scalar]
) -> list[tuple[AssignmentNow, AssignmentNow]]:
    """Give units back to the incident that they came from, where they are still out.

    Returns each assignment as it was and as it is now.
    """
    returned: list[tuple[AssignmentNow, AssignmentNow]] = []
    for sign, from_, n, to, to_n in json.loads(str(before.get(MOVED, "[]"))):
        for one in units.out_on(work.tx, to):
            if (one.call_sign, one.n) == (sign, to_n):
                returned.append((one, units.move_one(work.tx, one, from_, n)))
    return returned


def orders_back(work: Work, entry: Entry) -> None:
    """Take the orders of an entry out of the outbox.

    Raises:
        Problem: one has been sent, or somebody tried to.
    """
    kept = str(dict(entry.before).get(ORDERS) or "")
    for key in filter(None, [entry.key, *kept.split("\n")]):
        order = outbox.get(work.tx, key)
        if order is None or order.state != outbox.WAITING or order.attempts:
            number = short_number(entry.incident) if entry.incident is not None else ""
            raise Problem(msg("undo.sent", number=number))
        outbox.change(work.tx, key, state=outbox.WITHDRAWN, answered=work.at)
