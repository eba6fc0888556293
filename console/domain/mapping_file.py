"""Reading a mapping: TOML text in, a `SourceTable` out, or everything that is wrong with it."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from console.domain import patterns
from console.domain.mapping import (
    NUMBERS,
    TEXTS,
    TIMES,
    WHOLE_ROW,
    Ask,
    Id,
    Location,
    MappingProblem,
    SourceTable,
    Value,
    folded,
    unknown,
)
from console.domain.message import Message, msg
from console.domain.moments import Moments, names_a_day
from console.domain.tables import Document, Path
from console.domain.text import clean

_SOURCE = ("name", "encoding", "timezone", "datetime", "delimiter", "header", "sheet")
_INCIDENT = ("id", "received", "location", "lat", "lon", *TEXTS, *NUMBERS)
_UNIT = ("call_sign", "kind", *TIMES)
_MAX_NAME = 60
_MAX_WORD = 60


def parse_mapping(text: str, file: str, categories: Collection[str]) -> SourceTable:
    """Read a mapping.

    Args:
        text: the file's content.
        file: its name, for the sentences about it.
        categories: every category code that the center knows.

    Raises:
        MappingProblem: it has mistakes; all of them, each with its line.
    """
    document = Document(text, file)
    if document.faults:
        raise MappingProblem(document.faults)
    reader = _Reader(document, tomllib.loads(text), frozenset(categories))
    table = reader.table()
    if table is None or document.faults:
        raise MappingProblem(sorted(document.faults, key=lambda fault: fault.line))
    return table


class _Reader:
    """Walks through the file once and remembers every mistake in the document."""

    def __init__(
        self, document: Document, data: Mapping[str, object], categories: frozenset[str]
    ) -> None:
        self._document = document
        self._data = data
        self._categories = categories

    def table(self) -> SourceTable | None:
        self._only((), self._data, ("source", "incident", "unit"))
        source = self._section("source", required=True)
        incident = self._section("incident", required=True)
        unit = self._section("unit", required=False)
        self._only(("source",), source, _SOURCE)
        self._only(("incident",), incident, _INCIDENT)
        self._only(("unit",), unit, _UNIT)

        name = clean(self._text(("source", "name"), source), _MAX_NAME).text
        encoding = self._encoding(source)
        delimiter = self._text(("source", "delimiter"), source, "")
        if len(delimiter) > 1:
            self._complain(("source", "delimiter"), msg("mapping.bad_delimiter", value=delimiter))
        zone = self._zone(source)
        formats = self._formats(source)
        id_ = self._id(incident)
        received = self._value(("incident", "received"), incident)
        if received is None:
            self._missing(("incident", "received"), incident)
        elif received.fixed is not None or received.translates:
            self._complain(
                ("incident", "received"),
                msg("mapping.wrong_type", key="received", wanted=msg("mapping.columns")),
            )
        fields = {
            key: value
            for key in (*TEXTS, *NUMBERS)
            if (value := self._value(("incident", key), incident)) is not None
        }
        self._check_fields(fields)
        call_sign = self._value(("unit", "call_sign"), unit)
        if unit and call_sign is None:
            self._missing(("unit", "call_sign"), unit)
        times = {
            key: value for key in TIMES if (value := self._value(("unit", key), unit)) is not None
        }
        location = self._location(incident)
        if id_ is None or received is None:
            return None
        return SourceTable(
            file=self._document.file,
            source=name,
            encoding=encoding,
            delimiter=delimiter or None,
            zone=zone,
            formats=formats,
            id=id_,
            received=received,
            fields=fields,
            location=location,
            call_sign=call_sign,
            unit_kind=self._value(("unit", "kind"), unit),
            times=times,
            headed=self._headed(source),
            sheet=self._text(("source", "sheet"), source, ""),
        )

    def _complain(self, path: Path, reason: Message) -> None:
        self._document.complain(path, reason)

    def _section(self, key: str, *, required: bool) -> Mapping[str, object]:
        value = self._data.get(key)
        if value is None:
            if required:
                self._complain((), msg("mapping.missing_section", section=key))
            return {}
        if not isinstance(value, dict):
            self._wrong((key,), msg("mapping.section"))
            return {}
        return value

    def _only(self, path: Path, data: Mapping[str, object], known: Collection[str]) -> None:
        for key in data:
            if key not in known:
                self._complain((*path, key), unknown("key", key, known))

    def _wrong(self, path: Path, wanted: Message) -> None:
        self._complain(path, msg("mapping.wrong_type", key=str(path[-1]), wanted=wanted))

    def _missing(self, path: Path, data: Mapping[str, object]) -> None:
        if path[-1] not in data:
            self._complain(path[:-1], msg("mapping.missing_key", key=".".join(map(str, path))))

    def _text(self, path: Path, data: Mapping[str, object], default: str | None = None) -> str:
        value = data.get(str(path[-1]))
        if isinstance(value, str) and value:
            return value
        if value is not None:
            self._wrong(path, msg("mapping.text"))
        elif default is None:
            self._missing(path, data)
        return default or ""

    def _headed(self, source: Mapping[str, object]) -> bool:
        headed = source.get("header", True)
        if not isinstance(headed, bool):
            self._wrong(("source", "header"), msg("mapping.yes_or_no"))
        return headed is not False

    def _encoding(self, source: Mapping[str, object]) -> str | None:
        name = self._text(("source", "encoding"), source, "")
        if not name:
            return None
        try:
            # An encoding of bytes to bytes (base64) is known too, and no text.
            codecs.lookup(name)
            "".encode(name)
        except (LookupError, ValueError):
            self._complain(("source", "encoding"), msg("mapping.bad_encoding", value=name))
            return None
        return name

    def _zone(self, source: Mapping[str, object]) -> ZoneInfo | None:
        name = self._text(("source", "timezone"), source, "")
        if not name:
            return None
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._complain(("source", "timezone"), msg("mapping.bad_zone", value=name))
            return None

    def _formats(self, source: Mapping[str, object]) -> tuple[str, ...]:
        path: Path = ("source", "datetime")
        formats = _strings(source.get("datetime"))
        if not formats:
            if "datetime" in source:
                self._wrong(path, msg("mapping.formats"))
            self._missing(path, source)
            return ()
        for one in formats:
            try:
                Moments([one], ZoneInfo("UTC"))
            except ValueError as error:
                self._complain(path, msg("mapping.bad_format", value=one, reason=str(error)))
                continue
            if not names_a_day(one):
                self._complain(path, msg("mapping.no_day", value=one))
        return formats

    def _id(self, incident: Mapping[str, object]) -> Id | None:
        path: Path = ("incident", "id")
        raw = incident.get("id")
        if raw is None:
            self._missing(path, incident)
            return None
        names = _strings(raw)
        if not names:
            self._wrong(path, msg("mapping.id"))
            return None
        columns = () if names == (WHOLE_ROW,) else tuple(map(Ask.of, names))
        return Id(self._document.line(path), columns)

    def _value(self, path: Path, data: Mapping[str, object]) -> Value | None:
        key = str(path[-1])
        raw = data.get(key)
        if raw is None:
            return None
        line = self._document.line(path)
        if isinstance(raw, dict):
            return self._table_value(path, raw, line)
        names = _strings(raw)
        if not names:
            self._wrong(path, msg("mapping.value"))
            return None
        return Value(key, line, tuple(map(Ask.of, names)))

    def _table_value(self, path: Path, raw: Mapping[str, object], line: int) -> Value | None:
        key = str(path[-1])
        self._only(path, raw, ("column", "map", "prefix", "pattern", "else", "value"))
        if "value" in raw:
            if len(raw) > 1 or not isinstance(raw["value"], str | int):
                self._wrong(path, msg("mapping.value"))
            return Value(key, line, fixed=str(raw["value"]))
        names = _strings(raw.get("column"))
        if not names:
            if "column" in raw:
                self._wrong((*path, "column"), msg("mapping.columns"))
            else:
                self._missing((*path, "column"), raw)
            return None
        prefixes = {folded(word): own for word, own in self._words(path, raw, "prefix").items()}
        found = [
            (pattern, own)
            for word, own in self._words(path, raw, "pattern").items()
            if (pattern := self._pattern(path, word)) is not None
        ]
        otherwise = raw.get("else")
        if otherwise is not None and not _plain(otherwise):
            self._wrong((*path, "else"), msg("mapping.text"))
        return Value(
            key,
            line,
            tuple(map(Ask.of, names)),
            {folded(word): own for word, own in self._words(path, raw, "map").items()},
            prefixes=dict(sorted(prefixes.items(), key=lambda one: -len(one[0]))),
            patterns=tuple(found),
            otherwise=clean(str(otherwise), _MAX_WORD).text if _plain(otherwise) else None,
        )

    def _words(self, path: Path, raw: Mapping[str, object], key: str) -> dict[str, str]:
        """A table of the source's words and ours."""
        words = raw.get(key, {})
        if not isinstance(words, dict):
            self._wrong((*path, key), msg("mapping.map"))
            return {}
        known: dict[str, str] = {}
        for word, ours in words.items():
            if _plain(ours):
                known[word] = clean(str(ours), _MAX_WORD).text
            else:
                self._wrong((*path, key, word), msg("mapping.map"))
        return known

    def _pattern(self, path: Path, written: str) -> re.Pattern[str] | None:
        """A pattern that may be used."""
        try:
            return patterns.compiled(written)
        except patterns.Dear as dear:
            reason: Message | str = dear.reason
        except re.error as error:
            reason = str(error)
        self._complain(path, msg("mapping.bad_pattern", value=written, reason=reason))
        return None

    def _check_fields(self, fields: Mapping[str, Value]) -> None:
        for key, value in fields.items():
            path: Path = ("incident", key)
            if key in NUMBERS and value.translates:
                self._wrong(path, msg("mapping.columns"))
            for word in value.ours:
                if key == "category" and not self._lawful(word):
                    self._complain(path, unknown("category", word, sorted(self._categories)))
                if key == "priority" and word not in ("1", "2", "3", "4"):
                    self._complain(path, msg("mapping.bad_priority", value=word))
                if key in NUMBERS and not (word.isascii() and word.isdigit()):
                    self._wrong(path, msg("mapping.number"))

    def _lawful(self, code: str) -> bool:
        return code in self._categories or code.startswith("other.")

    def _location(self, incident: Mapping[str, object]) -> Location | None:
        lat = self._value(("incident", "lat"), incident)
        lon = self._value(("incident", "lon"), incident)
        path: Path = ("incident", "location")
        raw = incident.get("location")
        if (lat is None) != (lon is None):
            alone = "lat" if lat is not None else "lon"
            self._complain(("incident", alone), msg("mapping.half_location", key=alone))
        if raw is None:
            return Location(lat.line, lat=lat, lon=lon) if lat and lon else None
        if lat is not None or lon is not None:
            self._complain(path, msg("mapping.two_locations"))
        if not isinstance(raw, dict):
            self._wrong(path, msg("mapping.location"))
            return None
        self._only(path, raw, ("column", "pattern"))
        column = raw.get("column")
        written = _strings(raw.get("pattern"))
        if not isinstance(column, str) or not column or not written:
            bad = "column" if not isinstance(column, str) or not column else "pattern"
            self._wrong((*path, bad) if bad in raw else path, msg("mapping.location"))
            return None
        taken: list[re.Pattern[str]] = []
        for one in written:
            pattern = self._pattern(path, one)
            if pattern is None:
                continue
            if not {"lat", "lon"} <= pattern.groupindex.keys():
                self._complain(path, msg("mapping.no_groups", value=one))
                continue
            taken.append(pattern)
        return Location(self._document.line(path), Ask.of(column), tuple(taken))


def _plain(value: object) -> bool:
    """Whether it can be one of our words."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def _strings(raw: object) -> tuple[str, ...]:
    """A string or a list of strings as a tuple; empty when it is neither, or one is empty."""
    if isinstance(raw, str):
        return (raw,) if raw else ()
    if isinstance(raw, list) and all(isinstance(one, str) and one for one in raw):
        return tuple(raw)
    return ()
