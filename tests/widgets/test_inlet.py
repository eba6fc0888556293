"""The way in: bytes that are no text, and pastes that would be keys."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from widgets.editor import LONGEST, Editor
from widgets.inlet import Inlet

START, END = b"\x1b[200~", b"\x1b[201~"


def events_of(*blocks: bytes) -> list[events.Event]:
    """What the app gets to know of these bytes."""
    parser, inlet = XTermParser(), Inlet()
    found: list[events.Event] = []
    for block in blocks:
        text = inlet.feed(block)
        if text:
            found += [one for one in parser.feed(text) if isinstance(one, events.Event)]
    return found


def pasted(*blocks: bytes) -> list[str]:
    """The pastes; nothing else may have come."""
    found = events_of(*blocks)
    assert all(isinstance(one, events.Paste) for one in found), found
    return [one.text for one in found if isinstance(one, events.Paste)]


def test_keys_go_through_untouched() -> None:
    assert Inlet().feed("接 42\r\x1b[A\x1bOP\x03\t".encode()) == "接 42\r\x1b[A\x1bOP\x03\t"


@pytest.mark.parametrize("harm", [b"\xd6\xb5\xb0\xe0", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3("])
def test_bytes_that_are_no_utf_8_are_seen_and_end_nothing(harm: bytes) -> None:
    assert "\N{REPLACEMENT CHARACTER}" in Inlet().feed(harm + b" ")
    assert [one.key for one in events_of(harm + b"x") if isinstance(one, events.Key)][-1] == "x"


def test_a_character_that_comes_in_two_blocks_is_one() -> None:
    inlet = Inlet()
    assert inlet.feed("值".encode()[:2]) + inlet.feed("值".encode()[2:]) == "值"


@pytest.mark.parametrize(
    "harm",
    [
        b"\x1b:accept #5\r" + b"y" * 40,
        b"\x1b[A\x1b[B",
        b"\x03\x11y",
        b"\x1b\x1b",
        b"\x1b[200~",
        b"\xc2\x9b201~",
    ],
)
def test_nothing_pasted_is_a_key(harm: bytes) -> None:
    (text,) = pasted(START + b"a" + harm + b"z" + END)
    assert text[0] == "a"
    assert text[-1] == "z"
    assert "\x1b" not in text


def test_line_ends_and_tabs_of_a_paste_are_left_to_the_line() -> None:
    assert pasted(START + b"a\tb\r\nc" + END) == ["a\tb\r\nc"]


@given(
    st.binary(max_size=40).filter(lambda b: END not in b and not b.endswith(b"\x1b")),
    st.lists(st.integers(1, 50), max_size=6),
)
def test_a_paste_is_the_same_in_any_blocks(inside: bytes, cuts: list[int]) -> None:
    data = START + b"<" + inside + b">" + END
    places = sorted({min(cut, len(data)) for cut in cuts})
    blocks = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
    assert pasted(*blocks) == pasted(data)


def test_a_megabyte_is_cut_and_the_cut_is_seen() -> None:
    editor = Editor()
    editor.insert("ab")
    editor.insert("长" * 1_000_000)
    assert len(editor.text) <= LONGEST
    assert editor.text.endswith(f"[+{1_000_000 - LONGEST + 2}]")
    before = editor.text
    editor.insert("more")
    assert len(editor.text) <= LONGEST
    assert editor.text.startswith(before)


SAID = b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c"
"""What a terminal says of itself: longer than Textual takes a sequence to be."""


@given(st.lists(st.integers(3, len(SAID)), max_size=4))
def test_what_a_terminal_says_of_itself_is_no_key(cuts: list[int]) -> None:
    marks = sorted({3, *cuts, len(SAID)})
    blocks = [SAID[a:b] for a, b in pairwise(marks)]
    inlet = Inlet()
    text = inlet.feed(b"ab" + SAID[:3]) + "".join(inlet.feed(one) for one in blocks if one)
    assert text + inlet.feed(b"cd") == "abcd"


def test_it_is_taken_out_of_what_was_typed() -> None:
    assert Inlet().feed(b"/z" + SAID + b"\x1b[>41;388;0czz") == "/zzz"
    pasted = START + b"aid" + END
    assert Inlet().feed(b"/z" + SAID + pasted) == "/z" + pasted.decode()
