"""A number on the screen: the day of a row of another day, and the jump to an incident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from console.desk.doubts import ALL
from console.domain.clock import DAY, FixedClock
from console.domain.incident import make_id
from console.screens.main import MainScreen
from tests.screens.stage import NOON, REPORTS, make_app, make_session, settle, until

YESTERDAY, TODAY = 20261123, 20261124
FIRE = replace(
    REPORTS[1],
    source_id="a-9",
    text="工厂起火",
    place="瓜沥镇航坞路1号",
    phone="19900007777",
    occurred=NOON + DAY,
)


def selects(screen: MainScreen, serial: int) -> Callable[[], bool]:
    """Whether an incident of yesterday is selected."""
    return lambda: screen.page.selected == make_id(YESTERDAY, serial)


def numbers(screen: MainScreen) -> list[str]:
    """The numbers of the rows that the queue holds, as they are drawn."""
    return [row.cells[1] for row in screen.watch_page.queue._rows]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_row_of_another_day_says_its_day(tmp_path: Path, size: tuple[int, int]) -> None:
    session = make_session(tmp_path)
    assert isinstance(session.desk.clock, FixedClock)
    session.desk.clock.at += DAY
    session.desk.receive([FIRE])
    app = make_app(session)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        assert {"1", "23-1", "23-2"} <= set(numbers(screen))
        session.desk.clock.at += 500 * DAY
        screen.page.renew(None)
        await until(pilot, lambda: "2026-11-23/1" in numbers(screen))


async def test_a_number_alone_goes_to_its_incident(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        for line, serial in (
            ("5", 5),
            ("#2", 2),
            ("4号", 4),
            ("一", 1),
            ("23-3", 3),
            ("选中 5", 5),
        ):
            screen.entry.run(line)
            await until(pilot, selects(screen, serial))
        assert screen.watch_page.found is None
        (done,) = session.desk.run("取消 #2 重复报警", sure=ALL)
        assert done.ok
        await settle(pilot)
        screen.entry.run("2")
        await until(pilot, lambda: screen.watch_page.found is not None)
        await until(pilot, lambda: screen.page.selected == make_id(YESTERDAY, 2))
        screen.entry.run("5")
        await until(pilot, lambda: screen.page.selected == make_id(YESTERDAY, 5))
        assert screen.watch_page.found is None


async def test_a_stroke_begins_a_search(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await pilot.press("slash", "3", "6", "6", "enter")
        await until(pilot, lambda: screen.watch_page.found is not None)
        assert numbers(screen) == ["3", "2"]


async def test_a_place_alone_is_a_search_and_makes_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.entry.run("新塘 育才东路")
        await until(pilot, lambda: screen.watch_page.found is not None)
        assert numbers(screen) == ["1"]
        with session.desk.reading() as work:
            assert work.incident(make_id(YESTERDAY, 5)).id
            assert not session.desk.run("新塘着火了")[0].ok


async def test_a_number_of_two_days_is_asked_about(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    assert isinstance(session.desk.clock, FixedClock)
    session.desk.clock.at += DAY
    session.desk.receive([FIRE])
    for line in ("接 1", "接 #1", "1", "结案 1"):
        (answer,) = session.desk.run(line, make_id(TODAY, 1))
        assert not answer.ok
        assert answer.message.id == "grammar.which_day"
    (answer,) = session.desk.run("接 24-1")
    assert answer.ok
    assert answer.incident == make_id(TODAY, 1)
    (answer,) = session.desk.run("记 昨1 已联系")
    assert answer.incident == make_id(YESTERDAY, 1)
