"""The ledger of residents' points: double entry, each key once, nobody below nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields

import sqlalchemy as sa

from console.domain.points import ISSUER, MALL, PointsEntry, admit
from console.store import incidents
from console.store.engine import Tx
from console.store.tables import points_entry

_NAMES = tuple(field.name for field in fields(PointsEntry))
_COLUMNS = tuple(points_entry.c[name] for name in _NAMES)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was given out, less what was taken back, and what of it was redeemed."""

    given: int = 0
    redeemed: int = 0

    @property
    def held(self) -> int:
        """What the residents have."""
        return self.given - self.redeemed


def get(tx: Tx, key: str) -> PointsEntry | None:
    """The posting `key`."""
    return next(iter(_some(tx, points_entry.c.key == key, 1)), None)


def balance(tx: Tx, account: str) -> int:
    """The points of an account: what came in less what went out."""
    total = sa.func.coalesce(sa.func.sum(points_entry.c.points), 0)
    mine = points_entry.c.district == tx.district
    came = sa.select(total).where(mine, points_entry.c.target == account)
    went = sa.select(total).where(mine, points_entry.c.source == account)
    return int(tx.conn.execute(came).scalar_one()) - int(tx.conn.execute(went).scalar_one())


def post(tx: Tx, entry: PointsEntry, incident: int | None = None) -> bool:
    """Write a posting; False when the same stands there already.

    Raises:
        Problem: as `console.domain.points.admit` says.
    """
    new = admit(entry, get(tx, entry.key), balance(tx, entry.source))
    if new is None:
        return False
    values = {name: getattr(new, name) for name in _NAMES}
    id_ = incidents.take_serials(tx, "points")
    row = {"district": tx.district, "id": id_, "incident": incident, **values}
    tx.conn.execute(sa.insert(points_entry), [row])
    return True


def page(tx: Tx, limit: int) -> list[PointsEntry]:
    """The newest postings, the newest first."""
    return _some(tx, sa.true(), limit)


def of_incident(tx: Tx, id_: int) -> list[PointsEntry]:
    """What an incident has earned or spent, the newest first."""
    return _some(tx, points_entry.c.incident == id_)


def stands(tx: Tx, entry: PointsEntry) -> bool:
    """Whether a posting has not been taken back, by something that stands itself."""
    return not any(stands(tx, back) for back in taken_back(tx, entry))


def taken_back(tx: Tx, entry: PointsEntry) -> list[PointsEntry]:
    """The postings that took a posting back, also those that were undone since."""
    return _some(tx, points_entry.c.of == entry.key)


def to_take_back(tx: Tx, account: str) -> PointsEntry | None:
    """The last award of an account that has not been taken back."""
    where = (
        (points_entry.c.source == ISSUER)
        & (points_entry.c.target == account)
        & (points_entry.c.of == "")
    )
    return next((one for one in _some(tx, where) if stands(tx, one)), None)


def standing(tx: Tx) -> Standing:
    """All of it in two numbers."""
    return Standing(-balance(tx, ISSUER), balance(tx, MALL))


def _some(tx: Tx, where: sa.ColumnElement[bool], limit: int | None = None) -> list[PointsEntry]:
    asked = (
        sa.select(*_COLUMNS)
        .where(points_entry.c.district == tx.district, where)
        .order_by(points_entry.c.id.desc())
        .limit(limit)
    )
    return [PointsEntry(**row._mapping) for row in tx.conn.execute(asked)]
