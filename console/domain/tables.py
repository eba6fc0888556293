"""Reading a rule file: TOML text in, typed values out, and a list of what is wrong with it.

Every mistake is a `Fault` with file, line and reason, and reading goes on, so
that a person who edits a file sees all of its mistakes at once. The parser of
the standard library tells no line numbers; `Document` finds them in the text,
only when there is something to complain about.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import TypeAlias

from console.domain.clock import DAY, HOUR, MINUTE, SECOND, Span
from console.domain.message import Label, Message, msg

Path: TypeAlias = tuple["str | int", ...]
"""Where a value stands in a file: keys, and positions in arrays of tables."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a rule file: where it is and what is wrong."""

    file: str
    line: int
    reason: Message

    def message(self) -> Message:
        """The whole sentence: file, line, reason."""
        return msg("rules.fault", file=self.file, line=self.line, reason=self.reason)


_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*="
)
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_AT_LINE = re.compile(r"\(at line (\d+)")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)")
_UNITS: Mapping[str, Span] = {"ms": 1, "s": SECOND, "min": MINUTE, "h": HOUR, "d": DAY}


MOST = 10**12
"""The largest number that a rule may have, unless it says otherwise: everything that is made of
one can be kept and written."""

LONGEST = 36_525 * DAY
"""The longest length of time that a rule may have (a hundred years)."""

_DIGITS = re.compile(r"[0-9_]{1000,}")


def parse_span(words: str) -> Span | None:
    """A length of time such as ``90s``, ``5min``, ``48h``, ``1h 30min`` in ms; None if it is none.

    Units are ms, s, min, h and d (24 hours); no more than `LONGEST`.
    """
    total, end = 0.0, 0
    for match in _SPAN.finditer(words.strip()):
        if words.strip()[end : match.start()].strip():
            return None
        total += float(match[1]) * _UNITS[match[2]]
        end = match.end()
    return None if end == 0 or words.strip()[end:].strip() or total > LONGEST else int(total)


def _parts(key: str) -> list[str]:
    return [a or b or c for a, b, c in _PART.findall(key)]


def line_index(text: str) -> dict[Path, int]:
    """The line (from 1) on which each table and key of a TOML text is written."""
    lines: dict[Path, int] = {(): 1}
    last: dict[Path, int] = {}
    current: Path = ()
    quoted = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quoted:
            if quoted in line:
                quoted = ""
            continue
        if header := _HEADER.match(line):
            parts = _parts(header[2])
            path: Path = ()
            for depth, part in enumerate(parts):
                path = (*path, part)
                if depth == len(parts) - 1 and header[1] == "[[":
                    last[path] = last.get(path, -1) + 1
                if path in last:
                    path = (*path, last[path])
            current = path
            lines[current] = number
        elif key := _KEY.match(line):
            lines[(*current, *_parts(key[1]))] = number
            for quote in ('"""', "'''"):
                if line.count(quote) % 2:
                    quoted = quote
    return lines


class Document:
    """A TOML file while it is being read, with the faults found so far.

    `file` is the name to be shown to people. A text that is no TOML at all gives
    an empty `root` and one fault.
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self._text = text
        self._lines: dict[Path, int] | None = None
        data: dict[str, object] = {}
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            words = str(error)
            at = _AT_LINE.search(words)
            line = int(at[1]) if at else max(1, len(text.splitlines()))
            reason = words.partition(" (at ")[0]
            self.faults.append(Fault(file, line, msg("rules.not_toml", words=reason)))
        except ValueError:
            # A number has more digits than Python reads.
            lines = text.splitlines()
            line = next((n for n, one in enumerate(lines, 1) if _DIGITS.search(one)), len(lines))
            self.faults.append(Fault(file, line, msg("rules.digits")))
        self.root = Table(self, (), data)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        if self._lines is None:
            self._lines = line_index(self._text)
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def complain(self, path: Path, reason: Message) -> None:
        """Remember a fault at `path`."""
        self.faults.append(Fault(self.file, self.line(path), reason))


class Table:
    """One table of a document. A wrong or missing value is a fault and a harmless default."""

    __slots__ = ("_data", "_document", "_used", "path")

    def __init__(self, document: Document, path: Path, data: Mapping[str, object]) -> None:
        self._document = document
        self._data = data
        self._used: set[str] = set()
        self.path = path

    def __contains__(self, key: str) -> bool:
        return key in self._data

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the table in the order in which they are written."""
        return tuple(self._data)

    def complain(self, key: str, reason: Message) -> None:
        """Remember a fault at `key` ("" for the table itself)."""
        self._document.complain((*self.path, key) if key else self.path, reason)

    def _take(self, key: str, kind: type | UnionType, wanted: Message) -> object | None:
        self._used.add(key)
        value = self._data.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self.complain(key, msg("rules.wrong_type", key=key, wanted=wanted))
            return None
        return value

    def _missing(self, key: str) -> None:
        if key not in self._data:
            self.complain(key, msg("rules.missing_key", key=key))

    def text(self, key: str, default: str | None = None) -> str:
        """A string; required unless there is a `default`."""
        value = self._take(key, str, msg("rules.type_text"))
        if isinstance(value, str):
            return value
        if default is None:
            self._missing(key)
        return default or ""

    def number(
        self, key: str, default: int | None = None, *, least: int | None = None, most: int = MOST
    ) -> int:
        """A whole number from `least` to `most`; required unless there is a `default`."""
        value = self._take(key, int, msg("rules.type_number"))
        if isinstance(value, int):
            self._bounded(key, value, least, most)
            return max(-most, min(value, most))
        if default is None:
            self._missing(key)
        return default or 0

    def decimal(
        self,
        key: str,
        default: float | None = None,
        *,
        least: float | None = None,
        most: int = MOST,
    ) -> float:
        """A number, whole or not, from `least` to `most`; required unless there is a `default`."""
        value = self._take(key, int | float, msg("rules.type_number"))
        if isinstance(value, int | float):
            if value != value:
                self.complain(
                    key, msg("rules.wrong_type", key=key, wanted=msg("rules.type_number"))
                )
                return default or 0.0
            self._bounded(key, value, least, most)
            return float(max(-most, min(value, most)))
        if default is None:
            self._missing(key)
        return default or 0.0

    def _bounded(self, key: str, value: float, least: float | None, most: int) -> None:
        if value < (-most if least is None else least):
            self.complain(
                key, msg("rules.at_least", key=key, least=-most if least is None else least)
            )
        elif value > most:
            self.complain(key, msg("rules.at_most", key=key, most=most))

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self._take(key, bool, msg("rules.type_flag"))
        return value if isinstance(value, bool) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty when it is not there."""
        value = self._take(key, list, msg("rules.type_texts"))
        if not isinstance(value, list):
            return ()
        if not all(isinstance(item, str) for item in value):
            self.complain(key, msg("rules.wrong_type", key=key, wanted=msg("rules.type_texts")))
        return tuple(item for item in value if isinstance(item, str))

    def span(self, key: str, *, positive: bool = False) -> Span:
        """A length of time (``90s``, ``5min``) in ms, if asked not zero; required."""
        words = self.text(key)
        span = parse_span(words)
        if span is None:
            if key in self._data:
                self.complain(key, msg("rules.bad_span", key=key, value=words))
            return 0
        if positive and not span:
            self.complain(key, msg("rules.span_zero", id=key))
        return span

    def label(self, key: str, default: Label | None = None) -> Label:
        """A name in both languages; required unless there is a `default`."""
        value = self._take(key, dict, msg("rules.type_label"))
        if not isinstance(value, dict):
            if default is None:
                self._missing(key)
            return default or Label("", "")
        return self._label(key, value)

    def words(self, key: str) -> Label:
        """A name: one text for both languages, or one in each; required."""
        if isinstance(self._data.get(key), str):
            said = self.text(key)
            return Label(said, said)
        return self.label(key)

    def labels(self, key: str) -> tuple[Label, ...]:
        """A list of names in both languages; empty when it is not there."""
        value = self._take(key, list, msg("rules.type_label"))
        if not isinstance(value, list):
            return ()
        return tuple(self._label(key, item if isinstance(item, dict) else {}) for item in value)

    def _label(self, key: str, value: Mapping[object, object]) -> Label:
        found: list[str] = []
        for lang in ("zh", "en"):
            words = value.get(lang)
            told = words.strip() if isinstance(words, str) else ""
            if not told:
                self.complain(key, msg("rules.missing_translation", key=key, lang=lang))
            found.append(told)
        for extra in value.keys() - {"zh", "en"}:
            self.complain(key, msg("rules.unknown_key", key=f"{key}.{extra}"))
        return Label(*found)

    def table(self, key: str) -> Table:
        """A table inside this one; an empty one when it is not there."""
        value = self._take(key, dict, msg("rules.type_table"))
        return Table(self._document, (*self.path, key), value if isinstance(value, dict) else {})

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list, one after the other."""
        value = self._take(key, list, msg("rules.type_tables"))
        for position, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                yield Table(self._document, (*self.path, key, position), item)
            else:
                self.complain(key, msg("rules.wrong_type", key=key, wanted=msg("rules.type_table")))

    def children(self) -> Iterator[tuple[str, Table]]:
        """The tables under keys that nobody has asked for: an open family, such as a tree."""
        for key, value in self._data.items():
            if key not in self._used and isinstance(value, dict):
                self._used.add(key)
                yield key, Table(self._document, (*self.path, key), value)

    def end(self) -> None:
        """Nothing more is expected: every key not read is a fault (a typing error, as a rule)."""
        for key in self._data:
            if key not in self._used:
                self.complain(key, msg("rules.unknown_key", key=key))

    @property
    def line(self) -> int:
        """The line on which the table begins."""
        return self._document.line(self.path)
