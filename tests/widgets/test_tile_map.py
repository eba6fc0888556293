"""The map of tiles: where the arrows go, what is drawn, and that only what changed is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from console.domain.risk_map_file import MOST_COLUMNS
from tests.domain.shipped import rules
from tests.widgets.stage import HOSTILE, Stage, check_screen, drawn_lines
from widgets.tile_map import Tile, TileMap, neighbour

TILES = tuple(
    Tile(
        place.town,
        place.row,
        place.column,
        rules().gazetteer.towns[place.town].short,
        "!" if place.row == 2 else "o",
        str(7 * place.row + place.column),
        "红" if place.row == 2 else "绿",
        "+1" if place.row == 2 else "",
        "risk5" if place.row == 2 else "risk1",
    )
    for place in rules().risk_map.places
)
OUTSIDE = tuple(Tile(key, 0, 0, key, count="3") for key in ("开发区", "农场", ""))
BY_NAME = {tile.name: tile for tile in TILES}

SIZES = [(80, 10), (80, 11), (72, 34), (120, 57), (48, 8), (30, 5), (6, 3), (5, 1)]


class KeptStage(Stage):
    """A stage that hears the map."""

    def on_tile_map_selected(self, message: TileMap.Selected) -> None:
        self.told.append(message)


class TestNeighbours:
    @pytest.mark.parametrize(
        ("at", "direction", "there"),
        [
            ("新塘", "left", "城厢"),
            ("新塘", "right", "衙前"),
            ("新塘", "up", "宁围"),
            ("新塘", "down", "所前"),
            ("靖江", "up", "南阳"),
            ("北干", "up", "盈丰"),
            ("盈丰", "right", "宁围"),
            ("城厢", "left", "闻堰"),
            ("河上", "down", "楼塔"),
            ("楼塔", "down", "楼塔"),
            ("益农", "right", "益农"),
            ("南阳", "up", "南阳"),
            ("党湾", "up", "南阳"),
        ],
    )
    def test_the_arrow_goes_to_the_town_that_lies_there(
        self, at: str, direction: str, there: str
    ) -> None:
        assert neighbour(TILES, BY_NAME[at], direction).name == there

    def test_every_tile_can_be_reached_from_every_other(self) -> None:
        everywhere = {tile.key for tile in TILES}
        for start in TILES:
            found, waiting = {start.key}, [start]
            while waiting:
                at = waiting.pop()
                for direction in ("up", "down", "left", "right"):
                    there = neighbour(TILES, at, direction)
                    if there.key not in found:
                        found.add(there.key)
                        waiting.append(there)
            assert found == everywhere, start.name

    @given(
        st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1),
        st.sampled_from(("up", "down", "left", "right")),
    )
    def test_it_never_goes_back(self, places: set[tuple[int, int]], direction: str) -> None:
        tiles = [Tile(f"{row}-{column}", row, column, "") for row, column in sorted(places)]
        for at in tiles:
            there = neighbour(tiles, at, direction)
            if there is not at:
                gone = {
                    "up": at.row - there.row,
                    "down": there.row - at.row,
                    "left": at.column - there.column,
                    "right": there.column - at.column,
                }
                assert gone[direction] > 0


class TestDrawing:
    @pytest.mark.parametrize("size", SIZES)
    async def test_every_line_is_as_wide_as_the_screen(self, size: tuple[int, int]) -> None:
        tiles = TileMap(title="五色图")
        app = KeptStage(tiles)
        async with app.run_test(size=size) as pilot:
            tiles.set_tiles(TILES, OUTSIDE)
            await pilot.pause()
            check_screen(app)

    @pytest.mark.parametrize(
        ("size", "heights"),
        [((80, 10), 1), ((72, 18), 2), ((72, 27), 3), ((72, 34), 4), ((120, 57), 5)],
    )
    async def test_tiles_are_as_tall_as_there_is_room(
        self, size: tuple[int, int], heights: int
    ) -> None:
        tiles = TileMap(title="五色图")
        app = KeptStage(tiles)
        async with app.run_test(size=size) as pilot:
            tiles.set_tiles(TILES, OUTSIDE)
            await pilot.pause()
            lines = app.lines()
            shown = "".join(lines)
            for tile in TILES:
                assert tile.name in shown
            top = next(n for n, line in enumerate(lines) if "河上" in line)
            below = next(n for n, line in enumerate(lines) if "楼塔" in line)
            assert below - top == heights
            assert "农场" in lines[next(n for n, one in enumerate(lines) if "开发区" in one)]

    async def test_signs_words_counts_and_changes_stand_on_tall_tiles(self) -> None:
        tiles = TileMap()
        app = KeptStage(tiles)
        async with app.run_test(size=(120, 42)) as pilot:
            tiles.set_tiles(TILES)
            await pilot.pause()
            lines = app.lines()
            row = next(n for n, line in enumerate(lines) if "瓜沥" in line)
            assert lines[row + 1].count("! 红") == 5
            assert lines[row + 2].count("+1") == 5
            assert "18" in lines[row + 2]

    async def test_the_selected_tile_has_a_sign_and_stays_in_sight(self) -> None:
        tiles = TileMap()
        app = KeptStage(tiles)
        async with app.run_test(size=(60, 4)) as pilot:
            tiles.set_tiles(TILES, OUTSIDE)
            for tile in (*TILES, *OUTSIDE):
                assert tiles.select(tile.key)
                await pilot.pause()
                marked = [line for line in app.lines() if ">" in line]
                assert len(marked) == 1, tile.name
                assert tile.name[:2] in marked[0].partition(">")[2]

    async def test_hostile_names_are_only_drawn(self) -> None:
        tiles = TileMap()
        hostile = [replace(TILES[n], name=text, count=text) for n, text in enumerate(HOSTILE)]
        app = KeptStage(tiles)
        async with app.run_test(size=(120, 42)) as pilot:
            tiles.set_tiles(hostile)
            await pilot.pause()
            check_screen(app)

    @pytest.mark.parametrize("width", [80, 66])
    async def test_as_many_columns_as_a_rule_file_may_have_are_drawn(self, width: int) -> None:
        tiles = TileMap()
        app = KeptStage(tiles)
        row = [replace(TILES[0], key=str(n), row=0, column=n) for n in range(MOST_COLUMNS)]
        async with app.run_test(size=(width, 10)) as pilot:
            tiles.set_tiles(row)
            await pilot.pause()
            assert "".join(app.lines()).count(TILES[0].sign) == MOST_COLUMNS

    async def test_nothing_to_show(self) -> None:
        tiles = TileMap(title="x")
        app = KeptStage(tiles)
        async with app.run_test(size=(40, 5)) as pilot:
            tiles.set_tiles(())
            await pilot.press("up", "down", "left", "right")
            check_screen(app)
            assert tiles.selected is None
            assert app.told == []


class TestChanging:
    async def test_only_the_lines_of_a_changed_tile_are_drawn(self) -> None:
        tiles = TileMap()
        app = KeptStage(tiles)
        async with app.run_test(size=(120, 42)) as pilot:
            tiles.set_tiles(TILES)
            await pilot.pause()
            with drawn_lines(tiles) as drawn:
                tiles.set_tiles(TILES)
                await pilot.pause()
                assert drawn == []
                changed = [replace(t, count="99") if t.name == "楼塔" else t for t in TILES]
                tiles.set_tiles(changed)
                await pilot.pause()
                assert len(drawn) == 1
                drawn.clear()
                await pilot.press("right")
                await pilot.pause()
                assert 0 < len(drawn) <= 8

    async def test_the_selection_stays_with_its_key(self) -> None:
        tiles = TileMap()
        app = KeptStage(tiles)
        async with app.run_test(size=(80, 20)) as pilot:
            tiles.set_tiles(TILES)
            tiles.select(BY_NAME["瓜沥"].key)
            tiles.set_tiles(tuple(reversed(TILES)))
            await pilot.pause()
            assert tiles.selected is not None
            assert tiles.selected.name == "瓜沥"
            assert not tiles.select("nowhere")
            assert tiles.selected.name == "瓜沥"

    async def test_arrows_tell_what_is_selected_and_go_below_the_map(self) -> None:
        tiles = TileMap()
        app = KeptStage(tiles)
        async with app.run_test(size=(80, 20)) as pilot:
            tiles.set_tiles(TILES, OUTSIDE)
            tiles.select(BY_NAME["戴村"].key)
            await pilot.press("down", "down", "down", "right", "right", "right")
            await pilot.pause()
            keys = [one.key for one in app.told if isinstance(one, TileMap.Selected)]
            assert keys == [BY_NAME["河上"].key, BY_NAME["楼塔"].key, "开发区", "农场", ""]
            await pilot.press("up")
            await pilot.pause()
            assert tiles.selected is not None
            assert tiles.selected.name in BY_NAME

    async def test_a_click_selects(self) -> None:
        tiles = TileMap(title="x")
        app = KeptStage(tiles)
        async with app.run_test(size=(80, 20)) as pilot:
            tiles.set_tiles(TILES, OUTSIDE)
            await pilot.pause()
            lines = app.lines()
            y = next(n for n, line in enumerate(lines) if "瓜沥" in line)
            await pilot.click(TileMap, offset=(13 * 4 + 3, y))
            await pilot.pause()
            assert [one.key for one in app.told] == [BY_NAME["瓜沥"].key]  # type: ignore[attr-defined]
            y = next(n for n, line in enumerate(lines) if "农场" in line)
            await pilot.click(TileMap, offset=(13 + 3, y))
            await pilot.click(TileMap, offset=(1, 1))
            await pilot.pause()
            assert tiles.selected is not None
            assert tiles.selected.key == "农场"


def test_other_keys_are_left_alone() -> None:
    tiles = TileMap()
    event = events.Key("enter", None)
    tiles.on_key(event)
    assert not event._stop_propagation
