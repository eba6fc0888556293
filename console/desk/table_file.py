"""A table as a file: rows with their lines, and the side file for those that are refused.

A table of text (also packed with gzip) is decoded once before anything is taken from it, so that
a wrong encoding is found while nothing has been done yet. A workbook is read sheet by sheet.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO, cast

from console import private
from console.desk.file_kind import Kind, kind_of
from console.desk.records import IsRow, Line, fitted, records
from console.desk.workbook import Workbook
from console.domain.message import Message, Problem, msg
from console.domain.rows import Lacks
from console.domain.text import clean

_BLOCK = 1 << 20
_START = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ("utf-8-sig", "gb18030")
"""Encodings of a table whose mapping names none."""

_DELIMITERS = (",", ";", "\t", "|")
"""What separates the cells where the mapping does not say, the likeliest first."""

_TITLES = 50
"""Rows among which the header is looked for."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_SUMS = frozenset(
    {"合计", "总计", "小计", "共计", "累计", "total", "totals", "subtotal", "grand total", "sum"}
)


class TableFile:
    """A file of rows under a header.

    Args:
        path: the file.
        encoding: as the mapping names it, None when it does not; a byte order mark in the file
            outranks it.
        delimiter: what separates the cells, None when the mapping does not say; a first line
            ``sep=;`` in the file outranks it.
        headed: whether a line has the names of the columns; they are ``#1``, ``#2`` … if not.
        sheet: which sheet of a workbook, "" for the first with the columns.
        lacks: how many of the wanted columns a row of names lacks; the header is the first row
            with all of them.

    Raises:
        Problem: it cannot be opened, is not text in this encoding, or is no table.
    """

    def __init__(
        self,
        path: Path,
        encoding: str | None,
        delimiter: str | None = ",",
        *,
        headed: bool = True,
        sheet: str = "",
        lacks: Lacks | None = None,
    ) -> None:
        self.path = path
        self._name = shown_name(path)
        self._headed = headed
        self._lacks: Lacks = lacks if lacks is not None else lambda _row: 0
        self._book: Workbook | None = None
        self._formulas = False
        self._above = 0
        """Lines before the first that csv reads: ``sep=;``."""
        self.encoding = ""
        self.delimiter = delimiter or ","
        self.others: tuple[str, ...] = ()
        """Further sheets of the workbook that have the columns too, and are not read."""
        with self._readable():
            kind = kind_of(path)
        if isinstance(kind, Message):
            raise Problem(msg("table.kind", file=self._name, kind=kind))
        self._packed = kind is Kind.GZIP
        if kind is Kind.WORKBOOK:
            self._book = Workbook(path, self._name)
            self._sheet = self._find_sheet(sheet)
        else:
            with self._readable():
                self._open_text(encoding, delimiter)

    def lines(self, is_row: IsRow | None = None) -> Iterator[Line]:
        """Every row below the header, in order; empty rows are passed over.

        Args:
            is_row: whether cells are a row of the table; what lies in a cell that is never closed
                is then read as rows.

        Raises:
            Problem: the file has become unreadable meanwhile.
        """
        width = len(self.header)
        with self._readable():
            for line in islice(self._records(width, is_row), self._skipped, None):
                cells = line.cells
                if not any(cells) and line.fault is None:
                    continue
                yield line if len(cells) == width else fitted(line, width)

    def is_sum(self, line: Line) -> bool:
        """Whether a row that was not taken is a line of sums, or the header again."""
        first = next((cell for cell in line.cells if cell.strip()), "")
        word = re.sub(r"[\s:：]+", "", first).casefold()
        return word in _SUMS or list(line.cells) == list(self.header)

    def _open_text(self, encoding: str | None, delimiter: str | None) -> None:
        with self._bytes() as file:
            start = file.read(_START)
        marked = _by_mark(start)
        guesses = (marked,) if marked else (encoding,) if encoding else _GUESSES
        for position, one in enumerate(guesses, 1):
            self.encoding = one
            try:
                self._check_encoding()
                break
            except Problem:
                if position == len(guesses):
                    self.encoding = guesses[0]
                    self._check_encoding()
        with self._open() as opened:
            text = opened.read(_START)
        if not text.strip():
            raise Problem(msg("table.empty", file=self._name))
        first = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
        if _CONTROLS.search(first.replace("\t", "")):
            raise Problem(msg("table.not_csv", file=self._name))
        said = _SEP.fullmatch(text.split("\n", 1)[0])
        self._above = int(said is not None)
        some = (said[1],) if said else (delimiter,) if delimiter else _DELIMITERS
        found: list[tuple[int, int, list[str]]] = []
        for one in some:
            self.delimiter = one
            found.append(self._find_header())
            if found[-1][0] == 0:
                break
        best = min(range(len(found)), key=lambda i: found[i][0])
        self.delimiter = some[best]
        _, self._skipped, self.header = found[best]
        if not any(cell.strip() for cell in self.header):
            raise Problem(msg("table.no_header", file=self._name))

    def _find_header(self) -> tuple[int, int, list[str]]:
        """How many columns are lacking, rows to pass over, and the names of the columns."""
        some = list(islice(self._records(None, None), _TITLES))
        rows = [(i, list(line.cells)) for i, line in enumerate(some) if line.cells]
        if not rows:
            return 10**6, 0, []
        if not self._headed:
            width = max(len(row) for _, row in rows)
            names = [f"#{n}" for n in range(1, width + 1)]
            written = rows[0][1]
            if self._lacks(written) == 0 and "#" in "".join(written):
                return 0, 1, written  # a corrected side file has them in its first line
            return self._lacks(names), 0, names
        lacking = [(self._lacks(row), i, row) for i, row in rows]
        # Where no row has them all, the one with most cells is the likeliest to be told about.
        least, i, row = min(lacking, key=lambda one: (one[0], one[0] and -sum(map(bool, one[2]))))
        if self._lacks(row) and not any(cell.strip() for cell in rows[0][1]):
            return least, 0, []
        return least, i + 1, row

    def _find_sheet(self, wanted: str) -> str:
        """The sheet to be read."""
        assert self._book is not None
        sheets = self._book.sheets
        if wanted and wanted not in sheets:
            raise Problem(msg("table.no_sheet", file=self._name, word=wanted, known=sheets))
        found: dict[str, tuple[int, int, list[str]]] = {}
        for self._sheet in (wanted,) if wanted else sheets:
            found[self._sheet] = self._find_header()
        if not found or not any(row for _, _, row in found.values()):
            raise Problem(msg("table.empty", file=self._name))
        best = min(found, key=lambda sheet: found[sheet][0])
        least, self._skipped, self.header = found[best]
        self.others = tuple(
            sheet for sheet, (lacking, _, row) in found.items()
            if sheet != best and lacking == least == 0 and row
        )  # fmt: skip
        return best

    def _records(self, width: int | None, is_row: IsRow | None) -> Iterator[Line]:
        if self._book is not None:
            for number, row in self._book.rows(self._sheet):
                yield Line(number, row + [""] * ((width or 0) - len(row)))
            return
        with self._open() as file:
            for _ in range(self._above):
                next(file, None)
            found = records(file, self.delimiter, width, is_row)
            if not self._formulas and not self._above:
                yield from found
                return
            for line in found:
                cells = [_bare(cell) for cell in line.cells] if self._formulas else line.cells
                yield Line(line.number + self._above, cells, line.fault)

    def _bytes(self) -> BinaryIO:
        if self._packed:
            return cast(BinaryIO, gzip.open(self.path, "rb"))
        return self.path.open("rb")

    def _open(self) -> TextIO:
        return io.TextIOWrapper(self._bytes(), encoding=self.encoding, newline="")

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Whatever the disk, the packing and the bytes do is a sentence."""
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            reason = str(error)
            raise Problem(msg("table.unreadable", file=str(self.path), reason=reason)) from error
        except OSError as error:
            raise _unreadable(self.path, error) from error
        except UnicodeDecodeError as error:
            raise Problem(msg("table.changed", file=str(self.path))) from error

    def _check_encoding(self) -> None:
        """Decode it all, to say on which line it is not what the mapping says."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line = 1
        last = ""
        self._formulas = False
        with self._bytes() as file:
            while True:
                block = file.read(_BLOCK)
                try:
                    text = decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    before = error.object[: error.start].decode(self.encoding, "replace")
                    raise Problem(
                        msg(
                            "table.encoding",
                            file=self._name,
                            encoding=self.encoding,
                            line=line + before.count("\n"),
                            byte=f"{error.object[error.start]:02X}",
                        )
                    ) from error
                if not block:
                    return
                line += text.count("\n")
                self._formulas = self._formulas or '="' in last + text
                last = text[-1:]


def _bare(cell: str) -> str:
    """A cell without the formula that keeps a spreadsheet from reading it as a number."""
    found = _FORMULA.fullmatch(cell) if cell.startswith('="') else None
    return found[1].replace('""', '"') if found else cell


class SideFile:
    """Where the rows go that were not taken, or not whole: with line, reason and every cell.

    Made with the first row. Its columns are those of the table with two before them,
    so that it can be corrected and imported with the same mapping.

    Args:
        source: the table's file.
        folders: where it may lie, the best first.
        table: the table, whose header and delimiter it shares.
        say: makes a sentence of a reason.
    """

    def __init__(
        self,
        source: Path,
        folders: Sequence[Path],
        table: TableFile,
        say: Callable[[Message], str],
    ) -> None:
        writable = [one for one in folders if one.is_dir() and os.access(one, os.W_OK)]
        folder = writable[0] if writable else Path(tempfile.gettempdir())
        self._path = folder / f"{source.name}.refused.csv"
        self._header = ["line", "reason", *table.header]
        self._delimiter = table.delimiter
        self._say = say
        self._file: TextIO | None = None

    @property
    def path(self) -> Path | None:
        """Where it is, None while nothing had to be kept."""
        return self._path if self._file is not None else None

    def keep(self, line: Line, reason: Message) -> None:
        """Write a row down as it came.

        Raises:
            Problem: the disk does not take it.
        """
        try:
            if self._file is None:
                self._file = os.fdopen(
                    private.rewrite(self._path),
                    "w",
                    encoding="utf-8-sig",
                    errors="backslashreplace",
                    newline="",
                )
                self._write(self._header)
            self._write([str(line.number), self._say(reason), *line.cells])
        except OSError as error:
            raise Problem(
                msg("table.side_file", file=str(self._path), reason=error.strerror or str(error))
            ) from error

    def _write(self, cells: Sequence[str]) -> None:
        assert self._file is not None
        csv.writer(self._file, delimiter=self._delimiter).writerow(cells)
        self._file.flush()

    def __enter__(self) -> SideFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()


def _by_mark(start: bytes) -> str | None:
    """The encoding that a byte order mark names."""
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)


def _unreadable(path: Path, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(msg("table.missing", file=str(path)))
    if isinstance(error, IsADirectoryError):
        return Problem(msg("table.folder", file=str(path)))
    return Problem(msg("table.unreadable", file=str(path), reason=error.strerror or str(error)))


def shown_name(path: Path) -> str:
    """A file's name as it may be written down and drawn."""
    return clean(path.name, 200).text
