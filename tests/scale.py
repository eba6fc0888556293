"""How much a run plays: fixed examples every day, many new ones with ``make deep``.

Every day the same examples are played, so that a change never fails by chance. ``make deep``
(``ZHIBAN_DEEP=1``) searches: new examples each time, and ten times as many.
"""

from __future__ import annotations

import os
from typing import TypeVar

from hypothesis import HealthCheck, settings

DEEP = bool(os.environ.get("ZHIBAN_DEEP"))
"""Whether this is a run that searches."""

Many = TypeVar("Many")

TIMES = 10
"""How many times as many examples a deep run plays."""


def often(daily: Many, deep: Many) -> Many:
    """How often to do something, or what with: every day, or in a deep run."""
    return deep if DEEP else daily


def examples(daily: int) -> int:
    """How many examples of a property are played, when every day it is `daily`."""
    return often(daily, TIMES * daily)


def load() -> None:
    """Tell hypothesis. A busy machine is no mistake: no example is timed, ever."""
    settings.register_profile(
        "daily",
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=40,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.register_profile(
        "deep",
        deadline=None,
        max_examples=examples(40),
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("deep" if DEEP else "daily")
