"""The demo: a scenario on the local fixtures, in a store of its own.

With the rest of the command line the only place that reaches ``fixtures``.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from adapters.port import Report
from console import listening
from console.desk.desk import Desk
from console.desk.drills import Engine
from console.desk.feeds import Feeds
from console.desk.floor import DeskFloor
from console.desk.gateway import Gateway
from console.desk.group import SOURCE as GROUP
from console.desk.ruleset import Ruleset, load
from console.desk.scenarios import load as load_scenario
from console.desk.session import Session
from console.domain.addresses import parse
from console.domain.clock import Clock, Instant, Pace, ScaledClock, WallClock, day_at
from console.domain.duplicates import keys
from console.domain.message import Problem, msg
from console.domain.rows import PastAssignment, PastIncident
from console.domain.scenario import Scenario
from console.launch import DEFAULT_SEAT, sit_down
from console.settings import load as load_settings
from console.store import history, journal, pace, rollups, seats, units
from console.store.engine import Store, open_store, sqlite_path
from console.store.units import UnitNow
from fixtures import district as fixture_district
from fixtures import history as fixture_history
from fixtures import library, stream, wording
from fixtures.backends import offline
from fixtures.backends.pictures import with_photo
from fixtures.backends.systems import came_as
from widgets.outlet import undo_at_the_end

if TYPE_CHECKING:
    from datetime import date

    from fixtures.history import PastIncident as Past


ZONE = "Asia/Shanghai"
CHUNK = 60
"""Past incidents stored in one transaction: short enough that nobody waits."""

REST = 0.02
"""Seconds between two of these transactions: whoever wants to write comes first."""


def open_demo(
    given: Mapping[str, object], make_clock: Callable[[Instant], Clock] | None = None
) -> Session:
    """The session of ``zhiban demo``.

    Args:
        given: the options that were given: ``seed``, ``speed``, ``scenario``,
            ``store`` (a file to keep), ``lang``, ``light``, ``theme``.
        make_clock: makes the clock of the scenario's first moment, for who plays it by hand;
            by default it runs at ``speed``.

    Raises:
        Problem: no such scenario, a mistake in it, or a store that is already in use.
    """
    seed, speed = given.get("seed"), float(str(given.get("speed") or 1.0))
    if given.get("speed") == 0:
        speed = 0.0
    scenario = str(given.get("scenario") or library.DEFAULT)
    store = str(given["store"]) if given.get("store") else None
    chosen = load_settings(lang=given.get("lang"), light=given.get("light"))
    rules = load(chosen.rules)
    played = _scenario(scenario, int(str(seed)) if seed is not None else None)
    folder = None
    if store is None:
        folder = tempfile.mkdtemp(prefix="zhiban-demo-")
        undo_at_the_end(partial(shutil.rmtree, folder, ignore_errors=True))
        store = str(Path(folder) / "demo.sqlite")
    opened = open_store(store, district="XS", zone=ZONE)
    clock = make_clock(played.start) if make_clock is not None else ScaledClock(played.start, speed)
    try:
        district = _furnish(opened, played.seed)
    except Problem:
        opened.close()
        raise
    # Today's come first, so that their numbers stand before those of the demo.
    past = fixture_history.days_back(played.seed, played.start, played.offset, played.past)
    _store_past(opened, rules, played, next(past)[1])
    _tell_time(opened, clock, speed)
    desk = sit_down(opened, rules, clock, DEFAULT_SEAT)
    delays = {name: ms / 1_000 / max(speed, 1.0) for name, ms in played.actors.delays.items()}
    around = offline.Offline(clock.now, delays)
    around.listen(listening.app(listening.parts(desk, around.secrets)))
    gateway = Gateway(desk, around.adapters())
    feeds = Feeds(desk, around.adapters())

    def bring(report: Report) -> str | None:
        """Let a report's own system say it, and look there at once."""
        if report.source not in around.systems:
            return None
        around.systems[report.source].publish(with_photo(report))
        says: Callable[[], Awaitable[object]]
        says = around.deliver if report.source == GROUP else partial(feeds.look, report.source)
        asyncio.run(_done(says()))
        return came_as(around.systems[report.source], report)

    def make_engine(at: Desk) -> Engine:
        threading.Thread(
            target=_fill_history, args=(opened, rules, played, past), name="history", daemon=True
        ).start()
        arrivals = [
            stream.arrivals(one, played.seed, played.start, played.offset) for one in played.streams
        ]
        return Engine(played, DeskFloor(at, played.actors.units, bring), arrivals, opened.district)

    return Session(
        desk,
        gateway,
        make_engine=make_engine,
        center=district.name,
        bell=chosen.bell,
        notify=chosen.notify,
        light=chosen.light,
        keys=chosen.keys,
        reach=around.adapter,
        reports=chosen.reports / "demo",  # never among those of a real watch
        at_end=(
            partial(shutil.rmtree, folder, ignore_errors=True)
            if folder
            else partial(_stand_still, opened.url, opened.district, clock)
        ),
    )


def _tell_time(store: Store, clock: Clock, speed: float) -> None:
    """Write down how time goes, so that whoever else opens the store lives in the same."""
    with store.write() as tx:
        pace.keep(tx, Pace(clock.now(), WallClock().now(), speed))


def _stand_still(url: str, district: str, clock: Clock) -> None:
    """The demo is over: in its store time stands still.

    A file that has been taken away meanwhile needs no clock, and is not made anew.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return
    store = open_store(url, district=district, create=False)
    try:
        _tell_time(store, clock, 0.0)
    finally:
        store.close()


async def _done(one: Awaitable[object]) -> None:
    await one


def _scenario(name: str, seed: int | None) -> Scenario:
    path = library.path(name)
    if not path.exists():
        raise Problem(msg("demo.no_scenario", name=name, known=library.names()))
    played = load_scenario(path, wording.kinds())
    if seed is None:
        return played
    from dataclasses import replace

    return replace(played, seed=seed)


def _furnish(store: Store, seed: int) -> fixture_district.District:
    """Units, officers and seats of the district into an empty store."""
    district = fixture_district.build(seed)
    with store.write() as tx:
        if journal.head(tx)[0]:
            raise Problem(msg("demo.store_used", store=store.shown))
        units.add(
            tx,
            [
                UnitNow(
                    call_sign=one.call_sign,
                    kind=one.kind,
                    name=one.name,
                    station=one.station,
                    town=one.town,
                    lat=one.lat,
                    lon=one.lon,
                    status="available",
                    since=0,
                    incident=None,
                    check_due=None,
                    check_missed=0,
                    load=0,
                )
                for one in district.units
            ],
        )
        for officer in district.officers:
            seats.add_officer(tx, officer.name, officer.badge)
        for seat in district.seats:
            seats.add(tx, seat.name, seat.role, seat.officer)
    return district


def _store_past(store: Store, rules: Ruleset, played: Scenario, past: list[Past]) -> None:
    origin = history.Origin("history", "history", "system", played.start)
    cases = [_case(one, rules) for one in past]
    with store.write(patient=True) as tx:
        history.add(tx, origin, cases)


def _fill_history(
    store: Store, rules: Ruleset, played: Scenario, past: Iterator[tuple[date, list[Past]]]
) -> None:
    """The past years in chunks beside the running console, the newest first; month by month
    with its figures, so that no page has to count them.
    """
    today = day_at(played.start, ZoneInfo(ZONE))
    chunk: list[Past] = []
    try:
        for day, incidents in past:
            chunk += incidents
            if len(chunk) >= CHUNK or day.day == 1:
                _store_past(store, rules, played, chunk)
                time.sleep(REST)
                chunk = []
            if day.day == 1:
                rollups.refresh(store, today)
    except Problem:
        # The officer has left while it was being written: the store is closed.
        return


def _case(one: Past, rules: Ruleset) -> history.PastCase:
    place = parse(one.place, rules.gazetteer)
    value = PastIncident(
        word=one.category,
        category=one.category,
        priority=None,
        place=one.place,
        town=one.town,
        lat=one.lat,
        lon=one.lon,
        text=one.text,
        caller=one.caller,
        phone=one.phone,
        severity=one.severity,
        fraud_class=one.fraud_class,
        casualties=one.injured + one.deaths,
        deaths=one.deaths,
        injured=one.injured,
        amount_lost=one.amount_lost,
        amount_saved=one.amount_saved,
        alarm_level=one.alarm_level,
        result=one.result,
        cause=one.cause,
        contacted=one.contacted,
        amount_at_risk=one.amount_at_risk,
    )
    return history.PastCase(
        source_id=one.source_id,
        received=one.received,
        past=value,
        digest=value.digest(),
        field=rules.categories.field(one.category),
        town=one.town,
        priority=int(rules.categories.get(one.category).priority),
        keys=keys(place, one.phone, one.lat, one.lon),
        assignments=tuple(
            PastAssignment(
                a.call_sign,
                one.received,
                a.dispatched,
                a.enroute,
                a.on_scene,
                a.clearing,
                a.available,
            )
            for a in one.assignments
        ),
    )
