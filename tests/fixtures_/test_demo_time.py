"""Whoever opens a demo's store lives in the demo's time; when the demo is over, it stands still."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from console.cli_demo import open_demo
from console.domain.clock import HOUR, FixedClock, PacedClock, to_datetime
from console.launch import desk_of
from console.settings import load
from console.store.engine import open_store
from console.store.glance import glance
from console.store.pace import clock_of
from tests.in_process import zhiban

DAY = "2022-03-21"


def test_it_is_followed_and_then_it_stands(tmp_path: Path) -> None:
    store = tmp_path / "zhiban.sqlite"
    session = open_demo({"speed": 60.0, "lang": "en", "store": str(store)})
    try:
        begun = session.desk.clock.now()
        other = desk_of(load(store=str(store), seat="二席"), readonly=True)
        assert isinstance(other.clock, PacedClock)
        time.sleep(0.2)
        # A minute of the demo is a second of the machine, and a busy one may lose some between.
        assert abs(other.clock.now() - session.desk.clock.now()) < 20 * 60_000
        assert other.clock.now() > begun
        other.store.close()
    finally:
        session.stop()
    ended = session.desk.clock.now()
    again = open_store(str(store), readonly=True)
    first = clock_of(again).now()
    time.sleep(0.1)
    assert first == clock_of(again).now() <= ended
    zone = again.zone
    again.close()
    assert f"{to_datetime(first, zone):%Y-%m-%d}" == DAY
    done = zhiban(tmp_path, "figures", "--panel", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["window"]["from"] == DAY
    seen = glance(str(store), "XS", 0, 60)
    assert seen is not None
    assert seen.now == first


def test_a_store_that_was_taken_away_is_not_made_anew(tmp_path: Path) -> None:
    store = tmp_path / "zhiban.sqlite"
    session = open_demo({"speed": 0, "lang": "en", "store": str(store)})
    for part in tmp_path.glob("zhiban.sqlite*"):
        part.unlink()
    session.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_a_real_watch_goes_by_the_machine(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "watch.sqlite"))
    assert abs(clock_of(store).now() - time.time_ns() // 1_000_000) < HOUR
    assert not isinstance(clock_of(store), PacedClock)
    store.close()


@pytest.mark.parametrize(
    "text", ["", "x", "1 2", "1 2 -1.0", "1 2 nan", "1 2 inf", "1 2 3 4", "a b 1.0", "1  2 3"]
)
def test_what_nobody_wrote_is_no_clock(tmp_path: Path, text: str) -> None:
    from console.store.pace import NAME, clock_in
    from console.store.tables import setting

    store = open_store(str(tmp_path / "watch.sqlite"))
    machine = FixedClock(5)
    with store.write() as tx:
        tx.conn.execute(setting.insert(), [{"district": "XS", "name": NAME, "value": text}])
        assert clock_in(tx, machine) is machine
    store.close()
