"""A table as a file: rows with their lines, and the side file for those that are refused.

The whole file is decoded once before anything is taken from it, so that a wrong
encoding is found while nothing has been done yet.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TextIO

from console import private
from console.domain.message import Message, Problem, msg
from console.domain.text import clean

LONGEST_CELL = 32 * 1024 * 1024
"""A cell of more characters than this is a quotation mark that nobody closed."""

_BLOCK = 1 << 20
_START = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Line(NamedTuple):
    """One row of a table and the line of the file on which it begins."""

    number: int
    cells: Sequence[str]
    fault: Message | None = None
    """Why it is not a row of this table; `cells` is then what there is of it."""


class TableFile:
    """A file of comma-separated rows under a header.

    Args:
        path: the file.
        encoding: as the mapping names it; a byte order mark in the file outranks it.
        delimiter: what separates the cells.

    Raises:
        Problem: it cannot be opened, is not text in this encoding, or is no table.
    """

    def __init__(self, path: Path, encoding: str, delimiter: str = ",") -> None:
        self.path = path
        self._delimiter = delimiter
        try:
            with path.open("rb") as file:
                start = file.read(_START)
            self.encoding = _by_mark(start) or encoding
            self._check_encoding()
        except OSError as error:
            raise _unreadable(path, error) from error
        self.header = self._header()

    def lines(self) -> Iterator[Line]:
        """Every row below the header, in order; empty lines are passed over.

        Raises:
            Problem: the file has become unreadable meanwhile.
        """
        # The limit is the csv module's own, for the whole process.
        csv.field_size_limit(LONGEST_CELL)
        width = len(self.header)
        try:
            with self._open() as file:
                reader = csv.reader(file, delimiter=self._delimiter)
                next(reader, None)
                while True:
                    number = reader.line_num + 1
                    try:
                        cells = next(reader)
                    except StopIteration:
                        return
                    except csv.Error as error:
                        yield Line(number, (), msg("row.csv", reason=str(error)))
                        continue
                    if len(cells) == width:
                        yield Line(number, cells)
                    elif cells:
                        yield Line(number, cells, _ragged(cells, width, number, reader.line_num))
        except OSError as error:
            raise _unreadable(self.path, error) from error
        except UnicodeDecodeError as error:
            raise Problem(msg("table.changed", file=str(self.path))) from error

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, newline="")

    def _check_encoding(self) -> None:
        """Decode it all, to say on which line it is not what the mapping says."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line = 1
        with self.path.open("rb") as file:
            while True:
                block = file.read(_BLOCK)
                try:
                    text = decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    before = error.object[: error.start].decode(self.encoding, "replace")
                    raise Problem(
                        msg(
                            "table.encoding",
                            file=shown_name(self.path),
                            encoding=self.encoding,
                            line=line + before.count("\n"),
                            byte=f"{error.object[error.start]:02X}",
                        )
                    ) from error
                if not block:
                    return
                line += text.count("\n")

    def _header(self) -> list[str]:
        name = shown_name(self.path)
        with self._open() as file:
            start = file.read(_START)
        if not start.strip():
            raise Problem(msg("table.empty", file=name))
        if _CONTROLS.search(re.split(r"[\r\n]", start.lstrip("\r\n"), maxsplit=1)[0]):
            raise Problem(msg("table.not_csv", file=name))
        csv.field_size_limit(LONGEST_CELL)
        with self._open() as file:
            try:
                header = next(csv.reader(file, delimiter=self._delimiter), [])
            except csv.Error as error:
                raise Problem(msg("table.not_csv", file=name)) from error
        if not any(cell.strip() for cell in header):
            raise Problem(msg("table.no_header", file=name))
        return header


class SideFile:
    """Where the rows go that were not taken, or not whole: with line, reason and every cell.

    Made with the first row. Its columns are those of the table with two before them,
    so that it can be corrected and imported with the same mapping.

    Args:
        source: the table's file.
        folders: where it may lie, the best first.
        header: the table's header.
        say: makes a sentence of a reason.
    """

    def __init__(
        self,
        source: Path,
        folders: Sequence[Path],
        header: Sequence[str],
        say: Callable[[Message], str],
    ) -> None:
        writable = [one for one in folders if one.is_dir() and os.access(one, os.W_OK)]
        folder = writable[0] if writable else Path(tempfile.gettempdir())
        self._path = folder / f"{source.name}.refused.csv"
        self._header = ["line", "reason", *header]
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
        csv.writer(self._file).writerow(cells)
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


def _ragged(cells: Sequence[str], width: int, first: int, last: int) -> Message:
    if last > first:
        return msg("row.ragged_lines", have=len(cells), want=width, first=first, last=last)
    return msg("row.ragged", have=len(cells), want=width)


def shown_name(path: Path) -> str:
    """A file's name as it may be written down and drawn."""
    return clean(path.name, 200).text
