"""How a report writes numbers, moments and comparisons: the small words of its sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from console.domain.clock import MINUTE, Instant, Span, to_datetime
from console.domain.figures import change_percent, percent_of
from console.domain.message import Arg, Message, msg
from console.domain.periods import Edge, Kind
from console.domain.reported import Names

FIELDS = ("traffic", "fraud", "fire", "other")
"""The fields of a report, in the order in which they are told."""

NONE = "-"
"""What stands where there is no number: the base is zero, or nothing was measured."""

_FIELDS = {
    "all": msg("report.field_all"),
    "traffic": msg("report.field_traffic"),
    "fraud": msg("report.field_fraud"),
    "fire": msg("report.field_fire"),
    "other": msg("report.field_other"),
}
_BEFORE = {
    "shift": msg("report.before_shift"),
    "day": msg("report.before_day"),
    "week": msg("report.before_week"),
    "month": msg("report.before_month"),
}


def field_name(field: str) -> Message:
    """A field's name."""
    return _FIELDS[field]


def before_name(kind: Kind) -> Message:
    """What the period before is called."""
    return _BEFORE[kind]


def partly(what: Arg, whole: bool) -> Arg:
    """A base or its name; "~" stands before one that begins before the records do."""
    return what if whole else msg("report.partly", what=what)


def number(value: int) -> str:
    """A count, or money in whole yuan."""
    return f"{value:,}"


def percent(value: float | None, digits: int = 1) -> str:
    """A share in percent, with so many decimals."""
    return NONE if value is None else f"{value:.{digits}f}%"


def share(part: int, whole: int) -> str:
    """What part of the whole something is, in percent."""
    return percent(percent_of(part, whole, 1))


def change(count: int, base: int) -> str:
    """The change against a base in percent, with its sign; "-" when the base is zero."""
    found = change_percent(count, base)
    return NONE if found is None else f"{found or 0.0:+.2f}%"  # never -0.00


def compared(
    count: int, last_year: int, before: int, kind: Kind, whole: tuple[bool, bool] = (True, True)
) -> Message:
    """How a count stands against last year and the period before, with both bases.

    Args:
        count: of the period.
        last_year, before: the bases.
        kind: of the period.
        whole: whether the records reach back to the beginning of each base.
    """
    return msg(
        "report.compared",
        yoy=_moved(count, last_year),
        yoy_base=partly(last_year, whole[0]),
        pop=_moved(count, before),
        pop_base=partly(before, whole[1]),
        before=before_name(kind),
    )


def _moved(count: int, base: int) -> Message | str:
    found = change_percent(count, base)
    if found is None:
        return NONE
    if not found:
        return msg("report.same")
    size = f"{abs(found):.2f}"
    return msg("report.rise", percent=size) if found > 0 else msg("report.fall", percent=size)


def seconds(value: int | None) -> str:
    """A length of time: ``4:05``, ``1:02:03``."""
    if value is None:
        return NONE
    hours, rest = divmod(value, 3_600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def late_by(value: Span) -> Message:
    """How late something is: minutes, or hours and minutes."""
    minutes = value // MINUTE
    if minutes < 60:
        return msg("report.late_minutes", minutes=minutes)
    if minutes < 60 * 48:
        return msg("report.late_hours", hours=minutes // 60, minutes=minutes % 60)
    return msg("report.late_days", days=minutes // (60 * 24))


def moment(at: Instant, zone: tzinfo) -> str:
    """A moment on the center's clock."""
    return to_datetime(at, zone).strftime("%Y-%m-%d %H:%M")


def edge(at: Edge) -> str:
    """An edge of a period; the midnight that ends a day is 24:00."""
    minutes = at.ms // MINUTE
    return f"{at.day.isoformat()} {minutes // 60:02d}:{minutes % 60:02d}"


def clock(at: Instant, zone: tzinfo) -> str:
    """The time of day, to the second."""
    return to_datetime(at, zone).strftime("%H:%M:%S")


def town_name(names: Names, code: str) -> Arg:
    """A town's name; its code when it is not in the gazetteer."""
    if not code:
        return msg("report.no_town")
    return names.labels.get(code) or names.towns.get(code, code)


def category_name(names: Names, code: str) -> Arg:
    """A category's name."""
    return names.categories.get(code).label if code else msg("report.no_category")


def place_name(names: Names, town: str, place: str) -> Arg:
    """A place with its town in front, once."""
    name = names.towns.get(town, "")
    if not place:
        return town_name(names, town)
    return place if not name or name in place else f"{name}{place}"


def counted(pairs: Iterable[tuple[Arg, int]]) -> tuple[Message, ...]:
    """Names with their counts, for a sentence."""
    return tuple(msg("report.named", name=name, count=count) for name, count in pairs)
