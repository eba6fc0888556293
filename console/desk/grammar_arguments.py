"""Reads everything else that a verb can be given: units, steps, amounts, words, text.

Free text runs to the end of the line and nothing in it is read as anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from console.desk import grammar_words as words
from console.desk.grammar_context import Context
from console.desk.grammar_head import shown, unit_at, unit_called
from console.desk.grammar_incidents import read_incident, read_incidents
from console.desk.grammar_reading import Reading
from console.desk.grammar_steps import Steps, resolve_outcomes, verb_outcomes
from console.desk.grammar_words import Token, fold, phrase
from console.desk.verb import Command, Kind, Param
from console.domain.asked import NUMBERS, number_message, numbers_of
from console.domain.filters import EXACT, RANGES
from console.domain.message import Message, msg
from console.domain.units import UnitStatus, dispatch_refused, status_called, status_refused

_LONGEST_GLUED = 8
"""So many characters of a category's name may stand against what follows."""

_STATUS_WORDS = 3
"""A status has at most so many words (out of service)."""


def read(reading: Reading) -> Command:
    """Read all parameters of the verb.

    Raises:
        Misread: a word is wrong, too much, or missing.
    """
    for index, param in enumerate(reading.verb.params):
        reading.index = index
        before = reading.pos
        _READERS[param.kind](reading, param)
        if reading.pos > before:
            reading.used = index
    reading.index = len(reading.verb.params)
    if token := reading.next():
        raise reading.wrong(msg("grammar.too_much", word=shown(token.text)), token.start)
    return reading.command


def read_units(reading: Reading, param: Param) -> None:
    """Units to send, by call sign; none at all means those that are recommended.

    One that cannot be sent now is a mistake.
    """
    found: list[str] = []
    while token := reading.next():
        try:
            unit, end = phrase(
                reading.text, token.start, lambda word: unit_called(reading.context, word)
            )
        except LookupError:
            raise reading.wrong(_no_unit(reading, token.text), token.start) from None
        if reading.lawful and reading.incident is not None:
            refused = dispatch_refused(
                unit.call_sign, UnitStatus(unit.status), unit.incident, reading.incident.id
            )
            if refused is not None:
                raise reading.wrong(refused, token.start)
        if unit.call_sign not in found:
            found.append(unit.call_sign)
            reading.parts.append(unit.call_sign)
        reading.pos = end
        reading.used = reading.index
    if not found and param.required:
        raise reading.missing(param)
    reading.command = replace(reading.command, units=tuple(found))


def read_unit(reading: Reading, param: Param) -> None:
    """One unit; before a status the longest call sign that leaves a status word behind it."""
    token = reading.next()
    if token is None:
        raise reading.missing(param)
    split = _split_status(reading) if Kind.STATUS in reading.kinds else None
    if split is None:
        at = unit_at(reading.text, token.start, reading.context)
        if at is None:
            raise reading.wrong(_no_unit(reading, token.text), token.start)
        split = at[0].call_sign, at[1]
    call_sign, end = split
    reading.set(end, call_sign, units=(call_sign,))


def _split_status(reading: Reading) -> tuple[str, int] | None:
    """Call sign and status, the status word read from the end; None when that fails."""
    found = words.tokens(reading.text, reading.pos)
    for count in range(min(_STATUS_WORDS, len(found) - 1), 0, -1):
        run = found[-count:]
        name = " ".join(token.text for token in found[:-count])
        if status_called(" ".join(token.text for token in run)) is None:
            continue
        if unit := unit_called(reading.context, name):
            return unit.call_sign, found[-count - 1].end
    return None


def read_status(reading: Reading, param: Param) -> None:
    """A unit's new status; one that the unit cannot take now is a mistake."""
    token = reading.next()
    if token is None:
        raise reading.missing(param)
    word = reading.text[token.start :].strip()
    status = status_called(word) if len(word) <= 2 * len("out of service") else None
    unit = reading.context.unit(reading.command.units[0])
    if status is None or unit is None:
        message = msg(
            "grammar.unknown_status",
            word=shown(word),
            options=tuple(one.label for one in UnitStatus),
        )
        raise reading.wrong(message, token.start)
    refused = status_refused(UnitStatus(unit.status), status) if reading.lawful else None
    if refused:
        raise reading.wrong(refused, token.start)
    reading.set(len(reading.text), status.label, status=status.value)


def _no_unit(reading: Reading, word: str) -> Message:
    names = words.near(word, [unit.call_sign for unit in reading.context.units()])
    if names:
        return msg("grammar.unknown_unit_near", word=shown(word), near=names)
    return msg("grammar.unknown_unit", word=shown(word))


def read_step(reading: Reading, param: Param) -> None:
    """An open step of the incident's playbook, by id, name, alias or beginning."""
    assert reading.incident is not None, "a step follows its incident"
    steps = Steps.of(reading.incident, reading.context)
    token = reading.next()
    if not steps.open:
        raise reading.wrong(
            msg("grammar.no_steps", number=reading.incident.short), reading.at(token)
        )
    if token is None:
        options = steps.options
        raise reading.missing(param, msg("grammar.which_step", options=options))
    chosen = reading.choose(steps.names)
    if chosen is None:
        raise reading.wrong(steps.refused(shown(token.text)), token.start)
    step, end = chosen
    if reason := steps.not_ticked(step):
        raise reading.wrong(reason, token.start)
    reading.outcomes = steps.outcomes(step)
    reading.set(end, steps.label(step), step=step)


def read_outcome(reading: Reading, param: Param) -> None:
    """How the step or the call ended; a step that can end in one way only needs no word."""
    outcomes = reading.outcomes
    if outcomes is None:
        assert reading.incident is not None, "an outcome follows its incident"
        outcomes = verb_outcomes(reading.verb.id, reading.incident, reading.context)
    token = reading.next()
    several = len(outcomes.options) > 1
    lang = reading.context.lang
    if token is None and several:
        options = outcomes.offered(reading.line, "", lang)
        message = msg("grammar.which_outcome", options=outcomes.options)
        raise reading.missing(param, message, options)
    chosen = reading.choose(outcomes.names, beginnings=several)
    if chosen is not None:
        outcome, end = chosen
        reading.set(end, outcomes.label(outcome), outcome=outcome)
    elif token is not None and several:
        message = msg("grammar.unknown_outcome", word=shown(token.text), options=outcomes.options)
        options = outcomes.offered(reading.line[: token.start], "", lang)
        raise reading.wrong(message, token.start, options)
    reading.asks = outcomes.asks(reading.command.outcome)


def read_result(reading: Reading, param: Param) -> None:
    """How the work on the spot ended, when the playbook knows several ways; else it is text.

    Nobody's word is success by default: without one the line is refused. What stands behind
    the incident and names none is kept, as words or amount behind the one that is chosen.
    """
    assert reading.incident is not None, "a result follows its incident"
    results = resolve_outcomes(reading.incident, reading.context)
    reading.outcomes = results
    if len(results.options) < 2:
        return
    chosen = reading.choose(results.names, beginnings=False)
    if chosen is None:
        token = reading.next()
        at = reading.at(token)
        options = results.offered(reading.line[:at], reading.line[at:], reading.context.lang)
        message = msg("grammar.which_result", options=results.options)
        if token is None:
            raise reading.missing(param, message, options)
        raise reading.wrong(message, at, options)
    outcome, end = chosen
    reading.set(end, results.label(outcome), outcome=outcome)
    reading.asks = results.asks(outcome)


def read_money(reading: Reading, param: Param) -> None:
    """An amount, where one is plainly meant; every number that the outcome asks for."""
    asked = numbers_of(reading.asks)
    for name in asked or ("",):
        try:
            number, end = phrase(
                reading.text, reading.pos, lambda word: words.money(word, expected=bool(asked)), 2
            )
        except LookupError:
            if not asked and not param.required:
                return
            what = msg("grammar.missing", param=Message(f"ask.{name}")) if name else None
            raise reading.missing(param, what) from None
        first = reading.command.money
        told = (*reading.command.numbers, (name, number)) if name else ()
        reading.set(
            end,
            number_message(number, (name,)),
            money=number if first is None else first,
            numbers=told,
        )


def read_system(reading: Reading, param: Param) -> None:
    """Where an incident is transferred to."""
    token = reading.next()
    names = reading.systems()
    labels = {one.id: one.label for one in reading.context.systems()}
    if token is None:
        options = tuple(labels.values())
        raise reading.missing(param, msg("grammar.which_system", options=options))
    chosen = reading.choose(names)
    if chosen is None:
        message = msg(
            "grammar.unknown_system", word=shown(token.text), options=tuple(labels.values())
        )
        raise reading.wrong(message, token.start)
    reading.set(chosen[1], labels[chosen[0]], system=chosen[0])


def read_seat(reading: Reading, param: Param) -> None:
    """Another seat, by its name or by the name of who sits there."""
    options = tuple(one.id for one in reading.context.seats())
    token = reading.next()
    if token is None:
        raise reading.missing(param, msg("grammar.which_seat", options=options))
    chosen = reading.choose(reading.seats())
    if chosen is None:
        message = msg("grammar.unknown_seat", word=shown(token.text), options=options)
        raise reading.wrong(message, token.start)
    reading.set(chosen[1], chosen[0], seat=chosen[0])


def read_priority(reading: Reading, param: Param) -> None:
    """A priority."""
    token = reading.needed(param)
    level = words.priority(token.text)
    if level is None:
        raise reading.wrong(msg("grammar.bad_priority", word=shown(token.text)), token.start)
    said = msg(f"priority.{level}")
    reading.set(token.end, said, priority=level)


def read_days(reading: Reading, param: Param) -> None:
    """A number of working days."""
    token = reading.needed(param)
    count = words.days(token.text)
    if count is None:
        raise reading.wrong(msg("grammar.bad_days", word=shown(token.text)), token.start)
    reading.set(token.end, msg("grammar.days", n=count), days=count)


def read_alarm(reading: Reading, param: Param) -> None:
    """The alarm level of a fire."""
    token = reading.needed(param)
    level = words.alarm(token.text)
    if level is None:
        raise reading.wrong(msg("grammar.bad_alarm", word=shown(token.text)), token.start)
    said = msg("grammar.alarm", level=level)
    reading.set(token.end, said, alarm=level)


def read_category(reading: Reading, param: Param) -> None:
    """A category, if the first words name one exactly."""
    token = reading.next()
    found = _category(reading, token) if token is not None else None
    if found is not None:
        code, end = found
        label = reading.context.categories.get(code).label
        reading.set(end, label, category=code)
    elif param.required:
        raise reading.missing(param)


def _category(reading: Reading, token: Token) -> tuple[str, int] | None:
    """The category that is named exactly; a word that several share is left to triage."""
    context = reading.context
    try:
        return phrase(
            reading.text, token.start, lambda word: category_called(reading.context, word)
        )
    except LookupError:
        pass
    if token.quoted or token.text[:2].isascii():
        return None
    for length in range(min(len(token.text) - 1, _LONGEST_GLUED), 1, -1):
        if code := category_called(context, token.text[:length]):
            return code, token.start + length
    return None


def category_called(context: Context, word: str) -> str | None:
    """The code of the category that `word` names exactly; None when several share the word."""
    found = context.categories.called(fold(word))
    return found[0].code if len(found) == 1 else None


def read_language(reading: Reading, param: Param) -> None:
    """A language of the screen; none means the other one."""
    _setting(reading, param, words.LANGUAGES, words.LANGUAGE_WORDS, "grammar.unknown_language")


def read_theme(reading: Reading, param: Param) -> None:
    """A theme of the screen; none means the next one."""
    _setting(reading, param, words.THEMES, words.THEME_WORDS, "grammar.unknown_theme")


def _setting(
    reading: Reading, param: Param, names: Mapping[str, str], options: Iterable[str], unknown: str
) -> None:
    token = reading.next()
    if token is None:
        if param.required:
            raise reading.missing(param)
        return
    chosen = reading.choose(names)
    if chosen is None:
        message = Message(unknown, {"word": shown(token.text), "options": tuple(options)})
        raise reading.wrong(message, token.start)
    reading.set(chosen[1], chosen[0], words=(chosen[0],))


def read_words(reading: Reading, param: Param) -> None:
    """Words to search or filter by; words in quotes stay together.

    What an exact condition (``cause=...``) compares with is taken as it was typed: a cause may
    have full-width signs in it.
    """
    found = words.tokens(reading.text, reading.pos)
    given = tuple(_exact(token, reading.line) for token in found if token.text.strip())
    if not given:
        if param.required:
            raise reading.missing(param)
        return
    reading.set(len(reading.text), " ".join(given), words=given)


def _exact(token: Token, line: str) -> str:
    name, equals, value = token.text.partition("=")
    if not equals or name not in EXACT or name in RANGES:
        return token.text
    begin = token.start + token.quoted + len(name) + 1
    return f"{name}={line[begin : begin + len(value)]}"


def read_text(reading: Reading, param: Param) -> None:
    """Free text, as typed, to the end of the line."""
    text = words.unquoted(reading.line[reading.pos :])
    asked = bool(set(reading.asks) - NUMBERS)
    if text:
        reading.pos = len(reading.text)
        reading.command = replace(reading.command, text=text)
    elif param.required or asked:
        raise reading.missing(param)


_READERS: dict[Kind, Callable[[Reading, Param], None]] = {
    Kind.INCIDENT: read_incident,
    Kind.INCIDENTS: read_incidents,
    Kind.UNIT: read_unit,
    Kind.UNITS: read_units,
    Kind.STATUS: read_status,
    Kind.OUTCOME: read_outcome,
    Kind.RESULT: read_result,
    Kind.STEP: read_step,
    Kind.SYSTEM: read_system,
    Kind.SEAT: read_seat,
    Kind.PRIORITY: read_priority,
    Kind.ALARM: read_alarm,
    Kind.CATEGORY: read_category,
    Kind.DAYS: read_days,
    Kind.MONEY: read_money,
    Kind.WORDS: read_words,
    Kind.LANGUAGE: read_language,
    Kind.THEME: read_theme,
    Kind.TEXT: read_text,
}
