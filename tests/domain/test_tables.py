"""The small tables: categories, deadlines, alarm level, priority, and the reader under them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import console
from console.domain.alarm import AlarmLevel, checkin_span, level_by_persons
from console.domain.categories import parse_categories, within
from console.domain.clock import DAY, HOUR, MINUTE, SECOND
from console.domain.deadlines import CENTER_SETTING, parse_deadlines
from console.domain.dispatching import parse_run_cards
from console.domain.duplicates import parse_duplicates
from console.domain.priority import Priority, priority_of
from console.domain.report_rules import parse_reports
from console.domain.risk_map_file import parse_risk_map
from console.domain.standards import parse_standards
from console.domain.tables import Document, Fault, line_index, parse_span
from console.domain.triage_file import parse_triage
from tests.domain.shipped import rules

DATA = Path(console.__file__).parent / "data"


class TestCategories:
    def test_known(self) -> None:
        found = rules().categories.get("fire.highrise")
        assert (found.label.zh, found.known, found.field) == ("高层火灾", True, "fire")

    def test_unknown_is_kept_under_its_ancestor(self) -> None:
        found = rules().categories.get("fire.highrise.lift_shaft")
        assert (found.code, found.known) == ("fire.highrise.lift_shaft", False)
        assert found.label == rules().categories.get("fire.highrise").label

    def test_a_sources_word_is_its_own_label(self) -> None:
        assert rules().categories.get("other.Medical Incident").label.zh == "Medical Incident"
        assert rules().categories.get("").code == ""

    @pytest.mark.parametrize(
        ("word", "code"),
        [
            ("火", "fire"),
            ("huojing", "fire"),
            ("事故", "traffic"),
            ("电诈", "fraud"),
            ("高层", "fire.highrise"),
            ("lift", "rescue.lift"),
            ("冒充电商物流客服", "fraud.warning.shopping"),
            ("fire.outdoor", "fire.outdoor"),
            ("Outside Fire", "fire.outdoor"),
        ],
    )
    def test_found(self, word: str, code: str) -> None:
        assert [c.code for c in rules().categories.find(word)] == [code]

    def test_not_found(self) -> None:
        assert rules().categories.find("") == ()
        assert rules().categories.find("没有这样的类别") == ()

    def test_fields(self) -> None:
        categories = rules().categories
        assert categories.field("traffic.fatal") == "traffic"
        assert categories.field("fraud.case") == "fraud"
        assert categories.field("other.Structure Fire") == "other"
        assert len([c for c in categories if within(c.code, "fraud.warning")]) == 13

    def test_short_names_fit_the_queue(self) -> None:
        for category in rules().categories:
            assert 1 <= len(category.short.zh) <= 2
            assert 1 <= len(category.short.en) <= 8

    @given(st.text(max_size=30))
    def test_any_code(self, code: str) -> None:
        assert rules().categories.get(code).code == code

    def test_mistakes(self) -> None:
        text = '[fire]\nlabel = { zh = "火", en = "Fire" }\npriority = 9\nfield = "sea"\n'
        _, faults = parse_categories(text, "c.toml")
        assert {(f.line, f.reason.id) for f in faults} >= {
            (3, "rules.bad_priority"),
            (4, "rules.bad_field"),
        }


class TestDeadlines:
    def test_figures_of_published_rules(self) -> None:
        deadlines = rules().deadlines
        assert deadlines.span("answer.hotline") == 15 * SECOND
        assert deadlines.span("fire.turnout") == 80 * SECOND
        assert deadlines.span("fire.arrival") == 240 * SECOND
        assert deadlines.span("dispatch.process") == 60 * SECOND
        assert deadlines.span("traffic.arrival_urban") == 5 * MINUTE

    def test_every_one_says_where_it_comes_from(self) -> None:
        for deadline in rules().deadlines:
            assert deadline.source
            assert deadline.span > 0
            assert deadline.label.zh
            assert deadline.label.en
            standard = deadline.source.startswith(("NFPA", "NENA"))
            assert not standard or deadline.edition
        assert any(d.source == CENTER_SETTING for d in rules().deadlines)

    def test_mistakes(self) -> None:
        text = '[a]\nlabel = { zh = "甲", en = "A" }\nspan = "soon"\n[b]\nspan = "5s"\n[c]\n'
        _, faults = parse_deadlines(text, "d.toml")
        assert {(f.line, f.reason.id) for f in faults} >= {
            (3, "rules.bad_span"),
            (4, "rules.missing_key"),
            (6, "rules.missing_key"),
        }


class TestAlarm:
    @pytest.mark.parametrize(
        ("persons", "level"),
        [(0, 1), (1, 2), (2, 2), (3, 3), (9, 3), (10, 4), (29, 4), (30, 5), (500, 5)],
    )
    def test_by_persons(self, persons: int, level: int) -> None:
        assert level_by_persons(persons) == level

    def test_fewer_than_nobody(self) -> None:
        with pytest.raises(ValueError, match="fewer"):
            level_by_persons(-1)

    def test_colours(self) -> None:
        assert [level.colour for level in AlarmLevel] == [
            "green",
            "blue",
            "yellow",
            "orange",
            "red",
        ]

    def test_safety_clock_is_shorter_in_a_bigger_fire(self) -> None:
        deadlines = rules().deadlines
        spans = [checkin_span(deadlines, "fire_engine", level) for level in range(6)]
        assert spans == sorted((s for s in spans if s is not None), reverse=True)
        assert spans[5] < spans[1]  # type: ignore[operator]
        assert checkin_span(deadlines, "balloon", 1) == deadlines.span("checkin.usual")


class TestPriority:
    def test_signs_differ(self) -> None:
        assert len({p.sign for p in Priority}) == len({p.label.id for p in Priority}) == 4
        assert all(len(p.sign) == 1 and p.sign.isascii() for p in Priority)

    def test_raised(self) -> None:
        assert Priority.III.raised() is Priority.II
        assert Priority.I.raised(3) is Priority.I
        assert priority_of(None) is Priority.III
        assert priority_of(0) is Priority.III


class TestReader:
    @pytest.mark.parametrize(
        ("words", "span"),
        [
            ("90s", 90 * SECOND),
            ("5min", 5 * MINUTE),
            ("1h 30min", HOUR + 30 * MINUTE),
            ("2d", 2 * DAY),
            ("0.5s", 500),
            ("250ms", 250),
            ("", None),
            ("5", None),
            ("soon", None),
            ("5 s later", None),
            ("-5s", None),
            ("36525d", 36_525 * DAY),
            ("36526d", None),
            ("9" * 400 + "d", None),
        ],
    )
    def test_span(self, words: str, span: int | None) -> None:
        assert parse_span(words) == span

    def test_lines(self) -> None:
        text = 'a = 1\n[b]\nc = """\n[x]\ny = 2\n"""\nd = 3\n[[e]]\nf = 1\n[[e.g]]\nh = 2\n[[e]]\n'
        text += '[[e.g]]\n[[e.g]]\n"k.k".l = 9\n'
        lines = line_index(text)
        assert lines[("a",)] == 1
        assert lines[("b", "d")] == 7
        assert ("x",) not in lines
        assert lines[("e", 0, "g", 0, "h")] == 11
        assert lines[("e", 1)] == 12
        assert lines[("e", 1, "g", 1, "k.k", "l")] == 15

    def test_syntax_error_names_its_line(self) -> None:
        document = Document("a = 1\nb = = 2\n", "x.toml")
        assert [(f.line, f.reason.id) for f in document.faults] == [(2, "rules.not_toml")]

    @pytest.mark.parametrize(
        "file", ["risk_map", "reports", "standards", "run_cards", "duplicates"]
    )
    @pytest.mark.parametrize(
        "wrong", ["inf", "nan", "true", "1" + "0" * 23, "-1" + "0" * 23, "9" * 400, "9" * 5_000]
    )
    def test_a_number_that_nothing_can_be_made_of_is_a_fault(self, file: str, wrong: str) -> None:
        parse: Callable[[str], tuple[object, list[Fault]]] = {
            "risk_map": lambda text: parse_risk_map(text, "x.toml", rules().gazetteer),
            "reports": lambda text: parse_reports(text, "x.toml"),
            "standards": lambda text: parse_standards(text, "x.toml"),
            "run_cards": lambda text: parse_run_cards(text, "x.toml"),
            "duplicates": lambda text: parse_duplicates(text, "x.toml"),
        }[file]
        text = (DATA / f"{file}.toml").read_text("utf-8")
        numbers = list(re.finditer(r"(?m)(?<==) ?[0-9][0-9.]*(?=\s*(?:,|}|#|$))", text))
        assert numbers
        for number in numbers:
            _, faults = parse(f"{text[: number.start()]} {wrong}{text[number.end() :]}")
            line = text.count("\n", 0, number.start()) + 1
            # A value of a table in one line stands in the line of the table.
            assert any(fault.line <= line and line - fault.line < 4 for fault in faults), number

    @given(st.text(max_size=80))
    def test_any_text_is_faults_and_no_crash(self, text: str) -> None:
        parse_categories(text, "x")
        parse_deadlines(text, "x")
        parse_duplicates(text, "x")
        parse_run_cards(text, "x")
        parse_triage([(text, "x")], rules().categories)
