"""Text is cleaned, measured and cut by cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.stage import HOSTILE, steers
from widgets import cells
from widgets.cells import (
    REPLACEMENT,
    ambiguous_is_wide,
    clusters,
    fit,
    fit_both_ends,
    printable,
    take,
    wrap,
)

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("警情 ab，。“”\u0301\u200d\ufe0f\x1b\r\n\t\u202e\ud800❤\u1100\u1161"),
    )
)


class TestPrintable:
    @given(ANY_TEXT)
    def test_nothing_thatsteers_a_terminal_is_left(self, text: str) -> None:
        cleaned = printable(text)
        assert not any(map(steers, cleaned))
        cleaned.encode("utf-8")

    @given(ANY_TEXT)
    def test_cleaning_twice_changes_nothing(self, text: str) -> None:
        assert printable(printable(text)) == printable(text)

    @given(ANY_TEXT)
    def test_the_width_is_the_sum_of_the_widths_of_its_characters(self, text: str) -> None:
        # No joiner or selector is left that would make a cluster narrower than its parts.
        cleaned = printable(text)
        assert cell_len(cleaned) == sum(map(cell_len, cleaned))

    def test_what_is_taken_out_is_seen(self) -> None:
        assert printable("a\x1b[2Jb") == f"a{REPLACEMENT}[2Jb"
        assert printable("\u202eabc") == f"{REPLACEMENT}abc"
        assert printable("\ud800") == REPLACEMENT

    def test_breaks_are_spaces_and_zero_width_goes(self) -> None:
        assert printable("a\nb\tc\u2028d") == "a b c d"
        assert printable("a\u200bb\ufeff\u00adc") == "abc"

    def test_plain_chinese_is_left_alone(self) -> None:
        text = "新塘街道 育才东路88号，客服诈骗（40万）"
        assert printable(text) == text

    def test_marks_do_not_pile_up(self) -> None:
        assert printable("\u0301e" + "\u0301" * 50 + "x") == "e\u0301\u0301x"

    def test_the_memory_of_characters_is_bounded(self) -> None:
        printable("".join(map(chr, range(0x10000, 0x30000))))
        assert len(cells._CLEANER) <= cells._REMEMBERED


class TestFit:
    @given(ANY_TEXT, st.integers(0, 40), st.sampled_from(["left", "right"]))
    def test_it_has_exactly_the_width(self, text: str, width: int, align: cells.Align) -> None:
        assert cell_len(fit(text, width, align)) == width

    @given(ANY_TEXT, st.integers(4, 40))
    def test_text_is_whole_or_visibly_cut(self, text: str, width: int) -> None:
        cleaned = printable(text)
        fitted = fit(text, width)
        if cell_len(cleaned) <= width:
            assert fitted == cleaned + " " * (width - cell_len(cleaned))
        else:
            begin = fitted.rstrip(" ")
            assert begin.endswith("..")
            assert cleaned.startswith(begin[:-2])

    def test_a_wide_character_is_never_cut(self) -> None:
        assert fit("警情中心", 7) == "警情.. "
        assert fit("警情中心", 6) == "警情.."
        assert fit("警情", 3) == "警~"
        assert fit("警情", 2) == "~ "

    def test_right_aligned(self) -> None:
        assert fit("12", 5, "right") == "   12"
        assert fit("警情中心", 7, "right") == " 警情.."

    def test_a_megabyte_is_cut_without_reading_it_all(self) -> None:
        assert fit("a" * 10_000_000, 6) == "aaaa.."
        assert fit("\u200b" * 10_000_000 + "a", 6) == "..    "


class TestFitBothEnds:
    @given(ANY_TEXT, st.integers(0, 60))
    def test_it_is_whole_or_cut_in_the_middle(self, text: str, width: int) -> None:
        cleaned, fitted = printable(text), fit_both_ends(text, width)
        assert cell_len(fitted) <= width
        if cell_len(cleaned) <= width:
            assert fitted == cleaned
        elif width > 2:
            head, _, end = fitted.partition("..")
            assert cleaned.startswith(head) or ".." in cleaned
            assert cleaned.endswith(end) or ".." in cleaned

    def test_a_question_is_seen_to_its_end(self) -> None:
        asked = "1: 3 steps are open (Alarm level, Under control). Still close it?  y does it"
        assert fit_both_ends(asked, 48).startswith("1: 3 steps are o..")
        assert fit_both_ends(asked, 48).endswith("Still close it?  y does it")


class TestTake:
    @given(ANY_TEXT, st.integers(0, 30))
    def test_the_longest_beginning_that_fits(self, text: str, width: int) -> None:
        text = printable(text)
        taken = take(text, width)
        assert text.startswith(taken)
        assert cell_len(taken) <= width
        rest = text[len(taken) :]
        if rest and width:
            assert cell_len(taken) + next(clusters(rest))[1] > width


class TestWrap:
    @given(ANY_TEXT, st.integers(2, 30))
    def test_no_line_is_too_wide_and_nothing_is_lost(self, text: str, width: int) -> None:
        lines = wrap(text, width)
        assert all(cell_len(line) <= width for line in lines)
        kept = "".join("".join(lines).split())
        assert kept == "".join(printable(text).split())

    def test_words_stay_whole(self) -> None:
        assert wrap("call the duty officer now", 10) == ["call the", "duty", "officer", "now"]

    def test_a_word_longer_than_a_line_is_broken(self) -> None:
        assert wrap("ab abcdefghijkl", 5) == ["ab ab", "cdefg", "hijkl"]

    def test_chinese_breaks_anywhere_but_not_before_closing_punctuation(self) -> None:
        assert wrap("三楼有人，快来", 8) == ["三楼有", "人，快来"]

    def test_line_breaks_are_kept(self) -> None:
        assert wrap("a\n\nb\r\nc", 10) == ["a", "", "b", "c"]

    def test_one_cell(self) -> None:
        assert wrap("a警", 1) == ["a", "~"]
        assert wrap("a", 0) == []


class TestAmbiguousWidth:
    @pytest.fixture
    def wide(self) -> Iterator[None]:
        ambiguous_is_wide(True)
        yield
        ambiguous_is_wide(False)

    @pytest.mark.usefixtures("wide")
    def test_signs_become_ascii(self) -> None:
        assert printable("“你好”…①Ⅳ→é½") == '"你好"...(1)IV->e1/2'
        assert printable("\x1b ж ▁") == "? ? ?"

    @pytest.mark.usefixtures("wide")
    @given(ANY_TEXT)
    def test_no_width_is_in_doubt(self, text: str) -> None:

        for character in printable(text):
            assert unicodedata.east_asian_width(character) != "A"

    @pytest.mark.parametrize("text", HOSTILE)
    def test_signs_are_drawn_as_they_are_elsewhere(self, text: str) -> None:
        assert printable("“①”") == "“①”"
        assert cell_len(fit(text, 20)) == 20
