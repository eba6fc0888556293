"""Measures of the store: a verb that is committed, filters, intake and import."""

import json
import subprocess
import sys
from collections.abc import Iterator

from bench import history
from bench.catalogue import Finding
from bench.measure_console import verb_times
from bench.measure_keys import ready
from bench.plan import Plan
from bench.stats import Sample
from bench.target import PEERS, ROOT

_REPORTS = 1000


def measure_verb(plan: Plan) -> Iterator[Finding]:
    """From Enter to the repainted row, in turn with plain fsynced inserts on the same disk."""
    for incidents, console in plan.consoles():
        own: list[float] = []
        peers: list[float] = []
        for number in range(plan.rounds):
            peers += _inserts_ms(plan, f"{incidents}-{number}")
            if console is not None:
                with console.open() as terminal:
                    ready(terminal, console)
                    own += verb_times(terminal, console, plan.keys // 2)
        yield Finding("verb", incidents, Sample.maybe(own), Sample.of(peers))


def measure_intake(plan: Plan) -> Iterator[Finding]:
    """Reports a second through the live path, in pages, with what the store already holds."""
    for incidents, store, _console in plan.measured():
        rates = []
        for number in range(plan.rounds):
            seconds = _seconds(
                "bench.load", str(store), "count", str(_REPORTS), "--seed", str(number)
            )
            rates.append(_REPORTS / seconds)
        yield Finding("intake", incidents, Sample.of(rates), None)


def measure_history(plan: Plan) -> Iterator[Finding]:
    """Rows a second of the history import, in turn with plain inserts of what it wrote."""
    if not plan.stores:
        return
    own: list[float] = []
    peers: list[float] = []
    for number in range(plan.rounds):
        folder = plan.work / f"history-{number}"
        folder.mkdir()
        own.append(plan.rows / _seconds("bench.history", str(folder), str(plan.rows)))
        store, again = folder / history.STORE, folder / "again.sqlite"
        peers.append(plan.rows / _seconds("bench.peers.sqlite_executemany", str(store), str(again)))
    yield Finding("history", None, Sample.of(own), Sample.of(peers))


def _seconds(module: str, *arguments: str) -> float:
    told = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return float(json.loads(told.stdout))


def _inserts_ms(plan: Plan, name: str) -> list[float]:
    path = plan.work / f"insert-{name}.sqlite"
    told = subprocess.run(
        [sys.executable, str(PEERS / "sqlite_insert.py"), str(path), str(plan.keys)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(nanoseconds) / 1e6 for nanoseconds in json.loads(told.stdout)]
