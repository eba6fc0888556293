"""Whether the store is there, looked at beside everything else.

A thread of its own, so that it is known what is wrong while everybody else still waits for an
answer. What it finds is read at any time, from any thread.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Protocol

from console.domain.clock import Clock, Instant
from console.domain.message import Message, msg
from console.store.problem import StoreProblem

EVERY = 0.5
"""Seconds between two looks."""

SILENT = 2.0
"""Seconds after which a server that has not answered is called silent."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Since when the store cannot be used, and why."""

    since: Instant
    why: Message


class Looked(Protocol):
    """What is asked of a store."""

    @property
    def remote(self) -> bool:
        """Whether it is a server, which may say nothing."""

    @property
    def shown(self) -> str:
        """Where it is."""

    def look(self) -> None:
        """Raise a `StoreProblem` when it cannot be used."""


class Standing:
    """Looks at a store again and again.

    Args:
        store: what is looked at (`console.store.engine.Store`).
        clock: the time since when something is wrong.
    """

    def __init__(self, store: Looked, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._ended, self._wanted = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._trouble: Trouble | None = None
        self._asked: tuple[float, Instant] | None = None
        """When the look that is under way began."""
        self._times = 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look until `stop`, in a thread."""
        self._thread = threading.Thread(target=self._run, name="standing", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a look at a server that says nothing is not waited for."""
        self._ended.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def look_soon(self) -> None:
        """Something went wrong, or is tried again: look at once."""
        self._wanted.set()

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong now."""
        asked = self._asked
        if self._trouble is None and asked is not None and self._store.remote:
            began, since = asked
            if time.monotonic() - began > SILENT:
                self._found(Trouble(since, msg("store.silent", store=self._store.shown)))
        return self._trouble

    @property
    def times(self) -> int:
        """How often it went away: what was sent before that and has not begun is not done."""
        return self._times + (0 if self.trouble is None else 1)

    def _run(self) -> None:
        while not self._ended.is_set():
            self.look()
            self._wanted.wait(EVERY)
            self._wanted.clear()

    def look(self) -> None:
        """Look once."""
        since = self._clock.now()
        self._asked = time.monotonic(), since
        try:
            self._store.look()
        except StoreProblem as problem:
            self._found(Trouble(since, problem.message))
        else:
            self._back()
        finally:
            self._asked = None

    def _found(self, trouble: Trouble) -> None:
        with self._lock:
            before = self._trouble
            since = before.since if before is not None else trouble.since
            self._trouble = Trouble(since, trouble.why)

    def _back(self) -> None:
        with self._lock:
            if self._trouble is not None:
                self._trouble = None
                self._times += 1
