"""Widgets, the terminal itself: Textual's driver and its parser of keys, made careful.

Everything that reaches into private parts of Textual on the way between a terminal and the app
stands here. A terminal may say anything: sizes of zero, code points that there are none of, answers
to questions that were asked before the screen began, sequences that mean nothing to us. None of it
ends the console, and none of it is taken for something that was typed.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import time
from collections.abc import Iterable
from typing import Any, Final, Protocol, runtime_checkable

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys
from textual.message import Message

from widgets.inlet import AHEAD, Inlet
from widgets.outlet import Outlet, Parting, code_of, cut_off, give_back

_BLOCK: Final = 4096
_TICK: Final = 0.1
"""Seconds after which an escape that stands alone is the Escape key."""

HUNG_UP: Final = code_of(signal.SIGHUP)
"""The exit code of a program whose terminal is gone."""

WIDEST, HIGHEST = 2_000, 1_000
"""A window that says it is larger is not believed: it would be drawn cell by cell."""

_UNKNOWN: Final = re.compile(r"\x1b\[(?![\[M])(?!<?[-\d;]+[mM]\Z)[0-?]*[ -/]*[@-~]\Z")
"""A whole control sequence (ECMA-48) that is not a report of the mouse or the beginning of one,
nor of a function key of the Linux console."""

_MODE_REPORT: Final = re.compile(r"\x1b\[\?\d+;\d\$y\Z")


@runtime_checkable
class Leaving(Protocol):
    """An app that can be asked to leave by who is not its officer."""

    def leave_by(self, code: int) -> None:
        """Keep what was typed, and leave with this exit code."""


class CarefulParser(XTermParser):
    """Keys and reports out of what a terminal sends."""

    def parse_mouse_code(self, code: str) -> Message | None:
        """A report of the mouse; in cells where the terminal does not know its size in pixels."""
        if not all(self.terminal_size or (0,)) or not all(self.terminal_pixel_size or (0,)):
            self.terminal_pixel_size = None
        return super().parse_mouse_code(code)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        """The keys of a sequence; one that is whole and means nothing is no key at all."""
        try:
            found = list(super()._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError):
            found = [events.Key(Keys.Ignore, sequence)]  # a code point that there is none of
        if not found and _UNKNOWN.match(sequence) and not _MODE_REPORT.match(sequence):
            found = [events.Key(Keys.Ignore, sequence)]
        for key in found:
            if key.character is not None and not key.character.isascii() and _torn(key.character):
                yield events.Key(Keys.Ignore, sequence)
            else:
                yield key


def _torn(text: str) -> bool:
    """Whether it holds half a surrogate pair, which can be neither kept nor shown."""
    return any("\ud800" <= character <= "\udfff" for character in text)


class CarefulDriver(LinuxDriver):
    """Textual's driver: reading through an `Inlet`, drawing on an `Outlet`, leaving by signals."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: Any = Outlet(self._file)
        self._parting: Parting | None = None

    # --- the screen comes and goes ------------------------------------------------------

    def start_application_mode(self) -> None:
        """Begin; from now on a signal that asks to end finds a terminal to be given back."""
        if self._parting is None:
            self._parting = Parting(
                self._leave,
                lambda: give_back(self._file.fileno(), self.fileno, self.attrs_before),
            )
            self._parting.heed()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")

    def _leave(self, code: int) -> bool:
        app = self._app

        def leave() -> None:
            if isinstance(app, Leaving):
                app.leave_by(code)
            else:
                app.exit(return_code=code)

        try:
            self._loop.call_soon_threadsafe(leave)
        except RuntimeError:
            return False  # the loop has come to its end already
        return True

    # --- what the terminal sends ----------------------------------------------------------

    def _run_input_thread(self) -> None:
        """Read; a fault of ours ends the console as every other does, and not with success."""
        try:
            self.run_input_thread()
        except Exception as error:
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the app leaves."""
        parser = CarefulParser(self._debug)
        inlet, last = Inlet(), time.monotonic()
        self._take(parser, inlet.feed(bytes(AHEAD)))
        AHEAD.clear()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_TICK):
                    data, now = self._read(), time.monotonic()
                    if not data:
                        self._left_alone()
                        break
                    self._take(parser, inlet.feed(data, silence=now - last))
                    last = now
                for event in parser.tick():
                    self.process_message(event)
        try:
            for _ in parser.feed(""):
                pass
        except (EOFError, ParseError):
            return  # it ended in the middle of a sequence, which nobody waits for any more

    def process_message(self, message: Message) -> None:
        """Hand on what came; a window that no terminal has is not believed."""
        if isinstance(message, events.Resize):
            width, height = message.size
            if not (0 < width <= WIDEST and 0 < height <= HIGHEST):
                return
        super().process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _BLOCK)
        except OSError:
            return b""

    def _left_alone(self) -> None:
        """The terminal is gone, and no SIGHUP said so (nohup, some managers of sessions): leave.

        What is still written to it on the way out goes nowhere, instead of being a fault.
        """
        cut_off(os.fstat(self.fileno).st_rdev)
        if self._parting is not None:
            self._parting.ring(HUNG_UP)

    def _take(self, parser: XTermParser, text: str) -> None:
        if text:  # to the parser no text is the end of all text
            for event in parser.feed(text):
                self.process_message(event)
