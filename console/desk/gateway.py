"""The loop beside the screen: deadlines that pass, checks that are missed, orders to send.

It has its own thread and event loop; every thing it does is one transaction, so that
it can be killed at any instruction.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from adapters.port import Adapter, Order, Receipt, Report
from console.desk import intake
from console.desk.desk import Desk
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.clock import MINUTE, SECOND, Span
from console.domain.incident import Incident, full_number
from console.domain.lifecycle import OPEN
from console.domain.message import Problem
from console.domain.playbook import StepRun
from console.store import incidents, outbox, units
from console.store.engine import StoreProblem
from console.store.outbox import KeptOrder

TICK = 0.5
"""Seconds of real time between two looks."""

FIRST_RETRY: Span = 5 * SECOND
LAST_RETRY: Span = 10 * MINUTE

log = logging.getLogger(__name__)


class Gateway:
    """Deadlines, safety checks and the courier of one district.

    Args:
        desk: whose store, clock and rules it uses.
        adapters: system id -> adapter; orders for a system that is not among them wait.
    """

    def __init__(self, desk: Desk, adapters: Mapping[str, Adapter] | None = None) -> None:
        self.desk = desk
        self.adapters = dict(adapters or {})
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.trouble: Problem | None = None
        """Why the last round failed; None when it went well."""

    def start(self) -> None:
        """Run in a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self._run, name="gateway", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round that is going on and end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        asyncio.run(self._both())

    async def _both(self) -> None:
        """Watch and courier beside each other: a slow answer holds up no deadline."""
        await asyncio.gather(self._again(self._watch), self._again(self._courier))

    async def _again(self, look: Callable[[], Awaitable[None]]) -> None:
        while not self._stop.is_set():
            try:
                await look()
                self.trouble = None
            except StoreProblem as problem:
                # The store may come back; what was not done is still to be done.
                self.trouble = problem
                log.warning("gateway: %s", problem)
            await asyncio.sleep(TICK)

    async def _watch(self) -> None:
        self.escalate()
        self.raise_missed_checks()

    async def _courier(self) -> None:
        await self.courier()

    async def round(self) -> None:
        """One look at everything that is due now."""
        await self._watch()
        await self.courier()

    # --- deadlines ---------------------------------------------------------

    def escalate(self) -> int:
        """Act on every step whose deadline has passed; returns how many there were."""
        with self.desk.store.read() as tx:
            waiting = incidents.overdue_steps(tx, self.desk.clock.now())
        if not waiting:
            return 0
        with self.desk.writing(SYSTEM_SEAT) as work:
            again = incidents.overdue_steps(work.tx, work.at)
            for id_, run in again:
                self._passed(work, id_, run)
        return len(again)

    def _passed(self, work: Work, id_: int, run: StepRun) -> None:
        incidents.mark_escalated(work.tx, id_, run.n)
        old = incidents.get(work.tx, id_)
        if old is None or old.state not in OPEN:
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

    # --- courier -------------------------------------------------------------

    async def courier(self) -> int:
        """Send the orders whose time has come, side by side; returns how many were tried."""
        with self.desk.store.read() as tx:
            ready = [
                o for o in outbox.ready(tx, self.desk.clock.now()) if o.system in self.adapters
            ]
        await asyncio.gather(*(self._deliver(order) for order in ready))
        return len(ready)

    async def _deliver(self, order: KeptOrder) -> None:
        with self.desk.writing(SYSTEM_SEAT) as work:
            kept = outbox.get(work.tx, order.key)
            if kept is None or kept.state not in (outbox.WAITING, outbox.SENDING):
                return  # withdrawn in the meantime
            outbox.change(work.tx, order.key, state=outbox.SENDING, attempts=kept.attempts + 1)
        self._settle(order, await self._send(order))

    async def _send(self, order: KeptOrder) -> Receipt | None:
        number = "" if order.incident is None else str(order.body.get("number", ""))
        wire = Order(order.key, order.system, order.action, number, order.body)
        try:
            return await self.adapters[order.system].send(wire)
        except (OSError, TimeoutError) as error:
            log.info("order %s was not answered: %s", order.key, error)
            return None

    def _settle(self, order: KeptOrder, receipt: Receipt | None) -> None:
        with self.desk.writing(SYSTEM_SEAT) as work:
            if receipt is None:
                wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(order.attempts, 10))
                outbox.change(work.tx, order.key, state=outbox.WAITING, next_at=work.at + wait)
                return
            outbox.change(
                work.tx,
                order.key,
                state=receipt.state,
                answered=work.at,
                answer=receipt.words,
                reference=receipt.reference,
            )
            work.log(
                replace(
                    work.entry("receipt", order.incident),
                    system=order.system,
                    key=order.key,
                    status=receipt.state,
                    text=receipt.words,
                    source_id=receipt.reference,
                )
            )
