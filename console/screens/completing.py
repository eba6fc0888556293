"""Tab on the command line: one candidate after the other, and which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from console.domain.message import msg
from console.screens.sent import Sent, aim_of

if TYPE_CHECKING:
    from console.desk.aim import Aim
    from console.desk.grammar import Completion
    from console.screens.main import MainScreen

NAMED = 9
"""Candidates that the message line names; of the rest it says how many there are."""


class Completing:
    """Walks through what can stand at the cursor.

    Args:
        screen: whose command line is completed.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._found: Completion | None = None
        self._at = 0

    def forget(self) -> None:
        """The officer has typed: the next Tab asks anew."""
        self._found = None

    def next(self, text: str, cursor: int) -> None:
        """Complete `text` up to `cursor`, or take the next candidate."""
        session = self.screen.session
        if session is None:
            return
        if self._found is not None:
            self._take(self._found)
            return
        desk, lang, entry = session.desk, self.screen.words.lang, self.screen.entry
        about = cast("Aim | Sent", entry.line.about or entry.aim())

        def read() -> tuple[str, Completion]:
            aim = aim_of(about)
            return text, desk.complete(text, cursor, aim.incident if aim else None, lang)

        self.screen.jobs.read("complete", read, self._completed)

    def _completed(self, answer: tuple[str, Completion]) -> None:
        text, found = answer
        if not found.candidates:
            self.screen.say(msg("screen.no_completion"), "dim")
        elif text == self.screen.entry.line.text:
            self._found, self._at = found, -1
            self._take(found)

    def _take(self, found: Completion) -> None:
        line, candidates = self.screen.entry.line, found.candidates
        old = candidates[self._at].text if self._at >= 0 else None
        self._at = (self._at + 1) % len(candidates)
        new = candidates[self._at].text
        end = found.start + len(old) if old is not None else found.end
        line.set_text(line.text[: found.start] + new + line.text[end:], found.start + len(new))
        shown = []
        for n, candidate in enumerate(candidates[:NAMED]):
            label = ""
            if candidate.label is not None:
                label = f" {self.screen.words.t(candidate.label)}"
            mark = "> " if n == self._at else ""
            shown.append(f"{mark}{candidate.text}{label}")
        if len(candidates) > NAMED:
            shown.append(f"+{len(candidates) - NAMED}")
        self.screen.show_line("   ".join(shown), "text")
