"""A search that was made before its incident came shows it when it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.port import Report
from console.domain.incident import SERIALS
from console.screens.main import MainScreen
from tests.screens.stage import REPORTS, make_app, make_session, settle
from tests.screens.test_line import the_screen
from widgets.status_bar import StatusBar


def numbers(screen: MainScreen) -> list[int]:
    """What was found, in its order."""
    found = screen.watch_page.found
    assert found is not None
    return [row.id % SERIALS for row in found[1]]


def selected(screen: MainScreen) -> int | None:
    """The number of the selected incident."""
    return None if screen.page.selected is None else screen.page.selected % SERIALS


def leak(now: int, name: str, text: str = "水管爆裂") -> Report:
    return Report("hotline12345", name, text, now, place="衙前镇8号")


@pytest.mark.parametrize("words", ["6", "爆裂"])
async def test_what_comes_later_is_found_and_selected(tmp_path: Path, words: str) -> None:
    session = make_session(tmp_path, REPORTS, ())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        await pilot.press(*"find", "space", *words, "enter")
        await settle(pilot)
        assert numbers(screen) == []  # "366" is no 6
        session.desk.receive([leak(session.desk.clock.now(), "late")])
        screen.pulse._look()
        await settle(pilot)
        assert numbers(screen) == [6]
        assert selected(screen) == 6
        line = screen.query_one("#line", StatusBar)._left
        assert "找到 1 条" in "".join(text for text, _tone in line)
        # What does not answer to the words stays away; a second one comes before the first.
        session.desk.receive([leak(session.desk.clock.now(), "other", "噪音")])
        session.desk.receive([leak(session.desk.clock.now(), "again")])
        screen.pulse._look()
        await settle(pilot)
        assert numbers(screen) == ([6] if words == "6" else [8, 6])
        assert selected(screen) == 6


async def test_under_a_line_that_is_being_typed_nothing_comes(tmp_path: Path) -> None:
    session = make_session(tmp_path, REPORTS, ())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        await pilot.press(*"find", "space", "6", "enter")
        await settle(pilot)
        await pilot.press(*"note")
        session.desk.receive([leak(session.desk.clock.now(), "late")])
        screen.pulse._look()
        await settle(pilot)
        assert numbers(screen) == []
        await pilot.press("escape")
        await settle(pilot)
        assert numbers(screen) == [6]
