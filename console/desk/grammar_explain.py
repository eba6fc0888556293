"""Says in a sentence what a command would do, before it is done.

Every verb has one entry ``explain.<verb>`` in the catalogue; it uses of the arguments
what it needs. A verb that can be given less has further entries (``explain.dispatch.none``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from console.desk.filter_said import Word, said
from console.desk.grammar_context import Context, Mistake
from console.desk.grammar_steps import Outcomes, Steps, resolve_outcomes, verb_outcomes
from console.desk.grammar_words import LANGUAGE_WORDS, THEME_WORDS
from console.desk.verb import Command
from console.domain.asked import number_message, numbers_message
from console.domain.figures import FIELDS
from console.domain.incident import SERIALS, Incident, day_of, full_number
from console.domain.message import Arg, Label, Message, msg
from console.domain.units import UnitStatus

_LONGEST_TEXT = 200


def explain(read: Command | Mistake, context: Context) -> Message:
    """What Enter will do; or, of a mistake, what was understood and what is wrong.

    Args:
        read: what `parse` answered.
        context: the same that it was parsed with.
    """
    if isinstance(read, Mistake):
        if read.understood is None:
            return read.message
        return msg("explain.mistake", understood=read.understood, message=read.message)
    incident = context.by_id(read.incident) if read.incident is not None else None
    args: dict[str, Arg] = {"verb": read.verb.label}
    if incident is not None:
        args["incident"] = incident_message(incident, context)
        args["from_priority"] = Message(f"priority.{incident.priority}")
        args["from_alarm"] = _alarm(incident.alarm_level)
        others = tuple(_other(id_, context) for id_ in read.others)
        args["others"], args["all"] = others, (args["incident"], *others)
    args["units"] = read.units
    args["status"] = UnitStatus(read.status).label if read.status else ""
    args["step"] = _step(read, incident, context)
    args["outcome"] = _outcome(read, incident, context)
    args["system"] = _system(read.system, context)
    args["priority"] = Message(f"priority.{read.priority}") if read.priority else ""
    args["alarm"] = _alarm(read.alarm)
    args["category"] = context.categories.get(read.category).label if read.category else ""
    args["words"] = _words(read, context)
    args["text"] = _clipped(read.text)
    more: list[Arg] = []
    if read.verb.id == "dispatch" and not read.units and incident is not None:
        args["units"] = _recommended(incident, context)
    more += _standing(read, context)
    if read.numbers:
        more += numbers_message(read.numbers)
    elif read.money is not None:
        more.append(number_message(read.money, ()))
    if read.text and read.verb.id not in _TELLS_TEXT:
        more.append(msg("explain.text", text=_clipped(read.text)))
    less = _less(read, args)
    what = Message(less, args) if less else Message(f"explain.{read.verb.id}", args)
    return msg("explain.with", what=what, more=tuple(more)) if more else what


def explain_all(read: Sequence[Command | Mistake], context: Context) -> Message:
    """What Enter will do with a joined line; of the first mistake in it, what is wrong.

    Args:
        read: what `parse_all` answered.
    """
    wrong = next((one for one in read if isinstance(one, Mistake)), None)
    if wrong is not None:
        return explain(wrong, context)
    said = [explain(one, context) for one in read]
    told = said[-1]
    for one in reversed(said[:-1]):
        told = msg("explain.then", first=one, then=told)
    return told


def incident_message(incident: Incident, context: Context, number: str = "") -> Message:
    """An incident as it is told in a line: number, category, and where it is.

    Args:
        incident: the incident.
        context: what else there is.
        number: how it is called, when not by the number that means it alone.
    """
    if not number:
        number = incident.short
        newest = context.incident(None, incident.id % SERIALS)
        if newest is None or newest.id != incident.id:
            number = full_number(context.district, incident.id)
    category = context.categories.get(incident.category).label
    town = next((one.label for one in context.towns() if one.id == incident.town), None)
    place: Arg = town or incident.place or incident.town
    if not place:
        return msg("explain.incident.nowhere", number=number, category=category)
    return msg("explain.incident", number=number, category=category, place=place)


_SETTINGS = {"language": LANGUAGE_WORDS, "theme": THEME_WORDS}
_TELLS_TEXT = frozenset({"note", "new"})
"""Verbs whose own entry says the text."""


def _less(read: Command, args: dict[str, Arg]) -> str:
    """The catalogue's entry for a verb that was given less than it could; "" when it was not."""
    match read.verb.id:
        case "dispatch" if not read.units:
            return "explain.dispatch.recommended" if args["units"] else "explain.dispatch.none"
        case "done" if not read.outcome:
            return "explain.done.single"
        case "resolve" if args["outcome"]:
            return "explain.resolve.as"
        case "new" if not read.category:
            return "explain.new.text" if read.text else "explain.new.empty"
        case "new" if not read.text:
            return "explain.new.category"
        case "filter" if not read.words:
            return "explain.filter.none"
        case "figures" if not read.words:
            return "explain.figures.none"
        case "loops" if not read.words:
            return "explain.loops.none"
        case "map" if not read.words:
            return "explain.map.none"
        case "help" if not read.words:
            return "explain.help.none"
        case "language" if not read.words:
            return "explain.language.none"
        case "theme" if not read.words:
            return "explain.theme.none"
        case _:
            return ""


def _recommended(incident: Incident, context: Context) -> tuple[Arg, ...]:
    said: list[Arg] = []
    for one in context.recommend(incident.id):
        if not one.call_sign:
            said.append(one.reason)
        elif one.distance_km is None:
            said.append(one.call_sign)
        else:
            km = round(one.distance_km, 1)
            said.append(msg("explain.unit.away", unit=one.call_sign, km=km))
    return tuple(said)


def _standing(read: Command, context: Context) -> list[Arg]:
    """What must be known of the units that are named: where they are now."""
    said: list[Arg] = []
    for call_sign in read.units:
        unit = context.unit(call_sign)
        if unit is None:
            continue
        if read.verb.id != "dispatch":
            if unit.incident is not None:
                said.append(msg("explain.unit.on", number=str(unit.incident % SERIALS)))
        elif unit.status == UnitStatus.OUT_OF_SERVICE:
            said.append(msg("explain.unit.out", unit=call_sign))
        elif unit.incident is not None and unit.incident == read.incident:
            said.append(msg("explain.unit.already", unit=call_sign))
        elif unit.incident is not None:
            number = str(unit.incident % SERIALS)
            said.append(msg("explain.unit.now_at", unit=call_sign, number=number))
    return said


def _other(id_: int, context: Context) -> Arg:
    incident = context.by_id(id_)
    if incident is not None:
        return incident_message(incident, context)
    return full_number(context.district, id_) if day_of(id_) else str(id_)


def _step(read: Command, incident: Incident | None, context: Context) -> Arg:
    if not read.step or incident is None:
        return ""
    labels = {c.step: c.label for c in context.choices(incident.id)}
    return labels.get(read.step, Label(read.step, read.step))


def _outcome(read: Command, incident: Incident | None, context: Context) -> Arg:
    if incident is None:
        return ""
    outcomes = _outcomes(read, incident, context)
    outcome = read.outcome
    return outcomes.labels.get(outcome, Label(outcome, outcome)) if outcome else ""


def _outcomes(read: Command, incident: Incident, context: Context) -> Outcomes:
    if read.step:
        return Steps.of(incident, context).outcomes(read.step)
    if read.verb.id == "resolve":
        return resolve_outcomes(incident, context)
    return verb_outcomes(read.verb.id, incident, context)


def _words(read: Command, context: Context) -> Arg:
    """Words as given; a language or a theme by its name."""
    known = _SETTINGS.get(read.verb.id, {})
    if read.words and read.words[0] in known:
        zh, en, *_ = known[read.words[0]]
        return Label(zh, en)
    if read.verb.id == "filter" and read.words:
        return _joined(said(read.words, partial(_called, context), context.today // 10_000))
    return read.words


def _joined(parts: Sequence[Word]) -> Arg:
    """The parts beside each other."""
    told: Arg = parts[-1]
    for part in reversed(parts[:-1]):
        told = msg("filter.words", first=part, then=told)
    return told


def _called(context: Context, dim: str, key: str) -> Word:
    """What a value that a bar counts by is called, as far as a line knows names."""
    if dim == "town":
        return next((one.label for one in context.towns() if one.id == key), key)
    if dim == "category":
        return context.categories.get(key).label
    if dim == "field" and key in (*FIELDS, "other"):
        return Message(f"figures.field.{key}")
    if dim == "weekday" and key in "1234567":
        return msg("figures.weekday_said", day=Message(f"figures.weekday.{key}"))
    if dim == "hour":
        return msg("figures.hour", hour=key)
    return Message(f"alarm.level_{key}") if dim == "alarm" and key in "12345" else key


def _system(id_: str, context: Context) -> Arg:
    return next((one.label for one in context.systems() if one.id == id_), id_)


def _alarm(level: int) -> Arg:
    return msg("grammar.alarm", level=level) if level else msg("explain.no_alarm")


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}.."
