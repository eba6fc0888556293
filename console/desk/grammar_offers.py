"""What Tab offers for each kind of argument, in the language in which the officer types.

Every function takes what is typed so far, folded, and gives the candidates that begin with
it. A thing has words in Chinese, English, pinyin and more; it is offered by the first that
fits, those of the screen's language first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from console.desk.grammar_arguments import category_called
from console.desk.grammar_context import Context, UnitAt
from console.desk.grammar_explain import incident_message
from console.desk.grammar_reading import Reading
from console.desk.grammar_steps import Outcomes, Steps, verb_outcomes
from console.desk.grammar_words import (
    FORM_WORDS,
    LANGUAGE_WORDS,
    REPORT_WORDS,
    THEME_WORDS,
    fold,
)
from console.desk.verb import Kind
from console.desk.verbs import VERBS
from console.domain.filters import FILTER_WORDS
from console.domain.incident import SERIALS, Incident, day_of
from console.domain.message import Message, msg
from console.domain.numbers import dated_number
from console.domain.panels import FIELD_WORDS, WINDOW_WORDS
from console.domain.units import STATUS_WORDS, UnitStatus, dispatch_refused, status_refused

_MOST_INCIDENTS = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that could stand there, and what it means where the word does not say it."""

    text: str
    label: Message | None = None


def fitting(words: Sequence[str], typed: str, lang: str) -> str | None:
    """The word by which a thing is offered, or None when none of its words fits.

    Args:
        words: in Chinese, English, then others.
        typed: folded beginning; "" fits all.
    """
    ordered = words if lang == "zh" else (*words[1:2], *words[2:], *words[:1])
    return next((word for word in ordered if word and fold(word).startswith(typed)), None)


def beginnings(typed: str, context: Context) -> Iterator[Candidate]:
    """Verbs and units that a line may begin with."""
    yield from verbs(fold(typed), context)
    if typed:
        yield from units(typed, context)


def verbs(typed: str, context: Context) -> Iterator[Candidate]:
    """Verbs, each by one name; the one that is typed whole comes first."""
    found: list[Candidate] = []
    for verb in VERBS:
        names: tuple[str, ...] = verb.names.main
        if context.lang == "zh":
            # Latin letters under a Chinese screen are pinyin rather than English.
            names = (verb.names.zh, verb.names.pinyin, verb.names.en)
        if typed:
            names = (*names, *verb.names.further)
        text = next((name for name in names if fold(name) == typed), None)
        text = text or fitting(names, typed, "zh" if context.lang == "zh" else "en")
        if text is not None:
            found.append(Candidate(text, verb.label))
    yield from sorted(found, key=lambda candidate: fold(candidate.text) != typed)


def units(typed: str, context: Context) -> Iterator[Candidate]:
    """Units by call sign, with what they are doing; those that are free come first."""
    # A space at the end says that the call sign goes on.
    wanted = fold(typed) + (" " if typed[-1:].isspace() else "")
    found = [unit for unit in context.units() if fold(unit.call_sign).startswith(wanted)]
    found.sort(key=lambda unit: unit.status != UnitStatus.AVAILABLE)
    for unit in found:
        yield Candidate(unit.call_sign, UnitStatus(unit.status).label)


def further_units(typed: str, reading: Reading) -> Iterator[Candidate]:
    """Units that can be sent now and are not named yet."""
    named = reading.command.units
    for one in units(typed, reading.context):
        unit = reading.context.unit(one.text)
        if one.text in named or unit is None or _refused(unit, reading.incident):
            continue
        yield one


def _refused(unit: UnitAt, incident: Incident | None) -> bool:
    """Whether the unit cannot be sent to `incident` now."""
    if incident is None:
        return False
    status = UnitStatus(unit.status)
    return dispatch_refused(unit.call_sign, status, unit.incident, incident.id) is not None


def incidents(typed: str, reading: Reading) -> Iterator[Candidate]:
    """Open incidents of which the verb is possible now."""
    prefix = typed.lstrip("#")
    if prefix and not (prefix.isascii() and prefix.isdigit()):
        return
    several = Kind.INCIDENTS in reading.kinds
    taken = {reading.command.incident, *reading.command.others} if several else set()
    for incident in reading.context.open_numbers(prefix, _MOST_INCIDENTS):
        if incident.id in taken or reading.verb.blocked(incident) is not None:
            continue
        number = _number(incident, typed, reading)
        yield Candidate(number, incident_message(incident, reading.context))


def _number(incident: Incident, typed: str, reading: Reading) -> str:
    """The number by which `incident` is meant and nothing else."""
    context = reading.context
    others = any(one.id != incident.id for one in context.bearing(incident.id % SERIALS))
    if others or day_of(incident.id) != context.today:
        return f"#{dated_number(incident.id, context.today)}"
    kinds = [param.kind for param in reading.verb.params]
    bare = kinds[-1] in (Kind.INCIDENT, Kind.INCIDENTS, Kind.UNITS)
    return incident.short if bare and not typed.startswith("#") else f"#{incident.short}"


def statuses(typed: str, reading: Reading) -> Iterator[Candidate]:
    """Statuses that the unit can take now."""
    unit = reading.context.unit(reading.command.units[0]) if reading.command.units else None
    for status, names in STATUS_WORDS.items():
        if unit is not None and status_refused(UnitStatus(unit.status), status):
            continue
        if text := fitting(names, typed, reading.context.lang):
            yield Candidate(text.replace("_", " "), status.label)


def steps(typed: str, reading: Reading) -> Iterator[Candidate]:
    """Open steps that can be ticked off."""
    if reading.incident is None:
        return
    known = Steps.of(reading.incident, reading.context)
    for step in dict.fromkeys(choice.step for choice in known.choices):
        if known.not_ticked(step) is None:
            label = known.label(step)
            words = (label.zh, label.en, *_called(known.names, step))
            yield from _offered(words, typed, reading)


def outcomes(typed: str, reading: Reading) -> Iterator[Candidate]:
    """How the step, or the call, can end."""
    known: Outcomes | None = reading.outcomes
    if known is None and reading.incident is not None:
        known = verb_outcomes(reading.verb.id, reading.incident, reading.context)
    if known is not None:
        for outcome, label in known.labels.items():
            words = (label.zh, label.en, *_called(known.names, outcome))
            yield from _offered(words, typed, reading)


def systems(typed: str, reading: Reading) -> Iterator[Candidate]:
    """Departments and systems."""
    for system in reading.context.systems():
        yield from _offered((*system.words, system.id), typed, reading)


def seats(typed: str, reading: Reading) -> Iterator[Candidate]:
    """Seats at which an officer may work."""
    for seat in reading.context.seats():
        yield from _offered((*seat.words, seat.id), typed, reading)


def priorities(typed: str, reading: Reading) -> Iterator[Candidate]:
    """The four priorities."""
    for level in range(1, 5):
        if str(level).startswith(typed):
            yield Candidate(str(level), Message(f"priority.{level}"))


def alarms(typed: str, reading: Reading) -> Iterator[Candidate]:
    """The five alarm levels."""
    for level in range(1, 6):
        if str(level).startswith(typed):
            yield Candidate(str(level), msg("grammar.alarm", level=level))


def categories(typed: str, context: Context) -> Iterator[Candidate]:
    """Categories, by words that name one alone."""
    for one in context.categories:
        names = (one.label.zh, one.label.en, *one.aliases)
        text = fitting(names, typed, context.lang)
        if text and category_called(context, text) == one.code:
            yield Candidate(text)


def words_for(typed: str, reading: Reading) -> Iterator[Candidate]:
    """Words for a search, a filter, or the help."""
    context = reading.context
    if reading.verb.id == "help":
        yield from verbs(typed, context)
        return
    if reading.verb.id == "report":
        for names in (*REPORT_WORDS.values(), *FORM_WORDS.values()):
            yield from _offered(names, typed, reading)
        return
    if reading.verb.id not in ("find", "filter", "map", "figures"):
        return
    found: list[Candidate] = []
    if reading.verb.id in ("map", "figures"):
        for names in (*FIELD_WORDS.values(), *WINDOW_WORDS.values()):
            found += _offered(names, typed, reading)
    if reading.verb.id == "filter":
        for names in FILTER_WORDS:
            found += _offered(names, typed, reading)
        found += categories(typed, context)
        if typed:
            found += units(typed, context)
    for town in context.towns() if reading.verb.id != "figures" else ():
        if text := fitting(town.words, typed, context.lang):
            found.append(Candidate(text))
    # A name of two words would be two conditions.
    yield from (one for one in found if len(one.text.split()) == 1)


def languages(typed: str, reading: Reading) -> Iterator[Candidate]:
    """The languages of the screen."""
    for words in LANGUAGE_WORDS.values():
        yield from _offered(words, typed, reading)


def themes(typed: str, reading: Reading) -> Iterator[Candidate]:
    """The themes of the screen."""
    for words in THEME_WORDS.values():
        yield from _offered(words, typed, reading)


def _offered(words: Sequence[str], typed: str, reading: Reading) -> Iterator[Candidate]:
    if text := fitting(words, typed, reading.context.lang):
        yield Candidate(text)


def _called(names: Mapping[str, str], id_: str) -> Iterable[str]:
    return (name for name, value in names.items() if value == id_)
