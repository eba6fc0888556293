"""The links as the officer sees them: one line a system, what is wrong first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import tzinfo

from adapters.systems import ORDER
from console.desk.desk import Desk
from console.domain.clock import SECOND, Instant, rfc3339
from console.domain.message import Message, msg
from console.store import links
from console.store.links import LinkNow


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link: how it does, its last item, and the orders that wait for it.

    `lag` is how long ago it last did its part, in ms, or None when it never did.
    """

    now: LinkNow
    waiting: int
    unknown: int
    lag: int | None

    @property
    def system(self) -> str:
        """Its id."""
        return self.now.system

    def as_json(self, zone: tzinfo) -> dict[str, object]:
        """The shape of ``links --json``."""
        last = self.now.last_item
        return {
            "system": self.system,
            "state": self.now.state,
            "since": rfc3339(self.now.since, zone) if self.now.since else None,
            "last_item": rfc3339(last, zone) if last is not None else None,
            "lag_s": None if self.lag is None else self.lag / SECOND,
            "items": self.now.items,
            "unread": self.now.unread,
            "outbox": self.waiting,
            "unknown": self.unknown,
            "fault": self.now.fault,
            "detail": self.now.detail,
        }

    def line(self) -> Message:
        """The same in a sentence."""
        return msg(
            "links.line",
            system=Message(f"source.{self.system}"),
            state=self.said(),
            n=self.now.items,
            waiting=self.waiting,
        )

    def said(self) -> Message:
        """How it does: well, or what is wrong."""
        if self.now.state == links.FAULT:
            return msg(f"link.fault.{self.now.fault}", detail=self.now.detail)
        return msg(f"link.{self.now.state}")


def linked(desk: Desk, reached: Collection[str] = ()) -> list[LinkView]:
    """Every link that was ever used, that orders wait for, or that is `reached` from here."""
    with desk.store.read() as tx:
        known = {one.system: one for one in links.all_links(tx)}
        orders = links.waiting(tx)
    now = desk.clock.now()
    found = {*known, *orders, *reached}
    order = {system: n for n, system in enumerate(ORDER)}
    views = [
        LinkView(
            one,
            orders.get(one.system, {}).get("waiting", 0)
            + orders.get(one.system, {}).get("sending", 0),
            orders.get(one.system, {}).get("unknown", 0),
            _lag(one, now),
        )
        for one in (known.get(system, LinkNow(system)) for system in found)
    ]
    return sorted(
        views, key=lambda v: (v.now.state != links.FAULT, order.get(v.system, 99), v.system)
    )


def _lag(one: LinkNow, now: Instant) -> int | None:
    return None if one.seen is None else max(0, now - one.seen)
