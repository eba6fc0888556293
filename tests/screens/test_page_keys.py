"""Page keys in any packing: what was asked for last is shown, and nothing falls over."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot

from console.app import ZhibanApp
from console.domain.clock import Instant
from console.early import Early
from console.i18n import Translator
from console.screens import pages
from console.screens.jobs import Jobs
from console.screens.main import MainScreen
from console.screens.page import Page
from console.screens.reading import Counts
from tests.screens.packed import PAGE_KEYS, send, waiting
from tests.screens.stage import make_app, make_session, settle, until
from widgets.lines import LinesView
from widgets.status_bar import StatusBar


def main(pilot: Pilot[None]) -> MainScreen:
    """The screen of an app that runs."""
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


def line_of(pilot: Pilot[None]) -> str:
    """What stands in the message line."""
    return "".join(text for text, _tone in main(pilot).query_one("#line", StatusBar)._left)


async def shows(pilot: Pilot[None], name: str) -> None:
    """This page comes, alone, with the keyboard."""
    await until(pilot, lambda: main(pilot).page.verb == name and main(pilot).page.display)
    assert [page.verb for page in main(pilot).query(Page) if page.display] == [name]
    assert main(pilot).focused is main(pilot).page.home


async def forget(pilot: Pilot[None]) -> None:
    """Let go of every page but the first, as though none had been shown yet."""
    screen = main(pilot)
    screen.show(pages.FIRST)
    await until(pilot, lambda: not screen._making and not screen.jobs.busy())
    await pilot.pause()  # their answers have come
    for name, page in list(screen._pages.items()):
        if name != pages.FIRST:
            del screen._pages[name]
            await page.remove()


async def press_both(pilot: Pilot[None], first: str, second: str) -> None:
    """Both keys in one read: the second page is shown."""
    send(pilot, PAGE_KEYS[first], PAGE_KEYS[second])
    await until(pilot, lambda: not pilot.app._message_queue.qsize())
    await shows(pilot, second)


def batched(names: list[str]) -> list[tuple[str, str]]:
    """Two by two; the last one with the first where it is left over."""
    return list(zip(names[::2], [*names[1::2], names[0]], strict=False))


PAIRS = tuple(product(pages.PAGES, pages.PAGES))


class Light(Page):
    """A page with one widget, without which it cannot do anything; quickly made."""

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self._id = None  # one that was forgotten may still be on its way out

    def compose(self) -> ComposeResult:
        yield LinesView(scrolls=True, classes="light")

    @property
    def home(self) -> LinesView:
        return self.query_one(".light", LinesView)

    def opened(self, words: str = "") -> None:
        self.home.set_lines([words])

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        self.home.set_lines([str(touched)])

    def counted(self, counts: Counts) -> None:
        self.home.set_lines([str(counts.overdue)])

    def tick(self, now: Instant) -> None:
        self.home.set_lines([str(now)])

    def hidden(self) -> None:
        self.home.set_lines(())

    def press(self, event: events.Key) -> bool:
        return bool(self.home.lines) and event.key == "x"


async def test_every_two_page_keys_in_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of pages that were never shown, and of pages that are there."""
    for name in pages.PAGES:
        if name != pages.FIRST:
            monkeypatch.setitem(pages.PAGES, name, f"{__name__}:Light")
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(20, 6)) as pilot:
        await settle(pilot)
        screen = main(pilot)
        for first, second in PAIRS:
            await press_both(pilot, first, second)
            await press_both(pilot, first, second)
            screen.show(pages.FIRST)
            for name in [name for name in screen._pages if name != pages.FIRST]:
                screen._pages.pop(name).remove()
        await settle(pilot)


@pytest.mark.slow
async def test_every_two_page_keys_in_one_read_while_the_store_is_opened(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    with waiting(session) as launch:
        app = ZhibanApp(Early("zh", "dark", False, False), launch)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: main(pilot).watch_page.is_mounted)
            for first, second in PAIRS:
                await forget(pilot)
                await press_both(pilot, first, second)
            launch.go_on.set()
            await settle(pilot)
            await shows(pilot, PAIRS[-1][1])


@pytest.mark.slow
async def test_every_two_page_keys_in_one_read_of_pages_that_are_there(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for first, second in PAIRS:
            await press_both(pilot, first, second)
        await settle(pilot)


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_two_page_keys_in_one_read_of_pages_that_were_never_shown(
    tmp_path: Path, first: str, second: str
) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press_both(pilot, first, second)
        await settle(pilot)
        await shows(pilot, second)


@pytest.mark.parametrize("turn", [1, -1, 4])
async def test_pages_that_were_never_shown(tmp_path: Path, turn: int) -> None:
    """Two keys in one read, then all of them, twice."""
    names = list(pages.PAGES)
    order = names[::turn] if turn < 0 else [*names[turn:], *names[:turn]]
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for first, second in batched(order):
            await press_both(pilot, first, second)
        send(pilot, *[PAGE_KEYS[name] for name in order * 2])
        await until(pilot, lambda: not app._message_queue.qsize())
        await shows(pilot, order[-1])
        await settle(pilot)


@pytest.mark.parametrize("keys", [("1",), ("tab",), ("enter",), ("escape",), ("x", "tab")])
async def test_a_key_in_the_same_read_is_the_page_s(tmp_path: Path, keys: tuple[str, ...]) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for name in pages.PAGES:
            send(pilot, PAGE_KEYS[name], *keys)
            await until(pilot, lambda: not app._message_queue.qsize())
            wanted = pages.FIRST if keys == ("escape",) else name
            await until(pilot, lambda: main(pilot).page.verb == wanted)  # noqa: B023
            # Tab completes what stands there. A digit stands there for a moment: whether a
            # second one makes a number of it.
            typed = "xin" if "x" in keys else ""
            await until(pilot, lambda: main(pilot).entry.line.text == typed)  # noqa: B023
            main(pilot).entry.line.set_text("")
            if main(pilot).asked is not None:
                main(pilot).answer(False)
        await settle(pilot)


async def test_a_digit_behind_f6_means_no_step_that_nobody_has_read(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        send(pilot, "f6", "1")
        await until(pilot, lambda: main(pilot).page.verb == "loops")
        await settle(pilot)
        said = [Translator("en").t(f"screen.{why}") for why in ("not_shown", "no_selection")]
        await until(pilot, lambda: line_of(pilot) in said)


async def test_the_palette_leads_to_a_page_that_is_not_there_yet(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        send(pilot, "ctrl+p", *"map", "enter", "f6")
        await shows(pilot, "loops")
        send(pilot, "ctrl+p", *"photo", "enter", "ctrl+p", *"figures", "enter")
        await shows(pilot, "figures")


async def test_a_page_that_is_asked_for_twice_and_left_before_it_is_there(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = main(pilot)
        for name in pages.PAGES:
            screen.show(name)
            screen.show(name)
            screen.show(pages.FIRST)
        await shows(pilot, pages.FIRST)
        await until(pilot, lambda: not screen._making)
        await shows(pilot, pages.FIRST)
        for name in pages.PAGES:
            page = screen._pages[name]
            assert page.session is not None
            assert len(screen.query(f"#page-{name}")) == 1


async def test_a_line_shows_a_page_while_another_is_made(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = main(pilot)
        screen.entry.run("links")
        send(pilot, "f6")
        await settle(pilot)
        assert screen.page.verb in ("links", "loops")
        await shows(pilot, screen.page.verb)
        screen.show("figures", "fire")
        screen.relabel()
        screen.pulse.renew()
        screen.pulse._tick()
        await shows(pilot, "figures")
