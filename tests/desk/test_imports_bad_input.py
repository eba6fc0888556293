"""Files that are not what they should be: a sentence for each, and nothing half done."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from console.desk.import_counts import Outcome
from console.desk.imports import Mode, import_table
from console.desk.ruleset import Ruleset, load
from console.desk.table_file import TableFile
from console.domain.clock import FixedClock, from_datetime
from console.domain.message import Problem
from console.domain.rows import PastIncident, Remarks, Row, TableReader
from console.i18n import Translator
from console.store import tables
from console.store.engine import Store, open_store

NOW = from_datetime(datetime(2026, 11, 23, tzinfo=UTC))
MAPPING = """\
[source]
name = "city"
encoding = "{encoding}"
timezone = "Asia/Shanghai"
datetime = "%Y-%m-%d %H:%M"
[incident]
id = "No"
category = "Kind"
received = "At"
place = "Place"
text = "Words"
[unit]
call_sign = "Car"
dispatched = "Sent"
on_scene = "There"
"""
HEADER = "No,Kind,At,Place,Words,Car,Sent,There\n"
GOOD = "1,fire,2026-01-01 10:00,市心路 1 号,着火,E1,2026-01-01 10:01,2026-01-01 10:05\n"


@cache
def rules() -> Ruleset:
    return load()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "store").mkdir()
    opened = open_store(str(tmp_path / "store" / "zhiban.sqlite"))
    yield opened
    opened.close()


def bring(
    store: Store,
    tmp_path: Path,
    content: str | bytes,
    *,
    encoding: str = "utf-8",
    mode: Mode = Mode.HISTORY,
) -> Outcome:
    file = tmp_path / "calls.csv"
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    mapping = tmp_path / "city.toml"
    mapping.write_text(MAPPING.replace("{encoding}", encoding), "utf-8")
    clock = FixedClock(NOW)
    return import_table(store, rules(), clock, file, mapping, mode, say=Translator("zh").t)


def problem(store: Store, tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Problem:
    with pytest.raises(Problem) as caught:
        bring(store, tmp_path, content, encoding=encoding)
    with store.read() as tx:
        found = tx.conn.execute(sa.select(sa.func.count()).select_from(tables.incident))
        assert found.scalar_one() == 0
    for lang in ("zh", "en"):
        sentence = Translator(lang).t(caught.value.message)
        assert sentence != caught.value.message.id
        assert "{" not in sentence
    return caught.value


def refused_rows(done: Outcome) -> list[list[str]]:
    assert done.refused_file is not None
    with done.refused_file.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


class TestWholeFile:
    @pytest.mark.parametrize(
        ("content", "id_"),
        [
            (b"", "table.empty"),
            (b"\n\n", "table.empty"),
            (b"PK\x03\x04" + bytes(range(128)) * 40, "table.not_csv"),
            (b"\x00" * 5000, "table.not_csv"),
            (b",,,\n1,2,3,4\n", "table.no_header"),
            ("\ufeff".encode("utf-16") + b"\x00", "table.encoding"),
        ],
    )
    def test_is_no_table(self, store: Store, tmp_path: Path, content: bytes, id_: str) -> None:
        assert problem(store, tmp_path, content).message.id == id_

    def test_wrong_encoding_names_the_line_and_does_nothing(
        self, store: Store, tmp_path: Path
    ) -> None:
        good = GOOD * 3000
        content = (HEADER + good).encode() + "2,火警".encode("gb18030") + b"\n"
        found = problem(store, tmp_path, content)
        assert found.message.id == "table.encoding"
        assert found.message.args["line"] == 3002

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
    def test_other_encodings(self, store: Store, tmp_path: Path, encoding: str) -> None:
        done = bring(store, tmp_path, (HEADER + GOOD).encode(encoding), encoding=encoding)
        assert (done.new, done.refused) == (1, 0)
        with store.read() as tx:
            place = tx.conn.execute(sa.select(tables.incident.c.place)).scalar_one()
        assert place == "市心路 1 号"

    def test_a_mark_outranks_the_mapping(self, store: Store, tmp_path: Path) -> None:
        content = (HEADER + GOOD).encode("utf-8-sig")
        assert bring(store, tmp_path, content, encoding="latin-1").new == 1

    def test_not_there(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "m.toml").write_text(MAPPING.replace("{encoding}", "utf-8"), "utf-8")
        for path, id_ in ((tmp_path / "none.csv", "table.missing"), (tmp_path, "table.folder")):
            with pytest.raises(Problem) as caught:
                import_table(
                    store,
                    rules(),
                    FixedClock(NOW),
                    path,
                    tmp_path / "m.toml",
                    Mode.HISTORY,
                    say=str,
                )
            assert caught.value.message.id == id_

    def test_missing_column(self, store: Store, tmp_path: Path) -> None:
        found = problem(store, tmp_path, HEADER.replace("Place", "Plase") + GOOD)
        sentence = Translator("en").t(found.message)
        assert "city.toml, line 10" in sentence
        assert '"Plase"' in sentence

    def test_only_a_header(self, store: Store, tmp_path: Path) -> None:
        done = bring(store, tmp_path, HEADER)
        assert (done.read, done.new, done.refused_file) == (0, 0, None)


class TestRows:
    def test_refused_rows_are_kept_with_line_and_reason(self, store: Store, tmp_path: Path) -> None:
        content = (
            HEADER
            + GOOD
            + "\n"
            + "2,fire,2026-01-01 10:00,A\n"
            + '3,fire,yesterday,"two\nlines",w,,,\n'
            + "4,fire,2026-01-01 10:00,B,w,E1,2026-01-01 09:00,\n"
            + "5,fire,2026-01-01 10:00,C,w,E1,2026-01-01 10:01,2026-01-01 10:02,more\n"
            + "6,fire,2026-01-01 10:00,D,w,E1,2026-01-01 10:01,\n"
        )
        done = bring(store, tmp_path, content)
        assert (done.read, done.new, done.refused, done.left_out) == (6, 3, 3, 1)
        assert done.refused_file == tmp_path / "store" / "calls.csv.refused.csv"
        header, *rows = refused_rows(done)
        assert header == ["line", "reason", *HEADER.strip().split(",")]
        assert [(row[0], row[2]) for row in rows] == [
            ("4", "2"),
            ("5", "3"),
            ("7", "4"),
            ("8", "5"),
        ]
        assert rows[1][5] == "two\nlines"
        assert "2026-01-01 09:00" in rows[2][1]
        assert all(row[1] for row in rows)

    def test_corrected_side_file_can_be_imported(self, store: Store, tmp_path: Path) -> None:
        content = HEADER + GOOD.replace("10:01", "09:01")
        done = bring(store, tmp_path, content)
        assert (done.new, done.refused, done.left_out) == (1, 0, 1)
        assert done.refused_file is not None
        corrected = done.refused_file.read_bytes().replace(b"09:01", b"10:01")
        done = bring(store, tmp_path, corrected)
        assert (done.new, done.updated, done.refused, done.left_out) == (0, 1, 0, 0)
        with store.read() as tx:
            sent = tx.conn.execute(sa.select(tables.assignment.c.dispatched)).scalar_one()
        assert sent == from_datetime(datetime(2026, 1, 1, 2, 1, tzinfo=UTC))

    @pytest.mark.parametrize("mode", list(Mode))
    def test_no_row_ends_an_import(
        self, store: Store, tmp_path: Path, mode: Mode, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = TableReader.incident

        def incident(self: TableReader, row: Row) -> tuple[PastIncident, Remarks]:
            past, remarks = whole(self, row)
            if past.place == "crash":
                raise KeyError("a fault of the program")
            # What no database takes, and what is no text: the whole chunk fails with it.
            odd = {"lat": 10**400, "text": 7} if past.place == "huge" else {}
            return past._replace(**odd), remarks  # type: ignore[arg-type]

        monkeypatch.setattr(TableReader, "incident", incident)
        places = ["A", "crash", "B", "huge", "C"]
        rows = (f"{n},fire,2026-01-01 10:00,{place},w,,,\n" for n, place in enumerate(places))
        done = bring(store, tmp_path, HEADER + "".join(rows), mode=mode)
        assert (done.read, done.refused) == (5, 2)
        assert {row[5] for row in refused_rows(done)[1:]} == {"crash", "huge"}
        with store.read() as tx:
            kept = set(tx.conn.execute(sa.select(tables.incident.c.place)).scalars())
        assert kept == {"A", "B", "C"}

    @pytest.mark.parametrize("mode", list(Mode))
    def test_hostile_cells(self, store: Store, tmp_path: Path, mode: Mode) -> None:
        hostile = "\x1b]0;x\x07[/][@click=app.quit]x\u202e\u200b\x00\x9b31m"
        row = f"1,{hostile},2026-01-01 10:00,{hostile},{hostile},{hostile},,\n"
        done = bring(store, tmp_path, HEADER + row, mode=mode)
        assert (done.read, done.new, done.refused) == (1, 1, 0)
        with store.read() as tx:
            c = tables.incident.c
            texts = tx.conn.execute(sa.select(c.place, c.text, c.category)).one()
            stored = tx.conn.execute(sa.select(tables.assignment.c.call_sign)).scalars().all()
        for text in (*texts, *stored):
            assert not any(ord(ch) < 32 or 127 <= ord(ch) < 160 for ch in text)
            assert "\u202e" not in text
            assert "[@click=app.quit]" in text or text == texts[2]

    @pytest.mark.parametrize("mode", list(Mode))
    def test_a_cell_of_ten_megabytes(self, store: Store, tmp_path: Path, mode: Mode) -> None:
        long = "火" * 4_000_000
        done = bring(store, tmp_path, HEADER + GOOD.replace("着火", long), mode=mode)
        assert (done.read, done.new, done.refused) == (1, 1, 0)
        assert [note.id for note in done.notes] == ["import.cut"]
        with store.read() as tx:
            text = tx.conn.execute(sa.select(tables.incident.c.text)).scalar_one()
        assert len(text) <= 2_000
        assert text.endswith("]")
        assert refused_rows(done)[1][6] == long

    def test_a_quotation_mark_that_nobody_closed(self, store: Store, tmp_path: Path) -> None:
        content = HEADER + GOOD + '2,fire,2026-01-01 10:00,"open,w,,,\n' + GOOD * 5
        done = bring(store, tmp_path, content)
        assert (done.read, done.new, done.duplicate, done.refused) == (7, 1, 5, 1)
        assert refused_rows(done)[1][0] == "3"

    def test_a_cell_beyond_every_limit(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("console.desk.records.LONGEST_CELL", 1_000)
        done = bring(store, tmp_path, HEADER + GOOD.replace("着火", "x" * 2_000) + GOOD)
        assert (done.new, done.refused) == (1, 1)

    def test_ids_that_a_spreadsheet_ruined(self, store: Store, tmp_path: Path) -> None:
        done = bring(store, tmp_path, HEADER + GOOD.replace("1,", "2.00512E+12,", 1))
        assert [note.id for note in done.notes] == ["import.spoilt_id"]

    def test_surrogates_and_odd_line_ends(self, tmp_path: Path) -> None:
        file = tmp_path / "odd.csv"
        file.write_bytes(b"a,b\r\n1,2\r3,4\n\xed\xa0\x80,5\n")
        with pytest.raises(Problem):
            TableFile(file, "utf-8")
        file.write_bytes(b"a,b\r\n1,2\r3,4\n")
        assert [line.cells for line in TableFile(file, "utf-8").lines()] == [["1", "2"], ["3", "4"]]
