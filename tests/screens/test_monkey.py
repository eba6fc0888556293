"""Any keys in any order and packing, on every page: no crash, and Esc always leads home."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Size as Window
from textual.pilot import Pilot

from console.app import ZhibanApp
from console.screens.main import MainScreen
from console.screens.page import Page
from tests.scale import often
from tests.screens.monkey import SIZES, Deed, Press, deeds
from tests.screens.packed import PAGE_KEYS, waiting
from tests.screens.stage import make_app, make_session, settle, until
from widgets.driver import CarefulParser
from widgets.inlet import Inlet


def main(pilot: Pilot[None]) -> MainScreen:
    """The screen of an app that runs."""
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


class Hand:
    """Hands deeds to an app as its driver would."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.app = pilot.app
        self.parser, self.inlet = CarefulParser(), Inlet()

    def do(self, deed: Deed) -> None:
        """Do it, and wait for nothing."""
        if isinstance(deed, Press):
            if text := self.inlet.feed(deed.text.encode("utf-8", "replace")):
                for event in self.parser.feed(text):
                    self.tell(event)
            for event in self.parser.tick():
                self.tell(event)
        else:
            self.tell(events.Resize(window := Window(deed.width, deed.height), window))

    def tell(self, event: object) -> None:
        """What the driver hands on."""
        driver = self.app._driver
        assert driver is not None
        if isinstance(event, events.Resize):
            if not event.size:
                return
            driver._size = event.size
        driver.send_message(event)


async def goes_home(pilot: Pilot[None]) -> None:
    """Esc, often enough, leads to the watch page; and what is typed arrives."""
    screen = main(pilot)
    hand = Hand(pilot)
    hand.tell(events.Resize(Window(120, 40), Window(120, 40)))
    for _ in range(8):
        await pilot.press("escape")
    await until(pilot, lambda: screen.page is screen.watch_page)
    assert [page.verb for page in screen.query(Page) if page.display] == ["watch"]
    await pilot.press("x")
    await until(pilot, lambda: screen.entry.line.text == "x")
    await pilot.press("escape")


@pytest.mark.parametrize("seed", range(4))
async def test_many_deeds(tmp_path: Path, seed: int) -> None:
    app = make_app(make_session(tmp_path), "en" if seed % 2 else "zh")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        hand = Hand(pilot)
        for n, deed in enumerate(islice(deeds(seed), often(120, 300))):
            hand.do(deed)
            if n % 7 == seed:
                await pilot.pause(0)
        await until(pilot, lambda: not app._message_queue.qsize())
        assert app.return_code is None
        await goes_home(pilot)


async def test_a_hundred_deeds_before_the_store_is_open(tmp_path: Path) -> None:
    with waiting(make_session(tmp_path)) as launch:
        from console.early import Early

        app = ZhibanApp(Early("zh", "dark", False, False), launch)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: main(pilot).watch_page.is_mounted)
            hand = Hand(pilot)
            for n, deed in enumerate(islice(deeds(77), 100)):
                hand.do(deed)
                if not n % 5:
                    await pilot.pause(0)
            await until(pilot, lambda: not app._message_queue.qsize())
            launch.go_on.set()
            await settle(pilot)
            await goes_home(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_every_page_in_any_window(tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in PAGE_KEYS.values():
            await pilot.press(key, "down", "tab", "pagedown", "1", "escape")
        await settle(pilot)
        hand = Hand(pilot)
        for width, height in ((1, 1), (160, 50), (3, 2), (80, 24)):
            hand.tell(events.Resize(Window(width, height), Window(width, height)))
            await pilot.press("f3", "f4", "f6")
        await goes_home(pilot)
