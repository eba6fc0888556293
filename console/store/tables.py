"""The tables, as SQLModel classes.

Conventions, kept by every table:

* ``district`` is part of every key, so that one database can hold many centers
  and be partitioned by it; keys of what grows without end (incidents, journal,
  assignments, reports, steps) also carry ``month`` (YYYYMM in the center's zone).
* Moments are milliseconds since the epoch, UTC, in a 64-bit integer: no type
  conversion of a database can bend them.
* An incident's id is its number: ``YYYYMMDD * 10**7 + serial`` of the center's
  day, so that day, month and year of an incident are integer divisions.
"""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from console.store.queue_row import NO_DUE as NO_DUE

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


def _big(**kwargs: Any) -> Any:
    return Field(sa_type=sa.BigInteger, **kwargs)


def _text(default: str | None = "", **kwargs: Any) -> Any:
    if default is None:
        return Field(default=None, sa_type=sa.Text, nullable=True, **kwargs)
    return Field(
        default=default, sa_type=sa.Text, sa_column_kwargs={"server_default": default}, **kwargs
    )


def _num(default: int = 0, **kwargs: Any) -> Any:
    return Field(
        default=default,
        sa_type=sa.Integer,
        sa_column_kwargs={"server_default": str(default)},
        **kwargs,
    )


def _part(name: str, *columns: str) -> sa.Index:
    """An index over open incidents only: history costs the queue nothing."""
    return sa.Index(
        name,
        *columns,
        sqlite_where=sa.text("is_open = 1"),
    )


class Setting(SQLModel, table=True):
    """What the store itself must know: the center's zone and name."""

    __tablename__ = "setting"
    district: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str = _text()


class Counter(SQLModel, table=True):
    """The last number given out: serials of a day, report numbers."""

    __tablename__ = "counter"
    district: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: int = _big(default=0)


class Incident(SQLModel, table=True):
    """One incident (警情), whatever number of reports belong to it."""

    __tablename__ = "incident"
    __table_args__ = (
        _part("ix_incident_queue", "district", "priority", "due", "received", "id"),
        _part("ix_incident_field", "district", "field", "priority", "due", "received", "id"),
        _part("ix_incident_town", "district", "town", "priority", "due", "received", "id"),
        _part("ix_incident_state", "district", "state", "priority", "due", "received", "id"),
        _part("ix_incident_seat", "district", "seat", "priority", "due", "received", "id"),
        _part("ix_incident_due", "district", "field", "due"),
        _part("ix_incident_loop", "district", "playbook", "due", "received", "id"),
        sa.Index("ix_incident_risk", "district", "category", "state"),
        sa.Index(
            "ix_incident_merged",
            "district",
            "merged_into",
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        ),
    )
    district: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    id: int = _big(primary_key=True)
    version: int = _num(1)
    state: str
    is_open: int = _num(1)
    """1 while somebody still has to do something; the queue's indexes hold only these."""
    priority: int
    """1 to 4, 1 the highest."""
    category: str
    first_category: str = _text()
    """The code first given, kept for ever."""
    field: str = _text()
    """``fire``, ``traffic``, ``fraud`` or ``other``."""
    town: str = _text()
    place: str = _text()
    lat: float | None = None
    lon: float | None = None
    text: str = _text()
    caller: str = _text()
    phone: str = _text()
    source: str = _text()
    received: int = _big()
    due: int = _big(default=NO_DUE)
    """The nearest deadline of its open steps, or `NO_DUE`."""
    closed: int | None = _big(default=None, nullable=True)
    hour: int = _num(0)
    """Hour of `received` in the center's zone, 0 to 23."""
    seat: str = _text()
    playbook: str = _text()
    alarm_level: int = _num(0)
    reports: int = _num(1)
    units: int = _num(0)
    """How many units are on it now."""
    severity: str = _text()
    fraud_class: str = _text()
    department: str = _text()
    """Who is responsible, as triage says."""
    casualties: int = _num(0)
    deaths: int = _num(0)
    injured: int = _num(0)
    amount_lost: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    """Whole yuan."""
    amount_saved: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    amount_at_risk: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    outcome: str = _text()
    merged_into: int | None = _big(default=None, nullable=True)
    facts: str = _text("{}")
    """What the sources said besides, as a JSON object label -> value."""
    result: str = _text()
    """Id of the outcome of its resolving step: ``saved``, ``lost``, ``out`` …"""
    cause: str = _text()
    """Why it burnt, in the words of the record."""
    contacted: int | None = _big(default=None, nullable=True)
    """When the person at risk was first spoken to."""


class ReportRow(SQLModel, table=True):
    """One report (来报) as it was taken in; the `n`-th of its incident."""

    __tablename__ = "report"
    district: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    incident: int = _big(primary_key=True)
    n: int = Field(primary_key=True)
    source: str
    source_id: str
    occurred: int = _big()
    """The source's own time."""
    arrived: int = _big()
    category: str = _text()
    place: str = _text()
    text: str = _text()
    caller: str = _text()
    phone: str = _text()
    digest: str = _text()
    """SHA-256 of the raw report, before cleaning."""
    likeness: float | None = None
    """How sure the attachment to an open incident was, None for the first report."""


class PhotoRow(SQLModel, table=True):
    """A picture that a report named; its source gives it on demand."""

    __tablename__ = "photo"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    incident: int = _big(primary_key=True)
    report: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    source: str
    name: str = _text()


class SourceRef(SQLModel, table=True):
    """Which incident a source's id became: the same id twice is the same report."""

    __tablename__ = "source_ref"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True)
    incident: int = _big()
    digest: str = _text()


class Unreadable(SQLModel, table=True):
    """An item that could not be understood, kept with the reason and the raw text."""

    __tablename__ = "unreadable"
    district: str = Field(primary_key=True)
    id: int = _big(primary_key=True)
    at: int = _big()
    source: str
    reason: str = _text()
    raw: str = _text()
    state: str = _text("waiting")


class Trace(SQLModel, table=True):
    """A key under which an incident can be found again: address, phone, cell."""

    __tablename__ = "trace"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    received: int = _big(primary_key=True)
    incident: int = _big(primary_key=True)


class Suggestion(SQLModel, table=True):
    """Two incidents that may be one: for an officer to decide."""

    __tablename__ = "suggestion"
    __table_args__ = (sa.Index("ix_suggestion_other", "district", "other"),)
    district: str = Field(primary_key=True)
    incident: int = _big(primary_key=True)
    other: int = _big(primary_key=True)
    score: float = 0.0
    state: str = _text("open")
    """``open``, ``merged`` or ``refused``."""


class Assignment(SQLModel, table=True):
    """A unit on an incident, with the time of each status (ms UTC)."""

    __tablename__ = "assignment"
    __table_args__ = (
        sa.Index(
            "ix_assignment_out",
            "district",
            "call_sign",
            sqlite_where=sa.text("is_out = 1"),
        ),
    )
    district: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    incident: int = _big(primary_key=True)
    n: int = Field(primary_key=True)
    call_sign: str
    kind: str = _text()
    is_out: int = _num(1)
    """1 until the unit is available again or was taken off."""
    dispatched: int | None = _big(default=None, nullable=True)
    enroute: int | None = _big(default=None, nullable=True)
    on_scene: int | None = _big(default=None, nullable=True)
    clearing: int | None = _big(default=None, nullable=True)
    available: int | None = _big(default=None, nullable=True)
    received: int | None = _big(default=None, nullable=True)
    """When its own row of an import says the incident was received, where that differs;
    0 where that row does not say."""


class Unit(SQLModel, table=True):
    """A unit (力量): where it is at home, what it does now, its safety clock."""

    __tablename__ = "unit"
    district: str = Field(primary_key=True)
    call_sign: str = Field(primary_key=True)
    kind: str
    name: str = _text()
    station: str = _text()
    town: str = _text()
    lat: float | None = None
    lon: float | None = None
    status: str = _text("available")
    since: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    incident: int | None = _big(default=None, nullable=True)
    check_due: int | None = _big(default=None, nullable=True)
    """When its next safety check is due, while it is on scene."""
    check_missed: int = _num(0)
    """1 once the missed check has become an incident, until the unit is heard again."""
    load: int = _num(0)
    """How often it was sent out in this store's life; the tie-breaker of the choice."""


class Step(SQLModel, table=True):
    """One run of a playbook's step on an incident."""

    __tablename__ = "step"
    __table_args__ = (
        sa.Index(
            "ix_step_waiting",
            "district",
            "due",
            sqlite_where=sa.text("done IS NULL AND escalated = 0 AND due IS NOT NULL"),
        ),
    )
    district: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    incident: int = _big(primary_key=True)
    n: int = Field(primary_key=True)
    step: str
    attempt: int = _num(1)
    opened: int = _big()
    due: int | None = _big(default=None, nullable=True)
    done: int | None = _big(default=None, nullable=True)
    outcome: str | None = _text(None)
    escalated: int = _num(0)


class JournalEntry(SQLModel, table=True):
    """One change. `body` is the canonical text; the other columns are copies to find it by."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.Index("ix_journal_seq", "district", "seq", unique=False),
        sa.Index("ix_journal_incident", "district", "incident", "seq"),
        sa.Index("ix_journal_seat", "district", "seat", "seq"),
    )
    district: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    seq: int = _big(primary_key=True)
    at: int = _big()
    seat: str
    verb: str
    incident: int | None = _big(default=None, nullable=True)
    body: str = _text()
    hash: str = _text()


class JournalHead(SQLModel, table=True):
    """The end of the chain; its row is the lock that serialises a district's changes."""

    __tablename__ = "journal_head"
    district: str = Field(primary_key=True)
    seq: int = _big(default=0)
    hash: str = _text()


class OutboxOrder(SQLModel, table=True):
    """What must reach another system: a row before it is a request."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_due", "district", "state", "next_at"),
        sa.Index("ix_outbox_incident", "district", "incident"),
    )
    district: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    """The idempotency key."""
    incident: int | None = _big(default=None, nullable=True)
    system: str
    action: str
    body: str = _text("{}")
    state: str = _text("waiting")
    """``waiting``, ``sending``, ``confirmed``, ``refused``, ``unknown`` or ``withdrawn``."""
    attempts: int = _num(0)
    created: int = _big()
    next_at: int = _big()
    answered: int | None = _big(default=None, nullable=True)
    answer: str = _text()
    reference: str = _text()


class Hourly(SQLModel, table=True):
    """How many incidents of a category field were received in an hour of the center's day.

    Kept up to date by the same transaction as the incident. Merged ones do not count.
    """

    __tablename__ = "hourly"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    """YYYYMMDD in the center's zone."""
    hour: int = Field(primary_key=True)
    field: str = Field(primary_key=True)
    n: int = _num(0)


class Tally(SQLModel, table=True):
    """How many incidents stand in a state, by field; kept by the same transaction."""

    __tablename__ = "tally"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    state: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    n: int = _num(0)


class Rollup(SQLModel, table=True):
    """How many incidents there were in a day, month or year, by one thing (see `rollups`)."""

    __tablename__ = "rollup"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    """YYYYMMDD, YYYYMM or YYYY in the center's zone."""
    field: str = Field(primary_key=True)
    """``fire``, ``traffic``, ``fraud``, ``other`` or ``all``."""
    dim: str = Field(primary_key=True)
    """What is counted by; see `console.domain.rollup.DIMS`."""
    key: str = Field(primary_key=True)
    n: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    casualties: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    deaths: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    injured: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    amount_lost: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    """Whole yuan, as the next two."""
    amount_saved: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    amount_at_risk: int = _big(default=0, sa_column_kwargs={"server_default": "0"})


class RollupInterval(SQLModel, table=True):
    """One interval's one-second histogram over a day, month or year."""

    __tablename__ = "rollup_interval"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    period: int = Field(primary_key=True)
    field: str = Field(primary_key=True)
    interval: str = Field(primary_key=True)
    """Its name in `console.domain.figures.INTERVALS`."""
    data: bytes
    """The histogram, packed (see `console.domain.rollup.pack`)."""


class RollupStale(SQLModel, table=True):
    """A day whose rollups are older than its incidents; triggers write it (`stale`)."""

    __tablename__ = "rollup_stale"
    __table_args__ = ({"sqlite_with_rowid": False},)
    district: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    """YYYYMMDD in the center's zone, or a month or year that is not added up yet; below
    nought while it is being counted (`console.store.rollups.pieces`)."""


class Seat(SQLModel, table=True):
    """A seat (席位) at the watch."""

    __tablename__ = "seat"
    district: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    role: str = _text("officer")
    """``officer``, ``supervisor``, ``unit`` (reports of a unit itself) or ``reader``."""
    officer: str = _text()
    """Who signed on last."""
    disabled: int = _num(0)


class Officer(SQLModel, table=True):
    """A person on duty (值班员)."""

    __tablename__ = "officer"
    district: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    badge: str = _text()
    disabled: int = _num(0)


class Draft(SQLModel, table=True):
    """What a seat has typed and not yet sent; survives a dropped connection."""

    __tablename__ = "draft"
    district: str = Field(primary_key=True)
    seat: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    text: str = _text()
    at: int = _big()


class Link(SQLModel, table=True):
    """A link to another system: how far its feed was read, and how it does."""

    __tablename__ = "link"
    district: str = Field(primary_key=True)
    system: str = Field(primary_key=True)
    cursor: str = _text()
    """How far the feed was read; written with the reports themselves."""
    state: str = _text("new")
    """``new`` (never reached), ``ok`` or ``fault``."""
    since: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    """Since when it is in this state."""
    seen: int | None = _big(default=None, nullable=True)
    """When it last did its part."""
    last_item: int | None = _big(default=None, nullable=True)
    """When its last item arrived."""
    items: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    """How many items it has sent."""
    unread: int = _big(default=0, sa_column_kwargs={"server_default": "0"})
    """How many of them could not be understood."""
    fault: str = _text()
    """What is wrong, one of `adapters.port.FAULTS`."""
    detail: str = _text()


class Lease(SQLModel, table=True):
    """Who does a work that only one process may do, and until when (wall clock)."""

    __tablename__ = "lease"
    district: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    holder: str = _text()
    until: int = _big(default=0, sa_column_kwargs={"server_default": "0"})


class Heartbeat(SQLModel, table=True):
    """When a device behind another system was last heard."""

    __tablename__ = "heartbeat"
    __table_args__ = (sa.Index("ix_heartbeat_seen", "district", "system", "seen"),)
    district: str = Field(primary_key=True)
    system: str = Field(primary_key=True)
    device: str = Field(primary_key=True)
    seen: int = _big()
    missed: int | None = _big(default=None, nullable=True)
    """The last sign of life before a silence that was told; None while it is heard."""
    category: str = _text()
    place: str = _text()
    town: str = _text()


class PointsEntry(SQLModel, table=True):
    """Points that went from one account to another; see `console.domain.points`."""

    __tablename__ = "points_entry"
    __table_args__ = (
        sa.Index("ix_points_entry_key", "district", "key", unique=True),
        sa.Index("ix_points_entry_of", "district", "of"),
        sa.Index("ix_points_entry_source", "district", "source", "id"),
        sa.Index("ix_points_entry_target", "district", "target", "id"),
    )
    district: str = Field(primary_key=True)
    id: int = _big(primary_key=True)
    """In the order of posting."""
    key: str
    at: int = _big()
    source: str
    target: str
    points: int = _big()
    reason: str = _text()
    of: str = _text()
    """The key of the posting that it takes back."""
    incident: int | None = _big(default=None, nullable=True)


class GroupMessage(SQLModel, table=True):
    """What a resident said in the group (钉管用), and what became of it."""

    __tablename__ = "group_message"
    __table_args__ = (
        sa.Index("ix_group_message_source", "district", "source_id", unique=True),
        sa.Index("ix_group_message_state", "district", "state", "id"),
        sa.Index("ix_group_message_sender", "district", "sender_id", "id"),
        sa.Index(
            "ix_group_message_incident",
            "district",
            "incident",
            sqlite_where=sa.text("incident IS NOT NULL"),
        ),
    )
    district: str = Field(primary_key=True)
    id: int = _big(primary_key=True)
    """In the order of arrival."""
    source_id: str
    """The group's own id of the message."""
    at: int = _big()
    sender: str = _text()
    sender_id: str = _text()
    text: str = _text()
    photos: str = _text("[]")
    """Names of pictures, as a JSON list."""
    state: str
    """``answered``, ``open`` (waits for the officer), ``declined`` (needs no answer) or
    ``incident``."""
    answer: str = _text()
    """What the group was told last."""
    answered_by: str = _text()
    """``robot``, or the seat."""
    answered_at: int | None = _big(default=None, nullable=True)
    faq_id: str = _text()
    """The question of the FAQ that the robot took it for."""
    incident: int | None = _big(default=None, nullable=True)


def table_of(model: type[SQLModel]) -> sa.Table:
    """The SQLAlchemy table behind a model, for statements that touch many rows."""
    return cast(sa.Table, model.__table__)  # type: ignore[attr-defined]


incident = table_of(Incident)
report = table_of(ReportRow)
photo = table_of(PhotoRow)
source_ref = table_of(SourceRef)
unreadable = table_of(Unreadable)
trace = table_of(Trace)
suggestion = table_of(Suggestion)
assignment = table_of(Assignment)
unit = table_of(Unit)
step = table_of(Step)
journal = table_of(JournalEntry)
journal_head = table_of(JournalHead)
outbox = table_of(OutboxOrder)
hourly = table_of(Hourly)
tally = table_of(Tally)
rollup = table_of(Rollup)
rollup_interval = table_of(RollupInterval)
rollup_stale = table_of(RollupStale)
seat = table_of(Seat)
officer = table_of(Officer)
draft = table_of(Draft)
setting = table_of(Setting)
counter = table_of(Counter)
link = table_of(Link)
lease = table_of(Lease)
heartbeat = table_of(Heartbeat)
group_message = table_of(GroupMessage)
points_entry = table_of(PointsEntry)


def for_postgresql() -> None:
    """Make the partial indexes partial on PostgreSQL too.

    Not said with the indexes themselves: naming that dialect imports all of it, which
    a console on SQLite need not wait for.
    """
    for table in SQLModel.metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if where is not None:
                index.dialect_options["postgresql"]["where"] = where
