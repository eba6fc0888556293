"""The last wall before the terminal: what the commands write cannot steer it.

Texts are cleaned when they come in, but a command also repeats what it was given (a
mistaken word, a file's name), shows what another program put into a store, and hands
on the reasons of others. So stderr, which is words for people, is walled wherever it
goes, and stdout where it ends at a terminal; into a file or a pipe, data goes as it is.
The console draws by another way (`widgets.cells.printable` is its wall).
"""

from __future__ import annotations

import io
import sys
from typing import TextIO


class Walled(io.TextIOWrapper):
    """A stream to which nothing but text, tabs and line ends can be written."""

    def write(self, text: str, /) -> int:
        """Write text; what could steer a terminal is written as U+FFFD."""
        if not (text.isascii() and text.isprintable()):
            from console.domain.text import clean  # only where it is needed: not at start

            # Control sequences of ours are none of its business: nobody colours words here.
            super().write(clean(text, len(text) + 1, lines=True).text)
        else:
            super().write(text)
        return len(text)


def put_up() -> None:
    """Wall stdout and stderr, and let no character that cannot be encoded end the program."""
    sys.stdout = _walled(sys.stdout, sys.stdout.isatty())
    sys.stderr = _walled(sys.stderr, True)


def _walled(stream: TextIO, wanted: bool) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, Walled):
        return stream  # taken over by whoever runs us, a test for instance
    if not wanted:
        stream.reconfigure(errors="backslashreplace")
        return stream
    stream.flush()
    return Walled(
        open(stream.fileno(), "wb", closefd=False),  # as long as the process
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=True,
    )
