"""The last wall before the terminal: what the commands write cannot steer it.

Texts are cleaned when they come in, but a command also repeats what it was given (a
mistaken word, a file's name), shows what another program put into a store, and hands
on the reasons of others. So stderr, which is words for people, is walled wherever it
goes, and stdout where it ends at a terminal; into a file or a pipe, data goes as it is.
The console draws by another way (`widgets.cells.printable` is its wall).
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Literal, TextIO

from console.domain.message import Problem, msg


class Handed(io.TextIOWrapper):
    """Data for whoever reads it; what cannot be handed on ends the command with a sentence."""

    def write(self, text: str, /) -> int:
        """Write text.

        Raises:
            Problem: the disk is full, or the reader has gone.
        """
        try:
            return super().write(text)
        except OSError as error:
            raise lost(error) from error

    def flush(self) -> None:
        """Hand on what was written; raises as `write`."""
        try:
            super().flush()
        except OSError as error:
            raise lost(error) from error


class Walled(Handed):
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


class Told(Walled):
    """A stream of words for people: no password gets through, in whosever words it stands.

    Where nobody can hear them, the exit code still speaks.
    """

    def write(self, text: str, /) -> int:
        """Write text; passwords in addresses and settings are masked."""
        said = text
        if "=" in text or ":" in text:
            from adapters.secret import redacted  # only where it is needed: not at start

            said = redacted(text)
        with contextlib.suppress(Problem):
            super().write(said)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written, if anybody is there."""
        with contextlib.suppress(Problem):
            super().flush()


def put_up() -> None:
    """Wall stdout and stderr, and let no character that cannot be encoded end the program.

    A stream that whoever started us has closed is one that takes nothing: its number must not
    become a file's.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is this one. Nothing can be written to it.
            os.open(os.devnull, os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = _deaf(0, "rb")
    out = sys.stdout if sys.stdout is not None else _deaf(1)
    err = sys.stderr if sys.stderr is not None else _deaf(2)
    sys.stdout = _walled(out, Walled if out.isatty() else Handed)
    sys.stderr = _walled(err, Told)


def take_down() -> None:
    """Hand on what is still waiting in stdout.

    Raises:
        Problem: it cannot be; from then on nothing is tried any more.
    """
    try:
        sys.stdout.flush()
    except Problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _walled(stream: TextIO, wall: type[Handed]) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, Handed):
        return stream  # taken over by whoever runs us, a test for instance
    stream.flush()
    return wall(
        open(stream.fileno(), "wb", closefd=False),  # as long as the process
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=wall is not Handed,
    )


def _deaf(number: int, mode: Literal["rb", "wb"] = "wb") -> TextIO:
    return io.TextIOWrapper(open(number, mode, closefd=False), "utf-8")


def lost(error: OSError) -> Problem:
    """The problem when what was asked for cannot be handed on."""
    return Problem(msg("output.lost", reason=error.strerror or str(error)))
