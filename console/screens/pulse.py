"""What keeps the screen true: looks for changes, counts, and the clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from console.screens.reading import Changes, Counts

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
        self._seen = 0

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
        self.recount()

    def renew(self) -> None:
        """Read the page and the counts anew."""
        self.screen.page.renew()
        self.recount()

    def recount(self) -> None:
        """Read every count and the units."""
        session = self.screen.session
        if session is None:
            return
        from console.screens import reading

        desk = session.desk
        self.screen.jobs.read("counts", lambda: reading.counts(desk), self._counted)

    def _counted(self, counts: Counts) -> None:
        self.screen.status.counts = counts
        self.screen.status.show()
        self.screen.page.counted(counts)

    def _tick(self) -> None:
        session = self.screen.session
        if session is not None:
            self.screen.status.show_clock()
            self.screen.page.tick(session.desk.clock.now())

    def _look(self) -> None:
        """Has anything changed in the store, by whomever?"""
        session = self.screen.session
        if session is None:
            return
        from console.screens import reading

        desk, seen = session.desk, self._seen
        self.screen.jobs.read("changes", lambda: reading.changes(desk, seen), self._changed)

    def _changed(self, found: Changes) -> None:
        if found.end == self._seen:
            return
        self._seen = found.end
        self.screen.page.renew(found.touched)
        self.screen.entry.touched(found.touched)
        self.recount()
        if found.received:
            self.screen.status.alert_for(list(found.received))
