"""Receipts that come by a feed: later than anybody waited for them, or beside."""

from __future__ import annotations

from dataclasses import replace

from adapters.port import Receipt
from console.desk.work import Work
from console.domain.text import clean
from console.store import outbox

MAX_TEXT = 2_000


def settle(work: Work, system: str, receipt: Receipt) -> bool:
    """Write down what became of an order; False when it is no answer to one of ours.

    Only an order that is on its way or unknown is settled, and only by whom it was sent
    to: a terminal cannot answer for another.
    """
    order = outbox.get(work.tx, receipt.key)
    if order is None or order.system != system:
        return False
    if order.state not in (outbox.SENDING, outbox.UNKNOWN):
        return False
    whose = str(order.body.get("their_id") or "")
    if not receipt.reference or not whose.startswith(f"{receipt.reference}/"):
        return False
    words = clean(receipt.words, MAX_TEXT).text
    reference = clean(receipt.reference, 200).text
    outbox.change(
        work.tx,
        order.key,
        state=receipt.state,
        answered=work.at,
        answer=words,
        reference=reference,
    )
    entry = replace(
        work.entry("receipt", order.incident),
        system=system,
        key=order.key,
        status=receipt.state,
        text=words,
        source_id=reference,
    )
    work.log(entry)
    return True
