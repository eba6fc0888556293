"""Rows of delimited text, with a quotation mark that nobody closed found at its line.

The csv module lets an open mark swallow every row behind it. Here what it took for one row of
several lines is looked at again: when a row of the table lies inside, the mark was opened by
mistake on the first line, which is refused; the lines behind it are read again. Each line is read
a bounded number of times, whatever the file holds.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from console.domain.message import Message, msg

LONGEST_CELL = 32 * 1024 * 1024
"""A cell of more characters than this is a quotation mark that nobody closed."""

_MOST_LINES = 500_000
"""The same for the lines of a row."""

IsRow: TypeAlias = Callable[[Sequence[str]], bool]


class Line(NamedTuple):
    """One row of a table and the line of the file on which it begins."""

    number: int
    cells: Sequence[str]
    fault: Message | None = None
    """Why it is not a row of this table; `cells` is then what there is of it."""


class _Lines:
    """The lines of a file as the csv module draws them; those of the current row are kept."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self.number = 0
        """Of the line that was given last."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number += 1
        self.held.append(line)
        if len(self.held) > _MOST_LINES:
            raise csv.Error("too many lines")
        return line

    def give_back(self) -> None:
        """All lines of the current row but the first are to be read again."""
        self._again.extendleft(reversed(self.held[1:]))
        self.number -= len(self.held) - 1


def records(
    lines: Iterable[str], delimiter: str, width: int | None = None, is_row: IsRow | None = None
) -> Iterator[Line]:
    """The rows of delimited text; an empty line is a row without cells.

    Args:
        lines: the file's lines, with their ends.
        delimiter: what separates the cells.
        width: how many cells a row has, None while nobody knows.
        is_row: whether cells of this width are a row of the table, for a line inside of a cell
            that could be one by its width.
    """
    # The limit is the csv module's own, for the whole process.
    csv.field_size_limit(LONGEST_CELL)
    feed = _Lines(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    alone = 0
    while True:
        feed.held.clear()
        first = feed.number + 1
        cells: list[str] | None = None
        reason = ""
        try:
            if first < alone:
                next(feed)
            else:
                cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = str(error)
        held = feed.held
        if len(held) < 2:
            if cells is None:
                yield _single(held[0] if held else "", delimiter, first)
            else:
                yield Line(first, cells)
        elif width is not None and any(
            _inside(line, delimiter, width, is_row) for line in held[1:]
        ):
            # Nothing before the row's last line ends what was opened on the first one.
            alone = feed.number
            feed.give_back()
            yield _single(held[0], delimiter, first, unclosed=True)
        elif cells is None:
            yield Line(first, (), _unreadable(reason))
        elif width is not None and len(cells) != width and any(cells[width:] or [" "]):
            yield Line(first, cells, _ragged(cells, width, first, feed.number))
        else:
            yield Line(first, cells)


def _inside(line: str, delimiter: str, width: int, is_row: IsRow | None) -> bool:
    """Whether a line of a cell is itself a row of the table."""
    if line.count(delimiter) < width - 1:
        return False
    one = _single(line, delimiter, 0)
    return len(one.cells) == width and (is_row is None or is_row(one.cells))


def _single(line: str, delimiter: str, number: int, *, unclosed: bool = False) -> Line:
    """A row of one line, whatever its quotation marks."""
    line = line.rstrip("\r\n")
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=not unclosed), [])
    except csv.Error as error:
        unclosed = "end of data" in str(error)
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error as other:
            return Line(number, (), _unreadable(str(other)))
    return Line(number, cells, msg("row.unclosed") if unclosed else None)


def fitted(line: Line, width: int) -> Line:
    """The row as one of `width` cells: empty ones too many are left out, others are a fault."""
    cells = line.cells
    if len(cells) == width or line.fault is not None:
        return line
    if len(cells) > width and not any(cells[width:]):
        return Line(line.number, cells[:width])
    return Line(line.number, cells, _ragged(cells, width, line.number, line.number))


def _unreadable(reason: str) -> Message:
    """What the csv module means."""
    long = "limit" in reason or "too many" in reason
    return msg("row.too_long") if long else msg("row.marks")


def _ragged(cells: Sequence[str], width: int, first: int, last: int) -> Message:
    if last > first:
        return msg("row.ragged_lines", have=len(cells), want=width, first=first, last=last)
    return msg("row.ragged", have=len(cells), want=width)
