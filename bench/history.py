"""The bench's past: a file of closed incidents, brought in by the import of the console.

`python -m bench.history DIR ROWS` writes `DIR/calls.csv` of ROWS rows, one incident and one unit
each, imports it into the new store `DIR/history.sqlite`, and writes the seconds of the import as
JSON. Making the file does not count, and neither does starting Python.
"""

import csv
import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.fill import SEED, WHATS, spots
from console.desk.imports import Mode, import_table
from console.desk.ruleset import load
from console.domain.clock import WallClock
from console.store.engine import open_store

STORE = "history.sqlite"
MAPPING = """\
[source]
name = "bench-history"
encoding = "utf-8"
timezone = "UTC"
datetime = "%Y-%m-%d %H:%M:%S"
[incident]
id = "id"
category = { column = "kind", map = { "fire" = "fire.structure", "crash" = "traffic.injury" } }
received = "received"
place = "place"
text = "text"
[unit]
call_sign = "unit"
dispatched = "dispatched"
enroute = "enroute"
on_scene = "on_scene"
available = "available"
"""
_TIMES = {"received": 0, "dispatched": 60, "enroute": 130, "on_scene": 420, "available": 3000}
"""Columns of times, and about how many seconds each comes after the call."""
_SPREAD_S = 3 * 365 * 86400
_BEGIN = datetime(2023, 1, 1, tzinfo=UTC)


def write_file(path: Path, rows: int) -> None:
    """A file of `rows` calls over three years, the same every time."""
    dice = random.Random(SEED)
    places = spots(load(), dice, 5_000)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "kind", "place", "text", "unit", *_TIMES])
        for number in range(rows):
            received = _BEGIN + timedelta(seconds=_SPREAD_S * number // rows)
            times = [received + timedelta(seconds=s + dice.randrange(30)) for s in _TIMES.values()]
            writer.writerow(
                [
                    number,
                    dice.choice(("fire", "crash")),
                    dice.choice(places).place,
                    dice.choice(WHATS),
                    f"E{dice.randrange(40)}",
                    *(f"{moment:%Y-%m-%d %H:%M:%S}" for moment in times),
                ]
            )


def import_seconds(folder: Path, rows: int) -> float:
    """Seconds that the import of `rows` rows takes into a new store in `folder`.

    Raises:
        AssertionError: not every row became an incident.
    """
    calls, mapping = folder / "calls.csv", folder / "calls.toml"
    write_file(calls, rows)
    mapping.write_text(MAPPING, encoding="utf-8")
    rules = load()
    store = open_store(str(folder / STORE))
    try:
        began = time.perf_counter_ns()
        outcome = import_table(
            store, rules, WallClock(), calls, mapping, Mode.HISTORY, say=lambda reason: reason.id
        )
        seconds = (time.perf_counter_ns() - began) / 1e9
    finally:
        store.close()
    if outcome.new != rows:
        raise AssertionError(f"{outcome.new} of {rows} rows became incidents")
    return seconds


if __name__ == "__main__":
    print(json.dumps(import_seconds(Path(sys.argv[1]), int(sys.argv[2]))))
