"""Dissuade: research, evidence, the visit, the family, requests to firms."""

from __future__ import annotations

from dataclasses import replace

from console.desk.act import units as sending
from console.desk.act.life import the_one
from console.desk.verb import Command
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.dispatching import Recommendation, recommend
from console.domain.incident import Incident
from console.domain.masking import masked
from console.domain.message import Message, Problem, msg
from console.domain.phones import is_phone
from console.domain.writing import narrow
from console.store import incidents, outbox, units

GUARD, BUREAU = "fraudguard", "investigation"
OFFICER = "community_officer"


def research(work: Work, command: Command) -> Message:
    """Ask 侦防平台 at once who is behind a phone or an account."""
    old, subject = _subject(work, command)
    old = work.take_in_hand(old)
    entry = replace(work.entry("research", old.id), text=masked(subject))
    key = work.order(old, BUREAU, "research", entry, more={"subject": subject})
    work.apply(old, entry, work.working(old), moves=False, orders=(key,))
    return msg("fraud.researched", number=old.short, subject=masked(subject))


def would_research(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old, subject = _subject(work, command)
    return msg("fraud.would_research", number=old.short, subject=subject)


def _subject(work: Work, command: Command) -> tuple[Incident, str]:
    """The incident, and whom to ask about: the words, else its phone.

    Raises:
        Problem: nobody is named, or the same has been asked and not been answered.
    """
    old = the_one(work, command)
    said = command.text.strip()
    subject = (narrow(said) if is_phone(said) else said) or old.phone
    if not subject:
        raise Problem(msg("fraud.no_subject", number=old.short))
    for order in outbox.of_incident(work.tx, old.id):
        asked = str(order.body.get("subject") or order.body.get("phone") or "")
        waits = order.state in (outbox.WAITING, outbox.SENDING)
        if order.action == "research" and waits and asked == subject:
            raise Problem(msg("fraud.asked_already", number=old.short, subject=masked(subject)))
    return old, subject


def evidence(work: Work, command: Command) -> Message:
    """Order the list of evidence of a case."""
    old = work.take_in_hand(the_one(work, command))
    if _is_open(work, old, "evidence"):
        entry = replace(work.entry("done", old.id), step="evidence", text=command.text)
        work.apply(old, entry, work.working(old), step="evidence")
    else:
        entry = replace(work.entry("evidence", old.id), text=command.text)
        key = work.order(old, BUREAU, "evidence_list", entry)
        work.apply(old, entry, work.working(old), moves=False, orders=(key,))
    return msg("fraud.evidence", number=old.short)


def visit(work: Work, command: Command) -> Message:
    """Send a community officer to the door: the one that was named, or the nearest."""
    old = the_one(work, command)
    names = command.units or (_nearest(work, old),)
    sending.dispatch(work, replace(command, units=names))
    return msg("fraud.visit", number=old.short, units=names, place=_door(work.incident(old.id)))


def would_visit(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old = the_one(work, command)
    names = command.units or (_nearest(work, old),)
    return msg("fraud.would_visit", number=old.short, units=names, place=_door(old))


def _door(incident: Incident) -> Message | str:
    """Where the person lives, as research found it, else as it was reported."""
    place = dict(incident.facts).get("address", "") or incident.place
    return place or msg("fraud.no_door")


def _nearest(work: Work, incident: Incident) -> str:
    """The nearest community officer who is free.

    Raises:
        Problem: none is.
    """
    found: tuple[Recommendation, ...] = recommend(
        work.rules.run_cards,
        incident.category,
        0,
        sending.spot_of(work, incident),
        [sending.view_of(one) for one in units.all_units(work.tx)],
        kinds=(OFFICER,),
        sent=[],
    )
    for one in found:
        if one.call_sign:
            return one.call_sign
    raise Problem(msg("dispatch.nobody_free", number=incident.short))


def family(work: Work, command: Command) -> Message:
    """The family was told; 金钟罩 hears it."""
    old = work.take_in_hand(the_one(work, command))
    if _is_open(work, old, "family"):
        entry = work.entry("done", old.id)
        entry = replace(entry, step="family", outcome="told", text=command.text)
        work.apply(old, entry, work.working(old), outcome="told", step="family")
    else:
        entry = replace(work.entry("family", old.id), text=command.text)
        key = work.order(old, GUARD, "family_notified", entry)
        work.apply(old, entry, work.working(old), moves=False, orders=(key,))
    return msg("fraud.family", number=old.short)


def warn_firm(work: Work, command: Command) -> Message:
    """Ask a firm, through 金钟罩, to warn its customer."""
    old = work.take_in_hand(the_one(work, command))
    entry = replace(work.entry("warn-firm", old.id), text=command.text)
    more = {"firm": _firm(command), "wish": "warn"}
    key = work.order(old, GUARD, "request", entry, more=more)
    work.apply(old, entry, work.working(old), moves=False, orders=(key,))
    return msg("fraud.warned", number=old.short, firm=_firm(command))


def block_firm(work: Work, command: Command) -> Message:
    """Ask a firm, through 金钟罩, to block a number, an account or an order."""
    old = work.take_in_hand(the_one(work, command))
    entry = replace(work.entry("block-firm", old.id), text=command.text)
    more = {"firm": _firm(command), "wish": "block"}
    key = work.order(old, GUARD, "request", entry, more=more)
    work.apply(old, entry, work.working(old), moves=False, orders=(key,))
    return msg("fraud.blocked", number=old.short, firm=_firm(command))


def _firm(command: Command) -> str:
    """The firm is the first word."""
    return command.text.split()[0]


def _is_open(work: Work, incident: Incident, step: str) -> bool:
    """Whether the playbook waits for this step."""
    return any(run.step == step for run in pb.open_runs(incidents.steps_of(work.tx, incident.id)))
