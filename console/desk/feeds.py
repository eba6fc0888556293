"""Feeds: what other systems send is read page by page, in order, and never twice.

A page's reports and the place behind them in the feed are written in one transaction:
after a crash the feed goes on where the store stands. A link that does not do its part
is written down as it is, and concerns no other link.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from adapters.port import Adapter, LinkError, Page, Unread
from console.desk import apart, heartbeats, intake, settling
from console.desk.desk import Desk
from console.desk.intake import Taken
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.clock import SECOND, Span
from console.store import links, outbox
from console.store.engine import StoreProblem
from console.store.links import LinkNow
from console.store.page import together

log = logging.getLogger(__name__)

CADENCE: Mapping[str, float] = {"terminals": 0.5, "alarm110": 1.0, "fraudguard": 1.0}
"""Seconds between two looks at a feed that was read to its end."""

USUAL_CADENCE = 2.0

STILL_THERE: Span = 10 * SECOND
"""How often it is written down that a link which has nothing to say is well."""

TOLD_AGAIN_S = 60.0
"""Seconds after which the log is told again of a fault that lasts."""

PAGES_AT_ONCE = 50
"""Pages of one feed that are read before the others have their turn."""

LONGEST_WAIT_S = 300.0
"""Seconds for which another system may ask to be left alone, unless the settings say otherwise."""

PATIENT = frozenset({"busy", "resting"})
"""Faults after which the other side wants to be asked seldom."""


NOTHING = Page((), "")


def own_fault(error: Exception) -> LinkError:
    """The fault of our own reader, as that of its link."""
    return LinkError("reader", f"{type(error).__name__}: {error}")


def _each(page: Page) -> Iterator[Page]:
    """The items of a page, each as a page that does not move the place in the feed."""
    yield from (replace(NOTHING, reports=(one,)) for one in page.reports)
    yield from (replace(NOTHING, unread=(one,)) for one in page.unread)
    yield from (replace(NOTHING, apart=(one,)) for one in page.apart)
    yield from (replace(NOTHING, heard=(one,)) for one in page.heard)
    yield from (replace(NOTHING, receipts=(one,)) for one in page.receipts)


def _put_aside(page: Page, error: Exception) -> tuple[Unread, ...]:
    """The only item of a page, as one that could not be read."""
    for one in (*page.reports, *page.unread, *page.apart, *page.heard, *page.receipts):
        raw = intake.as_text(one)
        return (Unread(raw, f"{type(error).__name__}: {error}"[:200]),)
    return ()


class Feeds:
    """Reads the feeds of a district's systems into its store.

    Args:
        desk: whose store, clock and rules it uses.
        adapters: system id -> adapter.
        longest_wait_s: how long the other side may ask to be left alone, in seconds.
    """

    def __init__(
        self, desk: Desk, adapters: Mapping[str, Adapter], longest_wait_s: float = LONGEST_WAIT_S
    ) -> None:
        self.desk = desk
        self.adapters = adapters
        self.longest_wait_s = longest_wait_s
        self._told: dict[str, float] = {}
        """System -> when the log was last told of its fault, in monotonic seconds."""

    async def look(self, system: str) -> float:
        """Read what is new; returns how many seconds to leave the system alone."""
        adapter = self.adapters[system]
        for _ in range(PAGES_AT_ONCE):
            with self.desk.store.read() as tx:
                cursor = links.get(tx, system).cursor
            try:
                page = await adapter.feed(cursor)
            except LinkError as fault:
                self.failed(system, fault)
                return self.wait(fault) or CADENCE.get(system, USUAL_CADENCE)
            except Exception as error:
                # A reader's own fault is its link's, and no other's.
                log.exception("link %s: its reader has failed", system)
                self.failed(system, own_fault(error))
                return CADENCE.get(system, USUAL_CADENCE)
            self.take(system, cursor, page)
            if not page.more:
                return CADENCE.get(system, USUAL_CADENCE)
        return 0.0

    def wait(self, fault: LinkError) -> float:
        """How many seconds the other side wants to be left alone, as far as it may ask for that."""
        asked = fault.wait_s or 0.0
        return min(max(0.0, asked), self.longest_wait_s) if asked == asked else 0.0

    def take(self, system: str, cursor: str, page: Page) -> list[Taken]:
        """Take in a page that was asked for with `cursor`; nothing when another was faster.

        An item that cannot be taken in, whatever is the matter with it, is put aside by
        itself; the others are taken.
        """
        try:
            return self._take(system, cursor, page)
        except StoreProblem:
            raise
        except Exception:
            log.exception("link %s: a page is taken in item by item", system)
        taken: list[Taken] = []
        for one in _each(page):
            part = replace(one, cursor=cursor)  # the place moves behind the last of them
            try:
                taken += self._take(system, cursor, part)
            except StoreProblem:
                raise
            except Exception as error:
                log.exception("link %s: an item was put aside", system)
                aside = replace(NOTHING, unread=_put_aside(part, error), cursor=cursor)
                taken += self._take(system, cursor, aside)
        self._take(system, cursor, replace(NOTHING, cursor=page.cursor, fault=page.fault))
        return taken

    def _take(self, system: str, cursor: str, page: Page) -> list[Taken]:
        now = self.desk.clock.now()
        with self.desk.store.read() as tx:
            if self._is_nothing_new(links.get(tx, system), page, now):
                return []
        with self.desk.writing(SYSTEM_SEAT) as work:
            old = links.get(work.tx, system)
            if old.cursor != cursor:
                return []
            with together(work.tx):
                taken = intake.take_in_all(work, page.reports)
                # What is retained comes again with every subscription: it is no news.
                aside = sum(
                    intake.take_unread(work, system, one.raw, one.reason) for one in page.unread
                )
                for other in page.apart:
                    apart.keep_apart(work, system, other)
            heartbeats.hear(work, system, page.heard)
            for receipt in page.receipts:
                settling.settle(work, system, receipt)
            items = len(page.reports) + len(page.unread) + len(page.apart)
            new = replace(
                old,
                cursor=page.cursor,
                items=old.items + items,
                unread=old.unread + len(page.unread),
                last_item=work.at if items else old.last_item,
            )
            fault = page.fault
            if fault is None and page.cursor != cursor and aside and len(page.unread) == items:
                fault = LinkError("aside", f"{items} / {items}")
            if fault is not None:
                self._ill(work, new, fault)
            elif old.fault == "aside" and len(page.unread) == items:
                links.save(work.tx, replace(new, seen=work.at))  # it answers; nothing was read yet
            else:
                self._well(work, new)
        return taken

    def _is_nothing_new(self, old: LinkNow, page: Page, now: int) -> bool:
        return (
            page.fault is None
            and not page.reports
            and not page.unread
            and not page.apart
            and not page.heard
            and not page.receipts
            and page.cursor == old.cursor
            and old.state == links.OK
            and old.seen is not None
            and now - old.seen < STILL_THERE
        )

    def failed(self, system: str, fault: LinkError) -> None:
        """Write down that a link did not do its part."""
        if fault.kind == "resting":
            return  # what went before is written down
        self._tell(system, fault)
        with self.desk.store.read() as tx:
            old = links.get(tx, system)
        if (old.state, old.fault, old.detail) == (links.FAULT, fault.kind, fault.detail):
            return
        with self.desk.writing(SYSTEM_SEAT) as work:
            self._ill(work, links.get(work.tx, system), fault)

    def worked(self, system: str) -> None:
        """Write down that a link did its part, when that is news."""
        with self.desk.store.read() as tx:
            old = links.get(tx, system)
        if old.fault == "aside":
            return  # that it takes orders does not make its items readable
        now = self.desk.clock.now()
        if old.state == links.OK and old.seen is not None and now - old.seen < STILL_THERE:
            return
        with self.desk.writing(SYSTEM_SEAT) as work:
            self._well(work, links.get(work.tx, system))

    def _well(self, work: Work, now: LinkNow) -> None:
        kept_up = now.seen is not None and work.at - now.seen <= links.LOST_TOUCH
        since = now.since if now.state == links.OK and kept_up else work.at
        if now.state == links.FAULT and now.fault not in PATIENT:
            # What waits for its next try need not wait longer than the link.
            outbox.hurry(work.tx, now.system, work.at)
        well = replace(now, state=links.OK, since=since, seen=work.at, fault="", detail="")
        links.save(work.tx, well)
        self._log(work, now, well)
        if self._told.pop(now.system, None) is not None:
            log.warning("link %s: is back", now.system)

    def _tell(self, system: str, fault: LinkError) -> None:
        """Into the log: at once, and once a minute as long as it lasts."""
        now = time.monotonic()
        if now - self._told.get(system, -math.inf) >= TOLD_AGAIN_S:
            self._told[system] = now
            log.warning("link %s: %s", system, fault)

    def _ill(self, work: Work, now: LinkNow, fault: LinkError) -> None:
        self._tell(now.system, fault)
        since = now.since if now.state == links.FAULT else work.at
        ill = replace(
            now, state=links.FAULT, since=since, fault=fault.kind, detail=fault.detail[:200]
        )
        links.save(work.tx, ill)
        self._log(work, now, ill)

    def _log(self, work: Work, old: LinkNow, new: LinkNow) -> None:
        """A link that comes or goes stands in the journal; one that stays so does not."""
        if old.state == new.state and old.fault == new.fault:
            return
        if old.state == links.NEW and new.state == links.OK:
            return
        work.log(replace(work.entry("link"), system=new.system, status=new.state, text=new.fault))
