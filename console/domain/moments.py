"""Reading a local time as a source writes it: a ``strptime`` format and a zone in, an instant out.

`datetime.strptime` builds its pattern anew on every call; a file of a million rows has
some five million times. The directives that real files use are compiled once here;
a format with any other directive is handed to the standard library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from console.domain.clock import Instant, from_datetime, to_datetime

FIRST_YEAR = 1900
LAST_YEAR = 2199
"""Years that an incident can have: anything else is a slip of the pen."""

_DIRECTIVES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
    "f": r"(?P<f>\d{1,6})\d{0,6}",
    "p": r"(?P<p>[AaPp](?=\.?[Mm])|[上下](?=午))(?:\.?[Mm]\.?|午)",
    "%": "%",
}
_EPOCH = datetime(1970, 1, 1)
_NOTHING = timedelta()
_ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
_REMEMBERED = 50_000
_LONGEST = 80
"""Characters of a time; anything longer is none."""

_MIDNIGHT = re.compile(r"(?<!\d)24(?=[:时点]0?0(?:[:分]0?0秒?)?(?:\.0+)?(?![\d:]))")
_LEAP_SECOND = re.compile(r"(?<=\d:)60(?![\d:])")
_EMPTY_CLOCK = re.compile(r"(?<=\d)[ T]00:00(?::00(?:\.0+)?)? +(?=\d{1,2}:)")
_EMPTY_DAY = re.compile(r" (?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[ T](?=\d\d:)")
_BY_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?", re.ASCII
)
_SERIAL = re.compile(r"\d{1,6}(?:\.\d{1,12})?", re.ASCII)
_SURE_SERIAL = re.compile(r"[2-7]\d{4}\.\d{1,12}|(?:3[7-9]|4\d|5[0-3])\d{3}", re.ASCII)
_EPOCHS = re.compile(r"-?\d{1,11}(?:\.\d{1,9})?|\d{12,17}", re.ASCII)
_SURE_EPOCH = re.compile(r"[1-3]\d{9}(?:\d{3}|\d{6})?", re.ASCII)
_STAMP = re.compile(r"(?:\d\d)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])")
_YEAR = frozenset("YyGcx")
_DAYS = tuple(map(frozenset, ("md", "bd", "Bd", "j", "c", "x")))
_WEEKS = tuple(frozenset(week + day) for week in "UWV" for day in "aAwu")

SPECIAL: Mapping[str, datetime | None] = {
    "excel": datetime(1899, 12, 30),
    "excel 1904": datetime(1904, 1, 1),
    "epoch": None,
}
"""Formats that are none of `strptime`: days since then, or seconds, ms or µs since 1970 (UTC)."""

Reader = Callable[[str], "tuple[datetime, bool] | None"]


class YearOutOfRange(ValueError):  # noqa: N818 - it is not a fault of the program
    """The time was understood, and its year cannot be meant."""


class Moments:
    """Turns written local times into instants.

    A time that a clock shows twice (the hour before the clocks go back) is taken as
    the first of the two; a time that a clock never shows (the hour skipped in
    spring) is read with the offset from before the change.

    Args:
        formats: ``strptime`` formats or words of `SPECIAL`, tried in order; the one that
            fitted last is tried first. A format without hours reads as midnight. What can be
            nothing else is understood without a format: ISO 8601, Excel's days with a fraction,
            an epoch.
        zone: the zone the source writes its times in; a format with ``%z`` brings
            its own offset.

    Raises:
        ValueError: a format that `datetime.strptime` does not know.
    """

    def __init__(self, formats: Sequence[str], zone: tzinfo) -> None:
        self._readers = [_reader(one) for one in formats]
        self._zone = zone
        self._known: dict[str, Instant] = {}

    def read(self, text: str) -> Instant:
        """`text` as milliseconds UTC.

        Raises:
            YearOutOfRange: its year is not between `FIRST_YEAR` and `LAST_YEAR`.
            ValueError: it fits no format, or no calendar has such a day.
        """
        known = self._known.get(text)
        if known is not None:
            return known
        found = self._read(text) if len(text) <= _LONGEST else None
        at = self._instant(*found) if found is not None else self._otherwise(text)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[text] = at
        return at

    def _read(self, text: str) -> tuple[datetime, bool] | None:
        for position, reader in enumerate(self._readers):
            found = reader(text)
            if found is not None:
                if position:
                    self._readers.insert(0, self._readers.pop(position))
                return found
        return None

    def _otherwise(self, text: str) -> Instant:
        """A time as people and spreadsheets write it beside every format."""
        if len(text) > _LONGEST:
            raise ValueError(text[:_LONGEST])
        tidy = " ".join(unicodedata.normalize("NFKC", text).split())
        tidy = _EMPTY_DAY.sub(" ", _EMPTY_CLOCK.sub(" ", tidy))
        later = timedelta()
        if _MIDNIGHT.search(tidy):
            tidy, later = _MIDNIGHT.sub("00", tidy), timedelta(days=1)
        elif _LEAP_SECOND.search(tidy):
            tidy, later = _LEAP_SECOND.sub("59", tidy), timedelta(seconds=1)
        found = self._read(tidy) or _unmistakable(tidy)
        if found is None:
            raise ValueError(text)
        return self._instant(found[0] + later, found[1])

    def day_later(self, at: Instant) -> Instant:
        """The same clock on the day after."""
        local = to_datetime(at, self._zone).replace(tzinfo=None) + timedelta(days=1)
        return self._instant(local, aware=False)

    def _instant(self, moment: datetime, aware: bool) -> Instant:
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise YearOutOfRange(str(moment.year))
        if aware:
            return from_datetime(moment)
        since = moment - _EPOCH - (self._zone.utcoffset(moment) or _NOTHING)
        return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000


def names_a_day(form: str) -> bool:
    """Whether a format says which day it is: with less a time would be of 1900."""
    names = frozenset(re.findall(r"%(.)", form))
    day = any(need <= names for need in (*_DAYS, *_WEEKS))
    return form in SPECIAL or (day and bool(names & _YEAR))


def _unmistakable(text: str) -> tuple[datetime, bool] | None:
    """What can be nothing else than a moment of one kind."""
    if _BY_ISO.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+"))
        except ValueError:
            return None
        return moment, moment.tzinfo is not None
    if _SURE_SERIAL.fullmatch(text):
        return _days_since(datetime(1899, 12, 30))(text)
    if _SURE_EPOCH.fullmatch(text) and not (len(text) == 10 and _STAMP.fullmatch(text)):
        return _by_epoch(text)
    return None


def _days_since(first: datetime) -> Reader:
    """Reads days and their fraction, as spreadsheets count them, to the millisecond."""

    def read(text: str) -> tuple[datetime, bool] | None:
        if _SERIAL.fullmatch(text) is None:
            return None
        return first + timedelta(milliseconds=round(float(text) * 86_400_000)), False

    return read


def _by_epoch(text: str) -> tuple[datetime, bool] | None:
    """Seconds, milliseconds or microseconds since 1970, whichever it must be by its length."""
    if _EPOCHS.fullmatch(text) is None:
        return None
    whole = len(text.partition(".")[0])
    scale = 1 if whole < 12 else 1_000 if whole < 15 else 1_000_000
    millis = round(float(text) * 1_000 / scale)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis), True


def _reader(form: str) -> Reader:
    """A function that reads one format: the moment and whether it has an offset, or None."""
    if form in SPECIAL:
        first = SPECIAL[form]
        return _by_epoch if first is None else _days_since(first)
    pattern = _pattern(form)
    if pattern is None:
        _probe(form)
        return _by_library(form)
    named = pattern.groupindex
    order = [named.get(name, 0) for name in "YmdHMS"]
    if all(order) and len(named) == len(order):
        plain = _plain(pattern, order)
        return _iso(form[8], plain) if form in _ISO else plain
    if named.keys() == {*"YmdIMSp"}:
        return _twelve_hours(pattern, [named[name] for name in "YmdIMSp"])
    return _any(pattern)


def _pattern(form: str) -> re.Pattern[str] | None:
    """The pattern of a format of known directives with a whole date, else None."""
    parts: list[str] = []
    seen: set[str] = set()
    end = 0
    for match in re.finditer(r"%(.?)", form):
        name = match[1]
        if name not in _DIRECTIVES or (name in seen and name != "%"):
            return None
        seen.add(name)
        parts += [_literal(form[end : match.start()]), _DIRECTIVES[name]]
        end = match.end()
    parts.append(_literal(form[end:]))
    if not {"m", "d"} <= seen or len({"Y", "y"} & seen) != 1 or ("I" in seen) != ("p" in seen):
        return None
    if len({"H", "I"} & seen) == 2:
        return None
    return re.compile("".join(parts), re.ASCII)


def _literal(text: str) -> str:
    return r"\s+".join(re.escape(part) for part in re.split(r"\s+", text))


def _probe(form: str) -> None:
    """Refuse a format that the library does not know either."""
    try:
        datetime.strptime(datetime(2001, 2, 3, 4, 5, 6).strftime(form), form)
    except ValueError as error:
        if "bad directive" in str(error) or "stray %" in str(error):
            raise
    except re.error as error:
        raise ValueError(str(error)) from error


def _by_library(form: str) -> Reader:
    def read(text: str) -> tuple[datetime, bool] | None:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            return None
        return moment, moment.tzinfo is not None

    return read


def _iso(between: str, otherwise: Reader) -> Reader:
    """The commonest format, by the library's own quick way where every field is whole."""
    whole, signs = datetime.fromisoformat, f"--{between}::"

    def read(text: str) -> tuple[datetime, bool] | None:
        # Of this length and with these signs it is no other form that ISO 8601 knows.
        if len(text) == 19 and text[4::3] == signs:
            try:
                return whole(text), False
            except ValueError:
                pass
        return otherwise(text)

    return read


def _plain(pattern: re.Pattern[str], order: Sequence[int]) -> Reader:
    match = pattern.fullmatch

    def read(text: str) -> tuple[datetime, bool] | None:
        found = match(text)
        if found is None:
            return None
        try:
            return datetime(*map(int, found.group(*order))), False  # type: ignore[arg-type]
        except ValueError:
            return None

    return read


def _twelve_hours(pattern: re.Pattern[str], order: Sequence[int]) -> Reader:
    match = pattern.fullmatch

    def read(text: str) -> tuple[datetime, bool] | None:
        found = match(text)
        if found is None:
            return None
        year, month, day, hour, minute, second, half = found.group(*order)
        at = _hour(int(hour), half)
        if at is None:
            return None
        try:
            moment = datetime(int(year), int(month), int(day), at, int(minute), int(second))
        except ValueError:
            return None
        return moment, False

    return read


def _any(pattern: re.Pattern[str]) -> Reader:
    def read(text: str) -> tuple[datetime, bool] | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        part = found.groupdict()
        year = int(part["Y"]) if "Y" in part else _century(int(part["y"]))
        hour: int | None = int(part.get("H", 0))
        if "I" in part:
            hour = _hour(int(part["I"]), part["p"])
        if hour is None:
            return None
        try:
            moment = datetime(
                year,
                int(part["m"]),
                int(part["d"]),
                hour,
                int(part.get("M", 0)),
                int(part.get("S", 0)),
                int(part.get("f", "0").ljust(6, "0")),
            )
        except ValueError:
            return None
        return moment, False

    return read


def _hour(hour: int, half: str) -> int | None:
    """An hour of the twelve-hour clock as one of twenty-four."""
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half in "Pp下" else 0)


def _century(year: int) -> int:
    """Two digits of a year as POSIX reads them: 69 to 99 are of the last century."""
    return year + (1900 if year >= 69 else 2000)
