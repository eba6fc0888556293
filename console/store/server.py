"""A connection to a server that may stop answering.

A server whose processes are held keeps its connections open and says nothing; no setting of
TCP and none of the server's own notices that. So the one who waits looks at his own clock. psycopg
waits in one place for everything, and there the time is bounded.

Imported where a server is connected to: psycopg is an extra.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from console.domain.message import Message, msg

_T = TypeVar("_T")

PING = 3.0
"""Seconds that a connection may take to say that it is still there, before it is used again."""

CONNECT = 5
"""Seconds that a server may take to accept a new one."""


class Connection(psycopg.Connection[Any]):
    """A connection that is given up when it says nothing for too long."""

    answer: float | None = None
    """Seconds that an answer may take; None waits for ever."""

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """Wait for an answer.

        Raises:
            OperationalError: there was none in time; the connection is closed.
        """
        try:
            return super().wait(gen, interval, timeout if timeout is not None else self._limit)
        except psycopg.errors._WaitTimeout as error:
            # Whatever it says now would be taken for the answer to something else.
            self.pgconn.finish()
            raise psycopg.OperationalError("no answer from the server") from error

    @property
    def _limit(self) -> float | None:
        # Only the pool's question whether anybody is there is asked outside a transaction.
        return min(PING, self.answer) if self.answer and self.autocommit else self.answer


def connect(answer: float | None, *args: Any, **options: Any) -> Connection:
    """Connect.

    Args:
        answer: seconds that an answer may take.
        args: and `options`, what the dialect hands on.

    Raises:
        psycopg.Error: it cannot be reached.
    """
    found = Connection.connect(*args, **options)
    found.answer = answer
    return found


def unfit(connection: psycopg.Connection[Any], store: str) -> Message | None:
    """Why a database cannot hold a store: not every character has a place in it."""
    encoding = connection.info.parameter_status("server_encoding")
    return None if encoding == "UTF8" else msg("store.encoding", store=store, found=encoding or "?")


def options(busy: float, answer: float | None) -> dict[str, object]:
    """A session's own settings, so that a server's administrator need not know of us.

    Args:
        busy: seconds to wait for a lock.
        answer: seconds that an answer may take: nobody waits longer for a lock, and a client that
            is held in the middle of a transaction holds up the others for no longer.
    """
    lock = busy if answer is None else min(busy, 0.8 * answer)
    said = f"-c lock_timeout={int(lock * 1_000)}"
    if answer is not None:
        said += f" -c idle_in_transaction_session_timeout={int(answer * 1_000)}"
    waits = max(2, int(busy) if answer is None else min(CONNECT, int(answer)))
    return {"options": said, "connect_timeout": waits, "client_encoding": "utf8"}
