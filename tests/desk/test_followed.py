"""What is followed to its end: read by key in the order of deadlines, counted from records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.port import Report
from console.desk.desk import Desk
from console.desk.followed import field_standings, loop_standings
from console.desk.ruleset import load
from console.domain.clock import HOUR, FixedClock
from console.domain.incident import full_number
from console.domain.risk_fields import parse_fields, standings
from console.screens.loops_reading import LoopWant, window
from console.store import incidents, loops
from console.store.loops import LoopKey
from console.store.queue_row import NO_DUE
from tests.scale import examples
from tests.store.floor import START, desk_at

KINDS = (
    "hazard.fire",
    "wages.site",
    "gas.cylinder.hoard",
    "request.complaint",
    "fraud.case",
    "fire",
)


def some(n: int) -> list[Report]:
    """Reports of every kind, an hour apart, each at a place of its own."""
    return [
        Report(
            "platform4", f"r-{i}", f"第 {i} 件", START - i * HOUR, KINDS[i % 6], f"某路{i + 1}号"
        )
        for i in range(n)
    ]


@pytest.fixture
def desk(store_url: str) -> Desk:
    made = desk_at(store_url, clock=FixedClock(START))
    made.receive(some(24))
    return made


def rows(desk: Desk) -> list[LoopKey]:
    """Everything that is followed, in the order that is wanted, the plain way."""
    wanted = desk.rules.followed.playbooks
    with desk.store.read() as tx:
        ids = [one.id for one in loops.page(tx, wanted, 1_000)]
        found = incidents.many(tx, ids)
    assert all(one.playbook in wanted for one in found)
    return sorted(
        LoopKey(NO_DUE if one.due is None else one.due, one.received, one.id) for one in found
    )


class TestStore:
    def test_everything_that_is_followed_and_nothing_else(self, desk: Desk) -> None:
        assert len(rows(desk)) == 20  # fires are not

    def test_pages_follow_each_other_without_gap_or_repetition(self, desk: Desk) -> None:
        wanted, whole = desk.rules.followed.playbooks, [key.id for key in rows(desk)]
        seen: list[int] = []
        after: LoopKey | None = None
        with desk.store.read() as tx:
            while page := loops.page(tx, wanted, 7, after=after):
                seen += [one.id for one in page]
                after = loops.key_of(tx, page[-1].id, wanted)
            assert seen == whole
            last = loops.key_of(tx, whole[-1], wanted)
            assert last is not None
            above = loops.page(tx, wanted, 5, before=last)
            assert [one.id for one in above] == whole[-6:-1]
            assert [one.id for one in loops.page(tx, wanted, -3)] == whole[-3:]
            assert loops.rank(tx, wanted, last) == len(whole) - 1

    def test_overdue_comes_first(self, desk: Desk) -> None:
        now = desk.clock.now()
        late = [key.due < now for key in rows(desk)]
        assert late == sorted(late, reverse=True)
        assert sum(one.overdue for one in loop_standings(desk)) == sum(late)

    def test_what_is_closed_goes(self, desk: Desk) -> None:
        before = {one.loop.id: one.open for one in loop_standings(desk)}
        first = rows(desk)[0].id
        desk.run("接", first)
        (done,) = desk.run("取消 测试", first)
        assert done.ok
        after = {one.loop.id: one.open for one in loop_standings(desk)}
        assert sum(before.values()) - sum(after.values()) == 1
        with desk.store.read() as tx:
            assert loops.key_of(tx, first, desk.rules.followed.playbooks) is None


class TestWindow:
    def test_goes_through_all_of_them_both_ways(self, desk: Desk) -> None:
        whole = [key.id for key in rows(desk)]
        top = window(desk, LoopWant())
        assert [one.id for one in top.rows] == whole
        bottom = window(desk, LoopWant(first=19, last=20))
        assert bottom.base + len(bottom.rows) == bottom.total == 20
        held = replace(LoopWant(), direction=1, base=2, held=top.rows[2:5])
        further = window(desk, held)
        assert [one.id for one in further.rows] == whole[further.base :]
        assert further.base == 2
        around = window(desk, LoopWant(anchor=whole[9]))
        assert whole[9] in [one.id for one in around.rows]

    def test_one_kind(self, desk: Desk) -> None:
        found = window(desk, LoopWant("wages"))
        assert {one.category for one in found.rows} == {"wages.site"}
        assert found.total == len(found.rows) == 4


class TestFields:
    def test_counted_from_the_records_and_merged_ones_once(self, desk: Desk) -> None:
        wages = {one.field.id: one for one in field_standings(desk)}["wages"]
        assert (wages.open, wages.closed, wages.rate) == (4, 0, 0.0)
        with desk.store.read() as tx:
            first, second, *_ = (one.id for one in loops.page(tx, ("wage-case",), 9))
        desk.run("接", first)
        (done,) = desk.run(f"并 {_full(desk, first)} {_full(desk, second)}")
        assert done.ok, done.message
        wages = {one.field.id: one for one in field_standings(desk)}["wages"]
        assert (wages.open, wages.closed) == (3, 0)

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["fraud.case", "traffic.fatal", "wages", "medical", "other.x"]),
                st.sampled_from(["new", "active", "closed", "merged", "cancelled"]),
                st.integers(1, 50),
            ),
            max_size=20,
        )
    )
    @settings(max_examples=examples(25))
    def test_nothing_is_counted_twice(self, counts: list[tuple[str, str, int]]) -> None:
        found = standings(RULES.followed, counts, {})
        known = [n for c, s, n in counts if c not in ("medical", "other.x")]
        states = [s for c, s, n in counts if c not in ("medical", "other.x")]
        counted = sum(n for n, s in zip(known, states, strict=True) if s in ("new", "active"))
        assert sum(one.open for one in found) == counted
        for one in found:
            assert one.rate is None or 0 <= one.rate <= 1

    def test_there_are_ten(self) -> None:
        assert len(RULES.followed.fields) == 10

    def test_mistakes_are_named_with_their_line(self) -> None:
        text = """
[[loop]]
id = "x"
label = { zh = "某", en = "x" }
playbooks = ["nothing"]
[[field]]
id = "a"
label = { zh = "甲", en = "a" }
categories = ["fraud", "fraud.case", "nowhere"]
"""
        _found, faults = parse_fields(text, "f.toml", RULES.categories, {"hazard"})
        assert [(one.line, one.reason.id) for one in faults] == [
            (5, "fields.no_playbook"),
            (9, "fields.twice"),
            (9, "rules.unknown_category"),
        ]


RULES = load()


def _full(desk: Desk, id_: int) -> str:
    return full_number(desk.store.district, id_)


def test_the_command_line_says_the_same(tmp_path: Path) -> None:
    import json

    from typer.testing import CliRunner

    from console.cli import app

    path = str(tmp_path / "cli.sqlite")
    made = desk_at(path, clock=FixedClock(START))
    made.receive(some(12))
    made.store.close()
    said = CliRunner().invoke(app, ["loops", "--store", path, "--json"])
    assert said.exit_code == 0, said.output
    value = json.loads(said.stdout)
    assert value["total"] == 10
    assert {one["loop"]: one["open"] for one in value["loops"]} == {
        "hazards": 2, "cylinders": 2, "wages": 2, "orders": 2, "fraud": 2,
    }  # fmt: skip
    assert len(value["fields"]) == 10
    assert next(set(one) for one in value["fields"]) == {
        "field", "open", "closed", "closing_rate", "overdue",
    }  # fmt: skip
    assert len(value["items"]) == 10
