"""The results panel: what is counted, changes without a base, and years in a row."""

from __future__ import annotations

from datetime import date

import pytest

from console.desk.ruleset import load
from console.domain.message import Label
from console.domain.panels import Window
from console.domain.results import (
    Ended,
    Line,
    Result,
    Veto,
    clean,
    last_year,
    parse_results,
    shown,
    windows,
)

FIRES = Result(
    "fire", Label("火", "fire"), ("fire",), ("fire.alarm",), ("no_fire",), "incidents", "s"
)
DEATHS = Result("deaths", Label("亡", "dead"), ("traffic",), (), (), "deaths", "s")
VETO = Veto(Label("否决", "veto"), 3, "s")
CELLS = {
    "fire": [2, 0, 0, 0, 0, 0, 0],
    "fire.highrise": [3, 4, 1, 3, 0, 0, 0],
    "fire.alarm": [50, 0, 0, 0, 0, 0, 0],
    "firework": [9, 0, 0, 0, 0, 0, 0],
    "traffic.fatal": [5, 9, 7, 2, 0, 0, 0],
    "traffic.injury": [8, 9, 0, 9, 0, 0, 0],
}
WITH_RESULT = {
    "no_fire/fire.highrise": [1, 0, 0, 0, 0, 0, 0],
    "no_fire/fire.alarm": [40, 0, 0, 0, 0, 0, 0],
    "no_fire/firework": [2, 0, 0, 0, 0, 0, 0],
    "out/fire": [2, 0, 0, 0, 0, 0, 0],
    "no_fire_at_all/fire": [1, 0, 0, 0, 0, 0, 0],
}


def year(number: int) -> Window:
    return Window("days", date(number, 1, 1), date(number, 12, 31))


def test_incidents_and_persons_of_categories_and_all_below_them() -> None:
    assert FIRES.count(Ended(CELLS, {})) == 5
    assert DEATHS.count(Ended(CELLS, WITH_RESULT)) == 7
    assert FIRES.count(Ended({}, {})) == 0


def test_what_turned_out_to_be_none_of_it_does_not_count() -> None:
    assert FIRES.count(Ended(CELLS, WITH_RESULT)) == 4


@pytest.mark.parametrize(
    ("count", "base", "words"),
    [
        (506, 565, "-10.44%"),
        (79, 100, "-21%"),
        (690, 750, "-8%"),
        (7, 0, "-"),
        (0, 0, "-"),
        (5, 5, "0%"),
        (300_001, 300_000, "0%"),
        (11, 1, "+1000%"),
        (3, 2, "+50%"),
        (0, 9, "-100%"),
    ],
)
def test_a_change_as_it_is_written(count: int, base: int, words: str) -> None:
    assert shown(Line(FIRES, count, base).change) == words


def test_a_year_that_is_not_over_is_held_against_the_same_days() -> None:
    now, before = windows(2024, date(2024, 2, 29))
    assert (now.first, now.last) == (date(2024, 1, 1), date(2024, 2, 29))
    assert (before.first, before.last) == (date(2023, 1, 1), date(2023, 2, 28))
    assert windows(2023, date(2024, 2, 29))[0] == year(2023)
    for wrong in (2025, 1, 0, -5, 10_000):
        with pytest.raises(ValueError, match=r"year|\d"):
            windows(wrong, date(2024, 2, 29))


def since(first: date, last: date = date(2030, 1, 1)) -> tuple[date, date]:
    return first, last


class TestYearsInARow:
    def test_only_years_that_the_records_have_whole(self) -> None:
        whole = clean(VETO, {}, since(date(2020, 1, 1)), year(2022))
        assert (whole.events, whole.years, whole.since) == (0, 3, 2020)
        part = clean(VETO, {}, since(date(2020, 1, 2)), year(2022))
        assert (part.years, part.since) == (2, 2021)
        assert clean(VETO, {}, since(date(2022, 5, 1)), year(2022)).years == 0
        assert clean(VETO, {}, None, year(2022)).years == 0

    def test_records_that_end_prove_nothing_behind_their_end(self) -> None:
        ended = since(date(2020, 1, 1), date(2022, 12, 30))
        assert clean(VETO, {}, ended, year(2022)).years == 0
        assert clean(VETO, {}, ended, year(2028)).years == 0
        assert clean(VETO, {}, ended, year(2021)).years == 2

    def test_an_incident_ends_the_row(self) -> None:
        after = clean(VETO, {2020: 1}, since(date(2018, 1, 1)), year(2022))
        assert (after.events, after.years, after.since) == (0, 2, 2021)
        within = clean(VETO, {2022: 2}, since(date(2018, 1, 1)), year(2022))
        assert (within.events, within.years, within.since) == (2, 0, None)

    def test_the_running_year_is_no_whole_one_but_can_end_the_row(self) -> None:
        part = Window("days", date(2022, 1, 1), date(2022, 3, 21))
        known = since(date(2020, 1, 1), date(2022, 3, 21))
        running = clean(VETO, {}, known, part)
        assert (running.events, running.years, running.since) == (0, 2, 2020)
        assert clean(VETO, {2022: 1}, known, part).years == 0


def test_the_year_that_is_shown_unasked() -> None:
    today = date(2026, 11, 28)
    assert last_year(None, today) == 2025
    assert last_year(since(date(2001, 5, 5)), today) == 2025
    assert last_year(since(date(2020, 1, 1), date(2022, 3, 21)), today) == 2021
    assert last_year(since(date(2022, 2, 1), date(2022, 3, 21)), today) == 2022
    assert last_year(since(date(2026, 2, 1), date(2026, 3, 21)), today) == 2025


def test_every_mistake_is_named_with_its_line() -> None:
    text = """
[[result]]
id = "a"
label = { zh = "一", en = "one" }
categories = ["fire", "nowhere"]
without_results = ["no_fire", "no_such_end"]
measure = "sums"
source = "s"
[[result]]
id = "a"
label = { zh = "二", en = "two" }
measure = "deaths"
source = "s"
typed = 506
[veto]
label = { zh = "三", en = "three" }
deaths = 0
"""
    _, faults = parse_results(text, "results.toml", load().naming)
    assert {(fault.line, fault.reason.id) for fault in faults} == {
        (5, "rules.unknown_category"),
        (6, "results.unknown_result"),
        (7, "results.no_measure"),
        (9, "results.nothing"),
        (10, "results.twice"),
        (14, "rules.unknown_key"),
        (17, "rules.at_least"),
        (15, "rules.missing_key"),
    }
