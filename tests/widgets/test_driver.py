"""What a terminal may say: sizes, code points, reports and pieces; none of it ends anything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from widgets.driver import CarefulParser
from widgets.inlet import STALLED, Inlet

PIECES = (
    "\x1b", "\x1b[", "\x1b[<", "\x1bO", "\x1b[M", "\x1b[[", "\x1b]", "\x1bP", "\x1b[?", "\x1b[48;",
    ";", ":", "0", "1", "9" * 12, "-1", "M", "m", "t", "u", "~", "R", "c", "$y", "\x1b[200~",
    "\x1b[201~", "\x1b[48;40;120;0;0t", "\x1b[48;0;0;0;0t", "\x1b[48;40;120;800;1200t",
    "\x1b[<0;5;5M", "\x1b[<64;1;1M", "\x1b[<35;999999;1M", "\x1b[55296u", "\x1b[1114112u",
    "\x1b[57344;1;55296u", "\x1b[I", "\x1b[O", "\x1b[?62;4c", "\x1b[?2026;2$y", "a", "值", "\x00",
    "\x9b", "\x07", "\x1b\\", "\x7f", "\r",
)  # fmt: skip


def told(*texts: str) -> list[Message]:
    """What the app gets to know."""
    parser = CarefulParser()
    found: list[Message] = []
    for text in filter(None, texts):  # to the parser no text is the end of all text
        found += parser.feed(text)
    return found


def keys(*texts: str) -> list[str]:
    """The keys among it, when the terminal says nothing more."""
    return [one.key for one in told(*texts) if isinstance(one, events.Key)]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_piece_of_a_sequence_ends_the_reading(pieces: list[str]) -> None:
    for one in told("".join(pieces), *pieces):
        if isinstance(one, events.Key) and one.character is not None:
            one.character.encode()
    found = told("".join(pieces), "\x1b[201~", "x", "y")
    assert [one.key for one in found if isinstance(one, events.Key)][-1:] == ["y"]


@pytest.mark.parametrize("size", ["40;120;0;0", "0;0;0;0", "0;0;800;1200", "40;0;800;0"])
def test_a_terminal_that_does_not_know_its_pixels_counts_in_cells(size: str) -> None:
    found = told(f"\x1b[48;{size}t", "\x1b[<0;5;7M")
    press = found[-1]
    assert isinstance(press, events.MouseDown)
    assert (press.x, press.y) == (4, 6)


def test_pixels_are_cells_where_both_sizes_are_known() -> None:
    press = told("\x1b[48;40;120;800;1200t", "\x1b[<0;51;41M")[-1]
    assert isinstance(press, events.MouseDown)
    assert (press.x, press.y) == (5, 2)


@pytest.mark.parametrize(
    "answer",
    [
        "\x1b[?62;4c",
        "\x1b[>0;276;0c",
        "\x1b[?1u",
        "\x1b[0n",
        "\x1b[1;9Z",
        "\x1b[8;4;9t",
        "\x1b[5 q",
    ],
)
def test_an_answer_that_comes_late_is_not_typed(answer: str) -> None:
    assert keys(answer, "x") == ["x"]


@pytest.mark.parametrize("n", [55_296, 57_343, 1_114_112, 99_999_999_999])
def test_a_code_point_that_there_is_none_of_is_no_key(n: int) -> None:
    assert keys(f"\x1b[{n}u", "x") == ["x"]
    assert keys(f"\x1b[97;1;{n}u", "x") == ["x"]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1b[A", "up"),
        ("\x1b[1;5C", "ctrl+right"),
        ("\x1b[15~", "f5"),
        ("\x1b[[A", "f1"),
        ("\x1b[Z", "shift+tab"),
        ("\x1b[3~", "delete"),
        ("\x1b[97;5u", "ctrl+a"),
    ],
)
def test_keys_are_keys(sent: str, key: str) -> None:
    assert keys(sent) == [key]


class TestAPasteWithoutItsEnd:
    def test_a_key_after_a_silence_ends_it(self) -> None:
        inlet, parser = Inlet(), CarefulParser()
        found = list(parser.feed(inlet.feed(b"\x1b[200~note 14")))
        found += parser.feed(inlet.feed("值\x1b[2".encode(), silence=0.1))
        found += parser.feed(inlet.feed(b"\x1b[A", silence=STALLED))
        found += parser.feed(inlet.feed(b"x", silence=STALLED))
        paste, *pressed = found
        assert isinstance(paste, events.Paste)
        assert paste.text.startswith("note 14值")
        assert [one.key for one in pressed if isinstance(one, events.Key)] == ["up", "x"]

    @pytest.mark.parametrize("rest", [b"x" * 4_000, b"c\r\x1b[201~", b"\x1b[201~"])
    def test_what_comes_late_of_it_is_still_pasted(self, rest: bytes) -> None:
        inlet, parser = Inlet(), CarefulParser()
        found = list(parser.feed(inlet.feed(b"\x1b[200~ab")))
        found += parser.feed(inlet.feed(rest, silence=10 * STALLED))
        assert all(isinstance(one, events.Paste) for one in found)
