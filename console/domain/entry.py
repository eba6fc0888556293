"""A journal entry as a value: what is written, how it is hashed, how it is told.

What is hashed is the canonical text that is stored (JSON with sorted keys), so that
no type conversion of a database can break the chain.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeAlias

from console.domain.clock import Instant

Scalar: TypeAlias = "str | int | float | None"

COPIED = ("district", "seq", "at", "seat", "verb", "incident")
"""Fields that the journal keeps beside the text, to find it by."""

START = "0" * 64
"""What the first entry of a chain follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: who, when, what, from where to where, and the words given.

    Empty fields are left out of the canonical text. `before` keeps what a change
    replaced, so that it can be taken back.
    """

    verb: str
    at: Instant
    seat: str
    officer: str = ""
    incident: int | None = None
    from_: str = ""
    to: str = ""
    text: str = ""
    """Free text that a person typed or a system sent."""
    units: tuple[str, ...] = ()
    status: str = ""
    step: str = ""
    attempt: int = 0
    outcome: str = ""
    others: tuple[int, ...] = ()
    priority: int = 0
    alarm: int = 0
    category: str = ""
    system: str = ""
    key: str = ""
    """Of the outbox order that this change wrote."""
    money: int | None = None
    source: str = ""
    source_id: str = ""
    reason: str = ""
    """A message id: why the program did it by itself."""
    count: int = 0
    undoes: int = 0
    """Sequence number of the entry that this one takes back."""
    part_of: int = 0
    """Sequence number of the first entry of the same command; 0 in that one itself."""
    before: tuple[tuple[str, Scalar], ...] = ()
    seq: int = 0
    district: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())


_TUPLES = {"units", "others"}
_PAIRS = {"before", "facts"}
_EVEN_ZERO = {"at", "money"}
# Made once: an import writes an entry an incident.
_NAMES = tuple(f.name for f in fields(Entry) if f.name not in ("seq", "district"))
_VALUES = attrgetter(*_NAMES)
_WRITTEN = {"from" if name == "from_" else name for name in (*_NAMES, "seq", "district")}
_NEEDED = {"verb", "at", "seat", "seq", "district"}
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(entry: Entry, seq: int, district: str) -> str:
    """The text of an entry that is stored and hashed.

    Args:
        entry: what happened; its own `seq` and `district` are not looked at.
        seq: its place in the chain.
        district: whose chain it is.
    """
    body: dict[str, object] = {}
    for name, value in zip(_NAMES, _VALUES(entry), strict=True):
        if not value and (value is None or name not in _EVEN_ZERO):
            continue
        body["from" if name == "from_" else name] = dict(value) if name in _PAIRS else value
    body["seq"], body["district"] = seq, district
    return _ENCODER.encode(body)


def chained(previous: str, body: str) -> str:
    """The hash of an entry that follows `previous` (hex SHA-256)."""
    return hashlib.sha256(f"{previous or START}\n{body}".encode()).hexdigest()


def read_copied(body: str) -> tuple[object, ...]:
    """What of a canonical text is copied into columns: `COPIED`, in that order.

    Raises:
        ValueError: it is not an entry's text.
    """
    raw = _raw(body)
    if not raw.keys() >= _NEEDED:
        raise ValueError(f"missing fields: {sorted(_NEEDED - raw.keys())}")
    return tuple(map(raw.get, COPIED))


def _raw(body: str) -> dict[str, Any]:
    raw = json.loads(body)
    if not isinstance(raw, dict):
        raise ValueError("not an object")
    if not raw.keys() <= _WRITTEN:
        raise ValueError(f"unknown fields: {sorted(raw.keys() - _WRITTEN)}")
    return raw


def read_entry(body: str) -> Entry:
    """The entry behind a canonical text.

    Raises:
        ValueError: it is not one.
    """
    raw = _raw(body)
    if "from" in raw:
        raw["from_"] = raw.pop("from")
    for name in _TUPLES & raw.keys():
        raw[name] = tuple(raw[name])
    for name in _PAIRS & raw.keys():
        raw[name] = tuple(raw[name].items())
    return Entry(**raw)
