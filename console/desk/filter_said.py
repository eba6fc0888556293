"""The words of a filter as people say them: 「3 月 21 日 事故 瓜沥」."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from console.desk.filtering import read_days
from console.domain.day_words import days_said
from console.domain.filters import EXACT
from console.domain.message import Label, Message, Problem

Word: TypeAlias = "str | Label | Message"

Called: TypeAlias = "Callable[[str, str], Word]"
"""What a value that is counted by is called: ``("field", "traffic")``."""


def said(words: Sequence[str], called: Called, year: int | None = None) -> list[Word]:
    """Each word as people say it, the same only once; what is no day and no condition, as typed.

    Args:
        words: the words of ``filter``.
        called: what values are called.
        year: the year that is understood.
    """
    found: list[Word] = []
    for word in words:
        part = _said(word, called, year)
        if part not in found:
            found.append(part)
    return found


def _said(word: str, called: Called, year: int | None) -> Word:
    try:
        days = read_days(word)
    except Problem:
        return word
    if days is not None:
        return days_said(*days, year)
    name, given, value = word.partition("=")
    return called(name, value) if given and name in EXACT else word
