"""Rollups say what a recount says, whatever was done and in whatever order."""

from __future__ import annotations

import contextlib
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.clock import DAY
from console.domain.rollup import Cover, HistogramSum, cover, pack, unpack
from console.store import checking, history, rollups
from console.store.engine import Store, Tx, open_store
from tests.store.deeds import Fuse, Life
from tests.store.floor import START
from tests.store.recount import recount
from tests.store.test_statistics import case

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


def counted_for_a_while(store: Store, dice: Random) -> None:
    """Count days anew, and be killed in the middle of it now and then."""
    left = dice.choice((1, 2, 3, 10, 1_000))
    before = dice.choice((None, None, 20261124, 20261010, 20261005))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollups, "AT_ONCE", dice.choice((1, 3, 500)))
        for _ in zip(range(left), rollups.pieces(store, before), strict=False):
            pass
    with store.read() as tx:
        assert rollups.wrong(tx) == []


def histories(url: str, folder: Path, count: int, seed: int) -> None:
    """Watches, one upon the other, counted anew now and then."""
    dice = Random(seed)
    done = 0
    for n in range(count):
        watched(url, folder, seed, done + 1 + n % 9, done + 1)
        done += 1 + n % 9
        store = open_store(url)
        if dice.random() < 0.5:
            counted_for_a_while(store, dice)
        with store.read() as tx:
            begin = date(2026, 9, 28) + timedelta(days=dice.randint(0, 60))
            agree(tx, begin, begin + timedelta(days=dice.randint(0, 60)))
            agree(tx, date(2025, 12, 31), date(2027, 2, 1))
        store.close()


def test_any_history_counts_as_a_recount_does(store_url: str, tmp_path: Path) -> None:
    histories(store_url, tmp_path, 6, 1)


@pytest.mark.deep
def test_two_thousand_histories(tmp_path: Path) -> None:
    for seed in range(200):
        folder = tmp_path / str(seed)
        folder.mkdir()
        histories(str(folder / "store.sqlite"), folder, 10, seed)


@pytest.fixture
def busy(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store after a short watch and with some days of a year before, every day counted."""
    watched(store_url, tmp_path, 3, 60)
    store = open_store(store_url)
    with store.write() as tx:
        past = [case(f"c{n}", START - 9 * n * DAY) for n in range(1, 41)]
        history.add(tx, history.Origin("past", "past.csv", "一席", 0), past)
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
    parts: list[str] = []
    faults = checking.check(busy, lambda part: parts.append(part.id))
    assert [fault.id for fault in faults] == ["check.rollups"]
    assert parts[0] == "check.doing.database"
    assert parts[-1] == "check.doing.journal"
    rollups.rebuild(busy)
    assert checking.check(busy) == []


def spoil(store: Store) -> None:
    """Every day has changed since it was counted."""
    with store.write() as tx:
        tx.conn.exec_driver_sql("UPDATE incident SET deaths = deaths + 1")


NOTHING = rollups.Stale(frozenset(), frozenset(), frozenset())


def test_two_that_count_at_once_leave_no_mark(busy: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between what one has seen waiting and its turn to write, another has counted it all."""
    spoil(busy)
    other, write = open_store(busy.url), busy.write

    def turn(**how: bool) -> contextlib.AbstractContextManager[Tx]:
        rollups.refresh(other)
        return write(**how)

    monkeypatch.setattr(busy, "write", turn)
    rollups.refresh(busy)
    other.close()
    with busy.read() as tx:
        assert rollups.stale(tx) == NOTHING
        agree(tx, date(2025, 12, 31), date(2027, 2, 1))
        assert rollups.wrong(tx) == []


def test_marks_that_no_day_keeps_waiting_are_taken_away(busy: Store) -> None:
    with busy.write() as tx:
        tx.conn.exec_driver_sql(
            "INSERT INTO rollup_stale (district, day) "
            "SELECT DISTINCT district, period FROM rollup WHERE period <= 999999"
        )
        tx.conn.exec_driver_sql("DELETE FROM rollup WHERE period <= 999999")
        assert len(rollups.stale(tx).periods) > 1
        agree(tx, date(2025, 12, 31), date(2027, 2, 1))
    assert rollups.refresh(busy, before=20200101) == 0
    with busy.read() as tx:
        assert rollups.stale(tx) == NOTHING
        assert rollups.wrong(tx) == []
        years = rollups.Fresh().parts(tx, date(2026, 1, 1), date(2026, 12, 31))
        assert years == Cover((2026,), ())
        agree(tx, date(2025, 12, 31), date(2027, 2, 1))


def test_a_day_that_is_not_over_is_left_out_of_what_is_rebuilt(busy: Store) -> None:
    with busy.read() as tx:
        known = rollups.span(tx)
    assert known is not None
    today = number(known[1])
    assert rollups.rebuild(busy, today) > 0
    assert checking.check(busy) == []
    spoil(busy)
    rollups.refresh(busy, today)
    with busy.read() as tx:
        assert rollups.stale(tx) == rollups.Stale(frozenset(), frozenset({today}), frozenset())
        year = known[1].year
        whole = rollups.Fresh().parts(tx, date(year, 1, 1), date(year, 12, 31))
        assert whole == Cover((year,), (today,))
        agree(tx, date(2025, 12, 31), date(2027, 2, 1))
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


@given(
    st.lists(
        st.dictionaries(
            st.integers(0, 10**10) | st.integers(0, 100) | st.integers(14_395, 14_405),
            st.integers(1, 10**6),
        ),
        max_size=6,
    )
)
def test_a_sum_of_stored_histograms_is_their_sum(histograms: list[dict[int, int]]) -> None:
    added: Counter[int] = Counter()
    sums = HistogramSum()
    for histogram in histograms:
        added.update(histogram)
        sums.add(pack(histogram))
    assert sums.histogram() == added


@pytest.mark.parametrize("harm", [b"", b"x", zlib.compress(b"123"), zlib.compress(b"12345678")])
def test_what_is_no_histogram_is_refused(harm: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(harm)


def test_totals_of_several_windows_are_what_each_of_them_says(busy: Store) -> None:
    """One statement for all windows says the same as a window at a time."""
    with busy.write() as tx:
        tx.conn.execute(
            sa.text("UPDATE incident SET deaths = 2 WHERE id = (SELECT max(id) FROM incident)")
        )
    windows = [
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2025, 1, 1), date(2027, 12, 31)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2019, 1, 1), date(2019, 12, 31)),
        (date(2026, 12, 1), date(2026, 11, 1)),
    ]
    with busy.read() as tx:
        found = rollups.totals(tx, windows)
        assert len(found) == len(windows)
        assert found[1]["all"][2] == 2
        for (first, last), cells in zip(windows, found, strict=True):
            whole = rollups.window(tx, first, last, dims=("all",), intervals=False)
            assert cells == {of: cell for (of, _dim, _key), cell in whole.cells.items()}
