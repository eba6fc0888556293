"""The circuit breaker of a link: after several faults in a row it is left alone a while."""

from __future__ import annotations

from dataclasses import dataclass, replace

FAULTS_IN_A_ROW = 5
FIRST_REST, LAST_REST = 5.0, 60.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed, open (resting until `until`) or half open (one request may try).

    Times are seconds of a clock that only goes forward.
    """

    faults: int = 0
    until: float = 0.0

    def rests(self, now: float) -> float:
        """How many seconds it is still to be left alone; 0 when it may be asked."""
        return max(0.0, self.until - now)

    def failed(self, now: float, wait: float | None = None) -> Breaker:
        """After a fault; `wait` is what the other side asked for, in seconds."""
        faults = self.faults + 1
        rest = 0.0
        if faults >= FAULTS_IN_A_ROW:
            rest = min(LAST_REST, FIRST_REST * 2 ** min(faults - FAULTS_IN_A_ROW, 8))
        return replace(self, faults=faults, until=now + max(rest, min(wait or 0.0, LAST_REST)))

    def worked(self) -> Breaker:
        """After an answer."""
        return Breaker()
