"""An officer takes a call by hand (新)."""

from __future__ import annotations

from adapters.port import Report
from console.desk import intake
from console.desk.verb import Command
from console.desk.work import Work
from console.domain.addresses import fold
from console.domain.message import Message, Problem, msg
from console.domain.whereabouts import where_in
from console.store import incidents

SOURCE = "seat"
"""The source of reports that an officer typed."""


def new(work: Work, command: Command) -> Message:
    """Make an incident of what the officer typed: ``text`` is place and words in one.

    The words stay whole; the place is the part of them that says where.
    """
    if not command.text.strip():
        raise Problem(msg("new.needs_words"))
    number = incidents.take_serials(work.tx, f"hand:{work.seat}")
    report = Report(
        source=SOURCE,
        source_id=f"{work.seat}:{number}",
        text=command.text,
        occurred=work.at,
        category=command.category,
        place=fold(where_in(command.text, work.rules.gazetteer)),
    )
    return taken(work, report)


def taken(work: Work, report: Report) -> Message:
    """Take in a report that came by hand and say what became of it."""
    result = intake.take_in(work, report, by_hand=True)
    if result.incident is None:
        raise Problem(msg("new.not_understood"))
    number = work.incident(result.incident).short
    work.touched.insert(0, result.incident)
    if result.kind == "attached":
        return msg("new.attached", number=number)
    return msg("new.done", number=number)


def joined(work: Work, report: Report, id_: int) -> Message:
    """Add a call to the incident that it is about, and say so."""
    intake.add_to(work, id_, report)
    return msg("new.joined", number=work.incident(id_).short)
