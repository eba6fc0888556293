"""The results panel of the demo: each figure counted again from the incidents' own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from console.cli_demo import ZONE, _case, _scenario
from console.desk.desk import Desk
from console.desk.resulted import resulted
from console.desk.ruleset import load
from console.domain.clock import FixedClock
from console.domain.message import Problem
from console.domain.results import shown
from console.store import history, rollups
from console.store.engine import Store, open_store
from console.store.tables import incident
from fixtures import library
from fixtures.history import days_back
from tests.in_process import zhiban
from tests.store.floor import a_fire, desk_at, ok

ARTICLE = {"work": "-21", "crime": "-8", "fire": "-10.44", "deaths": "-19.13", "fraud": "-21.19"}
"""浙江法制报, 2 April 2022: 2021 against 2020, in percent."""

SHANGHAI = ZoneInfo(ZONE)


@pytest.fixture(scope="module", params=[20220321, pytest.param(7, marks=pytest.mark.slow)])
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A store with the demo's whole past, of two seeds."""
    played = _scenario(library.DEFAULT, request.param)
    folder: Path = tmp_path_factory.mktemp("demo")
    store = open_store(str(folder / "demo.sqlite"), district="XS", zone=ZONE)
    rules = load()
    origin = history.Origin("history", "history", "system", played.start)
    past = days_back(played.seed, played.start, played.offset)
    cases = [_case(one, rules) for _, incidents in past for one in incidents]
    with store.write() as tx:
        history.add(tx, origin, cases)
    yield Desk(store, FixedClock(played.start), rules, "一席", "李某")
    store.close()


def recounted(store: Store) -> dict[str, Counter[int]]:
    """Each figure by year, from the rows themselves."""
    c = incident.c
    with store.read() as tx:
        rows = tx.conn.execute(sa.select(c.received, c.category, c.deaths, c.state, c.result)).all()
    found = {name: Counter[int]() for name in ARTICLE}
    for received, category, deaths, state, result in rows:
        year = datetime.fromtimestamp(received / 1_000, SHANGHAI).year
        kind = category.split(".")[0]
        if state == "merged":
            continue
        found["work"][year] += category == "work"
        found["crime"][year] += kind == "crime"
        fire = kind == "fire" and category != "fire.alarm" and result != "no_fire"
        found["fire"][year] += fire
        found["deaths"][year] += deaths if kind == "traffic" else 0
        found["fraud"][year] += category == "fraud.case"
    return found


def test_the_five_figures_of_the_article_come_out_of_the_records(demo: Desk) -> None:
    panel = resulted(demo)
    counts = recounted(demo.store)
    assert (panel.window.first, panel.window.last) == (date(2021, 1, 1), date(2021, 12, 31))
    assert [one.result.id for one in panel.lines] == list(ARTICLE)
    for line in panel.lines:
        by_year = counts[line.result.id]
        assert (line.count, line.base) == (by_year[2021], by_year[2020])
        change = (by_year[2021] - by_year[2020]) / by_year[2020] * 100
        decimals = len(ARTICLE[line.result.id].partition(".")[2])
        assert f"{change:.{decimals}f}" == ARTICLE[line.result.id]
        assert shown(line.change) == f"{ARTICLE[line.result.id]}%"


def test_the_running_year_is_held_against_the_same_days(demo: Desk) -> None:
    panel = resulted(demo, 2022)
    assert (panel.window.last, panel.base.last) == (date(2022, 3, 21), date(2021, 3, 21))
    counts = recounted(demo.store)
    for line in panel.lines:
        assert line.count == counts[line.result.id][2022]
        assert 0 < line.base < counts[line.result.id][2021]


def test_no_more_years_than_the_records_prove(demo: Desk) -> None:
    panel = resulted(demo)
    assert panel.records is not None
    assert panel.records[0] == date(2020, 1, 1)
    assert panel.base_whole
    assert (panel.clean.events, panel.clean.years, panel.clean.since) == (0, 2, 2020)
    early = resulted(demo, 2020)
    assert not early.base_whole
    assert [line.base for line in early.lines] == [0] * 5
    assert {shown(line.change) for line in early.lines} == {"-"}


@pytest.mark.parametrize("year", [-1, 0, 1, 2023, 9999, 10_000, 10**20])
def test_a_year_that_has_no_results(demo: Desk, year: int) -> None:
    with pytest.raises(Problem, match=r"results\.no_year"):
        resulted(demo, year)


def test_three_killed_at_once_are_found_counted_or_not(store_url: str) -> None:
    rules, played = load(), _scenario(library.DEFAULT, 3)
    store = open_store(store_url, district="XS", zone=ZONE)
    origin = history.Origin("history", "history", "system", played.start)
    past = [one for day, some in days_back(3, played.start, 8 * 3_600_000) if day.month <= 2
            for one in some]  # fmt: skip
    cases = [_case(one, rules) for one in past]
    grave = [n for n, one in enumerate(past) if one.category == "traffic.fatal"]
    years = {n: datetime.fromtimestamp(past[n].received / 1_000, SHANGHAI).year for n in grave}
    chosen = next(n for n in grave if years[n] == 2021)
    worse = cases[chosen].past._replace(deaths=3)
    cases[chosen] = replace(cases[chosen], past=worse)
    with store.write() as tx:
        history.add(tx, origin, cases)
    desk = Desk(store, FixedClock(played.start), rules, "一席", "李某")
    stale = [resulted(desk, year).clean for year in (2020, 2021, 2022)]
    rollups.refresh(store, before=20220321)
    kept = [resulted(desk, year).clean for year in (2020, 2021, 2022)]
    assert stale == kept
    assert [(one.events, one.years, one.since) for one in kept] == [
        (0, 1, 2020),
        (1, 0, None),
        (0, 0, None),
    ]
    # What is marked is not relied on: the year and the month know of nobody killed.
    with store.write() as tx:
        for statement in (
            "UPDATE rollup SET deaths = 0 WHERE period <= 999999",
            "INSERT INTO rollup_stale (district, day) "
            "SELECT DISTINCT district, period FROM rollup WHERE period <= 999999",
        ):
            tx.conn.exec_driver_sql(statement)
    assert kept == [resulted(desk, year).clean for year in (2020, 2021, 2022)]
    rollups.refresh(store, before=20220321)
    assert kept == [resulted(desk, year).clean for year in (2020, 2021, 2022)]
    store.close()


def test_on_the_command_line(demo: Desk, tmp_path: Path) -> None:
    path = demo.store.url.removeprefix("sqlite:///")
    told = zhiban(tmp_path, "figures", "--results", "--store", path)
    assert (told.returncode, told.stderr) == (0, "")
    assert "火灾事故\t506\t565\t-10.44%" in told.stdout
    assert "连续 2 年" in told.stdout
    for year in ("9999", "99999999999999999999"):
        wrong = zhiban(tmp_path, "figures", "--results", "--year", year, "--store", path)
        assert wrong.returncode == 1
        assert wrong.stderr == f"没有 {year} 年的结果可比。\n"


def test_a_false_alarm_is_no_fire_until_it_is_open_again_and_put_out(tmp_path: Path) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(1), a_fire(2), a_fire(3)])

    def fires() -> int:
        (found,) = (one.count for one in resulted(desk, 2026).lines if one.result.id == "fire")
        with desk.store.read() as tx:
            assert rollups.wrong(tx) == []
        return found

    assert fires() == 3
    ok(desk, "接 1")
    ok(desk, "派 1 E301")
    ok(desk, "毕 1 误报")
    assert fires() == 2
    rollups.refresh(desk.store)
    assert fires() == 2
    ok(desk, "撤")
    assert fires() == 3
    ok(desk, "毕 1 误报")
    ok(desk, "结 1")
    ok(desk, "复开 1")
    ok(desk, "毕 1 熄灭")
    assert fires() == 3
