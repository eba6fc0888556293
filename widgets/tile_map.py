"""Widgets, a map of tiles: places on a grid, each with a name, a sign, a word and a count.

A tile is as large as the room allows, from one line up to five. Colour is a tone; the sign
says the same without it. The arrow keys go to the tile that lies that way. Tiles outside of
the map stand below it, a line a row, and have no colour. Only lines that changed are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Unpack

from textual import events
from textual.message import Message

from widgets.cells import cell_len, fit
from widgets.lines import LinesView
from widgets.pane import Line, PaneOptions, Span

TALLEST: Final = 5
"""Lines of a tile, the empty one below it included."""

_STEPS: Final = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


@dataclass(frozen=True, slots=True)
class Tile:
    """One place.

    `tone` is the ground that it is drawn on ("text" for none). `word` says what the sign
    means, `mark` what has changed; both are left out where there is no room.
    """

    key: str
    row: int
    column: int
    name: str
    sign: str = ""
    count: str = ""
    word: str = ""
    mark: str = ""
    tone: str = "text"


def neighbour(tiles: Iterable[Tile], at: Tile, direction: str) -> Tile:
    """The tile that lies in a direction; the same one where there is none.

    Looked for within 45 degrees of the direction; of two equally far, the one straight ahead.

    Args:
        tiles: all of them.
        at: from where.
        direction: ``up``, ``down``, ``left`` or ``right``.
    """
    down, right = _STEPS[direction]
    found: list[tuple[int, int, int, Tile]] = []
    for n, tile in enumerate(tiles):
        rows, columns = tile.row - at.row, tile.column - at.column
        ahead = rows * down + columns * right
        aside = abs(rows * right + columns * down)
        if ahead > 0 and aside <= ahead:
            found.append((ahead + aside, aside, n, tile))
    return min(found)[3] if found else at


class TileMap(LinesView):
    """A map of tiles, one of which is selected.

    Args:
        title: text of the title rule; empty for none.
        options: `id` and `classes` of the widget.
    """

    class Selected(Message):
        """Another tile is selected.

        Attributes:
            key: of the tile.
        """

        def __init__(self, tile_map: TileMap, key: str) -> None:
            super().__init__()
            self.tile_map = tile_map
            self.key = key

        @property
        def control(self) -> TileMap:
            """The map; Textual's selectors ask for it."""
            return self.tile_map

    def __init__(self, *, title: str = "", **options: Unpack[PaneOptions]) -> None:
        super().__init__(title=title, **options)
        self.can_focus = True
        self._tiles: tuple[Tile, ...] = ()
        self._outside: tuple[Tile, ...] = ()
        self._key: str | None = None
        self._heights: tuple[int, ...] = ()
        """Lines of each row of the grid and of the rows below it."""

    # What it shows

    def set_tiles(self, tiles: Sequence[Tile], outside: Sequence[Tile] = ()) -> None:
        """Show these tiles; the selection stays with its key.

        Args:
            tiles: the map; each place of the grid at most once.
            outside: what has no place on it, in order; their rows and columns are given here.
        """
        self._tiles = tuple(tiles)
        columns = self._columns
        below = self._rows
        self._outside = tuple(
            replace(one, row=below + n // columns, column=n % columns)
            for n, one in enumerate(outside)
        )
        if self.selected is None and self._all:
            self._key = self._all[0].key
        self._draw()

    @property
    def selected(self) -> Tile | None:
        """The selected tile; None before there is any."""
        return next((tile for tile in self._all if tile.key == self._key), None)

    def select(self, key: str) -> bool:
        """Select a tile without telling anybody; returns whether it is there."""
        if all(tile.key != key for tile in self._all):
            return False
        if key != self._key:
            self._key = key
            self._draw()
        return True

    # Keys

    def on_key(self, event: events.Key) -> None:
        """The arrows go from tile to tile."""
        at = self.selected
        if at is None or event.key not in _STEPS:
            return
        event.stop()
        event.prevent_default()
        self._choose(neighbour(self._all, at, event.key))

    def on_click(self, event: events.Click) -> None:
        """A click selects a tile."""
        y = event.y - self.body_top + self.top
        row = 0
        while row < len(self._heights) and y >= self._heights[row]:
            y -= self._heights[row]
            row += 1
        column = event.x // self._width if self._width else 0
        for tile in self._all:
            if (tile.row, tile.column) == (row, column):
                event.stop()
                self._choose(tile)

    def _choose(self, tile: Tile) -> None:
        if tile.key != self._key:
            self.select(tile.key)
            self.post_message(self.Selected(self, tile.key))

    # Drawing

    @property
    def _all(self) -> tuple[Tile, ...]:
        return (*self._tiles, *self._outside)

    @property
    def _rows(self) -> int:
        return max((tile.row for tile in self._tiles), default=-1) + 1

    @property
    def _columns(self) -> int:
        return max((tile.column for tile in self._tiles), default=0) + 1

    @property
    def _width(self) -> int:
        """Cells of a tile, the empty one behind it included."""
        return self.size.width // self._columns

    def body_resized(self) -> None:
        """Tiles get their size from the room."""
        self._draw()

    def _draw(self) -> None:
        if not self.is_attached or not self._all or self._width < 3:
            return
        rows = self._rows
        below = max((tile.row + 1 - rows for tile in self._outside), default=0)
        room = self.body_height - below
        height = max(1, min(TALLEST, room // rows)) if rows else 1
        # Tall tiles end with an empty line of their own.
        gap = 1 if below and height < 3 and room > rows * height else 0
        grid = {(tile.row, tile.column): tile for tile in self._all}
        heights = [height] * rows + [1] * below
        if gap and rows:
            heights[rows - 1] += gap
        lines: list[Line] = []
        for row, tall in enumerate(heights):
            tall_tile = tall - gap if row == rows - 1 else tall
            filled = tall_tile if tall_tile < 3 else tall_tile - 1
            for y in range(tall):
                spans: list[Span] = []
                for column in range(self._columns):
                    tile = grid.get((row, column)) if y < filled else None
                    spans += self._piece(tile, y, filled)
                lines.append(spans)
        self._heights = tuple(heights)
        self.set_lines(lines)
        self._keep_in_sight()

    def _piece(self, tile: Tile | None, y: int, height: int) -> list[Span]:
        """One line of a tile, `_width` cells wide."""
        if tile is None:
            return [(" " * self._width, "text")]
        chosen = tile.key == self._key
        lead = ">" if chosen else " "
        room = self._width - 2
        cursor = ("cursor" if self.has_focus else "cursor-idle") if chosen else tile.tone
        if height == 1:
            count = min(cell_len(tile.count), room)
            name = fit(tile.name, room - cell_len(tile.sign) - count - 1)
            text = f"{name} {fit(tile.count, count)}"
            text = fit(text, room - cell_len(tile.sign))
            return [(lead + tile.sign, tile.tone), (text, cursor), (" ", "text")]
        if y == 0:
            return [(lead, tile.tone), (fit(tile.name, room), cursor), (" ", "text")]
        if height == 2:
            words = f"{tile.mark} {tile.word}" if tile.mark else tile.word
            text = _both(f"{tile.sign} {tile.count}", words, room)
        else:
            text = ("", f"{tile.sign} {tile.word}", _both(tile.count, tile.mark, room), "")[y]
        return [(lead + fit(text, room), tile.tone), (" ", "text")]

    def _keep_in_sight(self) -> None:
        tile = self.selected
        if tile is None:
            return
        first = sum(self._heights[: tile.row])
        last = first + self._heights[tile.row] - 1
        if first < self.top:
            self.scroll_lines(first - self.top)
        elif last >= self.top + self.body_height:
            self.scroll_lines(last - self.top - self.body_height + 1)

    def keyboard_changed(self) -> None:
        """The cursor is lively, or pale."""
        self._draw()
        super().keyboard_changed()


def _both(left: str, right: str, room: int) -> str:
    """Two texts at the ends of a line; the right one only where both have room."""
    between = room - cell_len(left) - cell_len(right)
    return left if not right or between < 1 else left + " " * between + right
