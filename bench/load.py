"""The bench's load: reports that go the live path of intake, beside the console or alone.

`python -m bench.load STORE count N` takes in N reports as fast as it goes, in pages as a feed
brings them, and writes the seconds as JSON. `python -m bench.load STORE rate R` takes in R reports
a second, each by itself, until standard input is closed, and writes how many there were.
"""

import argparse
import json
import random
import select
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from adapters.port import Report
from bench.fill import WHATS, spots
from console.desk.desk import Desk
from console.desk.ruleset import Ruleset, load
from console.domain.clock import Clock, WallClock
from console.launch import sit_down
from console.store import seats
from console.store.engine import open_store

SEAT = "bench-load"
PAGE = 50
"""Reports in one page of a feed, which is one transaction."""
_PLACES = 5_000


def reports(rules: Ruleset, clock: Clock, seed: int) -> Iterator[Report]:
    """Reports without end, all from one source, at addresses all over the district."""
    dice = random.Random(seed)
    places = spots(rules, dice, _PLACES)
    # A second run on the same store must not bring the same ids.
    run = clock.now()
    number = 0
    while True:
        number += 1
        yield Report(
            source="bench-load",
            source_id=f"{run}-{number}",
            text=f"{dice.choice(WHATS)}, 来电 {dice.randrange(10**4):04d}",
            occurred=clock.now(),
            place=dice.choice(places).place,
            caller="王某",
            phone=f"139{dice.randrange(10**8):08d}",
        )


def take_in(desk: Desk, count: int, seed: int) -> float:
    """Seconds that it takes to take in `count` reports, page after page."""
    source = reports(desk.rules, desk.clock, seed)
    pages: list[list[Report]] = []
    while wanted := min(PAGE, count - PAGE * len(pages)):
        pages.append(list(islice(source, wanted)))
    began = time.perf_counter_ns()
    for page in pages:
        desk.receive(page)
    return (time.perf_counter_ns() - began) / 1e9


def keep_coming(desk: Desk, rate: float, seed: int) -> int:
    """Take in `rate` reports a second until standard input is closed; how many there were."""
    began, taken = time.monotonic(), 0
    for report in reports(desk.rules, desk.clock, seed):
        due = began + taken / rate
        ready, _, _ = select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))
        if ready:
            return taken
        desk.receive([report])
        taken += 1
    return taken


def main(arguments: list[str] | None = None) -> int:
    """Be the load that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("how", choices=["count", "rate"])
    parser.add_argument("number", type=float)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    store = open_store(str(asked.store))
    try:
        with store.write() as tx:
            seats.add(tx, SEAT)
        desk = sit_down(store, load(), WallClock(), SEAT)
        if asked.how == "count":
            print(json.dumps(take_in(desk, int(asked.number), asked.seed)))
        else:
            print("ready", flush=True)
            print(json.dumps(keep_coming(desk, asked.number, asked.seed)))
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
