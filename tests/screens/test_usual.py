"""F2 against what is usual: words and a sign in the strip, charts where there is room."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from console.desk.session import Session
from console.domain.rollup import number_of
from console.screens.main import MainScreen
from console.store.bulk import insert_many
from console.store.tables import hourly
from tests.screens.stage import make_app, make_session, settle, until
from tests.widgets.stage import drawn_lines
from widgets.chart import Chart
from widgets.lines import LinesView

TODAY = date(2026, 11, 23)


def with_history(folder: Path, *, fires_at_noon: int = 0) -> Session:
    """A session whose center knows seven weeks, and has fires in the running hour."""
    session = make_session(folder)
    rows = [
        ("XS", number_of(TODAY - timedelta(days=back)), hour, field, n)
        for back in range(1, 50)
        for hour in range(24)
        for field, n in (("fire", 1), ("traffic", 4), ("fraud", 3))
    ]
    if fires_at_noon:
        rows.append(("XS", number_of(TODAY), 12, "fire", fires_at_noon))
    with session.desk.store.write() as tx:
        insert_many(tx, hourly, ("district", "day", "hour", "field", "n"), rows)
    return session


def text_of(pilot: Pilot[None]) -> str:
    """The whole screen."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


def charts(pilot: Pilot[None]) -> list[Chart]:
    """The charts that can be seen."""
    page = cast(MainScreen, pilot.app.screen).watch_page
    return [chart for chart in page.query(Chart) if chart.region.width]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", ("常态", "^ 偏多", "v 偏少")), ("en", ("usual", "^ high", "v low"))],
)
async def test_the_strip_says_the_band_and_what_is_outside(
    tmp_path: Path, lang: str, said: tuple[str, str, str]
) -> None:
    app = make_app(with_history(tmp_path, fires_at_noon=20), lang)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        strip = "\n".join(
            str(line) for line in pilot.app.screen.query_one("#strip", LinesView).lines
        )
        assert all(word in strip for word in said), strip
        assert charts(pilot) == []


async def test_without_four_weeks_it_says_that_there_is_none(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(170, 48)) as pilot:
        await settle(pilot)
        await until(pilot, lambda: len(charts(pilot)) == 3)
        shown = text_of(pilot)
        assert "常态 -" in shown
        assert "历史不足四周" in shown


async def test_the_charts_stand_beside_the_queue_from_160_columns_on(tmp_path: Path) -> None:
    app = make_app(with_history(tmp_path))
    async with app.run_test(size=(159, 48)) as pilot:
        await settle(pilot)
        assert charts(pilot) == []
        await pilot.resize_terminal(160, 48)
        await until(pilot, lambda: len(charts(pilot)) == 3)
        assert all(chart.region.width >= 30 for chart in charts(pilot))
        selected = pilot.app.screen.query_one("#queue").region
        assert selected.width >= 60
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert charts(pilot) == []


async def test_what_did_not_change_is_not_drawn_again(tmp_path: Path) -> None:
    app = make_app(with_history(tmp_path))
    async with app.run_test(size=(170, 48)) as pilot:
        await settle(pilot)
        await until(pilot, lambda: len(charts(pilot)) == 3)
        await settle(pilot)
        screen = cast(MainScreen, pilot.app.screen)
        traffic, _fraud, fire = charts(pilot)
        with drawn_lines(traffic) as idle, drawn_lines(fire) as changed:
            screen.pulse.renew()
            await settle(pilot)
            assert idle == []
            assert changed == []
            assert screen.session is not None
            with screen.session.desk.store.write() as tx:
                insert_many(
                    tx,
                    hourly,
                    ("district", "day", "hour", "field", "n"),
                    [("XS", number_of(TODAY), 10, "fire", 7)],
                )
            screen.pulse.renew()
            await settle(pilot)
            assert idle == []
            assert changed


async def test_a_thin_line_gets_no_charts(tmp_path: Path) -> None:
    session = with_history(tmp_path)
    session.light = True
    app = make_app(session)
    async with app.run_test(size=(180, 48)) as pilot:
        await settle(pilot)
        assert charts(pilot) == []
        assert not list(pilot.app.screen.query(Chart))
