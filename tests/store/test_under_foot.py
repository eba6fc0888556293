"""A store's file is exchanged, removed or cut off while it is open: nothing more is confirmed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from console.desk.desk import Desk
from console.store import checking, journal
from console.store.engine import Store, StoreProblem, open_store, upgrade_store
from tests import postgres
from tests.in_process import zhiban
from tests.store.floor import a_fire, desk_at, ok


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A seat at a store in a file, with an incident, and a backup from before it."""
    desk = desk_at(str(tmp_path / "s.sqlite"))
    checking.backup(desk.store, tmp_path / "backup.sqlite")
    desk.receive([a_fire(1)])
    yield desk
    desk.store.close()


def why_not(store: Store) -> str:
    """Why nothing is written any more; empty when it is."""
    try:
        with store.write() as tx:
            journal.head(tx)
    except StoreProblem as problem:
        return problem.message.id
    return ""


def _of(name: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        (folder / name).unlink()

    return act


def _moved_over(folder: Path) -> None:
    (folder / "backup.sqlite").replace(folder / "s.sqlite")


def _copied_over(folder: Path) -> None:
    shutil.copyfile(folder / "backup.sqlite", folder / "s.sqlite")


def _cut_off(name: str, size: int) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        os.truncate(folder / name, size)

    return act


def _exchanged_log(folder: Path) -> None:
    log = folder / "s.sqlite-wal"
    kept = log.read_bytes()
    log.unlink()
    log.write_bytes(kept)


def _folder_moved(folder: Path) -> None:
    other = folder / "other"
    other.mkdir()
    for name in ("s.sqlite", "s.sqlite-wal", "s.sqlite-shm"):
        (folder / name).rename(other / name)


KINDS = {
    "moved over": (_moved_over, "store.replaced"),
    "copied over": (_copied_over, "store.overwritten"),
    "removed": (_of("s.sqlite"), "store.removed"),
    "elsewhere": (_folder_moved, "store.removed"),
    "emptied": (_cut_off("s.sqlite", 0), "store.overwritten"),
    "cut off": (_cut_off("s.sqlite", 4_096), "store.overwritten"),
    "log removed": (_of("s.sqlite-wal"), "store.log_lost"),
    "log emptied": (_cut_off("s.sqlite-wal", 0), "store.log_lost"),
    "log cut off": (_cut_off("s.sqlite-wal", 5_000), "store.log_lost"),
    "log exchanged": (_exchanged_log, "store.log_lost"),
    "index removed": (_of("s.sqlite-shm"), "store.log_lost"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_noticed_before_the_next_verb(desk: Desk, tmp_path: Path, kind: str) -> None:
    act, why = KINDS[kind]
    if kind == "cut off":
        with desk.store.engine.connect() as conn:  # else there is no more of it than that
            conn.exec_driver_sql("PRAGMA wal_checkpoint")
    assert why_not(desk.store) == ""
    act(tmp_path)
    assert why_not(desk.store) == why
    with pytest.raises(StoreProblem) as seen:
        desk.store.look()
    assert seen.value.message.id == why


def test_it_is_noticed_in_the_middle_of_a_verb(desk: Desk, tmp_path: Path) -> None:

    def note() -> None:
        with desk.writing() as work:
            work.log(work.entry("note", None))
            _moved_over(tmp_path)

    with pytest.raises(StoreProblem) as refused:
        note()
    assert refused.value.message.id == "store.replaced"


def test_it_is_noticed_behind_the_commit(desk: Desk, tmp_path: Path) -> None:
    """Between the commit and its answer: what went into a file without a name is not confirmed."""
    sa.event.listen(desk.store.engine, "commit", lambda _conn: _moved_over(tmp_path), once=True)
    with pytest.raises(StoreProblem) as refused, desk.writing() as work:
        work.log(work.entry("note", None))
    assert refused.value.message.id == "store.replaced"


def test_a_file_that_comes_back_is_gone_on_with(desk: Desk, tmp_path: Path) -> None:
    names = ("s.sqlite", "s.sqlite-wal")
    for name in names:
        (tmp_path / name).rename(tmp_path / f"{name}.away")
        assert why_not(desk.store)
        (tmp_path / f"{name}.away").rename(tmp_path / name)
        assert why_not(desk.store) == ""


def test_nothing_strange_is_seen_in_what_stores_do(tmp_path: Path) -> None:
    """Logs that are carried over, begun anew and cut to their size; a store that is tidied up."""
    first, second = (desk_at(str(tmp_path / "s.sqlite")) for _ in range(2))
    other = sqlite3.connect(tmp_path / "s.sqlite", isolation_level=None)
    ways = ("PASSIVE", "FULL", "RESTART", "TRUNCATE")
    for n in range(24):
        (first, second)[n % 2].receive([a_fire(n)])
        if n % 3 == 0:
            other.execute(f"PRAGMA wal_checkpoint({ways[n // 3 % 4]})").fetchall()
        if n == 12:
            other.execute("VACUUM")
        for desk in (first, second):
            assert why_not(desk.store) == "", n
    checking.backup(first.store, tmp_path / "b.sqlite")
    assert why_not(first.store) == ""
    other.close()
    for desk in (first, second):
        desk.store.close()
    assert not (tmp_path / "s.sqlite-wal").exists()


def test_a_link_to_a_store_that_is_turned_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    desk_at(str(tmp_path / "real" / "s.sqlite")).store.close()
    desk_at(str(tmp_path / "other.sqlite")).store.close()
    link = tmp_path / "link.sqlite"
    link.symlink_to(tmp_path / "real" / "s.sqlite")
    desk = desk_at(str(link))
    desk.receive([a_fire(1)])
    link.unlink()
    link.symlink_to(tmp_path / "other.sqlite")
    assert why_not(desk.store) == "store.replaced"
    desk.store.close()


class TestJournalGoesBack:
    """The database is the one that was opened, and what is in it is older, or another's."""

    def test_by_rows(self, store_url: str) -> None:
        desk = desk_at(store_url)
        desk.receive([a_fire(1)])
        ok(desk, "接 1")
        with desk.store.engine.connect() as conn, conn.begin():
            conn.execute(sa.text("DELETE FROM journal WHERE seq = 2"))
            before = conn.execute(sa.text("SELECT hash FROM journal WHERE seq = 1")).scalar_one()
            conn.execute(sa.text("UPDATE journal_head SET seq = 1, hash = :h"), {"h": before})
        assert why_not(desk.store) == "store.went_back"
        with pytest.raises(StoreProblem):
            desk.store.look()
        desk.store.close()

    def test_by_another_history_of_the_same_length(self, store_url: str) -> None:
        desk = desk_at(store_url)
        desk.receive([a_fire(1)])
        with desk.store.engine.connect() as conn, conn.begin():
            conn.execute(sa.text("UPDATE journal SET hash = 'other'"))
            conn.execute(sa.text("UPDATE journal_head SET hash = 'other'"))
        assert why_not(desk.store) == "store.went_back"
        desk.store.close()

    def test_by_a_copy_through_sqlite(self, desk: Desk, tmp_path: Path) -> None:
        """`.restore` of the sqlite3 shell writes into the open file as SQLite means it."""
        backup = sqlite3.connect(tmp_path / "backup.sqlite")
        into = sqlite3.connect(tmp_path / "s.sqlite")
        backup.backup(into)
        for one in (backup, into):
            one.close()
        assert why_not(desk.store) == "store.went_back"

    def test_what_others_have_written_is_no_fault(self, store_url: str) -> None:
        first, second = desk_at(store_url), desk_at(store_url)
        first.receive([a_fire(1)])
        ok(second, "接 1")
        ok(first, "记 1 到了")
        for desk in (first, second):
            desk.store.look()
            assert why_not(desk.store) == ""
            desk.store.close()


class TestRestore:
    def test_it_is_refused_while_others_have_it_open(self, desk: Desk, tmp_path: Path) -> None:
        ask = [sys.executable, "-m", "console", "store", "restore", "--lang", "en"]
        ask += [str(tmp_path / "backup.sqlite"), "--store", str(tmp_path / "s.sqlite")]
        answer = subprocess.run(ask, capture_output=True, text=True, check=False)
        assert answer.returncode == 3, answer.stderr
        assert "in use" in answer.stderr
        assert why_not(desk.store) == ""
        assert not list(tmp_path.glob("*.before-restore-*"))
        assert not list(tmp_path.glob("*.restoring"))

    def test_what_was_there_is_kept_beside_it(self, desk: Desk, tmp_path: Path) -> None:
        desk.store.close()
        kept = checking.restore(str(tmp_path / "s.sqlite"), tmp_path / "backup.sqlite")
        assert kept is not None
        for path, entries in ((kept, 1), (tmp_path / "s.sqlite", 0)):
            store = open_store(str(path), readonly=True)
            assert journal.verify(store).entries == entries
            store.close()

    def test_what_a_killed_console_has_left_in_the_log_is_kept(self, tmp_path: Path) -> None:
        there = desk_at(str(tmp_path / "there.sqlite"))
        there.receive([a_fire(1)])
        for name in ("there.sqlite", "there.sqlite-wal"):
            shutil.copyfile(tmp_path / name, tmp_path / name.replace("there", "s"))
        checking.backup(desk_at(str(tmp_path / "new.sqlite")).store, tmp_path / "b.sqlite")
        kept = checking.restore(str(tmp_path / "s.sqlite"), tmp_path / "b.sqlite")
        assert kept is not None
        store = open_store(str(kept), readonly=True)
        assert journal.verify(store).entries == 1
        for one in (store, there.store):
            one.close()

    def test_a_damaged_store_is_replaced(self, desk: Desk, tmp_path: Path) -> None:
        desk.store.close()
        path = tmp_path / "s.sqlite"
        path.write_bytes(b"SQLite format 3\x00" + b"\x00" * 5_000)
        kept = checking.restore(str(path), tmp_path / "backup.sqlite")
        assert kept is not None
        assert kept.stat().st_size == 5_016
        assert why_not(open_store(str(path))) == ""


def test_verify_says_that_it_is_locked(store_url: str) -> None:
    desk_at(store_url).store.close()
    if store_url.startswith("sqlite"):
        held = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
        held.execute("PRAGMA locking_mode=EXCLUSIVE")
        held.execute("BEGIN EXCLUSIVE")
        held.execute("UPDATE journal_head SET seq = seq")
        with pytest.raises(StoreProblem) as refused:
            open_store(store_url, busy=0.1, readonly=True)
        held.close()
    else:
        store = open_store(store_url, busy=0.1, readonly=True)
        with psycopg.connect(postgres.plain(store_url)) as server:
            server.execute("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreProblem) as refused:
                journal.verify(store)
        store.close()
    assert refused.value.message.id in ("store.locked", "store.unread_locked")


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_an_encoding_without_chinese(store_url: str, encoding: str, tmp_path: Path) -> None:
    if store_url.startswith("sqlite"):
        pytest.skip("a file has its own")
    name = f"{postgres.PREFIX}{os.getpid()}_{encoding.lower()}"
    make = "CREATE DATABASE {} ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    with psycopg.connect(postgres.plain(store_url), autocommit=True) as server:
        server.execute(sql.SQL(make).format(sql.Identifier(name), sql.Literal(encoding)))
        url = store_url.rpartition("/")[0] + f"/{name}"
        try:
            for ask in (open_store, upgrade_store):
                with pytest.raises(StoreProblem) as refused:
                    ask(url)
                assert refused.value.message.id == "store.encoding"
            for command in (["incidents"], ["do", "new fire"], ["store", "verify"]):
                said = zhiban(tmp_path, *command, "--store", url)
                assert (said.returncode, encoding in said.stderr) == (3, True), said.stderr
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(name)))
