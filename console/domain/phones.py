"""Telephone numbers as they are compared: by their digits, however they are written.

``199 0000 7777``, ``+86 199-0000-7777`` and ``１９９００００７７７７`` are one number; so are
``0571-82345678``, ``(0571) 8234 5678`` and, where no other area is named, ``82345678``. The
country's code is 86; area codes are those of the national numbering plan: 10, two digits from 2,
three digits from 3 to 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from console.domain.writing import narrow

SHORTEST = 7
"""Digits of the shortest number that belongs to somebody."""

_LONGEST = 20
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_NO_DIGIT = re.compile(r"\D+", re.ASCII)
# What stands between the digits of one number: a space or a sign, or a bracket and a space.
_WRITTEN = re.compile(
    r"(?<![0-9A-Za-z])(?:\+ ?|\( ?)?[0-9](?:(?:[ ./-]| ?[()] ?| - )?[0-9]){6,29}(?![0-9A-Za-z])"
)
_COUNTRY = re.compile(r"(?:00|\+)?86(?=1[3-9][0-9]{9}$|0?(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}$)")
_MOBILE = re.compile(r"0?(1[3-9][0-9]{9})")
_AREA = re.compile(r"0(10|2[0-9]|[3-9][0-9]{2})([0-9]{7,8})")
_AREA_BARE = re.compile(r"(10|2[0-9]|[3-9][0-9]{2})([0-9]{7,8})")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number without its country: `area` without the zero, "" for a mobile or where none is
    said; `number` are the digits that are dialled within the area."""

    number: str
    area: str = ""

    def same(self, other: Phone) -> bool:
        """Whether both are one number: an area that is not said is any."""
        return self.number == other.number and (
            not self.area or not other.area or self.area == other.area
        )


def digits(text: str) -> str:
    """The digits of a text, made narrow."""
    return _NO_DIGIT.sub("", narrow(text))


@lru_cache(maxsize=4_096)
def phone_of(text: str) -> Phone | None:
    """The number that a text is, however it is written; None when it has too few digits."""
    plain = narrow(text).translate(_DASHES)
    found = digits(plain)
    if not SHORTEST <= len(found) <= _LONGEST:
        return None
    abroad = plain.lstrip().startswith("+") or found.startswith("00")
    if home := _COUNTRY.match(found):
        found = found[home.end() :]
        abroad = True
    if mobile := _MOBILE.fullmatch(found):
        return Phone(mobile[1])
    if (land := _AREA.fullmatch(found)) or (abroad and (land := _AREA_BARE.fullmatch(found))):
        return Phone(land[2], land[1])
    return Phone(found)


def same_phone(a: str, b: str) -> bool:
    """Whether two texts are one telephone number."""
    one, other = phone_of(a), phone_of(b)
    return one is not None and other is not None and one.same(other)


def is_phone(text: str) -> bool:
    """Whether all of a text is written as one telephone number."""
    plain = narrow(text).translate(_DASHES).strip()
    return _WRITTEN.fullmatch(plain) is not None


def phones_in(text: str) -> Iterator[str]:
    """What is written like a telephone number in a text, narrow, in its order."""
    return (one.group() for one in _WRITTEN.finditer(narrow(text).translate(_DASHES)))


def spoken(word: str, text: str) -> bool:
    """Whether a text holds the telephone number that `word` is, or one that ends in it.

    With an area it is not found as the end of a mobile number or in another area.
    """
    wanted = phone_of(word)
    if wanted is None:
        return False
    for written in phones_in(text):
        run = digits(written)
        if wanted.number not in run:
            continue
        if not wanted.area:
            return True
        phone = phone_of(written)
        if phone is None or phone.same(wanted):
            return True  # None: two numbers that stand side by side
        if f"{wanted.area}{wanted.number}" in run:
            return True
    return False


def joined(words: Sequence[str]) -> list[str]:
    """Words of a search in which the parts of one telephone number are put together.

    ``+86`` and ``199-0000-7777`` are one word; ``12`` and ``34`` stay two.
    """
    found: list[str] = []
    at = 0
    while at < len(words):
        run = 1
        for size in range(min(5, len(words) - at), 1, -1):
            together = " ".join(words[at : at + size])
            if is_phone(together) and _plainly(words[at : at + size]):
                run = size
                break
        found.append(" ".join(words[at : at + run]))
        at += run
    return found


def _plainly(parts: Sequence[str]) -> bool:
    """Whether words are the parts of one number rather than several numbers side by side."""
    phone = phone_of(" ".join(parts))
    if phone is None or any(len(digits(part)) >= 10 for part in parts[1:] if len(parts) > 2):
        return False
    return bool(_MOBILE.fullmatch(phone.number)) or bool(phone.area) or len(phone.number) in (7, 8)
