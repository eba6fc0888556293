"""A call taken by hand: from the form's fields to an incident, and what it looks like already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.port import Report
from console.desk import intake
from console.desk.act.taking import SOURCE, joined, taken
from console.desk.desk import Desk, Done
from console.desk.verbs import BY_ID
from console.desk.work import Work
from console.domain.addresses import fold
from console.domain.duplicates import keys
from console.domain.incident import Incident
from console.domain.message import Problem, msg
from console.store import incidents, seats

DRAFT = "form"
"""The kind of draft that a form leaves."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An open incident that the call may be about, and how likely (0 to 1)."""

    incident: Incident
    score: float


def alike(work: Work, values: Mapping[str, str]) -> list[Alike]:
    """Open incidents that what was typed so far may be about, the likeliest first."""
    report = _report(work, values, "draft")
    verdict, trace = intake.understood(work, intake.cleaned(report), work.at)
    del verdict
    trace_keys = keys(trace.place, trace.phone, trace.lat, trace.lon)
    best, likely = intake.alike(work, trace, trace_keys)
    scored = dict([*([best] if best is not None else []), *likely])
    found = incidents.many(work.tx, scored)
    return sorted((Alike(one, scored[one.id]) for one in found), key=lambda a: -a.score)


def take_call(desk: Desk, values: Mapping[str, str], joins: int | None = None) -> Done:
    """Make an incident of the form, or add the call to one that is open.

    The draft goes in the same transaction: what was sent never comes back to be sent again.

    Args:
        desk: the seat that took the call.
        values: ``category`` (a code or "" to go by the words), ``place``, ``text``,
            ``caller``, ``phone``.
        joins: id of the incident that the officer says it is about; None makes a new one.
    """
    try:
        with desk.writing() as work:
            if desk.role_of(work) not in BY_ID["new"].roles:
                raise Problem(msg("desk.role", verb=BY_ID["new"].label, seat=work.seat))
            if not (values.get("text", "").strip() or values.get("place", "").strip()):
                raise Problem(msg("new.needs_words"))
            number = incidents.take_serials(work.tx, f"hand:{work.seat}")
            report = _report(work, values, f"{work.seat}:{number}")
            message = taken(work, report) if joins is None else joined(work, report, joins)
            seats.keep_draft(work.tx, work.seat, DRAFT, "", work.at)
            return Done(True, "new", work.touched[0], message, tuple(work.touched))
    except Problem as problem:
        return Done(False, "new", None, problem.message)


def _report(work: Work, values: Mapping[str, str], source_id: str) -> Report:
    return Report(
        source=SOURCE,
        source_id=source_id,
        text=values.get("text", ""),
        occurred=work.at,
        category=values.get("category", ""),
        # What is looked up is written as everybody writes it; words stay as they were said.
        place=fold(values.get("place", "")),
        caller=values.get("caller", ""),
        phone=fold(values.get("phone", "")),
    )
