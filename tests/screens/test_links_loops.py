"""The pages of links and loops: by keyboard alone, at both sizes, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot

from console.desk.session import Session
from console.domain.risk_fields import RiskField
from console.screens import digits
from console.screens.links import LinksPage
from console.screens.loops import LoopsPage
from console.screens.main import MainScreen
from console.store import links, outbox
from tests.screens.linked_stage import furnish
from tests.screens.loops_stage import FOLLOWED
from tests.screens.stage import REPORTS, SOON, and_then, make_app, make_session, settle
from widgets.lines import LinesView
from widgets.pane import Pane
from widgets.status_bar import StatusBar

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


@pytest.fixture(autouse=True)
def _digits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to read anything before a digit, or waits long for a second one."""
    monkeypatch.setattr(digits, "READ", 0.0)
    monkeypatch.setattr(digits, "FOLLOWS", SOON / 4)


def staged(folder: Path) -> Session:
    """A console with links that have seen something, and matters that are followed."""
    return furnish(make_session(folder, (*REPORTS, *FOLLOWED)))


def main(pilot: Pilot[None]) -> MainScreen:
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


def text_of(pane: LinesView) -> str:
    return "\n".join(
        line if isinstance(line, str) else "".join(part for part, _tone in line)
        for line in pane.lines
    )


def said(screen: MainScreen) -> str:
    return "".join(part for part, _tone in screen.query_one("#line", StatusBar)._left)


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    for key in pressed:
        await pilot.press(key)
        await settle(pilot)


class TestLinks:
    async def test_every_system_is_there_and_faults_are_first(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f10")
            page = main(pilot).page
            assert isinstance(page, LinksPage)
            assert len(page.views) == 16
            assert [v.now.state for v in page.views[:2]] == ["fault", "fault"]
            about = text_of(page.query_one("#links-detail", LinesView))
            assert "What happened" in about
            assert "What is kept" in about
            assert "What to do" in about

    async def test_an_unknown_order_is_settled_after_a_yes(self, tmp_path: Path) -> None:
        session = staged(tmp_path)
        app = make_app(session, "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f10", "down", "down", "enter", "1")
            assert "sure?" in said(main(pilot))
            await keys(pilot, "n")
            assert state(session, "k-1") == outbox.UNKNOWN
            await keys(pilot, "1", "y")
            assert state(session, "k-1") == outbox.CONFIRMED
            await keys(pilot, "ctrl+z", "y")
            assert state(session, "k-1") == outbox.UNKNOWN

    async def test_a_digit_means_what_has_been_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(digits, "READ", 0.5)
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            now = [0.0]
            main(pilot).keys.digits.ticks = lambda: now[0]
            await keys(pilot, "f10", "down", "down", "enter", "1")
            assert "not on the screen yet" in said(main(pilot))
            now[0] += 0.6
            await keys(pilot, "1")
            assert "sure?" in said(main(pilot))

    async def test_the_risk_of_sending_again_is_asked_about(self, tmp_path: Path) -> None:
        session = staged(tmp_path)
        app = make_app(session, "zh")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f10", "down", "down", "right", "3")
            assert "收到两次" in said(main(pilot))
            await keys(pilot, "y")
            assert state(session, "k-1") == outbox.WAITING

    async def test_an_item_becomes_an_incident_and_another_is_put_aside(
        self, tmp_path: Path
    ) -> None:
        session = staged(tmp_path)
        app = make_app(session, "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f10", "down", "enter")
            page = main(pilot).page
            assert isinstance(page, LinksPage)
            shown = text_of(page.query_one("#links-detail", LinesView))
            assert "199*****222" in shown
            assert "19900002222" not in shown
            await keys(pilot, "3")
            assert main(pilot).entry.line.text == "drop 1 "
            await keys(pilot, "escape", "1", "y")
            with session.desk.store.read() as tx:
                item = links.item(tx, 1)
            assert item is not None
            assert item.state == links.ADOPTED
            assert not page.inside

    async def test_left_and_esc_go_back(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "zh")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f10", "enter")
            page = main(pilot).page
            assert isinstance(page, LinksPage)
            assert pilot.app.focused is page.items
            await keys(pilot, "left")
            assert pilot.app.focused is page.systems
            await keys(pilot, "tab", "escape")
            assert pilot.app.focused is page.systems
            await keys(pilot, "5")
            assert "Enter" in said(main(pilot))
            await keys(pilot, "escape")
            assert main(pilot).page.verb == "watch"

    async def test_the_status_bar_names_what_is_ill(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "zh")
        async with app.run_test(size=(160, 40)) as pilot:
            await settle(pilot)
            bar = main(pilot).query_one("#status", StatusBar)
            assert "链路 13/15 !金钟罩 !劳资E治理" in [text for text, _tone in bar._left]


def state(session: Session, key: str) -> str:
    with session.desk.store.read() as tx:
        found = outbox.get(tx, key)
    assert found is not None
    return found.state


class TestLoops:
    async def test_enter_does_the_next_step_as_on_the_watch(self, tmp_path: Path) -> None:
        session = staged(tmp_path)
        app = make_app(session, "zh")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f6")
            page = main(pilot).page
            assert isinstance(page, LoopsPage)
            first = page.dossier
            assert first is not None
            assert first.incident.category == "hazard.fire"
            await keys(pilot, "enter")
            assert page.dossier is not None
            assert page.dossier.incident.id == first.incident.id
            assert page.dossier.incident.state.value == "accepted"

    async def test_left_and_right_go_from_loop_to_loop(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f6")
            page = main(pilot).page
            assert isinstance(page, LoopsPage)
            assert page.table.total == 7
            seen = []
            for _ in range(5):
                await keys(pilot, "right")
                seen.append((page.kind, page.table.total))
            assert seen == [
                ("hazards", 2),
                ("cylinders", 1),
                ("wages", 1),
                ("orders", 2),
                ("fraud", 1),
            ]
            await keys(pilot, "escape")
            assert (page.kind, page.table.total) == ("", 7)
            main(pilot).entry.run("loops wages")
            await settle(pilot)
            assert page.kind == "wages"
            main(pilot).entry.run("loops nothing")
            await settle(pilot)
            assert "no loop called" in said(main(pilot))

    async def test_all_ten_fields_are_there(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "zh")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f6")
            text = text_of(main(pilot).query_one("#loops-fields", LinesView))
            names = [one.label.zh for one in app_rules(pilot.app)]
            assert len(names) == 10
            assert all(name in text for name in names)


def app_rules(app: App[None]) -> list[RiskField]:
    screen = app.screen
    assert isinstance(screen, MainScreen)
    assert screen.session is not None
    return list(screen.session.desk.rules.followed.fields)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("pressed", [("f6",), ("f10",), ("f10", "enter"), ("f10", "down", "enter")])
async def test_every_line_has_the_width_of_its_pane(
    tmp_path: Path, size: tuple[int, int], lang: str, pressed: tuple[str, ...]
) -> None:
    app = make_app(staged(tmp_path), lang)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await keys(pilot, *pressed)
        for widget in main(pilot).page.walk_children():
            if not isinstance(widget, Pane) or not widget.display or not widget.size:
                continue
            for y in range(widget.size.height):
                drawn = "".join(segment.text for segment in widget.render_line(y))
                assert cell_len(drawn) == widget.size.width, (widget.id, y, drawn)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
class TestPictures:
    """What the officer sees."""

    def test_links(
        self, snap_compare: Callable[..., bool], tmp_path: Path, size: str, lang: str
    ) -> None:
        app = make_app(staged(tmp_path), lang)
        run = and_then("f10", "down", "down", "enter")
        assert snap_compare(app, terminal_size=SIZES[size], run_before=run)

    def test_loops(
        self, snap_compare: Callable[..., bool], tmp_path: Path, size: str, lang: str
    ) -> None:
        app = make_app(staged(tmp_path), lang)
        assert snap_compare(app, terminal_size=SIZES[size], run_before=and_then("f6"))


def test_links_when_the_terminal_draws_box_lines_wide(
    snap_compare: Callable[..., bool], tmp_path: Path
) -> None:
    app = make_app(staged(tmp_path), "zh", "contrast", ascii_only=True)
    assert snap_compare(app, terminal_size=(120, 40), run_before=and_then("f10"))
