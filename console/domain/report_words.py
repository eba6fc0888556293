"""How a report writes numbers, moments and comparisons: the small words of its sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, tzinfo

from console.domain.clock import MINUTE, Instant, Span, to_datetime
from console.domain.day_words import month_name
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
_SHORT = {
    "traffic": msg("report.short_traffic"),
    "fraud": msg("report.short_fraud"),
    "fire": msg("report.short_fire"),
    "other": msg("report.short_other"),
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


def field_short(field: str) -> Message:
    """A field's name over a narrow column."""
    return _SHORT[field]


def before_name(kind: Kind) -> Message:
    """What the period before is called."""
    return _BEFORE[kind]


def number(value: int) -> str:
    """A count, or money in whole yuan."""
    return f"{value:,}"


def percent(value: float | None, digits: int = 1) -> str:
    """A share in percent, with so many decimals."""
    return NONE if value is None else f"{value:.{digits}f}%"


def share(part: int, whole: int) -> str:
    """What part of the whole something is, in percent."""
    return percent(percent_of(part, whole, 1))


SMALL = 30
"""From so many on a change or a share is said in percent; below, in counts. One more on a
base of one would be a rise of a hundred percent.
"""


def rated(whole: int) -> bool:
    """Whether a share of a whole is said in percent."""
    return whole >= SMALL


def changed(count: int, base: int, known: bool = True) -> Message:
    """How a count stands against its base: so many more, a rise in percent, or unchanged.

    Args:
        count: of the period.
        base: what it is compared with.
        known: whether the records reach back to the beginning of the base; if not, there is
            nothing to compare.
    """
    if not known:
        return msg("report.incomparable")
    if count == base:
        return msg("report.same")
    if base < SMALL:
        name = "report.more" if count > base else "report.fewer"
        return msg(name, by=abs(count - base))
    size = f"{abs(change_percent(count, base) or 0.0):.1f}"
    if size == "0.0":
        return msg("report.same")
    return msg("report.rise", percent=size) if count > base else msg("report.fall", percent=size)


def differing(value: int, base: int, known: bool = True) -> Arg:
    """How persons or money differ from their base, with a sign: never in percent."""
    if not known:
        return msg("report.incomparable")
    return msg("report.same") if value == base else f"{value - base:+,}"


def based(base: int, known: bool = True) -> str:
    """A base; nothing stands for one that begins before the records do."""
    return number(base) if known else NONE


def compared(
    count: int, last_year: int, before: int, kind: Kind, known: tuple[bool, bool] = (True, True)
) -> Message:
    """How a count stands against last year and the period before, with both bases.

    Args:
        count: of the period.
        last_year: how many there were in the same days of last year.
        before: how many in the period before.
        kind: of the period.
        known: whether the records reach back to the beginning of each base.
    """
    name = before_name(kind)
    return msg(
        "report.compared",
        yoy=msg("report.yoy", moved=changed(count, last_year), base=last_year)
        if known[0]
        else msg("report.yoy_none"),
        pop=msg("report.pop", moved=changed(count, before), base=before, before=name)
        if known[1]
        else msg("report.pop_none", before=name),
    )


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


def day_name(day: date) -> Message:
    """A day with its year, for a sentence."""
    return msg("report.date", year=str(day.year), month=month_name(day.month), day=day.day)


def day_label(day: date) -> Message:
    """A day under a chart, short."""
    return msg("report.chart_day", month=month_name(day.month), day=day.day)


def month_label(month: int) -> Message:
    """A month under a chart, short."""
    return msg("report.chart_month", month=month_name(month))


def hour_label(hour: int) -> Message:
    """An hour of the day under a chart, short."""
    return msg("report.chart_hour", hour=f"{hour:02d}")


def moment(at: Instant, zone: tzinfo, year: int | None = None) -> Message:
    """A moment on the center's clock.

    Args:
        at: the moment (ms UTC).
        zone: the center's.
        year: the year that is understood; the moment's own is said when it is another one.
    """
    there = to_datetime(at, zone)
    day = there.date()
    return _moment(day, f"{there:%H:%M}", year in (None, day.year))


def edge(at: Edge, year: int | None = None) -> Message:
    """An edge of a period with its year, unless that is `year`; the midnight that ends a day
    is 24:00.
    """
    minutes = at.ms // MINUTE
    return _moment(at.day, f"{minutes // 60:02d}:{minutes % 60:02d}", year == at.day.year)


def _moment(day: date, clock_: str, understood: bool) -> Message:
    said: dict[str, Arg] = {"month": month_name(day.month), "day": day.day, "clock": clock_}
    if understood:
        return msg("report.moment", **said)
    return msg("report.moment_year", year=str(day.year), **said)


def nearby(at: Instant, zone: tzinfo, near: Instant, *, exact: bool = False) -> Arg:
    """A moment beside another one: only the time of day when it is the same day.

    Args:
        at: the moment (ms UTC).
        zone: the center's.
        near: the other one.
        exact: with its seconds.
    """
    there, other = to_datetime(at, zone), to_datetime(near, zone)
    said = f"{there:%H:%M:%S}" if exact else f"{there:%H:%M}"
    if there.date() == other.date():
        return said
    return _moment(there.date(), said, there.year == other.year)


_BEIJING = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"})


def zone_name(zone: tzinfo) -> Message:
    """What the center's time is called."""
    if str(zone) in _BEIJING:
        return msg("report.beijing_time")
    return msg("report.local_time", zone=str(zone))


def lasting(value: int) -> Message:
    """A length of time in whole seconds, in words."""
    minutes, rest = divmod(value, 60)
    if not minutes:
        return msg("report.seconds", seconds=rest)
    if not rest:
        return msg("report.minutes", minutes=minutes)
    return msg("report.minutes_seconds", minutes=minutes, seconds=rest)


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
