"""What the five-colour map counts: by town, from the rollups, and the fires' alarm levels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from console.domain.clock import Instant
from console.domain.risk_map import ByTown, Counts, Seen
from console.domain.rollup import EVERY_FIELD, Tallied, number_of, of_alarm_town
from console.store import rollups
from console.store.engine import Tx
from console.store.tables import incident

_c = incident.c

_NEVER: Instant = 2**62

FIRE = "fire"
"""The field whose incidents have alarm levels."""


class Reader:
    """Reads windows at one moment; a day that is not counted yet is counted once.

    Args:
        tx: a transaction.
        usual_days: how many days before a window say what is usual.
    """

    def __init__(self, tx: Tx, usual_days: int) -> None:
        self._tx = tx
        self._usual_days = usual_days
        self._fresh = rollups.Fresh()
        self._known = self._fresh.span_of(tx)
        self._read: dict[tuple[date, date], Tallied] = {}
        self.recorded = self._known is not None
        """Whether there is any record at all."""

    def seen(self, first: date, last: date, days: float, cut: Instant | None = None) -> Seen:
        """A window and what was usual before it.

        Args:
            first: its first day.
            last: its last day, included.
            days: how much of it has passed, in days.
            cut: a moment of its last day (ms UTC) from which on nothing counts; None for all of it.
        """
        usual: ByTown = {}
        known = 0
        end = first - timedelta(days=1)
        if self._known is not None and self._known[0] <= end:
            begin = max(self._known[0], first - timedelta(days=self._usual_days))
            known = (end - begin).days + 1
            usual = counts(self.tallied(begin, end))
        found = counts(self.tallied(first, last))
        if cut is not None:
            later = counts(rollups.count_day(self._tx, number_of(last), (cut, _NEVER)))
            found = {at: n.minus(later[at]) if at in later else n for at, n in found.items()}
        return Seen(found, days, usual, known)

    def tallied(self, first: date, last: date) -> Tallied:
        """Everything of a window that the map counts by, read once."""
        if (first, last) not in self._read:
            self._read[first, last] = rollups.window(
                self._tx,
                first,
                last,
                dims=("town", "alarm_town"),
                intervals=False,
                fresh=self._fresh,
            )
        return self._read[first, last]

    def alarms(self, first: date, last: date) -> Mapping[str, Mapping[int, int]]:
        """The fires that have an alarm level: town -> level -> how many."""
        return alarms(self.tallied(first, last))

    def standing(self, now: Instant) -> dict[tuple[str, str], tuple[int, int]]:
        """How many are open, and how many of these overdue: (field or ``all``, town) -> both."""
        rows = self._tx.conn.execute(
            sa.select(
                _c.field,
                _c.town,
                sa.func.count(),
                sa.func.sum(sa.case((_c.due < now, 1), else_=0)),
            )
            .where(_c.district == self._tx.district, _c.is_open == sa.literal_column("1"))
            .group_by(_c.field, _c.town)
        )
        made: dict[tuple[str, str], tuple[int, int]] = {}
        for field, town, n, late in rows:
            made[field, town] = (int(n), int(late))
            total, overdue = made.get((EVERY_FIELD, town), (0, 0))
            made[EVERY_FIELD, town] = (total + int(n), overdue + int(late))
        return made


def counts(found: Tallied) -> ByTown:
    """What every field, and ``all``, has in every town; "" where no town is known."""
    raised = {
        town: sum((level - 1) * n for level, n in levels.items())
        for town, levels in alarms(found).items()
    }
    made: dict[tuple[str, str], Counts] = {}
    for (field, dim, town), cell in found.cells.items():
        if dim != "town":
            continue
        n, _casualties, deaths, injured, lost, *_rest = cell
        alarm = raised.get(town, 0) if field == FIRE else 0
        made[field, town] = Counts(n, deaths, injured, lost, alarm)
    return made


def alarms(found: Tallied) -> dict[str, dict[int, int]]:
    """The fires that have an alarm level: town -> level -> how many."""
    made: dict[str, dict[int, int]] = {}
    for key, cell in found.by(FIRE, "alarm_town").items():
        level, town = of_alarm_town(key)
        made.setdefault(town, {})[level] = cell[0]
    return made
