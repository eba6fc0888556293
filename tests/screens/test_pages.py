"""Pages: how one is added, what it is told, and that keys stay with what is on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult

from console.desk.verbs import BY_ID, VERBS
from console.domain.clock import Instant
from console.domain.message import msg
from console.i18n import Translator
from console.screens import pages
from console.screens.acts import ACTS
from console.screens.help import help_lines
from console.screens.jobs import Jobs
from console.screens.main import MainScreen
from console.screens.page import Page
from console.screens.reading import Counts
from tests.screens.stage import make_app, make_session, settle
from widgets.cells import cell_len
from widgets.lines import LinesView
from widgets.status_bar import StatusBar


class Told(Page):
    """A page that writes down what it is told, in the place of the help."""

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.told: list[str] = []
        self.pressed: list[str] = []
        self.inside = False

    def compose(self) -> ComposeResult:
        yield LinesView(scrolls=True, id="told")

    @property
    def home(self) -> LinesView:
        return self.query_one("#told", LinesView)

    def opened(self, words: str = "") -> None:
        self.told.append(f"opened {words}".strip())

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        self.told.append("renew" if touched is None else f"renew {len(touched)}")

    def counted(self, counts: Counts) -> None:
        self.told.append("counted")

    def tick(self, now: Instant) -> None:
        self.told.append("tick")

    def relabel(self) -> None:
        self.told.append(f"relabel {self.words.lang}")

    def press(self, event: events.Key) -> bool:
        self.pressed.append(event.key)
        return event.key == "x"

    def escape(self) -> bool:
        was, self.inside = self.inside, False
        return was


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line: the page is there."""
    monkeypatch.setitem(pages.PAGES, "help", f"{__name__}:Told")


def line_of(screen: MainScreen) -> str:
    """What stands in the message line."""
    return "".join(text for text, _tone in screen.query_one("#line", StatusBar)._left)


def main(app: object) -> MainScreen:
    """The screen of an app that runs."""
    screen = app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, MainScreen)
    return screen


def test_every_page_has_its_verb_and_its_key() -> None:
    assert {id_ for id_ in pages.PAGES if not BY_ID[id_].key} == set()


def test_every_verb_of_the_screen_shows_a_page_or_does_something() -> None:
    of_screen = {verb.id for verb in VERBS if not verb.does} | {"new"}
    assert of_screen == set(pages.PAGES) | set(ACTS)
    assert set(pages.PAGES) & set(ACTS) == set()


@pytest.mark.parametrize("name", pages.PAGES)
async def test_every_page_opens_by_its_key_and_takes_the_keyboard(
    tmp_path: Path, name: str
) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for _ in range(2):
            await pilot.press(BY_ID[name].key)
            await settle(pilot)
            page = main(app).page
            assert page.verb == name
            assert page.display
            assert main(app).focused is page.home
            assert [p.verb for p in main(app).query(Page) if p.display] == [name]


@pytest.mark.usefixtures("told")
class TestToldPage:
    async def test_is_told_in_order_and_only_while_it_is_shown(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("f1")
            await settle(pilot)
            page = main(app).page
            assert isinstance(page, Told)
            assert page.told[:4] == ["relabel zh", "opened", "renew", "counted"]
            await pilot.press("f2")
            await settle(pilot)
            page.told.clear()
            main(app).entry.run("记 #1 三楼有人")
            await settle(pilot)
            assert page.told == []
            await pilot.press("ctrl+l")
            await settle(pilot)
            assert page.told == ["relabel en"]
            main(app).entry.run("help dispatch")
            await settle(pilot)
            assert page.told[1:4] == ["opened dispatch", "renew", "counted"]
            page.told.clear()
            main(app).entry.run("note #1 three people")
            await settle(pilot)
            assert "renew 1" in page.told
            assert "counted" in page.told

    async def test_uses_keys_before_they_get_their_common_meaning(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("f1")
            await settle(pilot)
            page = main(app).page
            assert isinstance(page, Told)
            await pilot.press("x", "y")
            assert main(app).entry.line.text == "y"
            assert page.pressed == ["x", "y"]

    async def test_goes_back_inside_before_it_is_left(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("f1")
            await settle(pilot)
            page = main(app).page
            assert isinstance(page, Told)
            page.inside = True
            await pilot.press("escape")
            assert main(app).page is page
            await pilot.press("escape")
            assert main(app).page is main(app).watch_page

    async def test_says_and_does_by_message(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("f1")
            await settle(pilot)
            page = main(app).page
            page.post_message(Page.Say(msg("screen.no_choice", n=7), "dim"))
            await settle(pilot)
            assert line_of(main(app)) == Translator("zh").t("screen.no_choice", n=7)
            page.post_message(Page.Run("值守"))
            await settle(pilot)
            assert main(app).page is main(app).watch_page


async def test_enter_does_nothing_to_an_incident_that_is_not_on_the_screen(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        with session.desk.store.read() as tx:
            from console.store import journal

            before = journal.head(tx)[0]
        await pilot.press("f1")
        await settle(pilot)
        await pilot.press("enter", "1")
        await settle(pilot)
        assert line_of(main(app)) == Translator("zh").t("screen.no_selection")
        with session.desk.store.read() as tx:
            assert journal.head(tx)[0] == before


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [119, 199])
def test_names_and_pinyin_of_a_verb_are_whole_in_the_help(lang: str, width: int) -> None:
    lines = [
        line if isinstance(line, str) else "".join(piece for piece, _tone in line)
        for line in help_lines(Translator(lang), width=width)
    ]
    for verb in VERBS:
        names = verb.names.zh, verb.names.en, verb.names.pinyin
        (row,) = (line for line in lines if set(names) <= set(line.split()[:4]))
        assert cell_len(row) <= width
