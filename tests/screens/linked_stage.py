"""A console whose links have seen something: a fault, lost answers, an item nobody could read."""

from __future__ import annotations

from adapters.systems import ORDER
from console.desk import intake
from console.desk.session import Session
from console.domain.clock import MINUTE, SECOND
from console.store import links, outbox
from console.store.links import LinkNow
from tests.screens.stage import NOON

ILL = {"fraudguard": "unreachable", "wages": "schema"}
DETAIL = {"unreachable": "connection refused", "schema": "items.0.at: not a time"}


def furnish(session: Session) -> Session:
    """Give the store of a session links that were used."""
    with session.desk.writing() as work:
        for n, system in enumerate(ORDER[:-1]):
            fault = ILL.get(system, "")
            state = links.FAULT if fault else links.OK
            links.save(
                work.tx,
                LinkNow(
                    system,
                    cursor="7",
                    state=state,
                    since=NOON - 9 * MINUTE,
                    seen=NOON - (n + 1) * SECOND,
                    last_item=NOON - (n + 1) * MINUTE,
                    items=40 + n,
                    unread=1 if system == "wages" else 0,
                    fault=fault,
                    detail=DETAIL.get(fault, ""),
                ),
            )
        for key, system, state in (
            ("k-1", "dingtalk", outbox.UNKNOWN),
            ("k-2", "fraudguard", outbox.WAITING),
            ("k-3", "fraudguard", outbox.WAITING),
        ):
            words = {"words": "来了", "phone": "19900002222"}
            outbox.put(work.tx, key, None, system, "reply", words, NOON - 5 * MINUTE)
            outbox.change(work.tx, key, state=state, attempts=1)
        raw = '{"id": 7, "firm": "某建筑公司", "phone": "19900002222", "at": "yesterday"}'
        intake.take_unread(work, "wages", raw, "items.0.at: Input should be a valid datetime")
    return session
