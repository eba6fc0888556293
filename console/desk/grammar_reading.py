"""One reading of a command line: how far it has come, and what it has understood.

The readers of the parameters (`grammar_incidents`, `grammar_arguments`) move it forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.desk.grammar_context import Context, Mistake, Option
from console.desk.grammar_head import Head, Misread, shown
from console.desk.grammar_steps import Outcomes
from console.desk.grammar_words import (
    Ambiguous,
    Token,
    fold,
    named,
    next_token,
    phrase,
    pick,
    plain,
    spaced,
)
from console.desk.verb import Command, Kind, Param
from console.domain.incident import Incident
from console.domain.message import Arg, Message, msg

LISTS = frozenset({Kind.UNITS, Kind.INCIDENTS})
"""Kinds of which several may follow each other, with commas if one likes."""

_REPEATED = LISTS | {Kind.WORDS}


class Reading:
    """The state of one reading.

    Args:
        line: as typed.
        head: its verb.
        lawful: whether an incident's state is asked if it allows the verb.

    `text` is the plain line and `pos` the index up to which it was read. `command` is what
    was understood so far, `incident` its incident, `parts` the same in words. `outcomes`
    are those of the step that was named, `asks` is what must be told with the outcome.
    `index` is the parameter that is being read, `used` the last one that had a word, and
    `kinds` are the kinds of all parameters.
    """

    def __init__(self, line: str, head: Head, context: Context, *, lawful: bool = True) -> None:
        self.line = line
        self.context = context
        self.lawful = lawful
        self.verb = head.verb
        self.text = plain(line)
        self.kinds = frozenset(param.kind for param in head.verb.params)
        if self.kinds & LISTS and Kind.TEXT not in self.kinds:
            self.text = spaced(self.text)
        self.pos = head.end
        self.command = Command(head.verb, line)
        self.incident: Incident | None = None
        self.outcomes: Outcomes | None = None
        self.asks: tuple[str, ...] = ()
        self.parts: list[Arg] = [head.verb.label]
        self.index = 0
        self.used = -1

    @property
    def left(self) -> tuple[Param, ...]:
        """The parameters that have had no word yet, as far as the line was read."""
        return self.verb.params[self.used + 1 :]

    @property
    def expected(self) -> tuple[Param, ...]:
        """What the next word may be: optional parameters up to the first that must come."""
        again = self.used >= 0 and self.verb.params[self.used].kind in _REPEATED
        found: list[Param] = [self.verb.params[self.used]] if again else []
        for param in self.left:
            found.append(param)
            if self.needs(param):
                break
        return tuple(found)

    def needs(self, param: Param) -> bool:
        """Whether the line cannot do without `param`."""
        if param.kind is Kind.INCIDENT:
            return not param.free and self.context.selected is None
        return param.required

    def systems(self) -> dict[str, str]:
        """Folded word -> id of a system."""
        return named({one.id: one.words for one in self.context.systems()})

    def seats(self) -> dict[str, str]:
        """Folded word -> name of a seat."""
        return named({one.id: one.words for one in self.context.seats()})

    def next(self) -> Token | None:
        """The next word, which stays unread."""
        return next_token(self.text, self.pos)

    def needed(self, param: Param) -> Token:
        """The next word, which stays unread.

        Raises:
            Misread: there is none.
        """
        token = self.next()
        if token is None:
            raise self.missing(param)
        return token

    def at(self, token: Token | None) -> int:
        """Where `token` stands; the end of the line for none."""
        return token.start if token else len(self.line)

    def set(self, end: int, said: Arg, **values: object) -> None:
        """Take `values` into the command; the line is read up to `end`, told as `said`."""
        self.pos = end
        self.parts.append(said)
        self.command = replace(self.command, **values)  # type: ignore[arg-type]

    def understood(self) -> Message:
        """What was understood so far."""
        return msg("grammar.understood", what=tuple(self.parts))

    def wrong(self, message: Message, at: int, options: tuple[Option, ...] = ()) -> Misread:
        """To be raised: the word at `at` is wrong; one of `options` could be meant."""
        return Misread(Mistake(message, at, self.understood(), options=options))

    def missing(
        self, param: Param, message: Message | None = None, options: tuple[Option, ...] = ()
    ) -> Misread:
        """To be raised: `param` is missing (`message` says so better than its name)."""
        said = message or msg("grammar.missing", param=param.label)
        at = self.at(self.next())
        return Misread(Mistake(said, at, self.understood(), param, options))

    def choose(
        self, names: Mapping[str, str], *, beginnings: bool = True
    ) -> tuple[str, int] | None:
        """The value that the next words name, and the index after them.

        Exact words win; then a Chinese word that stands against what follows it; then
        the beginning of one word.
        """
        token = self.next()
        if token is None:
            return None
        try:
            return phrase(self.text, token.start, lambda word: names.get(fold(word)))
        except LookupError:
            pass
        if glued := _glued(token, names):
            return glued
        if not beginnings:
            return None
        try:
            value = pick(token.text, names)
        except Ambiguous as found:
            message = msg("grammar.ambiguous", word=shown(token.text), names=found.fits)
            raise self.wrong(message, token.start) from None
        return None if value is None else (value, token.end)


def _glued(token: Token, names: Mapping[str, str]) -> tuple[str, int] | None:
    """The longest Chinese name with which `token` begins, and the index after it."""
    if token.quoted or token.text.isascii():
        return None
    fits = [
        name
        for name in names
        if len(name) > 1 and not name.isascii() and fold(token.text).startswith(name)
    ]
    longest = max(fits, key=len, default="")
    # Folding may have changed the length; then nothing can be said of the index.
    if not longest or fold(token.text[: len(longest)]) != longest:
        return None
    return names[longest], token.start + len(longest)
