"""The bench's stores: any number of open incidents, the same for the same seed and moment.

`python -m bench.fill STORE COUNT [--seed N] [--now MS]`

Everything hangs on an incident that would hang on it had it come in as a report: the report, its
source's id, traces, words, the open step of its playbook with a deadline, the journal's entry and
the counts. Categories, priorities, towns and deadlines are mixed; one in fifty is overdue, with
the consequences of that already drawn, so that a gateway has nothing to catch up with; the next
deadline passes half a day later, and every day that is over has been counted.
"""

import argparse
import hashlib
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from console.desk.ruleset import Ruleset, load
from console.domain.addresses import Place, parse
from console.domain.clock import DAY, MINUTE, Instant, WallClock, day_at, to_datetime
from console.domain.duplicates import keys
from console.domain.entry import Entry
from console.domain.incident import make_id, month_of
from console.domain.lifecycle import State
from console.domain.playbook import start
from console.store import journal, rollups, seats, tables, units, words
from console.store.engine import Store, Tx, open_store
from console.store.tables import NO_DUE
from console.store.units import UnitNow

SEAT = "bench"
SOURCE = "bench"
SPREAD = 30 * DAY
"""The incidents came in evenly over this long a time before `now`."""
SEED = 2026

_CHUNK = 20_000
_QUARTER = 15 * MINUTE
_PLACES = 20_000
_OVERDUE, _NO_DEADLINE = 0.02, 0.05
RESTS, _AHEAD = DAY // 2, 14 * DAY
"""Deadlines lie between the first and the sum of both from `now`: a store is at rest till then."""
_UNITS = 40
_KINDS = ("patrol", "fire_engine", "ambulance", "traffic_police")
_CACHE_KIB = 512 * 1024
WHATS = (
    "厨房冒烟, 三楼有人",
    "两车相撞, 有人受伤",
    "接到自称客服的电话, 准备转账",
    "电梯困人, 有老人和孩子",
    "闻到很重的燃气味",
    "电动车起火, 楼道有烟",
    "路口护栏被撞, 车道堵塞",
    "老人走失, 穿灰色外套",
    "店铺门口有人争吵",
    "广告牌松动, 要掉下来",
)
_NOWHERE = Place()
_SURNAMES = "王李张刘陈杨黄赵吴周"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A category with what follows from it."""

    category: str
    field: str
    priority: int
    playbook: str
    step: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a town (its code) with the traces under which it is found again."""

    place: str
    town: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """One incident before it is stored; `due` is None when its step has no deadline."""

    id: int
    hour: int
    received: Instant
    due: Instant | None
    kind: _Kind
    priority: int
    spot: Spot
    text: str
    caller: str
    phone: str
    source_id: str


def fill(path: Path, count: int, seed: int = SEED, now: Instant | None = None) -> None:
    """Make a store of `count` open incidents.

    Args:
        path: the file of the new SQLite store.
        count: how many incidents.
        seed: the same seed and `now` make the same store.
        now: the moment up to which incidents came in, ms UTC; the present one when left out.

    Raises:
        FileExistsError: there is a file already.
    """
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    moment = WallClock().now() if now is None else now
    store = open_store(str(path))
    try:
        _fill(store, count, seed, moment)
    finally:
        store.close()


def _fill(store: Store, count: int, seed: int, now: Instant) -> None:
    dice = random.Random(seed)
    rules = load()
    with store.write() as tx:
        indexes = _take_indexes(tx)
        seats.add(tx, SEAT)
        units.add(tx, _units(rules, now))
    received: Counter[tuple[int, int, str]] = Counter()
    serials: Counter[int] = Counter()
    made = _incidents(store, count, dice, rules, now, serials)
    while chunk := [one for _, one in zip(range(_CHUNK), made, strict=False)]:
        with store.write() as tx:
            # The setting belongs to the connection; it keeps the trees that are filled in memory.
            tx.conn.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")
            _store(tx, chunk, now)
        received.update((one.id // 10**7, one.hour, one.kind.field) for one in chunk)
    with store.write() as tx:
        for sql in indexes:
            tx.conn.exec_driver_sql(sql)
        _count(tx, received, serials)
    rollups.refresh(store, day_at(now, store.zone))
    with store.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _take_indexes(tx: Tx) -> list[str]:
    """Drop the indexes of the tables that grow; the statements that make them again."""
    grown = ("incident", "step", "journal", "report")
    rows = tx.conn.exec_driver_sql(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).all()
    taken = [(name, sql) for name, table, sql in rows if table in grown]
    for name, _ in taken:
        tx.conn.exec_driver_sql(f'DROP INDEX "{name}"')
    return [sql for _, sql in taken]


def _units(rules: Ruleset, now: Instant) -> list[UnitNow]:
    towns = list(rules.gazetteer.towns)
    return [
        UnitNow(
            call_sign=f"{_KINDS[n % len(_KINDS)][0].upper()}{n + 1}",
            kind=_KINDS[n % len(_KINDS)],
            name="",
            station="",
            town=towns[n % len(towns)],
            lat=None,
            lon=None,
            status="available",
            since=now,
            incident=None,
            check_due=None,
            check_missed=0,
            load=0,
        )
        for n in range(_UNITS)
    ]


def _kinds(rules: Ruleset) -> list[_Kind]:
    found = []
    for category in rules.categories:
        playbook = rules.playbook_for(category.code)
        if playbook is None:
            raise LookupError(f"no playbook is for {category.code}")
        found.append(
            _Kind(
                category.code,
                category.field,
                int(category.priority),
                playbook.id,
                start(playbook, 0, 0, rules.deadlines)[0].step,
            )
        )
    return found


def spots(rules: Ruleset, dice: random.Random, count: int) -> list[Spot]:
    """`count` addresses of the district."""
    roads = sorted((road, town) for road, towns in rules.gazetteer.roads.items() for town in towns)
    found = []
    for _ in range(count):
        road, town = dice.choice(roads)
        place = f"{rules.gazetteer.towns[town].name}{road}{dice.randrange(1, 400)}号"
        found.append(Spot(place, town, keys(parse(place, rules.gazetteer))))
    return found


def _incidents(
    store: Store,
    count: int,
    dice: random.Random,
    rules: Ruleset,
    now: Instant,
    serials: Counter[int],
) -> Iterator[_Made]:
    """The incidents in the order in which they came in; `serials` counts them by day."""
    kinds = _kinds(rules)
    places = spots(rules, dice, min(_PLACES, max(count // 5, 10)))
    lot = dice.random  # choice() and randrange() cost three times as much, a million times over
    quarter, day, hour = -1, 0, 0
    for number in range(count):
        received = now - SPREAD + SPREAD * (number + 1) // count
        if received // _QUARTER != quarter:
            # No zone's day or hour begins within a quarter of an hour.
            quarter = received // _QUARTER
            local = to_datetime(received, store.zone)
            day, hour = (local.year * 100 + local.month) * 100 + local.day, local.hour
        serials[day] += 1
        kind, urgency = kinds[int(lot() * len(kinds))], lot()
        due: Instant | None = None
        if urgency < _OVERDUE:
            due = now - MINUTE - int(lot() * DAY)
        elif urgency >= _OVERDUE + _NO_DEADLINE:
            due = now + RESTS + int(lot() * _AHEAD)
        yield _Made(
            id=make_id(day, serials[day]),
            hour=hour,
            received=received,
            due=due,
            kind=kind,
            priority=min(max(kind.priority + int(lot() * 4) // 3 - int(lot() * 4) // 3, 1), 4),
            spot=places[int(lot() * len(places))],
            text=f"{WHATS[int(lot() * len(WHATS))]}, 来电 {int(lot() * 10**4):04d}",
            caller=f"{_SURNAMES[int(lot() * len(_SURNAMES))]}某",
            phone=f"138{int(lot() * 10**8):08d}",
            source_id=f"{number + 1:09d}",
        )


def _store(tx: Tx, chunk: Sequence[_Made], now: Instant) -> None:
    _insert(
        tx,
        tables.incident.name,
        "month id state is_open priority category first_category field town place text caller"
        " phone source received due hour playbook",
        [
            (
                month_of(one.id),
                one.id,
                State.NEW.value,
                1,
                one.priority,
                one.kind.category,
                one.kind.category,
                one.kind.field,
                one.spot.town,
                one.spot.place,
                one.text,
                one.caller,
                one.phone,
                SOURCE,
                one.received,
                NO_DUE if one.due is None else one.due,
                one.hour,
                one.kind.playbook,
            )
            for one in chunk
        ],
    )
    digests = {one.id: hashlib.sha256(one.source_id.encode()).hexdigest() for one in chunk}
    _insert(
        tx,
        tables.report.name,
        "month incident n source source_id occurred arrived category place text caller phone"
        " digest",
        [
            (
                month_of(one.id),
                one.id,
                1,
                SOURCE,
                one.source_id,
                one.received,
                one.received,
                one.kind.category,
                one.spot.place,
                one.text,
                one.caller,
                one.phone,
                digests[one.id],
            )
            for one in chunk
        ],
    )
    _insert(
        tx,
        tables.source_ref.name,
        "source source_id incident digest",
        [(SOURCE, one.source_id, one.id, digests[one.id]) for one in chunk],
    )
    _insert(
        tx,
        tables.step.name,
        "month incident n step opened due escalated",
        [
            (
                month_of(one.id),
                one.id,
                1,
                one.kind.step,
                one.received,
                one.due,
                int(one.due is not None and one.due <= now),
            )
            for one in chunk
        ],
    )
    _insert(
        tx,
        tables.trace.name,
        "key received incident",
        sorted(
            (key, one.received, one.id)
            for one in chunk
            for key in (*one.spot.keys, *keys(_NOWHERE, one.phone))
        ),
    )
    words.add(
        tx.conn,
        tx.district,
        [(one.id, f"{one.spot.place} {one.text} {one.phone}") for one in chunk],
    )
    journal.append_many(
        tx,
        [
            Entry(
                verb="receive",
                at=one.received,
                seat=SEAT,
                incident=one.id,
                source=SOURCE,
                source_id=one.source_id,
                category=one.kind.category,
                priority=one.priority,
                to=State.NEW.value,
                text=one.text,
            )
            for one in chunk
        ],
    )


def _count(tx: Tx, received: Counter[tuple[int, int, str]], serials: Counter[int]) -> None:
    """The counts that an intake keeps: by hour, by state, and the last number of a day."""
    _insert(
        tx,
        tables.hourly.name,
        "day hour field n",
        [(*key, n) for key, n in sorted(received.items())],
    )
    fields: Counter[str] = Counter()
    for (_day, _hour, field), n in received.items():
        fields[field] += n
    _insert(
        tx,
        tables.tally.name,
        "state field n",
        [(State.NEW.value, field, n) for field, n in sorted(fields.items())],
    )
    _insert(
        tx,
        tables.counter.name,
        "name value",
        [(f"day:{day:08d}", n) for day, n in sorted(serials.items())],
    )


def _insert(tx: Tx, table: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    names = columns.split()
    places = ", ".join("?" * len(names))
    # The district's code is a code of ours, the same in every row.
    tx.conn.exec_driver_sql(
        f"INSERT INTO {table} (district, {', '.join(names)}) VALUES ('{tx.district}', {places})",
        list(rows),
    )


def main(arguments: list[str] | None = None) -> int:
    """Make the store that the arguments describe."""
    parser = argparse.ArgumentParser(prog="bench.fill", description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--now", type=int, metavar="MS")
    asked = parser.parse_args(arguments)
    fill(asked.store, asked.count, asked.seed, asked.now)
    return 0


if __name__ == "__main__":
    sys.exit(main())
