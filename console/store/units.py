"""Units and their assignments: who is where, since when, on what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from console.domain.clock import Instant
from console.domain.incident import month_of
from console.store.engine import Tx, insert_new
from console.store.tables import assignment, unit

STAMPED = ("dispatched", "enroute", "on_scene", "clearing", "available")
"""The statuses of which an assignment keeps the time."""


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit at one moment. Times in ms UTC."""

    call_sign: str
    kind: str
    name: str
    station: str
    town: str
    lat: float | None
    lon: float | None
    status: str
    since: Instant
    incident: int | None
    check_due: Instant | None
    check_missed: int
    load: int


@dataclass(frozen=True, slots=True)
class AssignmentNow:
    """A unit on an incident with the time of each status (ms UTC)."""

    incident: int
    n: int
    call_sign: str
    kind: str
    is_out: int
    dispatched: Instant | None
    enroute: Instant | None
    on_scene: Instant | None
    clearing: Instant | None
    available: Instant | None


_UNIT = tuple(unit.c[name] for name in UnitNow.__dataclass_fields__)
_ASSIGNMENT = tuple(assignment.c[name] for name in AssignmentNow.__dataclass_fields__)


def all_units(tx: Tx) -> list[UnitNow]:
    """Every unit of the district, by call sign."""
    rows = tx.conn.execute(
        sa.select(*_UNIT).where(unit.c.district == tx.district).order_by(unit.c.call_sign)
    )
    return [UnitNow(**row._mapping) for row in rows]


def get(tx: Tx, call_sign: str) -> UnitNow | None:
    """A unit by its call sign, whatever the case of its letters."""
    row = tx.conn.execute(
        sa.select(*_UNIT).where(
            unit.c.district == tx.district,
            sa.func.lower(unit.c.call_sign) == call_sign.lower(),
        )
    ).one_or_none()
    return UnitNow(**row._mapping) if row else None


def add(tx: Tx, units: Iterable[UnitNow]) -> None:
    """Put units on the board; one that is there already stays as it is."""
    insert_new(
        tx.conn,
        unit,
        [
            {
                "district": tx.district,
                **{name: getattr(one, name) for name in UnitNow.__dataclass_fields__},
            }
            for one in units
        ],
    )


def change(tx: Tx, call_sign: str, **values: object) -> None:
    """Set columns of a unit."""
    tx.conn.execute(
        sa.update(unit)
        .where(unit.c.district == tx.district, unit.c.call_sign == call_sign)
        .values(values)
    )


def checks_missed(tx: Tx, now: Instant) -> list[UnitNow]:
    """Units on scene whose safety check is past and has not been raised yet."""
    rows = tx.conn.execute(
        sa.select(*_UNIT).where(
            unit.c.district == tx.district,
            unit.c.check_due < now,
            unit.c.check_missed == 0,
        )
    )
    return [UnitNow(**row._mapping) for row in rows]


def assignments_of(tx: Tx, ids: Sequence[int]) -> list[AssignmentNow]:
    """Every assignment of these incidents, in the order of dispatch."""
    rows = tx.conn.execute(
        sa.select(*_ASSIGNMENT)
        .where(
            assignment.c.district == tx.district,
            assignment.c.month.in_({month_of(i) for i in ids}),
            assignment.c.incident.in_(ids),
        )
        .order_by(assignment.c.incident, assignment.c.n)
    )
    return [AssignmentNow(**row._mapping) for row in rows]


def out_on(tx: Tx, id_: int) -> list[AssignmentNow]:
    """The assignments of an incident whose units are not back yet."""
    return [one for one in assignments_of(tx, [id_]) if one.is_out]


def assign(tx: Tx, id_: int, one: UnitNow, at: Instant) -> None:
    """Send a unit to an incident; the caller sets the unit's own state."""
    where = (
        (assignment.c.district == tx.district)
        & (assignment.c.month == month_of(id_))
        & (assignment.c.incident == id_)
    )
    last = tx.conn.execute(sa.select(sa.func.max(assignment.c.n)).where(where)).scalar()
    tx.conn.execute(
        sa.insert(assignment),
        [
            {
                "district": tx.district,
                "month": month_of(id_),
                "incident": id_,
                "n": (last or 0) + 1,
                "call_sign": one.call_sign,
                "kind": one.kind,
                "is_out": 1,
                "dispatched": at,
            }
        ],
    )


def column_of(status: str) -> str:
    """The column of an assignment in which the time of a unit's status is kept."""
    return "available" if status == "out_of_service" else status


def stamp(tx: Tx, one: AssignmentNow, status: str, at: Instant | None) -> None:
    """Write the time of a status; ``available`` ends the assignment, None takes it back."""
    values: dict[str, object] = {status: at}
    if status == "available":
        values["is_out"] = 0 if at is not None else 1
    _on(tx, one.incident, one.n, values)


def take_off(tx: Tx, one: AssignmentNow) -> None:
    """End an assignment that was taken back before the unit had moved."""
    tx.conn.execute(
        sa.delete(assignment).where(
            assignment.c.district == tx.district,
            assignment.c.month == month_of(one.incident),
            assignment.c.incident == one.incident,
            assignment.c.n == one.n,
        )
    )


def move(tx: Tx, from_: int, to: int) -> list[tuple[AssignmentNow, AssignmentNow]]:
    """Give the units that are out on an incident to another one (a merge).

    Returns each assignment as it was and as it is now.
    """
    last = max((a.n for a in assignments_of(tx, [to])), default=0)
    return [(one, move_one(tx, one, to, n)) for n, one in enumerate(out_on(tx, from_), last + 1)]


def move_one(tx: Tx, one: AssignmentNow, to: int, n: int) -> AssignmentNow:
    """Give one unit that is out to another incident, as its `n`-th assignment."""
    _on(tx, one.incident, one.n, {"incident": to, "month": month_of(to), "n": n})
    change(tx, one.call_sign, incident=to)
    return replace(one, incident=to, n=n)


def _on(tx: Tx, id_: int, n: int, values: dict[str, object]) -> None:
    tx.conn.execute(
        sa.update(assignment)
        .where(
            assignment.c.district == tx.district,
            assignment.c.month == month_of(id_),
            assignment.c.incident == id_,
            assignment.c.n == n,
        )
        .values(values)
    )
