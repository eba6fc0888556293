"""What is wrong outside the program, on the real program: a sentence, no trace, nothing lost."""

from __future__ import annotations

import re
import shutil
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bench.terminal import Terminal
from console.domain.message import Message, msg
from console.i18n import LANGUAGES, Translator
from console.store import journal, seats
from console.store.engine import open_store
from tests.store.floor import a_fire, desk_at

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
EITHER = pytest.mark.parametrize("lang", list(LANGUAGES))
BUSY = 0.5
"""Seconds that the program waits for a lock here, instead of ten."""

IMPATIENT = f"""
from console.store import engine
engine.open_store.__kwdefaults__["busy"] = {BUSY}
"""

NO_ROOM = """
import resource
from console.store import engine
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
"""
"""No file may be longer than this: the same to SQLite as a disk that is full. Its shared
memory has room, its log for a few pages."""

NO_RIGHTS = """
import ctypes
libc, head, sets = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522), (ctypes.c_uint32 * 6)()
assert libc.capget(head, sets) == 0
for place in range(3):
    sets[place] &= ~0b110
assert libc.capset(head, sets) == 0
"""
"""Without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, with which root may write everywhere."""

START = """
import sys
from console.start import main
sys.argv[0] = "zhiban"
main()
"""


def program(*args: str | Path, before: str = "", env: Mapping[str, str] | None = None) -> Terminal:
    """The program in a terminal, after some lines of Python."""
    argv = [sys.executable, "-c", before + START, *args]
    return Terminal(argv, env, cwd=ROOT)


def parts(lang: str, message: Message) -> list[str]:
    """What is said whatever the reason: the sentence around its arguments."""
    said = Translator(lang).t(Message(message.id, dict.fromkeys(message.args, "\n")))
    return [part for part in said.split("\n") if part.strip()]


def told(terminal: Terminal) -> str:
    """What stands in the terminal when the program has ended."""
    return terminal.raw().decode().rpartition("\x1b[?1049l")[2]


def leave(terminal: Terminal) -> None:
    """Leave as an officer does."""
    terminal.press("ctrl+q")
    terminal.wait_for(lambda lines: "y " in lines[-2])
    terminal.press("y")
    assert terminal.wait_exit() == 0
    assert "Traceback" not in told(terminal)


def says(lang: str, message_id: str) -> str:
    """The beginning of a sentence in the message line."""
    return parts(lang, msg(message_id, store="x", reason="x"))[0].strip()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one fire."""
    path = tmp_path / "store.db"
    desk = desk_at(str(path))
    desk.receive([a_fire(1)])
    with desk.store.write() as tx:
        seats.add(tx, "一席")
    desk.store.close()
    return path


def entries(path: Path) -> int:
    """How many entries the journal has but those of the deadline watcher; the chain is whole."""
    store = open_store(str(path))
    verdict = journal.verify(store)
    with store.read() as tx:
        late = sum(entry.verb == "overdue" for entry in journal.walk(tx))
    store.close()
    assert verdict.fault is None
    return verdict.entries - late


class TestOpening:
    """The console does not open: it leaves with a sentence and changes nothing."""

    @EITHER
    @pytest.mark.parametrize(
        "what", ["newer", "not_sqlite", "is_folder", "damaged", "foreign", "no_folder"]
    )
    def test_it_is_no_store(self, tmp_path: Path, store: Path, lang: str, what: str) -> None:
        path = tmp_path / what
        match what:
            case "newer":
                shutil.copy(store, path)
                with closing(sqlite3.connect(path)) as db, db:
                    db.execute("UPDATE alembic_version SET version_num = '9999'")
            case "not_sqlite":
                path.write_text("值班表在抽屉里", "utf-8")
            case "is_folder":
                path.mkdir()
            case "damaged":
                path.write_bytes(store.read_bytes()[:5000])
            case "foreign":
                with closing(sqlite3.connect(path)) as db, db:
                    db.execute("CREATE TABLE theirs (id INTEGER)")
            case _:
                path.write_text("x", "utf-8")
                path = path / "store.db"
        before = path.read_bytes() if path.is_file() else b""
        with program("watch", "--store", path, "--lang", lang) as terminal:
            assert terminal.wait_exit() == 3
            said = told(terminal)
        assert "Traceback" not in said
        for part in parts(lang, msg(f"store.{what}", store="", reason="", n=1)):
            assert part in said
        assert (path.read_bytes() if path.is_file() else b"") == before

    @EITHER
    def test_somebody_keeps_it_to_himself(self, store: Path, lang: str) -> None:
        with closing(sqlite3.connect(store, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            with program("watch", "--store", store, "--lang", lang, before=IMPATIENT) as terminal:
                assert terminal.wait_exit() == 3
                said = told(terminal)
        assert "Traceback" not in said
        assert all(part in said for part in parts(lang, msg("store.locked", store="")))
        assert entries(store) == 1

    @EITHER
    def test_rules_with_a_mistake(self, store: Path, tmp_path: Path, lang: str) -> None:
        rules = tmp_path / "rules"
        for name, text in (
            ("playbooks/request.toml", 'id = "request"\n'),
            ("deadlines.toml", "[fire.accept]\nspan = "),
            ("triage/own.toml", '[[rule]]\nid = "x"\ncategory = "sea"\nwords = ["y"]'),
        ):
            (rules / name).parent.mkdir(parents=True, exist_ok=True)
            (rules / name).write_text(text, "utf-8")
        env = {"ZHIBAN_RULES": str(rules)}
        with program("watch", "--store", store, "--lang", lang, env=env) as terminal:
            assert terminal.wait_exit() == 1
            said = told(terminal)
        assert "Traceback" not in said
        assert parts(lang, msg("rules.faults", n=0, faults=""))[0] in said
        for name in ("playbooks/request.toml", "deadlines.toml", "triage/own.toml"):
            assert str(rules / name) in said
        assert entries(store) == 1


class TestWhileItRuns:
    """What was typed stays until it could be done."""

    @EITHER
    def test_the_store_is_locked(self, store: Path, lang: str) -> None:
        with (
            closing(sqlite3.connect(store, isolation_level=None)) as other,
            program("watch", "--store", store, "--lang", lang, before=IMPATIENT) as terminal,
        ):
            other.execute("BEGIN IMMEDIATE")
            terminal.wait_for("金城路1号")
            terminal.wait_for("F1 ")
            terminal.send("note #1 the stairs are gone<enter>")
            terminal.wait_for(
                lambda lines: (
                    says(lang, "store.locked") in lines[-2] and "> note #1 the stairs" in lines[-1]
                )
            )
            other.execute("ROLLBACK")
            terminal.press("enter")
            terminal.wait_for(lambda lines: "note #1" not in lines[-1])
            terminal.wait_for("the stairs are gone")
            leave(terminal)
        assert entries(store) == 2

    @EITHER
    def test_the_disk_is_full(self, store: Path, lang: str) -> None:
        with program("watch", "--store", store, "--lang", lang, before=NO_ROOM) as terminal:
            terminal.wait_for("金城路1号")
            terminal.wait_for("F1 ")
            written = 0
            while self.noted(terminal, lang, written) and written < 9:
                written += 1
            leave(terminal)
        assert written < 9
        assert entries(store) == 1 + written

    def noted(self, terminal: Terminal, lang: str, number: int) -> bool:
        """Note something: it stands in the timeline, or again in the command line."""
        terminal.send(f"note #1 number {number}<enter>")

        def is_told(lines: list[str]) -> bool:
            return any(f"number {number}" in line for line in lines[:-2])

        def is_put_back(lines: list[str]) -> bool:
            return f"number {number}" in lines[-1] and says(lang, "store.full") in lines[-2]

        terminal.wait_for(lambda lines: is_told(lines) or is_put_back(lines))
        return is_told(terminal.screen())


@EITHER
def test_a_store_that_may_only_be_read(store: Path, lang: str) -> None:
    before = store.read_bytes()
    store.chmod(0o444)
    store.parent.chmod(0o555)
    with program("watch", "--store", store, "--lang", lang, before=NO_RIGHTS) as terminal:
        terminal.wait_for("金城路1号")
        terminal.wait_for(Translator(lang).t("status.readonly"))
        terminal.send("note #1 three floors<enter>")
        terminal.wait_for(lambda lines: "> note #1 three floors" in lines[-1])
        terminal.wait_for(lambda lines: says(lang, "store.readonly") in lines[-2])
        leave(terminal)
    assert [one.name for one in store.parent.iterdir()] == [store.name]
    assert store.read_bytes() == before
    store.parent.chmod(0o755)


def test_the_screen_is_drawn_when_stderr_is_kept(store: Path, tmp_path: Path) -> None:
    kept = tmp_path / "faults.txt"
    before = f"import os\nos.dup2(os.open({str(kept)!r}, os.O_WRONLY | os.O_CREAT), 2)\n"
    with program("watch", "--store", store, "--lang", "en", before=before) as terminal:
        terminal.wait_for("金城路1号")
        leave(terminal)
    assert kept.read_text("utf-8") == ""
    with program("watch", "--store", tmp_path, "--lang", "en", before=before) as terminal:
        assert terminal.wait_exit() == 3
    assert str(tmp_path) in kept.read_text("utf-8")


MAPPING = """\
[source]
name = "city"
encoding = "utf-8"
timezone = "Asia/Shanghai"
datetime = "%Y-%m-%d %H:%M"
[incident]
id = "No"
category = "Kind"
received = "At"
place = "Place"
text = "Words"
"""


@EITHER
def test_a_table_with_cells_that_nobody_can_want(tmp_path: Path, lang: str) -> None:
    table, mapping, path = tmp_path / "t.csv", tmp_path / "t.toml", tmp_path / "store.db"
    mapping.write_text(MAPPING, "utf-8")
    rows = [
        "No,Kind,At,Place,Words",
        f"1,fire,2026-11-24 08:00,North Road 1,{'火' * 3_500_000}",
        "2,fire,2026-11-24 08:00,South\x00 Road 2,smo\x00ke",
        "3,fire,when it was dark,East Road 3,smoke",
        "4,fire,2026-11-24 08:00,West Road 4,smoke",
    ]
    table.write_text("\n".join(rows) + "\n", "utf-8")
    words = ("--mapping", mapping, "--store", path, "--lang", lang)
    translator = Translator(lang)
    for new in (3, 0):  # the second time there is nothing new, and it is said again
        with program("import", table, *words) as terminal:
            assert terminal.wait_exit(30) == 0
            said = terminal.raw().decode()
        assert "Traceback" not in said
        assert "\x00" not in said
        assert translator.t("import.cut", n=1) in said.replace("\r\n", "\n")
        for part in parts(lang, msg("import.refused", n=1, file="")):
            assert part in said
        assert re.search(rf"^(new|新增)\t{new}\r$", said, re.MULTILINE)
    with program("incidents", "--json", "--store", path) as terminal:
        assert terminal.wait_exit() == 0
        assert '"total": 3' in terminal.raw().decode()
