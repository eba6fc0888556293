"""``risk_map.toml``: what ships stands as the towns lie, and mistakes are told by line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.desk.ruleset import SHIPPED
from console.domain.addresses import Gazetteer
from console.domain.panels import FIELDS
from console.domain.risk_map import COLOURS, COMBINED, SCORED, Place
from console.domain.risk_map_file import parse_risk_map
from console.domain.tables import Fault
from tests.domain.shipped import rules

TEXT = (SHIPPED / "risk_map.toml").read_text("utf-8")


def faults(text: str, gazetteer: Gazetteer | None = None) -> list[Fault]:
    """What is wrong with a file."""
    return parse_risk_map(text, "risk_map.toml", gazetteer or rules().gazetteer)[1]


def line_of(text: str, words: str) -> int:
    """The line on which words stand first."""
    return text[: text.index(words)].count("\n") + 1


def beside() -> Iterator[tuple[Place, Place, bool]]:
    """Tiles that touch: the west or north one first; whether they are side by side."""
    places = rules().risk_map.places
    for one in places:
        for other in places:
            step = (other.row - one.row, other.column - one.column)
            if step in ((0, 1), (1, 0)):
                yield one, other, step == (0, 1)


class TestLayout:
    def test_every_town_stands_once_and_no_zone(self) -> None:
        towns = {t.code for t in rules().gazetteer.towns.values() if t.kind != "special"}
        places = rules().risk_map.places
        assert len(places) == len(towns) == 22
        assert {place.town for place in places} == towns
        assert len({(place.row, place.column) for place in places}) == 22

    def test_neighbouring_tiles_lie_as_the_towns_do(self) -> None:
        towns = rules().gazetteer.towns
        pairs = list(beside())
        assert len(pairs) >= 28
        for one, other, level in pairs:
            a, b = towns[one.town], towns[other.town]
            assert None not in (a.lat, a.lon, b.lat, b.lon)
            if level:
                assert a.lon < b.lon, (a.name, b.name)  # type: ignore[operator]
            else:
                assert a.lat > b.lat, (a.name, b.name)  # type: ignore[operator]

    def test_rows_and_columns_go_as_latitudes_and_longitudes(self) -> None:
        towns, places = rules().gazetteer.towns, rules().risk_map.places
        for one in places:
            for other in places:
                a, b = towns[one.town], towns[other.town]
                # Two rows or columns apart is never the other way round on the ground.
                if other.row - one.row >= 2:
                    assert a.lat > b.lat, (a.name, b.name)  # type: ignore[operator]
                if other.column - one.column >= 2:
                    assert a.lon < b.lon, (a.name, b.name)  # type: ignore[operator]

    def test_what_is_near_on_the_ground_is_near_on_the_map(self) -> None:
        towns, places = rules().gazetteer.towns, rules().risk_map.places
        at = {place.town: place for place in places}
        for place in places:
            here = towns[place.town]
            nearest = min(
                (t for t in towns.values() if t.code in at and t is not here),
                key=lambda t: (
                    (t.lat - here.lat) ** 2 + ((t.lon - here.lon) * 0.86) ** 2  # type: ignore[operator]
                ),
            )
            there = at[nearest.code]
            apart = max(abs(there.row - place.row), abs(there.column - place.column))
            assert apart == 1, (here.name, nearest.name)


class TestShipped:
    def test_it_is_sound(self) -> None:
        assert faults(TEXT) == []
        made = rules().risk_map
        assert tuple(colour.id for colour in made.colours) == COLOURS
        assert tuple(field.id for field in made.fields) == SCORED
        assert sum(made.weights.values()) == pytest.approx(1)
        for field in FIELDS:
            thresholds = made.thresholds_of(field)
            assert list(thresholds) == sorted(set(thresholds))
            assert len(thresholds) == 4
        assert made.thresholds_of(COMBINED) != made.thresholds_of("fire")

    def test_signs_are_seen_without_colour(self) -> None:
        signs = [colour.sign for colour in rules().risk_map.colours]
        assert len(set(signs)) == 5
        assert all(sign.isascii() and sign.isprintable() and sign != " " for sign in signs)


CASES = [
    ("own = 0.5", "own = 1.5", "map.rules.at_most_one"),
    ("own = 0.5", 'own = "half"', "rules.wrong_type"),
    ("own = 0.5", "own = -0.1", "rules.at_least"),
    ("least_days = 14", "least_days = 400", "map.rules.least_days"),
    ("least_days = 14", "least_days = 0", "rules.at_least"),
    ("usual_days = 364", "usual_day = 364", "rules.unknown_key"),
    ('sign = "."', 'sign = "o"', "map.rules.twice"),
    ('sign = "."', 'sign = ".."', "map.rules.sign"),
    ('sign = "."', 'sign = "●"', "map.rules.sign"),
    ('sign = "."', 'sign = " "', "map.rules.sign"),
    ('id = "yellow"', 'id = "purple"', "map.rules.colours"),
    ('{ zh = "绿", en = "green" }', '{ zh = "绿" }', "rules.missing_translation"),
    ("orange = 160", "orange = 90", "map.rules.thresholds"),
    ("blue = 60\nyellow", "blue = 0\nyellow", "map.rules.thresholds"),
    ("red = 230", "rot = 230", "rules.missing_key"),
    ('id = "fraud"', 'id = "theft"', "figures.no_field"),
    ('id = "fraud"', 'id = "theft"', "map.rules.missing_field"),
    ('id = "fraud"', 'id = "traffic"', "map.rules.twice"),
    ("evidence = 5.0", "evidence = 0", "map.rules.above_zero"),
    ("evidence = 5.0", "evidence = inf", "rules.at_most"),
    ("evidence = 5.0\n", "", "rules.missing_key"),
    ('count = "deaths"', 'count = "dogs"', "map.rules.no_count"),
    ('count = "deaths"', 'count = "injured"', "map.rules.twice"),
    ("weight = 10.0", "weight = -1", "rules.at_least"),
    ("weight = 10.0", "weight = nan", "rules.wrong_type"),
    ("weight = 10.0", "weight = 1e308", "rules.at_most"),
    ("per = 50000", "per = 1e-300", "rules.at_least"),
    ("usual_days = 364", "usual_days = 4000000", "rules.at_most"),
    ("red = 230", "red = inf", "rules.at_most"),
    ("other = 0.1 }", "other = true }", "rules.wrong_type"),
    ("per = 50000", "per = 0", "map.rules.above_zero"),
    ("traffic = 0.3, fraud = 0.3", "traffic = 0.3, theft = 0.3", "rules.unknown_key"),
    (
        "traffic = 0.3, fraud = 0.3, fire = 0.3, other = 0.1",
        "traffic = 0",
        "map.rules.no_weights",
    ),
    ('"盈丰"', '"亚特兰"', "rules.unknown_town"),
    ('"盈丰"', '"北干"', "map.rules.twice"),
    ('["", "盈丰"', "[" + '"", ' * 16 + '"盈丰"', "map.rules.columns"),
    ('["楼塔", ""', '["", ""', "map.rules.no_place"),
    ("own = 0.5", "own = ", "rules.not_toml"),
]


@pytest.mark.parametrize(("old", "new", "reason"), CASES)
def test_mistake_is_told_with_its_line(old: str, new: str, reason: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = [fault for fault in faults(text) if fault.reason.id == reason]
    assert found, faults(text)
    assert found[0].file == "risk_map.toml"
    near = {"map.rules.colours", "map.rules.no_place", "map.rules.missing_field"}
    if reason not in near:
        at = line_of(TEXT, old)
        assert at - 4 <= found[0].line <= at + 2


def test_every_mistake_is_told_at_once() -> None:
    text = TEXT.replace("own = 0.5", "own = 2").replace('sign = "."', 'sign = ""')
    text = text.replace("per = 50000", "per = -1")
    assert {fault.reason.id for fault in faults(text)} >= {
        "map.rules.at_most_one",
        "map.rules.sign",
        "rules.at_least",
    }


def test_an_empty_file_says_what_is_missing() -> None:
    told = {fault.reason.id for fault in faults("")}
    assert told >= {"rules.missing_key", "map.rules.colours", "map.rules.no_place"}


def test_own_thresholds_of_a_field() -> None:
    text = TEXT.replace(
        "evidence = 5.0", "evidence = 5.0\nfrom = { blue = 1, yellow = 2, orange = 3, red = 4 }"
    )
    made, wrong = parse_risk_map(text, "risk_map.toml", rules().gazetteer)
    assert wrong == []
    assert made.thresholds_of("fraud") == (1, 2, 3, 4)
    assert made.thresholds_of("fire") == (60, 110, 160, 230)
