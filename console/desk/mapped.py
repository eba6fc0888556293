"""What the five-colour map shows: one field in one window, and the words it is asked for in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from console.desk.desk import Desk
from console.domain import panels
from console.domain.clock import from_datetime, to_datetime
from console.domain.filters import Span, span_words
from console.domain.message import Message, msg
from console.domain.panels import Window
from console.domain.risk_map import COMBINED, RiskMap, drawn, passed
from console.domain.risk_map_file import SPECIAL
from console.domain.rollup import number_of
from console.store.risk_map import Reader


@dataclass(frozen=True, slots=True)
class Mapped:
    """The map as it is at one moment."""

    map: RiskMap
    window: Window
    days: float
    """How much of the window has passed, in days; 0 of one that lies ahead."""
    usual_days: int
    """How many days before the window are known, of those that say what is usual."""
    recorded: bool = True
    """Whether there is any record at all."""

    @property
    def colourless(self) -> Message | None:
        """Why no town has a colour: days that have not come, or no records; None when they have."""
        if not self.days:
            return msg("map.ahead")
        return None if self.recorded else msg("map.no_records")


def mapped(desk: Desk, field: str, chosen: str | Window) -> Mapped:
    """Read the map.

    Args:
        desk: where.
        field: one of `console.domain.panels.FIELDS`.
        chosen: the name of a window that ends today, or any days.
    """
    rules = desk.rules.risk_map
    now = desk.clock.now()
    at = to_datetime(now, desk.store.zone)
    window = panels.window(chosen, at.date()) if isinstance(chosen, str) else chosen
    week = timedelta(days=7)
    zones = [town.code for town in desk.rules.gazetteer.towns.values() if town.kind == SPECIAL]
    with desk.store.read() as tx:
        reader = Reader(tx, rules.usual_days)
        seen = reader.seen(window.first, window.last, passed(window.first, window.last, at))
        if window.first <= at.date() <= window.last:
            # Of the week before only what had come by then: a morning is not held against a day.
            cut = from_datetime((at.replace(tzinfo=None) - week).replace(tzinfo=desk.store.zone))
            before = reader.seen(window.first - week, at.date() - week, seen.days, cut)
        else:
            earlier = window.first - week, window.last - week
            before = reader.seen(*earlier, passed(*earlier, at))
        made = drawn(
            rules,
            field,
            seen,
            before,
            reader.standing(now),
            reader.alarms(window.first, window.last),
            zones,
        )
    return Mapped(made, window, seen.days, seen.usual_days, reader.recorded)


def rows_line(verb: str, field: str, window: Window, town: str) -> str | None:
    """The line that shows the incidents of a tile in the queue; None when it cannot be said.

    Args:
        verb: name of the verb ``filter``.
        field: one of `console.domain.panels.FIELDS`.
        window: the days.
        town: code of the town; "" for those without one.
    """
    exact = [("town", town)]
    if field != COMBINED:
        exact.append(("field", field))
    words = span_words(Span(number_of(window.first), number_of(window.last), tuple(exact)))
    return None if words is None else f"{verb} {words}"
