"""The five-colour map (F4): what it shows, what its keys do, and that it agrees with the queue."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console
from rich.segment import Segment
from textual.pilot import Pilot
from textual.strip import Strip

from adapters.port import Report
from bench.emulator import Emulator
from console import cli_map
from console.app import ZhibanApp
from console.desk.mapped import mapped
from console.desk.session import Session
from console.domain.panels import Window
from console.i18n import Translator
from console.screens.main import MainScreen
from console.screens.map import MapPage
from tests.screens.colours import COLOURS, to_be_seen_in
from tests.screens.map_stage import make_map_session
from tests.screens.stage import NOON, make_app, make_session, settle, until
from widgets.status_bar import StatusBar

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}
XINTANG, BEIGAN, FARM = "330109004", "330109002", "330109503"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = make_map_session(tmp_path)
    yield made
    made.desk.store.close()


def page(app: ZhibanApp) -> MapPage:
    """The map's page, which is shown."""
    found = main(app).page
    assert isinstance(found, MapPage)
    return found


def main(app: ZhibanApp) -> MainScreen:
    screen = app.screen
    assert isinstance(screen, MainScreen)
    return screen


def said(app: ZhibanApp) -> str:
    """The message line."""
    return "".join(text for text, _tone in main(app).query_one("#line", StatusBar)._left)


def field_of(shown: MapPage) -> str:
    """Whose map is drawn."""
    assert shown.mapped is not None
    return shown.mapped.map.field


def window_of(shown: MapPage) -> Window:
    """The window that is drawn."""
    assert shown.mapped is not None
    return shown.mapped.window


def card(app: ZhibanApp) -> str:
    """The words of the card."""
    lines = page(app).card.lines
    return "\n".join(
        line if isinstance(line, str) else "".join(text for text, _tone in line) for line in lines
    )


def text(app: ZhibanApp) -> list[str]:
    """The screen, line by line."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def at_rest(app: ZhibanApp) -> bool:
    """Whether the map is shown, and shows what was asked for."""
    shown = main(app).page
    if not isinstance(shown, MapPage) or shown.mapped is None:
        return False
    window = shown.mapped.window
    return shown.mapped.map.field == shown.field and shown.chosen in (window, window.name)


async def map_settles(pilot: Pilot[None]) -> None:
    """Wait for the map, and until nothing is being read any more."""
    await until(pilot, lambda: at_rest(pilot.app))  # type: ignore[arg-type]
    await settle(pilot)


async def line(app: ZhibanApp, pilot: Pilot[None], words: str) -> None:
    """Do a line of the command line that shows the map."""
    main(app).entry.run(words)
    await settle(pilot)
    await map_settles(pilot)


def map_after(*keys: str) -> Callable[[Pilot[None]], object]:
    """For a snapshot: open the map, press keys, wait for it after each."""

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in ("f4", *keys):
            await pilot.press(key)
            await map_settles(pilot)

    return run


class TestPictures:
    """What the officer sees."""

    @pytest.mark.parametrize("colours", COLOURS)
    @pytest.mark.parametrize("lang", ["zh", "en"])
    @pytest.mark.parametrize("size", SIZES)
    def test_map(
        self,
        snap_compare: Callable[..., bool],
        session: Session,
        monkeypatch: pytest.MonkeyPatch,
        size: str,
        lang: str,
        colours: str,
    ) -> None:
        to_be_seen_in(colours, monkeypatch)
        app = make_app(session, lang)
        keys = ("4",) if size == "120x40" else ()
        assert snap_compare(app, terminal_size=SIZES[size], run_before=map_after(*keys))

    def test_light(self, snap_compare: Callable[..., bool], session: Session) -> None:
        app = make_app(session, "zh", "light")
        assert snap_compare(app, terminal_size=SIZES["120x40"], run_before=map_after("2"))

    def test_ascii_and_contrast(self, snap_compare: Callable[..., bool], session: Session) -> None:
        app = make_app(session, "en", "contrast", ascii_only=True)
        assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=map_after("2"))


class TestKeys:
    async def test_digits_choose_field_and_window_and_brackets_move_in_time(
        self, session: Session
    ) -> None:
        app = make_app(session)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("f4")
            await map_settles(pilot)
            shown = page(app)
            assert (field_of(shown), window_of(shown).name) == ("all", "week")
            told = []
            for key in ("2", "3", "4", "5", "7", "8", "6"):
                await pilot.press(key)
                await map_settles(pilot)
                told.append((field_of(shown), window_of(shown).name))
            assert told == [
                ("traffic", "week"),
                ("fraud", "week"),
                ("fire", "week"),
                ("fire", "today"),
                ("fire", "month"),
                ("fire", "year"),
                ("fire", "week"),
            ]
            assert "[4 火警]" in text(app)[1]
            assert "[6 近七天]" in text(app)[1]
            week = window_of(shown)
            await pilot.press("[")
            await map_settles(pilot)
            assert window_of(shown).last == week.first - timedelta(days=1)
            assert window_of(shown).days == 7
            await pilot.press("]")
            await map_settles(pilot)
            assert (window_of(shown).first, window_of(shown).last) == (week.first, week.last)
            assert main(app).entry.line.text == ""

    async def test_letters_still_begin_a_command(self, session: Session) -> None:
        app = make_app(session, "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("f4")
            await map_settles(pilot)
            await pilot.press(*"filter")
            assert main(app).entry.line.text == "filter"

    async def test_the_worst_town_is_selected_first_and_arrows_go_to_neighbours(
        self, session: Session
    ) -> None:
        app = make_app(session)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("f4")
            await map_settles(pilot)
            shown = page(app)
            assert shown.mapped is not None
            worst = max(shown.mapped.map.tiles, key=lambda tile: tile.now.score)
            assert shown.tiles.selected is not None
            assert shown.tiles.selected.key == worst.place.town == XINTANG
            assert "新塘街道" in text(app)[2]
            await pilot.press("up")
            await settle(pilot)
            assert "宁围街道" in text(app)[2]
            await pilot.press("left")
            await settle(pilot)
            assert "北干街道" in text(app)[2]

    async def test_words_behind_the_verb(self, session: Session) -> None:
        app = make_app(session)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await line(app, pilot, "图 火 本月 北干")
            shown = page(app)
            assert shown.tiles.selected is not None
            assert (shown.field, shown.chosen) == ("fire", "month")
            assert shown.tiles.selected.key == BEIGAN
            await line(app, pilot, "map fraud 2026-11-01..2026-11-20")
            assert shown.mapped is not None
            assert shown.mapped.map.field == "fraud"
            assert shown.mapped.window.days == 20
            assert "11 月 1 日 至 11 月 20 日" in text(app)[1]
            await line(app, pilot, "tu 亚特兰")
            assert "亚特兰" in said(app)
            assert shown.field == "fraud"

    async def test_days_to_come_are_called_so(self, session: Session) -> None:
        app = make_app(session, "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await line(app, pilot, "map 2027-01-01")
            ahead = Translator("en").t("map.ahead")
            assert ahead in text(app)[1]
            no_colour(app, ahead)


class TestDrillDown:
    async def test_enter_opens_as_many_rows_as_the_tile_counts_and_f4_comes_back(
        self, session: Session
    ) -> None:
        app = make_app(session)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await line(app, pilot, "图 事故 本周 宁围")
            shown = page(app)
            at = shown.tiles.selected
            assert at is not None
            assert int(at.count) > 3
            await pilot.press("enter")
            await settle(pilot)
            watch = main(app).watch_page
            assert main(app).page is watch
            assert watch.queue.total == int(at.count)
            await pilot.press("f4")
            await map_settles(pilot)
            assert page(app) is shown
            assert (shown.field, shown.chosen) == ("traffic", "week")
            assert shown.tiles.selected == at

    async def test_what_has_no_tile_opens_too(self, session: Session) -> None:
        app = make_app(session, "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await line(app, pilot, "map fraud week")
            shown = page(app)
            for code, n in (("", 1), (FARM, 0)):
                shown.tiles.select(code)
                assert shown.tiles.selected is not None
                assert int(shown.tiles.selected.count) == n
            await pilot.press("enter")
            await settle(pilot)
            assert main(app).page is shown
            assert said(app) == Translator("en").t("map.nothing", town="Hongshannongchang")
            shown.tiles.select("")
            await pilot.press("enter")
            await settle(pilot)
            assert main(app).watch_page.queue.total == 1


class TestCard:
    async def test_it_says_why_with_every_part(self, session: Session) -> None:
        app = make_app(session)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await line(app, pilot, "图 火 本周 新塘")
            found = page(app).mapped
            assert found is not None
            tile = next(one for one in found.map.tiles if one.place.town == XINTANG)
            told = card(app)
            assert "! 红" in told
            assert f"{tile.now.score:.1f} 分" in told
            for share in tile.now.shares:
                assert f"{share.contribution:.1f}" in told
            assert f"{tile.now.usual:.1f}" in told
            assert f"{tile.now.mean:.1f}" in told
            assert f"{tile.change:+.1f}" in told
            assert "[! 红 230 以上 很高]" in told
            assert "GA/XF/T 1340-2016" in told
            assert "* 四级 橙" in told
            assert "! 五级 红" in told
            assert "x 1 / 100,000" in told

    async def test_it_follows_the_language(self, session: Session) -> None:
        app = make_app(session)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await line(app, pilot, "图 综合 本周 新塘")
            assert "各领域得分" in card(app)
            await pilot.press("ctrl+l")
            await settle(pilot)
            assert "each times its weight" in card(app).replace("\n", " ")
            assert "Xintang" in text(app)[2]

    async def test_a_new_report_is_on_the_map_within_a_second(self, session: Session) -> None:
        app = make_app(session)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await line(app, pilot, "图 火 今日 楼塔")
            shown = page(app)
            assert shown.tiles.selected is not None
            before = int(shown.tiles.selected.count)
            session.desk.receive(
                [Report("alarm110", "z-1", "厨房着火", NOON, place="楼塔镇大黄岭村3号")]
            )
            await until(
                pilot,
                lambda: (
                    shown.tiles.selected is not None
                    and int(shown.tiles.selected.count) == before + 1
                ),
            )


def no_colour(app: ZhibanApp, why: str) -> None:
    """Calm is something else than not known."""
    tiles = [tile for tile in page(app).tiles._tiles if tile.row or tile.column]
    assert tiles
    for tile in tiles:
        assert (tile.sign, tile.word, tile.mark, tile.tone) == ("", "", "", "text")
    # Above the map and on the card.
    assert sum(line.count(why) for line in text(app)) == 2


async def test_an_empty_store_has_no_colour(tmp_path: Path) -> None:
    session = make_session(tmp_path, reports=(), lines=())
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f4", "2")
        await map_settles(pilot)
        found = page(app).mapped
        assert found is not None
        no_colour(app, Translator("zh").t("map.no_records"))
        await pilot.press("enter")
        await settle(pilot)
        assert main(app).page is page(app)
    session.desk.store.close()


async def test_the_command_says_what_is_drawn(session: Session) -> None:
    app = make_app(session, "zh")
    async with app.run_test(size=(200, 60)) as pilot:
        await settle(pilot)
        await line(app, pilot, "图 电诈 本月")
        told = cli_map.map_json(session.desk, mapped(session.desk, "fraud", "month"))
        towns = told["towns"]
        assert isinstance(towns, list)
        drawn = {tile.key: tile for tile in page(app).tiles._tiles}
        assert set(drawn) == {town["code"] for town in towns}
        for town in towns:
            tile = drawn[town["code"]]
            assert (tile.sign, tile.count) == (town["sign"], str(town["count"]))
            assert (tile.row, tile.column) == (town["row"], town["column"])
            page(app).tiles.select(town["code"])
            page(app)._show_card()
            words = card(app)
            assert f"{town['shown']:.1f} 分" in words
            assert f"{town['last_week']['shown']:.1f} 分" in words
            for part in town["parts"]:
                assert f"{part['shown']:.1f}" in words


def shown_on(strips: list[Strip], colours: str) -> Emulator:
    """What a terminal of so many colours shows of these lines."""
    stream = io.StringIO()
    width = strips[0].cell_length
    console = Console(
        file=stream,
        width=width,
        force_terminal=True,
        color_system=colours,  # type: ignore[arg-type]
        legacy_windows=False,
    )
    for y, strip in enumerate(strips):
        # A style keeps the codes of the first terminal that it was drawn on: copies have none.
        fresh = [Segment(text, style and style.copy(), control) for text, style, control in strip]
        stream.write(f"\x1b[{y + 1};1H")
        stream.write(Strip(fresh, strip.cell_length).render(console))
    emulator = Emulator(len(strips), width)
    emulator.feed(stream.getvalue().encode())
    return emulator


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_five_grounds_in_every_number_of_colours(
    session: Session, theme: str, size: tuple[int, int]
) -> None:
    app = make_app(session, "zh", theme)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("f4")
        await map_settles(pilot)
        strips = app.screen._compositor.render_strips()
        signs = (" o 绿 ", " . 蓝 ", " - 黄 ", " * 橙 ", " ! 红 ")
        legend = max(y for y, one in enumerate(strips) if all(s in one.text for s in signs))
        words = strips[legend].text
        for colours in ("truecolor", "256", "standard"):
            emulator = shown_on(strips, colours)
            grounds = [emulator.cell(legend, cell_of(words, sign)).bg for sign in signs]
            assert len(set(grounds)) == 5, (colours, grounds)
            assert [line.rstrip() for line in emulator.screen()] == [
                strip.text.rstrip() for strip in strips
            ]


def cell_of(words: str, part: str) -> int:
    """The cell at which a part of a line begins."""
    from rich.cells import cell_len

    return cell_len(words[: words.index(part)])


async def test_without_colour_the_signs_say_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(session, "zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f4")
        await map_settles(pilot)
        emulator = shown_on(app.screen._compositor.render_strips(), "truecolor")
        found = page(app).mapped
        assert found is not None
        lines = [one.replace("\0", "") for one in emulator.screen()]
        for tile in found.map.tiles:
            sign = "o.-*!"[tile.now.level]
            name = session.desk.rules.gazetteer.towns[tile.place.town].short
            row = next(one for one in lines if f"{sign}{name}" in one)
            assert str(tile.count) in row.partition(f"{sign}{name}")[2][:9]
        for y in range(emulator.rows):
            for x in range(emulator.cols):
                cell = emulator.cell(y, x)
                for colour in (cell.fg, cell.bg):
                    assert colour == "default" or colour[:2] == colour[2:4] == colour[4:], colour
