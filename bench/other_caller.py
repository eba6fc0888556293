"""The bench's other caller: somebody reports once more what an incident is about.

`python -m bench.other_seat STORE` writes `ready`, then for each full number of an incident on
standard input what became of the report: `attached` when all is well.
"""

import sys
from pathlib import Path

from adapters.port import Report
from console.desk.desk import Desk
from console.desk.ruleset import load
from console.domain.clock import WallClock
from console.domain.incident import read_number
from console.launch import sit_down
from console.store import incidents, seats
from console.store.engine import open_store

SEAT = "bench-caller"


def again(desk: Desk, number: str) -> str:
    """Report the incident `number` (`XS-20261123-0017`) once more; what intake made of it.

    Raises:
        LookupError: there is no such incident.
    """
    day, serial = read_number(number) or (None, 0)
    with desk.store.read() as tx:
        id_ = incidents.find_number(tx, day, serial)
        one = incidents.get(tx, id_) if id_ is not None else None
    if one is None:
        raise LookupError(number)
    report = Report(
        source=SEAT,
        source_id=f"{number}-{one.reports}",
        text=one.text,
        occurred=one.received,
        category=one.category,
        place=one.place,
        caller=one.caller,
        phone=one.phone,
    )
    return desk.receive([report])[0].kind


def main(path: Path) -> int:
    """Report what is asked for until standard input is closed."""
    store = open_store(str(path))
    try:
        with store.write() as tx:
            seats.add(tx, SEAT)
        desk = sit_down(store, load(), WallClock(), SEAT)
        print("ready", flush=True)
        for line in sys.stdin:
            print(again(desk, line.strip()), flush=True)
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
