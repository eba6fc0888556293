"""The five-colour map read from a store: every count has its incidents, whatever the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from console.desk.desk import Desk
from console.desk.filtering import read_filter
from console.desk.mapped import Mapped, mapped, rows_line
from console.desk.session import Session
from console.desk.wanted import chosen_days, earlier, read_wanted
from console.domain.clock import DAY, HOUR, MINUTE, FixedClock
from console.domain.message import Problem
from console.domain.panels import FIELDS, WINDOWS, Window, window
from console.domain.risk_map import COMBINED, SCORED
from console.store import queue, rollups
from console.store.engine import Store, open_store
from console.store.tables import incident
from tests.domain.shipped import rules
from tests.screens.map_stage import bring_in, make_map_session, on
from tests.screens.stage import NOON, make_session
from tests.store.test_rollups import watched

XINTANG, HESHANG, FARM = "330109004", "330109101", "330109503"


def rows(desk: Desk, found: Mapped, town: str) -> int:
    """How many rows the queue has for a tile."""
    line = rows_line("筛", found.map.field, found.window, town)
    assert line is not None
    (done,) = desk.run(line)
    assert done.ok
    assert done.command is not None
    words = done.command.words
    with desk.store.read() as tx:
        return queue.total(tx, queue.Selection(read_filter(words, desk), desk.clock.now()))


def days_between(first: str, last: str) -> Window:
    return chosen_days(date.fromisoformat(first), date.fromisoformat(last))


def counted(desk: Desk, found: Mapped) -> dict[str, int]:
    """Every count on the map and outside of it, by town."""
    return {
        **{tile.place.town: tile.count for tile in found.map.tiles},
        **dict(found.map.outside),
    }


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    session = make_map_session(tmp_path_factory.mktemp("map"))
    yield session
    session.desk.store.close()


class TestDrillDown:
    @pytest.mark.parametrize("field", FIELDS)
    @pytest.mark.parametrize("window", WINDOWS)
    def test_a_count_is_the_rows_of_the_queue(self, past: Session, field: str, window: str) -> None:
        found = mapped(past.desk, field, window)
        numbers = counted(past.desk, found)
        assert any(numbers.values())
        assert {town: rows(past.desk, found, town) for town in numbers} == numbers
        assert sum(numbers.values()) == found.map.total

    @pytest.mark.parametrize("field", FIELDS)
    def test_the_total_is_that_of_the_figures(self, past: Session, field: str) -> None:
        found = mapped(past.desk, field, "month")
        with past.desk.store.read() as tx:
            window = found.window
            cells = rollups.window(tx, window.first, window.last, dims=("all",), intervals=False)
        assert found.map.total == cells.count(field, "all")

    def test_any_history_has_its_rows(self, store_url: str, tmp_path: Path) -> None:
        watched(store_url, tmp_path, 7, 80)
        store = open_store(store_url)
        try:
            desk = desk_on(store, NOON + DAY)
            for field in FIELDS:
                for window in ("month", days_between("2026-09-25", "2026-12-01")):
                    found = mapped(desk, field, window)
                    numbers = counted(desk, found)
                    assert {town: rows(desk, found, town) for town in numbers} == numbers
                assert found.map.total > 0
                standing = sum(tile.open for tile in found.map.tiles)
                assert standing == open_on_tiles(store, field, desk)
        finally:
            store.close()


def open_on_tiles(store: Store, field: str, desk: Desk) -> int:
    """Open incidents of a field in the towns of the map, counted the plain way."""
    c = incident.c
    towns = [place.town for place in desk.rules.risk_map.places]
    where = [c.is_open == 1, c.town.in_(towns)]
    if field != COMBINED:
        where.append(c.field == field)
    with store.read() as tx:
        query = sa.select(sa.func.count()).select_from(incident).where(*where)
        return int(tx.conn.execute(query).scalar_one())


def desk_on(store: Store, at: int) -> Desk:
    return Desk(store, FixedClock(at), rules(), "一席")


class TestWhatItSays:
    def test_what_is_different_this_week_has_another_colour(self, past: Session) -> None:
        found = mapped(past.desk, "fire", "week")
        tile = next(one for one in found.map.tiles if one.place.town == XINTANG)
        assert past.desk.rules.risk_map.colours[tile.now.level].id == "red"
        assert tile.steps > 0
        assert tile.count > tile.count_before
        assert tile.alarms == (0, 2, 1, 0, 0)
        with past.desk.store.read() as tx:
            window = found.window
            cells = rollups.window(tx, window.first, window.last, dims=("alarm",), intervals=False)
        levels = tuple(cells.count("fire", "alarm", str(level)) for level in range(1, 6))
        assert found.map.alarms == levels
        assert sum(levels) > 3
        shares = {share.part: share for share in tile.now.shares}
        assert shares["alarm"].value == 1 + 1 + 2
        assert shares["injured"].value == 40
        assert tile.now.usual is not None
        assert found.usual_days == 24

    def test_a_fatal_accident_in_a_quiet_town_is_seen(self, past: Session) -> None:
        found = mapped(past.desk, "traffic", "week")
        tile = next(one for one in found.map.tiles if one.place.town == HESHANG)
        assert tile.now.level == 4
        shares = {share.part: share for share in tile.now.shares}
        assert shares["deaths"].value == 2
        assert shares["deaths"].contribution > shares["incidents"].contribution

    def test_zones_and_what_has_no_town_are_outside_with_their_count(self, past: Session) -> None:
        traffic = dict(mapped(past.desk, "traffic", "week").map.outside)
        fraud = dict(mapped(past.desk, "fraud", "week").map.outside)
        assert traffic[FARM] == 1
        assert fraud[""] == 1
        assert list(traffic)[-1] == ""
        assert len(traffic) == 6

    def test_the_combined_map_counts_every_field(self, past: Session) -> None:
        found = mapped(past.desk, COMBINED, "week")
        for tile in found.map.tiles:
            assert tile.count == sum(tile.by_field[field] for field in SCORED)

    def test_today_is_as_long_as_it_has_lasted(self, past: Session) -> None:
        assert mapped(past.desk, "fire", "today").days == pytest.approx(0.5)
        assert mapped(past.desk, "fire", "week").days == pytest.approx(6.5)


class TestBadInput:
    def test_a_town_in_the_words_of_another_place(self, tmp_path: Path) -> None:
        session = make_session(tmp_path, reports=(), lines=())
        names = ("Bernal Heights", 'O\'Neill "West"', "=1+1")
        when = on(date(2026, 11, 23))
        bring_in(session, tmp_path, [(when, "fire", name, 0, 0, 0) for name in names])
        found = mapped(session.desk, "fire", "week")
        outside = {town: n for town, n in found.map.outside if n}
        assert sum(outside.values()) == 3
        for town, n in outside.items():
            assert rows(session.desk, found, town) == n
        session.desk.store.close()

    def test_an_empty_store(self, tmp_path: Path) -> None:
        session = make_session(tmp_path, reports=(), lines=())
        try:
            for field in FIELDS:
                for window in WINDOWS:
                    found = mapped(session.desk, field, window)
                    assert found.map.total == 0
                    assert {tile.now.level for tile in found.map.tiles} == {0}
                    assert {tile.change for tile in found.map.tiles} == {0.0}
        finally:
            session.desk.store.close()

    def test_one_record(self, tmp_path: Path) -> None:
        session = make_session(tmp_path, reports=(), lines=())
        bring_in(session, tmp_path, [(on(date(2026, 11, 23)), "fire", "楼塔镇", 0, 0, 0)])
        found = mapped(session.desk, "fire", "year")
        assert found.map.total == 1
        assert {tile.now.level for tile in found.map.tiles} == {0}
        assert sum(tile.now.score > 0 for tile in found.map.tiles) == 1
        session.desk.store.close()

    def test_days_that_are_still_to_come(self, past: Session) -> None:
        found = mapped(past.desk, COMBINED, days_between("2027-03-01", "2027-03-31"))
        assert (found.days, found.map.total) == (0.0, 0)
        assert {tile.now.level for tile in found.map.tiles} == {0}

    def test_a_window_across_a_leap_day_and_a_year(self, tmp_path: Path) -> None:
        session = make_session(tmp_path, reports=(), lines=())
        days = [date(2023, 12, 20) + timedelta(days=n) for n in range(100)]
        bring_in(session, tmp_path, [(on(day), "fire", "城厢街道", 0, 0, 0) for day in days])
        for first, last, n in (
            ("2023-12-30", "2024-01-02", 4),
            ("2024-02-28", "2024-03-01", 3),
            ("2024-02-29", "2024-02-29", 1),
            ("2023-12-20", "2024-03-28", 100),
        ):
            found = mapped(session.desk, "fire", days_between(first, last))
            assert (found.map.total, found.days) == (n, n)
            assert rows(session.desk, found, "330109001") == n
        week = mapped(session.desk, "fire", days_between("2024-03-01", "2024-03-07"))
        tile = next(one for one in week.map.tiles if one.place.town == "330109001")
        assert (tile.count, tile.count_before) == (7, 7)
        assert week.usual_days == 72
        assert tile.now.usual == pytest.approx(7)
        session.desk.store.close()


TODAY = date(2024, 3, 21)


class TestInTheMorning:
    """A fire every hour in one town, day and night: nothing changes from week to week."""

    @pytest.mark.parametrize("hour", [1, 6, 23])
    def test_it_is_held_against_as_much_of_the_week_before(self, tmp_path: Path, hour: int) -> None:
        today = date(2026, 11, 23)
        at = NOON + (hour - 12) * HOUR + 30 * MINUTE
        session = make_session(tmp_path, reports=(), lines=(), at=at)
        hours = [
            (on(today - timedelta(days=back), o_clock), "fire", "城厢街道", 0, 0, 0)
            for back in range(60)
            for o_clock in range(24)
            if back or o_clock <= hour
        ]
        bring_in(session, tmp_path, hours)
        all_month = days_between("2026-11-17", "2026-11-30")
        for chosen, n in (
            ("today", hour + 1),
            ("week", 144 + hour + 1),
            (all_month, 144 + hour + 1),
        ):
            found = mapped(session.desk, "fire", chosen)
            tile = next(one for one in found.map.tiles if one.place.town == "330109001")
            assert (tile.count, tile.count_before) == (n, n)
            assert abs(tile.change) < 8  # what is usual was learned from a week less
        session.desk.store.close()


class TestBackAndForth:
    def test_a_window_moves_by_its_own_length(self) -> None:
        week = days_between("2024-02-26", "2024-03-03")
        assert earlier(week, 1, TODAY) == days_between("2024-02-19", "2024-02-25")
        assert earlier(days_between("2024-02-19", "2024-02-25"), -1, TODAY) == week

    def test_back_where_it_came_from_it_has_its_name_again(self) -> None:
        for name in WINDOWS:
            there = earlier(window(name, TODAY), 1, TODAY)
            assert isinstance(there, Window)
            assert earlier(there, -1, TODAY) == name

    def test_it_stops_where_there_is_nothing_to_compare_with(self) -> None:
        first = days_between("1900-01-01", "1900-01-07")
        assert earlier(first, 1, TODAY) == first
        last = days_between("2200-12-25", "2200-12-31")
        assert earlier(last, -1, TODAY) == last


class TestWords:
    def test_field_window_and_town_in_any_language(self, past: Session) -> None:
        for line in ("火 本周 新塘", "fire week xintang", "huo qitian xt"):
            wanted = read_wanted(line.split(), past.desk.rules.gazetteer)
            assert (wanted.field, wanted.window, wanted.town) == ("fire", "week", XINTANG)
        assert read_wanted(["综合"], past.desk.rules.gazetteer).field == COMBINED
        assert read_wanted([], past.desk.rules.gazetteer) == read_wanted(
            (), past.desk.rules.gazetteer
        )

    def test_days(self, past: Session) -> None:
        window = Window("days", date(2026, 11, 1), date(2026, 11, 20))
        assert read_wanted(["2026-11-01..2026-11-20"], past.desk.rules.gazetteer).window == window
        one = read_wanted(["2024-02-29"], past.desk.rules.gazetteer).window
        assert isinstance(one, Window)
        assert one.days == 1

    @pytest.mark.parametrize(
        ("word", "reason"),
        [
            ("atlantis", "map.no_word"),
            ("2026-02-30", "figures.bad_day"),
            ("2026-13-01..2026-13-02", "figures.bad_day"),
            ("0001-01-01", "figures.bad_day"),
            ("2026-11-20..2026-11-01", "filter.backwards"),
        ],
    )
    def test_what_means_nothing_is_said(self, past: Session, word: str, reason: str) -> None:
        with pytest.raises(Problem) as told:
            read_wanted([word], past.desk.rules.gazetteer)
        assert told.value.message.id == reason
