"""Who hurries and who has time: what keeps house gives way to the officer's hand.

A process that serves an officer also keeps house: it counts days, catches up with deadlines,
takes reports in. A thread that reckons takes the interpreter from the thread that draws, and
a transaction keeps every other one waiting. So whoever has time works in small pieces and
asks here before each of them; while a key is fresh or something that an officer asked for is
under way, the next piece waits. Not for ever: what has to be done is done in the end.

Only the standard library: the keyboard tells of its keys before the store is there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FRESH = 0.05
"""Seconds after a key in which nobody with time begins anything: an answer takes less."""

PATIENCE = 0.5
"""Seconds that a piece waits at most: someone who types without a break stops nothing."""

ROUND = 0.02
"""Seconds of work after which who has time lets others in, where a piece has no other size."""


class Courtesy:
    """What the officers of a process wait for.

    Args:
        now: seconds of a clock that only goes forward.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._changed = threading.Condition()
        self._under_way = 0
        self._fresh_until = 0.0

    @property
    def wanted(self) -> bool:
        """Whether an officer waits for something at this moment."""
        return self._under_way > 0 or self._now() < self._fresh_until

    def key(self) -> None:
        """An officer has pressed a key."""
        self._fresh_until = self._now() + FRESH

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Something that an officer asked for is under way."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def give_way(self) -> float:
        """Before a piece of work that has time: wait while an officer waits.

        Returns:
            The seconds that were waited.
        """
        began = self._now()
        with self._changed:
            while self.wanted and (left := began + PATIENCE - self._now()) > 0:
                self._changed.wait(min(left, FRESH / 5))
        return self._now() - began


HERE = Courtesy()
"""That of this process."""
