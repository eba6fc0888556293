"""The band from the table of hours: what is read, and that it is never older than its counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from console.domain.clock import from_datetime
from console.domain.rollup import number_of
from console.domain.usual import Model, TooLittle
from console.store import usual
from console.store.bulk import insert_many
from console.store.engine import Store, Tx, open_store
from console.store.tables import hourly

TODAY = date(2026, 11, 2)
NOON = from_datetime(datetime(2026, 11, 2, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai")))


def fill(tx: Tx, days: int, per_hour: dict[str, int], *, gap: frozenset[int] = frozenset()) -> None:
    """The same count every hour, for so many days before today."""
    rows = [
        (tx.district, number_of(TODAY - timedelta(days=back)), hour, field, n)
        for back in range(1, days + 1)
        if back not in gap
        for hour in range(24)
        for field, n in per_hour.items()
    ]
    insert_many(tx, hourly, ("district", "day", "hour", "field", "n"), rows)


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = open_store(store_url)
    yield made
    made.close()


def count(tx: Tx, day: date, hour: int, field: str, n: int) -> None:
    insert_many(
        tx, hourly, ("district", "day", "hour", "field", "n"),
        [(tx.district, number_of(day), hour, field, n)],
    )  # fmt: skip


def test_every_field_has_its_own_and_all_is_their_sum(store: Store) -> None:
    with store.write() as tx:
        fill(tx, 60, {"fire": 1, "traffic": 4, "fraud": 2, "other": 3})
        count(tx, TODAY, 12, "traffic", 30)
        count(tx, TODAY, 11, "other", 3)
    with store.read() as tx:
        found = usual.standings(tx, NOON)
        assert tuple(found) == usual.FIELDS
        means = {f: one.hours[-1].band.mean for f, one in found.items() if one.hours[-1].band}
        assert means == pytest.approx({"traffic": 4, "fraud": 2, "fire": 1, "all": 10}, rel=0.02)
        assert (found["traffic"].sign, found["traffic"].why) == ("high", "hour")
        assert (found["all"].today, found["all"].hours[-2].count) == (33, 3)
        assert found["traffic"].days == 59  # the first day may have begun in the middle


def test_a_count_of_the_past_that_changes_changes_what_was_learned(store: Store) -> None:
    with store.write() as tx:
        fill(tx, 60, {"fire": 5})
    with store.read() as tx:
        before = usual.learned(tx, TODAY)
        assert usual.learned(tx, TODAY) is before
    with store.write() as tx:
        tx.conn.execute(
            sa.update(hourly)
            .where(hourly.c.day == number_of(TODAY - timedelta(days=3)))
            .values(n=hourly.c.n + 4)
        )
    with store.read() as tx:
        assert usual.learned(tx, TODAY)["fire"] != before["fire"]
    with store.write() as tx:
        count(tx, TODAY, 3, "fire", 9)
    with store.read() as tx:
        now = usual.learned(tx, TODAY)
        assert usual.learned(tx, TODAY) is now  # today is no part of it


def test_days_that_were_not_recorded_are_no_quiet_days(store: Store) -> None:
    with store.write() as tx:
        fill(tx, 84, {"traffic": 10}, gap=frozenset(range(8, 20)))
    with store.read() as tx:
        model = usual.learned(tx, TODAY)["traffic"]
        assert isinstance(model, Model)
        assert model.days == 84 - 12 - 1
        assert model.level == pytest.approx(240)


def test_an_old_import_alone_gives_no_band(store: Store) -> None:
    with store.write() as tx:
        count(tx, date(1999, 5, 1), 3, "fire", 1)
    with store.read() as tx:
        assert usual.learned(tx, TODAY)["fire"] == TooLittle(0)
    with store.write() as tx:
        fill(tx, 20, {"fire": 9})
    with store.read() as tx:
        assert usual.learned(tx, TODAY)["fire"] == TooLittle(20)


def test_an_empty_store_says_nothing(store: Store) -> None:
    with store.read() as tx:
        for one in usual.standings(tx, NOON).values():
            assert (one.today, one.so_far, one.sign, one.days) == (0, None, "", 0)
        assert [one.percent for one in usual.back_test(tx, NOON, 30)] == [None] * 4


def test_looking_back_judges_each_day_by_what_was_before_it(store: Store) -> None:
    with store.write() as tx:
        fill(tx, 80, {"fire": 4, "traffic": 4})
        tx.conn.execute(
            sa.update(hourly)
            .where(
                hourly.c.day == number_of(TODAY - timedelta(days=2)),
                hourly.c.hour == 15,
                hourly.c.field == "fire",
            )
            .values(n=40)
        )
    with store.read() as tx:
        fire, traffic = usual.back_test(tx, NOON, 20, ("fire", "traffic"))
    assert (traffic.days, traffic.hours, traffic.high, traffic.low) == (20, 480, 0, 0)
    assert fire.high >= 1
    assert fire.low == 0
    assert fire.high <= 10  # the hour, the hour after it, and the day so far


def test_a_look_is_a_handful_of_statements(store: Store) -> None:
    with store.write() as tx:
        fill(tx, 84, {"fire": 1, "traffic": 4})
    with store.read() as tx:
        usual.standings(tx, NOON)
        asked: list[str] = []

        def heard(_c: object, _x: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        sa.event.listen(tx.raw.engine, "before_cursor_execute", heard)
        try:
            usual.standings(tx, NOON)
        finally:
            sa.event.remove(tx.raw.engine, "before_cursor_execute", heard)
    assert len(asked) == 1  # the counts of today and yesterday


def test_a_band_is_looked_after_once_a_minute(store: Store) -> None:
    with store.write() as tx:
        fill(tx, 60, {"fire": 5})
    with store.read() as tx:
        before = usual.standings(tx, NOON)["fire"].so_far
    with store.write() as tx:
        tx.conn.execute(sa.update(hourly).values(n=50))
    with store.read() as tx:
        assert usual.standings(tx, NOON + 59_000)["fire"].so_far == before
        after = usual.standings(tx, NOON + 60_000)["fire"].so_far
        assert after is not None
        assert before is not None
        assert after.mean == pytest.approx(10 * before.mean)
