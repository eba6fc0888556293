"""Figures of what nobody wishes for: nothing, one record, no base, odd clocks, decades."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.desk.desk import Desk
from console.desk.figured import Figured, figured
from console.desk.mapped import mapped
from console.desk.reporting import period_asked, report
from console.domain.clock import HOUR, MINUTE, FixedClock, from_datetime
from console.domain.figures import FIELDS, Sums
from console.domain.panels import FIELDS as PANELS
from console.domain.panels import WINDOWS, Window, panel_json
from console.domain.rollup import Cover, Tallied
from console.i18n import Translator
from console.reports import rendered
from console.store import checking, history, rollups, usual
from console.store.engine import Store, open_store
from console.store.history import Origin, PastCase
from console.store.statistics import figures
from tests.domain.shipped import rules
from tests.in_process import zhiban
from tests.scale import examples
from tests.store.test_rollups import watched
from tests.store.test_statistics import case, unit

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
ORIGIN = Origin("past", "past.csv", "一席", 0)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=zone))


NOW = at("2026-11-23T12:00:00")


def desk_on(store: Store, now: int = NOW) -> Desk:
    return Desk(store, FixedClock(now), rules(), "一席")


def add(store: Store, *cases: PastCase) -> None:
    with store.write() as tx:
        history.add(tx, ORIGIN, cases)


def days(first: str, last: str) -> Window:
    return Window("days", date.fromisoformat(first), date.fromisoformat(last))


def as_data(found: Figured) -> dict[str, Any]:
    """A page as machines read it: JSON that any reader takes, without NaN."""
    text = json.dumps(panel_json(found.panel, found.standings, rules().naming), allow_nan=False)
    return json.loads(text)  # type: ignore[no-any-return]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def london(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url, zone="Europe/London")
    yield opened
    opened.close()


class TestLittle:
    @pytest.mark.parametrize("field", PANELS)
    @pytest.mark.parametrize("window", WINDOWS)
    def test_no_data(self, store: Store, field: str, window: str) -> None:
        found = figured(desk_on(store), field, window)
        told = as_data(found)
        assert (told["count"], told["yoy"], told["pop"], told["yoy_base"]) == (0, None, None, 0)
        assert told["heat"] == [0] * 168
        assert all(cells == {} for cells in told["by"].values())
        assert all(row["last_year"] == 0 for row in told["trend"])
        for one in told["intervals"].values():
            assert (one["n"], one["p50_s"], one["p90_s"], one["p99_s"]) == (0, None, None, None)
        assert all(one["percent"] is None for one in told["standards"])
        assert (found.usual.today, found.usual.so_far, found.usual.sign) == (0, None, "")

    def test_one_record(self, store: Store) -> None:
        now = at("2026-11-23T09:30:00")
        add(store, case("1", now, unit(now, 60, 300), field="fire", category="fire.structure"))
        for window in WINDOWS:
            told = as_data(figured(desk_on(store), "fire", window))
            assert (told["count"], told["yoy"], told["pop"]) == (1, None, None)
            assert told["heat"].index(1) == 9
            assert sum(told["heat"]) == 1
            assert told["by"]["category"] == {"fire.structure": 1}
            one = told["intervals"]["received_to_on_scene"]
            assert (one["n"], one["p50_s"], one["p90_s"], one["p99_s"]) == (1, 300, 300, 300)
            assert as_data(figured(desk_on(store), "traffic", window))["count"] == 0

    def test_all_in_one_hour(self, store: Store) -> None:
        begin = at("2026-11-16T08:00:00")
        add(store, *(case(str(n), begin + n * 1_000, field="traffic") for n in range(3_600)))
        with store.read() as tx:
            assert figures(tx, by="hour").by == {"8": 3_600}
            assert figures(tx, by="weekday").by == {"1": 3_600}
            assert figures(tx, by="month").by == {"2026-11": 3_600}
        found = figured(desk_on(store, begin + HOUR - 1), "all", "today")
        assert found.panel.heat == (*[0] * 8, 3_600, *[0] * 159)
        assert (found.usual.today, found.usual.hours[-1].count) == (3_600, 3_600)
        later = figured(desk_on(store), "all", "week")
        assert (later.panel.standing.count, later.panel.standing.before) == (0, 3_600)
        assert later.panel.standing.pop == -100.0

    def test_without_place_and_category(self, store: Store) -> None:
        now = at("2026-11-23T09:30:00")
        add(store, case("1", now, category=""), case("2", now, category="other", town="瓜沥"))
        told = as_data(figured(desk_on(store), "all", "today"))
        assert told["by"]["category"] == {"": 1, "other": 1}
        assert told["by"]["town"] == {"": 1, "瓜沥": 1}
        assert told["by"]["field"] == {"other": 2}
        found = mapped(desk_on(store), "all", "today")
        assert dict(found.map.outside)[""] == 1
        assert found.map.total == 2
        desk = desk_on(store)
        document = report(desk, period_asked(desk, "day"), "萧山")
        for lang in ("zh", "en"):
            assert rendered(document, "md", Translator(lang))


class TestThroughTheCommands:
    """What a script or a person gets: JSON null, and a hyphen."""

    @pytest.fixture(autouse=True)
    def _table(self, tmp_path: Path) -> None:
        (tmp_path / "past.csv").write_text(
            "number,received,kind,town\n"
            "1,2024-02-29 09:00,fire,新塘街道\n"
            "2,2024-03-01 09:00,,\n"
            "3,2025-03-01 09:00,fire,\n",
            "utf-8",
        )
        (tmp_path / "past.toml").write_text(
            '[source]\nname = "ledger"\ntimezone = "Asia/Shanghai"\n'
            'datetime = "%Y-%m-%d %H:%M"\n[incident]\nid = "number"\nreceived = "received"\n'
            'town = "town"\ntext = { value = "旧账" }\n[incident.category]\ncolumn = "kind"\n'
            'map = { "fire" = "fire.structure" }\n',
            "utf-8",
        )
        done = zhiban(tmp_path, "import", "past.csv", "--mapping", "past.toml", "--history")
        assert (done.returncode, done.stderr) == (0, "")

    def test_a_base_of_zero(self, tmp_path: Path) -> None:
        window = ("--from", "2024-01-01", "--to", "2024-12-31")
        told = json.loads(zhiban(tmp_path, "figures", *window, "--json").stdout)
        assert (told["count"], told["yoy"]) == (2, None)
        said = zhiban(tmp_path, "figures", *window).stdout.splitlines()
        assert said[1].split("\t")[1] == "-"
        told = json.loads(zhiban(tmp_path, "figures", "--panel", *window).stdout)
        assert (told["yoy"], told["yoy_base"], told["pop"], told["pop_base"]) == (None, 0, None, 0)
        year = ("--from", "2025-01-01", "--to", "2025-12-31")
        told = json.loads(zhiban(tmp_path, "figures", "--panel", *year).stdout)
        assert (told["yoy"], told["yoy_base"]) == (-50.0, 2)
        # The records begin in the middle of the base.
        assert zhiban(tmp_path, "figures", *year).stdout.splitlines()[1].endswith("\t~-50.00%")

    def test_without_place_and_category(self, tmp_path: Path) -> None:
        by = json.loads(zhiban(tmp_path, "figures", "--by", "category", "--json").stdout)["by"]
        assert by == {"fire.structure": 2, "other": 1}
        by = json.loads(zhiban(tmp_path, "figures", "--by", "town", "--json").stdout)["by"]
        assert by == {"": 2, "330109004": 1}
        assert "位置不明\t2" in zhiban(tmp_path, "figures", "--by", "town").stdout.splitlines()

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            ("0001-01-01", "0001-01-01"),
            ("0001-01-01", "9999-12-31"),
            ("1000-01-01", "2030-01-01"),
            ("9999-12-31", "9999-12-31"),
            ("2500-01-01", "2500-01-02"),
        ],
    )
    def test_days_that_no_record_can_have(self, tmp_path: Path, first: str, last: str) -> None:
        window = ("--from", first, "--to", last)
        done = zhiban(tmp_path, "figures", *window, "--json")
        assert done.returncode == 0
        assert json.loads(done.stdout)["count"] == (3 if first < "2024" < last else 0)
        for command in (("figures", "--panel"), ("map",)):
            done = zhiban(tmp_path, *command, *window)
            assert done.returncode == 2, command
            assert first in done.stderr or last in done.stderr
            assert done.stdout == ""

    def test_a_corrupted_rollup_is_found_and_rebuilt(self, tmp_path: Path) -> None:
        def store(what: str) -> tuple[int, str]:
            done = zhiban(tmp_path, "store", what, "--lang", "en")
            assert done.stdout == ""
            return done.returncode, done.stderr

        before = zhiban(tmp_path, "figures", "--by", "month", "--json").stdout
        assert store("check")[0] == 0
        for harm in (
            "UPDATE rollup SET n = n + 7",
            "UPDATE rollup SET deaths = 1 WHERE period = 2024 AND dim = 'town'",
            "DELETE FROM rollup WHERE period = 202403",
            "DELETE FROM rollup",
            "INSERT INTO rollup_interval VALUES ('XS', 2024, 'all', 'received_to_dispatch', x'00')",
        ):
            with sqlite3.connect(tmp_path / "zhiban.sqlite") as raw:
                assert raw.execute(harm).rowcount
            raw.close()
            code, words = store("check")
            assert code == 1, harm
            assert "2024" in words
            assert "store rebuild" in words
            assert store("rebuild")[0] == 0
            assert store("check")[0] == 0
            assert zhiban(tmp_path, "figures", "--by", "month", "--json").stdout == before

    def test_a_rebuild_leaves_today_to_be_counted_when_it_is_looked_at(
        self, tmp_path: Path
    ) -> None:
        assert zhiban(tmp_path, "do", "new fire smoke at 88 Jincheng Road").returncode == 0
        desk = open_store(str(tmp_path / "zhiban.sqlite"))
        with desk.write() as tx:
            today = rollups.stale_days(tx)
            history.add(tx, ORIGIN, [case("old", at("2024-03-05T12:00:00"))])
        assert len(today) == 1
        assert "of 4 days" in zhiban(tmp_path, "store", "rebuild", "--lang", "en").stderr
        with desk.read() as tx:
            assert rollups.stale_days(tx) == today
        desk.close()
        assert zhiban(tmp_path, "store", "check").returncode == 0


class TestDays:
    def test_a_future_date(self, store: Store) -> None:
        add(
            store,
            case("now", at("2026-11-23T09:00:00"), field="fire"),
            case("later", at("2026-11-23T18:00:00"), field="fire"),
            case("tomorrow", at("2026-11-24T09:00:00"), field="fire"),
            case("year", at("2199-12-31T23:59:59"), field="fire"),
        )
        desk = desk_on(store)
        for window, count in zip(WINDOWS, (2, 2, 2, 2), strict=True):
            found = figured(desk, "fire", window)
            assert found.panel.standing.count == count, window
            assert [one.count for one in found.standings["fire"]] == [2, 2, 2, 2]
        # A month that has begun has all of its days, as in the records.
        assert found.panel.trend[10] == (11, 3, 0)
        assert found.panel.trend[11] == (12, None, 0)
        ahead = figured(desk, "fire", days("2026-11-24", "2199-12-31"))
        # What has not come is compared when it has.
        one = ahead.panel.standing
        assert (one.count, one.ahead) == (2, True)
        assert (one.last_year, one.yoy, one.before, one.pop) == (0, None, 0, None)
        assert (one.last_year_whole, one.before_whole) == (True, True)
        assert ahead.panel.sums_last_year == Sums()
        with store.read() as tx:
            of = (date(2026, 11, 24), date(2026, 11, 30), None, "fire")
            assert figures(tx, *of, now=desk.clock.now()).yoy is None
        assert (found.usual.today, found.usual.sign) == (2, "")
        assert mapped(desk, "fire", days("2026-11-24", "2026-11-30")).map.total == 1
        with store.read() as tx:
            assert figures(tx, by="year").by == {"2026": 3, "2199": 1}
        assert checking.check(store) == []

    def test_a_window_across_a_leap_day_and_a_year(self, store: Store) -> None:
        """One incident a day, two on leap days: every window is counted by its days."""
        first = date(2023, 1, 1)
        span = [first + timedelta(days=n) for n in range(3 * 366)]
        cases = []
        for day in span:
            for n in range(2 if (day.month, day.day) == (2, 29) else 1):
                cases.append(case(f"{day}-{n}", at(f"{day}T12:00:00"), field="traffic"))
        add(store, *cases)
        desk = desk_on(store, at("2024-02-29T12:30:00"))
        today = figured(desk, "traffic", "today").panel
        assert (today.standing.count, today.standing.last_year, today.standing.yoy) == (2, 1, 100.0)
        with store.read() as tx:
            of = (date(2024, 2, 29), date(2024, 2, 29), None, "traffic")
            assert figures(tx, *of, now=desk.clock.now()).yoy == figures(tx, *of).yoy == 100.0
            # At eleven last year's noon had not come.
            assert figures(tx, *of, now=at("2024-02-29T11:00:00")).yoy is None
        month = figured(desk, "traffic", "month").panel
        assert (month.standing.count, month.standing.last_year) == (30, 28)
        year = figured(desk, "traffic", "year").panel
        assert (year.standing.count, year.standing.last_year) == (61, 59)
        across = figured(desk, "traffic", days("2023-12-15", "2024-03-01")).panel
        assert across.standing.count == 17 + 31 + 30 + 1
        # It has come as far as today, and is compared with as many days.
        assert across.standing.before == 77
        assert across.standing.last_year == 59  # the records begin on 1 January 2023
        assert (across.standing.last_year_whole, across.standing.before_whole) == (False, True)
        assert across.records == (date(2023, 1, 1), date(2026, 1, 2))
        after = figured(desk_on(store, at("2025-02-28T12:30:00")), "traffic", "today").panel
        assert (after.standing.count, after.standing.last_year) == (1, 1)
        later = desk_on(store, at("2025-03-05T12:30:00"))
        leap = figured(later, "traffic", days("2024-02-29", "2025-02-28")).panel
        assert (leap.standing.count, leap.standing.last_year) == (367, 366)


class TestClocksSetBack:
    """In London the hour from 1 to 2 comes twice on 25 October 2026."""

    def test_the_hour_has_both(self, london: Store) -> None:
        begin = at("2026-10-25T00:00:00", LONDON)
        moments = [begin + n * 10 * MINUTE for n in range(25 * 6)]
        add(
            london,
            *(case(str(n), m, unit(m, 60, 4_500), field="fire") for n, m in enumerate(moments)),
        )
        with london.read() as tx:
            day = date(2026, 10, 25)
            found = figures(tx, day, day, "hour")
            assert figures(tx, day + timedelta(days=1)).count == 0
            assert figures(tx, None, day - timedelta(days=1)).count == 0
        assert found.by == {str(hour): 12 if hour == 1 else 6 for hour in range(24)}
        assert found.count == 150
        # An interval is as long as it lasted, whatever the clocks showed.
        assert found.intervals["received_to_on_scene"].p50_s == 4_500
        assert found.intervals["received_to_on_scene"].n == 150
        panel = figured(desk_on(london, moments[-1]), "fire", "today").panel
        assert panel.heat[6 * 24 :] == tuple(12 if hour == 1 else 6 for hour in range(24))

    def test_the_hour_that_comes_twice_is_as_usual_with_twice_as_much(self, london: Store) -> None:
        """One every five minutes for ten weeks and on the night itself: nothing stands out."""
        start = at("2026-08-15T00:00:00", LONDON)
        end = at("2026-10-25T12:00:00", LONDON)
        moments = range(start, end, 5 * MINUTE)
        add(london, *(case(str(n), m, field="fire") for n, m in enumerate(moments)))
        doubled = at("2026-10-25T02:30:00", LONDON)
        with london.read() as tx:
            found = usual.standings(tx, doubled, ("fire",))["fire"]
        last = found.hours[-2]
        assert (last.hour, last.count) == (1, 24)
        assert last.band is not None
        assert last.band.mean == pytest.approx(24, rel=0.02)
        assert (found.sign, found.hours[-3].count) == ("", 12)

    @pytest.mark.parametrize("seed", range(3))
    def test_any_minutes_around_it(self, london: Store, seed: int) -> None:
        minutes = Random(seed).sample(range(-8 * 60, 34 * 60), 80)
        midnight = at("2026-10-25T00:00:00", LONDON)
        moments = [midnight + minute * MINUTE for minute in sorted(minutes)]
        add(london, *(case(str(n), m) for n, m in enumerate(moments)))
        shown = [datetime.fromtimestamp(m / 1_000, UTC).astimezone(LONDON) for m in moments]
        with london.read() as tx:
            for day in {one.date() for one in shown}:
                here = Counter(str(one.hour) for one in shown if one.date() == day)
                assert figures(tx, day, day, "hour").by == here


@pytest.mark.deep
class TestThirtyYears:
    """1997 to 2026, every month: three fires, two accidents, one fraud, on known days."""

    @pytest.fixture(scope="class")
    def decades(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
        store = open_store(f"sqlite:///{tmp_path_factory.mktemp('years') / 'store.sqlite'}")
        kinds = {3: "fire", 9: "traffic", 12: "fire", 15: "fraud", 20: "traffic", 21: "fire"}
        cases = []
        for year in range(1997, 2027):
            for month in range(1, 13):
                for day, field in kinds.items():
                    received = at(f"{year}-{month:02d}-{day:02d}T{day:02d}:00:00")
                    if received < NOW:
                        cases.append(
                            case(
                                f"{year}-{month}-{day}",
                                received,
                                unit(received, 60, 60 * day),
                                field=field,
                                category=f"{field}.case",
                                injured=int(field == "traffic"),
                            )
                        )
        add(store, *cases)
        rollups.refresh(store)
        yield desk_on(store)
        store.close()

    def test_the_page(self, decades: Desk) -> None:
        whole = figured(decades, "all", days("1997-01-01", "2026-12-31"))
        assert whole.panel.standing.count == 30 * 12 * 6 - 6
        # It has come as far as 23 November: last year's December is not held against it.
        assert (whole.panel.standing.last_year, whole.panel.standing.before) == (29 * 72 - 6, 0)
        assert whole.panel.standing.yoy == round((2154 - 2082) / 2082 * 100, 2)
        assert whole.panel.standing.pop is None
        assert sum(whole.panel.heat) == 2154
        assert whole.panel.sums.injured == 2 * 359
        assert dict(whole.panel.by["field"]) == {"fire": 1077, "traffic": 718, "fraud": 359}
        there = whole.panel.intervals["received_to_on_scene"]
        ordered = sorted(60 * day for day in (3, 9, 12, 15, 20, 21) for _ in range(359))
        ranks = tuple(ordered[int(2154 * q)] for q in (0.5, 0.9, 0.99))
        assert (there.n, (there.p50_s, there.p90_s, there.p99_s)) == (2154, ranks)
        year = figured(decades, "traffic", "year")
        assert (year.panel.standing.count, year.panel.standing.last_year) == (22, 22)
        assert year.panel.trend == tuple((m, 2 if m < 12 else None, 2) for m in range(1, 13))

    def test_every_year_and_month(self, decades: Desk) -> None:
        with decades.store.read() as tx:
            years, months = figures(tx, by="year").by, figures(tx, by="month").by
            assert years == {str(year): 72 if year < 2026 else 66 for year in range(1997, 2027)}
            assert (len(months), set(months.values())) == (359, {6})
            assert rollups.wrong(tx) == []

    def test_a_whole_life_is_read_in_a_few_statements(self, decades: Desk) -> None:
        """Thirty years are thirty periods: what is read does not grow with the incidents."""
        with decades.store.read() as tx:
            parts = rollups.Fresh().parts(tx, date(1997, 1, 1), date(2026, 12, 31))
            assert parts == Cover(tuple(range(1997, 2027)), ())
            odd = rollups.Fresh().parts(tx, date(1997, 3, 5), date(2026, 11, 9))
        assert len(odd.periods) < 30 + 2 * (11 + 30)
        assert odd.days == ()

    def test_the_map(self, decades: Desk) -> None:
        for window, count in (("month", 6), ("year", 66), (days("1997-01-01", "2026-12-31"), 2154)):
            found = mapped(decades, "all", window)
            assert found.map.total == count
            assert dict(found.map.outside)[""] == count

    def test_what_is_usual(self, decades: Desk) -> None:
        with decades.store.read() as tx:
            found = usual.standings(tx, NOON_OF_A_DAY)
        # Six incidents a month: a day without any is no day that nobody recorded.
        assert {one.sign for one in found.values()} == {""}
        assert found["all"].today == 0

    @pytest.mark.parametrize("month", ["1997-01-15", "2012-02-29", "2026-11-01"])
    def test_the_report_of_a_month(self, decades: Desk, month: str) -> None:
        period = period_asked(decades, "month", date.fromisoformat(month))
        document = report(decades, period, "萧山")
        text = rendered(document, "md", Translator("en")).decode("utf-8")
        assert "| 6 |" in text


NOON_OF_A_DAY = at("2026-11-22T12:00:00")


def add_up(one: Tallied, other: Tallied) -> Tallied:
    """Two of them as one."""
    made = Tallied()
    made.merge(one)
    made.merge(other)
    return made


class TestAddingUp:
    """Whatever was done on a watch: fields add up to all, windows to the longer one."""

    @pytest.fixture(scope="class")
    def busy(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
        folder = tmp_path_factory.mktemp("busy")
        url = str(folder / "store.sqlite")
        watched(url, folder, 11, 120)
        store = open_store(url)
        rollups.refresh(store, before=20261120)
        watched(url, folder, 11, 140, 121)
        yield desk_on(store)
        store.close()

    DAY = st.dates(date(2026, 9, 20), date(2026, 12, 20))

    @settings(
        max_examples=examples(30),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.tuples(DAY, DAY, DAY))
    def test_a_window_is_its_parts(self, busy: Desk, chosen: tuple[date, date, date]) -> None:
        first, cut, last = sorted(chosen)
        with busy.store.read() as tx:
            whole = rollups.window(tx, first, last)
            left = rollups.window(tx, first, cut - timedelta(days=1))
            right = rollups.window(tx, cut, last)
            assert add_up(left, right) == whole
            by_day = rollups.series(tx, first, last, "all", "day")
            assert sum(cell[0] for cell in by_day.values()) == whole.count("all", "all")
            assert rollups.window(tx, first, last, longest="day") == whole

    @settings(
        max_examples=examples(15),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.tuples(DAY, DAY))
    def test_all_is_the_fields_and_the_rest(self, busy: Desk, chosen: tuple[date, date]) -> None:
        first, last = sorted(chosen)
        with busy.store.read() as tx:
            each = {field: rollups.window(tx, first, last, field=field) for field in FIELDS}
        whole = each.pop("all")
        assert set(each) == {"fire", "traffic", "fraud", "other"}
        made = Tallied()
        for of, found in each.items():
            for (_field, dim, key), cell in found.cells.items():
                made.add(("all", dim, key), cell)
            for (_field, name), histogram in found.histograms.items():
                made.add_histogram(("all", name), histogram)
            assert {key[0] for key in found.cells} <= {of}
        assert made == whole
        pages = {of: figured(busy, of, Window("days", first, last)).panel for of in PANELS}
        total = pages.pop("all")
        other = each["other"]
        assert total.standing.count == other.count("other", "all") + sum(
            one.standing.count for one in pages.values()
        )
        shown = dict(total.by["field"])
        assert {of: n for of, n in shown.items() if of != "other"} == {
            of: one.standing.count for of, one in pages.items() if one.standing.count
        }
        rest = [0] * 168
        for (_of, dim, key), cell in other.cells.items():
            if dim == "hour":
                rest[int(key)] += cell[0]
        assert list(total.heat) == [
            sum(at) for at in zip(rest, *(p.heat for p in pages.values()), strict=True)
        ]

    def test_there_is_something_to_add_up(self, busy: Desk) -> None:
        with busy.store.read() as tx:
            whole = rollups.window(tx, date(2026, 9, 20), date(2026, 12, 20))
            assert {field for field, _dim, _key in whole.cells} == set(FIELDS)
            assert sum(whole.histograms["all", "received_to_dispatch"].values()) > 5
            assert rollups.stale_days(tx)
