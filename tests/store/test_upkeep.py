"""After an upgrade the figures are there: nobody who looks at them has to count every day."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from console.domain.clock import DAY, Pace, day_at
from console.domain.message import Message
from console.i18n import Translator
from console.store import checking, history, pace, rollups, schema, upkeep
from console.store.engine import Store, open_store, sqlite_path
from tests.in_process import zhiban
from tests.store.floor import START
from tests.store.test_statistics import case


def furnish(store: Store, count: int = 60, now: int = START) -> int:
    """Put an incident of each of so many days into the store, the last one of today; today.

    Time stands still in it.
    """
    with store.write() as tx:
        pace.keep(tx, Pace(now, 0, 0.0))
        history.add(
            tx,
            history.Origin("past", "past.csv", "一席", 0),
            [case(f"c{n}", now - 11 * n * DAY) for n in range(count)],
        )
    return day_at(now, store.zone)


def left(store: Store) -> rollups.Stale:
    with store.read() as tx:
        return rollups.stale(tx)


def only(day: int) -> rollups.Stale:
    return rollups.Stale(frozenset(), frozenset({day}), frozenset())


def test_an_upgraded_store_has_its_figures(store_url: str, tmp_path: Path) -> None:
    store = open_store(store_url)
    today = furnish(store)
    rollups.refresh(store)
    store.close()
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["url"] = store_url
    command.downgrade(config, "0007")

    done = zhiban(tmp_path, "store", "upgrade", "--store", store_url, "--lang", "en")
    # Not in a terminal, so nothing is said of how long it takes.
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        f"upgraded from 0007 to {schema.HEAD}\n",
    )
    store = open_store(store_url)
    assert left(store) == only(today)
    assert checking.check(store) == []
    store.close()
    again = zhiban(tmp_path, "store", "upgrade", "--store", store_url, "--lang", "en")
    assert (again.returncode, again.stderr) == (
        0,
        f"upgraded from {schema.HEAD} to {schema.HEAD}\n",
    )


def test_it_is_said_when_there_are_many(store_url: str) -> None:
    store = open_store(store_url)
    today = furnish(store)
    told: list[Message] = []
    assert upkeep.count_days(store_url, told.append) == 59
    assert left(store) == only(today)
    assert [Translator(lang).t(one) for one in told for lang in ("zh", "en")] == [
        "正在统计 59 天的数据",
        "counting the figures of 59 days",
    ]
    assert upkeep.count_days(store_url, told.append) == 0
    assert len(told) == 1
    store.close()


def test_every_district_by_its_own_clock(store_url: str) -> None:
    """A drill has a day of its own."""
    names = ("XS", "YH") if sqlite_path(store_url) is None else ("YH",)  # a file holds one
    days = {}
    for n, name in enumerate(names):
        store = open_store(store_url, district=name, zone="Europe/London")
        days[name] = furnish(store, 5, START + 400 * n * DAY)
        store.close()
    assert upkeep.count_days(store_url) == 4 * len(names)
    for name in names:
        store = open_store(store_url, district=name)
        assert left(store) == only(days[name])
        store.close()
