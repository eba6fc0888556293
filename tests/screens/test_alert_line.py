"""The alert line: what nobody has taken, the longest overdue first, none of it dropped."""

from __future__ import annotations

from pathlib import Path

from adapters.port import Report
from console.app import ZhibanApp
from console.desk.session import Session
from console.domain.clock import MINUTE, SECOND
from console.store import seats
from tests.screens.stage import NOON, make_app, make_session, settle, until
from widgets.status_bar import StatusBar


def line(app: ZhibanApp) -> str:
    """The alert line as it is drawn; "" when it is not there."""
    bar = app.screen.query_one("#alert", StatusBar)
    return "".join(text for text, _tone in bar._left) if bar.display else ""


def fires(count: int) -> list[Report]:
    """Fires with somebody trapped, the later ones the longer overdue."""
    return [
        Report(
            "alarm110",
            f"x-{n}",
            f"第{n}户住宅起火, 有人被困",
            NOON - (10 + n) * MINUTE - n * SECOND,
            place=f"瓜沥镇第{n}村{n}号",
        )
        for n in range(count)
    ]


def numbers(app: ZhibanApp) -> list[int]:
    """The numbers that the line names."""
    return [int(word) for word in line(app).split(":")[1].split("Ctrl")[0].split("+")[0].split()]


async def test_what_others_took_is_not_in_it_and_the_oldest_is_first(tmp_path: Path) -> None:
    session = make_session(tmp_path, reports=(), lines=())
    app = make_app(session, "zh")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert line(app) == ""
        session.desk.receive(fires(21))
        await until(pilot, lambda: "21" in line(app))
        # 21 was reported first, and is the longest overdue.
        await until(pilot, lambda: numbers(app)[0] == 21)
        assert numbers(app) == list(range(21, 0, -1))
        for n in range(1, 8):
            assert session.desk.run(f"接 {n}", seat="二席")[0].ok
        await until(pilot, lambda: "14 起" in line(app))
        await until(pilot, lambda: numbers(app) == list(range(21, 7, -1)))


async def test_seen_are_those_that_it_names(tmp_path: Path) -> None:
    session = make_session(tmp_path, reports=(), lines=())
    app = make_app(session, "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        session.desk.receive(fires(40))
        await until(pilot, lambda: "40" in line(app))
        await until(pilot, lambda: numbers(app)[0] == 40)
        named = len(numbers(app))
        assert named < 40
        assert f"+{40 - named}" in line(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert numbers(app)[0] == 40 - named
        for _ in range(5):
            await pilot.press("ctrl+s")
            await settle(pilot)
        assert line(app) == ""


async def test_what_goes_over_between_seats_is_told(tmp_path: Path) -> None:
    session: Session = make_session(tmp_path)
    with session.desk.store.write() as tx:
        seats.add(tx, "二席", "officer", "王某")
    app = make_app(session, "zh")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert session.desk.run("接管 2 一席离席", seat="二席")[0].ok
        await until(pilot, lambda: "二席接管了本席的 2 「一席离席」" in line(app))
        assert session.desk.run("移交 2 一席 还给你", seat="二席")[0].ok
        await until(pilot, lambda: "二席移交 2 给本席 「还给你」" in line(app))
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert line(app) == ""
