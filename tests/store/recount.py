"""Figures counted the plain way, straight from the incidents: what rollups must agree with."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from console.domain.figures import INTERVALS
from console.store.engine import Tx

_SUMS = ("casualties", "deaths", "injured", "amount_lost", "amount_saved", "amount_at_risk")
_DIMS = {
    "town": "town",
    "category": "category",
    "severity": "severity",
    "class": "fraud_class",
    "outcome": "outcome",
    "alarm": "alarm_level",
    "result": "result",
    "cause": "cause",
}

Cells = dict[tuple[str, str, str], list[int]]
Histograms = dict[tuple[str, str], Counter[int]]


def recount(tx: Tx, first: date, last: date) -> tuple[Cells, Histograms]:
    """Every cell and histogram of a window of days, each day found from the moment itself."""
    zone = tx.zone
    assert isinstance(zone, ZoneInfo)
    rows = tx.conn.execute(
        sa.text("SELECT * FROM incident WHERE district = :d"), {"d": tx.district}
    ).mappings()
    cells: Cells = {}
    here: dict[int, sa.RowMapping] = {}
    for row in rows:
        at = datetime.fromtimestamp(row["received"] / 1_000, zone)
        if not first <= at.date() <= last:
            continue
        here[row["id"]] = row
        if row["state"] == "merged":
            continue
        keys = [("all", ""), ("hour", str(24 * at.weekday() + at.hour))]
        keys += [(dim, str(row[column])) for dim, column in _DIMS.items()]
        if row["alarm_level"]:
            keys.append(("alarm_town", f"{row['alarm_level']}/{row['town']}"))
        in_all = list(keys)
        if row["result"]:
            in_all.append(("result_category", f"{row['result']}/{row['category']}"))
        for of, some in ((row["field"], keys), ("all", in_all)):
            for dim, key in some:
                cell = cells.setdefault((of, dim, key), [0] * 7)
                for n, value in enumerate((1, *(row[name] for name in _SUMS))):
                    cell[n] += value
    histograms: Histograms = {}
    for one in tx.conn.execute(
        sa.text("SELECT * FROM assignment WHERE district = :d"), {"d": tx.district}
    ).mappings():
        if (its := here.get(one["incident"])) is None:
            continue
        own = one["received"]
        received = its["received"] if own is None else own or None
        for interval in INTERVALS:
            if interval.end == "contacted":
                continue  # once an incident, below
            start = received if interval.start == "received" else one[interval.start]
            end = one[interval.end]
            if start is not None and end is not None and end >= start:
                for of in (its["field"], "all"):
                    found = histograms.setdefault((of, interval.name), Counter())
                    found[(end - start) // 1_000] += 1
    for one in here.values():
        if one["state"] == "merged" or one["contacted"] is None:
            continue
        if (length := one["contacted"] - one["received"]) >= 0:
            for of in (one["field"], "all"):
                found = histograms.setdefault((of, "received_to_contact"), Counter())
                found[length // 1_000] += 1
    return cells, histograms
