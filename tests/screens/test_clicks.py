"""The mouse does what the keys do that are written there, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from console.screens.main import MainScreen
from tests.screens.stage import make_app, make_session, settle, until
from widgets.cells import cell_len
from widgets.lines import LinesView
from widgets.pane import Line, Pane
from widgets.status_bar import StatusBar
from widgets.written_keys import key_at, word_at


def main(pilot: Pilot[None]) -> MainScreen:
    """The screen of an app that runs."""
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


async def click_on(pilot: Pilot[None], selector: str, text: str) -> None:
    """Click on a text that stands on a pane."""
    pane = pilot.app.screen.query_one(selector, Pane)
    for y in range(pane.body_height):
        line = pane.written(y)
        whole = line if isinstance(line, str) else "".join(part for part, _tone in line)
        if text in whole:
            x = cell_len(whole[: whole.index(text)])
            assert await pilot.click(pane, offset=(x, y + pane.body_top))
            await settle(pilot)
            return
    raise AssertionError(f"{text} does not stand on {selector}")


@pytest.mark.parametrize(
    ("line", "x", "key"),
    [
        ([(" 1 ", "key"), ("签收  ", "text"), (" 2 ", "key"), ("派警  ", "text")], 4, "1"),
        ([(" 1 ", "key"), ("签收  ", "text"), (" 2 ", "key"), ("派警  ", "text")], 11, "2"),
        ([(" 1 ", "key"), ("签收  ", "text"), (" 2 ", "key"), ("派警  ", "text")], 60, None),
        ([("> ", "key"), ("签收", "strong"), (" 剩 03:00", "text")], 5, "enter"),
        ([("- ", "key"), ("问清楼层", "dim")], 3, None),
        ("F3 数据  F4 地图", 1, "f3"),
        ("F3 数据  F4 地图", 6, "f3"),
        ("F3 数据  F4 地图", 9, "f4"),
        ("F3 数据  F4 地图", 8, None),
        ("按Ctrl+P看全部", 3, "ctrl+p"),
        ("Esc back, Enter opens", 12, "enter"),
        ("Shift+Tab back", 0, "shift+tab"),
        ("E201 BF3 F33 Enters", 9, None),
        ("", 0, None),
    ],
)
def test_a_key_that_is_written(line: Line, x: int, key: str | None) -> None:
    assert key_at(line, x) == key


# Control characters do not get as far as a line: it is drawn without them.
@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=60), st.integers(-3, 90))
def test_any_text_may_be_clicked(text: str, x: int) -> None:
    key_at(text, x)
    key_at([(text, "key"), (text, "text")], x)
    assert word_at(text, x) in text


async def test_a_step_is_done_by_its_number(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = main(pilot)
        found = screen.page.dossier
        assert found is not None
        assert found.incident.state.value == "new"
        label = next(iter(screen.page.numbered.values())).label
        await click_on(pilot, "#incident", label.en)
        await until(pilot, lambda: screen.page.dossier is not None)
        asked = screen.asked is not None or bool(screen.entry.line.text)
        now = screen.page.dossier
        assert asked or (now is not None and now.incident != found.incident)


async def test_a_row_is_selected(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        queue = main(pilot).watch_page.queue
        row = queue.row_at(2)
        assert row is not None
        await pilot.click(queue, offset=(5, queue.body_top + 1 + 2))
        await settle(pilot)
        assert queue.selected_key == row.key


async def test_a_tab_of_the_figures_is_chosen(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("f3")
        await settle(pilot)
        await click_on(pilot, "#figures-tabs", "3")
        page = main(pilot).page
        assert page.field == "fraud"  # type: ignore[attr-defined]


async def test_a_page_s_key_in_the_message_line_leads_there(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        main(pilot).show_line("F4 map  F6 loops", "dim")
        await pilot.pause()
        await click_on(pilot, "#line", "F6")
        await until(pilot, lambda: main(pilot).page.verb == "loops")


async def test_a_number_in_the_alert_line_leads_to_its_incident(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = main(pilot)
        rows = [screen.watch_page.queue.row_at(n) for n in range(5)]
        row = next(one for one in rows if one and "new" in one.cells and one.cells[2][0] == "1")
        number = str(row.key % 10_000)
        screen.status._ring([row.key])
        await settle(pilot)
        await pilot.press("f6")
        await settle(pilot)
        bar = screen.query_one("#alert", StatusBar)
        whole = "".join(text for text, _tone in bar._shown)
        at = whole.index(f" {number} ") + 1
        await pilot.click(bar, offset=(at, 0))
        await settle(pilot)
        assert screen.page is screen.watch_page
        assert screen.page.selected == row.key


async def test_a_click_on_a_question_means_no(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+q")
        assert main(pilot).asked is not None
        await pilot.click("#line", offset=(1, 0))
        await until(pilot, lambda: main(pilot).asked is None)
        assert app.return_code is None


def test_what_scrolls_knows_what_stands_where() -> None:
    view = LinesView()
    assert view.written(3) == ""
