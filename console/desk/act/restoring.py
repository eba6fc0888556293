"""Putting back what a deed replaced: columns, steps, units, orders, suggestions.

A deed writes down in its journal entry (`Entry.before`) what it replaced; what can be
read from there can be taken back. Used by ``undo`` and by ``split``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from console.desk.work import Work, due_of
from console.domain.entry import Entry, Scalar
from console.domain.incident import Incident, short_number
from console.domain.lifecycle import State
from console.domain.message import Problem, msg
from console.domain.playbook import Progress, StepRun
from console.store import incidents, outbox, units
from console.store.outbox import KeptOrder
from console.store.units import AssignmentNow, UnitNow

UNIT, MOVED, ORDERS, PAIRS, CHILDREN = "unit.", "moved", "orders", "pairs", "children"
"""Names in `Entry.before` that are no columns of the incident."""

_UNIT_COLUMNS = ("status", "since", "incident", "check_due", "check_missed", "load")


def unit_before(one: UnitNow) -> tuple[str, Scalar]:
    """What an entry keeps of a unit that it changes."""
    return f"{UNIT}{one.call_sign}", json.dumps([getattr(one, name) for name in _UNIT_COLUMNS])


def signs_of(kept: Collection[tuple[str, Scalar]]) -> tuple[str, ...]:
    """The call signs of the units that an entry keeps something of."""
    return tuple(name.removeprefix(UNIT) for name, _ in kept if name.startswith(UNIT))


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


def incident_back(work: Work, entry: Entry, later: Sequence[Entry] = ()) -> None:
    """Give the incident of an entry the columns and steps that it had.

    Args:
        work: the transaction.
        entry: what is taken back.
        later: what was written since and stands; what was changed again by it stays.
    """
    if entry.incident is None:
        return
    before = dict(entry.before)
    old = work.incident(entry.incident)
    changes = _still_mine(old, columns_before(before), later)
    changes.pop("units", None)  # counted when every entry of the deed is taken back
    progress = incidents.steps_of(work.tx, old.id)
    restored = steps_back(progress, before)
    if restored != progress:
        incidents.save_steps(work.tx, old.id, progress, restored)
        facts, state = changes.get("facts", old.facts), changes.get("state", old.state)
        changes["due"] = due_of(restored, facts, state)
    if changes:
        incidents.update(work.tx, old, changes)
    work.touched.append(old.id)


def units_counted(work: Work, entry: Entry) -> None:
    """Count the units that are out on the incident of an entry."""
    assert entry.incident is not None
    old = work.incident(entry.incident)
    count = len(units.out_on(work.tx, old.id))
    if count != old.units:
        incidents.update(work.tx, old, {"units": count})


def _still_mine(
    old: Incident, changes: dict[str, object], later: Sequence[Entry]
) -> dict[str, object]:
    """Of columns that are to be restored, those that nobody has changed again.

    Of the facts, each by itself.
    """
    found = dict(changes)
    for name in changes:
        # What a later entry found there first is what this one had left.
        left = next((dict(one.before)[name] for one in later if name in dict(one.before)), None)
        if left is None:
            continue
        if name == "facts":
            found[name] = _facts_back(old.facts, changes[name], json.loads(str(left)))
        else:
            del found[name]
    return found


def _facts_back(
    now: tuple[tuple[str, str], ...], were: object, left: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The facts of now, but for those that are as one entry left them: these as they were."""
    assert isinstance(were, tuple)
    old = dict(were)
    mine = {name for name in {*old, *left} if old.get(name) != left.get(name)}
    facts = {name: value for name, value in now if name not in mine or left.get(name) != value}
    facts.update((name, old[name]) for name in old if name in mine and name not in facts)
    return tuple(facts.items())


def units_can_go_back(work: Work, entry: Entry, seen: set[str]) -> None:
    """See whether the units of an entry are still as it left them.

    Args:
        work: the transaction.
        entry: the entry.
        seen: units whose last entry of the same deed was looked at; more are added.

    Raises:
        Problem: one of them has gone on since.
    """
    signs = signs_of(entry.before)
    for sign in signs:
        if sign not in seen and entry.verb != "check":
            _as_it_was_left(work, entry, sign)
    seen.update(signs)
    if entry.verb in ("close", "cancel") and set(entry.units) - set(signs):
        # Written before what became of the units was kept.
        assert entry.incident is not None
        number = short_number(entry.incident)
        raise Problem(msg("undo.units_gone", number=number, units=entry.units))


def _as_it_was_left(work: Work, entry: Entry, sign: str) -> None:
    one = units.get(work.tx, sign)
    if one is None or (one.status, one.since) != (_left_as(entry), entry.at):
        raise Problem(msg("undo.unit_went_on", unit=sign))


def units_back(work: Work, entry: Entry) -> None:
    """Give the units of an entry the status that they had.

    Raises:
        Problem: one of them has gone on since.
    """
    for name, value in entry.before:
        if not name.startswith(UNIT):
            continue
        sign = name.removeprefix(UNIT)
        _as_it_was_left(work, entry, sign)
        values = dict(zip(_UNIT_COLUMNS, json.loads(str(value)), strict=True))
        units.change(work.tx, sign, **values)
        _assignment_back(work, entry, sign)


def _left_as(entry: Entry) -> str:
    """The status in which an entry left its units."""
    if entry.verb in ("close", "cancel"):
        return "available"
    return "dispatched" if entry.verb == "dispatch" else entry.status


def _assignment_back(work: Work, entry: Entry, sign: str) -> None:
    """Take off the assignment that an entry made, or the time that it stamped."""
    if entry.incident is None:
        return
    mine = [a for a in units.assignments_of(work.tx, [entry.incident]) if a.call_sign == sign]
    if entry.verb == "dispatch":
        units.take_off(work.tx, mine[-1])
        return
    column = units.column_of(_left_as(entry))
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
    """Take the orders of an entry out of the outbox, as far as nobody has heard them."""
    for order in orders_of(work, entry):
        if can_be_withdrawn(order):
            outbox.change(work.tx, order.key, state=outbox.WITHDRAWN, answered=work.at)


def orders_of(work: Work, entry: Entry) -> Iterator[KeptOrder]:
    """The orders that an entry wrote."""
    kept = str(dict(entry.before).get(ORDERS) or "")
    for key in dict.fromkeys(filter(None, [entry.key, *kept.split("\n")])):
        order = outbox.get(work.tx, key)
        if order is not None:
            yield order


def can_be_withdrawn(order: KeptOrder) -> bool:
    """Whether nobody else can have heard of an order."""
    return order.state == outbox.WITHDRAWN or (order.state == outbox.WAITING and not order.attempts)
