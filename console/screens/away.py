"""What the screen says and does while the store is away, or is another one.

The bar says since when; the line above the command line says why, once. A line that is sent then
is refused at once and stays where it was typed; one that was on its way shows that it waits, and
one that had not been begun is not done when the store is back. Where nobody could say whether a
line was written, that is found out and said as soon as somebody can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.message import Message, msg
from console.store.problem import StoreProblem, UnsureProblem

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from console.store.problem import End
    from console.store.standing import Trouble


class Away:
    """Looks after the store for the officer.

    Args:
        screen: whose bars say it.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._shown: Trouble | None = None
        self._unsure: list[tuple[str, End]] = []
        """Lines that may have been written, and how the journal ends then."""

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong with the store now."""
        session = self.screen.session
        return session.standing.trouble if session is not None else None

    def tick(self) -> None:
        """Say what has changed since the last look."""
        screen, trouble, before = self.screen, self.trouble, self._shown
        if trouble == before:
            return
        self._shown = trouble
        screen.status.show()
        if trouble is None:
            screen.say(msg("away.back"), "good")
            screen.pulse.renew()
            self._find_out()
        elif before is None and screen.entry.waiting:
            screen.say(msg("away.waits", line=screen.entry.waiting), "error")
        elif before is None or before.why != trouble.why:
            screen.say(trouble.why, "error")

    def refused(self) -> Message | None:
        """Why a line that is sent now is not done; None when it may be."""
        trouble, session = self.trouble, self.screen.session
        if trouble is None or session is None:
            return None
        session.standing.look_soon()
        return msg("away.refused", why=trouble.why)

    def ticket(self) -> int:
        """How often the store has been away: handed to `valid` when a line's turn comes."""
        session = self.screen.session
        return session.standing.times if session is not None else 0

    def valid(self, ticket: int) -> None:
        """Whether a line that was sent with a ticket may still be begun.

        Raises:
            StoreProblem: the store has been away meanwhile; whoever sent it may know more now.
        """
        if self.ticket() != ticket:
            raise StoreProblem(msg("away.late"))

    def heard(self, line: str, problem: StoreProblem) -> None:
        """A line was not done, because of the store."""
        session = self.screen.session
        if session is not None:
            session.standing.look_soon()
        if isinstance(problem, UnsureProblem):
            self._unsure.append((line, problem.end))
            if self._shown is None:
                self._find_out()

    def _find_out(self) -> None:
        """Ask for each line of which nobody knows whether it was written."""
        screen, session = self.screen, self.screen.session
        if session is None:
            return
        store = session.desk.store
        asked, self._unsure = self._unsure, []
        for line, end in asked:

            def read(line: str = line, end: End = end) -> tuple[str, End, bool | None]:
                try:
                    return line, end, store.became(end)
                except StoreProblem:
                    return line, end, None

            screen.jobs.read(f"became {end.seq} {end.hash}", read, self._found)

    def _found(self, answer: tuple[str, End, bool | None]) -> None:
        line, end, written = answer
        if written is None:
            self._unsure.append((line, end))
        elif written:
            if self.screen.entry.line.text == line:
                self.screen.entry.line.set_text("")
                self.screen.entry.quiet()
            self.screen.say(msg("away.written", line=line), "good")
            self.screen.pulse.renew()
        else:
            self.screen.say(msg("away.not_written", line=line), "warn")
