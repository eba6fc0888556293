"""The group's messages (钉管用): what residents said, what they were told, what became of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields

import sqlalchemy as sa

from console.domain.clock import Instant
from console.store import incidents
from console.store.engine import Tx
from console.store.tables import group_message, incident

OPEN, ANSWERED, DECLINED, INCIDENT = "open", "answered", "declined", "incident"
STATES = (OPEN, ANSWERED, DECLINED, INCIDENT)
"""Waits for the officer; was answered; needs no answer; became or joined an incident."""

ROBOT = "robot"
"""Who answered, when it was no seat."""


@dataclass(frozen=True, slots=True)
class GroupMessage:
    """One message of a resident. Times in ms UTC.

    `answer` is what the group was told last, by the robot or by a seat (`answered_by`);
    `faq_id` the question that the robot took it for.
    """

    id: int
    source_id: str
    at: Instant
    sender: str
    sender_id: str
    text: str
    photos: tuple[str, ...]
    state: str
    answer: str = ""
    answered_by: str = ""
    answered_at: Instant | None = None
    faq_id: str = ""
    incident: int | None = None


_NAMES = tuple(field.name for field in fields(GroupMessage))
_COLUMNS = tuple(group_message.c[name] for name in _NAMES)


def _value(row: sa.Row[tuple[object, ...]]) -> GroupMessage:
    values = dict(row._mapping)
    values["photos"] = tuple(json.loads(str(values["photos"])))
    return GroupMessage(**values)


def next_id(tx: Tx) -> int:
    """The id of the next message."""
    return incidents.take_serials(tx, "group")


def add(tx: Tx, message: GroupMessage) -> None:
    """Keep a message. Its `source_id` must not have come before."""
    values = {name: getattr(message, name) for name in _NAMES}
    values["photos"] = json.dumps(message.photos, ensure_ascii=False)
    tx.conn.execute(sa.insert(group_message), [{"district": tx.district, **values}])


def get(tx: Tx, id_: int) -> GroupMessage | None:
    """One message."""
    return _one(tx, group_message.c.id == id_)


def by_source(tx: Tx, source_id: str) -> GroupMessage | None:
    """One message by the group's own id."""
    return _one(tx, group_message.c.source_id == source_id)


def _one(tx: Tx, where: sa.ColumnElement[bool]) -> GroupMessage | None:
    row = tx.conn.execute(
        sa.select(*_COLUMNS).where(group_message.c.district == tx.district, where)
    ).one_or_none()
    return _value(row) if row else None


def page(
    tx: Tx, limit: int, before: int | None = None, state: str | None = None
) -> list[GroupMessage]:
    """Messages, newest first.

    Args:
        tx: a transaction.
        limit: how many at most.
        before: the id of the last one seen.
        state: only those in this state.
    """
    where = group_message.c.district == tx.district
    if state is not None:
        where &= group_message.c.state == state
    if before is not None:
        where &= group_message.c.id < before
    return _many(tx, where, group_message.c.id.desc(), limit)


def _many(
    tx: Tx, where: sa.ColumnElement[bool], order: sa.ColumnElement[object], limit: int
) -> list[GroupMessage]:
    rows = tx.conn.execute(sa.select(*_COLUMNS).where(where).order_by(order).limit(limit))
    return [_value(row) for row in rows]


def counts(tx: Tx) -> dict[str, int]:
    """How many messages are in each of `STATES`."""
    rows = tx.conn.execute(
        sa.select(group_message.c.state, sa.func.count())
        .where(group_message.c.district == tx.district)
        .group_by(group_message.c.state)
    )
    return {**dict.fromkeys(STATES, 0), **{row[0]: int(row[1]) for row in rows}}


def last_of(tx: Tx, sender_id: str, after: Instant) -> GroupMessage | None:
    """The last message of a sender that is not older than `after`."""
    where = (
        (group_message.c.district == tx.district)
        & (group_message.c.sender_id == sender_id)
        & (group_message.c.at >= after)
    )
    return next(iter(_many(tx, where, group_message.c.id.desc(), 1)), None)


def waiting(tx: Tx, until: Instant, limit: int = 50) -> list[GroupMessage]:
    """Open messages that came at `until` or before, oldest first."""
    where = (
        (group_message.c.district == tx.district)
        & (group_message.c.state == OPEN)
        & (group_message.c.at <= until)
    )
    return _many(tx, where, group_message.c.id.asc(), limit)


def of_incident(tx: Tx, id_: int, limit: int = 50) -> list[GroupMessage]:
    """The messages that became or joined an incident, or one merged into it; newest first."""
    merged = sa.select(incident.c.id).where(
        incident.c.district == tx.district, incident.c.merged_into == id_
    )
    where = (group_message.c.district == tx.district) & (
        (group_message.c.incident == id_) | group_message.c.incident.in_(merged)
    )
    return _many(tx, where, group_message.c.id.desc(), limit)


def answer(tx: Tx, id_: int, state: str, text: str, by: str, at: Instant) -> None:
    """Write down what the group was told to a message, by whom and when."""
    _set(tx, id_, state=state, answer=text, answered_by=by, answered_at=at)


def link(tx: Tx, id_: int, incident_: int) -> None:
    """A message became or joined an incident."""
    _set(tx, id_, state=INCIDENT, incident=incident_)


def decline(tx: Tx, id_: int) -> None:
    """A message needs no answer."""
    _set(tx, id_, state=DECLINED)


def wait_again(tx: Tx, id_: int) -> None:
    """A message that was put aside by mistake waits for an answer."""
    _set(tx, id_, state=OPEN)


def _set(tx: Tx, id_: int, **values: object) -> None:
    tx.conn.execute(
        sa.update(group_message)
        .where(group_message.c.district == tx.district, group_message.c.id == id_)
        .values(values)
    )


def open_of(tx: Tx, category: str) -> int:
    """How many open incidents are of a category."""
    asked = sa.select(sa.func.count()).where(
        incident.c.district == tx.district,
        incident.c.is_open.is_(True),
        incident.c.category == category,
    )
    return int(tx.conn.execute(asked).scalar_one())
