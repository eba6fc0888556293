"""Whether a deed still stands as it was done: who has gone on from it, and who heard of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from console.desk.act.restoring import can_be_withdrawn, numbers_of, orders_of
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.entry import Entry, Scalar
from console.domain.incident import Incident, short_number
from console.domain.message import Problem, msg
from console.domain.telling import seats_of, system_name
from console.store import journal, outbox

REPORTS = frozenset(
    {
        "accept",
        "acknowledge",
        "arrival",
        "arrived",
        "call_result",
        "cleared",
        "closed",
        "dispatch",
        "dispatched",
        "dissuasion",
        "family_notified",
        "feedback",
        "handle",
        "out",
        "outcome",
        "record",
        "sign",
        "signed",
        "visit_result",
    }
)
"""Actions of orders that only tell another system what was done here. Any other has it do
something, and cannot be called back once it has heard it."""

_GROUP = "dingtalk"

_RECKONED = frozenset({"due", "units", "contacted"})
"""Columns that follow from others, or are counted anew."""


def may_be_called_back(work: Work, entry: Entry) -> Iterator[str]:
    """The systems that have heard of a deed, where that does no harm.

    Raises:
        Problem: one has been asked to do something.
    """
    for order in orders_of(work, entry):
        if order.state == outbox.REFUSED or can_be_withdrawn(order):
            continue
        if order.action in REPORTS:
            yield order.system
            continue
        if order.system == _GROUP:
            raise Problem(msg("undo.spoken_result"))
        number = short_number(entry.incident) if entry.incident is not None else ""
        system = system_name(order.system, {})
        raise Problem(msg("undo.sent", number=number, system=system))


def clash(work: Work, entry: Entry, deed_ends: int) -> Entry | None:
    """Who has gone on from what an entry changed: a later one that stands; None for nobody.

    What was only added (a note, a report, a receipt) is no hindrance. A machine's own
    change is none either, unless it has gone on with a step or ended the incident: what it
    changed stays.
    """
    assert entry.incident is not None
    mine = dict(entry.before)
    columns, runs = _columns(mine), _runs(mine)
    if entry.verb == "receive":
        columns |= {"state"}
    gets = seats_of(entry)[1]
    for one in later_entries(work, entry, deed_ends):
        if gets not in ("", entry.seat) and one.seat == gets:
            return one  # it was given to a seat, which has worked on it
        theirs = dict(one.before)
        if runs & _runs(theirs):
            return one
        both = columns & _columns(theirs)
        if both and (one.seat != SYSTEM_SEAT or "state" in both):
            return one
    return None


def later_entries(work: Work, entry: Entry, deed_ends: int) -> list[Entry]:
    """What was written of the same incident after a deed, and stands."""
    assert entry.incident is not None
    undone = journal.undone(work.tx, entry.incident, deed_ends)
    return [
        one
        for one in journal.timeline(work.tx, [entry.incident])
        if one.seq > deed_ends and one.verb != "undo" and one.seq not in undone
    ]


def _columns(before: Mapping[str, Scalar]) -> set[str]:
    return {name for name in before if name in Incident.__dataclass_fields__} - _RECKONED


def _runs(before: Mapping[str, Scalar]) -> set[int]:
    were = {int(one[0]) for one in json.loads(str(before.get("steps_were", "[]")))}
    opened, done = numbers_of(before, "steps_opened"), numbers_of(before, "steps_done")
    return were | set(opened) | set(done)
