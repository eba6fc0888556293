"""A report follows from its figures: nothing is said that they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.document import Case, Chart, Document, Paragraph, Section, Table
from console.domain.figures import change_percent, percent_of
from console.domain.message import Arg, Message
from console.domain.report import compose
from console.domain.report_words import FIELDS, NONE, change, late_by, seconds, share
from console.domain.reported import Outlook
from console.domain.rollup import Counted, Tallied
from console.domain.standards import Kept
from console.i18n import LANGUAGES, Translator
from tests.domain.reporting import DAY, NOTHING, at, busy, moments, one, reported, tallied
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
        fields, harm, *_ = tables(part(document, 1))
        for row, field in zip(fields.rows, ("all", *FIELDS), strict=True):
            counts = [
                len([i for i in some if field in ("all", i.field)]) for some in (now, then, before)
            ]
            assert row[1] == f"{counts[0]:,}"
            assert row[2:4] == (f"{counts[1]:,}", change(counts[0], counts[1]))
            assert row[4:] == (f"{counts[2]:,}", change(counts[0], counts[2]))
        assert [row[1] for row in harm.rows] == [
            f"{sum(getattr(i, name) for i in now):,}"
            for name in ("deaths", "injured", "amount_lost", "amount_saved")
        ]
        for table in tables(part(document, 2)):
            if len(table.head) == 5 and table.title is None:
                rows = [int(str(row[1]).replace(",", "")) for row in table.rows]
                assert rows
                assert all(rows)
        hours = [block for block in part(document, 1).every() if isinstance(block, Chart)]
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

    def test_an_empty_period_has_all_six_parts_and_no_number_for_no_base(self) -> None:
        document = compose(reported())
        assert len(document.sections) == 6
        assert [row[3] for row in tables(part(document, 1))[0].rows] == [NONE] * 5
        assert said(document, 3) == ["report.nothing_important"]
        assert said(document, 4) == ["report.nothing_pending"]
        assert said(document, 5) == ["report.no_usual"]
        assert said(document, 6) == ["report.no_hints"]


class TestBusyDay:
    def test_what_stands_out_and_what_is_open_is_told_one_by_one(self) -> None:
        document = compose(busy())
        [case] = [block for block in part(document, 3).every() if isinstance(block, Case)]
        assert case.head.args["number"] == "XS-20220321-0042"
        what = [values[0] for name, values in case.lines if name.id == "report.case_what"]
        assert what == ["三楼有人被困"]
        [open_] = tables(part(document, 4))
        assert [row[0] for row in open_.rows] == ["XS-20220321-0007", "XS-20220321-0008"]
        late, due = (row[-1] for row in open_.rows)
        assert isinstance(late, Message)
        assert late.args["late"] == Message("report.late_hours", {"hours": 5, "minutes": 0})
        assert due == "2022-03-25 23:00"

    def test_every_hint_has_its_figure(self) -> None:
        hints = [
            block.text for block in part(compose(busy()), 6).every() if isinstance(block, Paragraph)
        ]
        by_id = {hint.id: hint.args for hint in hints}
        assert list(by_id) == [
            "report.hint_rise",
            "report.hint_town",
            "report.hint_standard",
            "report.hint_overdue",
            "report.hint_tray",
            "report.hint_link",
            "report.hint_unknown",
            "report.hint_waiting",
        ]
        rises = [hint for hint in hints if hint.id == "report.hint_rise"]
        assert [(hint.args["count"], hint.args["base"]) for hint in rises] == [(11, 6), (9, 6)]
        assert by_id["report.hint_town"]["town"] == "宁围街道"
        assert by_id["report.hint_overdue"] == {"count": 1, "number": "XS-20220321-0007"}
        assert by_id["report.hint_waiting"] == {"system": "platform9", "count": 3}

    def test_a_standard_stands_with_its_edition_and_its_verdict(self) -> None:
        fire = part(compose(busy()), 2).sections[2]
        [standards] = [table for table in tables(fire) if len(table.head) == 6]
        process = standards.rows[0]
        assert process[1] == "NFPA 1225 (2022)"
        assert process[3:] == ("12", "0.00%", Message("report.not_met"))

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
        fraud = part(compose(reported(counted)), 2).sections[1]
        [told] = [
            block.text
            for block in fraud.blocks
            if isinstance(block, Paragraph) and block.text.id == "report.dissuaded"
        ]
        assert told.args == {"percent": "75.0%", "won": 3, "failed": 1}

    def test_other_rules_have_their_place(self) -> None:
        band = Message("report.usual_same")
        outlook = Outlook(band, {"330109013": "红"})
        document = compose(replace(busy(), outlook=outlook))
        assert band in [b.text for b in part(document, 5).every() if isinstance(b, Paragraph)]
        [towns] = tables(part(document, 5))
        assert [row[-1] for row in towns.rows] == ["红", None, None]


class TestRules:
    @given(st.integers(0, 10_000), st.integers(0, 10_000))
    def test_a_rise_is_said_when_the_rule_says_so(self, count: int, base: int) -> None:
        rules = reported().rules
        percent = change_percent(count, base)
        told = rules.has_risen(count, base)
        assert told == (base >= 5 and percent is not None and (count - base) / base >= 0.2)

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
            (6, 5, "report.usual_more"),
            (4, 5, "report.usual_less"),
            (3, 0, "report.usual_none"),
        ],
    )
    def test_a_share_of_what_is_usual_needs_a_base(
        self, count: int, usual: int, standing: str
    ) -> None:
        now, before = tallied([one()] * count), tallied([one()] * usual)
        document = compose(reported(now, usual=(before, before)))
        first = next(b for b in part(document, 5).every() if isinstance(b, Paragraph))
        told = first.text.args["standing"]
        assert isinstance(told, Message)
        assert told.id == standing

    def test_too_few_cases_give_no_hint_about_a_standard(self) -> None:
        fires = tallied([one(field="fire")], [moments("fire", 90, 400)] * 9)
        assert said(compose(reported(fires)), 6) == ["report.no_hints"]


class TestWords:
    def test_lengths_of_time(self) -> None:
        assert [seconds(s) for s in (0, 65, 3_723, None)] == ["0:00", "1:05", "1:02:03", "-"]
        assert late_by(50 * 3_600_000) == Message("report.late_days", {"days": 2})

    def test_shares_and_changes_of_nothing(self) -> None:
        assert (share(0, 0), share(1, 3), change(3, 0), change(3, 4)) == (
            "-",
            "33.3%",
            "-",
            "-25.00%",
        )
        assert NOTHING.count("all", "all") == 0
        assert change(30_000, 30_001) == change(30_001, 30_000) == change(1, 1) == "+0.00%"


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
        for table in tables(part(compose(given_), 2))
        if table.head[0] == Message("report.col_severity")
    ]
    ((_name, count, _share, base, _change),) = table.rows
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
    first = next(block for block in part(document, 1).every() if isinstance(block, Paragraph))
    assert ("~2" in say(first.text)) == (not year_whole)
    assert ("~30" in say(first.text)) == (not before_whole)
    risen = "report.hint_rise" in said(document, 6)
    assert risen == before_whole


def test_a_period_before_the_records_says_that_there_are_no_data() -> None:
    late = replace(reported(NOTHING), records=at(0, day=date(2022, 3, 22)))
    assert "report.not_recorded" in said(compose(late), 1)
    begun = replace(late, records=at(23))
    assert "report.not_recorded" not in said(compose(begun), 1)


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_a_share_is_what_the_figures_page_says(part_: int, rest: int) -> None:
    found = percent_of(part_, part_ + rest, 1)
    assert share(part_, part_ + rest) == (NONE if found is None else f"{found}%")


def test_an_exact_half_goes_by_the_counts() -> None:
    assert share(3, 2_000) == "0.2%"  # 0.15 as a binary fraction is less
