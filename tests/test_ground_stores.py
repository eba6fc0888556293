"""The tests' own stores: each one empty, each kind there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest

from tests.postgres import plain, reached

SCRIPT = """
def test_something(store_url):
    assert store_url.startswith(("sqlite:///", "postgresql+psycopg://"))
"""


def leave_a_table(url: str) -> None:
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as store:
            store.execute("CREATE TABLE left_over (id INTEGER)")
        store.close()
    else:
        with psycopg.connect(plain(url)) as server:
            server.execute("CREATE TABLE left_over (id INTEGER)")


class TestEveryTestGetsAnEmptyStore:
    """Run twice: the second finds nothing of the first."""

    @pytest.mark.parametrize("turn", [1, 2])
    def test_left_over_table_is_gone(self, store_url: str, turn: int) -> None:
        leave_a_table(store_url)

    def test_connection_left_open_does_not_block_the_next(self, store_url: str) -> None:
        leave_a_table(store_url)
        if store_url.startswith("postgresql"):
            open_still = psycopg.connect(plain(store_url))
            open_still.execute("SELECT * FROM left_over")


class TestServerThatIsNotThere:
    """Port 1 on loopback answers nobody."""

    NOBODY = "postgresql+psycopg://postgres@127.0.0.1:1/postgres"

    def test_reason_is_given(self) -> None:
        assert "127.0.0.1" in reached(self.NOBODY)

    @pytest.fixture
    def suite(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
        monkeypatch.delenv("CI", raising=False)
        monkeypatch.delenv("ZHIBAN_TEST_POSTGRES", raising=False)
        root = Path(__file__).parent.parent
        monkeypatch.setenv("PYTHONPATH", str(root))
        pytester.makeconftest("from tests.conftest import *\nfrom tests import postgres\n")
        pytester.makepyfile(SCRIPT)
        return pytester

    def test_named_server_must_be_reached(self, suite: pytest.Pytester) -> None:
        result = suite.runpytest_subprocess("--store", self.NOBODY)
        assert result.ret == 1
        result.stdout.no_fnmatch_line("*1 passed*")
        result.stderr.fnmatch_lines(["*PostgreSQL was not reached at*"])

    def test_ci_must_reach_one(
        self, suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CI", "true")
        monkeypatch.setenv("ZHIBAN_TEST_POSTGRES", self.NOBODY)
        assert suite.runpytest_subprocess().ret == 1

    def test_otherwise_it_is_skipped_and_said(self, suite: pytest.Pytester) -> None:
        suite.makeconftest(
            "from tests.conftest import *\nfrom tests import postgres\n"
            f"postgres.FOUND_AT = {self.NOBODY!r}\n"
        )
        result = suite.runpytest_subprocess()
        result.assert_outcomes(passed=1, skipped=1)
        result.stdout.fnmatch_lines(["*NOT REACHED*", "1 tests were SKIPPED*"])

    def test_sqlite_alone_does_not_look(self, suite: pytest.Pytester) -> None:
        suite.runpytest_subprocess("--store", "sqlite").assert_outcomes(passed=1)
