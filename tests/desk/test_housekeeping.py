"""What keeps house beside the console: in small pieces, in the order of what matters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.desk import gateway as gateways
from console.desk.desk import Desk
from console.desk.gateway import Gateway
from console.domain.clock import DAY, FixedClock
from console.store import incidents, rollups
from console.store.engine import Tx
from tests.store.floor import START, a_fire, desk_at, ok, refused

FIRES = 12


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """Fires of which every deadline has passed, each of them at another moment."""
    clock = FixedClock(START)
    made = desk_at(store_url, clock=clock)
    for n in range(FIRES):
        made.receive([a_fire(n + 1, age=0)])
        clock.at += 1_000
    clock.at += DAY
    yield made
    made.store.close()


def acted_upon(desk: Desk) -> list[int]:
    """The incidents whose deadline was acted upon, in that order."""
    with desk.store.read() as tx:
        from console.store import journal

        return [one.incident or 0 for one in journal.walk(tx) if one.verb == "overdue"]


def test_deadlines_are_caught_up_with_a_few_at_a_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "AT_ONCE", 2)
    write, before, at_once = desk.store.write, [0], []

    @contextmanager
    def counted(**how: bool) -> Iterator[Tx]:
        assert how == {"patient": True}
        with write(**how) as tx:
            yield tx
        now = len(acted_upon(desk))
        at_once.append(now - before[0])
        before[0] = now

    monkeypatch.setattr(desk.store, "write", counted)
    assert Gateway(desk).escalate() == FIRES
    assert max(at_once) == 2
    assert sum(at_once) == FIRES


def test_what_passed_last_is_acted_upon_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "AT_ONCE", 1)
    Gateway(desk).escalate()
    order = acted_upon(desk)
    assert len(order) == FIRES
    assert order == sorted(order, reverse=True)


def test_an_officer_writes_between_two_deadlines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes while the heap is caught up with has his turn before the next piece."""
    monkeypatch.setattr(gateways, "AT_ONCE", 1)
    officer = Desk(desk.store, desk.clock, desk.rules, "二席")
    done: list[int] = []
    mark = incidents.mark_escalated

    def marked(tx: Tx, id_: int, n: int) -> None:
        mark(tx, id_, n)
        done.append(id_)

    monkeypatch.setattr(incidents, "mark_escalated", marked)
    house = Gateway(desk)
    for number in (1, 2, 3):
        assert house.escalate(0.0) == 1
        ok(officer, f"接 {number}")
    assert len(done) == 3
    house.escalate()
    assert len(done) == FIRES


async def test_a_look_leaves_the_rest_of_a_heap_and_comes_back_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "AT_ONCE", 1)
    monkeypatch.setattr(gateways, "SHARE", 0.0)
    house = Gateway(desk)
    assert await house._watch() == 0.0
    assert len(acted_upon(desk)) < FIRES
    monkeypatch.setattr(gateways, "SHARE", 1e9)
    assert await house._watch() == gateways.TICK
    assert len(acted_upon(desk)) == FIRES
    with desk.store.read() as tx:
        assert rollups.stale_days(tx) == set(), "the day is over, and was not counted"


def test_looking_and_being_refused_do_not_wait_for_the_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(1)])

    def write(**_how: bool) -> None:
        raise AssertionError("the writer was asked for")

    monkeypatch.setattr(desk.store, "write", write)
    for line in ("筛 北干", "find 金城路", "help"):
        answer = desk.run(line)[-1]
        assert answer.ok
        assert answer.command is not None
    assert refused(desk, "xyzzy 1")


def test_a_verb_brings_its_rows(tmp_path: Path) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(1), a_fire(9, text="厨房着火")])
    answer = ok(desk, "接 1")
    assert [row.id for row in answer.rows] == list(answer.changed)
    assert answer.rows[0].state.value == "accepted"
