"""While the store is being opened the queue can already be read and walked."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from bench.patience import patience
from console.app import ZhibanApp
from console.desk.session import Session
from console.early import Early
from console.launch import Glimpse, Show
from console.store.glance import glance
from tests.screens.stage import NOON, make_session, rules, settle


class Opening:
    """A launch that shows the queue and then waits until it is told to go on."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.go_on = threading.Event()

    def __call__(self, show: Show) -> Session:
        store = self.session.desk.store
        seen = glance(store.url, store.district, NOON, 60)
        assert seen is not None
        show(Glimpse(seen, rules(), "一席"))
        assert self.go_on.wait(60)
        return self.session


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    found = Opening(make_session(tmp_path))
    yield found
    found.go_on.set()


def app_on(opening: Opening) -> ZhibanApp:
    return ZhibanApp(Early("en", "dark", False, False), opening)


async def seen(pilot: Pilot[None], app: ZhibanApp) -> None:
    """Wait until the rows are there."""
    async with asyncio.timeout(patience(10)):
        while not app.get_default_screen().watch_page.queue.total:
            await pilot.pause(0.005)


async def test_rows_are_there_before_the_session_and_stay_as_they_are(opening: Opening) -> None:
    app = app_on(opening)
    async with app.run_test(size=(120, 40)) as pilot:
        await seen(pilot, app)
        screen = app.get_default_screen()
        queue = screen.watch_page.queue
        assert screen.session is None
        held = [queue.row_at(index) for index in range(queue.total)]
        assert len(held) == queue.total > 2
        assert None not in held

        await pilot.press("down", "down")
        third = queue.selected_key
        assert queue.cursor == 2

        opening.go_on.set()
        await settle(pilot)
        assert [queue.row_at(index) for index in range(queue.total)] == held
        assert (queue.cursor, queue.selected_key) == (2, third)
        # The pane follows the row that was chosen before there was anything to read it from.
        dossier = screen.watch_page.dossier
        assert dossier is not None
        assert dossier.incident.id == third


async def test_the_collector_is_back_when_the_session_is_open(opening: Opening) -> None:
    app = app_on(opening)
    gc.disable()
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            opening.go_on.set()
            await settle(pilot)
            assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
