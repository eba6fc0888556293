"""What the loops page reads from the store: windows of what is open, and how all of it stands."""

from __future__ import annotations

from dataclasses import dataclass

from console.desk.desk import Desk
from console.store import loops
from console.store.engine import Tx
from console.store.loops import LoopKey
from console.store.queue_row import NO_DUE, QueueRow

PAGE = 120
"""Rows that are read at once."""

MOST = 600
"""Rows that are held at most."""


@dataclass(frozen=True, slots=True)
class LoopWant:
    """Which rows: see `widgets.queue_table.QueueTable.NeedRows`.

    `held` are the rows that are held now, from index `base` on; `selected` stays in the
    window if it can.
    """

    kind: str = ""
    """Id of a loop; "" for all of them."""
    first: int = 0
    last: int = 0
    direction: int = 0
    anchor: int | None = None
    base: int = 0
    held: tuple[QueueRow, ...] = ()
    again: bool = False
    """Whether it is the held stretch once more, as it is now."""


@dataclass(frozen=True, slots=True)
class LoopWindow:
    """Rows without a gap, where they stand, and how many there are."""

    kind: str
    base: int
    rows: tuple[QueueRow, ...]
    total: int


def window(desk: Desk, want: LoopWant) -> LoopWindow:
    """Read what the table wants."""
    followed = desk.rules.followed
    chosen = tuple(
        one for loop in followed.loops if want.kind in ("", loop.id) for one in loop.playbooks
    )
    with desk.store.read() as tx:
        found = loops.counts(tx, chosen, desk.clock.now())
        total = sum(n for n, _late in found.values())
        rows, base = _rows(tx, chosen, want, total)
    base = max(0, min(base, total - len(rows)))
    return LoopWindow(want.kind, base, tuple(rows), max(total, len(rows)))


def _rows(
    tx: Tx, chosen: tuple[str, ...], want: LoopWant, total: int
) -> tuple[list[QueueRow], int]:
    held = want.held
    if want.again:
        return _again(tx, chosen, want)
    if want.direction > 0 and held:
        held = held[-(MOST - PAGE) :]
        return _from(tx, chosen, held[0], len(held) + PAGE)
    if want.direction < 0 and held:
        held = held[: MOST - PAGE]
        last, count = _key(held[-1]), len(held) + PAGE
        rows = loops.page(tx, chosen, count, before=LoopKey(last.due, last.received, last.id + 1))
        if len(rows) < count:
            return loops.page(tx, chosen, count), 0
        return rows, loops.rank(tx, chosen, _key(rows[0]))
    if want.direction == 0 and want.anchor is not None:
        key = loops.key_of(tx, want.anchor, chosen)
        if key is not None:
            return _around(tx, chosen, key)
    if want.first > 0 and want.last >= total:
        rows = loops.page(tx, chosen, -PAGE)
        return rows, total - len(rows)
    return loops.page(tx, chosen, PAGE), 0


def _again(tx: Tx, chosen: tuple[str, ...], want: LoopWant) -> tuple[list[QueueRow], int]:
    """The held stretch as it is now; the selected row stays in it if it is still there."""
    count = max(PAGE, len(want.held))
    if want.base == 0 or not want.held:
        rows, base = loops.page(tx, chosen, count), 0
    else:
        rows, base = _from(tx, chosen, want.held[0], count)
    if want.anchor is not None and all(row.id != want.anchor for row in rows):
        key = loops.key_of(tx, want.anchor, chosen)
        if key is not None:
            return _around(tx, chosen, key)
    return rows, base


def _from(tx: Tx, chosen: tuple[str, ...], row: QueueRow, count: int) -> tuple[list[QueueRow], int]:
    key = _key(row)
    rows = loops.page(tx, chosen, count, after=LoopKey(key.due, key.received, key.id - 1))
    return rows, loops.rank(tx, chosen, key)


def _around(tx: Tx, chosen: tuple[str, ...], key: LoopKey) -> tuple[list[QueueRow], int]:
    above = loops.page(tx, chosen, PAGE, before=key)
    below = loops.page(tx, chosen, PAGE, after=LoopKey(key.due, key.received, key.id - 1))
    rows = above + below
    base = 0 if len(above) < PAGE else loops.rank(tx, chosen, _key(rows[0]))
    return rows, base


def _key(row: QueueRow) -> LoopKey:
    return LoopKey(NO_DUE if row.due is None else row.due, row.received, row.id)
