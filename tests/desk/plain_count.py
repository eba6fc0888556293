"""Figures of a real file counted the plain way, from its rows: what ours must agree with.

Nothing of the program is used here: the table is read with `csv`, the times with `datetime` and
`zoneinfo`, a change is worked out with `decimal`, and what a column means is written down anew.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

INTERVALS = {
    "received_to_dispatch": ("received", "dispatched", (30, 60, 120, 180)),
    "dispatch_to_enroute": ("dispatched", "enroute", (30, 60, 120, 180)),
    "enroute_to_on_scene": ("enroute", "on_scene", (300, 600, 900, 1800)),
    "dispatch_to_on_scene": ("dispatched", "on_scene", (300, 600, 900, 1800)),
    "received_to_on_scene": ("received", "on_scene", (300, 600, 900, 1800)),
    "on_scene_to_available": ("on_scene", "available", (1800, 3600, 7200, 14400)),
    "received_to_available": ("received", "available", (1800, 3600, 7200, 14400)),
    "received_to_contact": ("received", "contacted", (300, 600, 900, 1800)),
}
FIRE_COLUMNS = {
    "received": "Received DtTm",
    "dispatched": "Dispatch DtTm",
    "enroute": "Response DtTm",
    "on_scene": "On Scene DtTm",
    "available": "Available DtTm",
}
FIRE_KINDS = {"Structure Fire": "fire.structure", "Outside Fire": "fire.outdoor"}
SEVERITIES = {"1": "fatal", "2": "serious", "3": "slight"}
ACCIDENT_KINDS = {"1": "traffic.fatal", "2": "traffic.injury", "3": "traffic.injury"}


@dataclass
class Incident:
    """An incident of a file; `units` have the moments that their row names."""

    at: datetime
    """When it was received, on the clocks there."""
    field: str
    category: str
    severity: str = ""
    town: str = ""
    casualties: int = 0
    units: list[dict[str, datetime]] = filled(default_factory=list)


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a file by the names of its columns."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def fire_calls(file: Path) -> list[Incident]:
    """Calls for service of San Francisco: one row a unit."""
    zone = ZoneInfo("America/Los_Angeles")
    found: dict[str, Incident] = {}
    for row in rows_of(file):
        moments = {
            name: datetime.strptime(row[column], "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=zone)
            for name, column in FIRE_COLUMNS.items()
            if row[column]
        }
        one = found.setdefault(
            row["Incident Number"],
            Incident(
                there(moments["received"]),
                "fire",
                FIRE_KINDS[row["Call Type"]],
                town=row["Neighborhooods - Analysis Boundaries"],
            ),
        )
        one.units.append(moments)
    return list(found.values())


def accidents(file: Path) -> list[Incident]:
    """Accidents of York: one row an accident, no row twice."""
    zone = ZoneInfo("Europe/London")
    rows = {tuple(row.values()): row for row in rows_of(file)}
    return [
        Incident(
            there(datetime.strptime(row["Date"], "%d/%m/%Y %H:%M").replace(tzinfo=zone)),
            "traffic",
            ACCIDENT_KINDS[row["Accident_Severity"]],
            SEVERITIES[row["Accident_Severity"]],
            row["Local_Authority_(District)"],
            int(row["Number_of_Casualties"]),
        )
        for row in rows.values()
    ]


def there(moment: datetime) -> datetime:
    """What a clock there shows at this very moment (an hour that is skipped is not shown)."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


def within(incidents: Iterable[Incident], first: date, last: date) -> list[Incident]:
    """Those that were received on one of these days."""
    return [one for one in incidents if first <= one.at.date() <= last]


def year_before(day: date) -> date:
    """The same day a year earlier; 28 for 29 February."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year - 1, day.month, 28 if leap else day.day)


def days_before(first: date, last: date, come: date) -> tuple[date, date]:
    """As many days directly before; the months before, of days that are whole months.

    Args:
        first: the first day.
        last: the last day.
        come: the last one that has come. A month or a year is compared up to the same day.
    """
    end = first - timedelta(days=1)
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole and come < last and (first.month, last.month, last.year) == (1, 12, first.year):
        return year_before(first), year_before(come)
    if whole and come < last and (first.year, first.month) == (last.year, last.month):
        return end.replace(day=1), end.replace(day=min(end.day, come.day))
    if not whole or come < last:
        last = come
        return first - timedelta(days=(last - first).days + 1), end
    begin = first
    while first <= last:
        first = (first + timedelta(days=31)).replace(day=1)
        begin = (begin - timedelta(days=1)).replace(day=1)
    return begin, end


def change(count: int, base: int) -> float | None:
    """Change in percent to two decimals; None of nothing."""
    if not base:
        return None
    exact = Decimal(count - base) * 100 / Decimal(base)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def by(incidents: Iterable[Incident], what: str) -> dict[str, int]:
    """How many incidents by one of their sides."""
    return dict(Counter(_key(one, what) for one in incidents))


def _key(one: Incident, what: str) -> str:
    match what:
        case "year":
            return f"{one.at:%Y}"
        case "month":
            return f"{one.at:%Y-%m}"
        case "hour":
            return str(one.at.hour)
        case "weekday":
            return str(one.at.isoweekday())
        case "class":
            return ""
        case _:
            return str(getattr(one, what))


def heat(incidents: Iterable[Incident]) -> list[int]:
    """The hours of the week from Monday, 0 o'clock."""
    cells = Counter(24 * one.at.weekday() + one.at.hour for one in incidents)
    return [cells[hour] for hour in range(168)]


def intervals(incidents: Iterable[Incident]) -> dict[str, dict[str, object]]:
    """Every interval once a row that has both of its ends, in whole seconds."""
    lengths: dict[str, list[int]] = {name: [] for name in INTERVALS}
    for incident in incidents:
        for unit in incident.units:
            for name, (start, end, _edges) in INTERVALS.items():
                if start in unit and end in unit:
                    apart = unit[end].astimezone(UTC) - unit[start].astimezone(UTC)
                    lengths[name].append(int(apart.total_seconds()))
    return {name: _spread(lengths[name], INTERVALS[name][2]) for name in INTERVALS}


def _spread(lengths: Sequence[int], edges: Sequence[int]) -> dict[str, object]:
    ordered = sorted(length for length in lengths if length >= 0)
    n = len(ordered)
    ranks = [ordered[int(n * q)] if n else None for q in (0.5, 0.9, 0.99)]
    ends = [-1, *edges, 10**12]
    inside = [sum(low < length <= high for length in ordered) for low, high in pairwise(ends)]
    return {
        "n": n,
        **dict(zip(("p50_s", "p90_s", "p99_s"), ranks, strict=True)),
        "buckets": [
            {"above_s": above, "to_s": to, "n": many}
            for above, to, many in zip((0, *edges), (*edges, None), inside, strict=True)
        ],
    }


def sums(incidents: Iterable[Incident]) -> dict[str, int]:
    """Persons and money: neither file says more than how many casualties there were."""
    return {
        "casualties": sum(one.casualties for one in incidents),
        "deaths": 0,
        "injured": 0,
        "amount_lost": 0,
        "amount_saved": 0,
        "amount_at_risk": 0,
    }


def trend(incidents: Iterable[Incident], today: date) -> list[dict[str, int | None]]:
    """The months of this year beside those of the year before."""
    months = Counter((one.at.year, one.at.month) for one in incidents)
    return [
        {
            "month": month,
            "this_year": months[today.year, month] if month <= today.month else None,
            "last_year": months[today.year - 1, month],
        }
        for month in range(1, 13)
    ]
