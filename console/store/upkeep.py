"""What a store is owed after its tables were changed: its figures, counted once for all.

A migration that changes what is counted marks every day. Until they are counted, whoever
looks at a figure counts all of them, which takes half a minute for a million incidents.
"""

from __future__ import annotations

from collections.abc import Callable

from console.domain.clock import day_at
from console.domain.message import Message, msg
from console.store import rollups
from console.store.engine import Store, districts, open_store
from console.store.pace import clock_of

MANY = 40
"""More days than this take a while: somebody who waits for them is told."""


def count_days(url: str, began: Callable[[Message], None] | None = None) -> int:
    """Count the days that are over and wait to be counted, of every district of a store.

    Args:
        url: a path or a URL, as `open_store` takes it.
        began: told how many days a district has, when they are so many that it takes a while.

    Returns:
        How many days were counted.

    Raises:
        StoreProblem: it cannot be opened or written to; what was counted is kept.
    """
    done = 0
    for district in districts(url):
        store = open_store(url, district=district, create=False)
        try:
            done += _count(store, began)
        finally:
            store.close()
    return done


def _count(store: Store, began: Callable[[Message], None] | None) -> int:
    today = day_at(clock_of(store).now(), store.zone)
    with store.read() as tx:
        waiting = sum(day < today for day in rollups.stale_days(tx))
    if began is not None and waiting > MANY:
        began(msg("upgrade.counting", n=waiting))
    return rollups.refresh(store, today)
