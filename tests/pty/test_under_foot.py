"""The store is taken from under a console and a gateway that run: the program itself.

`tests.store.test_under_foot` has every way in which a file can be lost, and
`tests.store.test_server_lost` those of a server; here stands what an officer sees of it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.i18n import LANGUAGES, Translator
from console.store import checking, journal, seats
from console.store.engine import open_store
from tests.pty.test_bad_input import ROOT, leave, program, says
from tests.store.floor import a_fire, desk_at
from tests.store.proxy import Proxy

pytestmark = pytest.mark.pty

NOTE = "note #1 the stairs are gone"


@contextmanager
def gateway(store: str) -> Iterator[subprocess.Popen[str]]:
    """A gateway beside the console."""
    argv = [sys.executable, "-m", "console", "gateway", "--store", store, "--lang", "en"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.terminate()


def filled(url: str) -> None:
    """A store with one fire."""
    desk = desk_at(url)
    desk.receive([a_fire(1)])
    with desk.store.write() as tx:
        seats.add(tx, "一席")
    desk.store.close()


def away(lang: str) -> str:
    """The beginning of what the bar says."""
    return Translator(lang).t("status.away", since="@").partition("@")[0].strip()


def notes(url: str) -> int:
    """How many notes are in the journal."""
    store = open_store(url)
    with store.read() as tx:
        found = sum(entry.verb == "note" for entry in journal.walk(tx))
    store.close()
    return found


def _exchanged(path: Path) -> None:
    path.rename(path.with_name("kept"))
    shutil.copyfile(path.with_name("backup"), path)


def _without_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").rename(path.with_name("kept"))


@pytest.mark.parametrize("what", [_exchanged, _without_log])
def test_a_file(tmp_path: Path, what: Callable[[Path], None]) -> None:
    path, lang = tmp_path / "store.db", "en"
    filled(str(path))
    store = open_store(str(path))
    checking.backup(store, tmp_path / "backup")
    store.close()
    with (
        program("watch", "--store", path, "--lang", lang) as terminal,
        gateway(str(path)) as beside,
    ):
        terminal.wait_for("金城路1号")
        terminal.wait_for("F1 ")
        terminal.send(f"{NOTE}<enter>")
        terminal.wait_for("the stairs are gone")  # it is confirmed
        terminal.wait_for(lambda lines: lines[-1].strip() in (">", "") or "note" not in lines[-1])
        what(path)
        terminal.wait_for(away(lang))
        terminal.send(f"{NOTE}<enter>")
        terminal.wait_for(
            lambda lines: "it will not be done later" in lines[-2] and NOTE in lines[-1]
        )
        # What was taken away is given back: nothing that was confirmed is lost, nothing added.
        if what is _exchanged:
            (tmp_path / "kept").replace(path)
        else:
            (tmp_path / "kept").replace(path.with_name(f"{path.name}-wal"))
        terminal.wait_for(says(lang, "away.back"))
        assert beside.poll() is None
        assert notes(str(path)) == 1
        terminal.press("enter")
        terminal.wait_for(lambda lines: NOTE not in lines[-1])
        leave(terminal)
    assert notes(str(path)) == 2


@pytest.mark.parametrize("lang", list(LANGUAGES))
def test_a_server_that_says_nothing(store_url: str, lang: str) -> None:
    if store_url.startswith("sqlite"):
        pytest.skip("a file does not fall silent")
    filled(store_url)
    proxy = Proxy(store_url)
    env = {"ZHIBAN_PATIENCE": "4"}
    with program("watch", "--store", proxy.url, "--lang", lang, env=env) as terminal:
        terminal.wait_for("金城路1号")
        terminal.wait_for("F1 ")
        proxy.hold()
        terminal.send(f"{NOTE}<enter>")
        terminal.wait_for(away(lang))
        terminal.wait_for(lambda lines: NOTE in lines[-1])  # it is given up, and stays
        proxy.go_on()
        terminal.wait_for(says(lang, "away.back"))
        assert notes(store_url) == 0
        terminal.press("enter")
        terminal.wait_for(lambda lines: NOTE not in lines[-1])
        leave(terminal)
    proxy.close()
    assert notes(store_url) == 1
