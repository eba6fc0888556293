"""What the officer means with the words of ``filter`` and ``find``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from console.desk.desk import Desk
from console.domain.filters import FIELDS, MINE, OVERDUE, PRIORITIES, STATES, QueueFilter
from console.domain.incident import read_number
from console.domain.message import Problem, msg
from console.store import incidents, queue, units
from console.store.queue import QueueRow


def read_filter(words: Sequence[str], desk: Desk) -> QueueFilter:
    """The filter that the words mean; a word that means nothing else is searched for.

    Raises:
        Problem: two words contradict each other (two towns, two priorities).
    """
    chosen = QueueFilter()
    for word in words:
        low = word.strip().lower()
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


def find_incidents(desk: Desk, words: Sequence[str]) -> tuple[QueueRow, ...]:
    """Incidents, open or over, that have the number or hold every word; newest first."""
    with desk.store.read() as tx:
        number = read_number(words[0]) if len(words) == 1 else None
        if number is not None:
            id_ = incidents.find_number(tx, *number)
            if id_ is not None:
                return tuple(queue.rows_of(tx, [id_]))
        return tuple(queue.search(tx, words))
