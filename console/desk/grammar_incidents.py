"""Reads which incidents a command line is about.

``#42``, ``42号``, the full number and a number with its day are incidents anywhere. A bare
number is one where nothing else can stand. Before free text it is the incident that is open
under it; where it may as well be words (``3 人被困``) it is that or it is asked, and never
becomes words of the selected incident in silence. A number that two incidents bear is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from console.desk import grammar_words as words
from console.desk.grammar_context import Mistake
from console.desk.grammar_explain import incident_message
from console.desk.grammar_head import Misread, shown, unit_called
from console.desk.grammar_reading import Reading
from console.desk.grammar_words import Token, fold, next_token
from console.desk.verb import Kind, Param
from console.domain.incident import Incident, day_of
from console.domain.lifecycle import OPEN
from console.domain.message import Message, msg
from console.domain.numbers import Written, dated_number, led_by_number, number_at

_MEANT_AS_NUMBER = re.compile(r"#+[0-9]|#*[A-Za-z]+-[0-9]{8}-")
_DESKS = frozenset({"110", "12345"})
"""Bare numbers that name who takes a call, where that is what is said."""
_PAIRS = frozenset({"merge", "apart"})
"""Verbs that need two incidents: with one named, the selected one is the first."""
_SIGNS = " \t,:、，。;"
"""What may stand between a number and what follows it."""

_COUNTED = re.compile(
    r"人(?!员|质)|[名个岁层栋幢座米点辆只户次万千亿元月日周秒吨%]|天(?!然|桥|气)|分(?!流|局)|时|"
    r"家(?!属|人|里|中|长|庭|门)|位(?!置|于)|室|楼(?!上|下|道|梯)|号楼|号线|组(?!织)|件|条|"
    r"台(?!风)|头(?!部)|具(?!体)|处(?!置|理|警)|年|度|公里|公斤|小时|单元|伤|死|"
    r"(?:people|persons?|men|women|child|children|cars?|vehicles?|floors?|units?|hours?|"
    r"minutes?|days?|km|injured|dead|trapped|calls?|houses?|homes?|victims?)\b"
)
"""What is counted: a number before it is a count sooner than an incident."""


def read_incident(reading: Reading, param: Param) -> None:
    """The incident that is named, else the selected one."""
    token = reading.next()
    found: Incident | None = None
    end = reading.pos
    if token is not None and not token.quoted:
        if written := number_at(reading.text, token.start, reading.context.today):
            found = _named(reading, written, token)
            end = _behind(reading.text, written.end) if found is not None else end
        elif _MEANT_AS_NUMBER.match(token.text):
            raise reading.wrong(msg("grammar.bad_number", word=shown(token.text)), token.start)
        else:
            _not_glued(reading, token)
    if found is None:
        if param.free and reading.context.selected is None:
            return
        if param.required:
            raise reading.missing(param)
        found = _selected(reading, param)
    _use(reading, found, token.start if token else len(reading.line))
    reading.incident = found
    reading.set(end, incident_message(found, reading.context), incident=found.id)


def _behind(text: str, end: int) -> int:
    """The index after a sign that stands against a number."""
    return end + 1 if text[end : end + 1] in tuple(",:、，。;") else end


def _selected(reading: Reading, param: Param) -> Incident:
    selected = reading.context.selected
    if selected is None:
        raise reading.missing(param, msg("grammar.which_incident"))
    found = reading.context.by_id(selected)
    if found is None:
        raise reading.missing(param, msg("grammar.gone"))
    return found


def incident_of(reading: Reading, written: Written, at: int) -> Incident:
    """The incident behind a number.

    Raises:
        Misread: there is none, or several have it.
    """
    word = reading.text[at : written.end].lstrip("#")
    number = str(written.serial) if written.day is None else word
    home = reading.context.district
    if written.district and home and fold(written.district) != fold(home):
        message = msg("grammar.other_district", number=shown(word), district=home)
        raise reading.wrong(message, at)
    if written.day is not None:
        found = reading.context.incident(written.day, written.serial)
    else:
        bearers = _bearers(reading, written.serial)
        if len(bearers) > 1:
            raise reading.wrong(_asked(reading, written.serial, bearers), at)
        found = bearers[0] if bearers else None
    if found is None:
        raise reading.wrong(msg("grammar.no_incident", number=number), at)
    return found


def _bearers(reading: Reading, serial: int) -> Sequence[Incident]:
    """Whom a number without a day may mean: the open ones, and today's; else the newest."""
    context = reading.context
    found = list(context.bearing(serial))
    newest = context.incident(None, serial)
    if newest is not None and all(one.id != newest.id for one in found):
        if not found:
            return [newest]
        if day_of(newest.id) == context.today:
            return [newest, *found]
    return found


def _asked(reading: Reading, serial: int, bearers: Sequence[Incident]) -> Message:
    """Which of several is meant, and how each is named."""
    context = reading.context
    options = tuple(
        incident_message(one, context, dated_number(one.id, context.today))
        for one in bearers[:_MOST_BEARERS]
    )
    return msg("grammar.which_day", number=str(serial), options=options)


_MOST_BEARERS = 4


def _named(reading: Reading, written: Written, token: Token) -> Incident | None:
    """The incident that a number names here; None when it is no incident but something else."""
    if written.sure:
        return incident_of(reading, written, token.start)
    rest = reading.verb.params[reading.index + 1 :]
    following = rest[0] if rest else None
    if following is None or reading.verb.number_first:
        return incident_of(reading, written, token.start)
    if following.kind is Kind.TEXT:
        return _before_text(reading, written, token, following)
    if following.kind is Kind.UNITS:
        known = _bearers(reading, written.serial) if written.day is None else ()
        if not known and unit_called(reading.context, token.text) is not None:
            return None
    elif _end_of(reading, following, token.start) is not None:
        after = _end_of(reading, following, written.end)
        if after is None:
            return None
        more = reading.text[after:].strip(_SIGNS)
        if more:
            # ``级 3 2 误报``: incident 3 to level 2, or level 3 and words that begin with a 2.
            counted = _COUNTED.match(more)
            if not counted and _others(reading, written):
                raise _number_or_words(reading, token)
            return None
    return incident_of(reading, written, token.start)


def _before_text(
    reading: Reading, written: Written, token: Token, following: Param
) -> Incident | None:
    """A number where words may stand as well."""
    if following.name == "agreed" and token.text in _DESKS:
        return None
    text = reading.text
    more = text[written.end :].strip(_SIGNS)
    if written.day is not None:
        # With its day it is shown in the queue; else it is a house: ``12-3 有烟``.
        known = reading.context.incident(written.day, written.serial)
        if known is not None and known.state in OPEN:
            return known
        if known is None and more:
            return None
        raise _number_or_words(reading, token)
    if more and _COUNTED.match(more):
        if reading.verb.lifecycle and _others(reading, written):
            # To end the wrong incident is worse than to ask.
            raise _number_or_words(reading, token)
        return None
    bearers = _bearers(reading, written.serial)
    ends = reading.verb.lifecycle and any(reading.verb.blocked(one) is None for one in bearers)
    if not more or ends or reading.context.bearing(written.serial):
        if not bearers:
            message = msg("grammar.no_incident_or_words", number=shown(token.text))
            raise reading.wrong(message, token.start)
        return incident_of(reading, written, token.start)
    raise _number_or_words(reading, token)


def _others(reading: Reading, written: Written) -> bool:
    """Whether a number is that of an open incident that is not selected."""
    selected = reading.context.selected
    return any(one.id != selected for one in reading.context.bearing(written.serial))


def _number_or_words(reading: Reading, token: Token) -> Misread:
    number = token.text.rstrip(_SIGNS)
    return reading.wrong(msg("grammar.number_or_words", number=shown(number)), token.start)


def _not_glued(reading: Reading, token: Token) -> None:
    """Words that stand against an open incident's number (``14号有人受伤``) are asked about."""
    serial = led_by_number(reading.text, token.start)
    if serial is None or Kind.TEXT not in reading.kinds:
        return
    if any(one.id != reading.context.selected for one in reading.context.bearing(serial)):
        message = msg("grammar.number_or_words", number=str(serial))
        raise reading.wrong(message, token.start)


def _use(reading: Reading, incident: Incident, at: int) -> None:
    seat = reading.context.own_seat
    if reading.lawful and (reason := reading.verb.refused(incident, seat)):
        reading.parts.append(incident_message(incident, reading.context))
        raise reading.wrong(reason, at)


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
        written = number_at(reading.text, token.start, reading.context.today)
        if written is None:
            raise reading.wrong(msg("grammar.bad_number", word=shown(token.text)), token.start)
        incident = incident_of(reading, written, token.start)
        _use(reading, incident, token.start)
        reading.pos = _behind(reading.text, written.end)
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
