"""A month of a district's past, the same every time: what the five-colour map is drawn of."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa

from console.desk.imports import Mode, import_table
from console.desk.session import Session
from console.domain.clock import to_datetime
from console.store.tables import incident
from tests.screens.stage import NOON, made_once, make_session, session_on

Row = Sequence[object]
"""Moment, kind, town, deaths, injured, yuan lost."""

MAPPING = """
[source]
name = "ledger"
timezone = "Asia/Shanghai"
datetime = "%Y-%m-%d %H:%M"
[incident]
id = "number"
received = "received"
place = "place"
town = "town"
text = "kind"
deaths = "deaths"
injured = "injured"
amount_lost = "lost"
[incident.category]
column = "kind"
[incident.category.map]
"fire" = "fire.structure"
"traffic" = "traffic.injury"
"fraud" = "fraud.case"
"other" = "request.help"
"""

BUSY = {"新塘街道": 6, "北干街道": 5, "城厢街道": 4, "瓜沥镇": 4, "宁围街道": 3, "临浦镇": 2}
"""Towns that have more than the others."""


def bring_in(session: Session, folder: Path, rows: Iterable[Row]) -> None:
    """Import past incidents into the session's store."""
    made = [
        (n, f"{at:%Y-%m-%d %H:%M}", kind, town, "", deaths, injured, lost)
        for n, (at, kind, town, deaths, injured, lost) in enumerate(rows)
    ]
    with (folder / "past.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("number", "received", "kind", "town", "place", "deaths", "injured", "lost"))
        table.writerows(made)
    (folder / "past.toml").write_text(MAPPING, "utf-8")
    desk = session.desk
    done = import_table(
        desk.store,
        desk.rules,
        desk.clock,
        folder / "past.csv",
        folder / "past.toml",
        Mode.HISTORY,
        say=str,
    )
    assert (done.refused, done.new) == (0, len(made))


def past(session: Session, days: int = 30) -> list[Row]:
    """Incidents of the days before the stage's noon, at random from one seed."""
    dice = Random(4)
    today = to_datetime(NOON, session.desk.store.zone)
    towns = [t.name for t in session.desk.rules.gazetteer.towns.values() if t.kind != "special"]
    weights = [BUSY.get(name, 1) for name in towns]
    rows: list[Row] = []
    for day in range(days, -1, -1):
        for kind, n in (("traffic", 10), ("fraud", 6), ("fire", 5), ("other", 12)):
            for town in dice.choices(towns, weights, k=n):
                at = today.replace(hour=dice.randrange(12), minute=dice.randrange(60))
                at -= timedelta(days=day)
                injured = int(kind == "traffic" and dice.random() < 0.4)
                lost = dice.randrange(1, 90) * 1_000 if kind == "fraud" else 0
                rows.append((at, kind, town, 0, injured, lost))
    # This week something is different: fires in Xintang, a fatal accident in Heshang.
    for day in range(5):
        for _ in range(8):
            rows.append((today - timedelta(days=day, hours=2), "fire", "新塘街道", 0, 1, 0))
    rows.append((today - timedelta(days=1), "traffic", "河上镇", 2, 3, 0))
    rows.append((today - timedelta(days=1), "fraud", "", 0, 0, 30_000))
    rows.append((today - timedelta(days=2), "traffic", "红山农场", 0, 1, 0))
    return rows


def make_map_session(folder: Path) -> Session:
    """The stage with a past, and with alarm levels on some fires."""

    def make(_file: Path) -> None:
        session = make_session(folder)
        bring_in(session, folder, past(session))
        raise_alarms(session, {"330109004": (2, 2, 3), "330109002": (1,)})
        session.stop()

    file = folder / "stage.sqlite"
    made_once(file, "map", make)
    return session_on(file)


def raise_alarms(session: Session, levels: dict[str, Sequence[int]]) -> None:
    """Give the newest closed fires of a town these alarm levels."""
    with session.desk.store.write() as tx:
        for town, wanted in levels.items():
            ids = tx.conn.execute(
                sa.select(incident.c.id)
                .where(incident.c.town == town, incident.c.field == "fire", incident.c.is_open == 0)
                .order_by(incident.c.id.desc())
                .limit(len(wanted))
            ).scalars()
            for id_, level in zip(list(ids), wanted, strict=True):
                tx.conn.execute(
                    sa.update(incident).where(incident.c.id == id_).values(alarm_level=level)
                )


def on(day: date, hour: int = 9) -> datetime:
    """A moment of a day."""
    return datetime(day.year, day.month, day.day, hour)
