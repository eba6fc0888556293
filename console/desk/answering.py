"""What another system answers to an order, and what that does to the incident.

What was asked for stands with the incident from then on. An answer that is an outcome of
the open step does that step. A refusal is not passed over: a stop that the bank's side will
not extend stands as it stood, and what nobody takes over is ours again.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.port import Receipt
from console.desk.continuing import handed_back
from console.desk.work import Work
from console.domain import stops
from console.domain.entry import Entry
from console.domain.incident import Incident
from console.domain.lifecycle import OPEN, State
from console.domain.masking import masked
from console.domain.text import clean
from console.store import incidents, outbox
from console.store.outbox import KeptOrder

MOST_FACTS = 40


def facts_of(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """What an answer says was found, cleaned; long numbers of persons lose their middle."""
    cleaned = (
        (clean(str(label), 60).text, masked(clean(str(value), 400).text))
        for label, value in list(receipt.facts.items())[:MOST_FACTS]
    )
    return tuple((label, value) for label, value in cleaned if not stops.own(label.strip()))


def answered(work: Work, order: KeptOrder, receipt: Receipt, entry: Entry) -> None:
    """Write an answer down, with everything that follows from it.

    Args:
        work: the transaction.
        order: what was ordered.
        receipt: the answer.
        entry: the journal entry of the answer.
    """
    about = None if order.incident is None else incidents.get(work.tx, order.incident)
    if about is None:
        work.log(entry)
        return
    changes = _changes(work, about, order, receipt, entry)
    if changes:
        about = work.apply(about, entry, changes, moves=False)
    else:
        work.log(entry)
    if about.state not in OPEN:
        return
    if receipt.outcome and about.state is not State.TRANSFERRED:
        event = work.entry("event", about.id)
        event = replace(event, source=order.system, status=clean(receipt.outcome, 60).text)
        work.apply(about, event, outcome=event.status)
    not_taken = order.action == "transfer" and receipt.state == outbox.REFUSED
    if not_taken and about.state is State.TRANSFERRED:
        handed_back(work, about, "refused", entry.text)


def _changes(
    work: Work, about: Incident, order: KeptOrder, receipt: Receipt, entry: Entry
) -> dict[str, object]:
    facts = tuple({**dict(about.facts), **dict(entry.facts)}.items())
    changes: dict[str, object] = {}
    account = str(order.body.get("account") or "")
    if account and receipt.state == outbox.REFUSED:
        facts = stops.refused(facts, account, work.at, work.rules.systems.payments, work.tx.zone)
    if facts != about.facts:
        changes["facts"] = facts
    address = dict(entry.facts).get("address", "")
    if address and not about.place:
        changes["place"] = address
        place = work.rules.gazetteer.read(address)
        if place.town and not about.town:
            changes["town"] = place.town
    return changes
