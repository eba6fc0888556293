"""A real desk on a real store, small: a handful of units, a clock that stands still."""

from __future__ import annotations

from functools import cache

from adapters.port import Report
from console.desk.desk import Desk, Done
from console.desk.doubts import ALL
from console.desk.ruleset import Ruleset
from console.desk.ruleset import load as load_rules
from console.domain.clock import Clock, FixedClock, Instant
from console.store import units
from console.store.engine import Store, open_store
from console.store.units import UnitNow

START: Instant = 1_795_500_000_000
"""24 November 2026, 11:20 in Xiaoshan: a day of which nothing is special."""

KINDS = {
    "E301": "engine",
    "E302": "engine",
    "P12": "patrol",
    "P31": "community",
    "A02": "ambulance",
    "T05": "traffic",
}


@cache
def rules() -> Ruleset:
    """The rules that ship, read once a process."""
    return load_rules()


def a_unit(call_sign: str, kind: str, status: str = "available") -> UnitNow:
    """A unit that has done nothing yet."""
    return UnitNow(
        call_sign, kind, "", "", "beigan", 30.17, 120.27, status, START, None, None, 0, 0
    )


def crew(store: Store) -> None:
    """Put the units on the board."""
    with store.write() as tx:
        units.add(tx, [a_unit(sign, kind) for sign, kind in KINDS.items()])


def desk_at(url: str, seat: str = "一席", clock: Clock | None = None, busy: float = 10.0) -> Desk:
    """A desk at a store, with units on the board."""
    store = open_store(url, busy=busy)
    crew(store)
    return Desk(store, clock or FixedClock(START), rules(), seat, "李某")


def a_fire(number: int, text: str = "三楼冒烟", place: str = "", age: int = 60_000) -> Report:
    """A report of a fire at a house of its own, `age` ms ago."""
    return Report(
        "alarm110", f"f{number}", text, START - age, place=place or f"北干街道金城路{number}号"
    )


def said(answer: Done) -> str:
    """What a command was answered with, for an assertion's words."""
    return f"{answer.message.id} {dict(answer.message.args)}"


def ok(desk: Desk, line: str, selected: int | None = None, seat: str | None = None) -> Done:
    """Do a line that must succeed, also where the console would ask first."""
    answers = desk.run(line, selected, "zh", seat, sure=ALL)
    assert answers, line
    assert all(a.ok for a in answers), f"{line}: {[said(a) for a in answers]}"
    return answers[-1]


def refused(desk: Desk, line: str, selected: int | None = None, seat: str | None = None) -> str:
    """Do a line that must be refused; the id of the sentence that says why."""
    last = desk.run(line, selected, "zh", seat)[-1]
    assert not last.ok, f"{line}: {said(last)}"
    return last.message.id
