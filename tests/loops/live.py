"""A district for one test: every simulated system on loopback, a desk, and the gateway.

The systems are served by uvicorn from a thread of this process and are reached over real
sockets through the true adapters. Systems, desk and gateway share one clock that stands
still until a test moves it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import uvicorn

from adapters import systems as all_systems
from adapters.http import Endpoint
from adapters.port import Adapter, Report
from adapters.secret import Secret, more_of
from console.desk.desk import Desk, Done
from console.desk.doubts import ALL
from console.desk.gateway import Gateway
from console.domain.clock import SECOND, FixedClock, Span
from console.domain.entry import Entry
from console.domain.incident import Incident
from console.domain.playbook import StepRun, open_runs
from console.store import incidents, journal, outbox, units
from console.store.engine import Store
from console.store.outbox import KeptOrder
from fixtures.backends.faults import Faults
from fixtures.backends.ledger import Told
from fixtures.backends.serve import app_of
from fixtures.backends.systems import Simulated, all_of_them
from tests.store.floor import START, a_unit, desk_at

OVER_HTTP = tuple(one for one in all_systems.known() if one != "terminals")
"""Systems that an HTTP server can stand in for; the terminals speak MQTT."""


CREW = {
    "X301": "fire_engine",
    "X302": "fire_engine",
    "J12": "patrol",
    "J31": "community_officer",
    "J32": "community_officer",
    "S05": "traffic_police",
    "H02": "ambulance",
    "W07": "grid_worker",
}
"""Call sign -> kind, as the playbooks name kinds."""


class Live:
    """What a loop test works with.

    Args:
        url: of the store.
        served: the simulated systems, by id.
        base: where they are served.
        secrets: what callers must know, by system.
        clock: everybody's.
    """

    def __init__(
        self,
        url: str,
        served: Mapping[str, Simulated],
        base: str,
        secrets: Mapping[str, Secret],
        clock: FixedClock,
    ) -> None:
        self.clock = clock
        self.systems = served
        self.base = base
        self.patience_s = 15.0
        """How long an answer may take."""
        self.secrets = secrets
        self.desk: Desk = desk_at(url, clock=clock)
        with self.store.write() as tx:
            units.add(tx, [a_unit(sign, kind) for sign, kind in CREW.items()])

    @property
    def store(self) -> Store:
        """Where the desk keeps everything."""
        return self.desk.store

    def adapters(self) -> dict[str, Adapter]:
        """New adapters over real sockets; each set is for one event loop."""
        return {
            name: all_systems.connect(
                name,
                Endpoint(
                    f"{self.base}/{name}/",
                    self.secrets[name],
                    "bearer",
                    read_s=self.patience_s,
                    more=more_of(self.secrets, name),
                ),
            )
            for name in self.systems
        }

    def round(self, times: int = 1) -> None:
        """The gateway looks at everything that is due now, as often as said."""

        async def go() -> None:
            gateway = Gateway(self.desk, self.adapters())
            try:
                for _ in range(times):
                    await gateway.round()
            finally:
                for one in gateway.adapters.values():
                    await one.close()

        asyncio.run(go())

    def rush(self) -> None:
        """The same with every feed beside the others: one that is slow holds up none."""

        async def go() -> None:
            gateway = Gateway(self.desk, self.adapters())
            feeding = [name for name, one in gateway.adapters.items() if one.feeds]
            try:
                await asyncio.gather(*map(gateway.feeds.look, feeding))
                await gateway.courier()
            finally:
                for one in gateway.adapters.values():
                    await one.close()

        asyncio.run(go())

    def say(self, report: Report, after_ms: Span = 0) -> None:
        """Let a system send a report; it is not fetched before the next `round`."""
        if report.occurred is None:
            report = replace(report, occurred=self.clock.now())
        self.systems[report.source].publish(report, after_ms)

    def comes(self, report: Report) -> Incident:
        """Let a system send a report and the gateway fetch it; the incident it became."""
        self.say(report)
        self.round()
        return self.incident(report.source, report.source_id)

    def wait(self, span: Span) -> None:
        """Let time pass (ms), then look at everything that is due."""
        self.clock.advance(span)
        self.round()

    def do(self, line: str, incident: Incident | int | None = None, role: str = "officer") -> Done:
        """An officer types a line, one second later; it must be done.

        Args:
            line: as typed, without a number when an incident is selected.
            incident: the selected one.
            role: of who types it.
        """
        self.clock.advance(SECOND)
        selected = incident.id if isinstance(incident, Incident) else incident
        self.desk.role, was = role, self.desk.role
        try:
            answers = self.desk.run(line, selected, sure=ALL)
        finally:
            self.desk.role = was
        assert answers, line
        for answer in answers:
            assert answer.ok, f"{line}: {answer.message}"
        return answers[-1]

    def refused(self, line: str, incident: Incident | int | None = None) -> str:
        """An officer types a line that must be refused; the id of the sentence that says why."""
        selected = incident.id if isinstance(incident, Incident) else incident
        answer = self.desk.run(line, selected)[-1]
        assert not answer.ok, line
        return answer.message.id

    # --- what became of it ---------------------------------------------------------

    def incident(self, source: str, source_id: str) -> Incident:
        """The incident that a report became or joined, as it is now."""
        with self.store.read() as tx:
            known = incidents.known_source(tx, source, source_id)
            assert known is not None, f"{source} {source_id} never came"
            return incidents.need(tx, known[0])

    def now(self, incident: Incident) -> Incident:
        """The same incident as it is now."""
        return self.numbered(incident.id)

    def numbered(self, id_: int) -> Incident:
        """An incident by its id, as it is now."""
        with self.store.read() as tx:
            return incidents.need(tx, id_)

    def open_steps(self, incident: Incident) -> tuple[StepRun, ...]:
        """The steps of an incident's playbook that wait to be done."""
        with self.store.read() as tx:
            return open_runs(incidents.steps_of(tx, incident.id))

    def told(self, system: str, action: str = "") -> list[Told]:
        """What a system was told, in order; of one action only, when it is named."""
        found = self.systems[system].ledger.all_told()
        return [one for one in found if action in ("", one.action)]

    def entries(self, verb: str = "", incident: Incident | None = None) -> list[Entry]:
        """The journal in order: of one verb only, of one incident only."""
        with self.store.read() as tx:
            found = list(journal.walk(tx))
        return [
            one
            for one in found
            if verb in ("", one.verb) and (incident is None or one.incident == incident.id)
        ]

    def receipts(self, system: str = "", incident: Incident | None = None) -> list[Entry]:
        """The receipts in the journal, in order: of one system, about one incident."""
        found = self.entries("receipt", incident)
        return [one for one in found if system in ("", one.system)]

    def orders(self, system: str = "") -> list[KeptOrder]:
        """Every order there is, in the order in which they were written."""
        with self.store.read() as tx:
            found = outbox.everything(tx)
        return [one for one in found if system in ("", one.system)]

    def is_whole(self) -> bool:
        """Whether the journal's chain holds from end to end."""
        return journal.verify(self.store).fault is None


@contextlib.contextmanager
def district(url: str, folder: Path | None = None, faults: Faults | None = None) -> Iterator[Live]:
    """Serve every system on a free loopback port, and sit down at a desk.

    Args:
        url: of the store.
        folder: where the systems keep their fixtures; None keeps them in memory.
        faults: what goes wrong with them.
    """
    clock = FixedClock(START)
    names = (*all_systems.known(), "dingtalk_app", "dingtalk_token")
    secrets = {name: Secret(token_hex(16)) for name in names}
    everything = all_of_them(folder, secrets, clock.now)
    served = {name: one for name, one in everything.items() if name in OVER_HTTP}
    with serving(served, faults) as base:
        live = Live(url, served, base, secrets, clock)
        try:
            yield live
        finally:
            live.store.close()
    for one in everything.values():
        one.ledger.close()


@contextlib.contextmanager
def serving(served: Mapping[str, Simulated], faults: Faults | None = None) -> Iterator[str]:
    """Serve apps on a free loopback port from a thread; yields where, as a URL."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app_of(served, faults), log_level="critical", access_log=False, lifespan="off"
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    assert thread.is_alive(), "the simulated systems could not be served"
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
