"""What the watch screen reads from the store: windows of the queue, counts, units.

Imported after the first frame, for it brings the store with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.desk.desk import Desk
from console.desk.linked import standing
from console.domain.filters import QueueFilter
from console.store import incidents, journal, links, outbox, queue, units
from console.store.engine import Tx
from console.store.links import LinkNow
from console.store.queue import FieldCounts, QueueKey, QueueRow, Selection, key_of
from console.store.units import UnitNow

PAGE = 120
"""Rows that are read at once."""

MOST = 600
"""Rows that are held at most."""

FIELDS = ("traffic", "fraud", "fire")


@dataclass(frozen=True, slots=True)
class Want:
    """Which rows: see `widgets.queue_table.QueueTable.NeedRows`.

    `held` are the rows that are held now, from index `base` on.
    """

    filter: QueueFilter
    first: int = 0
    last: int = 0
    direction: int = 0
    anchor: int | None = None
    base: int = 0
    held: tuple[QueueRow, ...] = ()
    total: int | None = None
    """How many rows there were of the filter, as far as it was counted."""


@dataclass(frozen=True, slots=True)
class Window:
    """Rows of the queue without a gap, where they stand, and how many there are."""

    filter: QueueFilter
    base: int
    rows: tuple[QueueRow, ...]
    total: int
    seq: int
    """The journal's end at that moment."""
    counted: bool = True
    """Whether `total` was ever counted; else more rows may follow."""
    fresh: bool = True
    """Whether it is that of the same moment; else `count` says what it is."""


def window(desk: Desk, want: Want) -> Window:
    """Read what the table wants.

    Nobody waits for the rows of a filter to be counted: see `Window.fresh`.
    """
    with desk.store.read() as tx:
        chosen = Selection(want.filter, desk.clock.now())
        exact = queue.quick_total(tx, chosen)
        believed = exact if exact is not None else want.total
        rows, base = _rows(tx, chosen, want, believed)
        return _window(tx, want, rows, base, exact)


def count(desk: Desk, chosen: QueueFilter) -> int:
    """How many rows a filter holds; in a great store it may take seconds."""
    with desk.store.read() as tx:
        return queue.total(tx, Selection(chosen, desk.clock.now()))


def _window(tx: Tx, want: Want, rows: list[QueueRow], base: int, exact: int | None) -> Window:
    believed = exact if exact is not None else want.total
    total = believed
    if total is None:
        total = base + len(rows) + (PAGE if len(rows) >= PAGE else 0)
    base = max(0, min(base, total - len(rows)))
    return Window(
        want.filter,
        base,
        tuple(rows),
        max(total, len(rows)),
        journal.head(tx)[0],
        believed is not None,
        exact is not None,
    )


def _rows(tx: Tx, chosen: Selection, want: Want, total: int | None) -> tuple[list[QueueRow], int]:
    if want.direction and want.held:
        return _further(tx, chosen, want, total)
    if want.direction == 0 and want.anchor is not None:
        found = _row(tx, chosen, want.anchor)
        if found is not None:
            return _around(tx, chosen, found)
    if want.first <= 0:
        return queue.page(tx, chosen, PAGE), 0
    if total is None:
        total = queue.total(tx, chosen)
    if want.last >= total:
        rows = queue.page(tx, chosen, -PAGE)
        return rows, total - len(rows)
    key = queue.near(tx, chosen, (want.first + want.last) // 2, total)
    return _around(tx, chosen, key) if key is not None else (queue.page(tx, chosen, PAGE), 0)


def _further(
    tx: Tx, chosen: Selection, want: Want, total: int | None
) -> tuple[list[QueueRow], int]:
    """The stretch that is held and a page more, on the side that is wanted.

    Of the held rows only the places count, and all is read anew: a row that was held
    may have moved in between, and would stand there twice.
    """
    if want.direction > 0:
        held = want.held[-(MOST - PAGE) :]
        first, count = key_of(held[0]), len(held) + PAGE
        if want.base == 0 and len(held) == len(want.held):
            rows, base = queue.page(tx, chosen, count), 0
        else:
            rows = queue.page(tx, chosen, count, after=queue.just_before(chosen, first))
            base = queue.rank(tx, chosen, first)
        if len(rows) < count and total is not None:
            # The end, whatever was believed to be there.
            base = total - len(rows)
        return rows, base
    held = want.held[: MOST - PAGE]
    last, count = key_of(held[-1]), len(held) + PAGE
    rows = queue.page(tx, chosen, count, before=queue.just_behind(chosen, last))
    if len(rows) < count:
        # The top: as many rows as there are.
        return queue.page(tx, chosen, count), 0
    return rows, queue.rank(tx, chosen, key_of(rows[0]))


def _around(tx: Tx, chosen: Selection, key: QueueKey) -> tuple[list[QueueRow], int]:
    before = queue.page(tx, chosen, PAGE, before=key)
    rows = before + queue.page(tx, chosen, PAGE, after=queue.just_before(chosen, key))
    base = 0 if len(before) < PAGE else queue.rank(tx, chosen, key_of(rows[0]))
    return rows, base


def refreshed(desk: Desk, want: Want, selected: int | None) -> Window:
    """The held window once more, as it is now; the selected row stays in it if it can."""
    with desk.store.read() as tx:
        chosen = Selection(want.filter, desk.clock.now())
        exact = queue.quick_total(tx, chosen)
        total = exact if exact is not None else want.total
        count = max(PAGE, len(want.held))
        if want.base == 0 or not want.held:
            rows, base = queue.page(tx, chosen, count), 0
        else:
            first = key_of(want.held[0])
            rows = queue.page(tx, chosen, count, after=queue.just_before(chosen, first))
            base = queue.rank(tx, chosen, first)
            if len(rows) < count // 2:
                rows, base = queue.page(tx, chosen, -count), 0
                base = max(0, (queue.total(tx, chosen) if total is None else total) - len(rows))
        if selected is not None and all(row.id != selected for row in rows):
            moved = _row(tx, chosen, selected)
            if moved is not None:
                rows, base = _around(tx, chosen, moved)
        return _window(tx, want, rows, base, exact)


def anew(desk: Desk, ids: Sequence[int]) -> dict[int, QueueRow]:
    """These incidents as they are now, open or over."""
    with desk.store.read() as tx:
        return {row.id: row for row in queue.rows_of(tx, ids)}


def _row(tx: Tx, chosen: Selection, id_: int) -> QueueKey | None:
    """Where an incident stands now; None when the queue does not hold it."""
    return queue.find_key(tx, chosen, id_)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the status bar, the strip and the units board show."""

    states: dict[str, int]
    overdue: int
    outbox: Mapping[tuple[str, str], int]
    """Orders that are not settled: (system, state) -> number."""
    fields: tuple[FieldCounts, ...]
    units: tuple[UnitNow, ...]
    unreadable: int
    links: tuple[LinkNow, ...] = ()
    """How every link does that was ever used."""


def counts(desk: Desk) -> Counts:
    """Read every count that is on the screen."""
    with desk.store.read() as tx:
        now = desk.clock.now()
        return Counts(
            states=queue.state_counts(tx),
            overdue=queue.overdue_count(tx, now),
            outbox=outbox.counts(tx),
            fields=queue.field_counts(tx, FIELDS, now),
            units=tuple(units.all_units(tx)),
            unreadable=incidents.unreadable_waiting(tx),
            links=tuple(standing(one, now) for one in links.all_links(tx)),
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """What was changed in the store since a place in the journal."""

    end: int
    """The journal's end now."""
    touched: frozenset[int] | None = frozenset()
    """Ids of the incidents that changed; None when it may be any."""
    received: tuple[int, ...] = ()
    """Ids of those that came in."""


def changes(desk: Desk, seq: int) -> Changes:
    """What was changed since `seq`; at 0, the first look, it may be anything."""
    with desk.store.read() as tx:
        end = journal.head(tx)[0]
        if end <= seq:
            return Changes(end)
        if seq == 0:
            return Changes(end, None)
        entries = journal.touched(tx, seq)
        ids = frozenset(id_ for _seq, id_, _verb in entries if id_ is not None)
        received = tuple(
            id_ for _seq, id_, verb in entries if verb == "receive" and id_ is not None
        )
        told_all = not entries or entries[-1][0] == end
        return Changes(end, ids if told_all else None, received)
