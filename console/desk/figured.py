"""What the figures page shows: one field in one window, and how all fields stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from console.desk.desk import Desk
from console.domain import panels
from console.domain.filters import Span
from console.domain.panels import Panel, Standing, Window
from console.domain.rollup import date_of, number_of
from console.domain.spots import hot_spots
from console.domain.usual import Usual
from console.store import incidents, past, usual
from console.store import panels as store


@dataclass(frozen=True, slots=True)
class Figured:
    """The page as it is at one moment."""

    panel: Panel
    standings: Mapping[str, tuple[Standing, ...]]
    """Field -> its standing in each of `console.domain.panels.WINDOWS`."""
    usual: Usual
    """How the field stands to what is normal for this hour."""
    today: date


MOST_DAYS = 366
"""Days in which hot spots are looked for at most: they are counted from the incidents."""


def spot_days(chosen: Window) -> Window:
    """The days of a window in which hot spots are looked for: its last `MOST_DAYS`."""
    if chosen.days <= MOST_DAYS:
        return chosen
    return Window("days", chosen.last - timedelta(days=MOST_DAYS - 1), chosen.last)


def spots(desk: Desk, field: str, chosen: Window) -> tuple[tuple[str, int], ...]:
    """The hot spots of a field in `spot_days`."""
    days = spot_days(chosen)
    span = Span(number_of(days.first), number_of(days.last), (("field", field),))
    towns = {town.name for town in desk.rules.gazetteer.towns.values()}
    with desk.store.read() as tx:
        return hot_spots(past.places(tx, span), towns)


def figured(desk: Desk, field: str, chosen: str | Window) -> Figured:
    """Read the page.

    Args:
        desk: where.
        field: one of `console.domain.panels.FIELDS`.
        chosen: the name of a window that ends today, or any days.
    """
    with desk.store.read() as tx:
        now = desk.clock.now()
        today = date_of(incidents.local_day(tx, now))
        window = panels.window(chosen, today) if isinstance(chosen, str) else chosen
        return Figured(
            *store.panel(tx, now, field, window, desk.rules.standards),
            usual.standings(tx, now, (field,))[field],
            today,
        )
