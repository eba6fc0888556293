"""The figures page: what is drawn is what is counted, and every bar leads to its incidents."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from console.desk import figured as figured_module
from console.desk.figured import figured
from console.desk.session import Session
from console.domain.panels import Window, panel_json
from console.domain.risk_fields import FieldStanding
from console.i18n import Translator
from console.screens.drawing import Drawing
from console.screens.figures import OF_FIELD, TILES, FiguresPage
from console.screens.figures_drawing import FiguresDrawing, flowing
from console.screens.main import MainScreen
from console.screens.watch import WatchPage
from tests.scale import often
from tests.screens.colours import COLOURS, to_be_seen_in
from tests.screens.figured_stage import furnish
from tests.screens.stage import and_then, make_app, make_session, rules, settle, until
from widgets.chart import Chart, HBars
from widgets.lines import LinesView
from widgets.pane import Line, Pane
from widgets.status_bar import StatusBar

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}


def staged(folder: Path) -> Session:
    return make_session(folder, past=furnish)


def main(pilot: Pilot[None]) -> MainScreen:
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


def page(pilot: Pilot[None]) -> FiguresPage:
    found = main(pilot).page
    assert isinstance(found, FiguresPage)
    return found


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    for key in pressed:
        await pilot.press(key)
        await settle(pilot)


def field_of(pilot: Pilot[None]) -> str:
    found = page(pilot).figured
    return "" if found is None else found.panel.field


async def rows_behind(pilot: Pilot[None]) -> int:
    """How many incidents Enter opens."""
    await keys(pilot, "enter")
    watch = main(pilot).page
    assert isinstance(watch, WatchPage)
    assert watch.window is not None
    return watch.window.total


def words_of(line: Line) -> str:
    return line if isinstance(line, str) else "".join(part for part, _tone in line)


def text_of(pane: LinesView) -> str:
    return "\n".join(map(words_of, pane.lines))


def said(pilot: Pilot[None]) -> str:
    return "".join(part for part, _tone in main(pilot).query_one("#line", StatusBar)._left)


class TestKeys:
    async def test_digits_choose_field_and_window(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3")
            assert (page(pilot).field, page(pilot).window) == ("all", "today")
            await keys(pilot, "3", "8")
            assert (page(pilot).field, page(pilot).window) == ("fraud", "year")
            panel = page(pilot).figured
            assert panel is not None
            assert (panel.panel.field, panel.panel.window.name) == ("fraud", "year")
            tabs = text_of(page(pilot).query_one("#figures-tabs", LinesView))
            assert "[3 Fraud]" in tabs
            assert "[8 year]" in tabs
            assert "Fraud, 1 Jan to 23 Nov" in text_of(
                page(pilot).query_one("#figures-standings", LinesView)
            )

    async def test_brackets_go_back_and_forth(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "7", "[")
            assert page(pilot).window == Window("days", date(2026, 10, 1), date(2026, 10, 31))
            await keys(pilot, "[", "]")
            assert page(pilot).window == Window("days", date(2026, 10, 1), date(2026, 10, 31))
            await keys(pilot, "8", "[")
            assert page(pilot).window == Window("days", date(2025, 1, 1), date(2025, 12, 31))

    @pytest.mark.parametrize("lang", ["zh", "en"])
    async def test_a_line_chooses_too_and_says_what_it_does_not_know(
        self, tmp_path: Path, lang: str
    ) -> None:
        line = {
            "zh": "态势 火警 2026-01-01..2026-02-28",
            "en": "figures fire 2026-01-01..2026-02-28",
        }
        app = make_app(staged(tmp_path), lang)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            main(pilot).entry.run(line[lang])
            await settle(pilot)
            days = Window("days", date(2026, 1, 1), date(2026, 2, 28))
            assert (page(pilot).field, page(pilot).window) == ("fire", days)
            for wrong in ("weather", "2026-02-30", "2026-03-01..2026-02-01", "0001-01-01"):
                main(pilot).entry.run(f"figures {wrong}")
                await settle(pilot)
                assert wrong in said(pilot)
                assert page(pilot).window == days

    @pytest.mark.parametrize("size", list(SIZES))
    async def test_tab_reaches_every_tile_and_comes_round(self, tmp_path: Path, size: str) -> None:
        app = make_app(staged(tmp_path), "zh")
        async with app.run_test(size=SIZES[size]) as pilot:
            await settle(pilot)
            await keys(pilot, "f3")
            seen = []
            for _ in range(len(TILES)):
                focused = main(pilot).focused
                assert focused is not None
                assert focused.display
                seen.append(str(focused.id).removeprefix("figures-"))
                await keys(pilot, "tab")
            assert set(TILES) - set(seen) == OF_FIELD
            assert seen == [*page(pilot).tiles, page(pilot).tiles[0]]
            await keys(pilot, "shift+tab")
            assert main(pilot).focused is page(pilot).home


class TestKeyboard:
    async def test_it_stays_on_the_tile_when_figures_come_before_the_page_has_its_room(
        self, tmp_path: Path
    ) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "4", "8", "tab", "f2")
            shown = main(pilot)._pages["figures"]
            assert isinstance(shown, FiguresPage)
            chart = shown.tile("kinds")
            assert shown.figured is not None
            main(pilot).show("figures")
            assert not shown.size
            shown._show(shown.figured)
            await settle(pilot)
            assert main(pilot).focused is chart
            # And when it hears late that it had been hidden.
            chart.post_message(events.Hide())
            await settle(pilot)
            assert main(pilot).focused is chart


STEPS = often((1,), (0, 1, 3))
"""Bars of each tile that are opened."""


class TestCounts:
    @pytest.mark.slow
    async def test_every_bar_leads_to_as_many_incidents(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "8")
            tried = 0
            for digit in "1234":
                await keys(pilot, digit)
                more = () if digit == "1" else ("spots",)
                for name in ("kinds", "towns", "more", "heat", "trend", *more):
                    chart = page(pilot).tile(name)
                    assert isinstance(chart, Chart)
                    for step in STEPS:
                        main(pilot).set_focus(chart)
                        for _ in range(step):
                            await pilot.press("down" if isinstance(chart.value, HBars) else "right")
                        count = count_at(chart)
                        await keys(pilot, "enter")
                        watch = main(pilot).page
                        assert isinstance(watch, WatchPage)
                        assert watch.window is not None
                        assert watch.window.total == count, (digit, name, chart.key)
                        tried += 1
                        await keys(pilot, "f3")
                        assert page(pilot).window == "year"
            assert tried == 23 * len(STEPS)
            # The bar of last year beside this year's, too.
            chart = page(pilot).tile("trend")
            assert isinstance(chart, Chart)
            main(pilot).set_focus(chart)
            await pilot.press("home", "right", "down")
            assert chart.key == (1, 1)
            count = count_at(chart)
            assert count
            assert await rows_behind(pilot) == count

    @pytest.mark.parametrize("size", list(SIZES))
    async def test_a_base_from_before_the_records_says_so(self, tmp_path: Path, size: str) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=SIZES[size]) as pilot:
            await settle(pilot)
            await keys(pilot, "f3")
            main(pilot).entry.run("figures fire 2025-10-01..2025-10-31")
            await settle(pilot)
            text = text_of(page(pilot).query_one("#figures-standings", LinesView))
            assert "(base ~0)" in text
            assert "~ records since 25 Nov 2024" in text
            main(pilot).entry.run("figures fire month")
            await settle(pilot)
            text = text_of(page(pilot).query_one("#figures-standings", LinesView))
            assert "~" not in text

    @pytest.mark.parametrize("size", list(SIZES))
    async def test_days_to_come_are_called_so_and_compared_with_nothing(
        self, tmp_path: Path, size: str
    ) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=SIZES[size]) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "7", "]")
            text = text_of(page(pilot).query_one("#figures-standings", LinesView))
            assert "1 Dec to 31 Dec: 0  these days are still to come" in text
            assert "base" not in text.partition("1 Dec to")[2]

    @pytest.mark.parametrize("lang", ["zh", "en"])
    async def test_two_words_for_the_same_are_one_bar(self, tmp_path: Path, lang: str) -> None:
        session = staged(tmp_path)  # its past says 伤人, its accident of today is "injury"
        app = make_app(session, lang)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "2", "8")
            chart = page(pilot).tile("kinds")
            assert isinstance(chart, Chart)
            assert isinstance(chart.value, HBars)
            labels = [row.label for row in chart.value.rows]
            assert labels == {"zh": ["伤人", "财损"], "en": ["with injured", "damage only"]}[lang]
            assert sorted(chart.value.rows[0].key[1:]) == ["injury", "伤人"]  # type: ignore[index]
            main(pilot).set_focus(chart)
            count = count_at(chart)
            assert await rows_behind(pilot) == count

    async def test_spots_of_many_years_are_those_of_the_last_and_say_so(
        self, tmp_path: Path
    ) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(200, 60)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3")
            main(pilot).entry.run("figures fraud 2024-01-01..2026-11-23")
            await settle(pilot)
            chart = page(pilot).tile("spots")
            assert isinstance(chart, Chart)
            assert chart.value is not None
            assert chart.value.title.endswith("23 Nov 2025 to 23 Nov")
            count = count_at(chart)
            assert count
            main(pilot).set_focus(chart)
            assert await rows_behind(pilot) == count

    async def test_spots_of_something_else_are_never_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wait = threading.Event()
        read = figured_module.spots
        monkeypatch.setattr(
            figured_module, "spots", lambda *asked: (wait.wait(20), read(*asked))[1]
        )
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(200, 60)) as pilot:
            wait.set()
            await settle(pilot)
            await keys(pilot, "f3", "8", "3")
            chart = page(pilot).tile("spots")
            assert isinstance(chart, Chart)
            assert isinstance(chart.value, HBars)
            assert chart.value.rows
            wait.clear()
            await pilot.press("4")
            await until(pilot, lambda: field_of(pilot) == "fire")
            assert isinstance(chart.value, HBars)
            assert chart.value.rows == ()
            wait.set()
            await settle(pilot)
            assert chart.value.rows

    async def test_the_command_line_gives_what_is_drawn(self, tmp_path: Path) -> None:
        session = staged(tmp_path)
        app = make_app(session, "en")
        async with app.run_test(size=(200, 60)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "3", "8")
            shown = page(pilot).figured
            assert shown is not None
            naming = session.desk.rules.naming
            said = panel_json(shown.panel, shown.standings, naming)
            found = figured(session.desk, "fraud", "year")
            assert panel_json(found.panel, found.standings, naming) == said
            numbers = text_of(page(pilot).query_one("#figures-numbers", LinesView))
            done = shown.panel.dissuaded
            assert done is not None
            assert f"dissuasion success {done.percent:.2f}%" in numbers
            assert f"{shown.panel.sums.amount_saved:,}" in numbers
            kinds = page(pilot).tile("kinds")
            assert isinstance(kinds, Chart)
            assert isinstance(kinds.value, HBars)
            drawn = {str(row.key[1]): row.count for row in kinds.value.rows}  # type: ignore[index]
            assert drawn == dict(shown.panel.by["class"])

    async def test_what_comes_in_is_counted(self, tmp_path: Path) -> None:
        session = staged(tmp_path)
        app = make_app(session, "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3")
            before = page(pilot).figured
            assert before is not None
            (done,) = session.desk.run("新 火警 金城路88号 三楼冒烟")
            assert done.ok
            page(pilot).renew(frozenset({1}))
            for _ in range(4):
                page(pilot).tick(session.desk.clock.now())
            await settle(pilot)
            after = page(pilot).figured
            assert after is not None
            assert after.panel.standing.count == before.panel.standing.count + 1

    async def test_an_empty_store_has_no_comparison_and_no_fault(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path, (), ()), "zh")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "2", "8", "[", "tab", "enter")
            text = text_of(page(pilot).query_one("#figures-standings", LinesView))
            assert "0 起" in text
            assert "同比 无可比数据 (基数 0)" in text


def count_at(chart: Chart) -> int:
    """What stands at the cursor of a chart."""
    value, at = chart.value, chart.cursor
    if isinstance(value, HBars):
        assert isinstance(at, int)
        return int(value.rows[at].count or 0)
    if isinstance(at, tuple):
        return int(value.at(*at) or 0)  # type: ignore[union-attr]
    assert isinstance(at, int)
    now, before = (series[1][at] for series in value.series)  # type: ignore[union-attr]
    return int((before if now is None or chart.series else now) or 0)


class TestPictures:
    @pytest.mark.parametrize("colours", COLOURS)
    @pytest.mark.parametrize("lang", ["zh", "en"])
    @pytest.mark.parametrize("size", list(SIZES))
    def test_figures(
        self,
        snap_compare: Callable[..., bool],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        size: str,
        lang: str,
        colours: str,
    ) -> None:
        to_be_seen_in(colours, monkeypatch)
        app = make_app(staged(tmp_path), lang)
        run = and_then("f3", {"80x24": "2", "120x40": "3", "200x60": "4"}[size], "8", "tab")
        assert snap_compare(app, terminal_size=SIZES[size], run_before=run)

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_ascii(self, snap_compare: Callable[..., bool], tmp_path: Path, lang: str) -> None:
        app = make_app(staged(tmp_path), lang, "contrast", ascii_only=True)
        assert snap_compare(app, terminal_size=(120, 40), run_before=and_then("f3", "8"))

    @pytest.mark.parametrize("lang", ["zh", "en"])
    @pytest.mark.parametrize("size", list(SIZES))
    async def test_every_line_has_the_width_of_its_pane(
        self, tmp_path: Path, size: str, lang: str
    ) -> None:
        app = make_app(staged(tmp_path), lang)
        async with app.run_test(size=SIZES[size]) as pilot:
            await settle(pilot)
            await keys(pilot, "f3", "8")
            for pane in page(pilot).query(Pane):
                if pane.display:
                    for y in range(pane.size.height):
                        assert cell_len(pane.render_line(y).text) == pane.size.width


@given(
    st.lists(st.text("三级 黄0123456789", min_size=1, max_size=12), max_size=9), st.integers(1, 60)
)
def test_short_texts_flow_and_none_is_left_out(parts: list[str], room: int) -> None:
    lines = [words_of(line) for line in flowing(parts, room)]
    assert "  ".join(lines) == "  ".join(parts)
    for line in lines:
        assert cell_len(line) <= room or line in parts


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from([0, 1, 2]))
def test_a_closing_rate_is_cut_off_and_never_says_more(
    open_: int, closed: int, digits: int
) -> None:
    field = rules().followed.fields[0]
    said = FieldStanding(field, open_, closed, 0).closed_percent(digits)
    if not open_ + closed:
        assert said == "-"
        return
    exact = Fraction(100 * closed, open_ + closed)
    assert 0 <= exact - Fraction(said.removesuffix("%")) < Fraction(1, 10**digits)
    assert len(said.removesuffix("%").partition(".")[2]) == digits


def test_what_has_something_open_is_not_closed_altogether() -> None:
    art = FiguresDrawing(Drawing(Translator("en"), rules(), ZoneInfo("Asia/Shanghai"), "XS"))
    field = rules().followed.fields[0]
    for closed, share in ((19_940, "99.9%"), (0, "0.0%"), (1, "50.0%")):
        (_head, line) = art.risks((FieldStanding(field, 1, closed, 0),))
        assert share in words_of(line)
