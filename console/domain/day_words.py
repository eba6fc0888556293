"""Days, and moments of the wire, as people say them."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

from console.domain.clock import Instant, to_datetime
from console.domain.message import Label, Message, msg

_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)", re.ASCII
)
"""A moment as systems write it; without a zone nobody knows which one it is."""


def month_name(month: int) -> Label:
    """A month: its number, or the beginning of its English name."""
    return Label(str(month), _MONTHS[month - 1])


def day_said(day: date, year: int | None = None) -> Message:
    """A day.

    Args:
        day: the day.
        year: the year that is understood; another one is said.
    """
    if day.year == year:
        return msg("day.said", month=month_name(day.month), day=day.day)
    return msg("day.year", year=str(day.year), month=month_name(day.month), day=day.day)


def days_said(first: date, last: date, year: int | None = None) -> Message:
    """Days from the first to the last.

    Args:
        first: the first.
        last: the last, included.
        year: the year that is understood; another one is said.
    """
    if first == last:
        return day_said(first, year)
    until = last.year if first.year == last.year else year
    return msg("day.span", first=day_said(first, year), last=day_said(last, until))


def moment_said(written: str, zone: tzinfo) -> Message | None:
    """A moment as systems write it (``2022-03-28T19:40:47+08:00``) on the center's clock.

    Returns:
        None for what is no such moment.
    """
    if _WRITTEN.fullmatch(written) is None:
        return None
    try:
        there = datetime.fromisoformat(written).astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return msg("day.moment", month=month_name(there.month), day=there.day, clock=f"{there:%H:%M}")


def day_clock(at: Instant, zone: tzinfo) -> Message:
    """A moment to the second."""
    there = to_datetime(at, zone)
    clock = f"{there:%H:%M:%S}"
    return msg("day.moment", month=month_name(there.month), day=there.day, clock=clock)
