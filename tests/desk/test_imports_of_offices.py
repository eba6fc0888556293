"""Tables as offices have them: titles, sums, other delimiters, workbooks, odd times."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from console.desk.import_counts import Outcome
from console.desk.imports import Mode, import_table, shipped_mappings
from console.desk.records import Line, records
from console.desk.ruleset import Ruleset, load
from console.domain.clock import FixedClock, from_datetime
from console.domain.message import Problem
from console.i18n import Translator
from console.store import tables
from console.store.engine import Store, open_store

NOW = from_datetime(datetime(2026, 11, 23, tzinfo=UTC))
MAPPING = """\
[source]
name = "office"
timezone = "Asia/Shanghai"
datetime = "%Y-%m-%d %H:%M:%S"
{more}
[incident]
id = "编号"
received = "时间"
place = "地址"
text = "内容"
category = {{ column = "类别", map = {{ "火警" = "fire", "交通" = "traffic" }} }}
"""
ROWS = [
    ["编号", "时间", "类别", "地址", "内容"],
    ["1", "2021-03-01 08:05:00", "火警", "金城路88号", '三楼\n冒烟, "有人"'],
    ["2", "2021-03-01 09:00:00", "火警", "育才路9号", "x;y"],
    ["3", "2021-03-01 10:00:00", "交通", "育才路10号", ""],
]


@cache
def rules() -> Ruleset:
    return load()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "store").mkdir()
    opened = open_store(str(tmp_path / "store" / "zhiban.sqlite"))
    yield opened
    opened.close()


def text_of(rows: list[list[str]], delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


def bring(
    store: Store,
    tmp_path: Path,
    file: Path,
    mapping: str = MAPPING,
    more: str = "",
    sheet: str = "",
) -> Outcome:
    path = tmp_path / "office.toml"
    path.write_text(mapping.format(more=more), "utf-8")
    clock, say = FixedClock(NOW), Translator("zh").t
    return import_table(
        store, rules(), clock, file, path, Mode.HISTORY, say=say, seat="一席", sheet=sheet
    )


def kept(store: Store) -> list[tuple[str, str, str]]:
    """Of every incident: the source's id, its category, its words."""
    i, ref = tables.incident.c, tables.source_ref.c
    with store.read() as tx:
        found = tx.conn.execute(
            sa.select(ref.source_id, i.category, i.text)
            .where(ref.incident == i.id)
            .order_by(ref.source_id)
        )
        return [(row[0], row[1], row[2]) for row in found]


WANTED = [
    ("1", "fire", '三楼 冒烟, "有人"'),
    ("2", "fire", "x;y"),
    ("3", "traffic", "交通"),
]
PLAIN = text_of(ROWS)


class TestText:
    @pytest.mark.parametrize(
        "content",
        [
            PLAIN.encode(),
            PLAIN.encode("utf-8-sig"),
            PLAIN.encode("gb18030"),
            PLAIN.encode("utf-16"),
            gzip.compress(PLAIN.encode(), mtime=0),
            gzip.compress(PLAIN.encode("gb18030"), mtime=0),
            text_of(ROWS, ";").encode(),
            text_of(ROWS, "\t").encode(),
            ("\ufeffsep=;\r\n" + text_of(ROWS, ";")).encode(),
            ("2021年3月接警台账,,,,\r\n\r\n单位,某某区,,,\r\n" + PLAIN).encode(),
            (PLAIN + ",,,,\r\n合计,3,,,\r\n").encode(),
            (PLAIN + PLAIN.split("\r\n")[0] + "\r\n").encode(),
            text_of([[*row, "", ""] for row in ROWS]).encode(),
            PLAIN.replace("\r\n", "\r\n", 1).replace("\r\n3,", ",,\r\n3,").encode(),
        ],
        ids=range(14),
    )
    def test_is_read(self, store: Store, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "calls.csv"
        file.write_bytes(content)
        done = bring(store, tmp_path, file)
        assert (done.read, done.new, done.refused) == (3, 3, 0)
        assert kept(store) == WANTED

    def test_ids_that_are_kept_from_a_spreadsheet(self, store: Store, tmp_path: Path) -> None:
        file = tmp_path / "calls.csv"
        file.write_text(PLAIN.replace("\r\n2,", '\r\n="002",'), "utf-8")
        bring(store, tmp_path, file)
        assert [row[0] for row in kept(store)] == ["002", "1", "3"]

    def test_without_a_header(self, store: Store, tmp_path: Path) -> None:
        file = tmp_path / "calls.csv"
        file.write_text(text_of([*ROWS[1:], ["4", "gestern", "火警", "", ""]]), "utf-8")
        mapping = MAPPING
        for n, name in enumerate(ROWS[0], 1):
            mapping = mapping.replace(f'"{name}"', f'"#{n}"')
        done = bring(store, tmp_path, file, mapping, "header = false")
        assert (done.new, done.refused) == (3, 1)
        assert kept(store) == WANTED
        assert done.refused_file is not None
        text = done.refused_file.read_text("utf-8-sig").replace("gestern", "2021-03-02 08:00:00")
        file.write_text(text, "utf-8")
        assert bring(store, tmp_path, file, mapping, "header = false").new == 1

    def test_a_side_file_has_the_delimiter_of_its_table(self, store: Store, tmp_path: Path) -> None:
        file = tmp_path / "calls.csv"
        file.write_text(text_of([*ROWS, ["4", "gestern", "火警", "", ""]], ";"), "utf-8")
        more = 'delimiter = ";"'
        done = bring(store, tmp_path, file, more=more)
        assert done.refused_file is not None
        text = done.refused_file.read_text("utf-8-sig").replace("gestern", "2021-03-02 08:00:00")
        file.write_text(text, "utf-8")
        assert bring(store, tmp_path, file, more=more).new == 1

    def test_two_columns_of_one_name(self, store: Store, tmp_path: Path) -> None:
        file = tmp_path / "calls.csv"
        file.write_text(text_of([["编号", *row] for row in ROWS]), "utf-8")
        with pytest.raises(Problem):
            bring(store, tmp_path, file)
        bring(store, tmp_path, file, MAPPING.replace('"编号"', '"编号#2"'))
        assert kept(store) == WANTED

    def test_an_open_quotation_mark_costs_its_line(self, store: Store, tmp_path: Path) -> None:
        file = tmp_path / "calls.csv"
        file.write_text(PLAIN.replace("x;y", '"x;y') + PLAIN.split("\r\n", 1)[1], "utf-8")
        done = bring(store, tmp_path, file)
        assert (done.new, done.refused) == (3, 1)
        assert done.refused_file is not None
        with done.refused_file.open(encoding="utf-8-sig", newline="") as side:
            _, row = csv.reader(side)
        assert row[:1] + row[2:3] == ["4", "2"]

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kind.xls"),
            (b"%PDF-1.7", "kind.pdf"),
            (b"<html><table>", "kind.web"),
            (b"\x89PNG\r\n", "kind.picture"),
        ],
        ids=range(4),
    )
    def test_what_is_none_is_named(
        self, store: Store, tmp_path: Path, content: bytes, kind: str
    ) -> None:
        file = tmp_path / "calls.xls"
        file.write_bytes(content)
        with pytest.raises(Problem) as caught:
            bring(store, tmp_path, file)
        assert getattr(caught.value.message.args["kind"], "id") == kind  # noqa: B009

    @pytest.mark.parametrize("at", [20, 400])
    def test_a_damaged_archive_is_a_sentence(self, store: Store, tmp_path: Path, at: int) -> None:
        file = tmp_path / "calls.csv.gz"
        file.write_bytes(gzip.compress(PLAIN.encode() * 50)[:at][:-3])
        with pytest.raises(Problem):
            bring(store, tmp_path, file)


class TestWorkbook:
    def made(self, tmp_path: Path, *, since_1904: bool = False) -> Path:
        book = openpyxl.Workbook()
        if since_1904:
            book.epoch = CALENDAR_MAC_1904
        first = book.active
        assert first is not None
        first.append(["说明"])
        sheet = book.create_sheet("三月")
        sheet.append(["2021年3月接警台账"])
        sheet.append(ROWS[0])
        for n, row in enumerate(ROWS[1:], 1):
            sheet.append([n, datetime.fromisoformat(row[1]), *row[2:]])
        sheet["A3"].number_format = "000"
        sheet.append(["合计", 3])
        later = book.create_sheet("四月")
        later.append(ROWS[0])
        later.append([9.0, datetime(2021, 4, 1, 8), "火警", "某路", "烟"])
        file = tmp_path / "calls.xlsx"
        book.save(file)
        return file

    @pytest.mark.parametrize("since_1904", [False, True])
    def test_is_read(self, store: Store, tmp_path: Path, since_1904: bool) -> None:
        done = bring(store, tmp_path, self.made(tmp_path, since_1904=since_1904))
        assert (done.read, done.new, done.refused) == (3, 3, 0)
        assert kept(store) == [("001", *WANTED[0][1:]), *WANTED[1:]]
        with store.read() as tx:
            first = tx.conn.execute(sa.select(sa.func.min(tables.incident.c.received))).scalar_one()
        assert first == from_datetime(datetime(2021, 3, 1, 0, 5, tzinfo=UTC))
        notes = {note.id: note.args for note in done.notes}
        assert notes["import.other_sheets"]["sheets"] == ("四月",)

    def test_another_sheet(self, store: Store, tmp_path: Path) -> None:
        bring(store, tmp_path, self.made(tmp_path), sheet="四月")
        assert kept(store) == [("9", "fire", "烟")]
        with pytest.raises(Problem) as caught:
            bring(store, tmp_path, self.made(tmp_path), more='sheet = "五月"')
        assert caught.value.message.id == "table.no_sheet"

    def test_a_clock_beside_a_day(self, store: Store, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["编号", "日期", "钟点", "类别", "地址", "内容"])
        sheet.append([1, datetime(2021, 3, 1), time(8, 5), "火警", "某路", "烟"])
        file = tmp_path / "calls.xlsx"
        book.save(file)
        bring(store, tmp_path, file, MAPPING.replace('"时间"', '["日期", "钟点"]'))
        with store.read() as tx:
            at = tx.conn.execute(sa.select(tables.incident.c.received)).scalar_one()
        assert at == from_datetime(datetime(2021, 3, 1, 0, 5, tzinfo=UTC))

    def test_a_damaged_one_is_a_sentence(self, store: Store, tmp_path: Path) -> None:
        file = tmp_path / "calls.xlsx"
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("xl/workbook.xml", "<workbook>")
        with pytest.raises(Problem) as caught:
            bring(store, tmp_path, file)
        assert caught.value.message.id == "table.bad_workbook"


class TestRecords:
    @given(
        st.lists(
            st.lists(st.text(st.sampled_from('a,"\n火; '), max_size=6), min_size=3, max_size=3),
            max_size=6,
        )
    )
    def test_what_csv_writes_is_read_as_it_was(self, rows: list[list[str]]) -> None:
        lines = text_of(rows).splitlines(keepends=True)
        found = list(records(lines, ",", 3, lambda cells: False))
        assert [list(line.cells) for line in found if line.fault is None] == rows

    @pytest.mark.parametrize(
        "shape", ['x","y,z\n', 'x,"y,z\n', 'x,y,"\n', 'x,"",z\n', 'x,y,"""\n', '"x",y,z\n']
    )
    def test_no_shape_is_read_more_than_a_few_times(self, shape: str) -> None:
        def steps(n: int) -> int:
            asked: list[object] = []

            def is_row(cells: Sequence[str]) -> bool:
                asked.append(cells)
                return True

            found = list(records([shape] * n, ",", 3, is_row))
            assert all(isinstance(line, Line) for line in found)
            return len(asked)

        assert steps(2000) <= 2.5 * max(steps(1000), 1)


def test_the_mappings_that_come_with_the_program_have_names() -> None:
    assert {"sf-fire", "stats19"} <= shipped_mappings().keys()


def test_stats19_since_2020(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "collisions.csv"
    head = (
        "collision_index,collision_severity,number_of_casualties,date,time,"
        "local_authority_district,local_authority_ons_district,latitude,longitude\n"
    )
    file.write_text(head + "2023170M20483,3,1,04/03/2023,12:10,-1,E06000002,54.56,-1.21\n", "utf-8")
    clock = FixedClock(NOW)
    done = import_table(
        store, rules(), clock, file, Path("stats19"), Mode.HISTORY, say=str, seat="一席"
    )
    assert done.new == 1
    with store.read() as tx:
        c = tables.incident.c
        found = tx.conn.execute(sa.select(c.town, c.severity, c.received)).one()
    assert tuple(found) == (
        "E06000002",
        "slight",
        from_datetime(datetime(2023, 3, 4, 12, 10, tzinfo=UTC)),
    )
