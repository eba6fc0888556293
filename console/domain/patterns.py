"""Regular expressions of others, taken only when no text can be dear to them.

Python tries every way in which a pattern may fit. A repetition within a repetition, or with a
choice in it, has as many ways as there are halves of a text; so has one that stands beside
others of the same characters, if not quite as many. Such patterns are refused when they are
read, because a row comes from outside, and nobody could end the look at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as op
from re import _parser
from typing import Any

from console.domain.message import Message, msg

FEW = 8
"""A repetition that can differ by so much and no more is as good as none."""

MOST_WIDE = 6
"""Repetitions of one pattern that can differ by more."""

MOST_LOOSE = 2
"""Of them, such as can run into what follows them, and so have to be tried in many places."""

MOST_BESIDE = 2
"""Such repetitions with nothing between them that must be there."""

_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT}
_BACK = {op.GROUPREF, op.GROUPREF_EXISTS, op.GROUPREF_IGNORE, op.GROUPREF_LOC_IGNORE}


_SAMPLE = frozenset(map(chr, range(128))) | frozenset("é中　１٣")
"""Signs by which it is seen whether two repetitions can take the same."""

_CLASSES = {
    code: frozenset(sign for sign in _SAMPLE if re.match(written, sign))
    for code, written in (
        (op.CATEGORY_DIGIT, r"\d"),
        (op.CATEGORY_NOT_DIGIT, r"\D"),
        (op.CATEGORY_SPACE, r"\s"),
        (op.CATEGORY_NOT_SPACE, r"\S"),
        (op.CATEGORY_WORD, r"\w"),
        (op.CATEGORY_NOT_WORD, r"\W"),
    )
}


class Dear(ValueError):  # noqa: N818 - it is not a fault of the program
    """A pattern that a text could make run for ever; `reason` is the sentence."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.id)
        self.reason = reason


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that is quick on every text of a cell's length.

    Raises:
        re.error: it is none.
        Dear: it is not quick on every text.
    """
    made = re.compile(pattern)
    parsed = _parser.parse(pattern)
    for code, within in _walk(parsed, 0):
        if code in _BACK:
            raise Dear(msg("pattern.refers_back"))
        if within > 1 or (within and code is op.BRANCH):
            raise Dear(msg("pattern.nested"))
    if sum(_is_wide(code, argument) for code, argument in _all(parsed)) > MOST_WIDE:
        raise Dear(msg("pattern.many", n=MOST_WIDE))
    if _loose(parsed) > MOST_LOOSE:
        raise Dear(msg("pattern.many", n=MOST_LOOSE))
    if _most_beside(parsed) > MOST_BESIDE:
        raise Dear(msg("pattern.beside", n=MOST_BESIDE))
    return made


def _is_wide(code: Any, argument: Any) -> bool:
    return code in _REPEATS and argument[1] - argument[0] > FEW


def _parts(code: Any, argument: Any) -> Iterator[Any]:
    """The patterns within an element of a pattern."""
    if code in _REPEATS or code is op.POSSESSIVE_REPEAT:
        yield argument[2]
    elif code is op.SUBPATTERN:
        yield argument[3]
    elif code is op.BRANCH:
        yield from argument[1]
    elif code in (op.ASSERT, op.ASSERT_NOT):
        yield argument[1]
    elif code is op.ATOMIC_GROUP:
        yield argument
    elif code is op.GROUPREF_EXISTS:
        yield from (one for one in argument[1:] if one is not None)


def _all(pattern: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for code, argument in pattern:
        yield code, argument
        for part in _parts(code, argument):
            yield from _all(part)


def _walk(pattern: Iterable[Any], within: int) -> Iterator[tuple[Any, int]]:
    """Every element, with the repetitions that it stands in, itself included."""
    for code, argument in pattern:
        # What may be there once or not is a choice of two, and no loop by itself.
        loops = code in _REPEATS and argument[1] > 1
        varies = loops and argument[0] != argument[1]
        inside = within + (loops if not within else varies)
        yield code, inside if loops else within
        for part in _parts(code, argument):
            yield from _walk(part, inside)


def _most_beside(pattern: Iterable[Any]) -> int:
    """The most wide repetitions that can take the same signs, with nothing sure between them."""
    most = 0
    beside: list[frozenset[str]] = []
    for code, argument in _flat(pattern):
        if _is_wide(code, argument):
            signs = _signs(argument[2])
            beside.append(signs)
            most = max(most, sum(bool(signs & one) for one in beside))
        elif code is op.BRANCH:
            most = max(most, *(_most_beside(one) for one in argument[1]))
            beside.clear()
        elif code not in (op.AT, op.ASSERT, op.ASSERT_NOT) and not (
            code in _REPEATS and not argument[0]
        ):
            beside.clear()
    return most


def _loose(pattern: Iterable[Any]) -> int:
    """How many wide repetitions can take what must stand behind them, too."""
    items = list(_flat(pattern))
    count = 0
    for place, (code, argument) in enumerate(items):
        if code is op.BRANCH:
            count += max(_loose(one) for one in argument[1])
        elif _is_wide(code, argument):
            count += bool(_signs(argument[2]) & _next_signs(items[place + 1 :]))
    return count


def _next_signs(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """With which signs can begin what must follow; none where nothing must."""
    found: frozenset[str] = frozenset()
    for code, argument in items:
        if code in (op.AT, op.ASSERT, op.ASSERT_NOT):
            continue
        found |= _signs([(code, argument)])
        if not (code in _REPEATS and not argument[0]):
            return found
    return frozenset()


def _signs(pattern: Iterable[Any]) -> frozenset[str]:
    """Which of `_SAMPLE` the elements of a pattern can take."""
    found: set[str] = set()
    for code, argument in pattern:
        if code is op.IN:
            found |= _of_set(argument)
        elif code is op.LITERAL:
            found.add(chr(argument))
        elif code is op.NOT_LITERAL:
            found |= _SAMPLE - {chr(argument)}
        elif code is op.ANY:
            found |= _SAMPLE
        for part in _parts(code, argument):
            found |= _signs(part)
    return frozenset(found)


def _of_set(members: Iterable[Any]) -> frozenset[str]:
    found: set[str] = set()
    turned = False
    for code, argument in members:
        if code is op.NEGATE:
            turned = True
        elif code is op.LITERAL:
            found.add(chr(argument))
        elif code is op.RANGE:
            found |= {sign for sign in _SAMPLE if argument[0] <= ord(sign) <= argument[1]}
            found |= {chr(argument[0]), chr(argument[1])}
        else:
            found |= _CLASSES.get(argument, _SAMPLE)
    return frozenset(_SAMPLE - found if turned else found)


def _flat(pattern: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """A pattern with its groups opened."""
    for code, argument in pattern:
        if code is op.SUBPATTERN:
            yield from _flat(argument[3])
        elif code is op.ATOMIC_GROUP:
            yield from _flat(argument)
        else:
            yield code, argument
