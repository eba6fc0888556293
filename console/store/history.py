"""Writing the past in bulk: incidents of an import, closed, with all their times.

The same tables and the same counts as a live incident's, but a chunk at a time:
statements are made once a database and take plain tuples, because what a million rows
cost is mostly the making of values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

import sqlalchemy as sa

from console.domain.clock import Instant, to_datetime
from console.domain.entry import Entry, Scalar
from console.domain.incident import make_id, month_of
from console.domain.lifecycle import State
from console.domain.rows import PastAssignment, PastIncident
from console.store import journal, words
from console.store.bulk import insert_many, one_of
from console.store.engine import Tx
from console.store.tables import (
    NO_DUE,
    assignment,
    counter,
    hourly,
    incident,
    report,
    source_ref,
    tally,
    trace,
)

_CLOSED = State.CLOSED.value

VERB = "import"
"""What stands in the journal for an incident that was brought in."""

T = TypeVar("T")

_ASKED_AT_ONCE = 500
_TIMES = PastAssignment._fields[1:]
_FACTS = (
    "severity",
    "fraud_class",
    "casualties",
    "deaths",
    "injured",
    "amount_lost",
    "amount_saved",
    "alarm_level",
    "result",
    "cause",
)
"""What a source may correct later. Number, time of receipt, category and words stay."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose import this is: it stands in the journal and with every report."""

    source: str
    file: str
    seat: str
    at: Instant


@dataclass(frozen=True, slots=True)
class PastCase:
    """A past incident as it is to be stored."""

    source_id: str
    received: Instant
    past: PastIncident
    digest: str
    field: str
    town: str
    priority: int
    keys: tuple[str, ...]
    """Traces under which it is found again."""
    assignments: tuple[PastAssignment, ...]

    @property
    def closed(self) -> Instant:
        """Its last known moment."""
        return max(_last(self.received, self.assignments), self.past.contacted or 0)


@dataclass(frozen=True, slots=True)
class Known:
    """An incident that the store has from this source."""

    id: int
    digest: str
    received: Instant
    closed: Instant | None
    past: bool
    """Whether it came as history; what officers have worked on is never changed."""
    version: int
    town: str
    lat: float | None
    lon: float | None
    facts: tuple[str | int, ...]
    """Its values of what a source may correct."""
    assignments: tuple[tuple[int, PastAssignment], ...]
    """Number within the incident, and the assignment with its full times."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a later import adds to a known incident."""

    known: Known
    source_id: str
    new: tuple[PastAssignment, ...] = ()
    filled: tuple[tuple[int, PastAssignment], ...] = ()
    past: PastIncident | None = None
    """Set when the source now says something else of the incident."""
    digest: str = ""


def known(tx: Tx, source: str, ids: Sequence[str]) -> dict[str, Known]:
    """What the store already has of these ids of a source."""
    refs: dict[str, tuple[int, str]] = {}
    for part in _parts(ids):
        rows = tx.conn.execute(
            sa.select(source_ref.c.source_id, source_ref.c.incident, source_ref.c.digest).where(
                source_ref.c.district == tx.district,
                source_ref.c.source == source,
                one_of(tx, source_ref.c.source_id, part),
            )
        )
        refs.update((row.source_id, (row.incident, row.digest)) for row in rows)
    wanted = sorted({id_ for id_, _ in refs.values()})
    assignments = _assignments(tx, wanted)
    found: dict[int, sa.Row[Any]] = {}
    c = incident.c
    for month, some in _by_month(wanted):
        chosen = tx.conn.execute(
            sa.select(
                c.id,
                c.received,
                c.closed,
                c.state,
                c.seat,
                c.playbook,
                c.version,
                c.town,
                c.lat,
                c.lon,
                *(c[name] for name in _FACTS),
            ).where(
                c.district == tx.district,
                c.month == month,
                one_of(tx, c.id, some),
            )
        )
        found.update({row.id: row for row in chosen})
    kept: dict[str, Known] = {}
    for source_id, (id_, digest) in refs.items():
        row = found[id_]
        received = int(row.received)
        kept[source_id] = Known(
            id=id_,
            digest=digest,
            received=received,
            closed=row.closed,
            past=row.state == _CLOSED and not row.seat and not row.playbook,
            version=row.version,
            town=row.town,
            lat=row.lat,
            lon=row.lon,
            facts=tuple(getattr(row, name) for name in _FACTS),
            assignments=tuple(
                (n, one._replace(received=_receipt(received, one.received)))
                for n, one in assignments.get(id_, ())
            ),
        )
    return kept


def add(tx: Tx, origin: Origin, cases: Sequence[PastCase]) -> list[int]:
    """Store new past incidents with everything that hangs on them; returns their ids."""
    if not cases:
        return []
    days = [_local(tx, case.received) for case in cases]
    ids = _numbers(tx, [day for day, _hour in days])
    insert_many(
        tx,
        incident,
        (
            "district",
            "month",
            "id",
            "state",
            "is_open",
            "priority",
            "category",
            "first_category",
            "field",
            "town",
            "place",
            "lat",
            "lon",
            "text",
            "caller",
            "phone",
            "source",
            "received",
            "due",
            "closed",
            "hour",
            "contacted",
            "amount_at_risk",
            *_FACTS,
        ),
        [
            (
                tx.district,
                month_of(id_),
                id_,
                _CLOSED,
                0,
                case.priority,
                case.past.category,
                case.past.category,
                case.field,
                case.town,
                case.past.place,
                case.past.lat,
                case.past.lon,
                case.past.text,
                case.past.caller,
                case.past.phone,
                origin.source,
                case.received,
                NO_DUE,
                case.closed,
                hour,
                case.past.contacted,
                case.past.amount_at_risk,
                *_facts(case.past),
            )
            for id_, case, (_day, hour) in zip(ids, cases, days, strict=True)
        ],
    )
    insert_many(
        tx,
        report,
        (
            "district",
            "month",
            "incident",
            "n",
            "source",
            "source_id",
            "occurred",
            "arrived",
            "category",
            "place",
            "text",
            "caller",
            "phone",
            "digest",
        ),
        [
            (
                tx.district,
                month_of(id_),
                id_,
                1,
                origin.source,
                case.source_id,
                case.received,
                origin.at,
                case.past.word,
                case.past.place,
                case.past.text,
                case.past.caller,
                case.past.phone,
                case.digest,
            )
            for id_, case in zip(ids, cases, strict=True)
        ],
    )
    insert_many(
        tx,
        source_ref,
        ("district", "source", "source_id", "incident", "digest"),
        [
            (tx.district, origin.source, case.source_id, id_, case.digest)
            for id_, case in zip(ids, cases, strict=True)
        ],
    )
    _insert_assignments(
        tx,
        [
            (id_, n, case.received, one)
            for id_, case in zip(ids, cases, strict=True)
            for n, one in enumerate(case.assignments, 1)
        ],
    )
    insert_many(
        tx,
        trace,
        ("district", "key", "received", "incident"),
        # In the order of the key: each page of the tree is then found once.
        sorted(
            (tx.district, key, case.received, id_)
            for id_, case in zip(ids, cases, strict=True)
            for key in dict.fromkeys(case.keys)
        ),
    )
    words.add(
        tx.conn,
        tx.district,
        [
            (id_, f"{case.past.place} {case.past.text} {case.past.phone}")
            for id_, case in zip(ids, cases, strict=True)
        ],
    )
    _count(tx, [(day, hour, case.field) for case, (day, hour) in zip(cases, days, strict=True)])
    journal.append_many(
        tx,
        [
            Entry(
                verb=VERB,
                at=origin.at,
                seat=origin.seat,
                incident=id_,
                to=_CLOSED,
                category=case.past.category,
                source=origin.source,
                source_id=case.source_id,
                count=len(case.assignments),
                facts=(("file", origin.file),),
            )
            for id_, case in zip(ids, cases, strict=True)
        ],
    )
    return ids


def amend(tx: Tx, origin: Origin, amendments: Sequence[Amendment]) -> None:
    """Add to known incidents what a later import knows better.

    Assignments are added and times filled in; facts that are counted are corrected,
    and the coordinates and the town are filled in where there were none.
    """
    _insert_assignments(
        tx,
        [
            (one.known.id, n, one.known.received, new)
            for one in amendments
            for n, new in enumerate(
                one.new, 1 + max((n for n, _ in one.known.assignments), default=0)
            )
        ],
    )
    entries: list[Entry] = []
    for one in amendments:
        for n, filled in one.filled:
            tx.conn.execute(
                sa.update(assignment)
                .where(
                    assignment.c.district == tx.district,
                    assignment.c.month == month_of(one.known.id),
                    assignment.c.incident == one.known.id,
                    assignment.c.n == n,
                )
                .values(
                    dict(zip(_TIMES, filled.times, strict=True))
                    | {"received": _own_receipt(one.known.received, filled)}
                )
            )
        changes, before = _changes(one)
        tx.conn.execute(
            sa.update(incident)
            .where(
                incident.c.district == tx.district,
                incident.c.month == month_of(one.known.id),
                incident.c.id == one.known.id,
            )
            .values(version=one.known.version + 1, **changes)
        )
        if one.past is not None:
            tx.conn.execute(
                sa.update(source_ref)
                .where(
                    source_ref.c.district == tx.district,
                    source_ref.c.source == origin.source,
                    source_ref.c.source_id == one.source_id,
                )
                .values(digest=one.digest)
            )
        entries.append(
            Entry(
                verb=VERB,
                at=origin.at,
                seat=origin.seat,
                incident=one.known.id,
                source=origin.source,
                source_id=one.source_id,
                count=len(one.new) + len(one.filled),
                before=before,
                facts=(("file", origin.file),),
            )
        )
    journal.append_many(tx, entries)


def refresh_statistics(tx: Tx) -> None:
    """Tell PostgreSQL how large the tables have become.

    It plans by what it counted last: a table that has grown from nothing in one go is
    read from end to end for every look-up until somebody counts again.
    """
    if not tx.sqlite:
        for table in (source_ref, incident, assignment, report, trace):
            tx.conn.exec_driver_sql(f"ANALYZE {table.name}")


def _changes(one: Amendment) -> tuple[dict[str, object], tuple[tuple[str, Scalar], ...]]:
    """Columns to set on the incident, and what they were."""
    changes: dict[str, object] = {}
    before: dict[str, Scalar] = {}
    closed = _last(one.known.received, (*one.new, *(filled for _, filled in one.filled)))
    if one.known.closed is None or closed > one.known.closed:
        changes["closed"], before["closed"] = closed, one.known.closed
    if one.past is not None:
        for name, old, new in zip(_FACTS, one.known.facts, _facts(one.past), strict=True):
            if new not in ("", old):
                changes[name], before[name] = new, old
        if not one.known.town and one.past.town:
            changes["town"], before["town"] = one.past.town, ""
        if one.known.lat is None and one.past.lat is not None:
            changes["lat"], before["lat"] = one.past.lat, None
            changes["lon"], before["lon"] = one.past.lon, None
    return changes, tuple(sorted(before.items()))


def _facts(past: PastIncident) -> tuple[str | int, ...]:
    return tuple(getattr(past, name) for name in _FACTS)


def _last(received: Instant, assignments: Iterable[PastAssignment]) -> Instant:
    return max([received, *(one.last() or received for one in assignments)])


def _local(tx: Tx, at: Instant) -> tuple[int, int]:
    """Day (YYYYMMDD) and hour of a moment in the center's zone."""
    moment = to_datetime(at, tx.zone)
    return (moment.year * 100 + moment.month) * 100 + moment.day, moment.hour


def _numbers(tx: Tx, days: Sequence[int]) -> list[int]:
    """Ids for incidents of these days, in order; the transaction holds the district's lock."""
    names = {day: f"day:{day:08d}" for day in days}
    last: dict[str, int] = {}
    for part in _parts(list(names.values())):
        rows = tx.conn.execute(
            sa.select(counter.c.name, counter.c.value).where(
                counter.c.district == tx.district, counter.c.name.in_(part)
            )
        )
        last.update((row.name, row.value) for row in rows)
    ids: list[int] = []
    for day in days:
        serial = last.get(names[day], 0) + 1
        last[names[day]] = serial
        ids.append(make_id(day, serial))
    insert_many(
        tx,
        counter,
        ("district", "name", "value"),
        [(tx.district, name, value) for name, value in last.items()],
        "ON CONFLICT (district, name) DO UPDATE SET value = excluded.value",
    )
    return ids


def _count(tx: Tx, received: Sequence[tuple[int, int, str]]) -> None:
    """Keep the counts true: (day, hour, field) of each new incident."""
    insert_many(
        tx,
        hourly,
        ("district", "day", "hour", "field", "n"),
        [(tx.district, *key, n) for key, n in sorted(Counter(received).items())],
        "ON CONFLICT (district, day, hour, field) DO UPDATE SET n = hourly.n + excluded.n",
    )
    insert_many(
        tx,
        tally,
        ("district", "state", "field", "n"),
        [
            (tx.district, _CLOSED, field, n)
            for field, n in sorted(Counter(field for _, _, field in received).items())
        ],
        "ON CONFLICT (district, state, field) DO UPDATE SET n = tally.n + excluded.n",
    )


def _receipt(received: Instant, stored: Instant | None) -> Instant | None:
    """What `_own_receipt` stored, read again."""
    return received if stored is None else stored or None


def _own_receipt(received: Instant, one: PastAssignment) -> Instant | None:
    """The row's own time of receipt as it is stored: None the incident's, 0 not said."""
    if one.received is None:
        return 0
    return None if one.received == received else one.received


def _insert_assignments(tx: Tx, rows: Sequence[tuple[int, int, Instant, PastAssignment]]) -> None:
    """Store assignments, given as (incident, n, its time of receipt, assignment)."""
    insert_many(
        tx,
        assignment,
        ("district", "month", "incident", "n", "is_out", "call_sign", *_TIMES),
        [
            (
                tx.district,
                month_of(id_),
                id_,
                n,
                0,
                one.call_sign,
                _own_receipt(received, one),
                *one[2:],
            )
            for id_, n, received, one in rows
        ],
    )


def _assignments(tx: Tx, ids: Sequence[int]) -> Mapping[int, list[tuple[int, PastAssignment]]]:
    found: dict[int, list[tuple[int, PastAssignment]]] = {}
    c = assignment.c
    for month, part in _by_month(ids):
        rows = tx.conn.execute(
            sa.select(c.incident, c.n, c.call_sign, *(c[name] for name in _TIMES))
            .where(
                c.district == tx.district,
                c.month == month,
                one_of(tx, c.incident, part),
            )
            .order_by(c.incident, c.n)
        )
        for id_, n, *values in rows:
            found.setdefault(id_, []).append((n, PastAssignment(*values)))
    return found


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _ASKED_AT_ONCE):
        yield items[start : start + _ASKED_AT_ONCE]


def _by_month(ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Sorted ids in parts of one month each: what the keys of the tables begin with."""
    for month, some in groupby(ids, month_of):
        for part in _parts(list(some)):
            yield month, part
