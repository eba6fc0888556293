"""The past of a source: rows gathered into incidents, and written a chunk at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from console.desk.halves import by_halves
from console.desk.import_counts import Counts
from console.desk.records import Line
from console.desk.ruleset import Ruleset
from console.domain.addresses import parse
from console.domain.clock import Clock, Instant
from console.domain.duplicates import keys
from console.domain.message import Message, msg
from console.domain.rows import PastAssignment, PastIncident, TableReader
from console.store import history, journal
from console.store.engine import Store
from console.store.history import Amendment, Known, Origin, PastCase

CHUNK_INCIDENTS, CHUNK_ROWS = 1_000, 5_000
"""What is written at once while nobody else writes: a tenth of a second."""

SMALL_INCIDENTS, SMALL_ROWS = 100, 500
"""The same while others do: officers wait for each of them."""

ALONE = 60.0
"""Seconds after somebody else's last entry in which the chunks stay small."""

_KEPT_KEYS = ("a:", "p:")
"""Traces of the past: address and phone. Nothing new is compared with it by cell or road."""


@dataclass(slots=True)
class _Draft:
    """An incident while its rows come in."""

    source_id: str
    line: Line
    """Its first row."""
    past: PastIncident
    received: Instant | None
    assignments: list[PastAssignment] = field(default_factory=list)
    repeats: int = 0
    """Rows that said nothing that an earlier one had not said."""
    first_is_bare: bool = False
    """Whether the row that made it names no unit."""
    waiting: list[Line] = field(default_factory=list)
    """Its rows, as long as none of them has said when it was received."""


class HistoryImport:
    """Takes rows one after the other; `flush` writes what has been gathered.

    Args:
        store: where to.
        rules: categories and the gazetteer.
        clock: the time of the import, for the journal.
        reader: the table with its mapping.
        source: the source's name.
        file: the table's name.
        seat: who imports.
        counts: what is counted.
        refuse: told of every row that is refused, with the reason.
        cut: told of every row that was taken with cells that are too long, by their fields.
        left_out: told of every row that was taken without some of its times, with the reasons.
    """

    def __init__(
        self,
        store: Store,
        rules: Ruleset,
        clock: Clock,
        reader: TableReader,
        source: str,
        file: str,
        seat: str,
        counts: Counts,
        refuse: Callable[[Line, Message], None],
        cut: Callable[[Line, Sequence[str]], None],
        left_out: Callable[[Line, Sequence[Message]], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._reader = reader
        self._source = source
        self._file = file
        self._seat = seat
        self._counts = counts
        self._refuse = refuse
        self._cut = cut
        self._left_out = left_out
        self._drafts: dict[str, _Draft] = {}
        self._rows = 0
        self._chunks = 0
        self._end: int | None = None
        self._others_until = 0.0
        self._town = cache(lambda word: _town(rules, word))
        self._rank = cache(lambda code: _rank(rules, code))
        self._address = cache(lambda place: parse(place, rules.gazetteer))

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        if time.monotonic() < self._others_until:
            return len(self._drafts) >= SMALL_INCIDENTS or self._rows >= SMALL_ROWS
        return len(self._drafts) >= CHUNK_INCIDENTS or self._rows >= CHUNK_ROWS

    def take(self, line: Line) -> None:
        """Take one row.

        Raises:
            RowRefused: it cannot be taken; nothing of it was.
        """
        reader, cells = self._reader, line.cells
        source_id = reader.source_id(cells)
        received = reader.received(cells)
        assignment, doubts = reader.assignment(cells, received)
        draft = self._drafts.get(source_id)
        if draft is None:
            past, remarks = reader.incident(cells)
            draft = _Draft(source_id, line, past, received, first_is_bare=assignment is None)
            self._drafts[source_id] = draft
            self._counts.remark(remarks)
            if remarks.cut:
                self._cut(line, remarks.cut)
            if not self._counts.spoilt_id and reader.spoilt_id(source_id):
                self._counts.spoilt_id = source_id
            if assignment is not None:
                draft.assignments.append(assignment)
        else:
            self._further(draft, line, received, assignment)
        if doubts:
            self._left_out(line, doubts)
        self._rows += 1
        if draft.received is None:
            draft.received = received
        if draft.received is None:
            draft.waiting.append(line)
        elif draft.waiting:
            draft.waiting.clear()

    def _further(
        self,
        draft: _Draft,
        line: Line,
        received: Instant | None,
        assignment: PastAssignment | None,
    ) -> None:
        """A further row of an incident."""
        differs = None not in (received, draft.received) and received != draft.received
        if assignment is not None and assignment not in draft.assignments:
            draft.assignments.append(assignment)
        else:
            draft.repeats += 1
            if assignment is None:
                past, _remarks = self._reader.incident(line.cells)
                differs = differs or past != draft.past
        self._counts.differing += differs

    def flush(self) -> None:
        """Write what has been gathered, in one transaction.

        An incident that the store does not take is refused, the others are written.

        Raises:
            StoreProblem: nothing of it was written.
        """
        drafts, self._drafts, self._rows = list(self._drafts.values()), {}, 0
        if drafts:
            by_halves(drafts, self._write, lambda draft, why: self._refuse(draft.line, why))

    def _write(self, drafts: Sequence[_Draft]) -> None:
        chunk = _Chunk()
        with self._store.write(patient=True) as tx:
            if journal.head(tx)[0] != self._end and self._end is not None:
                self._others_until = time.monotonic() + ALONE
            origin = Origin(self._source, self._file, self._seat, self._clock.now())
            there = history.known(tx, self._source, [draft.source_id for draft in drafts])
            for draft in drafts:
                known = there.get(draft.source_id)
                if known is not None:
                    self._again(draft, known, chunk)
                elif draft.received is None:
                    chunk.refused.extend(draft.waiting)
                else:
                    chunk.new.append(self._case(draft, draft.received))
                    chunk.duplicate += draft.repeats
            ids = history.add(tx, origin, chunk.new)
            history.amend(tx, origin, chunk.amended)
            self._chunks += 1
            if ids and self._chunks.bit_count() == 1:
                history.refresh_statistics(tx)
            self._end = journal.head(tx)[0]
        counts = self._counts
        counts.new += len(ids)
        counts.incidents.update(ids)
        counts.updated += len({one.known.id for one in chunk.amended} - counts.incidents)
        counts.incidents.update(chunk.met)
        counts.duplicate += chunk.duplicate
        counts.in_hand += chunk.in_hand
        for line in chunk.refused:
            self._refuse(line, msg("row.no_received"))

    def _case(self, draft: _Draft, received: Instant) -> PastCase:
        past = self._localised(draft.past)
        field_, priority = self._rank(past.category)
        found: tuple[str, ...] = ()
        if past.place or past.phone:
            found = keys(self._address(past.place), past.phone)
        return PastCase(
            source_id=draft.source_id,
            received=received,
            past=past,
            digest=draft.past.digest(),
            field=field_,
            town=past.town,
            priority=past.priority or priority,
            keys=tuple(key for key in found if key.startswith(_KEPT_KEYS)),
            assignments=tuple(draft.assignments),
        )

    def _again(self, draft: _Draft, known: Known, chunk: _Chunk) -> None:
        """An incident that the store has already: what of the draft is new?"""
        chunk.met.add(known.id)
        rows = len(draft.assignments) + draft.repeats + draft.first_is_bare
        if not known.past:
            chunk.in_hand += known.id not in self._counts.incidents
            chunk.duplicate += rows
            return
        left = list(known.assignments)
        unmatched: list[PastAssignment] = []
        for one in draft.assignments:
            same = next((pair for pair in left if pair[1] == one), None)
            if same is not None:
                left.remove(same)
            else:
                unmatched.append(one)
        new: list[PastAssignment] = []
        filled: list[tuple[int, PastAssignment]] = []
        nothing_new = 0
        for one in unmatched:
            pairs = ((pair, both) for pair in left if (both := pair[1].filled(one)) is not None)
            match = next(pairs, None)
            if match is None:
                new.append(one)
                continue
            pair, both = match
            left.remove(pair)
            if both == pair[1]:
                nothing_new += 1
            else:
                filled.append((pair[0], both))
        # Only the first row that a file has of an incident speaks for it.
        digest = draft.past.digest()
        changed = digest != known.digest and known.id not in self._counts.incidents
        chunk.duplicate += rows - len(new) - len(filled) - (changed and draft.first_is_bare)
        if new or filled or changed:
            past = self._localised(draft.past) if changed else None
            chunk.amended.append(
                Amendment(known, draft.source_id, tuple(new), tuple(filled), past, digest)
            )

    def _localised(self, past: PastIncident) -> PastIncident:
        town = self._town(past.town)
        return past if town == past.town else past._replace(town=town)


@dataclass(slots=True)
class _Chunk:
    """What one transaction writes, counted only when it is written."""

    new: list[PastCase] = field(default_factory=list)
    amended: list[Amendment] = field(default_factory=list)
    met: set[int] = field(default_factory=set)
    refused: list[Line] = field(default_factory=list)
    duplicate: int = 0
    in_hand: int = 0


def _town(rules: Ruleset, word: str) -> str:
    """The code of a town that is one of ours; else the source's own word."""
    town = rules.gazetteer.town_called(word) if word else None
    return town.code if town is not None else word


def _rank(rules: Ruleset, code: str) -> tuple[str, int]:
    """Field and priority of a category."""
    category = rules.categories.get(code)
    return category.field, int(category.priority)
