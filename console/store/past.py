"""The incidents of some days, open or over: what a bar of the figures counts, as rows.

The newest first. The rows are those of the rollups (`console.store.rollups`): received on
those days, not merged into another. The functions are those of `console.store.queue`, which
hands over to them when the filter has a span.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from console.domain.filters import Span
from console.domain.incident import SERIALS, make_id
from console.domain.lifecycle import State
from console.domain.rollup import date_of, month_of, number_of
from console.store import rollups
from console.store.engine import Tx
from console.store.tables import incident

_c = incident.c
_COLUMNS = {
    "field": _c.field,
    "town": _c.town,
    "category": _c.category,
    "severity": _c.severity,
    "class": _c.fraud_class,
    "outcome": _c.outcome,
    "result": _c.result,
    "cause": _c.cause,
}
_NUMBERS = {"alarm": _c.alarm_level, "hour": _c.hour}

Where = list[sa.ColumnElement[bool]]


def conditions(tx: Tx, span: Span) -> Where:
    """What holds of the incidents of a span."""
    where: Where = [
        _c.district == tx.district,
        _c.month >= month_of(span.first),
        _c.month <= month_of(span.last),
        _c.id >= make_id(span.first, 0),
        _c.id < make_id(span.last + 1, 0),
        _c.state != State.MERGED.value,
    ]
    for name in dict.fromkeys(name for name, _value in span.exact):
        either = [_condition(tx, span, name, value) for of, value in span.exact if of == name]
        where.append(sa.or_(*either))
    return where


def _condition(tx: Tx, span: Span, name: str, value: str) -> sa.ColumnElement[bool]:
    if name == "weekday":
        day = _c.id // sa.literal_column(str(SERIALS))
        return day.in_(_weekdays(tx, span, int(value)))
    if name == "place":
        return sa.func.substr(_c.place, 1, len(value)) == value
    if name in _NUMBERS:
        return _NUMBERS[name] == int(value)
    return _COLUMNS[name] == value


def _weekdays(tx: Tx, span: Span, weekday: int) -> list[int]:
    """The days of a span that are such a weekday (1 to 7) and can have incidents.

    Each becomes a value of a statement, which holds some ten thousands of them: all of the
    years that a span can name would be too many.
    """
    known = rollups.span(tx)
    if known is None:
        return []
    first = max(date_of(span.first), known[0])
    last = min(date_of(span.last), known[1]).toordinal()
    ahead = (weekday - first.isoweekday()) % 7
    return [number_of(date.fromordinal(at)) for at in range(first.toordinal() + ahead, last + 1, 7)]


def places(tx: Tx, span: Span) -> dict[str, int]:
    """The places of a span, each with its incidents."""
    rows = tx.conn.execute(
        sa.select(_c.place, sa.func.count()).where(*conditions(tx, span)).group_by(_c.place)
    )
    return {str(place): int(n) for place, n in rows}


def ids(tx: Tx, where: Where, limit: int, *, after: int | None, before: int | None) -> list[int]:
    """Up to `limit` ids from the newest on, behind `after`, or directly above `before`.

    With neither and a negative `limit`, the oldest ones.
    """
    back = before is not None or limit < 0
    query = sa.select(_c.id).where(*where)
    if after is not None:
        query = query.where(_c.id < after)
    if before is not None:
        query = query.where(_c.id > before)
    order = (_c.month, _c.id) if back else (_c.month.desc(), _c.id.desc())
    found = [
        int(id_) for id_ in tx.conn.execute(query.order_by(*order).limit(abs(limit))).scalars()
    ]
    return found[::-1] if back else found


def count(tx: Tx, where: Where, above: int | None = None) -> int:
    """How many there are, or how many stand above an id."""
    query = sa.select(sa.func.count()).select_from(incident).where(*where)
    if above is not None:
        query = query.where(_c.id > above)
    return int(tx.conn.execute(query).scalar_one())


def near(tx: Tx, where: Where, index: int) -> int | None:
    """The id of the `index`-th row: those before it are walked over, along the key."""
    query = sa.select(_c.id).where(*where).order_by(_c.month.desc(), _c.id.desc())
    found = tx.conn.execute(query.offset(index).limit(1)).scalar()
    return None if found is None else int(found)
