"""Days are counted beside whoever works: in pieces, without the writer, and right all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.clock import DAY
from console.store import history, rollups
from console.store.engine import Store, Tx, open_store
from tests.store.floor import START
from tests.store.recount import recount
from tests.store.test_statistics import case

FIRST, LAST = date(2025, 12, 31), date(2027, 2, 1)


def furnish(store: Store, days: int, a_day: int) -> None:
    """So many closed incidents on each of so many days."""
    cases = [
        case(f"c{day}-{n}", START - day * DAY + n * 1_000)
        for day in range(days)
        for n in range(a_day)
    ]
    with store.write() as tx:
        history.add(tx, history.Origin("past", "past.csv", "一席", 0), cases)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = open_store(store_url)
    furnish(made, 3, 7)
    yield made
    made.close()


def holds(store: Store) -> None:
    """What a window says is what its incidents say, and what is kept is what a recount says."""
    with store.read() as tx:
        found = rollups.window(tx, FIRST, LAST)
        cells, histograms = recount(tx, FIRST, LAST)
        assert found.cells == cells
        assert found.histograms == histograms
        assert rollups.wrong(tx) == []


def change(store: Store, dice: Random) -> None:
    """Change what is counted of one incident of any day."""
    with store.read() as tx:
        ids = list(tx.conn.execute(sa.text("SELECT id FROM incident ORDER BY id")).scalars())
    with store.write() as tx:
        tx.conn.execute(
            sa.text("UPDATE incident SET deaths = deaths + 1 WHERE id = :id"),
            {"id": dice.choice(ids)},
        )


DEEDS = st.lists(st.sampled_from(("piece", "change", "other", "again")), max_size=40)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(DEEDS, st.randoms(use_true_random=False))
def test_figures_hold_whatever_happens_between_two_pieces(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[str], dice: Random
) -> None:
    """Two count at once, either is given up and begun anew, and officers change incidents."""
    path = str(tmp_path_factory.mktemp("store") / "store.sqlite")
    store, other = open_store(path), open_store(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollups, "AT_ONCE", 2)
        furnish(store, 3, 5)
        mine, others = rollups.pieces(store), rollups.pieces(other)
        for deed in deeds:
            if deed == "piece":
                next(mine, None)
            elif deed == "other":
                next(others, None)
            elif deed == "again":
                mine = rollups.pieces(store)
            else:
                change(store, dice)
            holds(store)
        rollups.refresh(store)
        holds(store)
        with store.read() as tx:
            assert rollups.stale(tx) == rollups.Stale(frozenset(), frozenset(), frozenset())
    store.close()
    other.close()


def test_an_officer_writes_between_any_two_pieces(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left open between two pieces: another connection gets the writer at once."""
    monkeypatch.setattr(rollups, "AT_ONCE", 2)
    officer = open_store(store.url, busy=0.0) if "sqlite" in store.url else open_store(store.url)
    pieces = 0
    for _ in rollups.pieces(store):
        pieces += 1
        with officer.write() as tx:
            tx.conn.execute(sa.text("UPDATE journal_head SET seq = seq"))
    officer.close()
    assert pieces > 3 * 7 / 2
    holds(store)


def test_incidents_are_counted_without_the_writer_and_few_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "AT_ONCE", 2)
    counted: list[tuple[bool, int]] = []
    writing: list[bool] = []
    count, write = rollups._count, store.write

    def looked(tx: Tx, day: int, where: object) -> object:
        found = count(tx, day, where)  # type: ignore[arg-type]
        counted.append((bool(writing), found.count("all", "all")))
        return found

    class Writing:
        def __init__(self, **how: bool) -> None:
            assert how == {"patient": True}
            self.inner = write(**how)

        def __enter__(self) -> Tx:
            writing.append(True)
            return self.inner.__enter__()

        def __exit__(self, *fault: object) -> bool | None:
            writing.pop()
            return self.inner.__exit__(*fault)  # type: ignore[arg-type]

    monkeypatch.setattr(rollups, "_count", looked)
    monkeypatch.setattr(store, "write", Writing)
    assert rollups.refresh(store) == 3
    assert sum(n for _, n in counted) == 3 * 7
    assert max(n for _, n in counted) <= 2
    assert not any(inside for inside, _ in counted)


def test_the_newest_day_is_counted_first(store: Store) -> None:
    seen: list[set[int]] = []
    for ended in rollups.pieces(store):
        if ended:
            with store.read() as tx:
                seen.append(rollups.stale_days(tx))
    assert len(seen) == 3
    assert seen[-1] == set()
    assert max(seen[1]) < max(seen[0])


def test_a_day_that_changes_while_it_is_counted_stays_old(store: Store) -> None:
    mine = rollups.pieces(store)
    next(mine)
    next(mine)  # begun, and its incidents counted
    with store.write() as tx:
        tx.conn.exec_driver_sql("UPDATE incident SET deaths = deaths + 1")
    assert sum(mine) == 2
    with store.read() as tx:
        assert len(rollups.stale_days(tx)) == 1
    holds(store)
    assert rollups.refresh(store) == 1
    holds(store)


def test_a_count_that_was_given_up_is_done_again(store: Store) -> None:
    begun = rollups.pieces(store)
    next(begun)
    begun.close()  # type: ignore[attr-defined]
    with store.read() as tx:
        assert len(rollups.stale_days(tx)) == 3
    holds(store)
    assert rollups.refresh(store) == 3
    holds(store)


def test_who_began_last_is_who_puts_it_in_place(store: Store) -> None:
    """The first one has counted before a change that only the second one's mark tells of."""
    other = open_store(store.url)
    first = rollups.pieces(store)
    next(first)
    next(first)
    change_all = "UPDATE incident SET deaths = deaths + 1"
    with store.write() as tx:
        tx.conn.exec_driver_sql(change_all)
    second = rollups.pieces(other)
    next(second)
    next(first)
    holds(store)
    assert sum(second) == 3
    holds(store)
    other.close()


def test_a_store_without_a_stale_day_has_no_pieces(tmp_path: Path) -> None:
    """A store without a stale day has no pieces."""
    empty = open_store(str(tmp_path / "empty.sqlite"))
    assert list(rollups.pieces(empty)) == []
    empty.close()
