"""A glance at a store in a file: the first rows of the queue, before SQLModel is there.

SQLModel and its tables take longer to import than a first frame. The officer need not
wait for them to see what is waiting: the driver in the standard library reads the first
page at once, by the same index as `console.store.queue.page`; a test holds the two
against each other. It only looks. What is wrong with a store is told by `open_store`,
which comes right after it, and whatever the officer does waits for that.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from console.domain.clock import Instant, read_pace
from console.domain.lifecycle import OPEN, State
from console.store.queue_row import BEGINNING, NO_DUE, QueueRow

FILE = "sqlite:///"
"""How the URL of a store in a file begins."""

_ROW = ", ".join(
    f"substr(text, 1, {BEGINNING})" if name == "text" else name
    for name in QueueRow.__dataclass_fields__
)
_STRETCH = (
    "SELECT {row} FROM incident WHERE district = ? AND is_open = 1 AND priority = ?"
    " AND due {side} ? ORDER BY due, received, id LIMIT ?"
)
_LATE = _STRETCH.format(row=_ROW, side="<")
_IN_TIME = _STRETCH.format(row=_ROW, side=">=")
_TOTAL = (
    "SELECT coalesce(sum(n), 0) FROM tally WHERE district = ?"
    f" AND state IN ({', '.join(repr(str(state)) for state in sorted(OPEN))})"
)
_SETTING = "SELECT value FROM setting WHERE district = ? AND name = ?"


@dataclass(frozen=True, slots=True)
class Glance:
    """The head of the queue at a moment: its first rows, how many there are, whose zone."""

    district: str
    zone: ZoneInfo
    now: Instant
    rows: tuple[QueueRow, ...]
    total: int


def glance(store: str, district: str, now: Instant, limit: int) -> Glance | None:
    """Look at the head of the queue.

    Args:
        store: as the settings name it.
        district: whose queue.
        now: the machine's time; what is overdue depends on it.
        limit: how many rows at most.

    Returns:
        None when there is nothing to be seen this way: a server, a file that is not there
        or is not a store, a district that it does not hold, or one that is locked.
    """
    if "://" in store and not store.startswith(FILE):
        return None
    path = Path(store.removeprefix(FILE)).expanduser().absolute()
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        where = f"{path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, timeout=0, isolation_level=None)) as file:
            file.execute("BEGIN")  # rows and total of one moment
            zone = file.execute(_SETTING, (district, "zone")).fetchone()
            if zone is None:
                return None
            clock = file.execute(_SETTING, (district, "clock")).fetchone()
            if clock is not None and (pace := read_pace(clock[0])) is not None:
                now = pace.now(now)
            rows = _first(file, district, now, limit)
            total = int(file.execute(_TOTAL, (district,)).fetchone()[0])
        return Glance(district, ZoneInfo(zone[0]), now, rows, max(total, len(rows)))
    except (sqlite3.Error, OSError, ValueError, KeyError):
        return None  # `open_store` meets the same and says it


def _first(
    file: sqlite3.Connection, district: str, now: Instant, limit: int
) -> tuple[QueueRow, ...]:
    rows: list[QueueRow] = []
    for statement in (_LATE, _IN_TIME):
        for priority in (1, 2, 3, 4):
            left = limit - len(rows)
            if left <= 0:
                break
            rows += map(_row, file.execute(statement, (district, priority, now, left)))
    return tuple(rows)


def _row(values: tuple[Any, ...]) -> QueueRow:
    found = dict(zip(QueueRow.__dataclass_fields__, values, strict=True))
    found["state"] = State(found["state"])
    if found["due"] == NO_DUE:
        found["due"] = None
    return QueueRow(**found)
