"""What a bar counts is what the queue then shows: span filters against the rollups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from console.domain.clock import from_datetime
from console.domain.filters import EXACT, QueueFilter, Span
from console.domain.rollup import number_of, of_alarm_town
from console.store import history, queue, rollups
from console.store.engine import Store, Tx, open_store
from console.store.queue import Selection
from tests.store.test_queue import downwards, upwards
from tests.store.test_rollups import watched
from tests.store.test_statistics import case

NOW = 0


@pytest.fixture
def busy(store_url: str, tmp_path: Path) -> Iterator[Store]:
    watched(store_url, tmp_path, 11, 90)
    store = open_store(store_url)
    rollups.refresh(store, 20261101)
    yield store
    store.close()


def shown(tx: Tx, first: date, last: date, *exact: tuple[str, str]) -> Selection:
    return Selection(QueueFilter(span=Span(number_of(first), number_of(last), exact)), NOW)


def conditions(dim: str, key: str) -> list[tuple[str, str]]:
    """How a cell of a rollup is said in words of a filter."""
    if dim == "all":
        return []
    if dim == "hour":
        day, hour = divmod(int(key), 24)
        return [("weekday", str(day + 1)), ("hour", str(hour))]
    if dim == "alarm_town":
        level, town = of_alarm_town(key)
        return [("alarm", str(level)), ("town", town)]
    if dim == "result_category":
        result, _, category = key.partition("/")
        return [("result", result), ("category", category)]
    return [(dim, key)]


def test_every_cell_of_every_window_has_its_rows(busy: Store) -> None:
    dice = Random(5)
    with busy.read() as tx:
        known = rollups.span(tx)
        assert known is not None
        for _ in range(6):
            first = known[0] + timedelta(days=dice.randint(0, (known[1] - known[0]).days))
            last = first + timedelta(days=dice.randint(0, 40))
            found = rollups.window(tx, first, last)
            cells = list(found.cells.items())
            for (field, dim, key), cell in dice.sample(cells, min(40, len(cells))):
                exact = conditions(dim, key)
                if field != "all":
                    exact.append(("field", field))
                assert queue.total(tx, shown(tx, first, last, *exact)) == cell[0]


def test_rows_are_walked_both_ways_the_newest_first(busy: Store) -> None:
    with busy.read() as tx:
        chosen = shown(tx, date(2020, 1, 1), date(2030, 1, 1))
        ids = downwards(tx, chosen, 7)
        assert ids == sorted(ids, reverse=True)
        assert ids == upwards(tx, chosen, 5)
        assert len(ids) == queue.total(tx, chosen)
        for place in (0, len(ids) // 2, len(ids) - 1):
            key = queue.find_key(tx, chosen, ids[place])
            assert key is not None
            assert queue.rank(tx, chosen, key) == place
            from_it = queue.page(tx, chosen, 1, after=queue.just_before(chosen, key))
            up_to_it = queue.page(tx, chosen, 1, before=queue.just_behind(chosen, key))
            assert [row.id for row in (*from_it, *up_to_it)] == [ids[place]] * 2
        near = queue.near(tx, chosen, 3, len(ids))
        assert near is not None
        assert near.id == ids[3]
        assert queue.find_key(tx, shown(tx, date(2020, 1, 1), date(2020, 1, 2)), ids[0]) is None


def test_weekdays_of_all_years_that_can_be_said(store_url: str) -> None:
    """From the first year to the last one, with thirty years of records or without any."""
    store, ends = open_store(store_url), (date.min, date.max)
    begin = datetime(1996, 1, 1, 12, tzinfo=store.zone)
    at = [begin + timedelta(days=100 * n + n % 7) for n in range(110)]
    with store.read() as tx:
        assert queue.total(tx, shown(tx, *ends, ("weekday", "1"))) == 0
    with store.write() as tx:
        history.add(
            tx,
            history.Origin("past", "past.csv", "一席", 0),
            [case(f"c{n}", from_datetime(moment)) for n, moment in enumerate(at)],
        )
    days = Counter(moment.isoweekday() for moment in at)
    assert len(days) == 7
    with store.read() as tx:
        for weekday, n in days.items():
            chosen = shown(tx, *ends, ("weekday", str(weekday)))
            assert queue.total(tx, chosen) == n
            assert len(queue.page(tx, chosen, 1_000)) == n
            for first, last in ((ends[1], ends[1]), (date(9000, 1, 1), ends[1]), ends[:1] * 2):
                assert queue.total(tx, shown(tx, first, last, ("weekday", str(weekday)))) == 0
            half = shown(tx, date(2010, 1, 1), ends[1], ("weekday", str(weekday)))
            assert queue.total(tx, half) == sum(
                one.year >= 2010 for one in at if one.isoweekday() == weekday
            )
    store.close()


def test_every_word_of_a_bar_is_a_column(busy: Store) -> None:
    with busy.read() as tx:
        for name in EXACT:
            value = "1" if name in ("alarm", "weekday", "hour") else "x"
            chosen = shown(tx, date(2026, 9, 1), date(2026, 12, 1), (name, value))
            assert queue.total(tx, chosen) == len(queue.page(tx, chosen, 1_000))


def test_of_several_values_of_the_same_condition_one_must_hold(busy: Store) -> None:
    with busy.read() as tx:
        known = rollups.span(tx)
        assert known is not None
        each = {
            field: queue.total(tx, shown(tx, *known, ("field", field)))
            for field in ("fire", "fraud", "traffic")
        }
        assert all(each.values())
        both = queue.total(tx, shown(tx, *known, ("field", "fire"), ("field", "fraud")))
        assert both == each["fire"] + each["fraud"]
