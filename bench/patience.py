"""How long to wait on this machine for what ought to come at once.

A wait is given up only when something is wrong, never because the machine is busy: every
time limit of tests and measures is a number of seconds on a machine at rest, and is multiplied by
what this one shows when it is first asked.
"""

from __future__ import annotations

import time
from functools import cache

LEAST = 4.0
"""Every limit is stretched that far, for work that comes later than the measuring."""

MOST = 40.0

_UNIT = 20_000
_AT_REST_S = 0.001
"""What counting up to `_UNIT` takes where this was written, with nothing else going on."""

_LOOK_S = 0.25


@cache
def slowness() -> float:
    """By how much a limit is stretched: from `LEAST` to `MOST`; measured once a process."""
    begun = time.perf_counter()
    rounds = 0
    while time.perf_counter() - begun < _LOOK_S:
        for _ in range(_UNIT):
            pass
        rounds += 1
    each = (time.perf_counter() - begun) / rounds
    return min(MOST, LEAST * max(1.0, each / _AT_REST_S))


def patience(seconds: float) -> float:
    """A limit of so many seconds on a machine at rest, in seconds on this one."""
    return seconds * slowness()
