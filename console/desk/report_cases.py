"""The incidents that a report tells one by one, read and masked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

from console.desk.act.merging import children
from console.desk.dossier import Dossier, Told, dossier
from console.desk.work import Work
from console.domain.entry import Entry
from console.domain.incident import Incident, full_number
from console.domain.masking import masked_of, masked_words
from console.domain.message import Message, msg
from console.domain.playbook import open_runs
from console.domain.report_rules import ReportRules
from console.domain.reported import Deed, Important, Pending
from console.store import incidents
from console.store.incidents import KeptReport

DEEDS = frozenset(
    {
        "accept",
        "alarm",
        "call",
        "callback",
        "cancel",
        "close",
        "dispatch",
        "done",
        "extend",
        "extend-stop",
        "freeze",
        "level",
        "note",
        "reopen",
        "resolve",
        "return",
        "stop-payment",
        "supervise",
        "transfer",
        "urge",
    }
)
"""Verbs whose entries a report tells; what crews report is summed up."""

MOST_DEEDS = 10
"""Deeds that are told of one incident: the latest."""


def important_of(
    work: Work, one: Incident, rules: ReportRules, special: Collection[int]
) -> Important:
    """An incident that stands out.

    Args:
        work: a transaction.
        one: the incident.
        rules: what makes it stand out.
        special: ids of incidents that are supervised.
    """
    found = dossier(work, one.id)
    assert found is not None
    mask = _mask(one, found.reports)
    arrived = [at.on_scene for at in found.assignments if at.on_scene is not None]
    return Important(
        number=full_number(work.tx.district, one.id),
        received=one.received,
        category=one.category,
        priority=one.priority,
        state=one.state,
        town=one.town,
        place=mask(one.place),
        text=mask(one.text),
        why=_why(one, rules, special),
        units=tuple(dict.fromkeys(at.call_sign for at in found.assignments)),
        arrived=min(arrived, default=None),
        deeds=tuple(
            Deed(told.entry.at, message)
            for told in _deeds(found)
            if isinstance(message := masked_words(told.message, mask), Message)
        ),
        result=masked_words(found.result, mask),
        deaths=one.deaths,
        injured=one.injured,
        amount_lost=one.amount_lost,
        amount_saved=one.amount_saved,
    )


def _mask(one: Incident, reports: Sequence[KeptReport]) -> Callable[[str], str]:
    """What hides whoever called about an incident, whichever of its reports they are in."""
    return partial(
        masked_of,
        names=[one.caller, *(report.caller for report in reports)],
        numbers=[one.phone, *(report.phone for report in reports)],
    )


def _why(one: Incident, rules: ReportRules, special: Collection[int]) -> tuple[Message, ...]:
    reasons = (
        (one.deaths > 0, msg("report.why_deaths")),
        (one.priority == 1, msg("report.why_priority")),
        (one.alarm_level >= rules.alarm_level, msg("report.why_alarm")),
        (one.amount_lost >= rules.amount, msg("report.why_lost")),
        (one.amount_saved >= rules.amount, msg("report.why_saved")),
        (one.id in special, msg("report.why_supervised")),
    )
    return tuple(reason for holds, reason in reasons if holds)


def _deeds(found: Dossier) -> list[Told]:
    """What was done and not taken back, oldest first."""
    undone = {told.entry.undoes for told in found.timeline if told.entry.undoes}

    def stands(entry: Entry) -> bool:
        return not undone & {entry.seq, entry.part_of or entry.seq}

    chosen = [told for told in found.timeline if told.entry.verb in DEEDS and stands(told.entry)]
    return chosen[-MOST_DEEDS:]


def pending_of(work: Work, one: Incident) -> Pending:
    """An incident that is open, with its next step."""
    playbook = work.playbook(one)
    runs = open_runs(incidents.steps_of(work.tx, one.id))
    first = min(runs, key=lambda run: (run.due is None, run.due or 0, run.n), default=None)
    step = playbook.step(first.step) if playbook is not None and first is not None else None
    family = [one.id, *(child.id for child in children(work, one.id))]
    mask = _mask(one, incidents.reports_of(work.tx, family))
    return Pending(
        number=full_number(work.tx.district, one.id),
        received=one.received,
        category=one.category,
        priority=one.priority,
        state=one.state,
        town=one.town,
        place=mask(one.place),
        seat=one.seat,
        step=step.label if step is not None else None,
        due=one.due,
    )
