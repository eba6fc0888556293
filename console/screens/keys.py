"""Where a key goes: to a verb, to the next steps, to the command line, or to the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from console.desk.verb import Command, Verb
from console.desk.verbs import VERBS
from console.screens.pages import FIRST, PAGES
from widgets.command_line import CommandLine
from widgets.form import Form

if TYPE_CHECKING:
    from console.screens.main import MainScreen


class Keys:
    """Routes keys at the moment when they come from the terminal.

    Keys that are typed ahead must not overtake each other: the focus is moved here,
    before the key is handed on.

    Args:
        screen: whose keys they are.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen

    def route(self, event: events.Key) -> bool:
        """Do what a key means; returns whether it has been used up."""
        screen = self.screen
        if screen.asked is not None:
            screen.answer(event.key in ("y", "Y") or event.character == "是")
            return True
        offered, screen.offered = screen.offered, {}
        if (chosen := offered.get(event.character or "")) is not None:
            chosen()
            return True
        verb = self._verb_of(event.key)
        if screen.palette.display:
            if verb is None and event.key not in ("enter", "escape"):
                return screen.palette.type(event)
            screen.close_palette(take=event.key == "enter")
            if verb is None or verb.id == "palette":
                return True
        in_form = isinstance(screen.focused, Form)
        if verb is not None and not (in_form and verb.id not in PAGES and verb.id != "quit"):
            self._press_verb(verb)
            return True
        if in_form or isinstance(screen.focused, CommandLine):
            return False
        return screen.page.press(event) or self._common(event)

    def _common(self, event: events.Key) -> bool:
        """The meaning that a key has on every page."""
        screen, character = self.screen, event.character
        if event.key == "enter":
            screen.steps.enter()
        elif event.key == "escape":
            if not screen.page.escape() and screen.page.verb != FIRST:
                screen.show(FIRST)
        elif event.key == "tab":
            screen.focus_next()
        elif character is not None and character.isdigit() and character != "0":
            screen.steps.digit(int(character))
        elif character is not None and event.is_printable and character != " ":
            screen.set_focus(screen.entry.line)
            return character in ":/：/"
        else:
            return False
        return True

    def _press_verb(self, verb: Verb) -> None:
        """A key of a verb: one of the screen is done at once, another like its line."""
        if not verb.does or verb.id == "new":
            self.screen.act(Command(verb, verb.names.en))
        else:
            names = verb.names
            self.screen.entry.run(names.zh if self.screen.words.lang == "zh" else names.en)

    def _verb_of(self, key: str) -> Verb | None:
        """The verb whose key this is."""
        session = self.screen.session
        keys = session.keys if session is not None else {}
        for verb in VERBS:
            own = keys.get(verb.id, verb.key)
            if own and key in own.split(","):
                return verb
        return None
