"""The palette: it offers the whole registry, finds it in three ways, and does or begins it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from console.desk.desk import Desk
from console.desk.verb import OFFICERS
from console.desk.verbs import VERBS
from console.early import THEMES
from console.i18n import LANGUAGES, Translator
from console.screens.main import MainScreen
from console.screens.offers import fitting, offers
from console.screens.pages import PAGES
from tests.screens.stage import make_app, make_session, settle
from widgets.units_board import UnitsBoard


def line_of(screen: MainScreen) -> str:
    """What stands in the command line."""
    return screen.entry.line.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_offers_every_verb_theme_and_language(lang: str) -> None:
    found = offers(Translator(lang), "officer")
    names = {name for one in found for name in (*one.names, *one.also)}
    for verb in VERBS:
        assert (verb.id == "palette") != (set(verb.names.main) <= names)
    commands = {
        (one.command.verb.id, one.command.words) for one in found if one.command is not None
    }
    assert {("theme", (name,)) for name in THEMES} <= commands
    assert {("language", (name,)) for name in LANGUAGES} <= commands
    assert {(page, ()) for page in PAGES} <= commands
    assert len({one.names[0] for one in found}) == len(found)


def test_offers_a_reader_nothing_that_is_an_officers() -> None:
    names = {one.names[1] for one in offers(Translator("zh"), "reader")}
    assert names
    assert not names & {verb.names.en for verb in VERBS if verb.roles == OFFICERS}


@pytest.mark.parametrize("text", ["派", "pai", "disp", "DISPATCH"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_verb_is_found_by_each_of_its_names(lang: str, text: str) -> None:
    found = fitting(offers(Translator(lang), "officer"), text)
    assert {"派", "dispatch", "pai"} <= {*found[0].names, *found[0].also}


def test_a_name_says_what_it_is() -> None:
    shown = {one.names for one in offers(Translator("zh"), "officer")}
    assert ("派力量", "dispatch", "派 pai") in shown
    assert ("移交", "handover", "yijiao") in shown
    assert not {names for names in shown if len(names[0]) < 2}


def test_words_of_the_sentence_find_it_too_but_later() -> None:
    found = fitting(offers(Translator("en"), "officer"), "safety clock")
    assert [one.names[0] for one in found] == ["check"]
    assert fitting(found, "no such thing") == []


async def test_enter_begins_a_line_that_needs_words(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await pilot.press("ctrl+p", "j", "i", "b", "i", "e", "enter")
        await settle(pilot)
        assert line_of(screen) == "定等级 "
        assert screen.focused is screen.entry.line
        assert not screen.palette.display


async def test_enter_does_what_only_changes_the_screen(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await pilot.press("ctrl+p", *"units", "enter")
        await settle(pilot)
        assert screen.page.verb == "units"
        await pilot.press("ctrl+p", *"light", "enter")
        await settle(pilot)
        assert app.theme == "zhiban-light"
        await pilot.press("ctrl+p", *"yuyan", "down", "enter")
        await settle(pilot)
        assert screen.words.lang == "zh"
        assert line_of(screen) == ""


async def test_nothing_of_it_reaches_the_store_or_the_page(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        before = end_of(session.desk)
        selected = screen.page.selected
        await pilot.press("ctrl+p", "1", "down", "down", "escape")
        await settle(pilot)
        assert end_of(session.desk) == before
        assert screen.page.selected == selected
        assert screen.focused is screen.page.home
        assert line_of(screen) == ""


async def test_a_key_of_a_page_leads_there_out_of_the_palette(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await pilot.press("ctrl+p", "f12")
        await settle(pilot)
        assert screen.page.verb == "units"
        assert not screen.palette.display
        await pilot.press("ctrl+p")
        assert screen.palette.display
        await pilot.press("ctrl+p")
        assert not screen.palette.display


async def test_the_units_page_shows_more_of_them_than_the_watch_page(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        small = screen.watch_page.query_one("#units", UnitsBoard)
        held, low = small.items, small.body_height
        await pilot.press("f12")
        await settle(pilot)
        large = screen.page.home
        assert isinstance(large, UnitsBoard)
        assert large.items == held
        assert large.body_height > 5 * low > 0
        assert large.grid_columns * large.body_height > len(held) // 2
        screen.entry.run("E201 到场")
        await settle(pilot)
        assert large.items != held


def end_of(desk: Desk) -> int:
    """The journal's end."""
    from console.store import journal

    with desk.store.read() as tx:
        return journal.head(tx)[0]


async def test_what_is_typed_ahead_is_searched_before_enter_takes_it(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        for key in ("ctrl+p", *"disp", "enter", "4", "2"):
            # Without a turn of the loop between them, as a paste or a slow line brings them.
            event = events.Key(key, key if len(key) == 1 else None)
            if not screen.route(event) and screen.focused is not None:
                screen.focused.post_message(event)
        await settle(pilot)
        assert line_of(screen) == "dispatch 42"
