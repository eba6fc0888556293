"""A store with two years behind it, small enough to be counted by hand in a test."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from console.domain.clock import DAY, HOUR, MINUTE, SECOND, Instant
from console.domain.rows import PastAssignment, PastIncident
from console.store import history, rollups
from console.store.engine import Store
from tests.screens.stage import NOON, rules

KINDS = (
    ("traffic.injury", "traffic", "伤人"),
    ("traffic.property", "traffic", "财损"),
    ("fraud.warning.shopping", "fraud", ""),
    ("fraud.warning.rebate", "fraud", ""),
    ("fire.structure", "fire", ""),
    ("fire.outdoor", "fire", ""),
    ("order.noise", "other", ""),
)
TOWNS = ("330109004", "330109002", "330109001", "330109113", "")
CAUSES = ("电气故障（短路）", "用火不慎", "吸烟", "")
RESULTS = ("saved", "saved", "saved", "lost", "no_fraud")


def past_of(seed: int, count: int, until: Instant, days: int) -> list[history.PastCase]:
    """So many past incidents of the `days` days before `until`, drawn by a seed."""
    dice = Random(seed)
    made = []
    for n in range(count):
        category, field, severity = dice.choice(KINDS)
        received = until - dice.randrange(days * DAY)
        sent = received + dice.randrange(20, 150) * SECOND
        there = sent + dice.randrange(3, 25) * MINUTE
        fraud, fire = field == "fraud", field == "fire"
        result = dice.choice(RESULTS) if fraud else "out" if fire else ""
        amount = 10_000 * dice.randint(1, 9) if fraud else 0
        one = PastIncident(
            word=category,
            category=category,
            priority=None,
            place=f"育才路{n}号",
            town=dice.choice(TOWNS),
            lat=None,
            lon=None,
            text=f"往事{n}",
            caller="",
            phone="",
            severity=severity,
            fraud_class=dice.choice(("冒充电商物流客服", "刷单返利")) if fraud else "",
            casualties=1 if severity == "伤人" else 0,
            deaths=0,
            injured=1 if severity == "伤人" else 0,
            amount_lost=amount if result == "lost" else 0,
            amount_saved=amount if result == "saved" else 0,
            alarm_level=dice.choice((1, 1, 2, 3)) if fire else 0,
            result=result,
            cause=dice.choice(CAUSES) if fire else "",
            contacted=received + dice.randrange(30, 900) * SECOND if fraud else None,
        )
        unit = PastAssignment("P01", received, sent, sent + 40 * SECOND, there, None, there + HOUR)
        made.append(
            history.PastCase(
                f"f{seed}-{n}", received, one, one.digest(), field, one.town, 3, (), (unit,)
            )
        )
    return sorted(made, key=lambda case: case.received)


def furnish(store: Store, count: int = 600, seed: int = 1, days: int = 730) -> None:
    """Put two years, or so many days, before noon into the store; count the days that are over."""
    assert rules().categories.get("order.noise").field == "other"
    origin = history.Origin("history", "history", "system", NOON)
    with store.write() as tx:
        history.add(tx, origin, past_of(seed, count, NOON - 5 * MINUTE, days))
    today = datetime.fromtimestamp(NOON / 1_000, UTC)
    rollups.refresh(store, before=today.year * 10_000 + today.month * 100 + today.day)
