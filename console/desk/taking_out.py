"""Data for others: masked, unless a supervisor says why it must be in clear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from console.domain.masking import masked_of
from console.domain.message import Problem, msg
from console.store import incidents

if TYPE_CHECKING:
    from console.desk.desk import Desk
    from console.store.engine import Tx

MAY_CLEAR = frozenset({"supervisor"})
"""Who may take out what is not masked."""

Mask: TypeAlias = Callable[[dict[str, Any], int | None], dict[str, Any]]
"""A row, and the incident that it is about -> the row as it may leave the house."""

PERSONS = ("caller", "person", "phone", "name", "id_number", "identity", "key_holder", "worker")
"""Values that are a person, by the name under which they are kept."""

OURS = frozenset(
    {"number", "at", "received", "closed", "due", "key", "hash", "seat", "officer", "orders"}
)
"""Values that are the center's own: moments, numbers of incidents, who sat where."""


def in_clear(desk: Desk, what: str, days: tuple[int, int], reason: str) -> None:
    """Write down that this seat takes out what is not masked.

    Args:
        desk: and its seat.
        what: is taken out.
        days: the first and the last day, YYYYMMDD.
        reason: as it was given.

    Raises:
        Problem: it is not for this seat, or no reason was given.
    """
    if not reason.strip():
        raise Problem(msg("export.why"))
    with desk.writing(desk.seat) as work:
        if desk.role_of(work) not in MAY_CLEAR:
            raise Problem(msg("export.no_right", seat=work.seat))
        span = f"{days[0]}-{days[1]}"
        work.log(replace(work.entry("exported"), status=what, source_id=span, text=reason))


def mask(tx: Tx, clear: bool) -> Mask:
    """What makes a row ready to leave the house.

    Args:
        tx: to know who called about what.
        clear: nothing is hidden.
    """
    if clear:
        return lambda row, _incident: row
    callers = incidents.callers(tx)

    def hide(row: dict[str, Any], incident: int | None) -> dict[str, Any]:
        names, numbers = callers.get(incident, ((), ())) if incident is not None else ((), ())
        also = [value for part in (row, *_parts(row)) for value in _persons(part)]
        known = partial(masked_of, names=[*names, *also], numbers=[*numbers, *also])
        return {name: _hidden(name, value, known) for name, value in row.items()}

    return hide


def _parts(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [value for value in row.values() if isinstance(value, dict)]


def _persons(part: Mapping[str, Any]) -> list[str]:
    return [value for name in PERSONS if isinstance(value := part.get(name), str) and value]


def _hidden(name: str, value: Any, known: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return value if name in OURS else known(value)
    if isinstance(value, dict):
        return {part: _hidden(part, one, known) for part, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", one, known) for one in value]
    return value
