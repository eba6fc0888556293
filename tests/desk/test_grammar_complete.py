"""What Tab offers and what the ghost line says is missing; the page made of the registry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.desk.grammar import Mistake, complete, ghost, parse, split, verb_table
from console.desk.verb import Verb
from console.desk.verbs import VERBS
from console.i18n import Translator
from tests.desk.grammar_world import World
from tests.desk.verbs_page import PAGE, page
from tests.scale import examples

WORLD = World()
ENGLISH = World(lang="en")


def offered(line: str, world: World = WORLD, cursor: int | None = None) -> list[str]:
    found = complete(line, len(line) if cursor is None else cursor, world)
    return [candidate.text for candidate in found.candidates]


class TestVerbs:
    def test_in_the_language_of_the_screen(self) -> None:
        assert offered("") == [verb.names.zh for verb in VERBS]
        assert offered("", ENGLISH) == [verb.names.en for verb in VERBS]

    def test_in_the_language_that_is_typed(self) -> None:
        assert offered("取") == ["取消"]
        assert offered("dis") == ["dispatch"]
        assert offered("取", ENGLISH) == ["取消"]
        assert offered("cl") == ["close"]

    def test_pinyin_before_english_on_a_chinese_screen(self) -> None:
        assert "chagang" in offered("ch")
        assert "check" in offered("ch", ENGLISH)

    def test_the_whole_name_comes_first(self) -> None:
        assert offered("ji")[0] == "ji"
        assert offered("火级") == ["火级"]

    def test_call_signs_may_begin_a_line(self) -> None:
        assert offered("e3") == ["E301", "E302"]
        assert "P12" in offered("p")
        assert offered("Medic ") == ["Medic 5"]
        assert offered("新塘") == ["新塘所", "新塘所 1组"]

    def test_after_a_joint(self) -> None:
        found = complete("接 42 ; dis", 10, WORLD)
        assert (found.start, found.end) == (7, 10)
        assert [candidate.text for candidate in found.candidates] == ["dispatch"]
        assert offered("接 42 ;") == []
        assert offered("接 42 ; ") == [verb.names.zh for verb in VERBS]


class TestArguments:
    @pytest.mark.parametrize(
        ("line", "first"),
        [
            ("接 ", "50"),
            ("派 4", "41"),
            ("派4", "41"),
            ("派 #4", "#41"),
            ("记 ", "#41"),
            ("级 ", "#41"),
            ("级 42 ", "1"),
            ("火级 42 ", "1"),
            ("派 42 ", "P13"),
            ("派 42 P12、p", "P13"),
            ("status ", "P13"),
            ("status medic ", "Medic 5"),
            ("P12 ", "待命"),
            ("P12 到", "到场"),
            ("P12 da", "daiming"),
            ("Medic 5 出", "出动"),
            ("办 #42 ", "电话"),
            ("办 #42 核", "核查"),
            ("办 #42 ver", "Verify"),
            ("办 #42 核查 ", "属实"),
            ("done #42 tell the f", "Tell the family"),
            ("电 42 ", "接通"),
            ("转 42 ", "四平台"),
            ("转 42 sip", "sipingtai"),
            ("转 42 数", "数字城管"),
            ("新 火", "火警"),
            ("新 高", "高层火警"),
            ("new high-rise f", "High-rise fire"),
            ("查 新", "新塘街道"),
            ("筛 火", "火警"),
            ("筛 超", "超时"),
            ("筛 我", "我的"),
            ("筛 处", "处置"),
            ("筛 二", "二级"),
            ("筛 火 北", "北干街道"),
            ("筛 p12", "P12"),
            ("filter traf", "traffic"),
            ("map traf", "traffic"),
            ("图 火 七", "七天"),
            ("map fire week xint", "Xintang"),
            ("filter fire xint", "Xintang"),
            ("语言 ", "中文"),
            ("theme l", "light"),
            ("帮助 派", "派"),
        ],
    )
    def test_first(self, line: str, first: str) -> None:
        assert offered(line)[0] == first

    def test_only_incidents_of_which_the_verb_is_possible(self) -> None:
        assert offered("接 ") == ["50"]
        assert "50" not in offered("毕 ")

    def test_an_older_incident_with_a_taken_number_is_offered_whole(self) -> None:
        assert "#22-17" in offered("派 1")
        assert "#23-17" in offered("派 1")

    def test_what_is_named_is_not_offered_again(self) -> None:
        assert "P12" not in offered("派 42 P12 ")
        assert "42" not in offered("并 41 42 ")

    def test_only_units_that_can_be_sent(self) -> None:
        assert not {"P12", "E301", "E302"} & set(offered("派 42 "))
        assert "P13" in offered("派 42 ")

    def test_a_unit_is_offered_only_statuses_that_it_can_take(self) -> None:
        assert "出动" not in offered("P12 ")

    def test_in_english(self) -> None:
        assert offered("P12 ", ENGLISH) == ["available", "on scene", "clearing", "out of service"]
        assert offered("call 42 ", ENGLISH) == ["Answered", "Busy", "no answer"]

    @pytest.mark.parametrize(
        "line", ["记 #42 三", "撤 ", "zzz ", "派 42 P99 ", "办 #42 睡觉 ", "办 #42 核查 属实 "]
    )
    def test_nothing_to_offer(self, line: str) -> None:
        assert offered(line) == []

    def test_in_the_middle_of_a_line(self) -> None:
        found = complete("派 4 P12", 3, WORLD)
        line, cursor = found.applied("派 4 P12", found.candidates[1])
        assert (line, cursor) == ("派 42 P12", 4)

    def test_at_the_end_a_space_follows(self) -> None:
        found = complete("派", 1, WORLD)
        assert found.applied("派", found.candidates[0]) == ("派 ", 2)

    def test_the_whole_word_under_the_cursor_is_replaced(self) -> None:
        found = complete("派 42 P1", 3, WORLD)
        assert (found.start, found.end) == (2, 4)


_STARTS = st.sampled_from(
    [part for verb in VERBS for example in verb.example for part in (example, verb.names.en)]
    + ["Medic 5 on scene", "新塘所 1组 停勤", "派42 P12、E301", "接 50 ; 派 50 P13", "P12 os"]
    + ["办 #42 通知家属", "done #42 tell the family", "转 42 hotline 12345", "火级 42 3"]
)


class TestEveryCandidate:
    @settings(max_examples=examples(75))
    @given(_STARTS, st.integers(0, 40), st.sampled_from(["zh", "en"]))
    def test_applied_parses_at_least_as_far(self, line: str, length: int, lang: str) -> None:
        world = World(lang=lang)
        line = line[:length]
        found = complete(line, len(line), world)
        for candidate in found.candidates:
            applied, cursor = found.applied(line, candidate)
            assert applied[:cursor] == f"{line[: found.start]}{candidate.text} "
            part = split(applied, world)[-1]
            begin = applied.rindex(part)
            parsed = parse(part, world)
            if isinstance(parsed, Mistake):
                # Whatever is wrong or missing, it is not the candidate; a unit that was named
                # before it may be one that cannot be sent.
                at = begin + parsed.at
                earlier = at < found.start and parsed.message.id.startswith("dispatch.")
                assert earlier or at >= found.start + len(candidate.text), (applied, parsed)

    @settings(max_examples=examples(75))
    @given(_STARTS, st.integers(0, 40))
    def test_begins_with_what_was_typed(self, line: str, length: int) -> None:
        line = line[:length]
        found = complete(line, len(line), WORLD)
        typed = line[found.start : found.end].casefold().strip()
        for candidate in found.candidates:
            # A number that is taken is offered whole, district and day before it.
            number = candidate.text.rpartition("-")[2].lstrip("#0")
            assert candidate.text.casefold().startswith(typed) or number.startswith(
                typed.lstrip("#")
            )
        texts = [candidate.text for candidate in found.candidates]
        assert len(texts) == len(set(texts))


class TestGhost:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("", ""),
            ("zzz", ""),
            ("派", "[警情] [力量]"),
            ("派 42", "[力量]"),
            ("派 42 P12", ""),
            ("派 42 P99", ""),
            ("P12", "状态"),
            ("记", "[警情] 说明"),
            ("记 #42", "说明"),
            ("办 #42 核查", "结果 [金额] [说明]"),
            ("办 #42 核查 保住", "金额 [说明]"),
            ("并", "警情编号"),
            ("接 42 ; 级 42", "等级 [说明]"),
            ("接 42 ; ", ""),
        ],
    )
    def test_what_is_missing(self, line: str, said: str) -> None:
        translator = Translator("zh")
        assert " ".join(translator.t(message) for message in ghost(line, WORLD)) == said

    def test_without_a_selected_row_the_incident_must_come(self) -> None:
        labels = [message.id for message in ghost("派", World(selected_serial=None))]
        assert labels == ["param.incident", "ghost.optional"]


class TestPage:
    def test_is_fresh(self) -> None:
        assert PAGE.read_text("utf-8") == page(), "run: python -m tests.desk.verbs_page"

    @pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
    def test_has_every_verb(self, verb: Verb) -> None:
        row = next(row for row in verb_table("zh") if row.verb == verb.id)
        assert (*row.names, *row.further) == verb.names.all
        assert f"| {verb.names.zh} | {verb.names.en} | {verb.names.pinyin} |" in page()
