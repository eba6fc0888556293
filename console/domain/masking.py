"""Persons in text that goes on: their numbers can be told apart, not read, and their names
are surnames.

An item that nobody could read is looked at by whoever is at the screen, and a written report
is handed around: telephone, identity and account numbers lose their middle, however they are
written, and whoever is known to have called is named as 王某.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from console.domain.message import Arg, Message

_SEP = r"[ \u00a0\u3000\-\u2010-\u2013\uff0d]"
"""What may stand once between two digits of a number: a blank or a hyphen."""

_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_DATE = rf"(?:19|20)\d\d-{_MONTH}-{_DAY}(?!\d)"
_SHORT_DATE = rf"(?:19|20)\d\d{_MONTH}{_DAY}"

_KEPT = rf"(?P<kept>{_DATE}|{_SHORT_DATE}-\d{{4,}}(?!\d))"
"""A date, and the number of an incident: nobody's, whatever else their digits look like."""

_GROUP = rf"(?!{_SHORT_DATE}(?!\d))\d{{4,}}"

_NUMBER = re.compile(
    r"(?<!\d)(?:"
    + "|".join(
        (
            # GB 11643: a place, a day of birth, three digits and a check sign.
            rf"\d{{6}}{_SEP}?(?:19|20)\d\d{_SEP}?{_MONTH}{_SEP}?{_DAY}{_SEP}?\d{{3}}{_SEP}?"
            r"[\dXx](?!\d)",
            _KEPT,
            # A mobile telephone; several written in one; one written digit by digit.
            rf"(?P<mobile>(?:86{_SEP}?)?1[3-9]\d(?:{_SEP}?\d){{8}}(?!\d))",
            r"(?:1[3-9]\d{9})+(?!\d)",
            rf"1{_SEP}[3-9](?:{_SEP}\d){{9}}(?!\d)",
            # A telephone with its country's code.
            rf"(?<=\+)\d(?:{_SEP}?\d){{8,14}}(?!\d)",
            # A telephone with its area's code.
            rf"(?<!\d{_SEP})0[1-9]\d{{1,2}}(?:{_SEP}|\) ?)"
            rf"[1-9](?:\d{{6,7}}|\d{{2,3}}{_SEP}\d{{4}})(?!\d)",
            # An account in groups.
            rf"(?P<groups>{_GROUP}(?:{_SEP}{_GROUP})+(?:{_SEP}\d{{1,3}})?(?!\d))",
            r"(?P<run>\d{10,}[\dXx](?!\d))",
        )
    )
    + ")"
)

_ACCOUNT = range(15, 20)
"""How many digits an account has."""

_YEARS = re.compile(rf"(?:19|20)\d\d(?:{_SEP}(?:19|20)\d\d)*")


def masked(text: str) -> str:
    """A text whose long numbers keep their first and last three signs.

    A number may be written with single blanks or hyphens, and stand beside letters. A number
    beside letters that is no telephone's and not as long as an account's is a file's or an
    item's own, and is left alone.
    """
    return _NUMBER.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    written = found[0]
    if found["kept"] is not None:
        return written
    if found["mobile"] is not None and re.search(rf"{_SEP}{_DATE}", written):
        return written  # a house, and a date
    if found["groups"] is not None:
        if sum(sign.isdigit() for sign in written) < _ACCOUNT.start:
            first, rest = re.split(f"({_SEP})", written, maxsplit=1)[::2]
            return masked(first) + written[len(first)] + masked(rest)
        if _YEARS.fullmatch(written):
            return written
    if found["run"] is not None and len(written) not in _ACCOUNT:
        around = found.string[max(0, found.start() - 1) : found.start()]
        around += found.string[found.end() : found.end() + 1]
        if any(sign.isascii() and sign.isalpha() for sign in around):
            return written
    return _hidden(written, 3)


def _hidden(written: str, last: int) -> str:
    """A number whose digits are stars, but the first three and the last; blanks stay."""
    signs = [n for n, sign in enumerate(written) if sign.isalnum()]
    stars = set(signs[3:-last])
    return "".join("*" if n in stars else sign for n, sign in enumerate(written))


_POLITE = ("女士", "先生", "小姐", "师傅", "老师", "阿姨", "大爷", "某", "某某")
"""What follows a surname where nobody says the name."""

_SHORTEST = 6
"""Digits of the shortest telephone number that is looked for; a shorter one is a house."""

_TAILS = (11, 8, 7)
"""Digits from the end of a longer number by which it is known, too: without the country's
code, and without the area's."""

_SHORT_NAME = 6
"""A Latin name with fewer signs is looked for as a word of its own: Ann is not in Channel."""


def masked_person(name: str) -> str:
    """A person's name without the person: 王某, ``J***``."""
    name = name.strip()
    if len(name) < 2 or name.endswith(_POLITE):
        return name
    return f"{name[0]}***" if name[0].isascii() else f"{name[0]}某"


def masked_of(text: str, names: Iterable[str], numbers: Iterable[str]) -> str:
    """A text without the persons that are known to be in it.

    Args:
        text: the text.
        names: of those who called; Latin ones are found in any case.
        numbers: their telephone numbers, in whatever form; only the digits count.
    """
    for name in sorted({one.strip() for one in names}, key=lambda one: (-len(one), one)):
        if len(name) > 1:
            text = _named(name).sub(masked_person(name).replace("\\", r"\\"), text)
    known = sorted(set(_known(numbers)), key=lambda one: (-len(one), one))
    if known:
        any_ = "|".join(f"{_SEP}?".join(digits) for digits in known)
        pattern = re.compile(rf"(?<!\d)(?:{_KEPT}|(?:{any_})(?!\d))", re.ASCII)
        text = pattern.sub(lambda m: m[0] if m["kept"] is not None else _hidden(m[0], 2), text)
    return masked(text)


def _named(name: str) -> re.Pattern[str]:
    words = r"\s*".join(re.escape(word) for word in name.split())
    if name.isascii() and len(name) < _SHORT_NAME:
        words = rf"(?<![A-Za-z]){words}(?![A-Za-z])"
    return re.compile(words, re.IGNORECASE)


def _known(numbers: Iterable[str]) -> Iterable[str]:
    """The digits of telephone numbers: whole, of a part that is one by itself, and their ends."""
    for number in numbers:
        for digits in (_digits(number), *re.findall(rf"[0-9]{{{_TAILS[-1]},}}", number)):
            if len(digits) >= _SHORTEST:
                yield digits
            for n in _TAILS:
                if len(digits) > n:
                    yield digits[-n:]


def _digits(number: str) -> str:
    return "".join(re.findall("[0-9]", number))


def masked_words(value: Arg, mask: Callable[[str], str]) -> Arg:
    """A message, or whatever goes into one, with every text in it masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Message):
        return Message(value.id, {k: masked_words(v, mask) for k, v in value.args.items()})
    if isinstance(value, tuple):
        return tuple(masked_words(one, mask) for one in value)
    return value
