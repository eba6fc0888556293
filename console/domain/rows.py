"""A mapping put to a table: what each row of it says, or why the row is refused.

`TableReader` finds the columns once, by the header; then it reads row after row.
What comes out is clean (`console.domain.text`) and in our own terms.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import combinations, pairwise
from math import nan
from operator import itemgetter
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from console.domain.clock import HOUR, Instant
from console.domain.mapping import (
    NUMBERS,
    TIMES,
    Ask,
    Location,
    MappingProblem,
    SourceTable,
    Value,
    column_key,
    unknown,
)
from console.domain.message import Message, msg
from console.domain.moments import FIRST_YEAR, LAST_YEAR, Moments, YearOutOfRange
from console.domain.tables import Fault
from console.domain.text import clean

Row: TypeAlias = Sequence[str]

OTHER = "other"
"""Category of what the mapping does not know: ``other.<the source's word>``."""

MAX_TEXT = 2_000
MAX_LINE = 200
_LIMITS = {"category": 60, "town": 60, "caller": 60, "phone": 40, "severity": 40, "class": 60} | {
    "result": 40,
    "cause": 60,
}
_MAX_CALL_SIGN = 40
MAX_ALARM = 5
_MAX_ID = 200
_MAX_SHOWN = 40
_REMEMBERED = 4_096
"""Words of a column whose translation is kept."""

_BLANK = frozenset({"", "null", "none", "na", "n/a", "#n/a", "nan", "-"}) | frozenset(
    {"0000-00-00", "0000-00-00 00:00:00"}
)
"""How sources write that a time, a number or a coordinate is not known."""

_OVER_MIDNIGHT = 12 * HOUR
"""A clock beside a shared day that is earlier than the step before it is of the next day, when
no more than this lies between them; what is earlier by less than that is a mistake."""

_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?")
_SPOILT_ID = re.compile(r"\d(?:\.\d+)?E[+]?\d+", re.IGNORECASE)


class RowRefused(Exception):  # noqa: N818 - it is not a fault of the program
    """A row that cannot be taken; `reason` is the sentence for the person."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.id)
        self.reason = reason


class PastAssignment(NamedTuple):
    """A unit on an incident with the times that a row gives it (ms UTC, None: not said)."""

    call_sign: str
    received: Instant | None
    dispatched: Instant | None
    enroute: Instant | None
    on_scene: Instant | None
    clearing: Instant | None
    available: Instant | None

    @property
    def times(self) -> tuple[Instant | None, ...]:
        """All its times: received, then those of the unit."""
        return self[1:]

    def last(self) -> Instant | None:
        """The latest moment it knows."""
        return max((at for at in self.times if at is not None), default=None)

    def filled(self, later: PastAssignment) -> PastAssignment | None:
        """This assignment with what `later` adds, or None when `later` is another one.

        They are the same when it is the same unit and no time contradicts.
        """
        if self.call_sign != later.call_sign:
            return None
        both: list[Instant | None] = []
        for old, new in zip(self.times, later.times, strict=True):
            if old is not None and new is not None and old != new:
                return None
            both.append(new if old is None else old)
        return PastAssignment(self.call_sign, *both)


class PastIncident(NamedTuple):
    """What a row says of its incident. Money in whole yuan; `priority` None: by category."""

    word: str
    """The source's own word for the category."""
    category: str
    priority: int | None
    place: str
    town: str
    lat: float | None
    lon: float | None
    text: str
    caller: str
    phone: str
    severity: str
    fraud_class: str
    casualties: int
    deaths: int
    injured: int
    amount_lost: int
    amount_saved: int
    alarm_level: int = 0
    result: str = ""
    cause: str = ""
    contacted: Instant | None = None
    amount_at_risk: int = 0

    def digest(self) -> str:
        """A hash by which a later import sees that the source says something else.

        What has a default and is not said leaves it as it was before there was such a field.
        """
        said = ", ".join(
            f"{name}={value!r}"
            for name, value in zip(self._fields, self, strict=True)
            if value != self._field_defaults.get(name, _ALWAYS)
        )
        return hashlib.sha256(f"PastIncident({said})".encode()).hexdigest()


_ALWAYS = object()


_WORD = PastIncident._fields.index("word")
_LAT = PastIncident._fields.index("lat")
_SLOTS = {"category": "word", "class": "fraud_class"}
"""Keys of a mapping whose value is called otherwise here."""

_NOTHING_SAID = PastIncident("", "", None, "", "", None, None, "", "", "", "", "", 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is worth a word about a row that was taken."""

    cut: tuple[str, ...] = ()
    """Fields that were too long and are visibly cut."""
    unplaced: bool = False
    """There was something where the coordinates should be, and it was none."""
    unmapped: str = ""
    """The source's word for a category that the mapping does not know."""


Cell: TypeAlias = Callable[[Row], str]
Translation: TypeAlias = Callable[[str], str]
Lacks: TypeAlias = Callable[[Row], int]
"""How many of the columns that a mapping asks for a row of names lacks."""


def lacking(table: SourceTable) -> Lacks:
    """Says of a row whether it is the header of a table under this mapping (0), or how far not."""

    def count(row: Row) -> int:
        columns = _Columns(table.file, row, "")
        asks = [ask for ask in table.asks() if not ask.optional]
        return sum(columns.lacks(ask) for ask in asks)

    return count


class TableReader:
    """Reads the rows of one table.

    Args:
        table: the mapping.
        header: the table's first row.
        file: the table's name, for the sentences about it.
        zone: the center's zone, for a mapping that names none.
        categories: every category code that the center knows.

    Raises:
        MappingProblem: a column that the mapping asks for is not there, or twice.
    """

    def __init__(
        self,
        table: SourceTable,
        header: Row,
        file: str,
        zone: ZoneInfo,
        categories: Collection[str],
    ) -> None:
        columns = _Columns(table.file, header, file)
        self.width = len(header)
        self.has_units = table.call_sign is not None
        self._categories = frozenset(categories)
        self._moments = Moments(table.formats, table.zone or zone)
        self._id = columns.id_cell(table)
        self._received = columns.when(table.received)
        category = table.fields.get("category")
        self._fixed_category = category.fixed if category else None
        self._coded = lru_cache(_REMEMBERED)(lambda word: self._category(category, word))
        self._known_words = category is not None and category.translates
        self._words: list[tuple[int, str, Cell, int, Translation | None]] = []
        self._counts: list[tuple[int, str, Cell]] = []
        for key, value in table.fields.items():
            cell = columns.cell(value)
            slot = PastIncident._fields.index(_SLOTS.get(key, key))
            if key in NUMBERS:
                self._counts.append((slot, key, cell))
            else:
                limit = MAX_TEXT if key == "text" else _LIMITS.get(key, MAX_LINE)
                ours = None if key == "category" else _translation(value)
                self._words.append((slot, key, cell, limit, ours))
        self._call_sign = columns.cell(table.call_sign) if table.call_sign else None
        self._kind = columns.cell(table.unit_kind) if table.unit_kind else None
        self._kinds = _translation(table.unit_kind, "") if table.unit_kind else None
        self._times = [
            (key, columns.when(table.times[key], self._received) if key in table.times else None)
            for key in TIMES
        ]
        self._location = columns.location(table.location) if table.location else None
        self.labels: Mapping[str, str] = {
            key: columns.label(value) for key, value in table.fields.items()
        }
        columns.done()

    def source_id(self, row: Row) -> str:
        """Which incident the row belongs to.

        Raises:
            RowRefused: the row does not say.
        """
        found = _line(self._id(row), _MAX_ID * 10)
        if not found:
            raise RowRefused(msg("row.no_id"))
        if len(found) > _MAX_ID:
            return f"{found[:100]}#{hashlib.sha256(found.encode()).hexdigest()}"
        return found

    def received(self, row: Row) -> Instant | None:
        """When the incident was received, in ms UTC; None when the row does not say.

        Raises:
            RowRefused: there is something that is no time.
        """
        return self._time("received", self._received(row))

    def assignment(
        self, row: Row, received: Instant | None
    ) -> tuple[PastAssignment | None, tuple[Message, ...]]:
        """The unit of the row and its times, None when it names no unit; and what was left out.

        A time that cannot be read, or that lies before an earlier step, is left out: it costs
        itself, never the incident.
        """
        if self._call_sign is None:
            return None, ()
        call_sign = _line(self._call_sign(row), _MAX_CALL_SIGN)
        if not call_sign:
            return None, ()
        latest = None if self._received.lacks_part(row) else received
        times: list[Instant | None] = []
        doubts: list[Message] = []
        for key, cell in self._times:
            at, doubt = self._step(key, cell, row) if cell is not None else (None, None)
            if at is not None:
                if latest is not None and at < latest and cell is not None and cell.shares_day:
                    at = self._over_midnight(at, latest)
                latest = at if latest is None else max(at, latest)
            elif doubt is not None:
                doubts.append(doubt)
            times.append(at)
        known = [at for at in (received, *times) if at is not None]
        if any(a > b for a, b in pairwise(known)):
            kept = _in_order(times, received)
            for position, (key, cell) in enumerate(self._times):
                if times[position] is not None and position not in kept and cell is not None:
                    doubts.append(msg("row.early", key=key, value=_shown(cell(row).strip())))
                    times[position] = None
        # A receipt without its clock is a day: no interval begins with it.
        own = None if self._received.lacks_part(row) else received
        return PastAssignment(call_sign, own, *times), tuple(doubts)

    def _step(self, key: str, cell: When, row: Row) -> tuple[Instant | None, Message | None]:
        """A time of the unit, or why there is none."""
        if cell.lacks_part(row):
            return None, None
        try:
            return self._time(key, cell(row)), None
        except RowRefused as refused:
            return None, refused.reason

    def _over_midnight(self, at: Instant, latest: Instant) -> Instant:
        """A clock whose day is that of the receipt: of the next day where only that can be."""
        later = self._moments.day_later(at)
        return later if 0 <= later - latest <= _OVER_MIDNIGHT else at

    def unit(self, row: Row) -> tuple[str, str] | None:
        """Call sign and kind of the row's unit; the kind is "" when the row does not say."""
        if self._call_sign is None:
            return None
        call_sign = _line(self._call_sign(row), _MAX_CALL_SIGN)
        kind = self._kinds(self._kind(row)) if self._kind is not None and self._kinds else ""
        return (call_sign, kind) if call_sign else None

    def incident(self, row: Row) -> tuple[PastIncident, Remarks]:
        """What the row says of its incident.

        Raises:
            RowRefused: a number cannot be read.
        """
        cut: list[str] = []
        values: list[str | int | float | None] = list(_NOTHING_SAID)
        for slot, key, cell, limit, ours in self._words:
            text = cell(row)
            if text.isascii() and text.isprintable() and len(text) <= limit:
                text = text.strip()
            else:
                text = _kept(key, text, limit, cut)
            values[slot] = ours(text) if ours is not None else text
        for slot, key, cell in self._counts:
            text = cell(row)
            # Almost all of them are a digit or two.
            short = len(text) < 16 and text.isascii() and text.isdigit()
            values[slot] = int(text) if short else _count(key, text)
            if key == "alarm_level" and int(str(values[slot])) > MAX_ALARM:
                raise RowRefused(msg("row.range", key=key, value=_shown(text)))
        word, category = self._coded(str(values[_WORD]))
        lat, lon, unplaced = self._coordinates(row)
        values[_WORD : _WORD + 2] = word, category
        values[_LAT : _LAT + 2] = lat, lon
        past = PastIncident._make(values)
        if not past.text or past.priority is not None:
            past = past._replace(text=past.text or word, priority=_priority(past.priority))
        strange = word if self._known_words and category.startswith(f"{OTHER}.") else ""
        return past, Remarks(tuple(cut), unplaced, strange)

    def spoilt_id(self, source_id: str) -> bool:
        """Whether an id looks like a long number that a spreadsheet has rounded."""
        return _SPOILT_ID.fullmatch(source_id) is not None

    def is_row(self, row: Row) -> bool:
        """Whether cells of the right number can be a row: they say when it was received."""
        try:
            return self.received(row) is not None
        except RowRefused:
            return False

    def _time(self, key: str, text: str) -> Instant | None:
        text = text.strip()
        if text.casefold() in _BLANK:
            return None
        try:
            return self._moments.read(text)
        except YearOutOfRange as error:
            raise RowRefused(
                msg("row.year", key=key, value=_shown(text), first=FIRST_YEAR, last=LAST_YEAR)
            ) from error
        except ValueError as error:
            raise RowRefused(msg("row.time", key=key, value=_shown(text))) from error

    def _category(self, value: Value | None, word: str) -> tuple[str, str]:
        """The source's own word, and the code that it stands for."""
        if self._fixed_category is not None:
            return "", self._fixed_category
        code = value.translated(word) if value is not None else None
        if code is None and word in self._categories:
            code = word
        if code is None and value is not None:
            code = value.otherwise
        return word, code if code is not None else f"{OTHER}.{word}" if word else OTHER

    def _coordinates(self, row: Row) -> tuple[float | None, float | None, bool]:
        if self._location is None:
            return None, None, False
        words = self._location(row)
        if words is None:
            return None, None, True
        try:
            lat, lon = float(words[0]), float(words[1])
        except ValueError:
            lat = lon = nan
        if -90 <= lat <= 90 and -180 <= lon <= 180:
            return lat, lon, False
        return None, None, any(word.strip().casefold() not in _BLANK for word in words)


@dataclass(frozen=True, slots=True)
class When:
    """Where a time stands in a row: in one cell, or in several that are joined by a space."""

    places: tuple[int, ...]
    known: bool
    """False when the file lacks the very column that makes it another moment than the receipt."""
    shares_day: bool
    """Whether its day stands in a column of the receipt, and its clock in one of its own."""

    def __call__(self, row: Row) -> str:
        """What is written there; empty cells are left out."""
        if len(self.places) == 1:
            return row[self.places[0]]
        parts = (row[place].strip() for place in self.places)
        return " ".join(part for part in parts if part.casefold() not in _BLANK)

    def lacks_part(self, row: Row) -> bool:
        """Whether one of several cells is empty: a day without its clock is no moment."""
        if len(self.places) < 2:
            return not self.known
        return any(row[place].strip().casefold() in _BLANK for place in self.places)


class _Columns:
    """Finds columns by name and remembers every one that is not there."""

    def __init__(self, mapping: str, header: Row, file: str) -> None:
        self._mapping = mapping
        self._file = file
        self._names = [_line(name.lstrip("\ufeff"), MAX_LINE) for name in header]
        self._alike: dict[str, list[int]] = {}
        self._nth: dict[str, int] = {}
        seen: Counter[str] = Counter()
        for position, name in enumerate(self._names):
            seen[name] += 1
            self._nth[f"#{position + 1}"] = position
            self._nth[f"{name}#{seen[name]}"] = position
        for position, name in enumerate(self._names):
            self._alike.setdefault(column_key(name), []).append(position)
        self._faults: list[Fault] = []

    def done(self) -> None:
        if self._faults:
            raise MappingProblem(sorted(self._faults, key=lambda fault: fault.line))

    def id_cell(self, table: SourceTable) -> Cell:
        if not table.id.columns:
            return self._whole_row()
        found = self._positions("id", table.id.line, table.id.columns)
        if len(found) == 1:
            return itemgetter(found[0])

        def composite(row: Row) -> str:
            parts = [row[i].strip() for i in found]
            if not any(parts):
                return ""
            return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)

        return composite

    def cell(self, value: Value) -> Cell:
        if value.fixed is not None:
            fixed = value.fixed
            return lambda _row: fixed
        found = self._positions(value.key, value.line, value.columns)
        if not found:
            return lambda _row: ""
        if len(found) == 1:
            return itemgetter(found[0])
        return lambda row: " ".join(part for i in found if (part := row[i].strip()))

    def when(self, value: Value, receipt: When | None = None) -> When:
        """Where a time stands, the receipt or one that may share its day."""
        found = tuple(self._positions(value.key, value.line, value.columns))
        shared = set(found) & set(receipt.places) if receipt is not None else set()
        known = len(found) == len(value.columns) or len(shared) < len(found)
        return When(found, known, 0 < len(shared) < len(found))

    def label(self, value: Value) -> str:
        """How the file itself calls a field: its first column's name."""
        for ask in value.columns:
            position = self._find(ask)
            if isinstance(position, int):
                return self._names[position]
        return value.key

    def location(self, location: Location) -> Callable[[Row], tuple[str, str] | None]:
        if location.lat is not None and location.lon is not None:
            lat, lon = self.cell(location.lat), self.cell(location.lon)
            return lambda row: (lat(row), lon(row))
        assert location.column is not None
        found = self._positions("location", location.line, (location.column,))
        column = itemgetter(found[0]) if found else (lambda _row: "")
        patterns = location.patterns

        def coordinates(row: Row) -> tuple[str, str] | None:
            text = column(row)[:MAX_LINE].strip()
            if text.casefold() in _BLANK:
                return "", ""
            for pattern in patterns:
                if match := pattern.search(text):
                    return match["lat"] or "", match["lon"] or ""
            return None

        return coordinates

    def _positions(self, key: str, line: int, asks: Sequence[Ask]) -> list[int]:
        positions: list[int] = []
        for ask in asks:
            found = self._find(ask)
            if isinstance(found, int):
                positions.append(found)
            elif found is not None or not ask.optional:
                reason = found or unknown("column", ask.names[0], self._names)
                self._faults.append(
                    Fault(
                        self._mapping,
                        line,
                        msg("mapping.column", key=key, file=self._file, reason=reason),
                    )
                )
        return positions

    def _find(self, ask: Ask) -> int | Message | None:
        """The position of a column, what is wrong with it, or None when it is not there."""
        # A file may have the sign for "or" in a name of its own.
        for name in ("|".join(ask.names), *ask.names):
            exact = [i for i, other in enumerate(self._names) if other == name]
            found = exact or self._alike.get(column_key(name), [])
            if len(found) == 1:
                return found[0]
            if found:
                return msg("mapping.twice", word=name, n=len(found))
            if name in self._nth:
                return self._nth[name]
        return None

    def lacks(self, ask: Ask) -> bool:
        """Whether nothing is there for it."""
        return self._find(ask) is None

    def _whole_row(self) -> Cell:
        """An id from everything in the row: the order of the columns does not matter."""
        keys = [column_key(name) for name in self._names]
        order = sorted(range(len(keys)), key=lambda i: (keys[i], i))
        heads = hashlib.sha256("\x1f".join(sorted(keys)).encode("utf-8", "surrogatepass"))

        def digest(row: Row) -> str:
            cells = [row[i] for i in order]
            if not any(cells):
                return ""
            both = heads.copy()
            both.update("\x1f".join(cells).encode("utf-8", "surrogatepass"))
            return both.hexdigest()[:32]

        return digest


def _in_order(times: Sequence[Instant | None], received: Instant | None) -> Collection[int]:
    """The places of the most times that follow each other; of equally many, the earliest steps."""
    known = [
        (place, at)
        for place, at in enumerate(times)
        if at is not None and (received is None or at >= received)
    ]
    for size in range(len(known), 0, -1):
        for some in combinations(known, size):
            if all(a[1] <= b[1] for a, b in pairwise(some)):
                return {place for place, _ in some}
    return ()


def _translation(value: Value, unknown: str | None = None) -> Translation | None:
    """What makes our word of the source's; `unknown` for one that nobody knows, else itself."""
    if not value.translates:
        return None if unknown is None else lambda _word: unknown

    def ours(word: str) -> str:
        found = value.translated(word)
        if found is None:
            found = value.otherwise if value.otherwise is not None else unknown
        return word if found is None else found

    return lru_cache(_REMEMBERED)(ours)


def _line(text: str, limit: int) -> str:
    """A one-line text without anything hostile."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text.strip()
    return clean(text.strip(), limit).text.strip()


def _kept(key: str, text: str, limit: int, cut: list[str]) -> str:
    """A text made harmless; `cut` is told when it was too long."""
    found = clean(text.strip(), limit)
    if found.cut:
        cut.append(key)
    return found.text.strip()


def _priority(word: object) -> int | None:
    """A priority as a source or a map writes it, or None when it is none."""
    return int(word) if word in ("1", "2", "3", "4") else None


def _count(key: str, text: str) -> int:
    """A number of persons or of whole yuan; 0 where nothing is said."""
    text = text.strip()
    if text.casefold() in _BLANK:
        return 0
    bare = text.lstrip("¥￥$£€ ")
    try:
        if not bare.isascii() or _NUMBER.fullmatch(bare) is None:
            raise InvalidOperation
        value = Decimal(bare.replace(",", ""))
    except InvalidOperation as error:
        raise RowRefused(msg("row.number", key=key, value=_shown(text))) from error
    if not 0 <= value < 10**15:
        raise RowRefused(msg("row.range", key=key, value=_shown(text)))
    return round(value)


def _shown(text: str) -> str:
    return clean(text, _MAX_SHOWN).text
