"""What keeps the screen true: looks for changes, counts, and the clocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from console.screens.reading import Changes, Counts
    from console.store.queue_row import QueueRow

LOOK, LOOK_LIGHT = 0.5, 1.0
"""Seconds between two looks into the journal; on a slow line."""

CLOCK = 1.0
"""Seconds between two steps of the clocks."""

RENEW = 10.0
"""Seconds after which everything is read anew: deadlines pass without a change."""


class Pulse:
    """Looks and counts for the status bar and for the page that is shown.

    Args:
        screen: whose session is looked at.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._seen = -1
        """The place in the journal up to which it was looked; -1 before the first look."""

    @property
    def seen(self) -> int:
        """The end of the journal, as far as the screen has read it; 0 before the first look."""
        return self._seen

    def start(self) -> None:
        """Begin, when the session is there."""
        session = self.screen.session
        assert session is not None
        self.screen.set_interval(CLOCK, self._tick)
        self.screen.set_interval(RENEW, self.renew)
        self.screen.set_interval(LOOK_LIGHT if session.light else LOOK, self._look)
        self._look()  # at once: what comes from now on rings
        self.recount()

    def renew(self) -> None:
        """Read the page and the counts anew."""
        self.screen.page.renew()
        self.recount()

    def done(self, changed: frozenset[int], rows: Sequence[QueueRow]) -> None:
        """The officer has done something: its rows are shown at once, as the answer has them.

        What else may look different now (order, pane, counts) is read when they are painted:
        reading takes the interpreter from the thread that draws.

        Args:
            changed: ids of the incidents that were changed.
            rows: those of them that came with the answer.
        """
        self.screen.page.took(rows)
        self.screen.call_after_refresh(self._read_after, changed)

    def _read_after(self, changed: frozenset[int]) -> None:
        self.screen.page.renew(changed)
        self.recount()

    def recount(self) -> None:
        """Read every count and the units."""
        session = self.screen.session
        if session is None:
            return
        from console.screens import reading

        desk, rung = session.desk, frozenset(self.screen.status.rung)
        self.screen.jobs.read(
            "counts", lambda: reading.counts(desk, rung), self._counted, leisure=True
        )

    def _counted(self, counts: Counts) -> None:
        self.screen.status.counted(counts)
        self.screen.page.counted(counts)

    def _tick(self) -> None:
        session = self.screen.session
        if session is not None:
            self.screen.away.tick()
            self.screen.status.show_clock()
            self.screen.page.tick(session.desk.clock.now())

    def _look(self) -> None:
        """Has anything changed in the store, by whomever?"""
        session = self.screen.session
        if session is None:
            return
        from console.screens import reading

        desk, seen = session.desk, self._seen
        self.screen.jobs.read(
            "changes", lambda: reading.changes(desk, seen), self._changed, leisure=True
        )

    def _changed(self, found: Changes) -> None:
        if found.end == self._seen:
            return
        self._seen = found.end
        self.screen.page.renew(found.touched)
        self.screen.entry.touched(found.touched)
        self.recount()
        if found.received:
            self.screen.status.alert_for(frozenset(found.received))
        if found.notices:
            self.screen.status.notice(found.notices)
