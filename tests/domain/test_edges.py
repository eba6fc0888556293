"""Where a rule turns: the last value on one side and the first on the other, and what is empty."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from enum import Enum

import pytest

import console.domain
from console.domain.addresses import parse, parse_gazetteer
from console.domain.categories import parse_categories
from console.domain.clock import MINUTE, FixedClock, ScaledClock
from console.domain.document import Chart, Series
from console.domain.entry import Entry, canonical
from console.domain.figures import year_before
from console.domain.filters import PRIORITIES, STATES, Span, span_words
from console.domain.heartbeats import HeartbeatRules, LastHeard, silent
from console.domain.lifecycle import TRANSITIONS, State, lawful, state_label, target
from console.domain.message import Label, Message, Problem, msg
from console.domain.persons import Persons
from console.domain.phones import joined
from console.domain.priority import Priority, priority_of
from console.domain.report_words import differing, late_by
from console.domain.telling import SOURCES, system_called
from console.i18n import Translator
from tests.domain.shipped import rules

LANGUAGES = (Translator("zh"), Translator("en"))


def _named() -> Iterator[tuple[str, Enum]]:
    """Every value of the rules that has a name to be shown."""
    for module in pkgutil.iter_modules(console.domain.__path__):
        loaded = importlib.import_module(f"console.domain.{module.name}")
        for kind in vars(loaded).values():
            ours = isinstance(kind, type) and kind.__module__ == loaded.__name__
            if ours and issubclass(kind, Enum) and hasattr(kind, "label"):
                yield from ((f"{kind.__name__}.{one.name}", one) for one in kind)


NAMED = dict(_named())


@pytest.mark.parametrize("name", NAMED)
def test_what_has_a_name_can_be_called_in_both_languages(name: str) -> None:
    label = getattr(NAMED[name], "label")  # noqa: B009
    assert isinstance(label, Message | Label)
    for words in LANGUAGES:
        said = words.t((label,))
        assert said
        assert not isinstance(label, Message) or words.has(label.id), label


@pytest.mark.parametrize("state", list(State))
def test_a_state_has_a_name_and_takes_some_verbs(state: State) -> None:
    assert all(words.has(state_label(state).id) for words in LANGUAGES)
    for verb, ways in TRANSITIONS.items():
        assert lawful(verb, state) is (state in ways)
        if state in ways:
            assert target(verb, state) is ways[state]
        else:
            with pytest.raises(Problem) as caught:
                target(verb, state)
            said = msg("lifecycle.not_from", verb=Message(f"verb.{verb}"), state=state_label(state))
            assert caught.value.message == said
            assert caught.value.args == (said.id, dict(said.args))


def test_a_priority_is_one_of_four() -> None:
    assert [priority_of(level) for level in (1, 4)] == [Priority.I, Priority.IV]
    for none in (None, 0, 5, -1):
        assert priority_of(none) is Priority.III
        assert priority_of(none, Priority.II) is Priority.II


def test_who_is_in_danger() -> None:
    assert Persons(trapped=1, injured=20, dead=300).in_danger == 321


def test_a_year_before() -> None:
    assert year_before(date(2026, 3, 1)) == date(2025, 3, 1)
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    with pytest.raises(ValueError, match="year"):
        year_before(date(1, 5, 5))


def test_a_clock_stands_still_and_never_runs_backwards() -> None:
    clock = ScaledClock(1_000, 1.0)
    clock.speed = 0
    assert clock.speed == 0
    with pytest.raises(ValueError, match="backwards"):
        clock.speed = -0.5
    assert FixedClock(7).now() == 7


@pytest.mark.parametrize(
    ("values", "most"), [((3, None, 8), 8), ((None,), 1), ((), 1), ((0, 0), 1)]
)
def test_a_whole_bar(values: tuple[int | None, ...], most: int) -> None:
    chart = Chart("bars", Message("x"), tuple("a" for _ in values), (Series(Message("x"), values),))
    assert chart.most == most


def test_an_entry_keeps_what_it_says_and_nothing_else() -> None:
    text = canonical(Entry(verb="note", at=5, seat="一席", text="好"), 3, "XS")
    assert text == '{"at":5,"district":"XS","seat":"一席","seq":3,"text":"好","verb":"note"}'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('区 "甲"', '2026-01-02 place=区 "甲"'),
        ("甲", "2026-01-02 place=甲"),
        ("甲 乙", '2026-01-02 "place=甲 乙"'),
        ('甲 "乙"', '2026-01-02 “place=甲 "乙"”'),
        ("甲 ”乙＂", None),
    ],
)
def test_a_span_is_said_so_that_it_can_be_read_again(value: str, said: str | None) -> None:
    if value.startswith("区"):
        said = '2026-01-02 “place=区 "甲"”'
    assert span_words(Span(20260102, 20260102, (("place", value),))) == said


SILENT = HeartbeatRules(silent_after=10 * MINUTE, together=2)


def heard(device: str, minutes: float, missed: int | None = None) -> LastHeard:
    """A terminal that spoke so many minutes before the hour."""
    return LastHeard(device, int((60 - minutes) * MINUTE), missed=missed)


@pytest.mark.parametrize(
    ("known", "told", "together"),
    [
        ((), (), False),
        ((heard("A", 10),), (), False),
        ((heard("A", 11),), ("A",), False),
        ((heard("A", 6), heard("B", 7)), (), False),
        ((heard("A", 6), heard("B", 11)), ("B", "A"), True),
        ((heard("A", 5), heard("B", 11)), ("B",), False),
        ((heard("A", 11, 1), heard("B", 11)), ("B",), False),
    ],
)
def test_terminals_that_fall_silent(
    known: tuple[LastHeard, ...], told: tuple[str, ...], together: bool
) -> None:
    found = silent(known, 0, 60 * MINUTE, SILENT)
    assert (tuple(one.device for one in found.devices), found.as_one) == (told, together)
    assert silent(known, None, 60 * MINUTE, SILENT).devices == ()


def test_the_parts_of_a_telephone_number_are_one_word() -> None:
    assert joined(["199", "0000", "7777"]) == ["199 0000 7777"]
    assert joined(["+86", "199", "0000", "7777"]) == ["+86 199 0000 7777"]
    assert joined(["12", "34"]) == ["12", "34"]
    assert joined([*"1990000777", "7"]) == [*"1990000777", "7"]
    assert joined([]) == []


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, msg("report.late_minutes", minutes=0)),
        (59, msg("report.late_minutes", minutes=59)),
        (60, msg("report.late_hours", hours=1, minutes=0)),
        (2_879, msg("report.late_hours", hours=47, minutes=59)),
        (2_880, msg("report.late_days", days=2)),
    ],
)
def test_how_late(minutes: int, said: Message) -> None:
    assert late_by(minutes * MINUTE) == said


def test_how_a_figure_differs() -> None:
    assert differing(1_200, 100) == "+1,100"
    assert differing(0, 3) == "-3"
    assert differing(3, 3) == msg("report.same")
    assert differing(3, 3, known=False) == msg("report.incomparable")


def test_a_system_without_a_name_is_called_by_its_id() -> None:
    assert system_called("their-own") == "their-own"
    known = next(iter(SOURCES))
    assert system_called(known) == Message(f"source.{known}")


class TestCategories:
    def test_an_exact_name_wins_over_a_beginning_and_that_over_a_part(self) -> None:
        found = rules().categories
        fire = found.get("fire").label.zh
        assert {one.code for one in found.find(fire)} == {one.code for one in found.called(fire)}
        assert found.find("  ") == ()
        assert found.find("no such thing") == ()
        begun = found.find("fire.st")
        assert [one.code for one in begun] == ["fire.structure"]
        part = found.find("structure")
        assert "fire.structure" in [one.code for one in part]
        assert found.find("q") == () or all("q" in str(one).casefold() for one in found.find("q"))

    def test_a_file_without_the_rest_has_it_added(self) -> None:
        tree, faults = parse_categories("", "c.toml")
        assert [one.reason.id for one in faults] == ["rules.no_other"]
        assert tree.get("anything").label == Label("anything", "anything")
        assert tree.get("other").label == Label("其他", "Other")

    @pytest.mark.parametrize(
        ("zh", "en", "fits"),
        [("两字", "eightsig", True), ("三个字", "x", False), ("字", "ninesigns", False)],
    )
    def test_a_short_label_fits_its_column(self, zh: str, en: str, fits: bool) -> None:
        short = f'short = {{ zh = "{zh}", en = "{en}" }}'
        text = f'[other]\nlabel = {{ zh = "其他", en = "Other" }}\n{short}\n'
        _tree, faults = parse_categories(text, "c.toml")
        assert (["rules.short_too_long"] if not fits else []) == [
            one.reason.id for one in faults if one.reason.id == "rules.short_too_long"
        ]


class TestAddresses:
    def test_what_names_the_town_is_no_part_of_the_rest(self) -> None:
        place = parse("新塘街道育才东路88号东门口", rules().gazetteer)
        assert (place.town, place.road, place.number) == ("330109004", "育才东路", "88")
        assert "新塘" not in place.rest
        assert "东门口" in place.rest

    def test_without_a_town_the_rest_stays_whole(self) -> None:
        place = parse("育才东路88号东门口", rules().gazetteer)
        assert "东门口" in place.rest

    def test_a_gazetteer_keeps_latitude_and_longitude_apart(self) -> None:
        gazetteer, faults = parse_gazetteer(
            ("code,name,kind\n330109001,甲街道,street\n", "t"),
            ("code,lat,lon,pinyin\n330109001,30.5,120.25,jia\n", "c"),
            ("town,village\n甲街道,乙村\n", "v"),
            ("road,town\n丙路,甲街道\n", "r"),
        )
        assert faults == []
        town = gazetteer.town_called("甲街道")
        assert town is not None
        assert (town.code, town.lat, town.lon) == ("330109001", 30.5, 120.25)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filter_knows_a_state_and_a_level_by_what_the_screen_calls_it(lang: str) -> None:
    words = Translator(lang)
    for state, names in STATES.items():
        for label in (f"state.{state}", f"state.short.{state}"):
            assert words.t(label).casefold() in names, label
    for level, names in PRIORITIES.items():
        assert {f"p{level}", f"{level}级"} <= set(names)
        assert lang == "en" or words.t(f"priority.{level}") in names
