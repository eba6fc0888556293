"""Where a feed of requests has been read to, so that nothing is lost and nothing doubled.

A server with our extension hands out a cursor: requests in the order in which they
arrived, whatever their times are. One without it is read by time, page by page: from
`OVERLAP` before the latest change that a whole reading has seen, so that many requests
with one timestamp, and those that show up late, are there again; which of them were seen
is remembered. Where the pages moved while they were read (a request that changes goes to
another page), they are read a second time before the time moves on. What a server shows
later than `OVERLAP` after its own timestamp is beyond what the standard lets us see.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from adapters.open311.model import ServiceRequest

OVERLAP = 30 * 60_000
"""How far before the latest change the next reading begins, in ms."""

REMEMBERED = 2_000
"""Requests that are known to have been seen. Beyond them intake still knows each by its id."""

UPDATED, STARTED = "updated_after", "start_date"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the feeds of one system.

    `cursor` and `updates` are those of the extension, None where there is none; `behind`
    is True while more requests wait there. The others are of reading by time: `after` (the
    latest change that a whole reading has seen, ms), `page` (the next one), `top` (the
    latest change of this reading), `again` (it is the second), `by` (the parameter that
    the server listens to), `last` (which requests the page before held), `seen`.
    """

    cursor: str | None = None
    updates: str = ""
    behind: bool = False
    after: int | None = None
    page: int = 1
    top: int | None = None
    again: bool = False
    by: str = UPDATED
    last: str = ""
    seen: tuple[str, ...] = ()

    @property
    def since(self) -> int | None:
        """What is asked for: everything from here on (ms); None for everything."""
        return None if self.after is None else self.after - OVERLAP

    def unseen(self, marks: Sequence[str]) -> frozenset[str]:
        """Those marks of a page that were not seen yet."""
        if _digest("".join(marks)) == self.last:
            return frozenset()  # the very page that was read before
        return frozenset(marks) - frozenset(self.seen)

    def read(self, marks: Sequence[str], times: Iterable[int], full: int, now: int) -> Place:
        """The place behind a page that was read by time.

        Args:
            marks: of everything that was on it, readable or not.
            times: when what was readable changed (ms UTC).
            full: how many items were asked for.
            now: the present (ms UTC): what says it changes later does not move the time on.
        """
        this = _digest("".join(marks))
        top = max([self.top or 0, *(at for at in times if at <= now)])
        known = frozenset(self.seen)
        fresh = dict.fromkeys(mark for mark in marks if mark not in known)
        here = replace(
            self, top=top, seen=(*self.seen, *fresh)[-REMEMBERED:], last=this, page=self.page + 1
        )
        # A server that does not know pages gives the same one for ever.
        same = this == self.last
        if len(marks) >= full and not same:
            return here
        if self.page > 1 and not self.again and not same:
            return replace(here, page=1, again=True)
        after = max(top, self.after or 0) or None
        return replace(here, after=after, page=1, top=None, again=False)

    @property
    def at_end(self) -> bool:
        """Whether the reading by time is over until something new comes."""
        return self.page == 1 and not self.again

    def time_of(self, one: ServiceRequest) -> int:
        """The time by which the server sorts out what was asked for."""
        return one.changed if self.by == UPDATED else one.requested

    def heeded(self, found: Iterable[ServiceRequest]) -> bool:
        """Whether the server listens to `by`: it gives nothing that is older than asked for."""
        since = self.since
        return since is None or all(self.time_of(one) >= since - 1_000 for one in found)

    def text(self) -> str:
        """As it is kept in the store."""
        return json.dumps(
            {name: value for name, value in asdict(self).items() if value != _DEFAULTS[name]},
            sort_keys=True,
        )


_DEFAULTS = asdict(Place())


def place_of(text: str) -> Place:
    """A place as it was kept; the beginning when it is none."""
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        return Place()
    if not isinstance(value, dict):
        return Place()
    known = {name: one for name, one in value.items() if name in _DEFAULTS}
    if not all(_fits(name, one) for name, one in known.items()):
        return Place()
    if "seen" in known:
        known["seen"] = tuple(known["seen"])
    return Place(**known)


def mark_of(one: ServiceRequest) -> str:
    """Stands for a request as it is now; not every server says when one has changed."""
    return _digest(f"{one.changed}/{one.id}/{one.status}/{one.status_notes}/{one.deadline}")


def mark_of_raw(raw: str) -> str:
    """Stands for something that could not be read."""
    return _digest(raw)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _fits(name: str, value: Any) -> bool:
    if name == "seen":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if name in ("after", "top"):
        return isinstance(value, int)
    if name == "cursor":
        return isinstance(value, str)
    return type(value) is type(_DEFAULTS[name])
