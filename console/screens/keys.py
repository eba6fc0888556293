"""Where a key goes: to a verb, to the next steps, to the command line, or to the pane."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events

from console.desk.verb import Command, Verb
from console.desk.verbs import VERBS
from console.screens.digits import Digits
from console.screens.pages import FIRST, PAGES
from widgets.form import Form

if TYPE_CHECKING:
    from console.screens.main import MainScreen

_EDITING = frozenset(
    {
        *("backspace", "ctrl+h", "ctrl+a", "ctrl+e", "ctrl+u", "ctrl+k", "ctrl+w", "ctrl+y"),
        *("ctrl+d", "delete", "ctrl+left", "ctrl+right", "alt+left", "alt+right"),
        *("enter", "escape", "ctrl+c"),
    }
)
"""Keys that are for a line that stands there, wherever the keyboard is."""


class Keys:
    """Routes keys at the moment when they come from the terminal.

    Keys that are typed ahead must not overtake each other: the focus is moved here,
    before the key is handed on.

    Args:
        screen: whose keys they are.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.digits = Digits(screen)

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
        if self.digits.waiting and self.digits.follow(event):
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
        if in_form:
            return False
        if screen.focused is screen.entry.line or self._of_the_line(event):
            return self._into_line(event)
        return self._digit(event) or screen.page.press(event) or self._common(event)

    def _of_the_line(self, event: events.Key) -> bool:
        """Whether a key is for the command line though the keyboard is elsewhere.

        Where a line stands, the keys that edit it, send it and drop it are for it; and so is
        whatever is typed.
        """
        key, standing = event.key, bool(self.screen.entry.line.text)
        if key == "ctrl+r":
            return True
        if not standing:
            return key == "ctrl+y"
        typed = event.is_printable and event.character is not None
        return typed or key in _EDITING

    def _into_line(self, event: events.Key) -> bool:
        """A key for the command line, used at once: what it is about is what is seen now."""
        screen, line = self.screen, self.screen.entry.line
        here = screen.focused is line
        if event.key in ("escape", "ctrl+c") and not line.searching:
            if event.key == "ctrl+c" and not line.text:
                return False
            screen.entry.cancelled()
            return True
        if not here:
            screen.set_focus(line)
            if event.key == "enter":
                # It was begun some time ago: it is read again before it is sent.
                screen.entry.edited()
                return True
        return line.press(event)

    def _digit(self, event: events.Key) -> bool:
        """A digit where nothing is being typed: a step, or the beginning of a number."""
        character = event.character or ""
        if not (character.isascii() and character.isdigit()) or character == "0":
            return False
        if self.screen.page.digits_turn:
            return False
        self.digits.begin(event)
        return True

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
        elif character is not None and event.is_printable and character != " ":
            screen.set_focus(screen.entry.line)
            # A stroke stays in the line: it searches.
            return character in ":：" or screen.entry.line.press(event)
        else:
            return False
        return True

    def _press_verb(self, verb: Verb) -> None:
        """A key of a verb: one of the screen is done at once; what is done to an incident, after
        a yes, for a key is pressed by mistake more easily than a line is typed.
        """
        names = verb.names
        line = names.zh if self.screen.words.lang == "zh" else names.en
        if not verb.does or verb.id == "new":
            self.screen.act(Command(verb, verb.names.en))
        else:
            entry = self.screen.entry
            about = entry.aim()
            entry.ask(line, about, partial(entry.run, line, about=about))

    def _verb_of(self, key: str) -> Verb | None:
        """The verb whose key this is."""
        session = self.screen.session
        keys = session.keys if session is not None else {}
        for verb in VERBS:
            own = keys.get(verb.id, verb.key)
            if own and key in own.split(","):
                return verb
        return None
