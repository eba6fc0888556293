"""The beginning of a command line: which verb it is, or whose status it tells.

A name is a whole word, or several: a verb answers to its names and, where nothing else begins
so, to the beginning of one. Against a name may stand only what cannot belong to a word: digits,
``#``, a number, a call sign, punctuation (``派42 P12``). A Chinese word that merely begins
with a name is not that verb; it is refused, with what may have been meant. A line that begins
with a unit's call sign is a status line; a number alone selects that incident; ``/``, the
name of a place alone and a telephone number alone search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from console.desk import grammar_words as words
from console.desk.grammar_context import Context, Mistake, UnitAt
from console.desk.grammar_meant import meant
from console.desk.grammar_words import (
    Ambiguous,
    Token,
    even,
    fold,
    near,
    next_token,
    phrase,
    pick,
)
from console.desk.verb import Kind, Verb
from console.desk.verbs import BY_ID, VERBS
from console.domain.message import Message, msg
from console.domain.numbers import number_at, whole_number
from console.domain.phones import is_phone
from console.domain.units import STATUS_WORDS

STATUS, FIND, SELECT = BY_ID["status"], BY_ID["find"], BY_ID["select"]

NAMES: dict[str, Verb] = {fold(name): verb for verb in VERBS for name in verb.names.all}
"""Every name of every verb, folded."""

_SHORTENED = {fold(name) for verb in VERBS for name in verb.names.main}
"""Names that may be shortened."""

_PHRASE = re.compile(
    "|".join(
        r"\s+".join(map(re.escape, name.split()))
        for name in sorted(NAMES, key=len, reverse=True)
        if " " in name
    )
)
"""A name of several words."""

_GLUED = sorted((name for name in NAMES if not name.isascii()), key=len, reverse=True)
_STATUS_ENDS = sorted(
    {word for known in STATUS_WORDS.values() for word in known if not word.isascii()},
    key=len,
    reverse=True,
)
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?=[^\x00-\x7f#]|#)")
_LETTERS = re.compile(r"[a-z]+(?:-[a-z]+)*")
_BETWEEN = ",:、，。!"
"""Signs that may stand between a name and what follows it."""

SEARCH = ("/", "、")
"""Signs that open a search: a Chinese keyboard writes 、 for a stroke."""

_NUMBERED = frozenset({"answer", "intake", "message"})
"""Names of texts that begin with a number."""

_COUNTED = frozenset(
    {
        Kind.INCIDENT,
        Kind.INCIDENTS,
        Kind.UNIT,
        Kind.UNITS,
        Kind.PRIORITY,
        Kind.ALARM,
        Kind.WORDS,
    }
)
"""Kinds before which digits may stand against a name."""

_CALLED = frozenset({Kind.UNIT, Kind.UNITS, Kind.WORDS})
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
    """The first word of a plain line, after what may open the command line (``:``)."""
    token = next_token(line, begin)
    if token is not None and token.text[:1] == ":" and not token.quoted:
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
    head = _head(line, token, context)
    if head is not None:
        return head
    if not token.quoted:
        if number_at(line, token.start, context.today) is not None:
            word = shown(token.text)
            raise Misread(Mistake(msg("grammar.verb_first", number=word), token.start))
        if (instead := meant(token.text)) is not None:
            raise Misread(Mistake(instead, token.start))
        if verb := _shortened(token):
            return Head(verb, token.end)
    raise Misread(Mistake(_unknown(line, token, context), token.start))


def verb_of(line: str, context: Context) -> Verb | None:
    """The verb that a plain line begins with; None when it begins with none.

    As `read_head`, without looking for what may have been meant instead.
    """
    token = first_word(line)
    if token is None:
        return None
    if head := _head(line, token, context):
        return head.verb
    if token.quoted or number_at(line, token.start, context.today) or meant(token.text):
        return None
    try:
        return _shortened(token)
    except Misread:
        return None


def _head(line: str, token: Token, context: Context) -> Head | None:
    """What the first word of a plain line is when it is written out."""
    return (
        _search(token)
        or _named(line, token, context)
        or _jump(line, token, context)
        or _unit(line, token, context)
        or _telephone(line, token)
        or _place(line, token, context)
        or _glued(line, token, context)
    )


def begins_command(line: str, pos: int, context: Context, *, half_typed: bool) -> bool:
    """Whether a verb or a call sign stands at `pos` of a plain line.

    Args:
        half_typed: the beginning of several verbs' names is enough, too.
    """
    token = next_token(line, pos)
    if token is None or token.text[:1] == ";":
        return False
    if named_at(line, pos, context) or _unit(line, token, context):
        return True
    try:
        return not token.quoted and _shortened(token) is not None
    except Misread:
        return half_typed


def named_at(line: str, pos: int, context: Context) -> bool:
    """Whether a whole name of a verb stands at `pos` of a plain line."""
    token = next_token(line, pos)
    if token is None:
        return False
    return (_named(line, token, context) or _glued(line, token, context)) is not None


def _search(token: Token) -> Head | None:
    if token.quoted or not token.text.startswith(SEARCH):
        return None
    return Head(FIND, token.start + 1)


def _named(line: str, token: Token, context: Context) -> Head | None:
    """A verb whose name is the first word, or the first words: the longest name counts."""
    if token.quoted:
        return None
    phrase_at = _PHRASE.match(even(line), token.start)
    if phrase_at is not None:
        called, end = NAMES[fold(phrase_at.group())], phrase_at.end()
        behind = line[end : end + 1]
        if not behind.strip():
            return Head(called, end)
        if not behind.isascii() or (not behind.isalpha() and _apart(line, end, called, context)):
            return Head(called, _behind(line, end))
    verb = NAMES.get(fold(token.text))
    return Head(verb, token.end) if verb else None


def _jump(line: str, token: Token, context: Context) -> Head | None:
    """A number and nothing else selects the incident; a call sign of digits is left to the unit."""
    number = whole_number(line[token.start :], context.today)
    if number is None:
        return None
    if context.unit(token.text) is not None and not context.bearing(number.serial):
        return None
    return Head(SELECT, token.start)


def _unit(line: str, token: Token, context: Context) -> Head | None:
    return Head(STATUS, token.start) if unit_at(line, token.start, context) else None


def _telephone(line: str, token: Token) -> Head | None:
    """Nothing but a telephone number is searched for."""
    alone = not token.quoted and is_phone(line[token.start :])
    return Head(FIND, token.start) if alone else None


def _place(line: str, token: Token, context: Context) -> Head | None:
    """Nothing but names of places is searched for."""
    if token.quoted:
        return None
    rest = line[token.start :].rstrip()
    known = words.tokens(words.spaced(rest))
    if not known or any(one.quoted for one in known):
        return None
    alone = all(context.place_ends(one.text) == len(one.text) for one in known)
    return Head(FIND, token.start) if alone else None


def _glued(line: str, token: Token, context: Context) -> Head | None:
    """A verb whose name stands against what follows it."""
    if token.quoted:
        return None
    text = even(token.text)
    if latin := _LETTERS.match(text):
        verb = NAMES.get(latin.group())
        rest = text[latin.end() :]
        end = token.start + latin.end()
        if verb and rest and (not rest[0].isascii() or _apart(line, end, verb, context)):
            return Head(verb, _behind(line, end))
        return None
    for name in _GLUED:
        if text.startswith(name) and len(text) > len(name):
            verb, end = NAMES[name], token.start + len(name)
            if _apart(line, end, verb, context):
                return Head(verb, _behind(line, end))
    return None


def _behind(line: str, end: int) -> int:
    """The index after the sign that stands against a name."""
    return end + 1 if line[end : end + 1] in tuple(_BETWEEN) else end


def _apart(line: str, pos: int, verb: Verb, context: Context) -> bool:
    """Whether what stands at `pos` cannot belong to a word that ends there."""
    sign = line[pos]
    if sign in _BETWEEN or sign in '"“(;':
        return True
    kinds = {param.kind for param in verb.params}
    if sign in "#0123456789":
        numbered = any(param.name in _NUMBERED for param in verb.params)
        return not kinds or numbered or bool(kinds & _COUNTED)
    if kinds & {Kind.INCIDENT, Kind.INCIDENTS} and number_at(line, pos, context.today):
        return True
    token = next_token(line, pos)
    if token is None:
        return False
    if Kind.PRIORITY in kinds and words.priority(token.text) is not None:
        return True
    if Kind.ALARM in kinds and words.alarm(token.text) is not None:
        return True
    return bool(kinds & _CALLED) and unit_at(line, pos, context) is not None


def _shortened(token: Token) -> Verb | None:
    """The verb of which the word is the beginning of a name, and of no other verb's.

    Raises:
        Misread: it is the beginning of several.
    """
    wanted = fold(token.text)
    fits = {name: NAMES[name] for name in NAMES if name.startswith(wanted)}
    try:
        verb = pick(wanted, fits) if fits else None
    except Ambiguous as found:
        raise Misread(Mistake(_several(token.text, found.fits), token.start)) from None
    return verb if wanted and not _SHORTENED.isdisjoint(fits) else None


def _several(word: str, fits: tuple[str, ...]) -> Message:
    # One name a verb: of those that fit, the first.
    names = {NAMES[name].id: name for name in reversed(fits)}
    return msg("grammar.ambiguous_verb", word=shown(word), names=tuple(reversed(names.values())))


def _unknown(line: str, token: Token, context: Context) -> Message:
    """What to say of a line that begins with no name."""
    word = shown(token.text)
    if context.place_ends(token.text):
        return msg("grammar.place_and_words", line=shown(line[token.start :].strip()))
    text = fold(token.text)
    longer = tuple(name for name in NAMES if name.startswith(text) and text)
    near_ones = near(token.text, [*NAMES, *(unit.call_sign for unit in context.units())])
    if led := _led(token.text):
        return led
    written = even(token.text)
    if begun := next((name for name in _GLUED if written.startswith(name)), None):
        verb = NAMES[begun]
        rest = shown(line[token.start + len(begun) :].strip())
        if near_ones and len(text) > len(begun) + 1:
            return msg("grammar.unknown_verb_near", word=word, near=near_ones)
        return msg("grammar.not_that_word", word=word, verb=verb.label, name=begun, rest=rest)
    if near_ones or longer:
        return msg("grammar.unknown_verb_near", word=word, near=(longer or near_ones)[:3])
    return msg("grammar.unknown_verb", word=word)


def _led(text: str) -> Message | None:
    """What is meant by a word that begins with one of `grammar_meant`, if it does."""
    for size in range(min(6, len(text) - 1), 1, -1):
        if instead := meant(text[:size]):
            return instead
    return None
