"""Times as GeoReport writes them: a common subset of ISO 8601, always with a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[Tt ](?P<time>\d\d:\d\d)(?P<second>:\d\d)?(?P<part>\.\d{1,12})?"
    r"[ ]?(?P<zone>[Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = -62_135_596_800_000
_MOST = 253_402_300_799_999
"""The years 1 to 9999, in ms UTC."""


class MomentError(ValueError):
    """A text that is no moment; says why."""


def read(text: str) -> int:
    """A date and time, in ms UTC.

    Raises:
        MomentError: it is none, or nobody knows in which zone.
    """
    parts = _TIME.fullmatch(text)
    if parts is None:
        raise MomentError("no date and time")
    zone = parts["zone"]
    if zone is None:
        raise MomentError("no time zone")
    try:
        local = datetime.fromisoformat(f"{parts['date']}T{parts['time']}{parts['second'] or ''}")
    except ValueError:
        raise MomentError("no such date or time") from None
    ms = (local.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
    ms += int((parts["part"] or ".0")[1:4].ljust(3, "0"))
    return ms - _offset(zone) * 60_000


def write(ms: int, offset: int = 0) -> str:
    """A moment in the zone that is `offset` minutes ahead of UTC; beyond the calendar, its end."""
    moment = _EPOCH + timedelta(milliseconds=min(max(ms, _LEAST), _MOST))
    if offset and _LEAST < ms + offset * 60_000 < _MOST:
        moment = moment.astimezone(timezone(timedelta(minutes=offset)))
    text = moment.isoformat(timespec="milliseconds" if ms % 1_000 else "seconds")
    return text.replace("+00:00", "Z")


def _offset(zone: str) -> int:
    """Minutes ahead of UTC."""
    if zone in "Zz":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        raise MomentError("no such time zone")
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
