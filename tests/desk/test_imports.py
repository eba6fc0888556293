"""Importing a table end to end, on every kind of store, beside counts made by hand."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from console.desk import import_history
from console.desk.import_counts import Outcome
from console.desk.imports import Mode, import_table
from console.desk.ruleset import Ruleset, load
from console.domain.clock import FixedClock, Instant, from_datetime
from console.domain.incident import day_of
from console.domain.rollup import number_of
from console.i18n import Translator
from console.store import history, journal, rollups, statistics, tables
from console.store.engine import Store, open_store

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
MAPPINGS = ROOT / "docs" / "mappings"
FIRE = DATA / "sf-fire.csv"
STATS19 = DATA / "stats19.csv"
NOW = from_datetime(datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai")))

Importer = Callable[..., Outcome]


@cache
def rules() -> Ruleset:
    return load()


@pytest.fixture
def fire_store(store_url: str) -> Iterator[Store]:
    store = open_store(store_url, zone="America/Los_Angeles")
    yield store
    store.close()


@pytest.fixture
def york_store(store_url: str) -> Iterator[Store]:
    store = open_store(store_url, zone="Europe/London")
    yield store
    store.close()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Side files of a server's store go to the working folder."""
    monkeypatch.chdir(tmp_path)


def run(store: Store, file: Path = FIRE, mode: Mode = Mode.HISTORY, now: Instant = NOW) -> Outcome:
    mapping = MAPPINGS / ("stats19.toml" if "stats19" in file.name else "sf-fire.toml")
    say = Translator("zh").t
    return import_table(store, rules(), FixedClock(now), file, mapping, mode, say=say)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def write_rows(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything that an import writes but the journal's time, in an order."""
    with store.read() as tx:
        return {
            table.name: sorted(map(tuple, tx.conn.execute(sa.select(table))), key=repr)
            for table in (
                tables.incident,
                tables.assignment,
                tables.report,
                tables.source_ref,
                tables.hourly,
                tables.tally,
                tables.trace,
            )
        }


def count(store: Store, table: sa.Table) -> int:
    with store.read() as tx:
        return int(tx.conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def percentiles(seconds: list[int]) -> tuple[int, int, int, int]:
    """n, p50, p90 and p99, as one would by hand."""
    seconds = sorted(seconds)
    n = len(seconds)
    return n, *(seconds[int(n * q)] for q in (0.5, 0.9, 0.99))  # type: ignore[return-value]


class TestFireCalls:
    def test_counts(self, fire_store: Store) -> None:
        rows = rows_of(FIRE)
        numbers = {row["Incident Number"] for row in rows}
        done = run(fire_store)
        assert (done.read, done.refused, done.updated, done.duplicate) == (len(rows), 0, 0, 0)
        assert done.incidents == done.new == len(numbers)
        assert done.refused_file is None
        assert done.notes == ()
        assert count(fire_store, tables.assignment) == len(rows)
        assert journal.verify(fire_store).fault is None

    def test_the_day_that_is_not_over_is_not_counted_for_good(
        self, fire_store: Store, tmp_path: Path
    ) -> None:
        """Else the next report of today spoils its month and its year until tomorrow."""
        run(fire_store)
        with fire_store.read() as tx:
            known = rollups.span(tx)
            assert known is not None
            assert rollups.stale_days(tx) == set()
        today = known[1]
        late = datetime(today.year, today.month, today.day, 23, 59, tzinfo=fire_store.zone)
        other = open_store(str(tmp_path / "other.sqlite"), zone="America/Los_Angeles")
        run(other, now=from_datetime(late))
        with other.read() as tx:
            assert rollups.stale(tx).new == {number_of(today)}
            assert rollups.stale(tx).counted == rollups.stale(tx).periods == frozenset()
            assert rollups.wrong(tx) == []
            windows = (known, (today, today))
            found = [rollups.window(tx, *one) for one in windows]
        with fire_store.read() as tx:
            assert found == [rollups.window(tx, *one) for one in windows]
        other.close()

    def test_intervals_agree_with_the_file(self, fire_store: Store) -> None:
        columns = {
            "received": "Received DtTm",
            "dispatched": "Dispatch DtTm",
            "enroute": "Response DtTm",
            "on_scene": "On Scene DtTm",
        }
        seconds: dict[str, list[int]] = defaultdict(list)
        for row in rows_of(FIRE):
            at = {
                name: datetime.strptime(row[column], "%m/%d/%Y %I:%M:%S %p")
                for name, column in columns.items()
                if row[column]
            }
            for name, start, end in (
                ("received_to_dispatch", "received", "dispatched"),
                ("dispatch_to_enroute", "dispatched", "enroute"),
                ("received_to_on_scene", "received", "on_scene"),
            ):
                if start in at and end in at:
                    seconds[name].append(int((at[end] - at[start]).total_seconds()))
        run(fire_store)
        with fire_store.read() as tx:
            found = statistics.figures(tx).intervals
        for name, values in seconds.items():
            one = found[name]
            assert (one.n, one.p50_s, one.p90_s, one.p99_s) == percentiles(values), name

    def test_years_are_those_of_the_centers_zone(self, fire_store: Store) -> None:
        first: dict[str, str] = {}
        for row in rows_of(FIRE):
            first.setdefault(row["Incident Number"], row["Received DtTm"][6:10])
        run(fire_store)
        with fire_store.read() as tx:
            assert statistics.figures(tx, by="year").by == dict(
                sorted(Counter(first.values()).items())
            )

    def test_second_run_adds_nothing(self, fire_store: Store) -> None:
        first = run(fire_store)
        before = contents(fire_store)
        entries = count(fire_store, tables.journal)
        again = run(fire_store)
        assert (again.new, again.updated, again.refused) == (0, 0, 0)
        assert (again.incidents, again.duplicate) == (first.incidents, first.read)
        assert contents(fire_store) == before
        assert count(fire_store, tables.journal) == entries

    def test_history_is_closed_with_its_last_time(self, fire_store: Store) -> None:
        run(fire_store)
        with fire_store.read() as tx:
            c = tables.incident.c
            assert set(tx.conn.execute(sa.select(c.state, c.is_open, c.playbook, c.units))) == {
                ("closed", 0, "", 0)
            }
            row = rows_of(FIRE)[0]
            known = history.known(tx, "sf-fire", [row["Incident Number"]])
        last = max(
            datetime.strptime(one["Available DtTm"], "%m/%d/%Y %I:%M:%S %p")
            for one in rows_of(FIRE)
            if one["Incident Number"] == row["Incident Number"]
        ).replace(tzinfo=ZoneInfo("America/Los_Angeles"))
        assert known[row["Incident Number"]].closed == from_datetime(last)

    def test_chunks_make_no_difference(
        self, fire_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        # Rows of one incident far apart, so that chunks meet incidents again.
        rows = rows_of(FIRE)
        mixed = write_rows(tmp_path / "mixed.csv", rows[::2] + rows[1::2])
        monkeypatch.setattr(import_history, "CHUNK_INCIDENTS", 7)
        done = run(fire_store, mixed)
        assert (done.new, done.updated, done.duplicate) == (done.incidents, 0, 0)
        assert count(fire_store, tables.assignment) == len(rows)
        again = run(fire_store, FIRE)
        assert (again.new, again.updated, again.duplicate) == (0, 0, len(rows))


class TestStats19:
    def test_years_and_severities_agree_with_the_file(self, york_store: Store) -> None:
        rows = rows_of(STATS19)
        assert len({row["Accident_Index"] for row in rows}) < 10  # a spreadsheet was at it
        done = run(york_store, STATS19)
        assert (done.read, done.new, done.incidents) == (len(rows), len(rows), len(rows))
        words = {"1": "fatal", "2": "serious", "3": "slight"}
        with york_store.read() as tx:
            years = statistics.figures(tx, by="year").by
            found = statistics.figures(tx, by="severity")
            hours = statistics.figures(tx, by="hour").by
        assert years == dict(sorted(Counter(row["Date"][6:10] for row in rows).items()))
        assert found.by == Counter(words[row["Accident_Severity"]] for row in rows)
        assert hours == Counter(str(int(row["Date"][11:13])) for row in rows)
        assert found.sums.casualties == sum(int(row["Number_of_Casualties"]) for row in rows)
        again = run(york_store, STATS19)
        assert (again.new, again.updated, again.duplicate) == (0, 0, len(rows))

    def test_newer_column_names_a_column_for_the_time_and_a_mark(
        self, york_store: Store, tmp_path: Path
    ) -> None:
        old = rows_of(STATS19)[:20]
        rows = [
            {
                "collision_index": f"2005{n:09d}",
                "date": row["Date"][:10],
                "time": "" if n == 0 else row["Date"][11:],
                "collision_severity": row["Accident_Severity"],
                "number_of_casualties": row["Number_of_Casualties"],
                "longitude": "NULL",
                "latitude": "NULL",
            }
            for n, row in enumerate(old)
        ]
        file = write_rows(tmp_path / "stats19-new.csv", rows)
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
        done = run(york_store, file)
        assert (done.new, done.refused, done.notes) == (20, 0, ())
        with york_store.read() as tx:
            assert statistics.figures(tx, by="hour").by["0"] >= 1


class TestAgain:
    """The same incidents once more, with something else in the file."""

    def test_times_filled_in_later(self, fire_store: Store, tmp_path: Path) -> None:
        rows = rows_of(FIRE)
        early = [dict(row) for row in rows]
        for row in early[:3]:
            row["Available DtTm"] = row["On Scene DtTm"] = ""
        run(fire_store, write_rows(tmp_path / "early.csv", early))
        done = run(fire_store)
        touched = {row["Incident Number"] for row in rows[:3]}
        assert (done.new, done.updated, done.duplicate) == (0, len(touched), len(rows) - 3)
        assert count(fire_store, tables.assignment) == len(rows)
        with fire_store.read() as tx:
            available = statistics.figures(tx).intervals["received_to_available"].n
        assert available == sum(1 for row in rows if row["Available DtTm"])
        assert journal.verify(fire_store).fault is None
        assert run(fire_store).updated == 0

    def test_a_further_unit_and_a_second_time_out(self, fire_store: Store, tmp_path: Path) -> None:
        rows = rows_of(FIRE)
        run(fire_store)
        other = {**rows[0], "Unit ID": "E99"}
        again = {**rows[0], "Dispatch DtTm": rows[0]["Available DtTm"]}
        again |= {"Response DtTm": "", "On Scene DtTm": "", "Available DtTm": ""}
        done = run(fire_store, write_rows(tmp_path / "more.csv", [rows[0], other, again]))
        assert (done.new, done.updated, done.duplicate) == (0, 1, 1)
        assert count(fire_store, tables.assignment) == len(rows) + 2

    def test_repeated_rows_of_one_file(self, fire_store: Store, tmp_path: Path) -> None:
        rows = rows_of(FIRE)[:10]
        done = run(fire_store, write_rows(tmp_path / "twice.csv", rows + rows[:4]))
        assert done.duplicate == 4
        assert count(fire_store, tables.assignment) == 10

    def test_corrected_facts(self, york_store: Store, tmp_path: Path) -> None:
        mapping = tmp_path / "by-number.toml"
        text = (MAPPINGS / "stats19.toml").read_text("utf-8")
        mapping.write_text(text.replace('id = "*"', 'id = "Number"'), "utf-8")
        rows = [{**row, "Number": str(n)} for n, row in enumerate(rows_of(STATS19)[:5])]

        def bring() -> Outcome:
            file = write_rows(tmp_path / "york.csv", rows)
            clock = FixedClock(NOW)
            say = Translator("en").t
            return import_table(york_store, rules(), clock, file, mapping, Mode.HISTORY, say=say)

        bring()
        rows[2]["Number_of_Casualties"] = "9"
        done = bring()
        assert (done.new, done.updated, done.duplicate) == (0, 1, 4)
        with york_store.read() as tx:
            expected = sum(int(row["Number_of_Casualties"]) for row in rows)
            assert statistics.figures(tx).sums.casualties == expected
        assert bring().updated == 0

    def test_what_an_officer_has_in_hand_is_left_alone(self, fire_store: Store) -> None:
        live = run(fire_store, mode=Mode.NOW)
        before = contents(fire_store)
        done = run(fire_store)
        assert (done.new, done.updated, done.duplicate) == (0, 0, live.read)
        assert contents(fire_store) == before
        assert [note.id for note in done.notes] == ["import.in_hand"]


class TestRowsOfOneIncidentThatDiffer:
    def test_intervals_are_counted_from_the_rows_own_time(
        self, fire_store: Store, tmp_path: Path
    ) -> None:
        first = rows_of(FIRE)[0]
        first |= {
            "Received DtTm": "01/01/2017 11:00:00 AM",
            "Dispatch DtTm": "01/01/2017 11:01:00 AM",
            "Response DtTm": "",
            "On Scene DtTm": "",
            "Available DtTm": "",
        }
        second = {**first, "Unit ID": "E2", "Received DtTm": "01/01/2017 11:00:30 AM"}
        third = {**first, "Unit ID": "E3", "Received DtTm": ""}
        file = write_rows(tmp_path / "differ.csv", [first, second, third])
        done = run(fire_store, file)
        assert (done.new, done.refused) == (1, 0)
        assert [note.id for note in done.notes] == ["import.differing"]
        with fire_store.read() as tx:
            found = statistics.figures(tx).intervals["received_to_dispatch"]
        # The third row does not say when: it does not count.
        assert (found.n, found.p50_s) == (2, 60)
        assert run(fire_store, file).duplicate == 3

    def test_time_of_receipt_from_a_later_row(self, fire_store: Store, tmp_path: Path) -> None:
        first = rows_of(FIRE)[0]
        bare = {**first, "Unit ID": "E3", "Received DtTm": ""}
        done = run(fire_store, write_rows(tmp_path / "late.csv", [bare, first]))
        assert (done.new, done.refused) == (1, 0)
        assert count(fire_store, tables.assignment) == 2

    def test_no_time_of_receipt_at_all(self, fire_store: Store, tmp_path: Path) -> None:
        bare = {**rows_of(FIRE)[0], "Received DtTm": ""}
        done = run(fire_store, write_rows(tmp_path / "never.csv", [bare, {**bare, "Unit ID": "X"}]))
        assert (done.new, done.refused) == (0, 2)


class TestNow:
    def test_a_second_apart_and_nothing_from_the_future(self, fire_store: Store) -> None:
        rows = rows_of(FIRE)
        done = run(fire_store, mode=Mode.NOW)
        numbers = list(dict.fromkeys(row["Incident Number"] for row in rows))
        assert done.read == len(rows)
        assert done.new + done.attached == len(numbers)
        assert count(fire_store, tables.assignment) == 0
        with fire_store.read() as tx:
            c = tables.report.c
            times = {
                row.source_id: row.occurred
                for row in tx.conn.execute(sa.select(c.source_id, c.occurred))
            }
        assert [times[number] for number in numbers] == [
            NOW - 1000 * back for back in reversed(range(len(numbers)))
        ]

    def test_second_run_adds_nothing(self, fire_store: Store) -> None:
        done = run(fire_store, mode=Mode.NOW)
        before = contents(fire_store)
        again = run(fire_store, mode=Mode.NOW)
        assert (again.new, again.attached, again.updated) == (0, 0, 0)
        assert (again.incidents, again.duplicate) == (done.incidents, done.read)
        assert contents(fire_store) == before

    def test_live_keeps_the_sources_time(self, fire_store: Store) -> None:
        run(fire_store, mode=Mode.LIVE)
        first = rows_of(FIRE)[0]["Received DtTm"]
        at = datetime.strptime(first, "%m/%d/%Y %I:%M:%S %p").replace(
            tzinfo=ZoneInfo("America/Los_Angeles")
        )
        with fire_store.read() as tx:
            days = [
                day_of(id_) for id_ in tx.conn.execute(sa.select(tables.incident.c.id)).scalars()
            ]
            assert from_datetime(at) in set(
                tx.conn.execute(sa.select(tables.report.c.occurred)).scalars()
            )
        assert int(at.strftime("%Y%m%d")) in days


KILLED = """
import os, sys
from pathlib import Path
from console.desk import import_history
from console.desk.imports import Mode, import_table
from console.desk.ruleset import load
from console.domain.clock import WallClock
from console.store import history
from console.store.engine import open_store

url, file, mapping = sys.argv[1:]
import_history.CHUNK_INCIDENTS = 4
add, calls = history.add, []

def dying(tx, origin, cases):
    ids = add(tx, origin, cases)
    calls.append(ids)
    if len(calls) == 3:
        os.kill(os.getpid(), 9)
    return ids

history.add = dying
store = open_store(url, zone="America/Los_Angeles")
import_table(store, load(), WallClock(), Path(file), Path(mapping), Mode.HISTORY, say=str)
"""
"""A program that dies in the third transaction of an import, with everything written in it."""


def test_killed_in_the_middle_and_run_again(store_url: str, tmp_path: Path) -> None:
    arguments = [store_url, str(FIRE), str(MAPPINGS / "sf-fire.toml")]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.returncode == -9
    rows = rows_of(FIRE)
    store = open_store(store_url, zone="America/Los_Angeles")
    assert 0 < count(store, tables.incident) < len({row["Incident Number"] for row in rows})
    done = run(store)
    numbers = {row["Incident Number"] for row in rows}
    assert count(store, tables.incident) == done.incidents == len(numbers)
    assert count(store, tables.assignment) == len(rows)
    assert count(store, tables.source_ref) == len(numbers)
    assert sum(row[-1] for row in contents(store)["tally"]) == len(numbers)  # type: ignore[misc]
    assert sum(row[-1] for row in contents(store)["hourly"]) == len(numbers)  # type: ignore[misc]
    assert journal.verify(store).fault is None
    store.close()
