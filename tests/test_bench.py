"""The bench counts right: ranks, verdicts, tables, the selected row, and the peers' own work."""

import re
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bench.catalogue import MEASURES, Finding
from bench.emulator import Emulator
from bench.fill import fill
from bench.memory import tree_memory
from bench.peers.sqlite_executemany import rewrite_seconds
from bench.peers.sqlite_insert import insert_times
from bench.report import Machine, as_json, between, measures_table
from bench.stats import Budget, Limit, Sample, Stat, Verdict
from bench.target import Target
from bench.terminal import Terminal
from console.domain.filters import QueueFilter
from console.store import journal, queue, words
from console.store.engine import open_store


class TestSample:
    """Nearest rank: sorted ascending, the value at index int(n * q)."""

    def test_ranks(self) -> None:
        sample = Sample.of([float(n) for n in range(200, 0, -1)])
        assert (sample.stat(Stat.P50), sample.stat(Stat.P99)) == (101, 199)

    def test_below_a_hundred_the_p99_is_the_largest(self) -> None:
        assert Sample.of([3.0, 1.0, 2.0]).stat(Stat.P99) == 3

    def test_nothing_is_no_sample(self) -> None:
        assert Sample.maybe([]) is None
        with pytest.raises(ValueError, match="at least one"):
            Sample.of([])


class TestVerdict:
    """A budget is met only by what was measured."""

    OWN = Sample.of([10.0])

    @pytest.mark.parametrize(
        ("limit", "verdict"),
        [
            (Limit(Stat.P50, 10), Verdict.MET),
            (Limit(Stat.P50, 9.9), Verdict.MISSED),
            (Limit(Stat.P50, 10.1, at_least=True), Verdict.MISSED),
            (Limit(Stat.P50, 1.25, of_peer=True), Verdict.MET),
            (Limit(Stat.P50, 1.2, of_peer=True), Verdict.MISSED),
        ],
    )
    def test_a_limit(self, limit: Limit, verdict: Verdict) -> None:
        assert Budget((limit,)).verdict(self.OWN, Sample.of([8.0])) is verdict

    def test_what_was_not_measured_is_never_met(self) -> None:
        ratio = Budget((Limit(Stat.P50, 1.0, of_peer=True),))
        assert ratio.verdict(None, self.OWN) is Verdict.NOT_MEASURED
        assert ratio.verdict(self.OWN, None) is Verdict.NOT_MEASURED
        assert Budget().verdict(self.OWN, None) is Verdict.NO_BUDGET

    def test_one_of_several(self) -> None:
        limits = (Limit(Stat.P50, 11, at_least=True), Limit(Stat.P50, 0.3, True, True))
        assert Budget(limits, any_of=True).verdict(self.OWN, Sample.of([30.0])) is Verdict.MET
        assert Budget(limits).verdict(self.OWN, Sample.of([30.0])) is Verdict.MISSED
        assert Budget(limits, any_of=True).verdict(self.OWN, Sample.of([99.0])) is Verdict.MISSED


class TestReport:
    """What is written."""

    def test_a_row_has_every_column(self) -> None:
        finding = Finding("first_frame", 1000, Sample.of([260.0]), Sample.of([200.0]))
        heading, rule, row = measures_table([finding]).splitlines()
        assert heading.count("|") == rule.count("|") == row.count("|")
        assert "1,000" in row
        assert "1.30" in row
        assert row.endswith("| p50 ≤ 1.3 × peer | met |")

    def test_what_was_not_measured_again_keeps_its_figures_and_their_day(self) -> None:
        first = Machine(0, "3", "8", "3", "Linux", 2, 0.2, "120x40")
        later = replace(first, at=86_400_000, load=1.5)
        old = as_json(
            first,
            [
                Finding("verb_rest", 1_000, Sample.of([14.0]), None),
                Finding("find_rest", 1_000, Sample.of([30.0]), None),
                Finding("idle", None, None, Sample.of([0.0])),
            ],
            [],
        )
        new = as_json(later, [Finding("find_rest", 1_000, Sample.of([20.0]), None)], [], old)
        found = {
            row["name"]: (row["own"]["p50"], row["at"], row["load"]) for row in new["measures"]
        }
        assert found == {"verb_rest": (14.0, 0, 0.2), "find_rest": (20.0, 86_400_000, 1.5)}

    def test_small_stores_have_a_budget_of_their_own(self) -> None:
        few = Finding("verb_rest", 10_000, Sample.of([40.0]), None)
        many = Finding("verb_rest", 1_000_000, Sample.of([40.0]), None)
        assert (few.verdict, many.verdict) == (Verdict.MISSED, Verdict.MET)

    def test_only_the_section_is_replaced(self) -> None:
        page = "a\n<!-- bench x -->\nold\n<!-- /bench x -->\nb\n"
        assert between(page, "x", r"new \1") == (
            "a\n<!-- bench x -->\nnew \\1\n<!-- /bench x -->\nb\n"
        )
        with pytest.raises(ValueError, match="no section"):
            between(page, "y", "new")

    def test_every_measure_is_called_what_its_key_is(self) -> None:
        assert all(name == measure.name for name, measure in MEASURES.items())


class _Drawn(Terminal):
    """A terminal whose screen is drawn by hand."""

    def __init__(self, data: str) -> None:
        super().__init__(["nothing"], rows=4, cols=60)
        self._emulator = Emulator(4, 60)
        self._emulator.feed(data.encode())


class TestSelected:
    """The selected row is the one on another ground, whatever the rows' own colours are."""

    TARGET = Target("x", ("x",), (re.compile("x"),), re.compile(r"^ \d"), 3)

    def selected(self, *lines: str) -> tuple[int, str] | None:
        drawn = "".join(f"\x1b[{n};1H\x1b[0m{line}" for n, line in enumerate(lines, 1))
        terminal = _Drawn(drawn)
        return self.TARGET.selected(terminal, terminal.screen())

    def test_one_row_stands_out(self) -> None:
        found = self.selected(" 1 火警", f"\x1b[31;46m 2 {'事故':50}", "\x1b[31m 3 火警")
        assert found is not None
        assert found[0] == 1
        assert "事故" in found[1]

    def test_none_stands_out(self) -> None:
        assert self.selected(" 1 火警", " 2 事故", " 3 火警") is None

    def test_half_a_repaint_is_not_a_selection(self) -> None:
        wide = f"\x1b[46m 2 {'事故':50}"
        assert self.selected(wide, wide, " 3 火警", " 4 火警") is None


class TestPeers:
    """The peers do what they are said to do."""

    def test_inserts_are_there_afterwards(self, tmp_path: Path) -> None:
        path = tmp_path / "insert.sqlite"
        assert len(insert_times(path, 5)) == 5
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM entry").fetchone() == (5,)

    def test_the_same_rows_are_written_again(self, tmp_path: Path) -> None:
        store, again = tmp_path / "store.sqlite", tmp_path / "again.sqlite"
        with closing(sqlite3.connect(store, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE a (x INTEGER PRIMARY KEY, y TEXT) WITHOUT ROWID")
            connection.execute("CREATE INDEX i ON a (y) WHERE x > 1")
            connection.execute("CREATE VIRTUAL TABLE w USING fts5(t, content='', detail='none')")
            connection.executemany("INSERT INTO a VALUES (?, ?)", [(1, "火"), (2, "警")])
            connection.execute("INSERT INTO w (rowid, t) VALUES (1, 'fire')")
        assert rewrite_seconds(store, again) > 0
        with closing(sqlite3.connect(again)) as connection:
            assert connection.execute("SELECT * FROM a").fetchall() == [(1, "火"), (2, "警")]
            made = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert made == {"a", "i"}


def test_memory_counts_the_whole_tree() -> None:
    hold = "b=bytearray(30<<20); print('held', flush=True); input()"
    child = f"import subprocess,sys; subprocess.run([sys.executable,'-c',{hold!r}])"
    with Terminal([sys.executable, "-c", child]) as terminal:
        terminal.wait_for("held")
        memory = tree_memory(terminal.pid)
    assert memory.rss >= memory.pss > 30 << 20


class TestFill:
    """The bench's stores are what intake would have made of as many reports."""

    NOW = 1_790_000_000_000

    def rows(self, path: Path, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(statement).fetchall()

    @pytest.fixture(scope="class")
    def filled(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        path = tmp_path_factory.mktemp("fill") / "store.sqlite"
        fill(path, 600, seed=1, now=self.NOW)
        return path

    def test_the_same_seed_makes_the_same_store(self, filled: Path, tmp_path: Path) -> None:
        again, other = tmp_path / "again.sqlite", tmp_path / "other.sqlite"
        fill(again, 600, seed=1, now=self.NOW)
        fill(other, 600, seed=2, now=self.NOW)
        for table in ("incident", "step", "report", "trace", "journal", "tally", "hourly"):
            statement = f"SELECT * FROM {table}"
            assert self.rows(again, statement) == self.rows(filled, statement)
        body = "SELECT * FROM incident"
        assert self.rows(other, body) != self.rows(filled, body)

    def test_every_incident_is_in_the_queue_and_the_counts_say_so(self, filled: Path) -> None:
        store = open_store(str(filled), readonly=True)
        with store.read() as tx:
            everything = queue.Selection(QueueFilter(), self.NOW)
            seen: list[queue.QueueRow] = []
            while page := queue.page(tx, everything, 200, queue.key_of(seen[-1]) if seen else None):
                seen += page
            verdict = journal.verify(store)
        store.close()
        assert len({row.id for row in seen}) == len(seen) == 600
        assert len({row.category for row in seen}) > 10
        assert {row.priority for row in seen} == {1, 2, 3, 4}
        assert len({row.town for row in seen}) > 10
        assert (verdict.entries, verdict.fault) == (600, None)
        for table in ("tally", "hourly"):
            assert self.rows(filled, f"SELECT sum(n) FROM {table}") == [(600,)]
        assert self.rows(filled, "SELECT sum(value) FROM counter WHERE name LIKE 'day:%'") == [
            (600,)
        ]

    def test_deadlines_are_those_of_the_steps_and_nothing_waits_for_a_gateway(
        self, filled: Path
    ) -> None:
        differing = (
            "SELECT count(*) FROM incident i JOIN step s ON s.incident = i.id"
            " WHERE i.due <> coalesce(s.due, 1 << 53)"
        )
        assert self.rows(filled, differing) == [(0,)]
        overdue = f"FROM step WHERE due <= {self.NOW}"
        assert self.rows(filled, f"SELECT count(*) > 0 {overdue}") == [(1,)]
        assert self.rows(filled, f"SELECT count(*) {overdue} AND escalated = 0") == [(0,)]

    def test_an_incident_is_found_by_its_words(self, filled: Path) -> None:
        ((id_, phone),) = self.rows(filled, "SELECT id, phone FROM incident LIMIT 1")
        store = open_store(str(filled), readonly=True)
        with store.read() as tx:
            assert words.rare_hits(tx.conn, tx.district, [str(phone)]) == [id_]
        store.close()

    def test_the_indexes_are_those_of_any_store(self, filled: Path, tmp_path: Path) -> None:
        fresh = tmp_path / "fresh.sqlite"
        open_store(str(fresh)).close()
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
        assert self.rows(filled, indexes) == self.rows(fresh, indexes)

    def test_a_store_that_is_there_is_left_alone(self, filled: Path) -> None:
        with pytest.raises(FileExistsError):
            fill(filled, 1)
