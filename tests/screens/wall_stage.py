"""A wall that stands still: the stage's floor with nine weeks of history behind it."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from textual.pilot import Pilot

from bench.patience import patience
from console.desk.walled import WallReader
from console.domain.clock import FixedClock
from console.domain.rollup import number_of
from console.early import Early
from console.i18n import Translator
from console.screens.drawing import Drawing
from console.screens.wall import WallScreen
from console.store import links
from console.store.engine import Store, open_store
from console.store.links import LinkNow
from console.store.tables import hourly
from console.wall_app import PANELS, WallApp
from tests.screens.figured_stage import furnish
from tests.screens.stage import NOON, make_session, rules

TODAY = date(2026, 11, 23)


def floor(folder: Path) -> Path:
    """A store with incidents, links and nine weeks of history; returns its file."""
    make_session(folder, past=_nine_weeks).stop()
    return folder / "stage.sqlite"


def _nine_weeks(store: Store) -> None:
    furnish(store, 4_000, days=63)
    with store.write() as tx:
        for system in ("alarm110", "traffic", "hotline12345"):
            links.save(tx, LinkNow(system, state=links.OK, seen=NOON, last_item=NOON - 60_000))
        links.save(tx, LinkNow("fraudguard", state=links.FAULT, seen=NOON, fault="unreachable"))
        tx.conn.execute(
            sa.update(hourly)
            .where(hourly.c.day == number_of(TODAY), hourly.c.hour == 11, hourly.c.field == "fraud")
            .values(n=14)
        )


def make_wall(
    file: Path,
    lang: str = "zh",
    *,
    panels: tuple[str, ...] = PANELS,
    every: float = 3_600.0,
    theme: str = "dark",
    ascii_only: bool = False,
    clock: FixedClock | None = None,
) -> WallApp:
    """The wall over a store."""
    clock = clock or FixedClock(NOON)

    def opened() -> Store:
        return open_store(str(file), readonly=True, create=False)

    reader = WallReader(opened, clock)
    store = reader.open()
    return WallApp(
        Early(lang=lang, theme=theme, light=False, ascii=ascii_only),
        Drawing(Translator(lang), rules(), store.zone, store.district),
        reader,
        panels=panels,
        every=every,
        center="萧山",
        ascii_only=ascii_only,
    )


def screen_of(pilot: Pilot[None]) -> WallScreen:
    """The wall's screen."""
    screen = pilot.app.screen
    assert isinstance(screen, WallScreen)
    return screen


async def settled(pilot: Pilot[None]) -> None:
    """Wait until every look has come back and been drawn."""
    screen = screen_of(pilot)
    async with asyncio.timeout(patience(10)):
        while screen.jobs.busy() or not (screen.found or screen.trouble):
            await pilot.pause(0.005)
    await pilot.pause()


def text_of(pilot: Pilot[None]) -> str:
    """Everything on the screen."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
