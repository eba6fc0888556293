"""A digit alone is a step that has been read; digits in a row are a number.

What a digit means is known a moment later: when no second one has followed. Until then it
stands in the command line, where a second one makes a number of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from console.domain.message import msg

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from console.screens.page import Page

READ = 0.5
"""Seconds that a step must have stood on the screen before its digit means it."""

FOLLOWS = 0.4
"""Seconds in which a second digit makes a number of the first."""


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A digit that waits: whether another one follows."""

    event: events.Key
    number: int
    page: Page
    under: object
    """What stood under it."""
    read: bool
    """Whether that had stood there for long enough."""


class Digits:
    """Tells a step from the beginning of a number.

    Args:
        screen: whose digits they are.
        ticks: seconds that only go forward; replaceable in tests.
    """

    def __init__(self, screen: MainScreen, ticks: Callable[[], float] = time.monotonic) -> None:
        self.screen = screen
        self.ticks = ticks
        self._since: dict[tuple[str, int], tuple[object, float]] = {}
        self._pressed: _Pressed | None = None
        self._timer: Timer | None = None

    def shown(self) -> None:
        """The page shows another state of its incident: its steps are there from now on."""
        page = self.screen.page
        for number in range(1, 10):
            self._seen_since(page, number)

    def _seen_since(self, page: Page, number: int) -> float:
        """Since when the digit has meant what it means now."""
        under, key = page.under(number), (page.verb, number)
        before = self._since.get(key)
        if before is None or before[0] != under:
            self._since[key] = under, self.ticks()
        return self._since[key][1]

    @property
    def waiting(self) -> bool:
        """Whether a digit waits for a second one."""
        return self._pressed is not None

    def begin(self, event: events.Key) -> None:
        """The first digit: it is shown in the command line, and waits."""
        screen, number = self.screen, int(event.character or "0")
        page = screen.page
        since = self._seen_since(page, number)
        read = self.ticks() - since >= READ
        self._pressed = _Pressed(event, number, page, page.under(number), read)
        screen.entry.line.set_text(str(number))
        self._timer = screen.set_timer(FOLLOWS, self._alone)

    def follow(self, event: events.Key) -> bool:
        """A key behind the first digit; returns whether it is used up.

        A character, Enter or Tab goes on with the line. Esc and Backspace take the digit
        back. Any other key comes after the step.
        """
        line = self.screen.entry.line
        if event.key in ("escape", "backspace", "ctrl+h", "ctrl+u", "ctrl+w", "ctrl+c"):
            self._stop()
            line.set_text("")
            self.screen.entry.quiet()
            return True
        if event.key in ("enter", "tab") or (event.is_printable and event.character is not None):
            self.go_on()
            return line.press(event)
        self._alone()
        return False

    def go_on(self) -> None:
        """What stands in the command line is the beginning of a line."""
        self._stop()
        self.screen.set_focus(self.screen.entry.line)

    def _stop(self) -> _Pressed | None:
        pressed, self._pressed = self._pressed, None
        if self._timer is not None:
            self._timer.stop()
        self._timer = None
        return pressed

    def _alone(self) -> None:
        """No second one has come: it is the step that it stood for when it was pressed."""
        pressed, screen = self._stop(), self.screen
        if pressed is None:
            return
        screen.entry.line.set_text("")
        screen.entry.quiet()
        page = screen.page
        same = page is pressed.page and page.under(pressed.number) == pressed.under
        if screen.session is None:
            screen.say(msg("screen.opening"), "dim")
        elif not pressed.read or not same:
            nothing = pressed.under == (None, None)
            screen.say(msg("screen.no_selection" if nothing else "screen.not_shown"), "dim")
        elif not page.press(pressed.event):
            screen.steps.digit(pressed.number)
