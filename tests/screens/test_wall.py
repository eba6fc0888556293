"""The wall: its panels, its keys, what it never shows, and a store that comes and goes."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from bench.patience import patience
from console.domain.clock import DAY, HOUR, FixedClock, Pace
from console.store.engine import open_store
from console.store.pace import keep
from tests.screens.colours import COLOURS, to_be_seen_in
from tests.screens.stage import NOON, REPORTS
from tests.screens.wall_stage import floor, make_wall, screen_of, settled, text_of
from widgets.digits import HEIGHT, big, big_width
from widgets.pane import Pane

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with something to show, made once."""
    return floor(tmp_path_factory.mktemp("wall"))


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(made, tmp_path))


class TestPictures:
    """What the room sees."""

    @pytest.mark.parametrize("colours", COLOURS)
    @pytest.mark.parametrize("lang", ["zh", "en"])
    @pytest.mark.parametrize("size", list(SIZES))
    def test_wall(
        self,
        snap_compare: Callable[..., bool],
        file: Path,
        monkeypatch: pytest.MonkeyPatch,
        size: str,
        lang: str,
        colours: str,
    ) -> None:
        to_be_seen_in(colours, monkeypatch)
        panel = {"80x24": "now", "120x40": "fraud", "200x60": "towns"}[size]
        app = make_wall(file, lang, panels=(panel,))
        assert snap_compare(app, terminal_size=SIZES[size], run_before=settled)

    def test_ascii(self, snap_compare: Callable[..., bool], file: Path) -> None:
        app = make_wall(file, "en", panels=("traffic",), ascii_only=True)
        assert snap_compare(app, terminal_size=(120, 40), run_before=settled)

    def test_links(self, snap_compare: Callable[..., bool], file: Path) -> None:
        app = make_wall(file, "zh", panels=("links",))
        assert snap_compare(app, terminal_size=(80, 24), run_before=settled)


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (200, 60)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_panel_fits_and_shows_nobody(
    file: Path, lang: str, size: tuple[int, int]
) -> None:
    private = {one.caller for one in REPORTS} | {one.phone for one in REPORTS}
    private |= {"12-3-401", "育才东路", "金城路", "被困", "400,000", "400000"}
    app = make_wall(file, lang)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        seen = []
        for _ in screen_of(pilot).panels:
            for widget in pilot.app.screen.query(Pane):
                for y in range(widget.size.height if widget.display else 0):
                    assert widget.render_line(y).cell_length == widget.size.width
            shown = text_of(pilot)
            seen.append(shown)
            for word in private - {""}:
                assert word not in shown
            await pilot.press("right")
            await settled(pilot)
        assert len(set(seen)) == len(seen) or size[0] < 80


class TestFigures:
    async def test_they_are_those_of_the_store(self, file: Path) -> None:
        app = make_wall(file)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            found = screen_of(pilot).found
            assert found is not None
            assert (found.waiting, found.in_hand) == (3, 2)
            assert found.oldest is not None
            assert (NOON - found.oldest) // 60_000 == 30
            assert found.usual["fraud"].sign == "high"
            today, week, month, year = found.standings["fraud"]
            assert week.count == sum(n for day, n in found.week["fraud"] if day != found.today) + (
                today.count
            )
            assert month.count <= year.count
            assert sum(n for _, n in found.towns) == found.standings["all"][1].count
            assert len(found.week["fraud"]) == 7
            shown = text_of(pilot).splitlines()
            assert [line[91:].rstrip() for line in shown[3:8]] == [
                line.rstrip() for line in big("0:30", 2)
            ]

    def test_a_digit_is_five_lines_of_the_same_width(self) -> None:
        for text in ("0", "1234567890", "12:34", "-8.5%", "+3%", "x"):
            for across in (1, 2):
                drawn = big(text, across, plain=True)
                assert len(drawn) == HEIGHT
                assert {len(line) for line in drawn} == {big_width(text, across)}
        shapes = {tuple(big(digit)) for digit in "0123456789-+.:%"}
        assert len(shapes) == 15


class TestKeys:
    async def test_panels_come_round_and_can_be_held(self, file: Path) -> None:
        app = make_wall(file, every=0.05)
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            screen = screen_of(pilot)
            await pilot.press("space")
            assert screen.held
            held = screen.panel
            await pilot.pause(0.3)
            assert screen.panel == held
            await pilot.press("right")
            assert screen.panels.index(screen.panel) == (screen.panels.index(held) + 1) % 6
            await pilot.press("left", "space")
            await moved(pilot, held)

    async def test_a_panel_stands_as_long_as_was_said_and_not_twice_as_long(
        self, file: Path
    ) -> None:
        app = make_wall(file, every=0.5)
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            await moved(pilot, screen_of(pilot).panel)
            beats: list[int] = []
            screen_of(pilot).set_interval(0.5, lambda: beats.append(1))
            for _ in range(4):
                await moved(pilot, screen_of(pilot).panel)
            assert len(beats) < 7

    @pytest.mark.parametrize("key", ["q", "escape", "ctrl+c", "ctrl+q"])
    async def test_it_is_left(self, file: Path, key: str) -> None:
        app = make_wall(file)
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            await pilot.press(key)
            await pilot.pause()
            assert app._exit


async def moved(pilot: Pilot[None], panel: str) -> None:
    async with asyncio.timeout(patience(10)):
        while screen_of(pilot).panel == panel:
            await asyncio.sleep(0.005)


class TestItStands:
    async def test_a_store_that_goes_is_a_sentence_and_comes_back(self, file: Path) -> None:
        app = make_wall(file)
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            screen = screen_of(pilot)
            before = text_of(pilot)
            away = file.with_name("away.sqlite")
            os.rename(file, away)
            screen.read()
            await settled(pilot)
            assert screen.trouble is not None
            shown = text_of(pilot)
            assert "截至" in shown
            assert shown.splitlines()[3:10] == before.splitlines()[3:10]
            screen.read()
            await settled(pilot)
            os.rename(away, file)
            screen.read()
            await settled(pilot)
            assert screen.trouble is None
            assert "截至" not in text_of(pilot)

    async def test_the_store_of_a_drill_has_a_time_of_its_own(self, file: Path) -> None:
        store = open_store(str(file))
        with store.write() as tx:
            keep(tx, Pace(NOON - DAY, NOON, 2.0))
        clock = FixedClock(NOON)
        app = make_wall(file, clock=clock, panels=("fraud",))
        async with app.run_test(size=(100, 40)) as pilot:
            await settled(pilot)
            assert "2026-11-22 | 12:00:00" in text_of(pilot)
            clock.advance(3 * HOUR)
            screen = screen_of(pilot)
            screen._tick()
            await pilot.pause()
            assert "2026-11-22 | 18:00:00" in text_of(pilot)
            with store.write() as tx:
                keep(tx, Pace(NOON - HOUR, NOON, 0.0))
            screen.read()
            await settled(pilot)
            screen._tick()
            await pilot.pause()
            assert "2026-11-23 | 11:00:00" in text_of(pilot)
        store.close()

    async def test_a_day_that_ends(self, file: Path) -> None:
        clock = FixedClock(NOON)
        app = make_wall(file, clock=clock, panels=("fraud",))
        async with app.run_test(size=(100, 40)) as pilot:
            await settled(pilot)
            assert "2026-11-23" in text_of(pilot)
            clock.advance(DAY)
            screen = screen_of(pilot)
            screen.read()
            await settled(pilot)
            assert screen.found is not None
            assert str(screen.found.today) == "2026-11-24"
            assert screen.found.usual["fraud"].today == 0
            assert screen.found.week["fraud"][-2][1] > 0
            screen._tick()
            await pilot.pause()
            assert "2026-11-24" in text_of(pilot)

    async def test_nothing_is_written(self, file: Path) -> None:
        before = file.read_bytes()
        app = make_wall(file)
        async with app.run_test(size=(100, 30)) as pilot:
            for _ in range(3):
                screen_of(pilot).read()
                await settled(pilot)
        assert file.read_bytes() == before

    @pytest.mark.deep
    async def test_its_memory_is_flat(self, tmp_path: Path) -> None:
        from bench.wall import turns

        file = floor(tmp_path)
        app = make_wall(file)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            await turns(screen_of(pilot), 300)
            first = await turns(screen_of(pilot), 600)
            second = await turns(screen_of(pilot), 600)
        assert second - first < 1024, f"{second - first} KiB in 600 changes"
