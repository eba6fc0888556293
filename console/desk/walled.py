"""What the wall shows: the floor at one moment, without any person.

An incident on the wall is its number, kind, town, state and deadline. Its words, its place within
the town, and who called are not read at all: who passes the screen may be anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from console.desk.linked import standing
from console.domain.clock import Clock, Instant, to_datetime
from console.domain.filters import QueueFilter
from console.domain.lifecycle import State
from console.domain.message import msg
from console.domain.panels import WINDOWS, Standing, window
from console.domain.rollup import EVERY_FIELD
from console.domain.usual import Usual
from console.store import incidents, links, queue, units, usual
from console.store.engine import Store, StoreProblem, Tx, shown, sqlite_path
from console.store.links import LinkNow
from console.store.pace import clock_in
from console.store.panels import Reader
from console.store.queue_row import QueueRow
from console.store.tables import incident
from console.store.units import AssignmentNow

if TYPE_CHECKING:
    from pathlib import Path

URGENT = 12
"""Incidents that are read; as many are shown as there is room for."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """An incident as it may be seen by anybody."""

    id: int
    state: State
    priority: int
    category: str
    town: str
    received: Instant
    due: Instant | None
    seat: str = ""
    playbook: str = ""
    step: str = ""
    """The open step that is due first, of that playbook; "" for none."""
    units: tuple[tuple[str, str], ...] = ()
    """Call signs of who is out for it, each with its status."""


@dataclass(frozen=True, slots=True)
class Walled:
    """The wall at a moment.

    Args:
        now: the moment (ms UTC).
        today: the center's day.
        waiting: incidents that nobody has accepted.
        in_hand: open ones that somebody has.
        overdue: open ones whose deadline has passed.
        oldest: when the oldest open one was received.
        urgent: the first of the queue.
        usual: field -> how it stands to what is usual.
        week: field -> the last seven days with their counts, today last.
        standings: field -> its standing in today, seven days, month and year.
        towns: town -> count of the last seven days, the most first.
        links: every system that was ever used.
    """

    now: Instant
    today: date
    waiting: int
    in_hand: int
    overdue: int
    oldest: Instant | None
    urgent: tuple[Urgent, ...]
    usual: Mapping[str, Usual]
    week: Mapping[str, tuple[tuple[date, int], ...]]
    standings: Mapping[str, tuple[Standing, ...]]
    towns: tuple[tuple[str, int], ...]
    links: tuple[LinkNow, ...]


def walled(tx: Tx, now: Instant) -> Walled:
    """Read the wall."""
    today = to_datetime(now, tx.zone).date()
    states = queue.state_counts(tx)
    waiting = states.get(State.NEW.value, 0)
    is_open = (incident.c.district == tx.district) & (incident.c.is_open == sa.literal_column("1"))
    opened = tx.conn.execute(
        sa.select(sa.func.count(), sa.func.min(incident.c.received)).where(is_open)
    ).one()
    reader = Reader(tx, now)
    week = window("week", today)
    towns = reader.whole(week, EVERY_FIELD).by(EVERY_FIELD, "town")
    counted = {code: cell[0] for code, cell in towns.items() if cell[0]}
    return Walled(
        now=now,
        today=today,
        waiting=waiting,
        in_hand=max(0, int(opened[0]) - waiting),
        overdue=queue.overdue_count(tx, now),
        oldest=None if opened[1] is None else int(opened[1]),
        urgent=_urgent(tx, queue.page(tx, queue.Selection(QueueFilter(), now), URGENT)),
        usual=usual.standings(tx, now),
        week={
            field: tuple((day, counts.get(day, 0)) for day in _days(week.first, week.last))
            for field, counts in usual.days(tx, week.first, week.last).items()
        },
        standings=reader.standings([window(name, today) for name in WINDOWS]),
        towns=tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0]))),
        links=tuple(standing(one, now) for one in links.all_links(tx)),
    )


def _urgent(tx: Tx, rows: Sequence[QueueRow]) -> tuple[Urgent, ...]:
    """The first of the queue, with what is next and who is out."""
    ids = [row.id for row in rows]
    books = {one.id: one.playbook for one in incidents.many(tx, ids)}
    out: dict[int, list[tuple[str, str]]] = {}
    for one in units.assignments_of(tx, ids) if ids else ():
        if one.is_out:
            out.setdefault(one.incident, []).append((one.call_sign, _status(one)))
    return tuple(
        Urgent(
            row.id,
            row.state,
            row.priority,
            row.category,
            row.town,
            row.received,
            row.due,
            row.seat,
            books.get(row.id, ""),
            _next(tx, row.id),
            tuple(out.get(row.id, ())),
        )
        for row in rows
    )


def _next(tx: Tx, id_: int) -> str:
    """The open step that is due first."""
    waiting = [run for run in incidents.steps_of(tx, id_) if run.done is None]
    far = max((run.due or 0 for run in waiting), default=0) + 1
    return min(waiting, key=lambda run: (run.due or far, run.n)).step if waiting else ""


def _status(one: AssignmentNow) -> str:
    for status in ("clearing", "on_scene", "enroute"):
        if getattr(one, status) is not None:
            return status
    return "dispatched"


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class WallReader:
    """Reads the wall for weeks: a store that goes away is opened again when it is back.

    Args:
        opened: opens the store for reading; called again whenever it has gone.
        machine: the machine's clock; the store of a drill has a time of its own.
    """

    def __init__(self, opened: Callable[[], Store], machine: Clock) -> None:
        self._opened = opened
        self._machine = self._clock = machine
        self._store: Store | None = None
        self._file: tuple[int, int] | None = None

    def read(self) -> Walled:
        """The wall now.

        Raises:
            StoreProblem: the store cannot be read now.
        """
        store = self.open()
        try:
            with store.read() as tx:
                self._clock = clock_in(tx, self._machine)
                return walled(tx, self._clock.now())
        except StoreProblem:
            self.close()
            raise

    def now(self) -> Instant:
        """The time in the store, as of the last look."""
        return self._clock.now()

    def close(self) -> None:
        """Let go of the store."""
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def open(self) -> Store:
        """The store; opened, or opened anew when another file is in its place.

        SQLite goes on reading a file that was deleted under it, as if nothing had happened.

        Raises:
            StoreProblem: it cannot be opened.
        """
        if self._store is not None:
            path = sqlite_path(self._store.url)
            if path is not None and _identity(path) != self._file:
                url = self._store.url
                self.close()
                if not path.exists():
                    raise StoreProblem(msg("store.missing", store=shown(url)))
        if self._store is None:
            self._store = self._opened()
            path = sqlite_path(self._store.url)
            self._file = None if path is None else _identity(path)
        return self._store


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
