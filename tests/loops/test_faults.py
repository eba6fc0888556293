"""Every fault on every system: contained to its link, said in a sentence, nothing lost and
nothing doubled when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import systems
from adapters.contract import ContractAdapter
from adapters.port import LinkError, Report
from console.desk.linked import linked
from console.domain.clock import HOUR, MINUTE, SECOND
from console.domain.message import Problem
from console.fault_plan import read_plan
from console.i18n import Translator
from console.store import incidents, links, outbox
from console.store.tables import source_ref, unreadable
from fixtures.backends.faults import KINDS, Fault, Faults
from tests.loops.live import OVER_HTTP, Live, district

SPARED = "alarm110"
"""The system that works all the time."""

FEEDS = tuple(
    one for one in OVER_HTTP if one not in ("investigation", "dingtalk")
)  # one is only asked, one speaks by a callback
FAILING = {
    "refused": "unreachable",
    "timeout": "slow",
    "busy": "busy",
    "error": "server",
    "expired": "rights",
    "redirect": "redirect",
}
"""Kinds that every link shows as the same fault."""

LATE, PATIENCE_S = ("timeout", "slow"), 1.2
"""Kinds that make an answer late, and how long one is then waited for: long enough for the system
that works, on a busy machine, too."""

SPOILING = ("ancient", "future", "changed", "long_id", "schema")


@dataclass
class Weather:
    """The time of the plan of faults: bad until it is cleared up."""

    at: float = 0.0
    faults: Faults = field(init=False)
    kind: str = ""

    def over(self) -> None:
        """From now on everything works."""
        self.at = 100.0


def weather(kind: str) -> Weather:
    made = Weather(kind=kind)
    others = tuple(one for one in systems.ORDER if one != SPARED)
    plan = [Fault(kind, others, 0.0, 10.0)]

    async def pause(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 2 * PATIENCE_S))

    made.faults = Faults(plan, 1, lambda: made.at, pause)
    return made


def number(system: str, n: int) -> str:
    return f"{system}-{n}"


def say(live: Live, first: int, count: int) -> None:
    for system in FEEDS:
        for n in range(first, first + count):
            live.say(
                Report(
                    system,
                    number(system, n),
                    f"第{n}件",
                    category="weather.storm" if system == "cap" else "",
                    place=f"北干街道金城路{n}号",
                )
            )


def came(live: Live, system: str, ids: Mapping[int, str]) -> dict[str, int]:
    """How often each report of a system stands in the store."""
    with live.store.read() as tx:
        refs = tx.conn.execute(
            sa.select(source_ref.c.source_id).where(source_ref.c.source == system)
        ).scalars()
        # A warning's id is that of its sender and its own.
        found = [str(ref).rpartition(",")[2] for ref in refs]
    return {one: found.count(one) for one in ids.values()}


def order(live: Live, system: str) -> str:
    """An order for a system of our own contract."""
    adapter = live.adapters()[system]
    assert isinstance(adapter, ContractAdapter)
    action = adapter.contract.actions[0].action
    key = f"{system}:order"
    with live.store.write() as tx:
        body: dict[str, str | int | float | None] = {
            "number": "XS-20261124-0001",
            "at": live.clock.now(),
        }
        outbox.put(tx, key, None, system, action, body, live.clock.now())
    return key


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_contained_and_in_the_end_nothing_is_lost(kind: str, tmp_path: Path) -> None:
    bad = weather(kind)
    with district(str(tmp_path / "store.sqlite"), faults=bad.faults) as live:
        if kind in LATE:
            live.patience_s = PATIENCE_S
        say(live, 1, 3)
        keys = {system: order(live, system) for system in systems.CONTRACTS}
        live.rush()
        live.clock.advance(2 * SECOND)
        live.rush()

        # The system that works is read and told, whatever the others do.
        mine = {n: number(SPARED, n) for n in (1, 2, 3)}
        assert set(came(live, SPARED, mine).values()) == {1}
        assert [one.state for one in live.orders(SPARED)] == ["confirmed"]
        views = {view.system: view for view in linked(live.desk)}
        assert views[SPARED].now.state == links.OK
        if kind != "bad_photo":
            assert {system for system, _ in bad.faults.hits} <= set(systems.ORDER) - {SPARED}
            assert bad.faults.hits
        if kind in FAILING:
            told = {views[system].now.fault for system in FEEDS if system != SPARED}
            assert told == {FAILING[kind]}
            for lang in ("zh", "en"):
                sentence = Translator(lang).t(views["fraudguard"].line())
                assert len(sentence) > 20

        # It is over: everything that was said is there, once, and every order was done once.
        bad.over()
        live.patience_s = 15.0
        say(live, 4, 2)
        for _ in range(3):
            live.clock.advance(20 * MINUTE)
            live.rush()
        for system in FEEDS:
            ids = {n: number(system, n) for n in range(1, 6)}
            assert came(live, system, ids) == dict.fromkeys(ids.values(), 1), system
        for system, key in keys.items():
            (one,) = [kept for kept in live.orders(system) if kept.key == key]
            assert one.state == "confirmed", (system, one)
            assert [told.key for told in live.told(system)].count(key) == 1
        with live.store.read() as tx:
            doubles = tx.conn.execute(
                sa.text(
                    "SELECT source, source_id, count(*) FROM report "
                    "WHERE source_id LIKE '%-_' GROUP BY source, source_id HAVING count(*) > 1"
                )
            ).all()
        assert not [row for row in doubles if kind != "changed"]
        assert live.is_whole()


@pytest.mark.parametrize("kind", ["schema", "long_id", "ancient"])
def test_what_cannot_be_read_is_kept_with_its_reason(kind: str, tmp_path: Path) -> None:
    bad = weather(kind)
    with district(str(tmp_path / "store.sqlite"), faults=bad.faults) as live:
        live.say(Report("hazards", "h1", "配电箱裸露"))
        live.round()
        with live.store.read() as tx:
            rows = tx.conn.execute(
                sa.select(unreadable.c.raw, unreadable.c.reason).where(
                    unreadable.c.source == "hazards"
                )
            ).all()
            known = incidents.known_source(tx, "hazards", "h1")
        assert known is not None
        if kind == "schema":
            assert rows
            assert all(row.raw and row.reason for row in rows)
        elif kind == "long_id":  # kept under a shorter name, or with its reason
            said = live.entries("receive") + live.entries("attach") + live.entries("unreadable")
            assert len(said) == 2
            assert all(len(one.source_id) < 1_000 for one in said)
        else:  # an impossible moment is no reason to lose what was said
            assert live.incident("hazards", "h1-ancient").received == live.clock.now()


def test_an_order_whose_answer_was_lost_is_asked_for_and_not_sent_twice(tmp_path: Path) -> None:
    bad = weather("lost")
    with district(str(tmp_path / "store.sqlite"), faults=bad.faults) as live:
        key = order(live, "cylinders")
        live.round()
        assert [told.key for told in live.told("cylinders")] == [key]
        assert [one.state for one in live.orders("cylinders")] == ["waiting"]
        bad.over()
        live.wait(HOUR)
        (one,) = live.orders("cylinders")
        assert (one.state, one.attempts) == ("confirmed", 2)
        assert [told.key for told in live.told("cylinders")] == [key]


@pytest.fixture
def garbled(tmp_path: Path) -> Iterator[Live]:
    with district(str(tmp_path / "store.sqlite"), faults=weather("bad_photo").faults) as live:
        yield live


def test_a_photo_that_is_none_is_refused(garbled: Live) -> None:
    garbled.systems["hazards"].ledger.add_photo("p.png", "image/png", b"\x89PNG\r\n\x1a\n")

    async def look() -> None:
        adapter = garbled.adapters()["hazards"]
        try:
            await adapter.fetch("p.png")
        finally:
            await adapter.close()

    with pytest.raises(LinkError) as refused:
        asyncio.run(look())
    assert refused.value.kind in ("schema", "unreadable")


def test_a_mistake_in_the_plan_is_a_sentence_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('[[fault]]\nkind = "gremlins"\nfrom = "soon"\nsystem = "x"\n', "utf-8")
    with pytest.raises(Problem) as wrong:
        read_plan(path)
    said = Translator("en").t(wrong.value.message)
    for part in ("plan.toml", "line 2", "gremlins", "line 3", "line 4"):
        assert part in said


def test_the_plan_that_ships_can_be_played() -> None:
    plan = read_plan(Path(__file__).parents[2] / "fixtures" / "faults.toml")
    assert {one.kind for one in plan} >= {"busy", "lost", "refused", "timeout", "expired"}
    at_25 = [one.kind for one in plan if one.is_on("wages", 25.0)]
    assert at_25 == [one.kind for one in plan if one.is_on("wages", 205.0)] == ["lost"]
