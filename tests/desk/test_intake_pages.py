"""A page of reports, taken in as one piece of work, leaves what its reports would leave singly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.port import Report
from console.desk.desk import Desk
from console.desk.intake import Taken, take_in, take_in_all
from console.store import incidents, journal, queue
from console.store.engine import Store
from console.store.page import together
from tests.store import dump
from tests.store.floor import START, a_fire, desk_at, ok


def a_page() -> list[Report]:
    """Everything that can become of a report, and each of it after something of the same page."""
    first, other = a_fire(88), a_fire(120, place="城厢街道人民路120号")
    return [
        first,
        other,
        replace(first, source_id="again-1", occurred=START - 30_000),  # joins the first
        first,  # has come before
        replace(first, source_id="again-2", occurred=START - 20_000),
        replace(other, text="三楼冒烟, 已经灭了"),  # its id, other content
        replace(other, text="三楼冒烟, 已经灭了"),
        Report("alarm110", "", "没有编号", START),  # cannot be understood
        replace(first, source_id="alike", place="北干街道金城路90号", occurred=START - 10_000),
        a_fire(200, place="北干街道市心路200号", age=86_400_000),  # another day's number
        Report("hotline", "f88", "路灯不亮", START, place="新塘街道萧绍路7号"),  # another's id
    ]


def everything(store: Store) -> dump.Rows:
    """Every row of the store."""
    with store.read() as tx:
        return dump.rows(tx.conn)


def test_a_page_leaves_what_its_reports_leave(store_url: str, tmp_path: Path) -> None:
    desk, single = desk_at(store_url), desk_at(str(tmp_path / "single.sqlite"))
    page = a_page()
    taken = desk.receive(page)
    assert [one.kind for one in taken] == [
        "new",
        "new",
        "attached",
        "repeated",
        "attached",
        "changed",
        "repeated",
        "unreadable",
        "new",
        "new",
        "new",
    ]
    assert taken == [one for report in page for one in single.receive([report])]
    assert taken[8].suggested == (taken[0].incident,)
    assert everything(desk.store) == everything(single.store)
    assert journal.verify(desk.store).fault is None
    # And the next page goes on where this one ended.
    more = [a_fire(300), replace(page[0], source_id="again-3")]
    assert desk.receive(more) == [one for report in more for one in single.receive([report])]
    assert everything(desk.store) == everything(single.store)


def test_what_stands_open_is_found_by_the_next_page(store_url: str) -> None:
    desk = desk_at(store_url)
    (first, second) = desk.receive([a_fire(1), a_fire(50, place="城厢街道人民路50号")])
    assert first.incident is not None
    assert second.incident is not None
    ok(desk, "并 1 2")
    (joined,) = desk.receive([replace(a_fire(50, place="城厢街道人民路50号"), source_id="late")])
    assert joined == Taken("attached", first.incident)


def test_a_call_by_hand_joins_nothing_by_itself(store_url: str) -> None:
    desk = desk_at(store_url)
    (there,) = desk.receive([a_fire(7)])
    done = ok(desk, "新 北干街道金城路7号 三楼冒烟")
    assert done.incident != there.incident
    assert done.incident is not None
    with desk.store.read() as tx:
        assert [other for other, _ in incidents.suggestions(tx, done.incident)] == [there.incident]


def test_a_page_that_fails_leaves_nothing(store_url: str) -> None:
    desk = desk_at(store_url)
    desk.receive([a_fire(1)])
    before = everything(desk.store)
    with pytest.raises(TypeError):
        desk.receive([a_fire(2), replace(a_fire(3), source=None)])  # type: ignore[arg-type]
    assert everything(desk.store) == before
    assert desk.receive([a_fire(2)])[0].kind == "new"


def test_who_asks_in_the_middle_of_a_page_sees_all_of_it(store_url: str) -> None:
    desk = desk_at(store_url)
    with desk.writing() as work, together(work.tx):
        (new,) = take_in_all(work, [a_fire(5)])
        assert new.incident is not None
        assert work.tx.later.waiting
        assert incidents.steps_of(work.tx, new.incident)
        assert [one.n for one in incidents.reports_of(work.tx, [new.incident])] == [1]
        assert take_in(work, replace(a_fire(5), source_id="again")) == Taken(
            "attached", new.incident
        )
        assert [one.n for one in incidents.reports_of(work.tx, [new.incident])] == [1, 2]
        assert queue.state_counts(work.tx) == {"new": 1}
        assert journal.head(work.tx)[0] == 2
        (last,) = take_in_all(work, [a_fire(6, place="城厢街道人民路6号")])
        assert last.incident == new.incident + 1
        assert incidents.find_number(work.tx, None, 2) == last.incident
    assert journal.verify(desk.store).entries == 3


def test_what_was_gathered_cannot_be_left_behind(store_url: str) -> None:
    desk = desk_at(store_url)
    before = everything(desk.store)
    with pytest.raises(RuntimeError, match="given up"):
        half_a_page(desk)
    assert everything(desk.store) == before


def half_a_page(desk: Desk) -> None:
    """Gives a page up and commits its transaction all the same."""
    with desk.writing() as work:
        try:
            with together(work.tx):
                work.log(work.entry("note"))
                raise LookupError
        except LookupError:
            pass


def test_a_page_costs_few_statements(store_url: str) -> None:
    """Counted, not timed: what does not depend on the machine."""
    desk = desk_at(store_url)
    count = 50
    page = [
        a_fire(n, place=f"北干街道金城路{n}号", text=f"{n} 号厨房冒烟") for n in range(1, count + 1)
    ]
    said: list[str] = []
    sa.event.listen(
        desk.store.engine, "before_cursor_execute", lambda *called: said.append(called[2])
    )
    taken = desk.receive(page)
    assert len({one.incident for one in taken}) > count // 2
    # Look for what is alike, write the incident, write its traces; or join one.
    assert len(said) <= 5 * count, "\n".join(said[-20:])
