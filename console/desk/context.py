"""The command line's questions, answered from one transaction of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from console.desk.act.units import recommendations
from console.desk.grammar_context import Named, Recommended, UnitAt
from console.desk.verb import OFFICERS
from console.desk.work import Work
from console.domain.categories import Categories
from console.domain.filters import QueueFilter
from console.domain.incident import SERIALS, Incident
from console.domain.numbering import digits
from console.domain.playbook import Choice, Playbook, choices
from console.store import incidents, queue, seats, units
from console.store.engine import Tx
from console.store.tables import incident as table


class StoreContext:
    """`console.desk.grammar_context.Context` over a transaction."""

    def __init__(self, work: Work, selected: int | None, lang: str) -> None:
        self._work = work
        self.selected = selected
        self.lang = lang
        self._bearing: dict[int, list[Incident]] = {}

    @property
    def _tx(self) -> Tx:
        return self._work.tx

    @property
    def district(self) -> str:
        """The district's code."""
        return self._tx.district

    @property
    def own_seat(self) -> str:
        """The seat that the line is typed at."""
        return self._work.seat

    @property
    def categories(self) -> Categories:
        """The tree of categories."""
        return self._work.rules.categories

    def incident(self, day: int | None, serial: int) -> Incident | None:
        """The incident of a day; without a day the newest that has the serial."""
        id_ = incidents.find_number(self._tx, day, serial)
        return None if id_ is None else incidents.get(self._tx, id_)

    @property
    def today(self) -> int:
        """The day in the center's zone, YYYYMMDD."""
        return incidents.local_day(self._tx, self._work.at)

    def bearing(self, serial: int) -> Sequence[Incident]:
        """The open incidents of any day that have the serial, the newest first."""
        if serial not in self._bearing:
            found = incidents.many(self._tx, incidents.open_with(self._tx, serial))
            self._bearing[serial] = sorted(found, key=lambda one: -one.id)
        return self._bearing[serial]

    def place_ends(self, word: str) -> int:
        """Where the names of places end with which a word begins; 0 when it begins with none."""
        return self._work.rules.gazetteer.names_end(word)

    def by_id(self, id_: int) -> Incident | None:
        """The incident with this id."""
        return incidents.get(self._tx, id_)

    def open_numbers(self, prefix: str, limit: int) -> Sequence[Incident]:
        """Open incidents whose short number begins with `prefix`, the most urgent first."""
        if not prefix:
            chosen = queue.Selection(QueueFilter(), self._work.at)
            ids = [row.id for row in queue.page(self._tx, chosen, limit)]
            by_id = {one.id: one for one in incidents.many(self._tx, ids)}
            return [by_id[id_] for id_ in ids if id_ in by_id]
        if not prefix.isascii() or not prefix.isdigit() or len(prefix) > 7:
            return []
        newest = self._tx.conn.execute(
            sa.select(sa.func.max(table.c.id)).where(table.c.district == self._tx.district)
        ).scalar()
        if newest is None:
            return []
        # Serials of the newest day that begin with the digits: a few small ranges of ids.
        day, found = int(newest) // SERIALS, list[Incident]()
        for zeros in range(0, 7 - len(prefix) + 1):
            low = int(prefix) * 10**zeros
            rows = self._tx.conn.execute(
                sa.select(table.c.id)
                .where(
                    table.c.district == self._tx.district,
                    table.c.month == day // 100,
                    table.c.id >= day * SERIALS + low,
                    table.c.id < day * SERIALS + low + 10**zeros,
                    table.c.is_open == 1,
                )
                .order_by(table.c.id)
                .limit(limit - len(found))
            ).scalars()
            found += incidents.many(self._tx, [int(i) for i in rows])
            if len(found) >= limit:
                break
        return sorted(found, key=lambda one: one.id)

    def unit(self, call_sign: str) -> UnitAt | None:
        """The unit with this call sign, whatever the case of its letters."""
        return units.get(self._tx, call_sign)

    def units(self) -> Sequence[UnitAt]:
        """Every unit of the district."""
        return units.all_units(self._tx)

    def choices(self, incident_id: int) -> Sequence[Choice]:
        """The open steps of an incident and their outcomes."""
        playbook = self.playbook(incident_id)
        if playbook is None:
            return ()
        return choices(playbook, incidents.steps_of(self._tx, incident_id))

    def playbook(self, incident_id: int) -> Playbook | None:
        """The playbook of an incident."""
        found = incidents.get(self._tx, incident_id)
        return self._work.playbook(found) if found is not None else None

    def digits(self, incident_id: int) -> Mapping[str, Mapping[str, int]]:
        """The digits of the outcomes of an incident's steps."""
        playbook = self.playbook(incident_id)
        if playbook is None:
            return {}
        return digits(playbook, incidents.steps_of(self._tx, incident_id))

    def systems(self) -> Sequence[Named]:
        """Departments that an incident can be transferred to."""
        return [
            Named(one.id, (one.label.zh, one.label.en, *one.aliases))
            for one in self._work.rules.triage.departments.values()
        ]

    def seats(self) -> Sequence[Named]:
        """Seats at which an officer may work; whoever sits at two is no name for one."""
        found = [
            one for one in seats.all_seats(self._tx) if one.role in OFFICERS and not one.disabled
        ]
        sitting = Counter(one.officer for one in found)
        return [
            Named(
                one.name,
                (one.name, one.name, *((one.officer,) if sitting[one.officer] == 1 else ())),
            )
            for one in found
        ]

    def towns(self) -> Sequence[Named]:
        """The towns of the district."""
        return [
            Named(town.code, (town.name, town.latin, town.short))
            for town in self._work.rules.gazetteer.towns.values()
        ]

    def recommend(self, incident_id: int) -> Sequence[Recommended]:
        """The units that would be sent when none is named."""
        found = incidents.get(self._tx, incident_id)
        return recommendations(self._work, found) if found is not None else ()
