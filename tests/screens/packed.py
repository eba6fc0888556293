"""Keys as a terminal packs them: several in one read, and none waits for the one before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from textual._xterm_parser import XTermParser
from textual.pilot import Pilot

from console.desk.session import Session
from console.desk.verbs import BY_ID
from console.launch import Show
from console.screens import pages

CODES = {
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "f11": "\x1b[23~",
    "f12": "\x1b[24~",
    "ctrl+o": "\x0f",
    "ctrl+p": "\x10",
    "tab": "\t",
    "enter": "\r",
    "escape": "\x1b[27u",
}
"""What a terminal sends for a key; Esc as terminals do that say it at once (the kitty protocol)."""

PAGE_KEYS = {name: BY_ID[name].key.split(",")[0] for name in pages.PAGES}
"""Id of each page's verb -> its key."""


def send(pilot: Pilot[None], *keys: str) -> None:
    """Send keys and texts in one read, as the driver hands them on; waits for nothing."""
    parser = XTermParser()
    for event in parser.feed("".join(CODES.get(key, key) for key in keys)):
        pilot.app.post_message(event)


class Waiting:
    """A launch that waits until it is told to go on, as on a server that does not answer."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.go_on = threading.Event()

    def __call__(self, _show: Show) -> Session:
        assert self.go_on.wait(600)
        return self.session


@contextmanager
def waiting(session: Session) -> Iterator[Waiting]:
    """A launch that waits, and does not outlive the test."""
    launch = Waiting(session)
    try:
        yield launch
    finally:
        launch.go_on.set()
