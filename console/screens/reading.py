"""What the watch screen reads from the store: windows of the queue, counts, units.

Imported after the first frame, for it brings the store with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from console.desk.desk import Desk
from console.desk.linked import standing
from console.domain.filters import QueueFilter
from console.domain.lifecycle import OPEN
from console.domain.telling import seats_of
from console.store import incidents, journal, links, outbox, queue, units
from console.store.engine import Tx
from console.store.links import LinkNow
from console.store.queue import FieldCounts, QueueKey, QueueRow, Selection, key_of
from console.store.units import UnitNow

PAGE = 120
"""Rows that are read at once."""

MOST = 600
"""Rows that are held at most."""

AIMS = 6
"""How often the rows at an index of a great queue are aimed at."""

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
    return _there(tx, chosen, (want.first + want.last) // 2, total)


def _there(tx: Tx, chosen: Selection, index: int, total: int) -> tuple[list[QueueRow], int]:
    """The rows around the `index`-th.

    What is found by proportion is aimed at anew by its miss; what is still missed, with
    deadlines that are far from even, is walked to.
    """
    aim, base = index, 0
    rows: list[QueueRow] = []
    for _ in range(AIMS):
        key = queue.near(tx, chosen, aim, total)
        if key is None:
            return queue.page(tx, chosen, PAGE), 0
        rows, base = _around(tx, chosen, key)
        if not rows or base <= index < base + len(rows):
            return rows, base
        aim = max(0, min(aim + index - (base + len(rows) // 2), total - 1))
    if index < base:
        more = queue.page(tx, chosen, base - index + PAGE, before=key_of(rows[0]))
        return more[: 2 * PAGE], base - len(more)
    behind = base + len(rows)
    more = queue.page(tx, chosen, index - behind + PAGE, after=key_of(rows[-1]))
    rows = more[-2 * PAGE :]
    return rows, behind + len(more) - len(rows)


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


def in_place(desk: Desk, held: Window) -> tuple[Window, int | None]:
    """The held window, every row as it is now and where it stood; and the true total now, where
    it is known at once.
    """
    with desk.store.read() as tx:
        now = {row.id: row for row in queue.rows_of(tx, [row.id for row in held.rows])}
        total = queue.quick_total(tx, Selection(held.filter, desk.clock.now()))
        rows = tuple(now.get(row.id, row) for row in held.rows)
        return replace(held, rows=rows), total


def whereabouts(
    desk: Desk, shown: QueueFilter, id_: int
) -> tuple[Window | None, tuple[QueueRow, ...]]:
    """Where an incident stands: the window around it in the queue that is shown, or in the whole
    queue; and the row by itself, when it is in neither (it is over).
    """
    with desk.store.read() as tx:
        now = desk.clock.now()
        for one in dict.fromkeys((shown, QueueFilter())):
            chosen = Selection(one, now)
            key = _row(tx, chosen, id_)
            if key is not None:
                rows, base = _around(tx, chosen, key)
                return _window(tx, Want(one), rows, base, queue.quick_total(tx, chosen)), ()
        return None, tuple(queue.rows_of(tx, [id_]))


def anew(desk: Desk, ids: Sequence[int]) -> dict[int, QueueRow]:
    """These incidents as they are now, open or over."""
    with desk.store.read() as tx:
        return {row.id: row for row in queue.rows_of(tx, ids)}


def found_anew(
    desk: Desk, ids: Sequence[int], sought: Sequence[str], touched: frozenset[int] | None
) -> tuple[dict[int, QueueRow], tuple[QueueRow, ...]]:
    """What a search found, as it is now, and what has come in that it would find now besides.

    Args:
        desk: reads.
        ids: the incidents that were found.
        sought: the words; with none nothing more is looked for.
        touched: the incidents that have changed since; None for any.
    """
    from console.desk.filtering import find_incidents, found_among

    now = anew(desk, ids)
    if not sought:
        return now, ()
    if touched is None:
        found = find_incidents(desk, sought)
    else:
        found = found_among(desk, sought, sorted(touched.difference(ids)))
    known = set(ids)
    # A past that is being imported has been there all the time.
    return now, tuple(row for row in found if row.id not in known and row.state in OPEN)


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
    urgent: tuple[int, ...] = ()
    """Of those that rang, the ones that nobody has accepted yet: the longest overdue first."""


def counts(desk: Desk, rung: Collection[int] = ()) -> Counts:
    """Read every count that is on the screen.

    Args:
        desk: whose store.
        rung: ids of the incidents that rang and were not seen yet.
    """
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
            urgent=tuple(queue.unaccepted(tx, rung)) if rung else (),
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Another seat gave this one an incident, or took one from it."""

    verb: str
    """``handover`` or ``takeover``."""
    incident: int
    seat: str
    """Who did it."""
    words: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What was changed in the store since a place in the journal."""

    end: int
    """The journal's end now."""
    touched: frozenset[int] | None = frozenset()
    """Ids of the incidents that changed; None when it may be any."""
    received: tuple[int, ...] = ()
    """Ids of those that came in."""
    notices: tuple[Notice, ...] = ()
    """What other seats did to this one's incidents."""


def changes(desk: Desk, seq: int) -> Changes:
    """What was changed since `seq`; at the first look (`NEVER`) it may be anything."""
    with desk.store.read() as tx:
        end = journal.head(tx)[0]
        if seq == NEVER:
            return _missed(tx, desk.seat, end)
        if end <= seq:
            return Changes(end)
        entries = list(_touched(tx, seq, end))
        ids = frozenset(id_ for _seq, id_, _verb in entries if id_ is not None)
        received = tuple(
            id_ for _seq, id_, verb in entries if verb == "receive" and id_ is not None
        )
        told_all = len(entries) <= LOOK
        return Changes(end, ids if told_all else None, received, _notices(tx, desk.seat, entries))


NEVER = -1
"""The place in the journal of who has not looked yet: an empty journal ends at 0."""

LOOK = 1_000
"""Changes at once of which it is worth knowing which incidents they were."""

BEHIND = 20_000
"""Entries that are looked through at most for what concerns a seat that comes back."""


def _missed(tx: Tx, seat: str, end: int) -> Changes:
    """What came for a seat since it did something last: it may have been away for a moment."""
    last = journal.last_of_seat(tx, seat, 1)
    received = queue.unaccepted(tx, since=last[0].at) if last else []
    begin = max(last[0].seq if last else 0, end - BEHIND)
    notices = _notices(tx, seat, _touched(tx, begin, end))
    return Changes(end, None, tuple(received), notices)


def _touched(tx: Tx, seq: int, end: int) -> Iterator[tuple[int, int | None, str]]:
    """Every entry behind `seq`: its place, incident and verb."""
    while seq < end:
        found = journal.touched(tx, seq, LOOK)
        if not found:
            return
        yield from found
        seq = found[-1][0]


def _notices(
    tx: Tx, seat: str, entries: Iterable[tuple[int, int | None, str]]
) -> tuple[Notice, ...]:
    made: list[Notice] = []
    for seq, id_, verb in entries:
        if verb not in ("handover", "takeover") or id_ is None:
            continue
        [entry] = journal.since(tx, seq - 1, 1)
        if entry.seat != seat and seat in seats_of(entry):
            made.append(Notice(verb, id_, entry.seat, entry.text))
    return tuple(made)
