"""What the officer means with the words of ``filter`` and ``find``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from console.desk.desk import Desk
from console.desk.grammar_head import SEARCH
from console.desk.verb import Command
from console.domain.filters import (
    EXACT,
    FIELDS,
    MINE,
    OVERDUE,
    PRIORITIES,
    RANGES,
    STATES,
    QueueFilter,
    Span,
)
from console.domain.incident import day_of, make_id
from console.domain.message import Problem, msg
from console.domain.numbers import Written, whole_number
from console.domain.phones import joined
from console.domain.rollup import number_of
from console.domain.writing import fold, narrow
from console.store import incidents, queue, rollups, units
from console.store.engine import Tx
from console.store.queue import QueueRow


def read_filter(words: Sequence[str], desk: Desk) -> QueueFilter:
    """The filter that the words mean; a word that means nothing else is searched for.

    Raises:
        Problem: two words contradict each other (two towns, two priorities).
    """
    days, exact, words = _span(words)
    if days is not None or exact:
        first, last = days or _until_today(desk)
        chosen = QueueFilter(span=Span(first, last, tuple(sorted(exact))))
    else:
        chosen = QueueFilter()
    for word in joined(words):
        low = fold(word)
        state = next((s for s, names in STATES.items() if low in names), None)
        level = next((p for p, names in PRIORITIES.items() if low in names), None)
        field = next((f for f, names in FIELDS.items() if low in names), None)
        if low in OVERDUE:
            chosen = replace(chosen, overdue=True)
        elif low in MINE:
            chosen = replace(chosen, seat=desk.seat)
        elif level is not None:
            chosen = _once(chosen, "priority", level, word)
        elif state is not None:
            chosen = replace(chosen, states=(*chosen.states, state))
        elif field is not None:
            chosen = _once(chosen, "field", field, word)
        else:
            chosen = _named(chosen, word, desk)
    return chosen


_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?")


def _span(words: Sequence[str]) -> tuple[tuple[int, int] | None, set[tuple[str, str]], list[str]]:
    """The days and the exact conditions among the words, and the other words.

    Raises:
        Problem: a day that is none, days the wrong way round, a number that is none or cannot
            be meant, or days said twice.
    """
    days: tuple[int, int] | None = None
    exact: set[tuple[str, str]] = set()
    rest: list[str] = []
    for word in words:
        name, given, value = word.partition("=")
        if (read := read_days(word)) is not None:
            if days is not None:
                raise Problem(msg("filter.twice", word=word))
            days = number_of(read[0]), number_of(read[1])
        elif given and name in EXACT:
            exact.add((name, _number(name, value, word) if name in RANGES else value))
        else:
            rest.append(word)
    return days, exact, rest


def _number(name: str, value: str, word: str) -> str:
    """A number of `RANGES`, as a bar has it: without zeros before it."""
    first, last = RANGES[name]
    if not (value.isascii() and value.isdigit() and len(value) < 5 and first <= int(value) <= last):
        raise Problem(msg("filter.no_number", word=word, first=first, last=last))
    return str(int(value))


def read_days(word: str) -> tuple[date, date] | None:
    """A day, or the first and the last of several (``2022-03-01..2022-03-21``); None for
    another word.

    Raises:
        Problem: a day that is none, or days the wrong way round.
    """
    found = _DAYS.fullmatch(word)
    if found is None:
        return None
    first, last = _day(found[1]), _day(found[2] or found[1])
    if first > last:
        raise Problem(msg("filter.backwards", word=word))
    return first, last


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Problem(msg("figures.bad_day", day=text)) from error


def _until_today(desk: Desk) -> tuple[int, int]:
    with desk.store.read() as tx:
        today = incidents.local_day(tx, desk.clock.now())
        known = rollups.span(tx)
    return today if known is None else number_of(known[0]), today


def _named(chosen: QueueFilter, word: str, desk: Desk) -> QueueFilter:
    """A town, a category, a unit; else a word to search for."""
    town = desk.rules.gazetteer.town_called(word)
    if town is not None:
        return _once(chosen, "town", town.code, word)
    named = [
        c
        for c in desk.rules.categories.find(word)
        if word.lower() in {n.lower() for n in (c.code, c.label.zh, c.label.en, *c.aliases)}
    ]
    if named:
        return _once(chosen, "category", named[0].code, word)
    with desk.store.read() as tx:
        unit = units.get(tx, word)
    if unit is not None:
        return _once(chosen, "unit", unit.call_sign, word)
    return replace(chosen, words=(*chosen.words, word))


def _once(chosen: QueueFilter, name: str, value: str | int, word: str) -> QueueFilter:
    if getattr(chosen, name):
        raise Problem(msg("filter.twice", word=word))
    return replace(chosen, **{name: value})  # type: ignore[arg-type]


NO_WORD = 10_000
"""A number below it is an incident's, and nothing else that somebody would look for."""

STROKE = "/"
"""In front of the words: they are looked for in texts, too, if they are but a short number."""


def sought(command: Command) -> tuple[str, ...]:
    """The words of a search, behind a stroke where it was begun with one."""
    stroke = narrow(command.line).lstrip().startswith(SEARCH)
    return (STROKE, *command.words) if stroke else command.words


def find_incidents(desk: Desk, words: Sequence[str]) -> tuple[QueueRow, ...]:
    """Incidents, open or over, that have the number or hold every word; newest first.

    The words of one telephone number are one word. A short number means the incident alone,
    for what merely has it in its address would be taken for it; unless `STROKE` is before it.
    """
    with desk.store.read() as tx:
        number, texts, said = _meant(tx, desk, words)
        ids = _bearing(tx, number) if number is not None else []
        if ids or not texts:
            return tuple(queue.rows_of(tx, ids))
        return tuple(queue.search(tx, said))


def found_among(desk: Desk, words: Sequence[str], ids: Sequence[int]) -> tuple[QueueRow, ...]:
    """Those of the incidents that `find_incidents` would find: they came in after it had looked."""
    with desk.store.read() as tx:
        number, texts, said = _meant(tx, desk, words)
        bearing: set[int] = set()
        if number is not None:
            days = (number.day,) if number.day is not None else {day_of(id_) for id_ in ids}
            bearing = {make_id(day, number.serial) for day in days}.intersection(ids)
        if bearing or not texts:
            return tuple(queue.rows_of(tx, sorted(bearing)))
        return tuple(queue.search_among(tx, ids, said))


def _meant(
    tx: Tx, desk: Desk, words: Sequence[str]
) -> tuple[Written | None, bool, tuple[str, ...]]:
    """The number that words are, whether they are looked for in texts, and what is looked for."""
    stroke = list(words[:1]) == [STROKE]
    said = tuple(words[1:] if stroke else words)
    number = whole_number(" ".join(said), incidents.local_day(tx, desk.clock.now()))
    texts = stroke or number is None or number.serial >= NO_WORD
    return number, texts, tuple(joined(said))


def _bearing(tx: Tx, number: Written) -> list[int]:
    """The incident of a number; without a day the newest that has it, and every open one."""
    newest = incidents.find_number(tx, number.day, number.serial)
    found = incidents.open_with(tx, number.serial) if number.day is None else []
    return list(dict.fromkeys([*found, *([newest] if newest is not None else [])]))
