"""Opening a store: what is not one, is somebody else's, or cannot be had, is said in a sentence."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from console.desk.desk import Desk
from console.domain.clock import FixedClock
from console.i18n import Translator
from console.store import journal, schema
from console.store.engine import (
    Store,
    StoreProblem,
    migration_engine,
    open_store,
    upgrade_store,
)
from tests.postgres import plain
from tests.store.floor import START, a_fire, desk_at, ok, rules

BUSY = 0.2
"""Seconds that a test is ready to wait for a lock."""

OPEN = """
import sys
from console.domain.message import Problem
from console.store.engine import open_store
try:
    open_store(sys.argv[1], district=sys.argv[2]).close()
    print("opened")
except Problem as problem:
    print(problem.message.id)
"""


def why_not(url: str, **options: object) -> str:
    """The id of the sentence with which opening is refused; it can be said in both languages."""
    with pytest.raises(StoreProblem) as refused:
        open_store(url, **options)  # type: ignore[arg-type]
    message = refused.value.message
    for lang in ("zh", "en"):
        assert message.id not in Translator(lang).t(message)
    return message.id


class TestNotAStore:
    def test_folder(self, tmp_path: Path) -> None:
        assert why_not(str(tmp_path)) == "store.is_folder"

    def test_another_kind_of_file(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("值班表在抽屉里, 钥匙在老地方", "utf-8")
        assert why_not(str(path)) == "store.not_sqlite"
        assert path.read_text("utf-8").startswith("值班表")

    def test_device(self) -> None:
        assert why_not(os.devnull) == "store.not_sqlite"

    def test_beginning_of_a_database_and_no_more(self, tmp_path: Path) -> None:
        path = tmp_path / "half.db"
        path.write_bytes(b"SQLite format 3\x00" + b"\x10\x00" * 20)
        assert why_not(str(path)) == "store.damaged"

    def test_another_programs_database(self, store_url: str) -> None:
        engine = migration_engine(store_url)
        with engine.connect() as conn, conn.begin():
            conn.execute(sa.text("CREATE TABLE theirs (id INTEGER)"))
            conn.execute(sa.text("INSERT INTO theirs VALUES (7)"))
        for _ in range(2):
            assert why_not(store_url) == "store.foreign"
            with engine.connect() as conn, conn.begin():
                assert sa.inspect(conn).get_table_names() == ["theirs"]
                # Programs that use the same tool for their migrations are others, too.
                conn.execute(
                    sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))")
                )
                conn.execute(sa.text("INSERT INTO alembic_version VALUES ('ae1027a6acf')"))
                found = sa.inspect(conn).get_table_names()
            if len(found) > 1:
                break
        assert why_not(store_url) == "store.foreign"
        with pytest.raises(StoreProblem) as refused:
            upgrade_store(store_url)
        assert refused.value.message.id == "store.foreign"
        engine.dispose()

    def test_missing(self, tmp_path: Path) -> None:
        path = tmp_path / "no" / "store.db"
        assert why_not(str(path), create=False) == "store.missing"
        assert why_not(str(path), readonly=True) == "store.missing"
        assert not path.parent.exists()

    def test_folder_is_made(self, tmp_path: Path) -> None:
        path = tmp_path / "年" / "月" / "store.db"
        open_store(str(path)).close()
        assert path.exists()

    def test_folder_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        assert why_not(str(tmp_path / "file" / "store.db")) == "store.no_folder"
        assert why_not(str(tmp_path / ("x" * 300) / "store.db")) == "store.no_folder"

    def test_empty_file_becomes_a_store_only_when_it_may(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.db"
        path.touch()
        assert why_not(str(path), create=False) == "store.empty"
        assert why_not(str(path), readonly=True) == "store.empty"
        open_store(str(path)).close()

    @pytest.mark.parametrize(
        "url", ["mysql://root@127.0.0.1/x", "sqlite://", "http://127.0.0.1", "postgresql://:::::"]
    )
    def test_address_of_something_else(self, url: str) -> None:
        assert why_not(url) in ("store.bad_url", "store.gone")

    def test_server_that_is_not_there(self) -> None:
        url = "postgresql+psycopg://officer:secret@127.0.0.1:1/x"
        with pytest.raises(StoreProblem) as refused:
            open_store(url)
        assert refused.value.message.id == "store.gone"
        assert "secret" not in repr(refused.value.message)

    def test_password_is_not_shown(self) -> None:
        for url in ("mysql://root:secret@127.0.0.1/x", "postgresql://root:secret@127.0.0.1:x/y"):
            with pytest.raises(StoreProblem) as refused:
                open_store(url)
            assert "secret" not in repr(refused.value.message)


class TestOfAnotherVersion:
    @pytest.fixture
    def newer(self, store_url: str) -> str:
        open_store(store_url).close()
        engine = migration_engine(store_url)
        with engine.connect() as conn, conn.begin():
            conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        engine.dispose()
        return store_url

    def test_newer_is_left_alone(self, newer: str) -> None:
        assert why_not(newer) == "store.newer"
        assert why_not(newer, readonly=True) == "store.newer"
        with pytest.raises(StoreProblem) as refused:
            upgrade_store(newer)
        assert refused.value.message.id == "store.newer"
        engine = migration_engine(newer)
        assert schema.version(engine) == "9999"
        engine.dispose()

    def test_command_says_so_without_a_trace(self, newer: str) -> None:
        for command in ("upgrade", "check"):
            answer = subprocess.run(
                [sys.executable, "-m", "console", "store", command, "--store", newer],
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "LANG": "zh_CN.UTF-8"},
            )
            assert answer.returncode == 3, answer.stderr
            assert "更新版本" in answer.stderr
            assert "Traceback" not in answer.stderr

    def test_upgrade_of_nothing(self, store_url: str) -> None:
        with pytest.raises(StoreProblem) as refused:
            upgrade_store(store_url)
        assert refused.value.message.id in ("store.missing", "store.empty")


class TestDistricts:
    def test_a_file_holds_one(self, tmp_path: Path) -> None:
        url = str(tmp_path / "store.db")
        open_store(url, district="XS").close()
        assert why_not(url, district="BJ") == "store.other_district"
        assert why_not(url, district="BJ", readonly=True) == "store.other_district"
        open_store(url, district="XS").close()

    def test_a_server_holds_many(self, store_url: str) -> None:
        if store_url.startswith("sqlite"):
            pytest.skip("a file holds one")
        here, there = (open_store(store_url, district=code) for code in ("XS", "BJ"))
        for store, times in ((here, 2), (there, 3)):
            with store.write() as tx:
                assert journal.head(tx)[0] == 0
            desk = desk_at(store_url)
            desk.store.close()
            desk.store = store
            desk.receive([a_fire(n) for n in range(times)])
            ok(desk, "接 1")
        for store, times in ((here, 2), (there, 3)):
            verdict = journal.verify(store)
            assert (verdict.entries, verdict.fault) == (times + 1, None)
            store.close()

    def test_the_zone_is_kept(self, store_url: str) -> None:
        open_store(store_url, zone="Europe/London").close()
        store = open_store(store_url)
        assert store.zone.key == "Europe/London"
        store.close()
        assert why_not(store_url, zone="Asia/Shanghai") == "store.other_zone"

    def test_no_such_zone(self, tmp_path: Path) -> None:
        path = tmp_path / "store.db"
        assert why_not(str(path), zone="Asia/Xiaoshan") == "store.bad_zone"
        open_store(str(path), zone="Asia/Shanghai").close()


class TestReadOnly:
    def test_nothing_is_written(self, store_url: str) -> None:
        desk = desk_at(store_url)
        desk.receive([a_fire(1)])
        desk.store.close()
        desk.store = open_store(store_url, readonly=True)
        answer = desk.run("接 1")[-1]
        assert (answer.ok, answer.message.id) == (False, "store.readonly")
        assert desk.preview("接 1", None, "zh").ok
        with pytest.raises(StoreProblem), desk.store.read() as tx:
            tx.conn.execute(sa.text("DELETE FROM journal"))
        assert journal.verify(desk.store).entries == 1
        desk.store.close()

    def test_a_file_that_may_only_be_read(self, tmp_path: Path) -> None:
        """As a user who is nobody, because root may write everywhere."""
        if os.geteuid() != 0:
            pytest.skip("needs root, to become somebody else")
        folder = Path("/tmp") / f"zhiban-test-{os.getpid()}"
        folder.mkdir(mode=0o755)
        try:
            path = folder / "store.db"
            desk = desk_at(str(path))
            desk.receive([a_fire(1)])
            desk.store.close()
            folder.chmod(0o555)
            path.chmod(0o444)
            answer = _as_nobody(READ, str(path))
            assert answer.stdout.split() == ["True", "1", "store.readonly"], answer.stderr
            path.chmod(0o000)
            answer = _as_nobody(READ, str(path))
            assert answer.stdout.split() == ["store.no_access"], answer.stderr
        finally:
            shutil.rmtree(folder)


READ = """
import os, sys
from console.domain.message import Problem
from console.store import journal
from console.store.engine import open_store
os.setgid(65534)
os.setuid(65534)
try:
    store = open_store(sys.argv[1])
    print(store.readonly, journal.verify(store).entries)
    with store.write():
        pass
except Problem as problem:
    print(problem.message.id)
"""


FULL = """
import resource, sys
from console.domain.message import Problem
from console.store import journal
from console.store.engine import open_store
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for readonly in (True, False):
    try:
        store = open_store(sys.argv[1], readonly=readonly)
        print(store.readonly, journal.verify(store).entries)
        with store.write():
            pass
    except Problem as problem:
        print(problem.message.id)
"""
"""No file may be longer than this: the same to SQLite as a disk that takes no more."""


def test_a_full_disk_is_no_hindrance_to_reading(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    desk = desk_at(str(path))
    desk.receive([a_fire(1)])
    desk.store.close()
    ask = [sys.executable, "-c", FULL, str(path)]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    assert answer.stdout.split() == ["True", "1", "store.full_at_opening"] * 2, answer.stderr
    store = open_store(str(path))
    assert not store.readonly
    store.close()


def _as_nobody(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        check=False,
    )


class TestLocked:
    @pytest.fixture
    def held(self, store_url: str) -> Iterator[Store]:
        """A store in which somebody else is writing."""
        store = open_store(store_url, busy=BUSY)
        if store_url.startswith("sqlite"):
            other = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            yield store
            other.close()
        else:
            server = psycopg.connect(plain(store_url))
            server.execute("SELECT * FROM journal_head FOR UPDATE")
            yield store
            server.close()
        store.close()

    def test_it_is_said_soon_and_nothing_is_written(self, held: Store) -> None:
        begun = time.monotonic()
        with pytest.raises(StoreProblem) as refused, held.write() as tx:
            journal.head(tx)
        assert refused.value.message.id == "store.locked"
        assert time.monotonic() - begun < 10 * BUSY
        with held.read() as tx:
            assert journal.head(tx) == (0, "")

    def test_the_next_one_waits_for_the_first(self, store_url: str) -> None:
        store, second = (open_store(store_url, busy=10) for _ in range(2))
        order: list[str] = []
        inside = threading.Event()

        def first() -> None:
            with store.write():
                inside.set()
                time.sleep(0.2)
                order.append("first")

        thread = threading.Thread(target=first)
        thread.start()
        inside.wait()
        with second.write():
            order.append("second")
        thread.join()
        assert order == ["first", "second"]
        store.close()
        second.close()


def test_whoever_cannot_write_beside_it_sees_what_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "watch.sqlite"
    open_store(str(path)).close()
    assert [one.name for one in tmp_path.iterdir()] == [path.name]  # nobody has it open
    access, locked = os.access, [True]
    monkeypatch.setattr(
        "console.store.engine.os.access",
        lambda at, how: access(at, how) and not (locked[0] and how == os.W_OK),
    )
    reader = open_store(str(path), readonly=True)

    def seen() -> int:
        with reader.read() as tx:
            return int(tx.conn.exec_driver_sql("SELECT count(*) FROM incident").scalar_one())

    assert seen() == 0
    for n in (1, 2):
        locked[0] = False
        desk = Desk(open_store(str(path)), FixedClock(START), rules(), "一席", "李某")
        locked[0] = True
        desk.receive([a_fire(n)])
        assert seen() == n, "while somebody has it open for writing"
        desk.store.close()
        assert seen() == n, "when nobody has it open any more"
    reader.close()


def test_a_reader_sees_one_moment(store_url: str) -> None:
    desk = desk_at(store_url)
    desk.receive([a_fire(1)])
    with desk.store.read() as tx:
        assert journal.head(tx)[0] == 1
        desk.receive([a_fire(2)])
        assert journal.head(tx)[0] == 1
    with desk.store.read() as tx:
        assert journal.head(tx)[0] == 2
    desk.store.close()


def test_a_write_that_fails_leaves_nothing(store_url: str) -> None:
    desk = desk_at(store_url)
    desk.receive([a_fire(1)])
    with contextlib.suppress(ZeroDivisionError), desk.writing() as work:
        work.log(work.entry("note", None))
        _ = 1 // 0
    with desk.store.read() as tx:
        assert journal.head(tx)[0] == 1
    desk.store.close()


def test_many_processes_make_the_same_store_at_once(store_url: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, store_url, "XS"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = [process.communicate() for process in started]
    assert [out.strip() for out, _ in answers] == ["opened"] * 4, answers


def test_two_districts_cannot_both_make_a_file(tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(tmp_path / "store.db"), district],
            stdout=subprocess.PIPE,
            text=True,
        )
        for district in ("XS", "BJ")
    ]
    answers = sorted(process.communicate()[0].strip() for process in started)
    assert answers == ["opened", "store.other_district"]
