"""The journal's chain: whatever is changed in it, by whatever means, is found and named."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from console.domain.entry import START as BEGINNING
from console.domain.entry import canonical, chained, read_entry
from console.store import checking, journal
from console.store.engine import Store, open_store, sqlite_path
from console.store.tables import journal as table
from console.store.tables import journal_head
from tests.in_process import zhiban
from tests.store.floor import a_fire, desk_at, ok

ENTRIES = 24


def a_history(url: str) -> None:
    """A store with a journal of `ENTRIES` entries."""
    desk = desk_at(url)
    desk.receive([a_fire(n * 10, text=f"三楼冒烟 {n}") for n in range(1, 7)])
    for line in ("接 1", "派 1 E301 P12", "E301 到场", "记 #1 三楼有人", "电 2 占线", "并 1 3 4"):
        desk.clock.advance(1_000)  # type: ignore[attr-defined]
        ok(desk, line)
    while (left := ENTRIES - _count(desk.store)) > 0:
        ok(desk, f"记 #5 第 {left} 句")
    desk.store.close()


def _count(store: Store) -> int:
    with store.read() as tx:
        return journal.head(tx)[0]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    a_history(store_url)
    store = open_store(store_url)
    yield store
    store.close()


def change(store: Store, statement: str, **values: object) -> None:
    """What somebody does who can write to the database."""
    with store.engine.connect() as conn, conn.begin():
        conn.execute(sa.text(statement), values)


def named(store: Store) -> int | None:
    """The entry that does not hold; None when all do."""
    verdict = journal.verify(store)
    assert (verdict.fault is None) == (verdict.seq is None)
    return verdict.seq


def test_it_holds(store: Store) -> None:
    verdict = journal.verify(store)
    assert (verdict.entries, verdict.fault) == (ENTRIES, None)
    with store.read() as tx:
        assert journal.head(tx) == (ENTRIES, verdict.head)


def test_it_is_what_it_says_it_is(store: Store) -> None:
    """Computed again from the texts alone, as somebody else would who has the rows."""
    last = BEGINNING
    with store.read() as tx:
        for seq, entry in enumerate(journal.walk(tx), 1):
            body = canonical(entry, seq, store.district)
            assert read_entry(body) == entry
            last = chained(last, body)
    assert last == journal.verify(store).head


def test_the_chain_is_the_same_on_every_database(store: Store, tmp_path: Path) -> None:
    other = str(tmp_path / "other.sqlite")
    a_history(other)
    beside = open_store(other)
    assert journal.verify(beside).head == journal.verify(store).head
    beside.close()


class TestOneColumnOfOneEntry:
    ASSIGNMENTS = (
        "body = replace(body, 'verb', 'werb')",
        "body = body || ' '",
        "body = ''",
        "body = 'null'",
        "hash = replace(hash, substr(hash, 5, 1), CASE substr(hash, 5, 1) "
        "WHEN '0' THEN '1' ELSE '0' END)",
        "hash = ''",
        "seat = seat || '.'",
        "verb = 'cancel'",
        "at = at + 1",
        "month = month + 1",
        "incident = COALESCE(incident, 0) + 1",
        "incident = NULL",
        "district = 'YY'",
        "seq = seq + 1000",
    )

    def test_is_named(self, store: Store) -> None:
        with store.read() as tx:
            good = [row._asdict() for row in tx.conn.execute(sa.select(table).order_by("seq"))]
        for assignment in self.ASSIGNMENTS:
            for seq in (1, 7, ENTRIES):
                change(store, f"UPDATE journal SET {assignment} WHERE seq = :seq", seq=seq)
                assert named(store) == seq, assignment
                assert checking.check(store)
                # By hand again: the store itself would not write into such a journal.
                with store.engine.begin() as conn:
                    conn.execute(sa.delete(table))
                    conn.execute(sa.insert(table), good)
        assert named(store) is None

    def test_body_and_hash_changed_together(self, store: Store) -> None:
        """Whoever knows how it is hashed has to hash all that follows as well."""
        with store.read() as tx:
            bodies = list(tx.conn.execute(sa.select(table.c.body).order_by(table.c.seq)).scalars())
            before = tx.conn.execute(sa.select(table.c.hash).where(table.c.seq == 3)).scalar_one()
        forged = bodies[3].replace("冒烟", "无事")
        assert forged != bodies[3]
        change(
            store,
            "UPDATE journal SET body = :body, hash = :hash WHERE seq = 4",
            body=forged,
            hash=chained(before, forged),
        )
        assert named(store) == 5

    def test_all_that_follows_hashed_again(self, store: Store) -> None:
        """Then the chain holds, and its end is not the one that was noted elsewhere."""
        noted = journal.verify(store).head
        last, rows = BEGINNING, list[tuple[int, str]]()
        with store.read() as tx:
            for row in tx.conn.execute(sa.select(table.c.seq, table.c.body).order_by(table.c.seq)):
                rows.append((row.seq, row.body.replace("三楼有人", "没有人")))
        for seq, body in rows:
            last = chained(last, body)
            change(
                store,
                "UPDATE journal SET body = :body, hash = :hash WHERE seq = :seq",
                body=body,
                hash=last,
                seq=seq,
            )
        assert named(store) == ENTRIES  # the head still has the old end
        change(store, "UPDATE journal_head SET hash = :hash", hash=last)
        verdict = journal.verify(store)
        assert verdict.fault is None
        assert verdict.head != noted


class TestWholeEntries:
    @pytest.mark.parametrize("seq", [1, 9, ENTRIES])
    def test_deleted(self, store: Store, seq: int) -> None:
        change(store, "DELETE FROM journal WHERE seq = :seq", seq=seq)
        assert named(store) == seq

    def test_the_end_cut_off(self, store: Store) -> None:
        change(store, "DELETE FROM journal WHERE seq > 20")
        assert named(store) == 21

    def test_the_beginning_cut_off(self, store: Store) -> None:
        change(store, "DELETE FROM journal WHERE seq < 5")
        assert named(store) == 1

    def test_everything_gone(self, store: Store) -> None:
        change(store, "DELETE FROM journal")
        assert named(store) == 1

    def test_swapped(self, store: Store) -> None:
        change(store, "UPDATE journal SET seq = -1 WHERE seq = 8")
        change(store, "UPDATE journal SET seq = 8 WHERE seq = 9")
        change(store, "UPDATE journal SET seq = 9 WHERE seq = -1")
        assert named(store) == 8

    def test_one_more(self, store: Store) -> None:
        change(
            store,
            "INSERT INTO journal (district, month, seq, at, seat, verb, body, hash) "
            "SELECT district, month, seq + 1, at, seat, verb, body, hash FROM journal "
            "WHERE seq = :seq",
            seq=ENTRIES,
        )
        assert named(store) == ENTRIES + 1

    def test_one_twice(self, store: Store) -> None:
        change(
            store,
            "INSERT INTO journal (district, month, seq, at, seat, verb, body, hash) "
            "SELECT district, month + 1, seq, at, seat, verb, body, hash FROM journal "
            "WHERE seq = 5",
        )
        assert named(store) is not None


class TestTheHead:
    def test_changed(self, store: Store) -> None:
        change(store, "UPDATE journal_head SET hash = 'f' || substr(hash, 2, 63)")
        with store.read() as tx:
            if journal.head(tx)[1] == journal.verify(store).head:
                pytest.skip("it began with an f")
        assert named(store) == ENTRIES

    @pytest.mark.parametrize("by", [-1, 1])
    def test_counts_wrongly(self, store: Store, by: int) -> None:
        change(store, "UPDATE journal_head SET seq = seq + :by", by=by)
        assert named(store) in (ENTRIES, ENTRIES + 1)

    def test_gone(self, store: Store) -> None:
        change(store, "DELETE FROM journal_head")
        assert named(store) == 1

    def test_of_an_empty_journal(self, store_url: str) -> None:
        store = open_store(store_url)
        assert named(store) is None
        with store.write() as tx:
            tx.conn.execute(sa.update(journal_head).values(hash="x"))
        assert named(store) == 0
        store.close()


class TestBytesOfTheFile:
    """What no database sees: the file itself, one byte of it changed."""

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "store.sqlite"
        a_history(str(path))
        store = open_store(str(path))
        with store.engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        return path

    def bodies(self, file: Path) -> list[str]:
        store = open_store(str(file), readonly=True)
        with store.read() as tx:
            found = list(tx.conn.execute(sa.select(table.c.body).order_by(table.c.seq)).scalars())
        store.close()
        return found

    def test_a_byte_of_any_entry_is_found_and_the_entry_named(self, file: Path) -> None:
        bodies, good = self.bodies(file), file.read_bytes()
        dice = random.Random(5)
        for _ in range(60):
            seq = dice.randint(1, ENTRIES)
            text = bodies[seq - 1].encode()
            at = good.index(text) + dice.randrange(len(text))
            _flip(file, good, at, 1 << dice.randrange(8))
            assert _named_by_file(file) == seq

    def test_a_byte_of_any_copied_column(self, file: Path) -> None:
        """The columns stand before the body in the row: seat, verb, moment, incident."""
        bodies, good = self.bodies(file), file.read_bytes()
        dice = random.Random(6)
        for _ in range(40):
            seq = dice.randint(1, ENTRIES)
            at = good.index(bodies[seq - 1].encode()) - dice.randint(1, 30)
            _flip(file, good, at, 1 << dice.randrange(8))
            assert _named_by_file(file) is not None

    def test_the_command_names_it(self, file: Path) -> None:
        bodies, good = self.bodies(file), file.read_bytes()
        at = good.index("第 3 句".encode())
        seq = 1 + next(n for n, body in enumerate(bodies) if "第 3 句" in body)
        _flip(file, good, at + len("第 ".encode()), 0x01)
        for lang, word in (("zh", f"第 {seq} 条"), ("en", f"{seq}")):
            answer = _verify(file, lang)
            assert answer.returncode == 1
            assert word in answer.stderr
            assert "Traceback" not in answer.stderr
        file.write_bytes(good)
        assert _verify(file, "zh").returncode == 0

    def test_the_command_knows_an_end_that_was_noted(self, file: Path) -> None:
        assert _verify(file, "zh", "--expect", "0" * 64).returncode == 1


def _flip(file: Path, good: bytes, at: int, bit: int) -> None:
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    changed = bytearray(good)
    changed[at] ^= bit
    file.write_bytes(bytes(changed))


def _named_by_file(file: Path) -> int | None:
    store = open_store(str(file), readonly=True)
    try:
        return named(store)
    finally:
        store.close()


def _verify(file: Path, lang: str, *more: str) -> subprocess.CompletedProcess[str]:
    return zhiban(file.parent, "store", "verify", "--store", str(file), "--lang", lang, *more)


def test_a_backup_holds_too(store: Store, tmp_path: Path) -> None:
    if sqlite_path(store.url) is None:
        pytest.skip("a server has its own tools")
    copy = tmp_path / "backup.sqlite"
    checking.backup(store, copy)
    beside = open_store(str(copy))
    assert journal.verify(beside) == journal.verify(store)
    beside.close()
