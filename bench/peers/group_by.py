"""The plain way to the figures of a window: one GROUP BY for each thing that is counted by.

What it says is what a panel shows, straight from the incidents and assignments, by the
standard library's driver.
"""

from __future__ import annotations

import sqlite3
from collections import Counter

BY = (
    "category",
    "fraud_class",
    "severity",
    "outcome",
    "result",
    "cause",
    "alarm_level",
    "town",
    "hour",
)
INTERVALS = (
    ("i.received", "a.dispatched"),
    ("a.dispatched", "a.enroute"),
    ("a.enroute", "a.on_scene"),
    ("a.dispatched", "a.on_scene"),
    ("i.received", "a.on_scene"),
    ("a.on_scene", "a.available"),
    ("i.received", "a.available"),
)
_SUMS = "count(*), sum(deaths), sum(injured), sum(amount_lost), sum(amount_saved)"


def panel(conn: sqlite3.Connection, first: int, last: int, field: str) -> dict[str, object]:
    """The counts, sums and percentiles of a window.

    Args:
        conn: a store's file.
        first: YYYYMMDD.
        last: YYYYMMDD, included.
        field: ``all`` or a field.
    """
    low, high = first * 10**7, (last + 1) * 10**7
    where = (
        "i.district = 'XS' AND i.month BETWEEN ? AND ? AND i.id >= ? AND i.id < ? "
        "AND i.state <> 'merged'"
    )
    given: list[object] = [first // 100, last // 100, low, high]
    if field != "all":
        where += " AND i.field = ?"
        given.append(field)
    found: dict[str, object] = {
        "sums": conn.execute(f"SELECT {_SUMS} FROM incident i WHERE {where}", given).fetchone(),
        "count": 0,
    }
    for column in BY:
        found[column] = dict(
            conn.execute(
                f"SELECT {column}, count(*) FROM incident i WHERE {where} GROUP BY 1", given
            ).fetchall()
        )
    for start, end in INTERVALS:
        rows = conn.execute(
            f"SELECT ({end} - {start}) / 1000, count(*) FROM assignment a JOIN incident i "
            "ON a.district = i.district AND a.month = i.month AND a.incident = i.id "
            f"WHERE {where} AND {end} >= {start} GROUP BY 1",
            given,
        ).fetchall()
        found[f"{start}-{end}"] = _ranks(Counter(dict(rows)))
    return found


def _ranks(histogram: Counter[int]) -> tuple[int, ...]:
    n = sum(histogram.values())
    ranks = []
    for q in (0.5, 0.9, 0.99):
        passed, index = 0, min(int(n * q), n - 1)
        for seconds in sorted(histogram):
            passed += histogram[seconds]
            if passed > index:
                ranks.append(seconds)
                break
    return tuple(ranks)
