"""Every character, every entry, every pair: what is done to the journal by hand is named.

`tests.store.test_journal` says what kinds of change there are; here each of them is made
everywhere it can be made.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
import sqlalchemy as sa

from console.domain.clock import MINUTE
from console.domain.entry import Entry, canonical, chained
from console.store import journal
from console.store.engine import Store, open_store
from console.store.tables import journal as table
from tests.store.floor import START
from tests.store.test_journal import ENTRIES, a_history

COLUMNS = tuple(column.name for column in table.columns)
OTHER: dict[str, object] = {"district": "ZZ", "seat": "九席", "verb": "close", "incident": 1}
"""What a column is changed to; a number is changed by one."""


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    a_history(store_url)
    store = open_store(store_url)
    yield store
    store.close()


def rows_of(store: Store) -> list[dict[str, object]]:
    with store.read() as tx:
        return [row._asdict() for row in tx.conn.execute(sa.select(table).order_by(table.c.seq))]


def named(store: Store, instead: list[dict[str, object]], good: list[dict[str, object]]) -> int:
    """The entry that `verify` names when some rows stand there instead of the good ones.

    A row of `instead` replaces the good one at its place in the list; None removes it.
    """
    with store.engine.connect() as conn, conn.begin():
        conn.execute(sa.delete(table))
        conn.execute(sa.insert(table), instead)
    seq = journal.verify(store).seq
    with store.engine.connect() as conn, conn.begin():
        conn.execute(sa.delete(table))
        conn.execute(sa.insert(table), good)
    assert seq is not None, "it was not found"
    return seq


def every_character(store: Store, stride: int) -> None:
    good = rows_of(store)
    for at in (0, 11, ENTRIES - 1):
        for column in ("body", "hash"):
            text = str(good[at][column])
            for place in range(at % stride, len(text), stride):
                other = "1" if text[place] == "0" else "0"
                changed = text[:place] + other + text[place + 1 :]
                rows = [*good[:at], {**good[at], column: changed}, *good[at + 1 :]]
                assert named(store, rows, good) == at + 1, (column, place)
    assert journal.verify(store).fault is None


def test_characters_of_an_entry(store: Store) -> None:
    every_character(store, 17)


@pytest.mark.deep
def test_every_character_of_an_entry(store: Store) -> None:
    every_character(store, 1)


def test_every_column_of_every_entry(store: Store) -> None:
    good = rows_of(store)
    for at, row in enumerate(good):
        for column in COLUMNS:
            old = row[column]
            new = OTHER.get(column, old + 1 if isinstance(old, int) else f"{old} ")
            assert new != old
            if column == "seq":
                new = ENTRIES + 100
            rows = [*good[:at], {**row, column: new}, *good[at + 1 :]]
            assert named(store, rows, good) == at + 1, column


def test_every_entry_removed(store: Store) -> None:
    good = rows_of(store)
    for at in range(ENTRIES):
        assert named(store, [*good[:at], *good[at + 1 :]], good) == at + 1


def test_pairs_swapped(store: Store) -> None:
    """In their places, and in their bodies and hashes alone."""
    good = rows_of(store)
    for one, other in list(combinations(range(ENTRIES), 2))[::9]:
        for columns in (("body", "hash"), ("body",), tuple(set(COLUMNS) - {"seq"})):
            rows = [dict(row) for row in good]
            for column in columns:
                rows[one][column], rows[other][column] = good[other][column], good[one][column]
            assert named(store, rows, good) == one + 1, (one, other, columns)


class TestAppendedByHand:
    """By somebody who knows how it is hashed."""

    def forged(self, good: list[dict[str, object]]) -> dict[str, object]:
        entry = Entry("note", START + MINUTE, "一席", incident=None, text="没有这回事")
        body = canonical(entry, ENTRIES + 1, "XS")
        return {
            **good[-1],
            "seq": ENTRIES + 1,
            "at": entry.at,
            "seat": entry.seat,
            "verb": entry.verb,
            "incident": None,
            "body": body,
            "hash": chained(str(good[-1]["hash"]), body),
        }

    def test_it_is_named(self, store: Store) -> None:
        good = rows_of(store)
        assert named(store, [*good, self.forged(good)], good) == ENTRIES + 1

    def test_the_old_entries_hold(self, store: Store) -> None:
        good = rows_of(store)
        with store.engine.connect() as conn, conn.begin():
            conn.execute(sa.insert(table), [self.forged(good)])
        verdict = journal.verify(store)
        assert verdict.fault is not None
        assert verdict.fault.args["seq"] == ENTRIES + 1

    def test_with_the_head_moved_along_only_a_noted_end_tells(self, store: Store) -> None:
        noted, good = journal.verify(store).head, rows_of(store)
        forged = self.forged(good)
        with store.engine.connect() as conn, conn.begin():
            conn.execute(sa.insert(table), [forged])
            conn.execute(
                sa.text("UPDATE journal_head SET seq = :seq, hash = :hash"),
                {"seq": forged["seq"], "hash": forged["hash"]},
            )
        verdict = journal.verify(store)
        assert verdict.fault is None
        assert verdict.head != noted


def test_every_byte_of_a_row_in_the_file(tmp_path: Path) -> None:
    """The row as it lies in the file: lengths, numbers, seat, verb, text and hash."""
    path = tmp_path / "store.sqlite"
    a_history(str(path))
    store = open_store(str(path))
    row = rows_of(store)[8]
    with store.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    good = path.read_bytes()
    text = str(row["body"]).encode()
    at = good.index(text)
    for place in range(at - 40, at + len(text) + 64):
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x04]) + good[place + 1 :])
        store = open_store(str(path), readonly=True)
        seq = journal.verify(store).seq
        store.close()
        assert seq == 9, f"byte {place - at} of the row: {seq}"
