"""Waiting for one's turn to write: SQLite lets one in at a time, and knows no queue.

Its own waiting looks less and less often, while whoever has just come looks at once: with
eight seats at work one of them would stand for seconds at a door through which the
others go again and again. So whoever has waited a moment looks every millisecond.
"""

from __future__ import annotations

import sqlite3
import time

_FIRST_MS = 30
"""How long SQLite waits in its own way: long enough for two or three that are before us."""

_LOOK_SECONDS = 0.001
_PRIMARY = 0xFF
"""The part of an error's code that says what kind it is."""


def begin(conn: sqlite3.Connection, busy: float) -> None:
    """Begin a transaction that writes.

    Args:
        conn: a connection without an open transaction.
        busy: how many seconds to wait for others; left as the connection's own waiting.

    Raises:
        sqlite3.OperationalError: it is still not our turn, or there is another fault.
    """
    waits, until = int(busy * 1_000), time.monotonic() + busy
    conn.execute(f"PRAGMA busy_timeout={min(_FIRST_MS, waits)}")
    try:
        while True:
            try:
                conn.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy_now = error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY
                if not busy_now or time.monotonic() >= until:
                    raise
            conn.execute("PRAGMA busy_timeout=0")
            time.sleep(_LOOK_SECONDS)
    finally:
        conn.execute(f"PRAGMA busy_timeout={waits}")
