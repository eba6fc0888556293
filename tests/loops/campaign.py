"""The campaign: every fault on every system under load, while the gateway is killed.

``python -m tests.loops.campaign FOLDER --kills 200`` serves every simulated system with its
faults, lets them report, lets officers order, and kills ``zhiban gateway`` with -9 again and
again. When the faults are over it waits until everything is quiet, and says what it found as
JSON; anything lost or doubled is an assertion that fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import sqlalchemy as sa

from adapters import systems
from adapters.port import Report
from adapters.secret import Secret
from console.desk.desk import Desk
from console.domain.clock import WallClock
from console.domain.incident import Incident
from console.store import checking, incidents, journal, links, outbox
from console.store.tables import group_message, source_ref, unreadable
from fixtures.backends.dingtalk import Group
from fixtures.backends.faults import KINDS, Fault, Faults
from fixtures.backends.systems import Simulated, all_of_them, came_as
from tests.loops.live import OVER_HTTP, serving
from tests.loops.mosquitto import PROGRAM, Broker
from tests.store import truths
from tests.store.books import open_books
from tests.store.floor import desk_at

ROOT = Path(__file__).parent.parent.parent

SPAN_S, EVERY_S = 1.0, 1.2
"""Seconds for which each fault is on, and after which the next one comes."""

SHARE = 0.5
"""Part of the requests that a fault hits: the others keep the load up."""

QUIET_S = 240.0
"""Seconds after the faults in which everything must have arrived."""

GATEWAY = """
import sys
from console import linking
linking.LEASE, linking.RENEWED = 400, 100  # a successor need not wait 15 s for a dead one
from console.start import main
sys.argv[0] = "zhiban"
main()
"""

SETTLED = frozenset({outbox.CONFIRMED, outbox.REFUSED, outbox.UNKNOWN, outbox.WITHDRAWN})


@dataclass
class Said:
    """What the systems have said: (source, id) of every report, and the group's messages."""

    reports: set[tuple[str, str]] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)


class Campaign:
    """One campaign in a folder.

    Args:
        folder: for the store, the systems' fixtures, secrets and the broker.
        seed: of everything that is left to chance.
    """

    def __init__(self, folder: Path, seed: int, around: ExitStack) -> None:
        self.folder, self.dice = folder, random.Random(seed)
        self.said = Said()
        self.asked: Counter[str] = Counter()
        """Key -> how often a terminal was asked for it."""
        self.kills = 0
        names = (*systems.known(), "dingtalk_app", "dingtalk_token")
        self.secrets = {name: Secret(token_hex(16)) for name in names}
        fixtures = folder / "fixtures"
        fixtures.mkdir()
        everything = all_of_them(fixtures, self.secrets)
        self.served: dict[str, Simulated] = {n: everything[n] for n in OVER_HTTP}
        plan = [
            Fault(kind, (), n * EVERY_S, n * EVERY_S + SPAN_S, len(KINDS) * EVERY_S, SHARE)
            for n, kind in enumerate(KINDS)
        ]
        self.faults = Faults(plan, seed, pause=_shortly)
        self.base = around.enter_context(serving(self.served, self.faults))
        self.broker = Broker(folder) if PROGRAM is not None else None
        if self.broker is not None:
            self.broker.start()
            around.callback(self.broker.stop)
        self.store_path = folder / "store.sqlite"
        self.desk: Desk = desk_at(str(self.store_path), clock=WallClock())
        around.callback(lambda: self.desk.store.close())
        self.port = _free_port()
        self.secrets_path = folder / "secrets.toml"
        words = "".join(f'{name} = "{one.reveal()}"\n' for name, one in self.secrets.items())
        self.secrets_path.write_text(words, "utf-8")
        self.secrets_path.chmod(0o600)
        group = self.served["dingtalk"]
        assert isinstance(group, Group)
        group.callback = f"http://127.0.0.1:{self.port}/dingtalk/callback"
        self.group = group
        self._over = threading.Event()
        around.callback(self._over.set)

    # --- the gateway ---------------------------------------------------------------

    def gateway(self) -> subprocess.Popen[bytes]:
        """Start the real program."""
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        if self.broker is not None:
            env["ZHIBAN_LINKS"] = json.dumps({"terminals": {"url": self.broker.url}})
        argv = [sys.executable, "-c", GATEWAY, "gateway", "--store", str(self.store_path)]
        argv += ["--systems", self.base, "--secrets", str(self.secrets_path)]
        argv += ["--listen", f"127.0.0.1:{self.port}"]
        with (self.folder / "gateway.log").open("ab") as log:
            return subprocess.Popen(argv, stdout=log, stderr=log, env=env, cwd=ROOT)

    def listened(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the gateway has a session at the broker, which keeps letters from then on.

        A letter that nobody ever asked for is not kept: without this wait a slow machine
        loses the first ones, and not through the gateway's fault.
        """
        until = time.monotonic() + QUIET_S
        while self.broker is not None:
            with self.desk.store.read() as tx:
                if links.get(tx, "terminals").state == links.OK:
                    return
            assert time.monotonic() < until, "no session at the broker: see gateway.log"
            assert process.poll() is None, "the gateway ended by itself: see gateway.log"
            time.sleep(0.1)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill it with -9; it must not have ended by itself."""
        assert process.poll() is None, "the gateway ended by itself: see gateway.log"
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.kills += 1

    # --- the load --------------------------------------------------------------------

    def talk(self) -> None:
        """Residents post, and terminals answer, until it is over; in threads of their own."""
        threading.Thread(target=self._residents, daemon=True).start()
        if self.broker is not None:
            threading.Thread(target=self._terminals, daemon=True).start()

    def _residents(self) -> None:
        while not self._over.wait(0.3):
            asyncio.run(self.group.deliver())  # nobody there just now: they try again

    def _terminals(self) -> None:
        from paho.mqtt import client as mqtt
        from paho.mqtt.enums import CallbackAPIVersion

        assert self.broker is not None
        client = mqtt.Client(CallbackAPIVersion.VERSION2, "terminals", clean_session=False)

        def hear(one: Any, _data: object, message: Any) -> None:
            asked = json.loads(message.payload)
            self.asked[asked["key"]] += 1
            name = message.topic.rpartition("/")[2]
            if zlib.crc32(asked["key"].encode()) % 5:  # one in five is mute
                answer = json.dumps({"key": asked["key"], "state": "confirmed"})
                one.publish(f"terminals/ack/{name}", answer, qos=1)

        client.on_message = hear
        client.connect("127.0.0.1", self.broker.port)
        client.subscribe("terminals/command/#", qos=1)
        client.loop_start()
        self._over.wait()
        client.loop_stop()

    def reports(self, n: int) -> None:
        """Every system that feeds says something."""
        for system, one in self.served.items():
            if system == "investigation":
                continue
            report = Report(
                system,
                f"{system}-{n}",
                f"第{n}件: 三楼冒烟, 有人被困" if n % 3 else f"第{n}件, 请来看看",
                category="weather.storm" if system == "cap" else "",
                place=f"北干街道金城路{n}号",
                caller="居民俞某",
                phone="19900001111",
            )
            if system == "dingtalk":
                report = replace(report, facts={"sender": f"s{n}"})
                self.said.messages.add(report.source_id)
            else:
                self.said.reports.add((system, came_as(one, report)))
            one.publish(report)
        if self.broker is not None:
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            value = {"id": f"a{n}", "kind": "smoke", "at": at, "place": f"金城路{n}号"}
            self.broker.put((f"terminals/alarm/YG-{n}", json.dumps(value)))
            self.said.reports.add(("terminals", f"YG-{n}/a{n}"))

    def orders(self) -> None:
        """Officers accept, transfer, and tell every system something."""
        with self.desk.store.read() as tx:
            last = list(incidents.between(tx, 0, 99_999_999))
        if not last:
            return
        wanted = ["hotline12345", "citymgmt", "cap", *systems.CONTRACTS]
        if self.dice.random() < 0.15:
            wanted.append("dingtalk")  # its robot speaks twenty times a minute
        for system in self.dice.sample(wanted, 6):
            self._order(system, _action(system, self.dice), self.dice.choice(last))
        raised = [one for one in last if one.source == "terminals"]
        if raised:
            self._order("terminals", "acknowledge", self.dice.choice(raised))

    def _order(self, system: str, action: str, about: Incident) -> None:
        with self.desk.writing() as work:
            words = f"第{journal.head(work.tx)[0]:06}句"
            entry = replace(work.entry("note", about.id), text=words)
            key = work.order(about, system, action, entry)
            work.log(replace(entry, before=(("orders", key),)))

    # --- the end -----------------------------------------------------------------------

    def missing(self) -> list[str]:
        """The reports, messages and orders that have not arrived yet, by name."""
        with self.desk.store.read() as tx:
            refs = tx.conn.execute(sa.select(source_ref.c.source, source_ref.c.source_id)).all()
            heard = tx.conn.execute(sa.select(group_message.c.source_id)).scalars().all()
            waiting = [one for one in outbox.everything(tx) if one.state not in SETTLED]
        came = {(str(s), str(i)) for s, i in refs}
        lost = [f"report {system}/{name}" for system, name in self.said.reports - came]
        silent = [f"message {name}" for name in self.said.messages - set(heard)]
        return sorted([*lost, *silent, *(f"order {one.key} {one.state}" for one in waiting)])

    def verdict(self) -> dict[str, object]:
        """Hold everything against everything; what was found, in numbers."""
        store = self.desk.store
        assert self.missing() == []
        with store.read() as tx:
            refs = tx.conn.execute(sa.select(source_ref.c.source, source_ref.c.source_id)).all()
            heard = tx.conn.execute(sa.select(group_message.c.source_id)).scalars().all()
            tray = tx.conn.execute(sa.select(sa.func.count()).select_from(unreadable)).scalar_one()
            orders = outbox.everything(tx)
        came = Counter((str(s), str(i)) for s, i in refs)
        for one in self.said.reports:
            assert came[one] == 1, one
        messages = Counter(map(str, heard))
        for name in self.said.messages:
            assert messages[name] == 1, name
        states: Counter[str] = Counter()
        spoken = self.group.seen()
        for order in orders:
            states[f"{order.system}:{order.state}"] += 1
            if order.system in systems.UNKEYED:
                self._unkeyed(order, spoken)
                continue
            assert order.state in (outbox.CONFIRMED, outbox.REFUSED), order
            if order.system not in self.served:
                continue
            done = [t for t in self.served[order.system].ledger.all_told() if t.key == order.key]
            assert len(done) <= 1, order
            assert done or order.state == outbox.REFUSED, order
        for system, simulated in self.served.items():
            if system == "dingtalk":
                continue
            keys = [told.key for told in simulated.ledger.all_told()]
            assert len(keys) == len(set(keys)), system
            unknown = set(keys) - {order.key for order in orders}
            assert not unknown, f"{system} did what nobody ordered: {unknown}"
        assert checking.check(store) == []
        verified = journal.verify(store)
        assert verified.fault is None
        with open_books(store.url) as books:
            truths.incidents_hold(books)
            truths.reports_hold(books)
            truths.outbox_holds(books)
        hit = {kind: sorted(s for s, k in self.faults.hits if k == kind) for kind in KINDS}
        return {
            "kills": self.kills,
            "reports": len(self.said.reports),
            "messages": len(self.said.messages),
            "orders": dict(sorted(states.items())),
            "entries": verified.entries,
            "tray": int(tray),
            "faults": {kind: len(of) for kind, of in hit.items()},
        }

    def _unkeyed(self, order: outbox.KeptOrder, spoken: list[str]) -> None:
        """Sent once, or visibly unknown and not more than once."""
        if order.system == "terminals":
            times = self.asked[order.key]
            # The broker may hand a letter of QoS 1 over twice; the terminal knows it by its key.
            assert times <= 2, order
        else:
            words = re.escape(str(order.body["words"]))
            times = sum(len(re.findall(words, text)) for text in spoken)
            assert times <= 1 or order.key.endswith(":group"), order
        if order.state == outbox.CONFIRMED:
            assert times >= 1, order


def _action(system: str, dice: random.Random) -> str:
    if system in systems.CONTRACTS:
        contract = __import__(f"adapters.{system}", fromlist=["CONTRACT"]).CONTRACT
        return str(dice.choice(contract.actions).action)
    return {"cap": "alert", "dingtalk": "notice"}.get(system, "transfer")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def _shortly(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 1.5))


def run(folder: Path, kills: int, seed: int = 1) -> dict[str, object]:
    """One campaign; what it found.

    Raises:
        AssertionError: something was lost or doubled.
    """
    with ExitStack() as around:
        one = Campaign(folder, seed, around)
        process = one.gateway()
        one.listened(process)
        one.talk()
        try:
            for n in range(1, kills + 1):
                one.reports(n)
                one.orders()
                time.sleep(one.dice.uniform(0.2, 2.6))
                one.kill(process)
                process = one.gateway()
            one.faults.plan = ()
            until = time.monotonic() + QUIET_S
            while missing := one.missing():
                assert time.monotonic() < until, f"still missing: {missing}"
                assert process.poll() is None
                time.sleep(0.5)
            time.sleep(2.0)  # what would come twice would come now
        finally:
            process.terminate()
            process.wait()
        return one.verdict()


def main() -> None:
    """Run it by hand."""
    parser = argparse.ArgumentParser(prog="python -m tests.loops.campaign")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=False)
    print(json.dumps(run(chosen.folder, chosen.kills, chosen.seed), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
