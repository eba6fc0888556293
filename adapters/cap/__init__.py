"""Public warnings: the Common Alerting Protocol 1.2 (OASIS), read and written.

`parse` and `write` a message, `resolve` many of them to what stands, `atom` and
`parse_atom` the index they are published in, `chinese_identifier` for the domestic
profile. Pure: bytes in, values out; no network and no clock.
"""

from __future__ import annotations

from adapters.cap.chinese import ChineseIdentifier, chinese_identifier
from adapters.cap.current import Current, Standing, resolve
from adapters.cap.index import Entry, Index, atom, parse_atom
from adapters.cap.model import (
    DEFAULT_LANGUAGE,
    NAMESPACE,
    REASONS,
    WARNINGS,
    Alert,
    Area,
    CapError,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Pair,
    Point,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
    Warned,
)
from adapters.cap.reading import parse
from adapters.cap.writing import CHINA, write

__all__ = [
    "CHINA",
    "DEFAULT_LANGUAGE",
    "NAMESPACE",
    "REASONS",
    "WARNINGS",
    "Alert",
    "Area",
    "CapError",
    "Category",
    "Certainty",
    "ChineseIdentifier",
    "Circle",
    "Current",
    "Entry",
    "Index",
    "Info",
    "MsgType",
    "Pair",
    "Point",
    "Reference",
    "Resource",
    "ResponseType",
    "Scope",
    "Severity",
    "Standing",
    "Status",
    "Urgency",
    "Warned",
    "atom",
    "chinese_identifier",
    "parse",
    "parse_atom",
    "resolve",
    "write",
]
