"""What could come next: candidates for Tab, and the ghost of what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from console.desk import grammar_offers as offers
from console.desk.grammar_arguments import read
from console.desk.grammar_context import Context, Mistake
from console.desk.grammar_head import STATUS, Head, Misread, first_word, read_head
from console.desk.grammar_offers import Candidate
from console.desk.grammar_parse import parts
from console.desk.grammar_reading import LISTS, Reading
from console.desk.grammar_words import fold, plain, spaced, tokens
from console.desk.verb import Kind, Param
from console.domain.message import Message, msg

MOST = 80
"""So many candidates are offered; beyond that a further letter helps more."""

_LONGEST_NAME = 4
"""Names of up to so many words are completed as one."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Candidates for the part of the line from `start` to before `end`."""

    start: int
    end: int
    candidates: tuple[Candidate, ...] = ()

    def applied(self, line: str, candidate: Candidate) -> tuple[str, int]:
        """The line with the candidate in its place, and where the cursor goes.

        At the end of the line a space follows, so that the next word can be typed.
        """
        after = line[self.end :]
        text = candidate.text if after else f"{candidate.text} "
        return line[: self.start] + text + after, self.start + len(text)


def complete(line: str, cursor: int, context: Context) -> Completion:
    """What the word at the cursor could become.

    Args:
        line: as typed so far.
        cursor: index of the character before which the cursor stands.
    """
    cursor = max(0, min(cursor, len(line)))
    begin = parts(line[:cursor], context)[-1][0]
    if 0 < begin == cursor:
        # Directly behind a joining sign: it joins only when a space follows.
        return Completion(cursor, cursor)
    end = cursor
    while end < len(line) and not line[end].isspace():
        end += 1
    for start, candidates in _tries(line[begin:cursor], context):
        found = tuple(_first(candidates))
        if found:
            return Completion(begin + start, end, found)
    return Completion(cursor, cursor)


def ghost(line: str, context: Context) -> tuple[Message, ...]:
    """The names of what is still missing, in order; optional ones say so.

    Nothing, when the line has no verb yet or a word of it is wrong.
    """
    begin = parts(line, context)[-1][0]
    part = line[begin:]
    head = _head(part, context)
    if head is None:
        return ()
    reading, mistake = _read(part, head, context)
    if mistake is not None and mistake.missing is None:
        return ()
    missing = mistake.missing if mistake else None
    return tuple(
        param.label
        if param is missing or reading.needs(param)
        else msg("ghost.optional", param=param.label)
        for param in reading.left
    )


def _tries(part: str, context: Context) -> Iterator[tuple[int, Iterable[Candidate]]]:
    """Where the name at the end of `part` may begin, and what it may become there."""
    text = plain(part)
    first = first_word(text)
    if first is None:
        yield len(part), offers.beginnings("", context)
        return
    if text[first.start :].split()[1:] == [] and not text[-1].isspace():
        yield first.start, offers.beginnings(text[first.start :], context)
    else:
        # A call sign of several words, half typed.
        yield first.start, offers.units(text[first.start :], context)
    head = _head(part, context)
    if head is None:
        return
    if head.verb is not STATUS and LISTS & {param.kind for param in head.verb.params}:
        text = spaced(text)
    words = [token for token in tokens(text, head.end) if token.end <= len(text)]
    starts = [token.start for token in words[-_LONGEST_NAME:]]
    if not text or text[-1].isspace():
        starts.append(len(text))
    for start in starts:
        yield start, _arguments(part[:start], text[start:], head, context)


def _arguments(before: str, typed: str, head: Head, context: Context) -> Iterator[Candidate]:
    """What `typed` could become as an argument behind `before`."""
    reading, mistake = _read(before, head, context)
    if mistake is not None and mistake.missing is None:
        return
    if mistake is not None and mistake.at < len(before.rstrip()):
        return
    # A space at the end says that the name goes on.
    wanted = fold(typed) + (" " if typed[-1:].isspace() else "")
    for param in _expected(reading, mistake):
        yield from _OFFERS.get(param.kind, _nothing)(wanted, reading)


def _expected(reading: Reading, mistake: Mistake | None) -> tuple[Param, ...]:
    """The parameters of which the next word may be one."""
    expected = reading.expected
    if mistake is None or mistake.missing is None or mistake.missing not in expected:
        return expected
    return expected[: expected.index(mistake.missing) + 1]


def _first(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """At most `MOST`, none twice."""
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.text not in seen:
            seen.add(candidate.text)
            yield candidate
        if len(seen) == MOST:
            return


def _head(part: str, context: Context) -> Head | None:
    try:
        return read_head(plain(part), context)
    except Misread:
        return None


def _read(part: str, head: Head, context: Context) -> tuple[Reading, Mistake | None]:
    reading = Reading(part, head, context, lawful=False)
    try:
        read(reading)
    except Misread as stopped:
        return reading, stopped.mistake
    return reading, None


def _nothing(typed: str, reading: Reading) -> Iterable[Candidate]:
    return ()


_OFFERS: dict[Kind, Callable[[str, Reading], Iterable[Candidate]]] = {
    Kind.INCIDENT: offers.incidents,
    Kind.INCIDENTS: offers.incidents,
    Kind.UNIT: lambda typed, reading: offers.units(typed, reading.context),
    Kind.UNITS: offers.further_units,
    Kind.STATUS: offers.statuses,
    Kind.STEP: offers.steps,
    Kind.OUTCOME: offers.outcomes,
    Kind.RESULT: offers.outcomes,
    Kind.SYSTEM: offers.systems,
    Kind.SEAT: offers.seats,
    Kind.PRIORITY: offers.priorities,
    Kind.ALARM: offers.alarms,
    Kind.CATEGORY: lambda typed, reading: offers.categories(typed, reading.context),
    Kind.WORDS: offers.words_for,
    Kind.LANGUAGE: offers.languages,
    Kind.THEME: offers.themes,
}
