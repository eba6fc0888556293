"""The tests themselves: what they leave behind is seen, and where they are at home."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bench.patience import LEAST, patience
from console.store import schema
from console.store.engine import migration_engine, sqlite_path
from tests import clean, postgres, ready_stores
from tests.store import dump


def test_the_home_is_nobodys() -> None:
    home = Path.home()
    assert str(home) == os.environ["HOME"]
    assert home.name.startswith("zhiban-test-home-")
    assert "ZHIBAN_STORE" not in os.environ


def test_a_process_that_is_left_is_named() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as left:
        assert any("input()" in one for one in clean.children())
        left.communicate(b"\n")
    assert not any("input()" in one for one in clean.children())


def test_no_limit_is_shorter_than_it_was_said() -> None:
    assert patience(10) >= 10 * LEAST


def test_a_copied_store_is_what_the_program_would_have_made(
    store_url: str, databases: dict[str, postgres.Database]
) -> None:
    def emptied() -> sa.Engine:
        if (path := sqlite_path(store_url)) is not None:
            path.unlink(missing_ok=True)
        else:
            next(one for one in databases.values() if one.own_url == store_url).empty()
        return migration_engine(store_url)

    def made_by(make: Callable[[sa.Engine], None]) -> tuple[object, ...]:
        engine = emptied()
        make(engine)
        with engine.connect() as conn:
            found = dump.schema(engine), schema.version(engine), dump.rows(conn)
        engine.dispose()
        return found

    wanted = made_by(ready_stores.make)
    for _ in range(3):
        assert made_by(ready_stores.copy) == wanted
