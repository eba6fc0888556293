"""Measures of the figures: panels from the rollups, beside the plain GROUP BY of the same days."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.catalogue import Finding
from bench.past import DAYS, END, TODAY, fill_past
from bench.peers import group_by
from bench.plan import Plan
from bench.stats import Sample
from console.desk.desk import Desk
from console.desk.figured import figured
from console.desk.ruleset import load
from console.domain.clock import FixedClock
from console.domain.panels import FIELDS, WINDOWS, Window, window
from console.domain.rollup import date_of, number_of
from console.store.engine import open_store


def measure(plan: Plan) -> Iterator[Finding]:
    """Every panel of today, and windows of any days, on three years of incidents."""
    for incidents in sorted(plan.stores):
        path = plan.work / f"past-{incidents}.sqlite"
        fill_past(path, incidents)
        yield from on(path, incidents, plan.rounds)


def on(path: Path, incidents: int, rounds: int) -> Iterator[Finding]:
    """The measures on a store that `fill_past` has filled.

    Args:
        path: the store's file.
        incidents: how many it holds.
        rounds: how often every panel is read.
    """
    store = open_store(str(path))
    desk = Desk(store, FixedClock(END), load(), "bench", "bench")
    today = date_of(TODAY)
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as plain:
            panels = [(field, window(name, today)) for field in FIELDS for name in WINDOWS]
            yield _finding("figures_panel", incidents, desk, plain, panels, rounds)
            dice = random.Random(1)
            chosen = []
            for _ in range(16):
                first = today - timedelta(days=dice.randrange(1, DAYS - 1))
                last = first + timedelta(days=dice.randrange((today - first).days + 1))
                chosen.append((dice.choice(FIELDS), Window("days", first, last)))
            yield _finding("figures_window", incidents, desk, plain, chosen, rounds)
    finally:
        store.close()


def _finding(
    name: str,
    incidents: int,
    desk: Desk,
    plain: sqlite3.Connection,
    panels: list[tuple[str, Window]],
    rounds: int,
) -> Finding:
    own: list[float] = []
    peer: list[float] = []
    for number in range(rounds):
        for field, chosen in panels:
            own.append(_ms(lambda: figured(desk, field, chosen)))  # noqa: B023
            if number == 0:
                first, last = number_of(chosen.first), number_of(chosen.last)
                peer.append(_ms(lambda: group_by.panel(plain, first, last, field)))  # noqa: B023
    return Finding(name, incidents, Sample.of(own), Sample.of(peer))


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / 1e6
