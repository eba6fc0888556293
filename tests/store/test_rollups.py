"""Rollups say what a recount says, whatever was done and in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.rollup import cover, pack, unpack
from console.store import checking, rollups
from console.store.engine import Store, Tx, open_store
from tests.store.deeds import Fuse, Life
from tests.store.recount import recount

DAYS = st.dates(date(1999, 1, 1), date(2032, 12, 31))


def number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def watched(url: str, folder: Path, seed: int, last: int, first: int = 1) -> None:
    """A watch of `last` deeds: reports, verbs, merges, undo, imports of past and present."""
    Life(url, seed, folder, 0, Fuse(None), lambda *_: None).live(first, last)


def agree(tx: Tx, first: date, last: date) -> None:
    found = rollups.window(tx, first, last)
    cells, histograms = recount(tx, first, last)
    assert found.cells == cells
    assert found.histograms == histograms


def histories(url: str, folder: Path, count: int, seed: int) -> None:
    """Watches, one upon the other, counted anew now and then."""
    dice = Random(seed)
    done = 0
    for n in range(count):
        watched(url, folder, seed, done + 1 + n % 9, done + 1)
        done += 1 + n % 9
        store = open_store(url)
        if dice.random() < 0.4:
            rollups.refresh(store, dice.choice((None, 20261124, 20261005)))
        with store.read() as tx:
            begin = date(2026, 9, 28) + timedelta(days=dice.randint(0, 60))
            agree(tx, begin, begin + timedelta(days=dice.randint(0, 60)))
            agree(tx, date(2025, 12, 31), date(2027, 2, 1))
        store.close()


def test_any_history_counts_as_a_recount_does(store_url: str, tmp_path: Path) -> None:
    histories(store_url, tmp_path, 15, 1)


@pytest.mark.slow
def test_two_thousand_histories(tmp_path: Path) -> None:
    for seed in range(200):
        folder = tmp_path / str(seed)
        folder.mkdir()
        histories(str(folder / "store.sqlite"), folder, 10, seed)


@pytest.fixture
def busy(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store after a short watch, with every day counted."""
    watched(store_url, tmp_path, 3, 60)
    store = open_store(store_url)
    rollups.refresh(store)
    yield store
    store.close()


def test_a_refreshed_store_has_no_old_day_and_a_change_makes_one(busy: Store) -> None:
    with busy.write() as tx:
        assert rollups.stale_days(tx) == set()
        tx.conn.execute(
            sa.text("UPDATE incident SET town = 'yaqian' WHERE id = (SELECT min(id) FROM incident)")
        )
        assert len(rollups.stale_days(tx)) == 1


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE rollup SET n = n + 1 WHERE dim = 'town' AND period > 999999",
        "DELETE FROM rollup WHERE dim = 'hour' AND period < 9999",
        "UPDATE rollup_interval SET data = '' WHERE period < 999999",
        "INSERT INTO rollup (district, period, field, dim, key, n) "
        "VALUES ('XS', 20200101, 'fire', 'all', '', 3)",
    ],
)
def test_a_corrupted_rollup_is_found_and_rebuilt(busy: Store, harm: str) -> None:
    assert checking.check(busy) == []
    with busy.write() as tx:
        tx.conn.exec_driver_sql(harm)
    assert [fault.id for fault in checking.check(busy)] == ["check.rollups"]
    rollups.rebuild(busy)
    assert checking.check(busy) == []


@settings(deadline=None)
@given(DAYS, DAYS, st.sets(DAYS, max_size=5), st.sampled_from(["year", "month", "day"]))
def test_a_cover_is_the_window_and_nothing_else(
    a: date, b: date, stale: set[date], longest: str
) -> None:
    first, last = min(a, b), max(a, b)
    parts = cover(first, last, {number(day) for day in stale}, longest=longest)
    wanted = [number(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    found: list[int] = list(parts.days)
    by_period: dict[int, list[int]] = {}
    for day in wanted:
        for period in (day // 10_000, day // 100, day):
            by_period.setdefault(period, []).append(day)
    for period in parts.periods:
        text = str(period)
        found += by_period[period]
        assert not any(str(number(day)).startswith(text) for day in stale)
        if len(text) < 8:  # a whole month or year, so all of it lies in the window
            at = date(int(text[:4]), int(text[4:] or 1), 1)
            end = date(at.year, 12, 31) if len(text) == 4 else at.replace(day=28)
            assert first <= at
            assert end <= last
    assert sorted(found) == wanted


@given(st.dictionaries(st.integers(0, 10**10), st.integers(1, 10**6)))
def test_a_histogram_comes_back_as_it_was_packed(histogram: dict[int, int]) -> None:
    assert unpack(pack(histogram)) == histogram
