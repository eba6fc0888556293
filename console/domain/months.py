"""Months and years of the calendar: what a law counts in, and no number of days.

A day that the month aimed at does not have becomes its last day (31 August and six
months: 28 or 29 February).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, tzinfo

from console.domain.clock import Instant, from_datetime, to_datetime


def months_later(day: date, months: int) -> date:
    """`day` moved by `months` (negative: back)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_later(day: date, years: int) -> date:
    """`day` moved by `years` (negative: back)."""
    return months_later(day, 12 * years)


def day_of(at: Instant, zone: tzinfo) -> date:
    """The day of the calendar in `zone` on which `at` (ms UTC) falls."""
    return to_datetime(at, zone).date()


def moment_months_later(at: Instant, months: int, zone: tzinfo) -> Instant:
    """`at` (ms UTC) moved by `months`, at the same time of day in `zone`; ms UTC."""
    moment = to_datetime(at, zone)
    day = months_later(moment.date(), months)
    return from_datetime(moment.replace(year=day.year, month=day.month, day=day.day))
