"""The number of an incident with its day: shown and read back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.incident import make_id
from console.domain.numbers import dated_number, day_number, number_at, whole_number

TODAY = 20261123


def _day(ago: int, today: date) -> int:
    return int((today - timedelta(days=ago)).strftime("%Y%m%d"))


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (TODAY, "14"),
        (20261122, "22-14"),
        (20261027, "27-14"),
        (20261026, "10-26/14"),
        (20251124, "11-24/14"),
        (20251123, "2025-11-23/14"),
        (20220328, "2022-03-28/14"),
    ],
)
def test_a_row_says_its_day(day: int, shown: str) -> None:
    assert day_number(make_id(day, 14), TODAY) == shown


@given(
    st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 4_000), st.integers(1, 9_999_999)
)
def test_what_is_shown_is_read_back(today: date, ago: int, serial: int) -> None:
    now = int(today.strftime("%Y%m%d"))
    id_ = make_id(_day(ago, today), serial)
    for shown in (day_number(id_, now), dated_number(id_, now)):
        for text in (shown, f"#{shown}"):
            found = whole_number(text, now)
            assert found is not None, text
            assert make_id(found.day or now, found.serial) == id_


@given(st.text(max_size=20), st.integers(0, 20))
def test_any_text_is_answered(text: str, pos: int) -> None:
    found = number_at(text, min(pos, len(text)), TODAY)
    assert found is None or found.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["14号楼", "14a", "a14", "14-2-301", "12-3室", "2026-11-22", "三楼", "一起", "99-3", "13-45-1"],
)
def test_what_is_none(text: str) -> None:
    assert number_at(text, 0, TODAY) is None
