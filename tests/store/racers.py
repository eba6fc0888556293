"""Processes that all want the same: started together, each with a desk of its own.

Run as ``python -m tests.store.racers STORE SEAT COUNT``: accepts incidents 1 to COUNT as
fast as it can, and prints who was told to have each of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from console.desk.desk import Desk
from console.desk.ruleset import load as load_rules
from console.domain.clock import WallClock
from console.store.engine import open_store

ROOT = Path(__file__).parent.parent.parent


def race(store: str, seats: Sequence[str], count: int) -> list[dict[str, str]]:
    """Let every seat accept all incidents; what each was told: number -> seat that has it."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.store.racers", store, seat, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for seat in seats
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate()[0] for process in started]
    return [json.loads(answer) for answer in answers]


def _main(url: str, seat: str, count: int) -> None:
    # Nobody gives up here: what is measured is who wins, not who has patience.
    store = open_store(url, busy=120)
    desk = Desk(store, WallClock(), load_rules(), seat)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    told: dict[str, str] = {}
    for number in range(1, count + 1):
        answer = desk.run(f"接 {number}")[-1]
        if not answer.ok and answer.message.id != "accept.taken":
            raise SystemExit(f"{number}: {answer.message}")
        told[str(number)] = seat if answer.ok else str(answer.message.args["seat"])
        # One who has just won is not always the first at the next one, too.
        time.sleep(0.001 if answer.ok else 0)
    store.close()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
