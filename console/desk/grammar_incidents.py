"""Reads which incidents a command line is about.

``#42`` and the full number are incidents anywhere. A bare number is one only where it can
be nothing else; the rest is said in `_is_incident`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from console.desk import grammar_words as words
from console.desk.grammar_context import Mistake
from console.desk.grammar_explain import incident_message
from console.desk.grammar_head import Misread, shown, unit_called
from console.desk.grammar_reading import Reading
from console.desk.grammar_words import Token, fold, next_token
from console.desk.verb import Kind, Param
from console.domain.incident import Incident
from console.domain.message import msg

_MARKED = re.compile(
    r"#+(?P<serial>[0-9]{1,7})(?![0-9A-Za-z_])"
    r"|#*(?P<district>[A-Za-z]+)-(?P<day>[0-9]{8})-(?P<number>[0-9]{1,7})(?![0-9A-Za-z_-])"
)
_MEANT_AS_NUMBER = re.compile(r"#+[0-9]|#*[A-Za-z]+-[0-9]{8}-")
_BARE = re.compile(r"[0-9]{1,7}")
_DESKS = frozenset({"110", "12345"})
"""Bare numbers that name who takes a call, where that is what is said."""
_PAIRS = frozenset({"merge", "apart"})
"""Verbs that need two incidents: with one named, the selected one is the first."""


def read_incident(reading: Reading, param: Param) -> None:
    """The incident that is named, else the selected one."""
    token = reading.next()
    found: Incident | None = None
    end = reading.pos
    if token is not None and not token.quoted:
        if marked := _MARKED.match(reading.text, token.start):
            found, end = _marked(reading, marked), marked.end()
        elif _MEANT_AS_NUMBER.match(token.text):
            raise reading.wrong(msg("grammar.bad_number", word=shown(token.text)), token.start)
        elif _BARE.fullmatch(token.text) and _is_incident(reading, token):
            found = _numbered(reading, None, int(token.text), token.text, token.start)
            end = token.end
    if found is None:
        if param.free and reading.context.selected is None:
            return
        found = _selected(reading, param)
    _use(reading, found, token.start if token else len(reading.line))
    reading.incident = found
    reading.set(end, incident_message(found, reading.context), incident=found.id)


def _selected(reading: Reading, param: Param) -> Incident:
    selected = reading.context.selected
    if selected is None:
        raise reading.missing(param, msg("grammar.which_incident"))
    found = reading.context.by_id(selected)
    if found is None:
        raise reading.missing(param, msg("grammar.gone"))
    return found


def _marked(reading: Reading, marked: re.Match[str]) -> Incident:
    word = marked.group()
    if marked["serial"]:
        return _numbered(reading, None, int(marked["serial"]), word, marked.start())
    home = reading.context.district
    if home and fold(marked["district"]) != fold(home):
        message = msg("grammar.other_district", number=shown(word), district=home)
        raise reading.wrong(message, marked.start())
    return _numbered(reading, int(marked["day"]), int(marked["number"]), word, marked.start())


def _numbered(reading: Reading, day: int | None, serial: int, word: str, at: int) -> Incident:
    found = reading.context.incident(day, serial)
    if found is None:
        raise reading.wrong(msg("grammar.no_incident", number=word.lstrip("#")), at)
    return found


def _use(reading: Reading, incident: Incident, at: int) -> None:
    if reading.lawful and (reason := reading.verb.blocked(incident)):
        reading.parts.append(incident_message(incident, reading.context))
        raise reading.wrong(reason, at)


def _is_incident(reading: Reading, token: Token) -> bool:
    """Whether a bare number is one: only where it can be nothing else."""
    rest = reading.verb.params[reading.index + 1 :]
    if not rest or reading.verb.number_first:
        return True
    following, serial = rest[0], int(token.text)
    more = bool(reading.text[token.end :].strip())
    if following.kind is Kind.TEXT:
        if following.name == "agreed" and token.text in _DESKS:
            return False
        if not more:
            return not following.required
        other = reading.context.incident(None, serial) if reading.verb.lifecycle else None
        if other is not None and other.id != reading.context.selected:
            # Words, says the rule; but to end the wrong incident is worse than to ask.
            message = msg("grammar.number_or_words", number=token.text)
            raise reading.wrong(message, token.start)
        return False
    if following.kind is Kind.UNITS:
        known = reading.context.incident(None, serial) is not None
        return known or unit_called(reading.context, token.text) is None
    if _end_of(reading, following, token.start) is None:
        return True
    after = _end_of(reading, following, token.end)
    return after is not None and not reading.text[after:].strip()


def _end_of(reading: Reading, param: Param, pos: int) -> int | None:
    """Where `param` would end if it began at `pos`; None when the word there is none."""
    token = next_token(reading.text, pos)
    if token is None:
        return None
    known = {
        Kind.PRIORITY: lambda: words.priority(token.text) is not None,
        Kind.ALARM: lambda: words.alarm(token.text) is not None,
        Kind.DAYS: lambda: words.days(token.text) is not None,
        Kind.SYSTEM: lambda: fold(token.text) in reading.systems(),
    }.get(param.kind)
    return token.end if known is not None and known() else None


def read_incidents(reading: Reading, param: Param) -> None:
    """All incidents that are named; the first is the one that stays, or that is split off first."""
    found: list[Incident] = []
    start = reading.at(reading.next())
    while token := reading.next():
        marked = _MARKED.match(reading.text, token.start)
        if marked and marked.end() == token.end:
            incident = _marked(reading, marked)
        elif _BARE.fullmatch(token.text):
            incident = _numbered(reading, None, int(token.text), token.text, token.start)
        else:
            raise reading.wrong(msg("grammar.bad_number", word=shown(token.text)), token.start)
        _use(reading, incident, token.start)
        reading.pos = token.end
        reading.used = reading.index
        if all(incident.id != one.id for one in found):
            found.append(incident)
            reading.parts.append(incident.short)
    if not found and (reading.context.selected is None or reading.verb.id in _PAIRS):
        raise reading.missing(param)
    if not found or (len(found) == 1 and reading.verb.id in _PAIRS):
        first = _selected(reading, param)
        if found and first.id == found[0].id:
            message = msg("grammar.same_incident", number=first.short)
            raise Misread(Mistake(message, len(reading.line), reading.understood(), param))
        _use(reading, first, start)
        found.insert(0, first)
    reading.incident = found[0]
    others = tuple(incident.id for incident in found[1:])
    reading.command = replace(reading.command, incident=found[0].id, others=others)
