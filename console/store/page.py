"""A page of reports as one piece of work: what can wait is written at its end, together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from console.store import journal, words
from console.store.bulk import write_rows
from console.store.engine import Tx


@contextmanager
def together(tx: Tx) -> Iterator[None]:
    """Gather what is written inside, and write it when the outermost page ends.

    When it fails, what was gathered is given up, and so must be the transaction
    (`Store.write` refuses to commit it).
    """
    later = tx.later
    later.settle = partial(write_down, tx)
    later.depth += 1
    try:
        yield
    finally:
        later.depth -= 1
    if not later.depth:
        later.sources.clear()
        write_down(tx)


def write_down(tx: Tx) -> None:
    """Write everything that was gathered in this transaction so far."""
    later, district = tx.later, tx.district
    # Taken out first: whatever is asked for while it is written finds nothing waiting.
    rows, later.rows = later.rows, {}
    found, later.words = later.words, []
    entries, later.entries = later.entries, []
    serials, later.serials = later.serials, {}
    tally, later.tally = later.tally, Counter()
    hourly, later.hourly = later.hourly, Counter()
    for (table, columns, conflict), some in rows.items():
        write_rows(tx, table, columns, some, conflict)
    words.add(tx.raw, district, found)
    write_rows(
        tx,
        "counter",
        ("district", "name", "value"),
        [(district, name, value) for name, value in sorted(serials.items())],
        "ON CONFLICT (district, name) DO UPDATE SET value = excluded.value",
    )
    write_rows(
        tx,
        "tally",
        ("district", "state", "field", "n"),
        [(district, *key, n) for key, n in sorted(tally.items())],
        "ON CONFLICT (district, state, field) DO UPDATE SET n = tally.n + excluded.n",
    )
    write_rows(
        tx,
        "hourly",
        ("district", "day", "hour", "field", "n"),
        [(district, *key, n) for key, n in sorted(hourly.items())],
        "ON CONFLICT (district, day, hour, field) DO UPDATE SET n = hourly.n + excluded.n",
    )
    if entries:
        journal.append_many(tx, entries)
