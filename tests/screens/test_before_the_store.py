"""While the store is being opened: every key, verb, click and line, and nothing falls over."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from console.app import ZhibanApp
from console.desk.verbs import VERBS
from console.early import Early
from console.i18n import LANGUAGES, Translator
from console.screens import pages
from console.screens.main import MainScreen
from tests.screens.packed import PAGE_KEYS, send, waiting
from tests.screens.stage import make_session, settle, until
from widgets.status_bar import StatusBar

OPENING = {Translator(lang).t("screen.opening") for lang in LANGUAGES}


def main(pilot: Pilot[None]) -> MainScreen:
    """The screen of an app that runs."""
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


def line_of(pilot: Pilot[None]) -> str:
    """What stands in the message line."""
    return "".join(text for text, _tone in main(pilot).query_one("#line", StatusBar)._left)


async def test_every_verb_s_key_says_that_it_is_opening_or_does_what_it_can(tmp_path: Path) -> None:
    with waiting(make_session(tmp_path)) as launch:
        app = ZhibanApp(Early("en", "dark", False, False), launch)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: main(pilot).watch_page.is_mounted)
            keys = [key for verb in VERBS for key in verb.key.split(",") if key]
            for name in pages.PAGES:
                for key in (*keys, "enter", *"123456789", "tab", "shift+tab", "escape", "n"):
                    await pilot.press(PAGE_KEYS[name], key)
                    await pilot.press("n") if main(pilot).asked is not None else None
                    main(pilot).entry.line.set_text("")
            await pilot.press("f2", "ctrl+f")
            assert line_of(pilot) in OPENING
            launch.go_on.set()
            await settle(pilot)
            await pilot.press("f2", "ctrl+f")
            await settle(pilot)
            assert line_of(pilot) not in OPENING


@pytest.mark.parametrize("key", ["ctrl+f", "ctrl+n", "ctrl+p", "ctrl+s", "enter", "1"])
async def test_it_says_so(tmp_path: Path, key: str) -> None:
    with waiting(make_session(tmp_path)) as launch:
        app = ZhibanApp(Early("en", "dark", False, False), launch)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: main(pilot).watch_page.is_mounted)
            main(pilot).show_line("", "text")
            await pilot.press(key)
            await until(pilot, lambda: line_of(pilot) in OPENING)


async def test_a_line_that_is_sent_too_early_stays_to_be_sent(tmp_path: Path) -> None:
    with waiting(make_session(tmp_path)) as launch:
        app = ZhibanApp(Early("en", "dark", False, False), launch)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: main(pilot).watch_page.is_mounted)
            send(pilot, *"note 1 ladder needed", "enter")
            await until(pilot, lambda: main(pilot).entry._sent > 0)
            await until(pilot, lambda: line_of(pilot) in OPENING)
            assert main(pilot).entry.line.text == "note 1 ladder needed"


async def test_who_wants_to_leave_does_not_wait_for_a_server(tmp_path: Path) -> None:
    with waiting(make_session(tmp_path)) as launch:
        app = ZhibanApp(Early("en", "dark", False, False), launch)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: main(pilot).watch_page.is_mounted)
            await pilot.press("ctrl+q", "y")
        assert app.return_code == 0
        assert not launch.go_on.is_set()


async def test_who_is_asked_to_leave_before_the_first_frame_waits_for_it(tmp_path: Path) -> None:
    """Half a screen cannot be taken down."""
    with waiting(make_session(tmp_path)) as launch:
        app = ZhibanApp(Early("en", "dark", False, False), launch)
        app.leave_by(143)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.return_code == 143)
            assert main(pilot).watch_page.is_mounted
