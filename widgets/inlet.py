"""Widgets, the way in: what a terminal sends, before it is taken for keys.

Two things that a terminal may send must not happen to the officer. Bytes that are no
UTF-8 (a terminal that is set to another encoding) would end the reading of keys: they are
seen as U+FFFD instead. And a pasted text may hold escape sequences and control keys,
which would be obeyed as if they had been pressed, Enter among them: inside a paste they
are seen as U+FFFD, too.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import selectors
import signal
from functools import partial

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

_START, _END = "\x1b[200~", "\x1b[201~"
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BLOCK = 4096
_TICK = 0.1
"""Seconds after which an escape that stands alone is the Escape key."""

HUNG_UP = 128 + signal.SIGHUP
"""The exit code of a program whose terminal is gone, as a shell would say it."""


class Inlet:
    """Bytes from a terminal in, text for the parser of keys out."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pasting = False
        self._held = ""
        """The end of a paste, as far as it has come."""
        self._tail = ""
        """The last characters outside a paste, which may be the beginning of one."""

    def feed(self, data: bytes, final: bool = False) -> str:
        """The text of `data`, with nothing in its pastes that could be taken for a key.

        Args:
            data: what was read.
            final: nothing more will come.
        """
        text = self._held + self._decoder.decode(data, final)
        self._held = ""
        parts: list[str] = []
        while text:
            if not self._pasting:
                # The beginning of a paste may come in pieces; an escape may also stand
                # alone (the key), so it is handed on at once and only remembered.
                seen = self._tail + text
                at = seen.find(_START)
                behind = at + len(_START)
                if at < 0:
                    parts.append(text)
                    self._tail = seen[1 - len(_START) :]
                    break
                parts.append(seen[len(self._tail) : behind])
                text, self._tail, self._pasting = seen[behind:], "", True
                continue
            pasted, end, text = text.partition(_END)
            if end:
                self._pasting = False
            elif not final:
                kept = _unfinished(pasted)
                pasted, self._held = pasted[: len(pasted) - kept], pasted[len(pasted) - kept :]
            parts += (_STEERING.sub("\N{REPLACEMENT CHARACTER}", pasted), end)
        return "".join(parts)


def _unfinished(pasted: str) -> int:
    """How many characters at the end may be the beginning of the end of the paste."""
    for count in range(min(len(pasted), len(_END) - 1), 0, -1):
        if _END.startswith(pasted[-count:]):
            return count
    return 0


class CarefulDriver(LinuxDriver):
    """Textual's driver, reading through an `Inlet`."""

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the app leaves."""
        parser = XTermParser(self._debug)
        inlet = Inlet()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_TICK):
                    data = self._read()
                    if not data:
                        self._left_alone()
                        break
                    self._take(parser, inlet.feed(data))
                for event in parser.tick():
                    self.process_message(event)
        try:
            for _ in parser.feed(""):
                pass
        except (EOFError, ParseError):
            return  # it ended in the middle of a sequence, which nobody waits for any more

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _BLOCK)
        except OSError:
            return b""

    def _left_alone(self) -> None:
        """The terminal is gone, and no SIGHUP said so (nohup, some managers of sessions): leave.

        What is still written to it on the way out goes nowhere, instead of being a fault.
        """
        gone = os.fstat(self.fileno).st_rdev
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for fd in (1, 2):
            with contextlib.suppress(OSError):  # it may be closed
                if os.fstat(fd).st_rdev == gone:
                    os.dup2(nowhere, fd)
        os.close(nowhere)
        self._loop.call_soon_threadsafe(partial(self._app.exit, return_code=HUNG_UP))

    def _take(self, parser: XTermParser, text: str) -> None:
        if text:  # to the parser no text is the end of all text
            for event in parser.feed(text):
                self.process_message(event)
