"""A mapping: which column of a source's table says what, and how it is read.

The file that a person writes is read in `console.domain.mapping_file`; what it means
for a table with a known header, and row by row, is in `console.domain.rows`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from console.domain.message import Message, Problem, msg
from console.domain.tables import Fault

TEXTS = (
    "category",
    "place",
    "town",
    "text",
    "caller",
    "phone",
    "priority",
    "severity",
    "class",
    "result",
    "cause",
)
"""Fields of an incident that are words (a priority may be mapped to 1 to 4)."""

NUMBERS = ("casualties", "deaths", "injured", "amount_lost", "amount_saved", "alarm_level")
"""Fields of an incident that are numbers: persons, money in whole yuan, the alarm level."""

TIMES = ("dispatched", "enroute", "on_scene", "clearing", "available")
"""Times of a unit, in the order in which they follow each other."""

LONGEST_WORD = 200
"""Characters of a cell in which a pattern is looked for."""

WHOLE_ROW = "*"
"""The id of a source whose rows have none: everything in the row."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A column that a mapping asks for.

    Args:
        names: what it may be called, the best first.
        optional: whether the file may be without it (it then reads as empty).
    """

    names: tuple[str, ...]
    optional: bool = False

    @classmethod
    def of(cls, written: str) -> Ask:
        """As a mapping writes it: ``A``, ``A|B`` (whichever is there), ``A|`` (if there)."""
        names = tuple(name.strip() for name in written.split("|"))
        known = tuple(name for name in names if name)
        return cls(known if known else (written,), optional=bool(known) and "" in names)


@dataclass(frozen=True, slots=True)
class Value:
    """How one field is read: from columns (joined by a space), through a map, or fixed."""

    key: str
    line: int
    """Where the mapping says so."""
    columns: tuple[Ask, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    """What the source writes, folded by `folded` -> what we call it."""
    fixed: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """How what the source writes begins, folded, the longest first -> what we call it."""
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Where the map and the prefixes do not know it, the first that is found in it."""
    otherwise: str | None = None
    """Everything else."""

    @property
    def translates(self) -> bool:
        """Whether it says what the source's words are in ours."""
        return bool(self.map or self.prefixes or self.patterns or self.otherwise is not None)

    @property
    def ours(self) -> tuple[str, ...]:
        """Every word of ours that it can lead to."""
        found = (*self.map.values(), *self.prefixes.values(), *(own for _, own in self.patterns))
        return found + tuple(one for one in (self.otherwise, self.fixed) if one is not None)

    def translated(self, word: str) -> str | None:
        """What we call a word of the source, None when only `otherwise` says."""
        key = folded(word)
        if (found := self.map.get(key)) is not None:
            return found
        for prefix, own in self.prefixes.items():
            if key.startswith(prefix):
                return own
        text = word[:LONGEST_WORD]
        return next((own for pattern, own in self.patterns if pattern.search(text)), None)


@dataclass(frozen=True, slots=True)
class Location:
    """Where coordinates are: in one column by patterns, or in two columns of their own."""

    line: int
    column: Ask | None = None
    patterns: tuple[re.Pattern[str], ...] = ()
    """Each with the groups ``lat`` and ``lon``."""
    lat: Value | None = None
    lon: Value | None = None


@dataclass(frozen=True, slots=True)
class Id:
    """Which rows are one incident: those with the same value of these columns."""

    line: int
    columns: tuple[Ask, ...] = ()
    """Empty for `WHOLE_ROW`."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """What a mapping says of a table, before anybody has seen the table itself."""

    file: str
    source: str
    encoding: str | None
    """None: what the file shows."""
    delimiter: str | None
    """None: what the header shows."""
    zone: ZoneInfo | None
    """None: the center's own."""
    formats: tuple[str, ...]
    id: Id
    received: Value
    fields: Mapping[str, Value]
    """The keys of `TEXTS` and `NUMBERS` that the mapping sets."""
    location: Location | None = None
    call_sign: Value | None = None
    unit_kind: Value | None = None
    """What kind of unit it is; its map leads to our kinds."""
    times: Mapping[str, Value] = field(default_factory=dict)
    headed: bool = True
    """Whether a line of the file has the names of its columns."""
    sheet: str = ""
    """Which sheet of a workbook; "" the first that has the columns."""

    def asks(self) -> Iterator[Ask]:
        """Every column that it asks for."""
        yield from self.id.columns
        values = [self.received, *self.fields.values(), *self.times.values()]
        values += [one for one in (self.call_sign, self.unit_kind) if one is not None]
        if self.location is not None:
            values += [one for one in (self.location.lat, self.location.lon) if one is not None]
            yield from () if self.location.column is None else (self.location.column,)
        for value in values:
            yield from value.columns


class MappingProblem(Problem):
    """A mapping that cannot be used: every mistake in it, with file, line and key."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_all(faults))
        self.faults = tuple(faults)


Kind: TypeAlias = Literal["key", "column", "category"]

_UNKNOWN: Mapping[Kind, tuple[str, str]] = {
    "key": ("mapping.unknown_key", "mapping.unknown_key_near"),
    "column": ("mapping.unknown_column", "mapping.unknown_column_near"),
    "category": ("mapping.unknown_category", "mapping.unknown_category_near"),
}


def folded(word: str) -> str:
    """A word of a source as it is compared: letter case and spacing do not matter."""
    return " ".join(word.split()).casefold()


def column_key(name: str) -> str:
    """A column's name as it is compared: case, spaces, underscores and hyphens do not matter."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


def nearest(word: str, known: Collection[str]) -> str | None:
    """What was most likely meant, or None when nothing is like it."""
    by_key = {column_key(name): name for name in known}
    found = difflib.get_close_matches(column_key(word), list(by_key), n=1, cutoff=0.6)
    return by_key[found[0]] if found else None


def unknown(kind: Kind, word: str, known: Collection[str]) -> Message:
    """The sentence for a key, column or category that is not there, with what is like it."""
    near = nearest(word, known)
    alone, alike = _UNKNOWN[kind]
    if near is None:
        return msg(alone, word=word, known=tuple(known))
    return msg(alike, word=word, near=near)


def _all(faults: Sequence[Fault]) -> Message:
    first, *rest = faults
    if not rest:
        return first.message()
    return msg("mapping.faults", first=first.message(), rest=_all(rest))
