"""The store goes away under an open console: the bar says it, and no line is done later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from console.app import ZhibanApp
from console.desk.session import Session
from console.domain.message import msg
from console.screens.main import MainScreen
from console.store import journal, standing
from console.store.engine import Store, open_store
from console.store.problem import End, UnsureProblem
from tests.screens.packed import send
from tests.screens.stage import make_app, make_session, settle, until
from widgets.status_bar import StatusBar

LINE = "new fire smoke at 12 Renmin Road"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return make_session(tmp_path)


def main(pilot: Pilot[None]) -> MainScreen:
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


def says(pilot: Pilot[None], id_: str, bar: str = "#line") -> bool:
    """Whether a bar says a sentence, whatever stands in its fields."""
    shown = "".join(text for text, _tone in main(pilot).query_one(bar, StatusBar)._left)
    start = main(pilot).words.t(msg(id_, since="@", why="@", line="@", store="@")).split("@")[0]
    return start.strip() in shown


def incidents(session: Session) -> int:
    store = open_store(session.desk.store.url, readonly=True)
    with store.read() as tx:
        found = int(tx.conn.exec_driver_sql("SELECT count(*) FROM incident").scalar_one())
    store.close()
    return found


@contextmanager
def held(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A store like a server that says nothing until it is let go."""
    go_on = threading.Event()
    look, read = Store.look, Store.read

    @contextmanager
    def waits(self: Store) -> Iterator[object]:
        assert go_on.wait(60)
        with read(self) as tx:
            yield tx

    def looks(self: Store) -> None:
        assert go_on.wait(60)
        look(self)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "read", waits)
        patch.setattr(Store, "look", looks)
        patch.setattr(Store, "remote", True)
        patch.setattr(standing, "SILENT", 0.1)
        try:
            yield go_on
        finally:
            go_on.set()


def app_of(session: Session) -> ZhibanApp:
    return make_app(session, "en")


async def test_a_file_that_is_moved_away_is_said_and_a_line_stays(session: Session) -> None:
    file = Path(session.desk.store.url.removeprefix("sqlite:///"))
    there = incidents(session)
    async with app_of(session).run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        file.rename(file.with_name("away"))
        # Whoever is faster than the look finds it out by the line itself.
        send(pilot, *LINE, "enter")
        await until(pilot, lambda: says(pilot, "status.away", "#status"))
        await until(pilot, lambda: main(pilot).entry.line.text == LINE)
        await pilot.press("enter")
        await until(pilot, lambda: says(pilot, "away.refused"))
        assert main(pilot).entry.line.text == LINE
        file.with_name("away").rename(file)
        await until(pilot, lambda: says(pilot, "away.back"))
        assert not says(pilot, "status.away", "#status")
        await settle(pilot)
        assert incidents(session) == there
        await pilot.press("enter")
        await until(pilot, lambda: incidents(session) == there + 1)


async def test_a_server_that_says_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line on its way is shown as waiting; those behind it are not done when it is back."""
    there = incidents(session)
    async with app_of(session).run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        entry = main(pilot).entry
        with held(session.desk.store, monkeypatch) as go_on:
            send(pilot, *LINE, "enter", *LINE, "enter")
            await until(pilot, lambda: says(pilot, "status.away", "#status"))
            await until(pilot, lambda: says(pilot, "away.waits"))
            send(pilot, *LINE, "enter")
            await until(pilot, lambda: says(pilot, "away.refused"))
            assert entry.line.text == LINE
            go_on.set()
            await until(pilot, lambda: not entry.waiting)
            await until(pilot, lambda: not says(pilot, "status.away", "#status"))
        await settle(pilot)
    assert incidents(session) == there + 1


async def test_what_nobody_knew_is_found_out(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is lost behind the commit, and comes back."""
    desk, there = session.desk, incidents(session)
    run = desk.run

    def lost(*args: object, **options: object) -> object:
        done = run(*args, **options)  # type: ignore[arg-type]
        with desk.store.read() as tx:
            end = End(*journal.head(tx))
        problem = UnsureProblem(msg("store.unsure", store="x"), end)
        return [
            *done[:-1],
            type(done[-1])(False, "", None, problem.message, fault=problem, rest=LINE),
        ]

    async with app_of(session).run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        monkeypatch.setattr(desk, "run", lost)
        send(pilot, *LINE, "enter")
        await until(pilot, lambda: says(pilot, "away.written"))
        assert main(pilot).entry.line.text == ""
    assert incidents(session) == there + 1


async def test_a_form_that_is_sent_meanwhile_stays(session: Session) -> None:
    file = Path(session.desk.store.url.removeprefix("sqlite:///"))
    async with app_of(session).run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+n")
        await settle(pilot)
        await pilot.press("tab", "tab", *"smoke")
        file.rename(file.with_name("away"))
        await until(pilot, lambda: says(pilot, "status.away", "#status"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: says(pilot, "away.refused"))
        form = main(pilot).intake.form
        assert form.display
        assert "smoke" in form.values.values()
        file.with_name("away").rename(file)


def test_the_trouble_keeps_its_beginning(session: Session) -> None:
    seen = standing.Standing(session.desk.store, session.desk.clock)
    file = Path(session.desk.store.url.removeprefix("sqlite:///"))
    seen.look()
    assert (seen.trouble, seen.times) == (None, 0)
    file.rename(file.with_name("away"))
    for _ in range(2):
        seen.look()
        assert seen.trouble is not None
        assert seen.trouble.why.id == "store.removed"
        assert seen.times == 1
    file.with_name("away").rename(file)
    seen.look()
    assert (seen.trouble, seen.times) == (None, 1)
    session.desk.store.close()
