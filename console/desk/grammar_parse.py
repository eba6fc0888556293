"""Lines into commands: one line into one command or mistake, and joined lines into several."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from console.desk.grammar_arguments import read
from console.desk.grammar_context import Context, Following, Mistake
from console.desk.grammar_head import Misread, begins_command, named_at, read_head, verb_of
from console.desk.grammar_reading import Reading
from console.desk.grammar_words import even, plain
from console.desk.verb import Command, Kind, Verb

_JOINS = re.compile(r";|[,、，。]|然后|接着|(?<![a-z0-9])(?:and then|then)(?![a-z0-9])")
"""What may join commands. A semicolon does where a command follows, the others only where the
whole name of a verb does; none does inside free text or quotes."""

_LONGEST_HEAD = 300
"""Characters within which a command says which verb it is: what joins commands is looked at in
lines of thousands of characters, each of which may be a comma."""


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
    """The commands that are joined in a line, each trimmed; one when nothing is joined.

    ``;`` joins where a verb or a call sign follows, a comma, ``然后`` or ``then`` where the whole
    name of a verb follows; never inside quotes or free text: after the text of a verb has begun,
    or where a text must come, all the rest is text.
    """
    commands = [line[start:end].strip() for start, end in parts(line, context)]
    return tuple(command for command in commands if command) or ("",)


def parse_all(line: str, context: Context) -> tuple[Command | Mistake, ...]:
    """Every command of a line.

    Only the first is held against the state of its incident: the others come after
    commands that will have changed it. What one names, the next is about.
    """
    found: list[Command | Mistake] = []
    for index, part in enumerate(split(line, context)):
        read = parse(part, context, lawful=index == 0)
        found.append(read)
        if isinstance(read, Command) and read.incident is not None:
            context = Following(context, read.incident)
    return tuple(found)


def parts(line: str, context: Context) -> list[tuple[int, int]]:
    """Where each command of a line begins and ends (before what joins it to the next).

    The last one is empty when nothing stands behind a ``;`` yet.
    """
    text = plain(line)
    found: list[tuple[int, int]] = []
    start, verb = 0, None
    for at, end in _joints(text):
        if at < start:
            continue
        if at - start <= _LONGEST_HEAD:
            verb = verb_of(text[start:at], context)
        searches = verb is not None and any(p.kind is Kind.WORDS for p in verb.params)
        behind = text[end : end + _LONGEST_HEAD]
        if text[at] != ";":
            if verb is None or searches or not named_at(behind, 0, context):
                continue
        elif behind.strip() and not begins_command(behind, 0, context, half_typed=not searches):
            continue
        if verb is not None and _in_text(line[start:at], verb, context):
            break
        found.append((start, at))
        start = end
    return [*found, (start, len(line))]


def _joints(text: str) -> Iterator[tuple[int, int]]:
    """Where a joining sign or word stands outside quotes, and where it ends."""
    quotes = deque((one.start(), one.end()) for one in _QUOTED.finditer(text))
    for sign in _JOINS.finditer(even(text)):
        while quotes and quotes[0][1] <= sign.start():
            quotes.popleft()
        if not quotes or sign.start() < quotes[0][0]:
            yield sign.start(), sign.end()


_QUOTED = re.compile(r'(?:(?<=\s)|^)(?:"[^"]*(?:"|$)|“[^”]*(?:”|$))')


def _in_text(line: str, verb: Verb, context: Context) -> bool:
    """Whether what follows `line` belongs to the free text of its verb."""
    if any(param.kind is Kind.TEXT and param.required for param in verb.params):
        return True
    read = parse(line, context, lawful=False) if verb.takes_text else None
    return isinstance(read, Command) and bool(read.text)
