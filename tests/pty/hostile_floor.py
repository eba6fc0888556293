"""A store whose every text is hostile, and one with the same in harmless words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.port import Report
from console.desk import desk as desk_module
from console.desk import intake
from console.desk.desk import Desk
from console.desk.ruleset import load
from console.domain.clock import MINUTE, Instant, WallClock
from console.domain.text import Cleaned
from console.store import seats, units
from console.store.engine import Store, open_store
from console.store.units import UnitNow
from tests.pty.payloads import ALL

Words = Callable[[str], str]
"""Field -> what stands in it besides its mark."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A store and the hostile names of its texts, in the order of their incidents."""

    path: Path
    names: tuple[str, ...]


def harmless(_field: str) -> str:
    """What stands in a field of the harmless store."""
    return "plain words 好 "


def report(number: int, name: str, words: str, at: Instant) -> Report:
    """A report with these words in every field that takes any."""
    return Report(
        source=f"s{words}",
        source_id=f"{number} {words}",
        text=f"T{number:02}< {words} >T{number:02}",
        occurred=at,
        category=f"{words}" if number % 2 else "fire",
        place=f"P{number:02}<{words}>P{number:02}",
        town=words,
        caller=f"C{number:02} {words}",
        phone=f"1990000{number:04} {words}",
        priority=2,
        fraud_class=words,
        amount_at_risk=number,
        facts={f"{name} label {words}": f"value {words}", words: words, "": words},
    )


def storable(words: str) -> str:
    """Without what no database can hold."""
    return words.encode("utf-8", "replace").decode()


def build(path: Path, texts: Mapping[str, str], *, raw: bool = False) -> Floor:
    """Fill a store through its doors.

    Args:
        path: the file.
        texts: name -> words; an incident for each.
        raw: with the doors' cleaning switched off, as if another program had written it.
    """
    with pytest.MonkeyPatch.context() as patch:
        if raw:
            patch.setattr(intake, "cleaned", _unharmed)
            patch.setattr(desk_module, "clean", _uncleaned)
        store = open_store(str(path))
        try:
            return _fill(store, path, texts)
        finally:
            store.close()


def _unharmed(given: Report) -> Report:
    # NUL ends a text for SQLite's own functions; that alone is left out.
    facts = {str(k): str(v) for k, v in given.facts.items()}
    return replace(given, facts=facts)


def _uncleaned(text: str, limit: int, *, lines: bool = False) -> Cleaned:
    return Cleaned(text)


def _fill(store: Store, path: Path, texts: Mapping[str, str]) -> Floor:
    clock = WallClock()
    joined = " ".join(texts.values())[:400]
    seat, officer = f"席{joined}"[:60], f"官{joined}"[:60]
    with store.write() as tx:
        seats.add(tx, "一席", "officer", officer)
        seats.add(tx, seat, "officer", officer)
        units.add(tx, [_unit(n, words) for n, words in enumerate(texts.values(), 1)])
    desk = Desk(store, clock, load(), "一席", officer)
    now = clock.now()
    for number, (name, words) in enumerate(texts.items(), 1):
        taken = desk.receive([report(number, name, words, now - (60 - number) * MINUTE)])
        assert taken[0].kind == "new", (name, taken)
    other = Desk(store, clock, load(), seat, officer)
    for number, words in enumerate(texts.values(), 1):
        _do(other, f"note #{number} N{number:02}< {words} >N{number:02}")
    _do(other, "accept 2")
    _do(other, f"close #2 false alarm {joined}")
    return Floor(path, tuple(texts))


def _do(desk: Desk, line: str) -> None:
    done = desk.run(line, None, "en", sure={"*"})
    assert done[0].ok, (line, done)


def _unit(number: int, words: str) -> UnitNow:
    return UnitNow(
        call_sign=f"U{number} {words}"[:60],
        kind="patrol",
        name=words[:60],
        station=words[:60],
        town=words[:60],
        lat=None,
        lon=None,
        status="available",
        since=0,
        incident=None,
        check_due=None,
        check_missed=0,
        load=0,
    )


def all_harmless() -> dict[str, str]:
    """As many harmless texts as there are hostile ones."""
    return {name: f"{harmless(name)} {n}" for n, name in enumerate(ALL)}


def numbers(floor: Floor) -> Sequence[int]:
    """Short numbers of the incidents that are open."""
    return [n for n in range(1, len(floor.names) + 1) if n != 2]
