"""What a page of reports has yet to write: gathered while it is taken in, written together.

Most of what a report leaves behind (its own row, words, steps, counts, the journal's
entry) is read by nothing before the page is over. One statement for the whole page
then does what one statement a report did. What the next report of the page is compared
with (incidents and their traces) is written at once. Who asks for `Tx.conn` in the middle of a page
gets it with everything written down, and need not know of any of this.

`console.store.page.together` opens a page and writes it down; outside of one nothing
is ever gathered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from console.domain.entry import Entry


@dataclass(slots=True)
class Later:
    """The gathered rows of one write transaction."""

    depth: int = 0
    """How many pages are open, one within the other; 0: everything is written at once."""
    settle: Callable[[], None] = lambda: None
    """Writes down what is waiting."""
    rows: dict[tuple[str, tuple[str, ...], str], list[tuple[object, ...]]] = field(
        default_factory=dict
    )
    """(table, columns, conflict clause) -> rows."""
    words: list[tuple[int, str]] = field(default_factory=list)
    """Incident and the text that it is found by."""
    entries: list[Entry] = field(default_factory=list)
    """Journal entries, in order."""
    seq: int = 0
    """Where the journal ended before `entries`."""
    serials: dict[str, int] = field(default_factory=dict)
    """Counter -> last number given out."""
    tally: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(state, field) -> how many more."""
    hourly: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    """(day, hour, field) -> how many more."""
    sources: dict[tuple[str, str], tuple[int, str] | None] = field(default_factory=dict)
    """(source, its id) -> (incident, digest), None when it has never come."""

    @property
    def waiting(self) -> bool:
        """Whether something is not written yet."""
        return bool(
            self.rows or self.words or self.entries or self.serials or self.tally or self.hourly
        )
