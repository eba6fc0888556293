"""A page of reports as one piece of work: what can wait is written at its end, together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from console.store import journal, words
from console.store.bulk import write_rows
from console.store.engine import Tx


@contextmanager
def together(tx: Tx) -> Iterator[None]:
    """Gather what is written inside, and write it when the outermost page ends.

    Inside, only intake may run: what it reads again is written at once or remembered.
    When it fails, what was gathered is given up, and so must be the transaction
    (`Store.write` refuses to commit it).
    """
    later = tx.later
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
    later = tx.later
    for (table, columns, conflict), rows in later.rows.items():
        write_rows(tx, table, columns, rows, conflict)
    later.rows.clear()
    words.add(tx.conn, tx.district, later.words)
    later.words.clear()
    district = tx.district
    write_rows(
        tx,
        "counter",
        ("district", "name", "value"),
        [(district, name, value) for name, value in sorted(later.serials.items())],
        "ON CONFLICT (district, name) DO UPDATE SET value = excluded.value",
    )
    later.serials.clear()
    write_rows(
        tx,
        "tally",
        ("district", "state", "field", "n"),
        [(district, *key, n) for key, n in sorted(later.tally.items())],
        "ON CONFLICT (district, state, field) DO UPDATE SET n = tally.n + excluded.n",
    )
    later.tally.clear()
    write_rows(
        tx,
        "hourly",
        ("district", "day", "hour", "field", "n"),
        [(district, *key, n) for key, n in sorted(later.hourly.items())],
        "ON CONFLICT (district, day, hour, field) DO UPDATE SET n = hourly.n + excluded.n",
    )
    later.hourly.clear()
    journal.settle(tx)
