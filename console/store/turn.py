"""Waiting for one's turn to write: SQLite lets one in at a time, and knows no queue.

Its own waiting looks less and less often, while whoever has just come looks at once: with
eight seats at work one of them would stand for seconds at a door through which the
others go again and again. So an officer looks every millisecond. Who has time (what keeps
house, see `console.store.courtesy`) looks seldom, and stays away for a while after each of its
own transactions: then an officer of any process who waits at the door is let in between two
of them.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

REST = 0.003
"""Seconds between two transactions of those who have time: officers look three times in it."""

_LOOK, _LOOK_SELDOM = 0.001, 0.010
_PRIMARY = 0xFF
"""The part of an error's code that says what kind it is."""


class Door:
    """The door to the writer inside a process: officers go first, the others wait behind them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: int | None = None
        self._officers = 0
        self._rest_until = 0.0

    @property
    def officers(self) -> int:
        """How many officers wait for their turn."""
        return self._officers

    @contextmanager
    def turn(self, patient: bool) -> Iterator[None]:
        """Be the one who writes.

        Args:
            patient: whether it has time.

        Raises:
            RuntimeError: this thread is inside already; it would wait for itself.
        """
        me = threading.get_ident()
        with self._changed:
            if self._inside == me:
                raise RuntimeError("a transaction that writes was begun within another one")
            if patient:
                self._wait_behind_officers()
            else:
                self._officers += 1
                try:
                    while self._inside is not None:
                        self._changed.wait()
                finally:
                    self._officers -= 1
            self._inside = me
        try:
            yield
        finally:
            with self._changed:
                self._inside = None
                if patient:
                    self._rest_until = time.monotonic() + REST
                self._changed.notify_all()

    def _wait_behind_officers(self) -> None:
        while True:
            rest = self._rest_until - time.monotonic()
            if self._inside is not None or self._officers:
                self._changed.wait()
            elif rest > 0:
                self._changed.wait(rest)
            else:
                return


def begin(conn: sqlite3.Connection, busy: float, patient: bool = False) -> None:
    """Begin a transaction that writes.

    Args:
        conn: a connection without an open transaction.
        busy: how many seconds to wait for other processes; left as the connection's own waiting.
        patient: whether it has time.

    Raises:
        sqlite3.OperationalError: it is still not our turn, or there is another fault.
    """
    until, pause = time.monotonic() + busy, _LOOK_SELDOM if patient else _LOOK
    conn.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                conn.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy_now = error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY
                if not busy_now or time.monotonic() >= until:
                    raise
            time.sleep(pause)
    finally:
        conn.execute(f"PRAGMA busy_timeout={int(busy * 1_000)}")
