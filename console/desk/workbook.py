"""The sheets of an Excel workbook (.xlsx) as rows of text, with openpyxl (the extra ``excel``).

openpyxl is imported when the first workbook is opened. Days and clocks come as ISO writes them,
whatever the cell shows; whole numbers without a point, and with the zeros that their format shows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.message import Problem, msg
from console.domain.text import clean
from console.extras import needed

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

_MOST_BYTES = 2 * 1024**3
"""What a workbook may hold unpacked."""

_MOST_ROWS = 1_048_576
"""Of a sheet, as Excel has it."""

_ZEROS = re.compile(r"0{2,20}")


class Workbook:
    """An Excel workbook.

    Args:
        path: the file.
        name: how it is called in sentences.

    Raises:
        Problem: openpyxl is not there, or it is no workbook.
    """

    def __init__(self, path: Path, name: str) -> None:
        with needed("excel"):
            from openpyxl import load_workbook
        self._name = name
        with self._faults():
            with zipfile.ZipFile(path) as packed:
                if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
                    raise Problem(msg("table.too_large", file=name))
            self._book = load_workbook(path, read_only=True, data_only=True)
            self.sheets: tuple[str, ...] = tuple(sheet.title for sheet in self._book.worksheets)

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """The rows of a sheet with their numbers.

        Raises:
            Problem: the sheet is damaged.
        """
        with self._faults():
            found = self._book[sheet]
            # What a workbook says of its own size is often wrong.
            found.reset_dimensions()
            for number, row in enumerate(islice(found.iter_rows(), _MOST_ROWS), 1):
                yield number, [_said(cell) for cell in row]  # type: ignore[arg-type]

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Whatever a damaged workbook does to the library is a sentence."""
        try:
            yield
        except (Problem, GeneratorExit):
            raise
        except Exception as error:
            reason = clean(f"{type(error).__name__}: {error}", 200).text
            raise Problem(msg("table.bad_workbook", file=self._name, reason=reason)) from error


def _said(cell: ReadOnlyCell | EmptyCell) -> str:
    """What a cell says, as text."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        bare = value.time() == time() and "h" not in cell.number_format.casefold()
        return value.date().isoformat() if bare else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and _ZEROS.fullmatch(cell.number_format):
        return str(value).zfill(len(cell.number_format))
    return str(value)
