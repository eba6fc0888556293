"""Which figures an officer wants to see, in his words: F3 and F4 read the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from console.desk.filtering import read_days
from console.domain import panels
from console.domain.addresses import Gazetteer
from console.domain.message import Problem, msg
from console.domain.panels import Window

_EARLIEST, _LATEST = 1900, 2200
"""Years. A window has days before it, and a next one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words of the verb ask for; None where they say nothing."""

    field: str | None = None
    window: str | Window | None = None
    town: str | None = None
    """Its code."""


def read_wanted(words: Sequence[str], towns: Gazetteer | None = None) -> Wanted:
    """What the words behind the verb mean: a field, a window or days, a town.

    Args:
        words: as typed; days are written ``2022-03-01..2022-03-21``.
        towns: knows the towns; None where none can be asked for.

    Raises:
        Problem: a word that means nothing here, or days that are none.
    """
    field: str | None = None
    window: str | Window | None = None
    town: str | None = None
    for word in words:
        low = word.casefold()
        named = next((one for one, known in panels.FIELD_WORDS.items() if low in known), None)
        span = next((one for one, known in panels.WINDOW_WORDS.items() if low in known), None)
        if named is not None:
            field = named
        elif span is not None:
            window = span
        elif (days := read_days(word)) is not None:
            window = chosen_days(*days)
        elif towns is None:
            raise Problem(msg("figures.no_word", word=word))
        elif (place := towns.town_called(word)) is not None:
            town = place.code
        else:
            raise Problem(msg("map.no_word", word=word))
    return Wanted(field, window, town)


def chosen_days(first: date, last: date) -> Window:
    """Days that somebody chose, both included.

    Raises:
        Problem: they are too far away to be compared with the days before them.
    """
    for day in (first, last):
        if not _EARLIEST <= day.year <= _LATEST:
            raise Problem(msg("figures.bad_day", day=day.isoformat()))
    return Window("days", first, last)


def earlier(window: Window, back: int, today: date) -> str | Window:
    """The window so many of its own lengths earlier (later, if negative); the same one where
    there is none, and the name of one that ends today where that is reached.
    """
    moved = panels.shifted(window, back)
    if not _EARLIEST <= moved.first.year <= moved.last.year <= _LATEST:
        return window
    return panels.named(moved, today) or moved
