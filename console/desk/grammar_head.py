"""The beginning of a command line: which verb it is, or whose status it tells.

An exact name wins, else a beginning that the names of only one verb have. A Chinese name
may stand against what follows it without a space (``派42 P12``), the longest one first. A
line that begins with a unit's call sign is a status line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from console.desk.grammar_context import Context, Mistake, UnitAt
from console.desk.grammar_words import (
    Ambiguous,
    Token,
    fold,
    near,
    next_token,
    phrase,
    pick,
)
from console.desk.verb import Verb
from console.desk.verbs import BY_ID, VERBS
from console.domain.incident import read_number
from console.domain.message import Message, msg
from console.domain.units import STATUS_WORDS

STATUS = BY_ID["status"]

NAMES: dict[str, Verb] = {fold(name): verb for verb in VERBS for name in verb.names.all}
"""Every name of every verb, folded."""

_GLUED = sorted((verb.names.zh for verb in VERBS), key=len, reverse=True)
_STATUS_ENDS = sorted(
    {word for words in STATUS_WORDS.values() for word in words if not word.isascii()},
    key=len,
    reverse=True,
)
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?=[^\x00-\x7f#]|#)")
_LONGEST_CALL_SIGN = 60
_SHOWN = 40


class Misread(Exception):  # noqa: N818 - the line is mistaken, not the program
    """Reading stopped; carries the mistake."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message.id)
        self.mistake = mistake


@dataclass(frozen=True, slots=True)
class Head:
    """A verb and where its arguments begin (for a status line: with the call sign)."""

    verb: Verb
    end: int


def shown(word: str) -> str:
    """A word as it is told back: never longer than a person reads."""
    return word if len(word) <= _SHOWN else f"{word[:_SHOWN]}.."


def unit_called(context: Context, word: str) -> UnitAt | None:
    """The unit with this call sign."""
    return context.unit(word) if word and len(word) <= _LONGEST_CALL_SIGN else None


def unit_at(line: str, pos: int, context: Context) -> tuple[UnitAt, int] | None:
    """The unit whose call sign stands at `pos` of a plain line, and the index after it.

    The longest call sign wins; a status word may stand against it (``P12到场``).
    """
    try:
        return phrase(line, pos, lambda word: unit_called(context, word))
    except LookupError:
        pass
    token = next_token(line, pos)
    if token is None or token.quoted:
        return None
    for length in _glued_lengths(token.text):
        if unit := unit_called(context, token.text[:length]):
            return unit, token.start + length
    return None


def _glued_lengths(text: str) -> list[int]:
    found = [len(text) - len(word) for word in _STATUS_ENDS if text.endswith(word)]
    if latin := _LATIN.match(text):
        found.append(latin.end())
    return [length for length in found if length]


def first_word(line: str, begin: int = 0) -> Token | None:
    """The first word of a plain line, after what may open the command line (``:`` or ``/``)."""
    token = next_token(line, begin)
    if token is not None and token.text[:1] in (":", "/") and not token.quoted:
        return next_token(line, token.start + 1)
    return token


def read_head(line: str, context: Context) -> Head:
    """The verb with which a plain line begins.

    Raises:
        Misread: there is none, or the beginning fits several.
    """
    token = first_word(line)
    if token is None:
        raise Misread(Mistake(msg("grammar.empty"), len(line)))
    if head := _exact(token) or _unit(line, token, context) or _glued(token):
        return head
    try:
        verb = pick(token.text, NAMES)
    except Ambiguous as found:
        raise Misread(Mistake(_several(token.text, found.fits), token.start)) from None
    if verb is None:
        raise Misread(Mistake(_unknown(token.text, context), token.start))
    return Head(verb, token.end)


def begins_command(line: str, pos: int, context: Context, *, half_typed: bool) -> bool:
    """Whether a verb or a call sign stands at `pos` of a plain line.

    Args:
        half_typed: the beginning of several verbs' names is enough, too.
    """
    token = next_token(line, pos)
    if token is None:
        return False
    if _exact(token) or _glued(token) or _unit(line, token, context):
        return True
    try:
        return pick(token.text, NAMES) is not None
    except Ambiguous:
        return half_typed


def _exact(token: Token) -> Head | None:
    verb = NAMES.get(fold(token.text))
    return Head(verb, token.end) if verb else None


def _unit(line: str, token: Token, context: Context) -> Head | None:
    return Head(STATUS, token.start) if unit_at(line, token.start, context) else None


def _glued(token: Token) -> Head | None:
    if token.quoted:
        return None
    for name in _GLUED:
        if token.text.startswith(name):
            return Head(NAMES[fold(name)], token.start + len(name))
    latin = _LATIN.match(token.text)
    verb = NAMES.get(fold(latin.group())) if latin else None
    return Head(verb, token.start + latin.end()) if latin and verb else None


def _several(word: str, fits: tuple[str, ...]) -> Message:
    # One name a verb: of those that fit, the first.
    names = {NAMES[name].id: name for name in reversed(fits)}
    return msg("grammar.ambiguous_verb", word=shown(word), names=tuple(reversed(names.values())))


def _unknown(word: str, context: Context) -> Message:
    if read_number(word) is not None:
        return msg("grammar.verb_first", number=shown(word))
    names = near(word, [*NAMES, *(unit.call_sign for unit in context.units())])
    if names:
        return msg("grammar.unknown_verb_near", word=shown(word), near=names)
    return msg("grammar.unknown_verb", word=shown(word))
