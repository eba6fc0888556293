"""Work beside the drawing thread: reads that replace each other, writes that queue up.

A job runs in a thread and its answer comes back to the screen as a message, so that
one thread draws. Of the reads of one name only the latest counts: when the store is
slow, they pile up to one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Lock
from typing import Any

from textual.message import Message
from textual.message_pump import MessagePump

from console.domain.message import Problem
from console.store import courtesy


def _nothing() -> None:
    """Nothing more is to be done when a job fails: it is said."""


_Work = tuple[Callable[[], Any], Callable[[Any], None], Callable[[], None]]
"""What is to be run, who gets the answer, and what is done when there is none."""


class Answer(Message):
    """A job is finished: `then` is to be called with what it gave, or `problem` says why not
    and `failed` is to be called. `leisure` is what no officer has asked for.
    """

    def __init__(
        self,
        then: Callable[[Any], None],
        failed: Callable[[], None],
        value: object,
        problem: Problem | None,
        *,
        leisure: bool = False,
    ) -> None:
        super().__init__()
        self.leisure = leisure
        self.then = then
        self.failed = failed
        self.value = value
        self.problem = problem


class Jobs:
    """Runs work in threads for one screen.

    Args:
        screen: gets the answers, as `Answer` messages.
    """

    def __init__(self, screen: MessagePump) -> None:
        self._screen = screen
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._waiting: dict[str, _Work] = {}
        self._at_leisure: set[str] = set()
        self._running: set[str] = set()
        self._writing = 0
        self.asked = 0
        """How many reads and writes were ever asked for."""
        self._resting: list[Callable[[], None]] = []
        self._lock = Lock()
        self._closed = False

    def read(
        self,
        name: str,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[], None] = _nothing,
        *,
        leisure: bool = False,
    ) -> None:
        """Run `work`; a later one of the same name takes the place of one that waits.

        Args:
            name: what is read.
            work: reads it, in a thread.
            then: gets what was read, in the screen's thread.
            failed: called when it could not be read; what is wrong is said.
            leisure: whether no officer waits for it: housekeeping goes on beside it.
        """
        with self._lock:
            if leisure:
                self._at_leisure.add(name)
            self.asked += 1
            self._waiting[name] = (work, then, failed)
            if name in self._running or self._closed:
                return
            self._running.add(name)
        self._readers.submit(self._drain, name)

    def write(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[], None] = _nothing,
        *,
        leisure: bool = False,
    ) -> None:
        """Run `work` after every write that was asked for before it; arguments as for `read`."""
        if self._closed:
            return
        with self._lock:
            self.asked += 1
            self._writing += 1
        self._writer.submit(self._write, work, then, failed, leisure)

    def busy(self) -> bool:
        """Whether any read or write is still under way."""
        with self._lock:
            return bool(self._running or self._waiting or self._writing)

    def when_idle(self, then: Callable[[], None]) -> None:
        """Call `then` once, from any thread, as soon as nothing is under way."""
        with self._lock:
            if self._running or self._waiting or self._writing:
                self._resting.append(then)
                return
        then()

    def _rest(self) -> None:
        """Something has ended: tell who waits for the last of it."""
        with self._lock:
            if self._running or self._waiting or self._writing:
                return
            told, self._resting = self._resting, []
        for then in told:
            then()

    def close(self) -> None:
        """Let running work finish; nothing new is begun."""
        self._closed = True
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True, cancel_futures=True)

    def _write(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[], None],
        leisure: bool,
    ) -> None:
        try:
            self._run(work, then, failed, leisure=leisure)
        finally:
            with self._lock:
                self._writing -= 1
            self._rest()

    def _drain(self, name: str) -> None:
        while True:
            with self._lock:
                found = self._waiting.pop(name, None)
                if found is None:
                    self._running.discard(name)
            if found is None:
                self._rest()
                return
            self._run(*found, leisure=name in self._at_leisure)

    def _run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[], None],
        *,
        leisure: bool = False,
    ) -> None:
        value, problem = None, None
        try:
            with nullcontext() if leisure else courtesy.HERE.asked():
                value = work()
        except Problem as error:
            problem = error
        except Exception as error:
            # A fault of the program: the screen shows it whole, nothing is swallowed.
            from console.domain.message import msg

            problem = Problem(msg("screen.fault", reason=f"{type(error).__name__}: {error}"))
            problem.__cause__ = error
        if not self._closed:
            self._screen.post_message(Answer(then, failed, value, problem, leisure=leisure))
