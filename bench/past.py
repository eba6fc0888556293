"""The bench's three years: closed incidents of every kind, with wide spreads of their times.

`python -m bench.past FILE INCIDENTS` fills a new store that ends at `END`, and counts the days
that are over, as the gateway of a center has done by then.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.fill import SEED
from console.desk.ruleset import load
from console.domain.clock import DAY, SECOND, Instant
from console.domain.rows import PastAssignment, PastIncident
from console.store import history, rollups
from console.store.engine import open_store

END: Instant = 1_767_182_400_000
"""2025-12-31 20:00 in Shanghai, ms UTC."""
TODAY = 20251231
DAYS = 3 * 365
_CHUNK = 10_000
_CAUSES = ("电气故障", "用火不慎", "吸烟", "自燃", "遗留火种", "")


def cases(count: int) -> Iterator[list[history.PastCase]]:
    """So many incidents over `DAYS` days, oldest first, in parts; the same every time."""
    dice = random.Random(SEED)
    rules = load()
    codes = [one.code for one in rules.categories]
    fields = {code: rules.categories.field(code) for code in codes}
    towns = list(rules.gazetteer.towns)
    classes = [code.rpartition(".")[2] for code in codes if code.startswith("fraud.warning.")]
    part: list[history.PastCase] = []
    for n in range(count):
        code = dice.choice(codes)
        field, town = fields[code], dice.choice(towns)
        received = END - DAYS * DAY + DAYS * DAY * n // count + dice.randrange(60) * SECOND
        sent = received + int(dice.lognormvariate(4.4, 0.6) * SECOND)
        out = sent + int(dice.lognormvariate(4.2, 0.5) * SECOND)
        there = out + int(dice.lognormvariate(6.0, 0.6) * SECOND)
        free = there + int(dice.lognormvariate(7.6, 0.6) * SECOND)
        fraud, fire = field == "fraud", field == "fire"
        amount = dice.randrange(1_000, 400_000) if fraud else 0
        lost = amount if dice.random() < 0.1 else 0
        one = PastIncident(
            code,
            code,
            None,
            f"市心路{dice.randrange(2_000)}号",
            town,
            None,
            None,
            "往事",
            "",
            "",
            dice.choice(("伤人", "财损", "死亡")) if field == "traffic" else "",
            dice.choice(classes) if fraud else "",
            0,
            1 if dice.random() < 0.001 else 0,
            0,
            lost,
            amount - lost,
            dice.randint(1, 3) if fire else 0,
            ("lost" if lost else "saved") if fraud else "out" if fire else "",
            dice.choice(_CAUSES) if fire else "",
            received + int(dice.lognormvariate(5, 1) * SECOND) if fraud else None,
        )
        unit = PastAssignment(f"E{n % 40}", received, sent, out, there, None, free)
        part.append(
            history.PastCase(f"b{n}", received, one, "", field, town, 3, (), (unit,)),
        )
        if len(part) == _CHUNK:
            yield part
            part = []
    if part:
        yield part


def fill_past(path: Path, count: int) -> None:
    """Fill a new store with `count` incidents; today is left to be counted when it is read."""
    store = open_store(str(path), zone="Asia/Shanghai")
    origin = history.Origin("bench", "bench", "system", END)
    try:
        for part in cases(count):
            with store.write() as tx:
                history.add(tx, origin, part)
        rollups.refresh(store, before=TODAY)
    finally:
        store.close()


if __name__ == "__main__":
    fill_past(Path(sys.argv[1]), int(sys.argv[2]))
