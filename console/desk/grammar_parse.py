"""Lines into commands: one line into one command or mistake, and joined lines into several."""

from __future__ import annotations

from console.desk.grammar_arguments import read
from console.desk.grammar_context import Context, Mistake
from console.desk.grammar_head import Misread, begins_command, read_head
from console.desk.grammar_reading import Reading
from console.desk.grammar_words import plain
from console.desk.verb import Command, Kind, Verb

JOIN = ";"
"""Joins commands when it stands between spaces and a verb follows it."""


def parse(line: str, context: Context, *, lawful: bool = True) -> Command | Mistake:
    """What one command line means.

    Args:
        line: one command, as typed (see `split` for joined ones).
        context: the world at this moment.
        lawful: whether it is a mistake when the state of the incident does not allow the
            verb. Without, only the words are judged.
    """
    try:
        head = read_head(plain(line), context)
        return read(Reading(line, head, context, lawful=lawful))
    except Misread as stopped:
        return stopped.mistake


def split(line: str, context: Context) -> tuple[str, ...]:
    """The commands that `` ; `` joins in a line, each trimmed; one when nothing is joined.

    It joins where a verb or a call sign follows, and never inside quotes or free text:
    after the text of a verb has begun, or where a text must come, all the rest is text.
    """
    commands = [line[start:end].strip() for start, end in parts(line, context)]
    return tuple(command for command in commands if command) or ("",)


def parse_all(line: str, context: Context) -> tuple[Command | Mistake, ...]:
    """Every command of a line.

    Only the first is held against the state of its incident: the others come after
    commands that will have changed it.
    """
    return tuple(
        parse(part, context, lawful=index == 0) for index, part in enumerate(split(line, context))
    )


def parts(line: str, context: Context) -> list[tuple[int, int]]:
    """Where each command of a line begins and ends (before the `` ; ``).

    The last one is empty when nothing stands behind a `` ; `` yet.
    """
    text = plain(line)
    found: list[tuple[int, int]] = []
    start = 0
    for at in _joints(text):
        verb = verb_of(line[start:at], context)
        searches = verb is not None and any(p.kind is Kind.WORDS for p in verb.params)
        if text[at + 1 :].strip() and not begins_command(
            text, at + 1, context, half_typed=not searches
        ):
            continue
        if verb is not None and _in_text(line[start:at], verb, context):
            break
        found.append((start, at))
        start = at + 1
    return [*found, (start, len(line))]


def _joints(text: str) -> list[int]:
    """Where a joining sign stands between spaces (or at the end), outside quotes."""
    found: list[int] = []
    closing = ""
    for at, char in enumerate(text):
        alone = at > 0 and text[at - 1].isspace()
        if closing:
            closing = "" if char == closing else closing
        elif char in _QUOTES and (alone or at == 0):
            closing = _QUOTES[char]
        elif char == JOIN and alone and (at + 1 == len(text) or text[at + 1].isspace()):
            found.append(at)
    return found


_QUOTES = {'"': '"', "“": "”"}


def verb_of(line: str, context: Context) -> Verb | None:
    """The verb that a command begins with; None when it begins with none."""
    try:
        return read_head(plain(line), context).verb
    except Misread:
        return None


def _in_text(line: str, verb: Verb, context: Context) -> bool:
    """Whether what follows `line` belongs to the free text of its verb."""
    if any(param.kind is Kind.TEXT and param.required for param in verb.params):
        return True
    read = parse(line, context, lawful=False) if verb.takes_text else None
    return isinstance(read, Command) and bool(read.text)
