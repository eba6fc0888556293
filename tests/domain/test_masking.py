"""Persons in text: their numbers however they are written, and nothing that is nobody's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.masking import masked, masked_of
from console.domain.message import msg

IDENTITY = "330109199001011234"

HIDDEN = (
    "13812345678",
    "138-1234-5678",
    "138 8765 4321",
    "1388765 4321",
    "1 3 8 8 7 6 5 4 3 2 1",
    "Tel13911112222",
    "q13911113333",
    "13911113333q",
    "8613700001111",
    "+86-137-0000-1111",
    "+86 137 0000 1111",
    "1381234567813912345678",
    "+1 415-555-2671",
    "0571-82881234",
    "0571 8288 1234",
    "(010)62881234",
    "057182881234",
    IDENTITY,
    "33010919900101123X",
    "330109 1990-01-01 123x",
    f"ID{IDENTITY}",
    "6222 0212 3456 7890 123",
    "6222-0212-3456-7890",
    "622202 1234567890123",
    "6222021234567890123",
    "ICBC6222021234567890123",
    "1234567890123456789012345678",
)
"""Each is one person's number, or two."""

LEFT = (
    "XS-20261124-0001",
    "XS-20261124-0001 XS-20261125-0002",
    "2026-11-24 08:30",
    "2026-11-24 08:30:15",
    "2026-11-24 2026-11-25",
    "20261124-0001 20261125-0002",
    "20261124 0830",
    "2019 2020 2021 2022 2023",
    "400,000",
    "12,400,000",
    "400 000 000",
    "3,400.50",
    "金城路88号3-1-1202",
    "金城路150 2026-11-24",
    "88-1-1202",
    "P31 E301 E302 A02",
    "08:30-12:00",
    "0830-1200",
    "110 119 120 122",
    "1 2 3 4 5 6 7 8 9 10 11 12",
    "id=ab12345678901",
    "A3301094300002026110001",
    "30.1712345,120.2712345",
    "浙A12345",
)
"""What is nobody's."""


def clear(text: str) -> int:
    return len(re.findall(r"\d", text))


@pytest.mark.parametrize("number", HIDDEN)
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("报警人", "说"), ("(", ")"), ("88号 ", " 3楼")]
)
def test_a_persons_number_loses_its_middle(number: str, before: str, after: str) -> None:
    text = masked(f"{before}{number}{after}")
    assert text.startswith(before)
    assert text.endswith(after)
    hidden = text[len(before) : len(text) - len(after)]
    assert clear(hidden) <= 6
    assert [c for c in hidden if not c.isdigit() and c != "*"] == [
        c for c in number if not c.isdigit() and not (c in "Xx" and hidden[-1] != c)
    ], "blanks, hyphens and letters stay"
    assert masked(text) == text


@pytest.mark.parametrize("text", LEFT)
def test_what_is_nobodys_is_left_alone(text: str) -> None:
    assert masked(text) == text
    assert masked(f"见{text}。") == f"见{text}。"
    assert masked_of(text, ["张三"], ["13820261125", "0571-82881234", ""]) == text


MOBILE = st.builds(
    lambda head, rest, cuts: "".join(
        sign + (cuts[n] if n in (2, 6) else "") for n, sign in enumerate(f"1{head}{rest}")
    ),
    st.integers(3, 9),
    st.text("0123456789", min_size=9, max_size=9),
    st.lists(st.sampled_from(["", " ", "-"]), min_size=7, max_size=7),
)
AROUND = st.text(st.sampled_from("报警人说，。:;/abcXYZ()楼号"), max_size=4)


@given(AROUND, MOBILE, AROUND)
def test_a_mobile_telephone_is_hidden_wherever_it_stands(
    before: str, number: str, after: str
) -> None:
    text = masked(f"{before}{number}{after}")
    assert clear(text) == 6
    assert masked(text) == text


@given(st.lists(st.sampled_from(LEFT), min_size=1, max_size=5))
def test_nothing_is_hidden_between_things_that_are_nobodys(parts: list[str]) -> None:
    text = "，".join(parts)
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "recorded"),
    [
        ("座机82881234", "0571-82881234"),
        ("座机8288 1234", "0571-82881234"),
        ("座机0571-82881234", "82881234"),
        ("0571 8288-1234", "057182881234"),
        ("电8288123", "0571-8288123"),
        ("打82881234转801", "0571-82881234-801"),
        ("另82881234", "13800000000/82881234"),
        ("Tel82881234", "8288 1234"),
        ("13700001111", "+86 137-0000-1111"),
    ],
)
def test_a_known_number_is_known_by_its_digits(text: str, recorded: str) -> None:
    found = masked_of(text, [], [recorded])
    assert clear(found) <= clear(text) - 2
    assert not re.search(r"\d{6}", found)


def test_a_known_number_takes_nothing_else_with_it() -> None:
    assert masked_of("金城路88号 182881234", [], ["82881234"]) == "金城路88号 182881234"
    assert masked_of("88号", [], ["88", "110"]) == "88号"
    assert masked_of("XS-20261124-0001", [], ["13820261124"]) == "XS-20261124-0001"


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("JOHN SMITH called", "John Smith", "J*** called"),
        ("john smith", "John Smith", "J***"),
        ("JohnSmith", "John  Smith", "J***"),
        ("Ann in the Channel, ANN", "Ann", "A*** in the Channel, A***"),
        ("王小明家王小明", "王小明", "王某家王某"),
        ("a\\1b", "a\\1b", "a***"),
        ("王先生", "王先生", "王先生"),
    ],
)
def test_a_name_is_found_in_any_case(text: str, name: str, found: str) -> None:
    assert masked_of(text, [name, " "], []) == found


def test_a_long_text_is_read_in_no_time() -> None:
    for part in ("20261124 ", "1234 ", "1-", "138 ", "12345678-1234 ", "0571-", "1" * 9 + " "):
        masked(part * 2_000)
        masked_of(part * 2_000, ["张三"], ["0571-82881234"])


def test_the_number_of_a_message_is_not_a_text() -> None:
    from console.domain.masking import masked_words

    value = msg("report.named", name="13812345678", count=13812345678)
    assert masked_words(value, masked) == msg("report.named", name="138*****678", count=13812345678)
