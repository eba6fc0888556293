"""The mouse, for whoever has one: a click does what the key does that is written there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual import events

from console.domain.incident import short_number
from console.screens.pages import FIRST

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from widgets.pane import Pane


class Clicks:
    """Turns clicks into keys. There is nothing that only a mouse can do.

    Args:
        screen: what is clicked on.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen

    def pressed(self, clicked: Pane.Pressed) -> None:
        """Do what stands under the mouse."""
        screen = self.screen
        if screen.asked is not None:
            screen.answer(False)  # a question is answered by a key; whatever else means no
            return
        if clicked.pane.id == "alert" and self._incident(clicked.word):
            return
        if clicked.key is not None:
            self._key(clicked.key)

    def _key(self, key: str) -> None:
        screen = self.screen
        event = events.Key(key, key if len(key) == 1 else None)
        if screen.palette.display and key not in ("enter", "escape"):
            screen.close_palette()
        if not (key.isdigit() or key == "enter") or screen.palette.display:
            screen.route(event)
        elif not screen.page.press(event):
            # Not by way of the line: what may be half typed there has nothing to do with it.
            if key == "enter":
                screen.steps.enter()
            else:
                screen.steps.digit(int(key))

    def _incident(self, word: str) -> bool:
        """Go to the incident whose number stands in the alert line; whether it is one."""
        number = re.sub(r"\D", "", word)
        for id_ in self.screen.status.named:
            if number and short_number(id_) == number:
                self.screen.show(FIRST)
                self.screen.watch_page.queue.select(id_, 0)
                return True
        return False
