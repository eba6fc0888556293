"""Cleaning: nothing hostile is left, nothing harmless is changed, twice is once."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.text import REPLACEMENT, clean

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\x9d[]m;0\x07\\A\u0301\u0308\u200d\u202e\u200b\ud800\x00\r\n\t"),
    ),
    max_size=80,
)
NO_WIDTH = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u00ad\ufe0f]")


def steers(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or bool(NO_WIDTH.match(char))


class TestClean:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "三楼有人",
            "kitchen fire, 2 people",
            "[@click=app.quit]x[/]",
            "é ü ñ",
            "第三层　有人",
        ],
    )
    def test_harmless_text_stays_as_it_is(self, text: str) -> None:
        assert clean(text, 200).text == text
        assert not clean(text, 200).touched

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("a\x1b[31mb", f"a{REPLACEMENT}b"),
            ("a\x1b]0;title\x07b", f"a{REPLACEMENT}b"),
            ("a\x1b]0;title\x1b\\b", f"a{REPLACEMENT}b"),
            ("a\x1bPpayload\x1b\\b", f"a{REPLACEMENT}b"),
            ("a\x9b2Jb", f"a{REPLACEMENT}b"),
            ("a\x1bcb", f"a{REPLACEMENT}b"),
            ("end\x1b", f"end{REPLACEMENT}"),
            ("nul\x00!", f"nul{REPLACEMENT}!"),
            ("abc\u202edef", f"abc{REPLACEMENT}def"),
            ("lone\ud800", f"lone{REPLACEMENT}"),
            ("zero\u200bwidth\ufeff", "zerowidth"),
        ],
    )
    def test_what_steers_is_taken_out_visibly(self, text: str, left: str) -> None:
        cleaned = clean(text, 200)
        assert cleaned.text == left
        assert cleaned.touched

    def test_a_sequence_that_never_ends_swallows_nothing(self) -> None:
        assert clean("\x1b]0;三楼有人被困", 200).text.endswith("三楼有人被困")

    def test_bytes_that_are_no_utf8(self) -> None:
        assert clean(b"\xff\xfefire", 200).text == f"{REPLACEMENT * 2}fire"

    def test_lines_are_folded_or_kept(self) -> None:
        assert clean("a\r\nb\tc\u2028d", 200).text == "a b c d"
        assert clean("a\r\nb\tc\u2028d", 200, lines=True).text == "a\nb\tc\nd"
        assert not clean("a\r\nb", 200).touched

    def test_marks_do_not_pile_up(self) -> None:
        assert len(clean("e" + "\u0332" * 500, 2000).text) <= 6

    def test_composed(self) -> None:
        assert clean("e\u0301", 10).text == "é"

    def test_too_long_is_visibly_cut(self) -> None:
        cleaned = clean("火" * 1000, 100)
        assert len(cleaned.text) <= 100
        assert cleaned.cut == 900
        kept, _, told = cleaned.text.partition(" [+")
        assert len(kept) + int(told.rstrip("]")) == 1000

    def test_ten_megabytes(self) -> None:
        cleaned = clean("\x1b[31m火" * 2_000_000, 500)
        assert len(cleaned.text) <= 500
        assert cleaned.cut > 0

    @given(HOSTILE, st.booleans())
    def test_nothing_that_steers_is_left(self, text: str, lines: bool) -> None:
        left = clean(text, 60, lines=lines).text
        allowed = "\n\t" if lines else ""
        assert not [c for c in left if steers(c) and c not in allowed]
        assert len(left) <= 60

    @given(HOSTILE, st.integers(1, 90), st.booleans())
    def test_twice_is_once(self, text: str, limit: int, lines: bool) -> None:
        once = clean(text, limit, lines=lines).text
        again = clean(once, limit, lines=lines)
        assert again.text == once
        assert not again.touched
        assert not again.cut

    @given(st.binary(max_size=80))
    def test_any_bytes(self, raw: bytes) -> None:
        assert not [c for c in clean(raw, 60).text if steers(c)]


def test_what_shrinks_below_the_limit_says_how_much_was_not_looked_at() -> None:
    found = clean("\n" * 12_000, 4_000)
    assert found.text == f"  [+{found.cut}]"
    assert found.cut > 0
    assert clean(found.text, 4_000).text == found.text
    assert clean("e\u0301\u0301" * 9_000, 2_000).cut > 0
