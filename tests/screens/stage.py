"""A console that stands still: a fixed clock, a small district, a few incidents on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

from textual.pilot import Pilot

from adapters.port import Report
from bench.patience import patience
from console.app import ZhibanApp
from console.desk.desk import Desk
from console.desk.ruleset import Ruleset, load
from console.desk.session import Session
from console.domain.clock import MINUTE, SECOND, FixedClock
from console.early import Early
from console.screens.jobs import Jobs
from console.store import seats, units
from console.store.engine import Store, open_store
from console.store.units import UnitNow
from fixtures.district import build

NOON = 1_795_406_400_000
"""2026-11-23 12:00:00 in Shanghai, ms UTC."""

_RULES: list[Ruleset] = []


def rules() -> Ruleset:
    """The rules that ship, read once."""
    if not _RULES:
        _RULES.append(load())
    return _RULES[0]


REPORTS = (
    Report(
        "fraudguard",
        "w-1",
        "疑似冒充电商物流客服, 一小时内与境外号码通话三次",
        NOON - 40 * SECOND,
        category="fraud.warning",
        place="新塘街道育才东路88号12-3-401",
        caller="陈女士",
        phone="19900001234",
        fraud_class="冒充电商物流客服",
        amount_at_risk=400_000,
    ),
    Report(
        "alarm110",
        "a-1",
        "高层住宅厨房冒烟, 三楼有两个人被困",
        NOON - 3 * MINUTE,
        place="北干街道金城路366号2幢",
        phone="19900002222",
    ),
    Report(
        "alarm110",
        "a-2",
        "金城路366号2幢着火了, 浓烟很大",
        NOON - 2 * MINUTE,
        place="北干街道金城路366号2幢",
        phone="19900003333",
    ),
    Report(
        "traffic",
        "t-1",
        "两车相撞, 一人受伤, 占了一条车道",
        NOON - 6 * MINUTE,
        place="宁围街道建设一路与市心北路路口",
        phone="19900004444",
    ),
    Report(
        "hotline12345",
        "h-1",
        "小区夜间施工噪音扰民, 请协调",
        NOON - 30 * MINUTE,
        place="蜀山街道湘湖社区",
    ),
)


def make_session(
    folder: Path,
    reports: Sequence[Report] = REPORTS,
    lines: Sequence[str] = ("接 2", "派 2 E201 E202", "E201 出动", "接 3"),
    *,
    at: int = NOON,
    past: Callable[[Store], None] | None = None,
) -> Session:
    """A session on a new store with reports taken in, lines done, and a past behind it."""

    def make(file: Path) -> None:
        fill(file, reports, lines, at, past)

    file = folder / "stage.sqlite"
    made_once(file, (repr(reports), tuple(lines), at, past), make)
    return session_on(file, at)


def session_on(file: Path, at: int = NOON) -> Session:
    """A session on a store that is there, at a moment (ms UTC) that does not pass."""
    desk = Desk(open_store(str(file)), FixedClock(at), rules(), "一席", "李某")
    return Session(desk, center="萧山", bell=False, notify=False)


_MADE: dict[Hashable, bytes] = {}


def made_once(file: Path, key: Hashable, make: Callable[[Path], None]) -> None:
    """A store's file that is made once a process, and copied for whoever wants the same."""
    if key not in _MADE:
        make(file)
        _MADE[key] = file.read_bytes()
    file.write_bytes(_MADE[key])


def fill(
    file: Path,
    reports: Sequence[Report],
    lines: Sequence[str],
    at: int,
    past: Callable[[Store], None] | None,
) -> None:
    """A store with the district's units, reports and what was done about them."""
    store = open_store(str(file))
    clock = FixedClock(at - 5 * SECOND)
    district = build(1)
    with store.write() as tx:
        units.add(
            tx,
            [
                UnitNow(
                    one.call_sign,
                    one.kind,
                    one.name,
                    one.station,
                    one.town,
                    one.lat,
                    one.lon,
                    "available",
                    0,
                    None,
                    None,
                    0,
                    0,
                )
                for one in district.units
            ],
        )
        seats.add(tx, "一席", "officer", "李某")
    desk = Desk(store, clock, rules(), "一席", "李某")
    desk.receive(reports)
    for line in lines:
        for done in desk.run(line):
            assert done.ok, (line, done.message)
    if past is not None:
        past(store)
    store.close()


def make_app(
    session: Session, lang: str = "zh", theme: str = "dark", *, ascii_only: bool = False
) -> ZhibanApp:
    """The console on a session that is already open."""
    early = Early(lang=lang, theme=theme, light=False, ascii=ascii_only)
    return ZhibanApp(early, lambda _show: session, ascii_only=ascii_only)


SOON = 0.5
"""Seconds: a timer of the screen that runs out once and sooner is waited for."""


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every read has come back and been drawn, and nothing more is about to begin."""
    screen = pilot.app.screen
    jobs: Jobs = screen.jobs  # type: ignore[attr-defined]
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(patience(10)):
        calm, asked = 0, jobs.asked
        while calm < 2:
            if screen.session is None:  # type: ignore[attr-defined]
                await asyncio.sleep(0.005)
                continue
            idle = asyncio.Event()

            def wake(one: asyncio.Event = idle) -> None:
                loop.call_soon_threadsafe(one.set)

            jobs.when_idle(wake)
            await idle.wait()
            # What the jobs have answered is in the queues now: it is handled and drawn.
            await pilot.pause(0)
            if about_to(pilot):
                await asyncio.sleep(0.005)
            # A job that has come and gone meanwhile has an answer that nobody has handled yet.
            still = jobs.asked == asked and not jobs.busy() and not about_to(pilot)
            calm, asked = calm + 1 if still else 0, jobs.asked


def about_to(pilot: Pilot[None]) -> bool:
    """Whether something on the screen waits for a short while to pass."""
    nodes = [pilot.app, *pilot.app.screen.walk_children(with_self=True)]
    return any(
        timer._repeat == 0 and timer._interval <= SOON and timer._task and not timer._task.done()
        for node in nodes
        for timer in list(node._timers)
    )


async def until(pilot: Pilot[None], there: Callable[[], bool]) -> None:
    """Wait until something is on the screen that comes by itself."""
    async with asyncio.timeout(patience(10)):
        while not there():
            await pilot.pause(0.005)


def and_then(*keys: str) -> Callable[[Pilot[None]], object]:
    """For a snapshot: settle, press keys, settle."""

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run
