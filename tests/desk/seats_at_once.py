"""Eight seats that work on the same incidents at the same time, each a process.

Run as ``python -m tests.desk.seats_at_once STORE COUNT FOLDER``: fills the store with
`COUNT` incidents and lets every seat go through all of them, in the same order: ten at
which they wait for each other and begin together, then ten that each takes when it comes
there. The first takes the incident in hand, sends a unit that others want as
well, merges, finishes; the others write notes on it. What a seat was told is in a file
of its own in `FOLDER`, in the order in which it was told.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random

from console.desk.desk import Desk, Done
from console.desk.doubts import ALL
from console.domain.clock import WallClock
from console.domain.incident import full_number
from console.store import incidents, units
from console.store.engine import Store, open_store
from tests.store.floor import a_fire, a_unit, rules

SEATS = tuple(f"{n}席" for n in "一二三四五六七八")
SIGNS = tuple(f"S{n:02}" for n in range(40))
_WARM = 3
"""Incidents that the first process works through alone, before the others are forked."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a seat was told about one line.

    `incident` is the id of the incident meant; `took` is how long it took, in seconds.
    """

    verb: str
    incident: int
    text: str
    ok: bool
    message: str
    seat: str
    took: float


def told_in(folder: Path) -> dict[str, list[Told]]:
    """Seat -> what it was told."""
    return {
        seat: [Told(*one) for one in json.loads((folder / f"{seat}.json").read_text("utf-8"))]
        for seat in SEATS
    }


def fill(store: Store, count: int) -> list[int]:
    """A store of that many incidents, each at a house of its own; their ids."""
    with store.write() as tx:
        units.add(tx, [a_unit(sign, "patrol") for sign in SIGNS])
    desk = Desk(store, WallClock(), rules(), "前台")
    found: list[int] = []
    for first in range(1, count + 1, 100):
        some = range(first, min(first + 100, count + 1))
        taken = desk.receive(
            [a_fire(n, f"第 {n} 件 楼道起火", f"瓜沥镇第{n}村{n}号") for n in some]
        )
        found += [one.incident for one in taken if one.incident is not None]
    assert len(set(found)) == count
    return found


class _Seat:
    def __init__(self, url: str, seat: str) -> None:
        self.seat, self.dice, self.told = seat, Random(seat), list[Told]()
        # With the patience that everybody has.
        self.store = open_store(url)
        self.desk = Desk(self.store, WallClock(), rules(), seat)

    def work(self, ids: list[int], together: Callable[[], object]) -> None:
        for at, id_ in enumerate(ids):
            if at // 10 % 2 == 0:
                together()
            mine = self._say("接", id_).ok
            if mine and self.dice.random() < 0.7:
                self._say("派", id_, self.dice.choice(SIGNS))
            self._say("记", id_, f"{self.seat} 第 {at} 句")
            if not mine:
                continue
            if self.dice.random() < 0.2:
                self._say("并", id_, self._number(self.dice.choice(ids[max(0, at - 5) : at + 5])))
            if self.dice.random() < 0.2:
                self._say("级", id_, str(self.dice.randint(2, 4)))
            if self.dice.random() < 0.8:
                self._say("毕", id_, "熄灭 已处置")
                self._say("结", id_, "已处置")

    def _number(self, id_: int) -> str:
        return f"#{full_number(self.store.district, id_)}"

    def _say(self, verb: str, id_: int, text: str = "") -> Done:
        begun = time.perf_counter()
        line = f"{verb} {self._number(id_)} {text}".strip()
        answer = self.desk.run(line, sure=ALL)[-1]
        took = time.perf_counter() - begun
        by = str(answer.message.args.get("seat", ""))
        self.told.append(Told(verb, id_, text, answer.ok, answer.message.id, by, took))
        return answer


def _sit(url: str, seat: str, ids: list[int], folder: Path, gate: Barrier) -> None:
    sitting = _Seat(url, seat)
    sitting.work(ids, gate.wait)
    sitting.store.close()
    told = [[getattr(one, name) for name in Told.__dataclass_fields__] for one in sitting.told]
    (folder / f"{seat}.json").write_text(json.dumps(told), "utf-8")


def main(url: str, count: str, folder: str) -> None:
    warm = Path(folder) / "warm.sqlite"
    store = open_store(str(warm))
    ids = fill(store, _WARM)
    alone = _Seat(str(warm), "一席")
    alone.work(ids, lambda: None)
    alone.store.close()
    store.close()

    store = open_store(url)
    ids = fill(store, int(count))
    with store.read() as tx:
        assert len(incidents.many(tx, ids)) == int(count)
    store.close()
    # Somebody who never comes must not be waited for until all have gone home.
    gate = multiprocessing.get_context("fork").Barrier(len(SEATS), timeout=120)
    processes: list[int] = []
    for seat in SEATS:
        pid = os.fork()
        if not pid:
            try:
                _sit(url, seat, ids, Path(folder), gate)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        processes.append(pid)
    states = [os.waitpid(pid, 0)[1] for pid in processes]
    assert not any(states), f"a seat broke down: {states}"


if __name__ == "__main__":
    main(*sys.argv[1:])
