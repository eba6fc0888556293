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
from console.domain import stops
from console.domain.incident import Incident, id_of
from console.domain.lifecycle import OPEN, State, target
from console.store import incidents, outbox


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


UPDATED = "updated"
URGED = "urged"


def begins_anew(about: Incident, report: Report) -> bool:
    """Whether a report that refers to an incident is one of its own all the same.

    What is over is over; a warning that is changed afterwards, perhaps for the worse, must
    be seen by somebody.
    """
    return report.event == UPDATED and about.state not in OPEN


def go_on(work: Work, old: Incident, report: Report) -> None:
    """Write down what happened, add what is known now, and move the playbook."""
    changes: dict[str, object] = {"reports": old.reports + 1}
    told = {name: value for name, value in report.facts.items() if not _private(report, name)}
    facts = dict(_paid(work, old, report, {**dict(old.facts), **told}))
    if report.event == "stopped" and facts != dict(old.facts):
        changes["amount_saved"] = max(old.amount_saved, stops.held(facts.items()))
    if report.event == URGED and "link" in report.facts and old.priority > 1:
        changes["priority"] = old.priority - 1
    if facts != dict(old.facts):
        changes["facts"] = tuple(facts.items())
    if report.priority is not None and report.priority < old.priority and old.state in OPEN:
        changes["priority"] = report.priority
    new = work.apply(
        old,
        replace(
            work.entry("event", old.id),
            source=report.source,
            source_id=report.source_id,
            status=report.event,
            text=report.text,
            facts=tuple(told.items()),
        ),
        changes,
        outcome=report.event or None,
        moves=bool(report.event) and old.state in OPEN and old.state is not State.TRANSFERRED,
    )
    handed = [one for one in outbox.of_incident(work.tx, old.id) if one.action == "transfer"]
    if old.state is State.TRANSFERRED and report.source in {one.system for one in handed}:
        handed_back(work, new, report.event, report.text)


BACK = frozenset({"returned", "sent_back", "not_taken", "refused"})
OVER = frozenset({"closed", "handled"})
"""What whoever an incident was handed to says: it is ours again, or it is done."""


def handed_back(work: Work, old: Incident, event: str, words: str) -> None:
    """What a transferred incident waits for has come: it goes on here, or it is over."""
    if event in BACK:
        entry = replace(work.entry("reopen", old.id), text=words)
        state = State.ACTIVE if old.seat else State.NEW
        work.apply(old, entry, {"state": state}, moves=False)
    elif event in OVER:
        entry = replace(work.entry("close", old.id), text=words)
        ended = {"state": target("close", old.state), "closed": work.at, "outcome": words}
        work.apply(old, entry, ended)


def _private(report: Report, name: str) -> bool:
    """An account's number stands with its stop only."""
    return name == "account" and report.event in stops.HEARD


def _paid(
    work: Work, old: Incident, report: Report, facts: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """The facts, and what the bank has done to an account that the report names."""
    return stops.heard(
        tuple(facts.items()),
        report.event,
        report.facts.get("account", ""),
        min(work.at if report.occurred is None else report.occurred, work.at),
        work.rules.systems.payments,
        work.tx.zone,
    )
