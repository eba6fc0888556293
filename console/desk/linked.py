"""The links as the officer sees them: one line a system, what is wrong first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import tzinfo

from adapters.systems import ORDER, UNPOLLED
from console.desk.desk import Desk
from console.domain.clock import MINUTE, SECOND, Instant, rfc3339
from console.domain.entry import Entry
from console.domain.message import Message, msg
from console.domain.telling import system_called
from console.store import links, outbox
from console.store.links import LinkNow, UnreadItem
from console.store.outbox import KeptOrder

MOST = 200
"""Orders, and items of the tray, that are shown of one link."""

FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link: how it does, its last item, and the orders that wait for it.

    `lag` is how long ago it last did its part, in ms, or None when it never did.
    """

    now: LinkNow
    waiting: int
    unknown: int
    lag: int | None
    apart: int = 0
    """Messages that were kept and raised nothing (exercises, tests)."""
    tray: int = 0
    """Items that wait in the tray of what nobody could read."""

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
            "apart": self.apart,
            "outbox": self.waiting,
            "unknown": self.unknown,
            "tray": self.tray,
            "fault": self.now.fault,
            "detail": self.now.detail,
        }

    def line(self) -> Message:
        """The same in a sentence."""
        return msg(
            "links.line",
            system=system_called(self.system),
            state=self.said(),
            n=self.now.items,
            waiting=self.waiting,
        )

    def further(self) -> Message | None:
        """What else is to be said, when there is something."""
        if not self.apart:
            return None
        return msg("links.apart", system=system_called(self.system), n=self.apart)

    def said(self) -> Message:
        """How it does: well, or what is wrong."""
        if self.now.state == links.FAULT:
            return msg(f"link.fault.{self.now.fault}", detail=self.now.detail)
        return msg(f"link.{self.now.state}")


UNHEARD = "unheard"
"""The fault of a link that was well when it was last looked at, and is looked at no more."""


def standing(one: LinkNow, now: Instant) -> LinkNow:
    """A link as it stands: what nobody has looked at for long is not well."""
    if one.state != links.OK or one.system in UNPOLLED or one.seen is None:
        return one
    silence = now - one.seen
    if silence <= links.LOST_TOUCH:
        return one
    minutes = f"{silence // MINUTE} min"
    return replace(one, state=links.FAULT, since=one.seen, fault=UNHEARD, detail=minutes)


def linked(desk: Desk, reached: Collection[str] = ()) -> list[LinkView]:
    """Every link that was ever used, that orders wait for, or that is `reached` from here."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        known = {one.system: standing(one, now) for one in links.all_links(tx)}
        orders = links.waiting(tx)
        tray = links.in_tray(tx)
        apart = links.apart(tx)
    found = {*known, *orders, *reached, *tray}
    order = {system: n for n, system in enumerate(ORDER)}
    views = [
        LinkView(
            one,
            orders.get(one.system, {}).get("waiting", 0)
            + orders.get(one.system, {}).get("sending", 0),
            orders.get(one.system, {}).get("unknown", 0),
            _lag(one, now),
            apart.get(one.system, 0),
            tray.get(one.system, 0),
        )
        for one in (known.get(system, LinkNow(system)) for system in found)
    ]
    return sorted(
        views,
        key=lambda v: (
            v.now.state != links.FAULT,
            not v.unknown,
            order.get(v.system, 99),
            v.system,
        ),
    )


@dataclass(frozen=True, slots=True)
class LinkDetail:
    """What belongs to one link: when it came and went, and what waits for a person."""

    system: str
    history: tuple[Entry, ...]
    """Newest first."""
    orders: tuple[KeptOrder, ...]
    items: tuple[UnreadItem, ...]


def detail(desk: Desk, system: str) -> LinkDetail:
    """Read what belongs to a link."""
    with desk.store.read() as tx:
        return LinkDetail(
            system,
            tuple(links.comings_and_goings(tx, system, FAULTS_SHOWN)),
            tuple(outbox.unsettled(tx, system, MOST)),
            tuple(links.tray(tx, MOST, source=system)),
        )


def _lag(one: LinkNow, now: Instant) -> int | None:
    return None if one.seen is None else max(0, now - one.seen)
