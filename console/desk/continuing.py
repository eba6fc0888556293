"""A report that goes on with an incident: what another system found, did or asks for.

The report says what it refers to: the number of our incident (it answers one of our
orders) or an earlier report of the same source. What happened may be an outcome of the
playbook's open step, and then does that step; anything else is shown and moves nothing.
An incident that is over keeps what comes afterwards, too.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.port import Report
from console.desk.work import Work
from console.domain.incident import Incident, id_of
from console.domain.lifecycle import OPEN
from console.store import incidents


def referred(work: Work, report: Report) -> Incident | None:
    """The incident that a cleaned report goes on with, or None.

    What was merged stands for the incident that it went into.
    """
    id_ = id_of(report.refers, work.tx.district)
    if id_ is None:
        known = incidents.known_source(work.tx, report.source, report.refers)
        id_ = known[0] if known is not None else None
    found = incidents.get(work.tx, id_) if id_ is not None else None
    if found is not None and found.merged_into is not None:
        return incidents.get(work.tx, found.merged_into)
    return found


def go_on(work: Work, old: Incident, report: Report) -> None:
    """Write down what happened, add what is known now, and move the playbook."""
    changes: dict[str, object] = {"reports": old.reports + 1}
    facts = {**dict(old.facts), **report.facts}
    if facts != dict(old.facts):
        changes["facts"] = tuple(facts.items())
    if report.priority is not None and report.priority < old.priority and old.state in OPEN:
        changes["priority"] = report.priority
    work.apply(
        old,
        replace(
            work.entry("event", old.id),
            source=report.source,
            source_id=report.source_id,
            status=report.event,
            text=report.text,
            facts=tuple(report.facts.items()),
        ),
        changes,
        outcome=report.event or None,
        moves=bool(report.event) and old.state in OPEN,
    )
