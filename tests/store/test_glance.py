"""A glance sees what the queue shows, goes by its index, and says nothing of what it cannot see."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from console.domain.clock import MINUTE
from console.domain.filters import QueueFilter
from console.store import glance as module
from console.store import queue
from console.store.engine import DEFAULT_ZONE, Store, open_store
from console.store.glance import FILE, glance
from console.store.queue import Selection
from tests.store.floor import START
from tests.store.test_queue import a_watch, put


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "watch.sqlite"


@pytest.fixture
def store(path: Path) -> Store:
    return open_store(str(path))


@pytest.mark.parametrize("limit", [1, 7, 60, 1_000])
@pytest.mark.parametrize("now", [START - 2 * MINUTE, START, START + 2 * MINUTE])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_sees_what_the_queue_shows(
    store: Store, path: Path, seed: int, now: int, limit: int
) -> None:
    put(store, a_watch(seed, 120))
    seen = glance(str(path), "XS", now, limit)
    assert seen is not None
    with store.read() as tx:
        shown = Selection(QueueFilter(), now)
        assert list(seen.rows) == queue.page(tx, shown, limit)
        assert seen.total == queue.total(tx, shown)
    assert (seen.zone.key, seen.now, seen.district) == (DEFAULT_ZONE, now, "XS")
    assert len(seen.rows) == min(limit, seen.total)


def test_it_goes_by_the_index_of_the_queue(store: Store) -> None:
    put(store, a_watch(1, 20))
    with store.read() as tx:
        for statement in (module._LATE, module._IN_TIME):
            plan = tx.conn.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", ("XS", 1, START, 60)
            ).all()
            assert len(plan) == 1  # nothing is sorted
            assert "ix_incident_queue" in plan[0][-1]


def test_it_sees_nothing_while_the_store_is_new_but_its_emptiness(store: Store, path: Path) -> None:
    seen = glance(f"{FILE}{path}", "XS", START, 60)
    assert seen is not None
    assert (seen.rows, seen.total) == ((), 0)


def test_it_does_not_wait_for_a_writer(store: Store, path: Path) -> None:
    put(store, a_watch(1, 20))
    before = glance(str(path), "XS", START, 60)
    with store.write() as tx:
        tx.conn.exec_driver_sql("DELETE FROM incident")
        assert before is not None
        assert glance(str(path), "XS", START, 60) == before


def test_what_cannot_be_seen_is_left_to_the_opening(store: Store, path: Path) -> None:
    folder = path.parent
    text, pipe, other = folder / "text", folder / "pipe", folder / "other.sqlite"
    text.write_text("no store at all, and longer than the head of one" * 99, encoding="utf-8")
    os.mkfifo(pipe)
    with sqlite3.connect(other) as foreign:
        foreign.execute("CREATE TABLE thing (n INTEGER)")
    missing = folder / "missing" / "x.sqlite"
    for name in (folder, text, pipe, other, missing, "postgresql://127.0.0.1/x", "sqlite:///", ""):
        assert glance(str(name), "XS", START, 60) is None
    assert glance(str(path), "YH", START, 60) is None
    assert not missing.parent.exists()
