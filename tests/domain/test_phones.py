"""Telephone numbers, however they are written."""

from __future__ import annotations

import pytest

from console.domain.phones import Phone, is_phone, joined, phone_of, phones_in, same_phone, spoken

MOBILE = (
    "19900007777",
    "199 0000 7777",
    "199-0000-7777",
    "199.0000.7777",
    "+8619900007777",
    "+86 199-0000-7777",
    "+86 (199) 0000 7777",
    "008619900007777",
    "0086 19900007777",
    "8619900007777",
    "019900007777",
    "１９９００００７７７７",
    "＋８６　１９９　００００　７７７７",
    "199\u20110000\u20117777",
)
LAND = (
    "057182345678",
    "0571-82345678",
    "0571 8234 5678",
    "(0571)82345678",
    "（0571）8234-5678",
    "+86 571 82345678",
    "+86-571-8234-5678",
    "0086 0571 82345678",
    "０５７１－８２３４５６７８",
)


@pytest.mark.parametrize("written", MOBILE)
def test_a_mobile(written: str) -> None:
    assert phone_of(written) == Phone("19900007777")
    assert is_phone(written)
    assert all(same_phone(written, other) for other in MOBILE)


@pytest.mark.parametrize("written", LAND)
def test_a_land_line(written: str) -> None:
    assert phone_of(written) == Phone("82345678", "571")
    assert all(same_phone(written, other) for other in (*LAND, "82345678", "8234 5678"))


def test_others_are_others() -> None:
    assert not same_phone("0571-82345678", "010-82345678")
    assert not same_phone("19900007777", "19900007778")
    assert not same_phone("82345678", "13982345678")
    assert not same_phone("", "")
    assert not same_phone("110", "110")


@pytest.mark.parametrize("text", ["", "110", "12345", "三楼", "金城路88号", "a19900007777b"])
def test_what_is_no_number(text: str) -> None:
    assert not is_phone(text)
    assert phone_of(text) is None or text.startswith("a")


def test_numbers_in_a_text() -> None:
    text = "机主199 0000 7777，家里（0571）82345678，金城路88号2幢"
    assert [phone_of(one) for one in phones_in(text)] == [
        Phone("19900007777"),
        Phone("82345678", "571"),
    ]
    assert spoken("+86 19900007777", text)
    assert spoken("82345678", text)
    assert spoken("7777", text) is False  # too short to be a number: searched as a word
    assert spoken("0571 82345678", "电 82345678")
    assert not spoken("0571-82345678", "电 13982345678")
    assert not spoken("0571-82345678", "电 010-82345678")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["+86", "199-0000-7777"], ["+86 199-0000-7777"]),
        (["199", "0000", "7777", "火"], ["199 0000 7777", "火"]),
        (["新塘", "育才路", "12"], ["新塘", "育才路", "12"]),
        (["19900007777", "19900008888"], ["19900007777", "19900008888"]),
        ([], []),
    ],
)
def test_the_words_of_one_number_are_one(words: list[str], found: list[str]) -> None:
    assert joined(words) == found
