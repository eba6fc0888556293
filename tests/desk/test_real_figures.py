"""Figures of real files, imported as history, beside a plain count of the files' own rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console.desk.desk import Desk
from console.desk.figured import figured
from console.desk.imports import Mode, import_table
from console.domain.clock import FixedClock, from_datetime
from console.domain.figures import BY, Figures, as_json
from console.domain.panels import FIELDS as PANELS
from console.domain.panels import WINDOWS, Window, panel_json
from console.i18n import Translator
from console.store import checking, rollups, statistics
from console.store.engine import Store, open_store, sqlite_path
from tests.desk import plain_count
from tests.desk.plain_count import Incident, within
from tests.domain.shipped import rules
from tests.in_process import zhiban
from tests.screens.stage import made_once

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class File:
    """A real file, how it is counted by hand, and the years that it is about."""

    table: str
    mapping: str
    zone: str
    field: str
    plain: Callable[[Path], list[Incident]]
    years: tuple[int, int]
    today: datetime

    @property
    def path(self) -> Path:
        return ROOT / "tests" / "data" / self.table


FILES = [
    File(
        "sf-fire.csv",
        "sf-fire.toml",
        "America/Los_Angeles",
        "fire",
        plain_count.fire_calls,
        (2017, 2018),
        datetime(2018, 10, 14, 12, 0),
    ),
    File(
        "stats19.csv",
        "stats19.toml",
        "Europe/London",
        "traffic",
        plain_count.accidents,
        (2005, 2011),
        datetime(2011, 11, 26, 12, 0),
    ),
]


@dataclass(frozen=True)
class Imported:
    """A file in a store, and what was counted by hand."""

    file: File
    desk: Desk
    plain: list[Incident]

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def ends(self) -> tuple[date, date]:
        return date(self.file.years[0], 1, 1), date(self.file.years[1], 12, 31)

    def some(self, field: str, first: date, last: date) -> list[Incident]:
        """The incidents of a field that were received on these days."""
        return within(self.plain if field in ("all", self.file.field) else [], first, last)

    def base(self, field: str, first: date, last: date, of: date) -> list[Incident]:
        """Earlier days that those up to `of` are compared with: today, up to the same time."""
        found = self.some(field, first, last)
        if of != self.file.today.date():
            return found
        until = datetime.combine(last, self.file.today.time())
        return [one for one in found if one.at.replace(tzinfo=None) < until]

    def windows(self, many: int = 6) -> list[tuple[date, date]]:
        """All of it, every year, across New Year, and some windows by lot."""
        first, last = self.ends
        dice = Random(19)
        years = range(first.year, last.year + 1)
        found = [(first, last), *((date(y, 1, 1), date(y, 12, 31)) for y in years)]
        found += [(date(y, 12, 1), date(y + 1, 1, 31)) for y in years]
        for _ in range(many):
            begin = first + timedelta(days=dice.randrange((last - first).days))
            found.append((begin, begin + timedelta(days=dice.randrange(400))))
        return found


@pytest.fixture(params=FILES, ids=[one.table for one in FILES])
def imported(
    request: pytest.FixtureRequest,
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Imported]:
    """One of the files, brought in as its center would."""
    monkeypatch.chdir(tmp_path)
    file: File = request.param
    now = from_datetime(file.today.replace(tzinfo=ZoneInfo(file.zone)))
    plain = file.plain(file.path)
    assert len(plain) > 20

    def bring_in(url: str | Path) -> None:
        store = open_store(str(url), zone=file.zone)
        mapping = ROOT / "docs" / "mappings" / file.mapping
        done = import_table(
            store,
            rules(),
            FixedClock(now),
            file.path,
            mapping,
            Mode.HISTORY,
            say=Translator("zh").t,
        )
        assert (done.refused, done.new) == (0, len(plain))
        store.close()

    if (path := sqlite_path(store_url)) is not None:
        made_once(path, ("real figures", file.table), bring_in)
    else:
        bring_in(store_url)
    store = open_store(store_url, zone=file.zone)
    desk = Desk(store, FixedClock(now), rules(), "一席")
    yield Imported(file, desk, plain)
    store.close()


def told(found: Figures) -> dict[str, Any]:
    """Figures as machines read them."""
    return json.loads(json.dumps(as_json(found)))  # type: ignore[no-any-return]


def expected(imported: Imported, field: str, first: date, last: date) -> dict[str, Any]:
    """What `figures --json` must say of a window, but for ``by``."""
    some = imported.some(field, first, last)
    before = imported.some(field, plain_count.year_before(first), plain_count.year_before(last))
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "field": field,
        "count": len(some),
        "yoy": plain_count.change(len(some), len(before)),
        "yoy_base_whole": imported.ends[0] <= plain_count.year_before(first),
        "intervals": plain_count.intervals(some),
        **plain_count.sums(some),
    }


def test_every_window_of_every_field(imported: Imported) -> None:
    agree_everywhere(imported, imported.windows())


def agree_everywhere(imported: Imported, windows: list[tuple[date, date]]) -> None:
    """The figures of these windows, in each field, are what was counted by hand."""
    with imported.store.read() as tx:
        for first, last in windows:
            for field in ("all", imported.file.field, "fraud"):
                found = told(statistics.figures(tx, first, last, field=field))
                del found["by"]
                assert found == expected(imported, field, first, last), (first, last, field)


def test_whatever_it_is_counted_by(imported: Imported) -> None:
    with imported.store.read() as tx:
        for by in BY:
            whole = statistics.figures(tx, by=by)
            assert whole.by == plain_count.by(imported.plain, by), by
            assert sum(whole.by.values()) == whole.count == len(imported.plain)
            for first, last in imported.windows():
                some = imported.some("all", first, last)
                assert statistics.figures(tx, first, last, by).by == plain_count.by(some, by)


def test_every_year_against_the_one_before(imported: Imported) -> None:
    """Year on year to two decimals; the first year has no base and so no figure."""
    first, last = (one.year for one in imported.ends)
    changes = {}
    with imported.store.read() as tx:
        for year in range(first, last + 1):
            found = statistics.figures(tx, date(year, 1, 1), date(year, 12, 31))
            changes[year] = found.yoy
    counts = plain_count.by(imported.plain, "year")
    assert changes == {
        year: plain_count.change(counts[str(year)], counts.get(str(year - 1), 0))
        for year in range(first, last + 1)
    }
    assert changes[first] is None
    assert None not in [changes[year] for year in range(first + 1, last + 1)]


def test_the_panel_of_any_days(imported: Imported) -> None:
    today = imported.file.today.date()
    for first, last in imported.windows(4)[:: len(PANELS) - 1]:
        for field in PANELS:
            page = figured(imported.desk, field, Window("days", first, last))
            shown = panel_json(page.panel, page.standings, rules().naming)
            agree(imported, shown, field, first, last, today)


def test_the_panel_of_the_named_windows(imported: Imported) -> None:
    for name in WINDOWS:
        named(imported, name)


def named(imported: Imported, name: str) -> None:
    """A named window, and how every field stands in all of them."""
    today = imported.file.today.date()
    first = {
        "today": today,
        "week": today - timedelta(days=6),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }[name]
    page = figured(imported.desk, "all", name)
    shown = panel_json(page.panel, page.standings, rules().naming)
    agree(imported, shown, "all", first, today, today)
    for field, rows in page.standings.items():
        for row in rows:
            days = row.window.first, row.window.last
            back = [plain_count.year_before(day) for day in days]
            base = len(imported.base(field, back[0], back[1], days[1]))
            count = len(imported.some(field, *days))
            assert (row.count, row.last_year) == (count, base)
            assert row.yoy == plain_count.change(count, base)


def agree(
    imported: Imported, shown: dict[str, Any], field: str, first: date, last: date, today: date
) -> None:
    """Everything on the page of a window is what was counted by hand."""
    some = imported.some(field, first, last)
    come = today if first <= today < last else last
    back = [plain_count.year_before(day) for day in (first, come)]
    before = imported.base(field, back[0], back[1], come)
    assert shown["count"] == len(some)
    assert (shown["yoy_base"], shown["yoy"]) == (
        len(before),
        plain_count.change(len(some), len(before)),
    )
    if shown["window"]["name"] == "days":
        earlier = imported.base(field, *plain_count.days_before(first, last, come), come)
        assert (shown["pop_base"], shown["pop"]) == (
            len(earlier),
            plain_count.change(len(some), len(earlier)),
        )
    assert shown["heat"] == plain_count.heat(some)
    assert shown["trend_year"] == today.year
    known = imported.plain if field in ("all", imported.file.field) else []
    assert shown["trend"] == plain_count.trend(known, today)
    assert shown["intervals"] == plain_count.intervals(some)
    assert shown["sums"] == plain_count.sums(some)
    assert shown["sums_last_year"] == plain_count.sums(before)
    for dim in ("category", "severity", "town", "class"):
        assert shown["by"][dim] == plain_count.by(some, dim), dim
    if field == "all":
        assert shown["by"]["field"] == plain_count.by(some, "field")


def test_the_command_line_says_the_same(imported: Imported, store_url: str, tmp_path: Path) -> None:
    store = ("--store", store_url)
    for by in BY:
        done = zhiban(tmp_path, "figures", "--by", by, "--json", *store)
        assert (done.returncode, done.stderr) == (0, "")
        said = json.loads(done.stdout)
        assert said["by"] == plain_count.by(imported.plain, by)
        assert said["intervals"] == plain_count.intervals(imported.plain)
        assert (said["count"], said["yoy"]) == (len(imported.plain), None)
    for first, last in imported.windows(2):
        days = ("--from", first.isoformat(), "--to", last.isoformat())
        said = json.loads(zhiban(tmp_path, "figures", *days, "--json", *store).stdout)
        assert said.pop("by") == {}
        assert said == expected(imported, "all", first, last)
    first, last = imported.ends
    days = ("--from", first.isoformat(), "--to", last.isoformat())
    for field in PANELS:
        done = zhiban(tmp_path, "figures", "--panel", "--field", field, *days, *store)
        assert (done.returncode, done.stderr) == (0, "")
        shown = json.loads(done.stdout)
        assert shown["trend_year"] > imported.file.years[1]
        today = date(shown["trend_year"], len(shown["trend"]), 1)
        months = [row["month"] for row in shown["trend"] if row["this_year"] is not None]
        today = today.replace(month=max(months))
        agree(imported, shown, field, first, last, today)


def test_counted_again_from_its_incidents_it_is_the_same(imported: Imported) -> None:
    """Rollups that were never made, made and rebuilt say the same; the store is sound."""
    with imported.store.write() as tx:
        for table in ("rollup", "rollup_interval"):
            tx.conn.exec_driver_sql(f"DELETE FROM {table}")
        tx.conn.exec_driver_sql(
            "INSERT INTO rollup_stale (district, day) "
            "SELECT DISTINCT district, id / 10000000 FROM incident WHERE true "
            "ON CONFLICT DO NOTHING"
        )
    few = imported.windows(0)[:3]
    agree_everywhere(imported, few)
    assert rollups.rebuild(imported.store) == len({one.at.date() for one in imported.plain})
    assert checking.check(imported.store) == []
    agree_everywhere(imported, few)
