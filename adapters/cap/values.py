"""The texts of single CAP elements: read to values, written from values.

Everything here raises a `FlawError` with the reason alone; who reads knows the element.
Source: CAP 1.2, section 3.2 (notes of each element) and 3.3.2 (date and time).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from adapters.cap.model import Circle, Point, Reference

_TIME = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?P<fraction>\.\d{1,12})?"
    r"(?P<zone>[+-](?P<hours>\d\d):(?P<minutes>\d\d)|Z)?",
    re.ASCII,
)
_LONGEST_ZONE = 14 * 60
"""Minutes from UTC that XML Schema's dateTime knows."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_INTEGER = re.compile(r"\d{1,18}", re.ASCII)
_NAME = re.compile(r"[^\s,<&]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FlawError(ValueError):
    """A text that is no value; the reason is one of `adapters.cap.model.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def name(text: str) -> str:
    """An identifier or a sender: no spaces, no commas, no ``<`` and no ``&``."""
    if not _NAME.fullmatch(text):
        raise FlawError("characters")
    return text


def language(text: str) -> str:
    """A language tag of RFC 3066, as it is."""
    if not _LANGUAGE.fullmatch(text):
        raise FlawError("language")
    return text


def moment(text: str, *, old: bool = False) -> int:
    """A date and time, in ms UTC.

    `old` takes what CAP 1.1 let through (any dateTime of XML Schema with a zone): Z, and
    fractions, which are dropped.
    """
    parts = _TIME.fullmatch(text)
    if parts is None or (parts["fraction"] and not old):
        raise FlawError("time")
    if parts["zone"] is None or (parts["zone"] == "Z" and not old):
        raise FlawError("time.zone")
    offset = 0
    if parts["zone"] != "Z":
        hours, minutes = int(parts["hours"]), int(parts["minutes"])
        offset = hours * 60 + minutes
        if minutes > 59 or offset > _LONGEST_ZONE:
            raise FlawError("time.zone")
        offset = -offset if parts["zone"][0] == "-" else offset
    try:
        local = datetime.fromisoformat(parts["moment"]).replace(tzinfo=UTC)
    except ValueError:
        raise FlawError("time") from None
    return (local - _EPOCH) // timedelta(milliseconds=1) - offset * 60_000


def is_utc_as_plus(text: str) -> bool:
    """Whether UTC is written +00:00, where CAP wants -00:00 (3.3.2)."""
    return text.endswith("+00:00")


def write_moment(ms: int, offset: int) -> str:
    """A moment in the zone that is `offset` minutes ahead of UTC."""
    if ms % 1000:
        raise FlawError("time")
    try:
        local = _EPOCH + timedelta(milliseconds=ms, minutes=offset)
    except OverflowError:
        raise FlawError("time") from None
    hours, minutes = divmod(abs(offset), 60)
    sign = "+" if offset > 0 else "-"
    return f"{local.replace(tzinfo=None).isoformat()}{sign}{hours:02}:{minutes:02}"


def number(text: str) -> float:
    """A decimal number without an exponent."""
    if not _NUMBER.fullmatch(text):
        raise FlawError("number")
    return float(text)


def write_number(value: float) -> str:
    """The shortest decimal that is read back as the same number."""
    if not abs(value) < 1e12:
        raise FlawError("number")
    text = repr(float(value))
    if "e" in text:
        text = f"{value:.30f}".rstrip("0").rstrip(".")
    return text.removesuffix(".0")


def size(text: str) -> int:
    """A number of bytes."""
    if not _INTEGER.fullmatch(text):
        raise FlawError("number")
    return int(text)


def point(text: str) -> Point:
    """``latitude,longitude`` in degrees, WGS 84."""
    lat, comma, lon = text.partition(",")
    if not comma or not _NUMBER.fullmatch(lat) or not _NUMBER.fullmatch(lon):
        raise FlawError("pair")
    made = Point(float(lat), float(lon))
    if abs(made.lat) > 90 or abs(made.lon) > 180:
        raise FlawError("range")
    return made


def polygon(text: str) -> tuple[Point, ...]:
    """At least four points, the last of which is the first."""
    points = tuple(point(pair) for pair in text.split())
    if len(points) < 4:
        raise FlawError("polygon.points")
    if points[0] != points[-1]:
        raise FlawError("polygon.open")
    return points


def circle(text: str) -> Circle:
    """``latitude,longitude radius``, the radius in kilometres."""
    parts = text.split()
    if len(parts) != 2:
        raise FlawError("pair")
    centre, radius = point(parts[0]), number(parts[1])
    if radius < 0:
        raise FlawError("range")
    return Circle(centre, radius)


def write_point(one: Point) -> str:
    """As `point` reads it."""
    return f"{write_number(one.lat)},{write_number(one.lon)}"


def references(text: str, *, old: bool = False) -> tuple[Reference, ...]:
    """Triples ``sender,identifier,sent`` with white space between them."""
    found = []
    for triple in text.split():
        parts = triple.split(",")
        if len(parts) != 3:
            raise FlawError("reference")
        try:
            found.append(Reference(name(parts[0]), name(parts[1]), moment(parts[2], old=old)))
        except FlawError:
            raise FlawError("reference") from None
    return tuple(found)


def write_reference(one: Reference, offset: int) -> str:
    """As `references` reads it."""
    return f"{one.sender},{one.identifier},{write_moment(one.sent, offset)}"


def words(text: str) -> tuple[str, ...]:
    """A list with spaces between, in which ``"..."`` holds spaces (addresses, incidents)."""
    return tuple(quoted or bare for quoted, bare in _WORD.findall(text))


def write_words(many: tuple[str, ...]) -> str:
    """As `words` reads it."""
    return " ".join(f'"{one}"' if re.search(r"\s", one) else one for one in many)
