"""A report follows from its figures: nothing is said that they do not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.document import Case, Chart, Document, Paragraph, Section, Table
from console.domain.figures import percent_of
from console.domain.lifecycle import State
from console.domain.message import Arg, Label, Message
from console.domain.report import compose
from console.domain.report_words import (
    FIELDS,
    NONE,
    SMALL,
    changed,
    day_label,
    edge,
    lasting,
    late_by,
    moment,
    nearby,
    seconds,
    share,
    zone_name,
)
from console.domain.reported import Outlook
from console.domain.rollup import Counted, Tallied
from console.domain.standards import Kept
from console.i18n import LANGUAGES, Translator
from tests.domain.reporting import DAY, NOTHING, ZONE, at, busy, moments, one, reported, tallied
from tests.domain.shipped import rules

INCIDENTS = st.lists(
    st.builds(
        one,
        field=st.sampled_from(FIELDS),
        category=st.sampled_from(
            ["fire.structure", "traffic.injury", "fraud.case", "", "own.word"]
        ),
        town=st.sampled_from(["", "beigan", "xintang", "elsewhere"]),
        hour=st.integers(0, 23),
        fraud_class=st.sampled_from(["", "刷单返利"]),
        severity=st.sampled_from(["", "slight"]),
        alarm_level=st.integers(0, 5),
        deaths=st.integers(0, 2),
        injured=st.integers(0, 3),
        amount_lost=st.integers(0, 10**7),
        amount_saved=st.integers(0, 10**7),
    ),
    max_size=30,
)


OPEN, OVERALL, IMPORTANT, FIELDS_, OUTLOOK, HINTS = range(1, 7)
"""The six parts, in their order."""


def part(document: Document, n: int) -> Section:
    """One of the six parts, from 1."""
    return document.sections[n - 1]


def tables(section: Section) -> list[Table]:
    return [block for block in section.every() if isinstance(block, Table)]


def said(document: Document, part_: int) -> list[str]:
    """Ids of the messages that stand in a part as sentences."""
    return [
        block.text.id for block in part(document, part_).every() if isinstance(block, Paragraph)
    ]


def messages(value: object) -> Iterator[Message]:
    """Every message in a value."""
    if isinstance(value, Message):
        yield value
        yield from messages(tuple(value.args.values()))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from messages(inner)


def words(document: Document) -> Iterator[Arg]:
    """Everything that is said in a document."""
    yield from (document.title, *document.notes, *document.signatures)
    for name, value in document.facts:
        yield from (name, value)

    def titles(sections: tuple[Section, ...]) -> Iterator[Arg]:
        for section in sections:
            yield section.title
            yield from titles(section.sections)

    yield from titles(document.sections)
    for block in document.every():
        match block:
            case Paragraph():
                yield block.text
            case Table():
                yield from (block.title, *block.head, *(cell for row in block.rows for cell in row))
            case Chart():
                yield from (block.title, *block.labels, *(run.label for run in block.series))
            case Case():
                yield block.head
                for name, values in block.lines:
                    yield from (name, *values)


class TestEveryReport:
    @settings(deadline=None)
    @given(INCIDENTS, INCIDENTS, INCIDENTS)
    def test_tables_say_what_was_counted(
        self, now: list[Counted], then: list[Counted], before: list[Counted]
    ) -> None:
        given_ = reported(tallied(now), last_year=tallied(then), before=tallied(before))
        document = compose(given_)
        fields, harm, *_ = tables(part(document, OVERALL))
        for row, field in zip(fields.rows, ("all", *FIELDS), strict=True):
            counts = [
                len([i for i in some if field in ("all", i.field)]) for some in (now, then, before)
            ]
            assert row[1] == f"{counts[0]:,}"
            assert row[2:4] == (f"{counts[1]:,}", changed(counts[0], counts[1]))
            assert row[4:] == (f"{counts[2]:,}", changed(counts[0], counts[2]))
        fraud = [i for i in now if i.field == "fraud"]
        assert [row[1] for row in harm.rows] == [
            f"{sum(getattr(i, name) for i in some):,}"
            for some, name in (
                (now, "deaths"),
                (now, "injured"),
                (now, "amount_lost"),
                (fraud, "amount_lost"),
                (now, "amount_saved"),
            )
        ]
        for table in tables(part(document, FIELDS_)):
            if table.title is None:
                rows = [int(str(row[1]).replace(",", "")) for row in table.rows]
                assert rows
                assert all(rows)
        hours = [block for block in part(document, OVERALL).every() if isinstance(block, Chart)]
        assert [sum(filter(None, one.series[0].values)) for one in hours] == (
            [len(now)] if now else []
        )

    @settings(deadline=None)
    @given(INCIDENTS, INCIDENTS)
    def test_every_row_is_as_wide_as_its_head_and_every_run_as_its_labels(
        self, now: list[Counted], before: list[Counted]
    ) -> None:
        document = compose(reported(tallied(now), before=tallied(before), usual=(tallied(before),)))
        for block in document.every():
            if isinstance(block, Table):
                assert all(len(row) == len(block.head) for row in block.rows)
                assert max(block.numbers, default=0) < len(block.head)
            if isinstance(block, Chart):
                assert all(len(run.values) == len(block.labels) for run in block.series)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_it_can_be_said_whole(self, lang: str) -> None:
        translator = Translator(lang)
        for given_ in (busy(), reported()):
            for message in messages(tuple(words(compose(given_)))):
                assert translator.has(message.id), message
                assert f"{message.id} (" not in translator.t(message), "an argument is missing"

    def test_an_empty_period_has_all_six_parts(self) -> None:
        document = compose(reported())
        assert len(document.sections) == 6
        rows = tables(part(document, OVERALL))[0].rows
        assert [row[3] for row in rows] == [Message("report.same")] * 5
        assert said(document, OPEN) == ["report.nothing_pending", "report.came_to"]
        assert said(document, IMPORTANT) == ["report.nothing_important"]
        assert said(document, OUTLOOK) == ["report.no_usual"]
        assert said(document, HINTS) == ["report.no_hints"]


class TestBusyDay:
    def test_what_stands_out_and_what_is_open_is_told_one_by_one(self) -> None:
        document = compose(busy())
        [case] = [block for block in part(document, IMPORTANT).every() if isinstance(block, Case)]
        assert case.head.args["number"] == "XS-20220321-0042"
        what = [values[0] for name, values in case.lines if name.id == "report.case_what"]
        assert what == ["三楼有人被困"]
        [open_] = tables(part(document, OPEN))
        assert [row[0] for row in open_.rows] == ["XS-20220321-0007", "XS-20220321-0008"]
        late, due = (row[-1] for row in open_.rows)
        assert isinstance(late, Message)
        assert late.args["late"] == Message("report.late_hours", {"hours": 5, "minutes": 0})
        assert isinstance(due, Message)
        assert Translator("zh").t(due) == "3 月 25 日 23:00"

    def test_every_hint_has_its_figure(self) -> None:
        document = compose(busy())
        hints, handed = (
            [
                block.text
                for block in part(document, n).every()
                if isinstance(block, Paragraph) and block.text.id.startswith("report.hint")
            ]
            for n in (HINTS, OPEN)
        )
        assert [hint.id for hint in hints] == [
            "report.hint_rise",
            "report.hint_town",
            "report.hint_standard",
        ]
        assert [hint.id for hint in handed] == [
            "report.hint_overdue",
            "report.hint_tray",
            "report.hint_link",
            "report.hint_unknown",
            "report.hint_waiting",
        ]
        by_id = {hint.id: hint.args for hint in (*hints, *handed)}
        rises = [hint for hint in hints if hint.id == "report.hint_rise"]
        assert [(hint.args["count"], hint.args["base"]) for hint in rises] == [(11, 6)]
        assert by_id["report.hint_town"]["town"] == "宁围街道"
        assert by_id["report.hint_overdue"] == {"count": 1, "number": "XS-20220321-0007"}
        assert by_id["report.hint_waiting"] == {"system": "platform9", "count": 3}

    def test_a_standard_stands_with_its_edition_and_its_verdict(self) -> None:
        fire = part(compose(busy()), FIELDS_).sections[2]
        [standards] = [table for table in tables(fire) if len(table.head) == 6]
        say = Translator("zh").t
        rows = [[say((cell,)) for cell in row] for row in standards.rows]
        assert rows[0] == [
            "火警受理与下达",
            "城市消防站建设标准（建标 152-2017）条文说明",
            "2 分 30 秒内",
            "12",
            "12 次中 0 次",
            "未达标",
        ]
        foreign = [row for row in rows if "NFPA" in row[1]]
        assert foreign == rows[-3:], "our own standards come first"
        assert all(row[0].startswith("国外参照") and "参照" in row[-1] for row in foreign)
        assert foreign[0][2:5] == ["1 分钟内 90%", "12", "12 次中 0 次"]

    @given(st.integers(1, 10**7), st.integers(-2, 2), st.integers(1, 100))
    def test_a_verdict_is_what_the_number_beside_it_says(
        self, n: int, off: int, wanted: int
    ) -> None:
        standard = replace(rules().standards[0], share=wanted)
        held = Kept(standard, max(0, min(n, wanted * n // 100 + off)), n)
        assert held.percent is not None
        assert (float(f"{held.percent:.2f}") >= wanted) == held.met

    def test_dissuasion_is_saved_against_lost(self) -> None:
        results = [["saved"] * 3 + ["lost"] + ["no_fraud"] * 5]
        counted = Tallied()
        for result in results[0]:
            counted.add(("fraud", "result", result), [1] + [0] * 6)
        fraud = part(compose(reported(counted)), FIELDS_).sections[1]
        [told] = [
            block.text
            for block in fraud.blocks
            if isinstance(block, Paragraph) and block.text.id == "report.dissuaded"
        ]
        assert told.args == {"count": 4, "won": 3, "failed": 1}

    def test_other_rules_have_their_place(self) -> None:
        band = Message("report.usual_same")
        outlook = Outlook(band, {"330109013": "红"})
        document = compose(replace(busy(), outlook=outlook))
        assert band in [b.text for b in part(document, OUTLOOK).every() if isinstance(b, Paragraph)]
        assert "report.note_colours" in said(document, OUTLOOK), "two scales, and why they differ"
        [towns] = tables(part(document, OUTLOOK))
        assert [row[-1] for row in towns.rows] == ["红", None, None]


class TestRules:
    @given(st.integers(0, 10_000), st.integers(0, 10_000))
    def test_a_rise_is_said_when_the_rule_says_so(self, count: int, base: int) -> None:
        rules = reported().rules
        told = rules.has_risen(count, base)
        assert told == (base >= 5 and count - base >= 5 and (count - base) / base >= 0.2)

    @pytest.mark.parametrize(
        ("count", "usual", "high"),
        [(4, 0.0, False), (5, 0.0, True), (8, 4.0, False), (9, 4.0, True)],
    )
    def test_a_town_is_high_far_above_its_usual(self, count: int, usual: float, high: bool) -> None:
        assert reported().rules.is_high(count, usual) is high

    @pytest.mark.parametrize(
        ("count", "usual", "standing"),
        [
            (30, 4, "report.usual_above"),
            (1, 4, "report.usual_below"),
            (4, 4, "report.usual_same"),
            (29, 28, "report.usual_above"),
            (33, 30, "report.usual_more"),
            (27, 30, "report.usual_less"),
            (3, 0, "report.usual_above"),
        ],
    )
    def test_a_share_of_what_is_usual_needs_a_base(
        self, count: int, usual: int, standing: str
    ) -> None:
        now, before = tallied([one()] * count), tallied([one()] * usual)
        document = compose(reported(now, usual=(before, before)))
        first = next(b for b in part(document, OUTLOOK).every() if isinstance(b, Paragraph))
        told = first.text.args["standing"]
        assert isinstance(told, Message)
        assert told.id == standing

    def test_too_few_cases_give_no_hint_about_a_standard(self) -> None:
        fires = tallied([one(field="fire")], [moments("fire", 90, 400)] * 9)
        assert said(compose(reported(fires)), HINTS) == ["report.no_hints"]


class TestWords:
    def test_lengths_of_time(self) -> None:
        assert [seconds(s) for s in (0, 65, 3_723, None)] == ["0:00", "1:05", "1:02:03", "-"]
        assert late_by(50 * 3_600_000) == Message("report.late_days", {"days": 2})

    def test_shares_and_changes_of_nothing(self) -> None:
        assert (share(0, 0), share(1, 3)) == ("-", "33.3%")
        assert NOTHING.count("all", "all") == 0
        same = Message("report.same")
        assert changed(30_000, 30_001) == changed(30_001, 30_000) == changed(1, 1) == same

    @pytest.mark.parametrize(
        ("count", "base", "zh", "en"),
        [
            (14, 1, "增加 13 起", "13 more"),
            (3, 0, "增加 3 起", "3 more"),
            (20, 29, "减少 9 起", "9 fewer"),
            (0, 0, "持平", "unchanged"),
            (60, 30, "上升 100.0%", "up 100.0%"),
            (27, 30, "下降 10.0%", "down 10.0%"),
        ],
    )
    def test_a_change_on_a_small_base_is_a_count(
        self, count: int, base: int, zh: str, en: str
    ) -> None:
        found = changed(count, base)
        assert (Translator("zh").t(found), Translator("en").t(found)) == (zh, en)

    @given(st.integers(0, 500), st.integers(0, 500), st.booleans())
    def test_percent_stands_only_where_the_base_is_large(
        self, count: int, base: int, known: bool
    ) -> None:
        for lang in LANGUAGES:
            told = Translator(lang).t(changed(count, base, known))
            assert ("%" in told) <= (known and base >= SMALL)
            assert known or told in ("无可比数据", "no comparable data")

    def test_moments_are_told_as_people_write_them(self) -> None:
        there = at(19, 40, day=date(2022, 3, 28))
        zh, en = Translator("zh").t, Translator("en").t
        assert (zh(moment(there, ZONE)), en(moment(there, ZONE))) == (
            "3 月 28 日 19:40",
            "28 Mar 19:40",
        )
        assert zh(moment(there, ZONE, 2021)) == "2022 年 3 月 28 日 19:40"
        night = reported().whole.end
        assert (zh(edge(night)), zh(edge(night, 2022))) == (
            "2022 年 3 月 21 日 24:00",
            "3 月 21 日 24:00",
        )
        assert nearby(there, ZONE, there + 60_000) == "19:40"
        assert zh((nearby(there, ZONE, there - 24 * 3_600_000, exact=True),)) == (
            "3 月 28 日 19:40:00"
        )
        assert (zh(day_label(DAY)), en(day_label(DAY))) == ("3月21日", "21 Mar")
        assert [zh(lasting(n)) for n in (80, 60, 45)] == ["1 分 20 秒", "1 分钟", "45 秒"]

    def test_the_zone_has_a_name(self) -> None:
        assert Translator("zh").t(zone_name(ZONE)) == "北京时间"
        assert Translator("en").t(zone_name(ZONE)) == "Beijing time"
        assert "Europe/London" in Translator("en").t(zone_name(ZoneInfo("Europe/London")))


def test_two_words_for_the_same_are_one_row_with_one_base() -> None:
    def accidents(*severities: str) -> Tallied:
        return tallied([one(field="traffic", severity=word) for word in severities])

    given_ = replace(
        reported(NOTHING),
        counted=accidents("伤人", "伤人", "injury"),
        before=accidents("injury", "injury", "受伤"),
    )
    (table,) = [
        table
        for table in tables(part(compose(given_), FIELDS_))
        if table.head[0] == Message("report.col_severity")
    ]
    ((_name, count, base, _change),) = table.rows
    assert (count, base) == ("3", "3")


@pytest.mark.parametrize(
    ("begin", "year_whole", "before_whole"),
    [(date(2021, 3, 21), True, True), (date(2021, 3, 22), False, True), (DAY, False, False)],
)
def test_a_base_from_before_the_records_is_marked_and_raises_no_hint(
    begin: date, year_whole: bool, before_whole: bool
) -> None:
    fires = [one(field="fire", category="fire")] * 60
    given_ = replace(
        reported(tallied(fires), last_year=tallied(fires[:2]), before=tallied(fires[:30])),
        records=at(0, day=begin),
    )
    assert (given_.last_year_whole, given_.before_whole) == (year_whole, before_whole)
    document = compose(given_)
    say = Translator("en").t
    noted = [say(note) for note in document.notes if note.id == "report.note_records"]
    assert bool(noted) == (not (year_whole and before_whole))
    first = next(block for block in part(document, OVERALL).every() if isinstance(block, Paragraph))
    assert ("last year 2, 58 more" in say(first.text)) == year_whole
    assert ("30, up 100.0%" in say(first.text)) == before_whole
    assert say(first.text).count("no comparable data") == 2 - year_whole - before_whole
    for row in tables(part(document, OVERALL))[0].rows:
        assert (row[2] == NONE) == (not year_whole)
        assert (row[4] == NONE) == (not before_whole)
    risen = "report.hint_rise" in said(document, HINTS)
    assert risen == before_whole


def test_a_period_before_the_records_says_that_there_are_no_data() -> None:
    late = replace(reported(NOTHING), records=at(0, day=date(2022, 3, 22)))
    assert "report.not_recorded" in said(compose(late), OVERALL)
    begun = replace(late, records=at(23))
    assert "report.not_recorded" not in said(compose(begun), OVERALL)


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_a_share_is_what_the_figures_page_says(part_: int, rest: int) -> None:
    found = percent_of(part_, part_ + rest, 1)
    assert share(part_, part_ + rest) == (NONE if found is None else f"{found}%")


def test_an_exact_half_goes_by_the_counts() -> None:
    assert share(3, 2_000) == "0.2%"  # 0.15 as a binary fraction is less


class TestLeader:
    """Who leads the house reads the first half page, and nothing there contradicts the rest."""

    def test_what_is_open_and_handed_over_comes_first(self) -> None:
        document = compose(busy())
        assert [section.title.id for section in document.sections] == [
            "report.part_pending",
            "report.part_overall",
            "report.part_important",
            "report.part_fields",
            "report.part_outlook",
            "report.part_hints",
        ]
        first, second, table, *handed = part(document, OPEN).blocks
        assert isinstance(first, Paragraph)
        assert first.tone == "warn"
        assert isinstance(second, Paragraph)
        assert second.text.id == "report.came_to"
        assert isinstance(table, Table)
        assert all(isinstance(one, Paragraph) and one.tone == "warn" for one in handed)

    @pytest.mark.parametrize(
        ("states", "told"),
        [
            ({State.ACTIVE: 2}, "全部为本期接警"),
            ({State.NEW: 1, State.CLOSED: 8}, "本期接警 1 起，以前接警 1 起"),
        ],
    )
    def test_what_is_open_from_before_is_told_apart(
        self, states: dict[State, int], told: str
    ) -> None:
        document = compose(replace(busy(), states=states))
        first = part(document, OPEN).blocks[0]
        assert isinstance(first, Paragraph)
        assert told in Translator("zh").t(first.text)

    def test_what_was_merged_is_said_beside_the_total(self) -> None:
        states = {State.CLOSED: 11, State.MERGED: 2}
        overall = part(compose(replace(busy(), states=states)), OVERALL)
        told = [Translator("zh").t(b.text) for b in overall.blocks if isinstance(b, Paragraph)]
        assert any("2 起并入其他警情，不计入总数" in one for one in told)

    def test_what_was_lost_is_the_sum_of_what_the_fields_say(self) -> None:
        counted = tallied(
            [
                one(field="fire", category="fire.structure", amount_lost=15_000),
                one(field="fraud", category="fraud.case", amount_lost=2_000),
                one(field="traffic", category="traffic.injury", injured=1),
                one(field="other", category="order.fight", injured=2),
            ]
        )
        document = compose(reported(counted))
        harm = tables(part(document, OVERALL))[1]
        assert [row[1] for row in harm.rows] == ["0", "3", "17,000", "2,000", "0"]
        say = Translator("zh").t
        told = {
            block.text.id: say(block.text)
            for block in part(document, FIELDS_).every()
            if isinstance(block, Paragraph)
        }
        assert "财产损失 15,000 元" in told["report.fire"]
        assert "群众损失 2,000 元" in told["report.fraud"]
        assert "受伤 1 人" in told["report.traffic"]
        assert "受伤 2 人" in told["report.other"]

    def test_what_turned_out_to_be_none_is_said_beside_the_count(self) -> None:
        counted = tallied(
            [
                one(field="fire", category="fire.alarm", result="no_fire"),
                one(field="fraud", category="fraud.warning", result="no_fraud"),
            ]
        )
        ids = said(compose(reported(counted)), FIELDS_)
        assert {"report.fire_none", "report.fraud_none"} <= set(ids)

    def test_the_towns_add_up_to_the_total(self) -> None:
        codes = list(rules().gazetteer.towns)[:14]
        counted = tallied([one(town=code) for code in (*codes, codes[0])])
        [towns] = tables(part(compose(reported(counted)), OUTLOOK))
        assert len(towns.rows) == reported().rules.most_towns + 1
        assert sum(int(str(row[1])) for row in towns.rows) == 15
        assert isinstance(rest := towns.rows[-1][0], Message)
        assert rest.args == {"count": 4}

    def test_a_share_stands_only_beside_a_large_whole(self) -> None:
        for count, columns in ((SMALL - 1, 4), (SMALL, 5)):
            document = compose(reported(tallied([one()] * count)))
            first = tables(part(document, FIELDS_).sections[3])[0]
            assert len(first.head) == columns

    def test_a_run_of_days_says_where_its_last_day_ends(self) -> None:
        running = replace(busy(), period=busy().whole.until(at(8), ZONE))
        assert "report.note_trend" in said(compose(running), OUTLOOK)
        assert "report.note_trend" not in said(compose(busy()), OUTLOOK)


class TestResponse:
    URBAN, RURAL = "330109002", "330109105"

    def held_apart(self) -> Document:
        arrival = "dispatch_to_on_scene"
        given_ = reported(tallied([one()] * 3, [moments("other", 60, 360)] * 3))
        apart = {
            ("all", arrival, "urban", False): {240: 2},
            ("all", arrival, "urban", True): {240: 1},
            ("all", arrival, "rural", False): {900: 1},
            ("all", arrival, "rural", True): {900: 1},
        }
        return compose(replace(given_, apart=apart))

    def test_town_and_country_stand_apart(self) -> None:
        section = part(self.held_apart(), FIELDS_).sections[4]
        areas = next(t for t in tables(section) if t.title == Message("report.table_areas"))
        assert [row[1:3] for row in areas.rows] == [("2", "4:00"), ("1", "15:00")]
        standards = next(t for t in tables(section) if len(t.head) == 6)
        say = Translator("zh").t
        source = "公安机关 110 接处警工作规范"
        assert [[say((cell,)) for cell in row] for row in standards.rows] == [
            ["城区紧急警情到场", source, "5 分钟内", "1", "1 次中 1 次", "达标"],
            ["城郊紧急警情到场", source, "10 分钟内", "1", "1 次中 0 次", "未达标"],
        ]

    def test_towns_are_counted_apart(self) -> None:
        incidents = [one(town=self.URBAN)] * 2 + [one(town=self.RURAL), one(town="")]
        outlook = part(compose(reported(tallied(incidents))), OUTLOOK)
        told = [Translator("zh").t(b.text) for b in outlook.blocks if isinstance(b, Paragraph)]
        assert "城区（街道）2 起，农村（镇）1 起。功能区和位置不明的 1 起。" in told

    def test_no_interval_is_told_by_percentiles_of_few(self) -> None:
        for times, ninth in ((9, NONE), (10, "5:00")):
            counted = tallied([one()], [moments("other", 0, 300)] * times)
            section = part(compose(reported(counted)), FIELDS_).sections[4]
            assert all(row[3] == ninth for row in tables(section)[0].rows if row[2] == "5:00")

    def test_a_foreign_standard_raises_no_hint(self) -> None:
        counted = tallied([one(field="fire", category="fire")], [moments("fire", 65, 400)] * 20)
        found = [
            block.text
            for block in part(compose(reported(counted)), HINTS).every()
            if isinstance(block, Paragraph) and block.text.id == "report.hint_standard"
        ]
        assert not any("NFPA" in Translator("zh").t(one_) for one_ in found)


@pytest.mark.parametrize(("lang", "foreign"), [("zh", r"[A-Za-z]{2,}"), ("en", r"[一-鿿]")])
def test_no_language_speaks_the_other(lang: str, foreign: str) -> None:
    """What the program itself says; what people wrote, seats and numbers stay as they are."""
    given_ = replace(
        busy("there" if lang == "en" else "三楼有人被困"),
        center="C" if lang == "en" else "萧山",
        duty=(),
        important=(),
        pending=(),
        owed=(),
        down=(),
        names=replace(busy().names, labels={code: Label(code, "T") for code in ("beigan",)}),
    )
    fires = tallied([one(field="fire", category="fire.structure", cause="用火不慎", alarm_level=2)])
    say = Translator(lang).t
    for document in (compose(given_), compose(replace(given_, counted=fires))):
        for value in words(document):
            told = say((value,))
            kept_ = re.sub(
                r"NFPA|XS-|P\d+|platform9|beigan|xintang|宁围街道|刷单返利|F10", "", told
            )
            assert not re.search(foreign, kept_), told
