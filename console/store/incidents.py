"""Incidents: numbering, reading, writing, and what hangs on them (reports, steps, traces)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import sqlalchemy as sa

from console.domain.clock import Instant, day_at, to_datetime
from console.domain.incident import SERIALS, Incident, day_of, make_id, month_of
from console.domain.lifecycle import OPEN, State
from console.domain.message import Problem, msg
from console.domain.playbook import Progress, StepRun
from console.store import words
from console.store.bulk import insert_many, one_of, put
from console.store.engine import Tx, add_to
from console.store.tables import (
    NO_DUE,
    counter,
    hourly,
    incident,
    report,
    source_ref,
    step,
    suggestion,
    tally,
    trace,
    unreadable,
)

_COLUMNS = tuple(incident.c[name] for name in Incident.__dataclass_fields__)


class Conflict(Problem):
    """Somebody else changed the incident in the meantime."""


def local_day(tx: Tx, at: Instant) -> int:
    """YYYYMMDD of a moment in the center's zone."""
    return day_at(at, tx.zone)


_SERIAL = sa.select(counter.c.value).where(
    counter.c.district == sa.bindparam("district"), counter.c.name == sa.bindparam("name")
)


def take_serials(tx: Tx, name: str, count: int = 1) -> int:
    """Reserve `count` numbers of a counter; returns the first."""
    if tx.later.depth:
        # Nobody else can give them out: the transaction holds the district's lock.
        known = tx.later.serials.get(name)
        if known is None:
            known = tx.raw.execute(_SERIAL, {"district": tx.district, "name": name}).scalar() or 0
        tx.later.serials[name] = known + count
        return known + 1
    last = add_to(tx, counter, {"district": tx.district, "name": name}, "value", count)
    return last - count + 1


def next_id(tx: Tx, received: Instant) -> int:
    """The next incident id of the day in which `received` lies."""
    day = local_day(tx, received)
    return make_id(day, take_serials(tx, f"day:{day:08d}"))


_DAY_WITH = sa.select(sa.func.max(counter.c.name)).where(
    counter.c.district == sa.bindparam("district"),
    counter.c.name >= "day:",
    counter.c.name < "day;",
    counter.c.value >= sa.bindparam("serial"),
)


def find_number(tx: Tx, day: int | None, serial: int) -> int | None:
    """The id behind a number; without a day, the newest day that has it."""
    if day is None:
        values = {"district": tx.district, "serial": serial}
        name = tx.conn.execute(_DAY_WITH, values).scalar()
        if name is None:
            return None
        day = int(name[4:])
    id_ = make_id(day, serial)
    return id_ if get(tx, id_) is not None else None


_OPEN_WITH = (
    sa.select(incident.c.id)
    .where(
        incident.c.district == sa.bindparam("district"),
        incident.c.is_open == sa.literal_column("1"),
        incident.c.priority.in_((1, 2, 3, 4)),
        incident.c.id % SERIALS == sa.bindparam("serial"),
    )
    .order_by(incident.c.id.desc())
    .limit(sa.bindparam("most"))
)


def open_with(tx: Tx, serial: int, most: int = 9) -> list[int]:
    """The open incidents of any day that have a serial, the newest first."""
    values = {"district": tx.district, "serial": serial, "most": most}
    return [int(id_) for id_ in tx.conn.execute(_OPEN_WITH, values).scalars()]


def number_before(tx: Tx, id_: int) -> int | None:
    """The incident of the newest day before this one's that bears the same number."""
    serial = id_ % SERIALS
    name = tx.conn.execute(
        _DAY_WITH.where(counter.c.name < f"day:{day_of(id_):08d}"),
        {"district": tx.district, "serial": serial},
    ).scalar()
    if name is None:
        return None
    older = make_id(int(name[4:]), serial)
    return older if get(tx, older) is not None else None


_ONE = sa.select(*_COLUMNS).where(
    incident.c.district == sa.bindparam("district"),
    incident.c.month == sa.bindparam("month"),
    incident.c.id == sa.bindparam("id"),
)
"""Built once: building a statement takes longer than running it."""


def get(tx: Tx, id_: int) -> Incident | None:
    """One incident, or None."""
    values = {"district": tx.district, "month": month_of(id_), "id": id_}
    row = tx.raw.execute(_ONE, values).one_or_none()
    return _value(row) if row else None


def need(tx: Tx, id_: int) -> Incident:
    """One incident that must be there.

    Raises:
        Problem: it is not.
    """
    found = get(tx, id_)
    if found is None:
        raise Problem(msg("incident.unknown", number=str(id_ % SERIALS)))
    return found


_MANY = sa.select(*_COLUMNS).where(
    incident.c.district == sa.bindparam("district"),
    incident.c.month.in_(sa.bindparam("months", expanding=True)),
    incident.c.id.in_(sa.bindparam("ids", expanding=True)),
)


def many(tx: Tx, ids: Iterable[int]) -> list[Incident]:
    """Several incidents by id, in no order; those that are not there are left out."""
    wanted = list(ids)
    if not wanted:
        return []
    months = sorted({month_of(i) for i in wanted})
    rows = tx.raw.execute(_MANY, {"district": tx.district, "months": months, "ids": wanted})
    return [_value(row) for row in rows]


def between(tx: Tx, first: int, last: int, chunk: int = 1_000) -> Iterator[Incident]:
    """Every incident of the days `first` to `last` (YYYYMMDD), oldest first."""
    after = first * SERIALS - 1
    while True:
        rows = tx.conn.execute(
            sa.select(*_COLUMNS)
            .where(
                incident.c.district == tx.district,
                incident.c.month >= after // (SERIALS * 100),
                incident.c.id > after,
                incident.c.id < (last + 1) * SERIALS,
            )
            .order_by(incident.c.month, incident.c.id)
            .limit(chunk)
        ).all()
        if not rows:
            return
        for row in rows:
            yield _value(row)
        after = int(rows[-1].id)


def _value(row: sa.Row[tuple[object, ...]]) -> Incident:
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    if values["due"] == NO_DUE:
        values["due"] = None
    values["facts"] = tuple(json.loads(values["facts"]).items())
    return Incident(**values)


def insert(tx: Tx, new: Incident, keys: Sequence[str] = ()) -> None:
    """Store a new incident with its traces, words and counts."""
    row = as_row(tx, new)
    insert_many(tx, incident, tuple(row), [tuple(row.values())])
    keys_of(tx, new.id, new.received, keys)
    if tx.later.depth:
        tx.later.words.append((new.id, search_text(new)))
    else:
        words.add(tx.conn, tx.district, [(new.id, search_text(new))])
    _count(tx, new, +1)


def search_text(new: Incident) -> str:
    """What an incident is found by."""
    return f"{new.place} {new.text} {new.phone}"


def as_row(tx: Tx, new: Incident) -> dict[str, object]:
    """The row of an incident."""
    row: dict[str, object] = {name: getattr(new, name) for name in Incident.__dataclass_fields__}
    row.update(
        district=tx.district,
        month=month_of(new.id),
        state=new.state.value,
        is_open=int(new.state in OPEN),
        due=NO_DUE if new.due is None else new.due,
        hour=to_datetime(new.received, tx.zone).hour,
        facts=json.dumps(dict(new.facts), ensure_ascii=False),
    )
    return row


def update(tx: Tx, old: Incident, changes: Mapping[str, object]) -> Incident:
    """Change an incident that was read as `old`.

    Args:
        tx: the write transaction.
        old: the incident as it was when the change was decided.
        changes: field name -> new value.

    Raises:
        Conflict: it has another version by now.
    """
    from dataclasses import replace

    new = replace(old, **{**changes, "version": old.version + 1})  # type: ignore[arg-type]
    values: dict[str, object] = dict(changes)
    values["version"] = new.version
    if "state" in values:
        values["state"] = new.state.value
        values["is_open"] = int(new.state in OPEN)
    if "due" in values:
        values["due"] = NO_DUE if new.due is None else new.due
    if "facts" in values:
        values["facts"] = json.dumps(dict(new.facts), ensure_ascii=False)
    done = tx.raw.execute(
        sa.update(incident)
        .where(
            incident.c.district == tx.district,
            incident.c.month == month_of(old.id),
            incident.c.id == old.id,
            incident.c.version == old.version,
        )
        .values(values)
    )
    if done.rowcount != 1:
        raise Conflict(msg("incident.changed_meanwhile", number=old.short))
    if (old.state, old.field) != (new.state, new.field):
        _count(tx, old, -1)
        _count(tx, new, +1)
    return new


def _count(tx: Tx, one: Incident, by: int) -> None:
    """Keep the counts true: by state and field, and by hour of the day."""
    if tx.later.depth:
        tx.later.tally[one.state.value, one.field] += by
        if one.state is not State.MERGED:
            hour = to_datetime(one.received, tx.zone).hour
            tx.later.hourly[day_of(one.id), hour, one.field] += by
        return
    add_to(
        tx,
        tally,
        {"district": tx.district, "state": one.state.value, "field": one.field},
        "n",
        by,
    )
    if one.state is not State.MERGED:
        key: dict[str, object] = {
            "district": tx.district,
            "day": day_of(one.id),
            "hour": to_datetime(one.received, tx.zone).hour,
            "field": one.field,
        }
        add_to(tx, hourly, key, "n", by)


# --- reports -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as it was stored with its incident."""

    incident: int
    n: int
    source: str
    source_id: str
    occurred: Instant
    arrived: Instant
    category: str
    place: str
    text: str
    caller: str
    phone: str
    digest: str
    likeness: float | None


_REPORT = tuple(report.c[name] for name in KeptReport.__dataclass_fields__)


_KNOWN = sa.select(source_ref.c.incident, source_ref.c.digest).where(
    source_ref.c.district == sa.bindparam("district"),
    source_ref.c.source == sa.bindparam("source"),
    source_ref.c.source_id == sa.bindparam("source_id"),
)


def known_source(tx: Tx, source: str, source_id: str) -> tuple[int, str] | None:
    """(incident, digest) of a report that has come before, or None."""
    if (source, source_id) in tx.later.sources:
        return tx.later.sources[source, source_id]
    row = tx.raw.execute(
        _KNOWN, {"district": tx.district, "source": source, "source_id": source_id}
    ).one_or_none()
    return (row.incident, row.digest) if row else None


def recall(tx: Tx, source: str, ids: Collection[str]) -> None:
    """Look up at once which of a source's reports have come before, for this page."""
    if not tx.later.depth:
        raise RuntimeError("nothing is remembered outside of a page")
    tx.later.sources.update(((source, id_), None) for id_ in ids)
    rows = tx.raw.execute(
        sa.select(source_ref.c.source_id, source_ref.c.incident, source_ref.c.digest).where(
            source_ref.c.district == tx.district,
            source_ref.c.source == source,
            one_of(tx, source_ref.c.source_id, list(ids)),
        )
    )
    tx.later.sources.update(((source, row.source_id), (row.incident, row.digest)) for row in rows)


_REPORT_COLUMNS = (*KeptReport.__dataclass_fields__, "district", "month")
_REPORT_VALUES = attrgetter(*KeptReport.__dataclass_fields__)
_REF_COLUMNS = ("district", "source", "source_id", "incident", "digest")


def add_report(tx: Tx, kept: KeptReport) -> None:
    """Store a report and remember its source's id."""
    row = (*_REPORT_VALUES(kept), tx.district, month_of(kept.incident))
    put(tx, report, _REPORT_COLUMNS, [row])
    keep_source(tx, kept.source, kept.source_id, kept.incident, kept.digest)


def keep_source(tx: Tx, source: str, source_id: str, incident_: int, digest: str) -> None:
    """Remember a source's id: the same once more is the same report."""
    put(tx, source_ref, _REF_COLUMNS, [(tx.district, source, source_id, incident_, digest)])
    if tx.later.depth:
        tx.later.sources[source, source_id] = (incident_, digest)


_LAST_REPORT = sa.select(sa.func.max(report.c.n)).where(
    report.c.district == sa.bindparam("district"),
    report.c.month == sa.bindparam("month"),
    report.c.incident == sa.bindparam("incident"),
)


def next_report(tx: Tx, id_: int) -> int:
    """The number of the next report of an incident."""
    gathered = tx.later.rows.get((report.name, _REPORT_COLUMNS, ""))
    if gathered and (waiting := [row[1] for row in gathered if row[0] == id_]):
        return int(str(waiting[-1])) + 1
    values = {"district": tx.district, "month": month_of(id_), "incident": id_}
    last = tx.raw.execute(_LAST_REPORT, values).scalar()
    return (last or 0) + 1


def first_of(tx: Tx, id_: int, source: str) -> str:
    """The id under which a source first reported an incident; "" when it never did."""
    found = tx.conn.execute(
        sa.select(report.c.source_id)
        .where(
            report.c.district == tx.district,
            report.c.month == month_of(id_),
            report.c.incident == id_,
            report.c.source == source,
        )
        .order_by(report.c.n)
        .limit(1)
    ).scalar()
    return str(found or "")


def new_digest(tx: Tx, source: str, source_id: str, digest: str) -> None:
    """Remember that a known report has come with other content."""
    tx.later.sources.pop((source, source_id), None)
    tx.conn.execute(
        sa.update(source_ref)
        .where(
            source_ref.c.district == tx.district,
            source_ref.c.source == source,
            source_ref.c.source_id == source_id,
        )
        .values(digest=digest)
    )


def drop_report(tx: Tx, id_: int, source: str, source_id: str) -> None:
    """Take a report off an incident that it was added to by mistake."""
    tx.conn.execute(
        sa.delete(report).where(
            report.c.district == tx.district,
            report.c.month == month_of(id_),
            report.c.incident == id_,
            report.c.source == source,
            report.c.source_id == source_id,
        )
    )


def reports_of(tx: Tx, ids: Sequence[int]) -> list[KeptReport]:
    """The reports of incidents, oldest first."""
    rows = tx.conn.execute(
        sa.select(*_REPORT)
        .where(
            report.c.district == tx.district,
            report.c.month.in_({month_of(i) for i in ids}),
            report.c.incident.in_(ids),
        )
        .order_by(report.c.arrived, report.c.incident, report.c.n)
    )
    return [KeptReport(**row._mapping) for row in rows]


def callers(tx: Tx) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Incident -> the names and the telephone numbers of everybody who reported it."""
    found: dict[int, tuple[set[str], set[str]]] = {}
    for of, person, number in (
        (incident.c.id, incident.c.caller, incident.c.phone),
        (report.c.incident, report.c.caller, report.c.phone),
    ):
        rows = tx.conn.execute(
            sa.select(of, person, number).where(
                of.table.c.district == tx.district, (person != "") | (number != "")
            )
        )
        for id_, name, phone in rows:
            names, numbers = found.setdefault(int(id_), (set(), set()))
            names.update({name} - {""})
            numbers.update({phone} - {""})
    return {id_: (tuple(names), tuple(numbers)) for id_, (names, numbers) in found.items()}


def keep_unreadable(
    tx: Tx, at: Instant, source: str, reason: str, raw: str, state: str = "waiting"
) -> int:
    """Put an item that could not be understood into the tray; returns its number.

    With the state ``apart`` it waits for nobody: it is kept and counted.
    """
    number = take_serials(tx, "unreadable")
    tx.conn.execute(
        sa.insert(unreadable),
        [
            {
                "district": tx.district,
                "id": number,
                "at": at,
                "source": source,
                "reason": reason,
                "raw": raw,
                "state": state,
            }
        ],
    )
    return number


def unreadable_waiting(tx: Tx) -> int:
    """How many unreadable items wait for a person."""
    return int(
        tx.conn.execute(
            sa.select(sa.func.count())
            .select_from(unreadable)
            .where(unreadable.c.district == tx.district, unreadable.c.state == "waiting")
        ).scalar_one()
    )


# --- traces and suggestions ------------------------------------------------------


class Candidate(NamedTuple):
    """What of an incident a report is compared with. Times in ms UTC.

    A tuple, and its state as it is stored: sixty of them are read for every report.
    """

    id: int
    state: str
    merged_into: int | None
    category: str
    town: str
    place: str
    text: str
    phone: str
    received: Instant
    lat: float | None
    lon: float | None


@lru_cache(maxsize=64)
def _sharing(keys: int, place: str, columns: str) -> str:
    """The statement that finds what shares one of so many keys, written as text.

    It is asked for every report that comes in; `columns` are those of the incident, or
    "" for the ids alone.
    """
    places = ", ".join([place] * keys)
    shared = (
        "SELECT incident, count(*) AS n, max(received) AS latest FROM trace "
        f"WHERE district = {place} AND key IN ({places}) "
        f"AND received >= {place} AND received <= {place} "
        f"GROUP BY incident ORDER BY n DESC, latest DESC, incident DESC LIMIT {place}"
    )
    if not columns:
        return shared
    # A month is worked out of the id: it is in the incident's key before the id is.
    return (
        f"SELECT {columns} FROM ({shared}) AS s CROSS JOIN incident AS i "
        f"WHERE i.district = {place} AND i.month = s.incident / {SERIALS * 100} "
        "AND i.id = s.incident"
    )


_CANDIDATE = ", ".join(f"i.{name}" for name in Candidate._fields)
_MOST = 60


def candidates(
    tx: Tx, keys: Sequence[str], since: Instant, until: Instant, limit: int = _MOST
) -> list[int]:
    """Ids of incidents that share a key and were received in a window.

    Those that share the most keys come first, then the newest: on a busy road the
    same address must not be crowded out by everything else on that road.
    """
    if not keys:
        return []
    rows = tx.conn.exec_driver_sql(
        _sharing(len(keys), tx.place, ""), (tx.district, *keys, since, until, limit)
    )
    return [int(row[0]) for row in rows]


def candidates_seen(
    tx: Tx, keys: Sequence[str], since: Instant, until: Instant, limit: int = _MOST
) -> list[Candidate]:
    """The incidents of `candidates`, in no order, with what a report is compared with."""
    if not keys:
        return []
    rows = tx.raw.exec_driver_sql(
        _sharing(len(keys), tx.place, _CANDIDATE),
        (tx.district, *keys, since, until, limit, tx.district),
    )
    return [Candidate._make(row) for row in rows]


_TRACE_COLUMNS = ("district", "key", "received", "incident")
_SUGGESTION_COLUMNS = ("district", "incident", "other", "score", "state")
_UNLESS_THERE = "ON CONFLICT DO NOTHING"


def keys_of(tx: Tx, id_: int, received: Instant, keys: Sequence[str]) -> None:
    """Add keys under which an incident can be found (its own, or those of an attached report)."""
    rows = [(tx.district, key, received, id_) for key in keys]
    insert_many(tx, trace, _TRACE_COLUMNS, rows, _UNLESS_THERE)


def suggest(tx: Tx, id_: int, likely: Sequence[tuple[int, float]]) -> None:
    """Remember that an incident may be the same as others, and how likely that is."""
    rows = [(tx.district, id_, other, score, "open") for other, score in likely]
    put(tx, suggestion, _SUGGESTION_COLUMNS, rows, _UNLESS_THERE)


def suggestions(tx: Tx, id_: int) -> list[tuple[int, float]]:
    """(other incident, score) of open suggestions that touch `id_`, surest first."""
    s = suggestion.c
    rows = tx.conn.execute(
        sa.select(s.incident, s.other, s.score).where(
            s.district == tx.district,
            s.state == "open",
            sa.or_(s.incident == id_, s.other == id_),
        )
    )
    found = [(r.other if r.incident == id_ else r.incident, r.score) for r in rows]
    return sorted(found, key=lambda pair: -pair[1])


def settle_suggestion(tx: Tx, id_: int, other: int, state: str) -> int:
    """Mark a suggestion ``merged`` or ``refused``; returns how many there were."""
    s = suggestion.c
    done = tx.conn.execute(
        sa.update(suggestion)
        .where(
            s.district == tx.district,
            s.state == "open",
            sa.or_(
                sa.and_(s.incident == id_, s.other == other),
                sa.and_(s.incident == other, s.other == id_),
            ),
        )
        .values(state=state)
    )
    return done.rowcount


def suggest_again(tx: Tx, id_: int, other: int) -> None:
    """Take back that a suggestion was settled."""
    s = suggestion.c
    tx.conn.execute(
        sa.update(suggestion)
        .where(
            s.district == tx.district,
            sa.or_(
                sa.and_(s.incident == id_, s.other == other),
                sa.and_(s.incident == other, s.other == id_),
            ),
        )
        .values(state="open")
    )


# --- steps of the playbook ---------------------------------------------------------


_STEP_COLUMNS = ("n", "step", "attempt", "opened", "due", "done", "outcome")
_STEPS_OF = (
    sa.select(*(step.c[name] for name in _STEP_COLUMNS))
    .where(
        step.c.district == sa.bindparam("district"),
        step.c.month == sa.bindparam("month"),
        step.c.incident == sa.bindparam("incident"),
    )
    .order_by(step.c.n)
)
_THE_STEP = (
    (step.c.district == sa.bindparam("the_district"))
    & (step.c.month == sa.bindparam("the_month"))
    & (step.c.incident == sa.bindparam("the_incident"))
    & (step.c.n == sa.bindparam("the_n"))
)
_DROP_STEP = sa.delete(step).where(_THE_STEP)
_CHANGE_STEP = (
    sa.update(step)
    .where(_THE_STEP)
    .values({name: sa.bindparam(name) for name in _STEP_COLUMNS[1:]})
)
_NEW_STEP = ("district", "month", "incident", "escalated", *_STEP_COLUMNS)
_STEP_VALUES = attrgetter(*_STEP_COLUMNS)


def steps_of(tx: Tx, id_: int) -> Progress:
    """The runs of the playbook's steps on an incident."""
    values = {"district": tx.district, "month": month_of(id_), "incident": id_}
    return tuple(StepRun(*row) for row in tx.conn.execute(_STEPS_OF, values))


def save_steps(tx: Tx, id_: int, old: Progress, new: Progress) -> None:
    """Write what changed between two states of the playbook."""
    before = {run.n: run for run in old}
    after = {run.n: run for run in new}
    month = month_of(id_)
    key = {"the_district": tx.district, "the_month": month, "the_incident": id_}
    gone = before.keys() - after.keys()
    if gone:
        tx.conn.execute(_DROP_STEP, [{**key, "the_n": n} for n in sorted(gone)])
    fresh = []
    for n, run in after.items():
        if n not in before:
            fresh.append((tx.district, month, id_, 0, *_STEP_VALUES(run)))
        elif before[n] != run:
            values = {name: getattr(run, name) for name in _STEP_COLUMNS[1:]}
            tx.conn.execute(_CHANGE_STEP, {**key, "the_n": n, **values})
    put(tx, step, _NEW_STEP, fresh)


def mark_escalated(tx: Tx, id_: int, n: int) -> None:
    """Remember that the passing of a step's deadline was acted upon."""
    tx.conn.execute(
        sa.update(step)
        .where(
            step.c.district == tx.district,
            step.c.month == month_of(id_),
            step.c.incident == id_,
            step.c.n == n,
        )
        .values(escalated=1)
    )


def overdue_steps(tx: Tx, now: Instant, limit: int = 200) -> list[tuple[int, StepRun]]:
    """(incident, step) of open steps past their deadline that nobody acted upon yet.

    Those that passed last come first: about them something can still be done.
    """
    rows = tx.conn.execute(
        sa.select(
            step.c.incident,
            step.c.n,
            step.c.step,
            step.c.attempt,
            step.c.opened,
            step.c.due,
            step.c.done,
            step.c.outcome,
        )
        .where(
            step.c.district == tx.district,
            step.c.done.is_(None),
            step.c.escalated == 0,
            step.c.due < now,
        )
        .order_by(step.c.due.desc(), step.c.incident.desc())
        .limit(limit)
    )
    found = []
    for row in rows:
        values = dict(row._mapping)
        found.append((int(values.pop("incident")), StepRun(**values)))
    return found
