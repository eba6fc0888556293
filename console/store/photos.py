"""Pictures that reports named: the name only; the picture stays where it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from console.store.engine import Tx
from console.store.tables import photo


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """A picture: which report of which incident, and by what name its source gives it."""

    incident: int
    report: int
    n: int
    source: str
    name: str


_COLUMNS = tuple(photo.c[name] for name in NamedPhoto.__dataclass_fields__)


def keep(tx: Tx, incident: int, report: int, source: str, names: Sequence[str]) -> None:
    """Write down what pictures a report named."""
    rows = [
        {
            "district": tx.district,
            "incident": incident,
            "report": report,
            "n": n,
            "source": source,
            "name": name,
        }
        for n, name in enumerate(names, 1)
    ]
    tx.conn.execute(sa.insert(photo), rows)


def of_incidents(tx: Tx, ids: Collection[int]) -> list[NamedPhoto]:
    """The pictures of these incidents, in the order in which they came."""
    rows = tx.conn.execute(
        sa.select(*_COLUMNS)
        .where(photo.c.district == tx.district, photo.c.incident.in_(ids))
        .order_by(photo.c.incident, photo.c.report, photo.c.n)
    )
    return [NamedPhoto(**row._mapping) for row in rows]
