"""Widgets, columns and rows: what a table is made of, and how the columns share its width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.cells import Align


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Args:
        id: its name for the program.
        label: its name for the officer.
        width: cells; for a flexible column, the least.
        align: side on which the text stands.
        priority: on a narrow screen the column with the lowest number goes first.
        flexible: takes the room that is left. Without any, the last column does.
    """

    id: str
    label: str
    width: int
    align: Align = "left"
    priority: int = 0
    flexible: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. Rows that are equal look the same and are not drawn again.

    Args:
        key: what the selection holds on to.
        cells: the text of each column, in the order of the columns.
        tone: the tone of the whole row.
        marks: tones of single cells, as (index of the column, tone).
    """

    key: int
    cells: tuple[str, ...]
    tone: str = "text"
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column that is drawn: its index among all columns, its cells, and its alignment."""

    index: int
    width: int
    align: Align


def place_columns(columns: Sequence[Column], width: int) -> tuple[PlacedColumn, ...]:
    """Share a width among columns.

    Args:
        columns: the columns from left to right.
        width: cells, gaps of one cell between the columns included.

    Returns:
        the columns that have room, the least important left out; the last one that is left is
        narrower than it wants to be where there is no room even for it.
    """
    kept = list(enumerate(columns))
    while len(kept) > 1 and _needed(kept) > width:
        lowest = min(column.priority for _, column in kept)
        kept.remove([item for item in kept if item[1].priority == lowest][-1])
    spare = max(0, width - _needed(kept))
    flexible = [index for index, column in kept if column.flexible] or [i for i, _ in kept[-1:]]
    share, rest = divmod(spare, len(flexible)) if flexible else (0, 0)
    extra = dict.fromkeys(flexible, share)
    if flexible:
        extra[flexible[-1]] += rest
    return tuple(
        PlacedColumn(index, max(0, min(width, column.width + extra.get(index, 0))), column.align)
        for index, column in kept
    )


def _needed(columns: Sequence[tuple[int, Column]]) -> int:
    return sum(column.width + 1 for _, column in columns) - 1
