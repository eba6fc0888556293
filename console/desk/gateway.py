"""The loop beside the screen: deadlines that pass, checks that are missed, feeds, orders.

It has its own thread and event loop; every thing it does is one transaction, so that
it can be killed at any instruction.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from adapters.port import Adapter, LinkError, Order, Receipt, Report
from console.desk import answering, group, heartbeats, intake
from console.desk.desk import Desk
from console.desk.feeds import LONGEST_WAIT_S, Feeds, own_fault
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.clock import MINUTE, SECOND, Instant, Span, day_at
from console.domain.incident import Incident, full_number
from console.domain.lifecycle import OPEN, State
from console.domain.message import Problem, msg
from console.domain.playbook import StepRun
from console.domain.text import clean
from console.store import courtesy, incidents, outbox, rollups, units
from console.store.engine import StoreProblem
from console.store.outbox import KeptOrder

TICK = 0.5
"""Seconds of real time between two looks."""

FIRST_RETRY: Span = 5 * SECOND
LAST_RETRY: Span = 10 * MINUTE

COUNTED_EVERY: Span = MINUTE
"""How often days that have changed after their end are counted anew."""

AT_ONCE = 5
"""Passed deadlines that are acted upon in one transaction: officers want to write, too."""

SHARE = 0.2
"""Seconds that a look spends on what has piled up; feeds and orders have their turn then."""

log = logging.getLogger(__name__)


class Gateway:
    """Deadlines, safety checks and the courier of one district.

    Args:
        desk: whose store, clock and rules it uses.
        adapters: system id -> adapter; orders for a system that is not among them wait.
        alone: whether this process is the one that may act for the district.
        longest_wait_s: how long another system may ask to be left alone, in seconds.
    """

    def __init__(
        self,
        desk: Desk,
        adapters: Mapping[str, Adapter] | None = None,
        alone: Callable[[], bool] | None = None,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        self.desk = desk
        self.adapters = dict(adapters or {})
        self.feeds = Feeds(desk, self.adapters, longest_wait_s)
        self._alone = alone or (lambda: True)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._out: dict[str, asyncio.Future[None]] = {}
        """Systems to which orders are on their way."""
        self._counted: Instant | None = None
        self._counting: Iterator[int] = iter(())
        self._all_counted = self._escalated = True
        self._troubles: dict[str, Problem] = {}
        """Chore -> why it failed when it was last done."""

    @property
    def trouble(self) -> Problem | None:
        """Why something that the gateway does by itself has failed; None while all goes well."""
        return next(iter(self._troubles.values()), None)

    def start(self) -> None:
        """Run in a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self.run, name="gateway", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round that is going on and end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def ask_to_stop(self) -> None:
        """End after the round that is going on; may be called by a signal's handler."""
        self._stop.set()

    def run(self) -> None:
        """Run until `stop`; should the loop itself end before that, it is begun anew."""
        while not self._stop.is_set():
            try:
                asyncio.run(self._all())
            except Exception as error:
                self._has_failed("loop", error)
                self._stop.wait(TICK)

    async def _all(self) -> None:
        """Watch, courier and every feed beside each other: a slow answer holds up nothing."""
        tasks = [self._again("watch", self._watch), self._again("orders", self._courier)]
        tasks += [
            self._again(system, partial(self.feeds.look, system))
            for system, adapter in self.adapters.items()
            if adapter.feeds
        ]
        try:
            await asyncio.gather(*tasks)
            await asyncio.gather(*self._out.values())
        finally:
            await asyncio.gather(
                *(one.close() for one in self.adapters.values()), return_exceptions=True
            )

    async def _again(self, chore: str, look: Callable[[], Awaitable[float]]) -> None:
        """Do a chore again and again; whatever it ends with, it is done again."""
        while not self._stop.is_set():
            wait = TICK
            try:
                if self._alone():
                    wait = await look()
                self._troubles.pop(chore, None)
            except Exception as error:
                self._has_failed(chore, error)
            await self._pause(wait)

    def _has_failed(self, chore: str, error: Exception) -> None:
        """Keep why a chore failed, and log it once: it is tried again with every tick."""
        if isinstance(error, StoreProblem):
            # The store may come back; what was not done is still to be done.
            problem: Problem = error
        else:
            problem = Problem(
                msg("gateway.fault", chore=chore, reason=f"{type(error).__name__}: {error}")
            )
        before = self._troubles.get(chore)
        self._troubles[chore] = problem
        if before is None or before.message != problem.message:
            known = None if isinstance(error, StoreProblem) else error
            log.warning("gateway, %s: %s", chore, problem, exc_info=known)

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than it takes to see that it is over."""
        while seconds > 0 and not self._stop.is_set():
            await asyncio.sleep(min(seconds, TICK))
            seconds -= TICK
        if seconds == 0:
            await asyncio.sleep(0)

    async def _watch(self) -> float:
        """What is due now: people first, figures last; a heap of it in several looks."""
        courtesy.HERE.give_way()
        failed: list[Exception] = []
        for chore in (
            self.raise_missed_checks,
            self.raise_silent,
            self.pass_on_late,
            partial(self.escalate, SHARE),
            partial(self.count_days, SHARE),
            self.desk.store.carry_over,
        ):
            try:
                chore()
            except Exception as error:
                failed.append(error)
        if failed:
            raise failed[0]  # each of them is done again with the next look
        return TICK if self._caught_up else 0.0

    @property
    def _caught_up(self) -> bool:
        return self._escalated and self._all_counted

    async def _courier(self) -> float:
        self._set_out()
        return TICK

    async def round(self) -> None:
        """One look at everything that is due now, however much it is."""
        await self._watch()
        while not self._caught_up:
            await self._watch()
        for system, adapter in self.adapters.items():
            if adapter.feeds:
                await self.feeds.look(system)
        await self.courier()

    # --- deadlines ---------------------------------------------------------

    def escalate(self, share: float = math.inf) -> int:
        """Act on steps whose deadline has passed, those that passed last first.

        Args:
            share: seconds after which the rest is left for another time; some are always done.

        Returns:
            How many were acted upon.
        """
        until, done = time.monotonic() + share, 0
        while True:
            courtesy.HERE.give_way()
            with self.desk.store.read() as tx:
                waiting = incidents.overdue_steps(tx, self.desk.clock.now(), 1)
            self._escalated = not waiting
            if not waiting:
                return done
            with self.desk.writing(SYSTEM_SEAT) as work:
                again = incidents.overdue_steps(work.tx, work.at, AT_ONCE)
                for id_, run in again:
                    self._passed(work, id_, run)
            done += len(again)
            if time.monotonic() >= until:
                return done

    def _passed(self, work: Work, id_: int, run: StepRun) -> None:
        incidents.mark_escalated(work.tx, id_, run.n)
        old = incidents.get(work.tx, id_)
        if old is None or old.state not in OPEN or old.state is State.TRANSFERRED:
            return
        playbook = work.playbook(old)
        step = playbook.step(run.step) if playbook is not None else None
        what = step.on_overdue if step is not None else None
        changes: dict[str, object] = {}
        if what is not None and what.raises and old.priority > 1:
            changes["priority"] = max(1, old.priority - what.raises)
        work.apply(
            old,
            replace(
                work.entry("overdue", id_),
                step=run.step,
                attempt=run.attempt,
                text="",
                reason=what.notify if what is not None else "",
                status=what.page if what is not None else "",
                priority=int(str(changes.get("priority", 0))),
            ),
            changes,
            moves=False,
        )

    def pass_on_late(self) -> int:
        """What waits too long in the group for an answer gets a deadline; how many."""
        with self.desk.reading() as work:
            if not group.waiting_late(work):
                return 0
        with self.desk.writing(SYSTEM_SEAT) as work:
            return group.pass_on_late(work)

    def raise_silent(self) -> int:
        """Terminals that are not heard any more are an incident of their own."""
        return heartbeats.raise_silent(self.desk)

    def raise_missed_checks(self) -> int:
        """A unit on scene that was not heard from in time is an incident of its own."""
        with self.desk.store.read() as tx:
            missed = units.checks_missed(tx, self.desk.clock.now())
        if not missed:
            return 0
        with self.desk.writing(SYSTEM_SEAT) as work:
            again = units.checks_missed(work.tx, work.at)
            for one in again:
                on = work.incident(one.incident) if one.incident is not None else None
                units.change(work.tx, one.call_sign, check_missed=1)
                intake.take_in(work, self._missed(one.call_sign, one.check_due or 0, on))
        return len(again)

    def _missed(self, call_sign: str, due: int, on: Incident | None) -> Report:
        number = full_number(self.desk.store.district, on.id) if on is not None else ""
        return Report(
            source="watch",
            source_id=f"check:{call_sign}:{due}",
            text=f"{call_sign} {number}",
            occurred=due,
            category="safety.checkin",
            place=on.place if on is not None else "",
            town=on.town if on is not None else "",
            lat=on.lat if on is not None else None,
            lon=on.lon if on is not None else None,
            priority=1,
            facts={"unit": call_sign, "incident": number},
        )

    # --- figures -------------------------------------------------------------

    def count_days(self, share: float = math.inf) -> int:
        """Count the days that are over and have changed since; returns how many there were.

        Args:
            share: seconds after which the rest is left for another time.
        """
        until, now, done = time.monotonic() + share, self.desk.clock.now(), 0
        if self._all_counted:
            if self._counted is not None and now < self._counted + COUNTED_EVERY:
                return 0
            self._counted, self._all_counted = now, False
            self._counting = rollups.pieces(
                self.desk.store, before=day_at(now, self.desk.store.zone)
            )
        try:
            for ended in self._counting:
                done += ended
                if time.monotonic() >= until:
                    return done
        except StoreProblem:
            self._all_counted = True  # a generator that failed is over: begin anew
            raise
        self._all_counted = True
        return done

    # --- courier -------------------------------------------------------------

    async def courier(self) -> int:
        """Send the orders whose time has come, in their order; returns how many were tried."""
        ready = self._ready()
        await self._deliver_all(ready)
        return len(ready)

    def _ready(self) -> list[KeptOrder]:
        """Orders whose time has come, for systems that are linked."""
        with self.desk.store.read() as tx:
            ready = outbox.ready(tx, self.desk.clock.now())
        return [order for order in ready if order.system in self.adapters]

    def _set_out(self) -> None:
        """One task a system that has orders and none on its way; a slow one holds up no other."""
        self._out = {system: task for system, task in self._out.items() if not task.done()}
        by_system: dict[str, list[KeptOrder]] = {}
        for order in self._ready():
            if order.system not in self._out:
                by_system.setdefault(order.system, []).append(order)
        for system, orders in by_system.items():
            self._out[system] = asyncio.ensure_future(self._deliver_all(orders))

    async def _deliver_all(self, orders: Sequence[KeptOrder]) -> None:
        """Some orders, side by side."""
        done = await asyncio.gather(*map(self._deliver, orders), return_exceptions=True)
        failed = [one for one in done if isinstance(one, BaseException)]
        for one in failed:
            if not isinstance(one, Exception):
                raise one
            self._has_failed("delivery", one)
        if not failed:
            self._troubles.pop("delivery", None)

    async def _deliver(self, order: KeptOrder) -> None:
        with self.desk.writing(SYSTEM_SEAT) as work:
            kept = outbox.get(work.tx, order.key)
            if kept is None or kept.state not in (outbox.WAITING, outbox.SENDING):
                return  # withdrawn in the meantime
            outbox.change(work.tx, order.key, state=outbox.SENDING, attempts=kept.attempts + 1)
        self._settle(order, *await self._send(kept))

    async def _send(self, order: KeptOrder) -> tuple[Receipt | None, float]:
        """Send an order, or ask for one whose answer was lost; the receipt, or how long to wait.

        Where the protocol has neither key nor look-up, an order that may have arrived is
        never sent again by itself: it is unknown, and a person decides.
        """
        adapter = self.adapters[order.system]
        number = "" if order.incident is None else str(order.body.get("number", ""))
        wire = Order(order.key, order.system, order.action, number, order.body)
        again = order.state == outbox.SENDING or bool(order.attempts)
        try:
            if order.state == outbox.SENDING and not adapter.keyed:
                return Receipt(order.key, outbox.UNKNOWN), 0.0
            receipt = await adapter.ask(wire) if again and adapter.keyed else None
            receipt = receipt or await adapter.send(wire)
        except LinkError as fault:
            self.feeds.failed(order.system, fault)
            log.info("order %s was not answered: %s", order.key, fault)
            if fault.arrived and not adapter.keyed:
                return Receipt(order.key, outbox.UNKNOWN, str(fault)), 0.0
            return None, self.feeds.wait(fault)
        except Exception as error:
            # Our own fault, somewhere on the way: nobody knows whether the order arrived.
            log.exception("order %s: its link has failed", order.key)
            self.feeds.failed(order.system, own_fault(error))
            if not adapter.keyed:
                return Receipt(order.key, outbox.UNKNOWN, str(own_fault(error))), 0.0
            return None, 0.0
        self.feeds.worked(order.system)
        return receipt, 0.0

    def _settle(self, order: KeptOrder, receipt: Receipt | None, wait_s: float) -> None:
        with self.desk.writing(SYSTEM_SEAT) as work:
            kept = outbox.get(work.tx, order.key)
            if kept is not None and kept.state != outbox.SENDING:
                return  # its receipt came by the feed while it was waited for
            if receipt is None:
                wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(order.attempts, 10))
                wait = max(wait, round(wait_s * SECOND))
                outbox.change(work.tx, order.key, state=outbox.WAITING, next_at=work.at + wait)
                return
            outbox.change(
                work.tx,
                order.key,
                state=receipt.state,
                answered=work.at,
                answer=clean(receipt.words, intake.MAX_TEXT).text,
                reference=clean(receipt.reference, intake.MAX_LINE).text,
            )
            entry = replace(
                work.entry("receipt", order.incident),
                system=order.system,
                key=order.key,
                status=receipt.state,
                text=clean(receipt.words, intake.MAX_TEXT).text,
                source_id=clean(receipt.reference, intake.MAX_LINE).text,
                facts=answering.facts_of(receipt),
            )
            answering.answered(work, order, receipt, entry)
