"""Widgets, the way out: SIGTERM and SIGHUP give the terminal back and end with 143 and 129.

Before the screen begins such a signal ends the program where it stands (`heed`); what had been
changed of the terminal is put back on the way (`undone`). While the screen is up it is asked to
leave, so that what is being written is finished and what was typed is kept (`Parting`); when that
does not come to an end, the terminal is given back by hand. A terminal that is gone takes nothing
any more: what is still written to it goes nowhere (`Outlet`).

A signal that whoever started the program has turned off (nohup) stays off.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn, TextIO

ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The signals that ask a program to end; there is no SIGHUP on Windows."""

PATIENCE: Final = 4.0
"""Seconds that leaving may take before the terminal is given back by hand."""

GIVEN_BACK: Final = (
    "\x1b[?2026l"  # nothing is held back for a whole picture
    "\x1b[?2004l"  # pastes are not marked
    "\x1b[?7h"  # lines are wrapped
    "\x1b[?2048l"  # sizes are not reported
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # nor is the mouse
    "\x1b[?1004l"  # nor who has the keyboard
    "\x1b[<u"  # keys are sent as they always were
    "\x1b[0m\x1b[?1049l\x1b[?25h"  # the screen that was there before, with its cursor
)
"""What undoes everything that the screen asks of a terminal; harmless where it was not asked."""


def code_of(number: int) -> int:
    """The exit code of a program that a signal has ended, as a shell would say it."""
    return 128 + number


def _turned_off(number: int) -> bool:
    return signal.getsignal(number) is signal.SIG_IGN


_UNDOING: Final[list[Callable[[], object]]] = []
"""What is put back on the way out, the latest first."""


def undo_at_the_end(undo: Callable[[], object]) -> None:
    """Put something back when the program ends by a signal or through `end`. It may come twice."""
    _UNDOING.append(undo)


@contextlib.contextmanager
def undone(undo: Callable[[], object]) -> Iterator[None]:
    """Put something back at the end of a block, also when the program ends in it."""
    undo_at_the_end(undo)
    try:
        yield
    finally:
        undo()
        _UNDOING.remove(undo)


def heed() -> None:
    """From now on, end at once by these signals."""
    for number in ENDING:
        if not _turned_off(number):
            signal.signal(number, lambda came, _frame: end(code_of(came)))


def end(code: int) -> NoReturn:
    """End here: put back what is held, say what is left to be said, and go.

    An exception would not do: in the middle of an import it may come out as another one. Nor
    would Python's own way out: a thread that is left behind (a server does not answer) may be
    in the C++ of a library, which aborts the process when its interpreter is taken down.

    Args:
        code: the exit code.
    """
    for undo in reversed(_UNDOING):
        with contextlib.suppress(Exception):
            undo()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # the terminal is gone, or it is in the middle of it
            stream.flush()
    os._exit(code)


class Parting:
    """What the signals do while the screen is up.

    The signal itself only rings: what is to be done is done by a thread that waits for it, for the
    main thread may hold any lock, or be held up by a terminal or a store that takes nothing.

    Args:
        leave: asks the screen to leave with an exit code; called from another thread; returns
            whether somebody is there who will.
        give_back: puts the terminal back as it was; called from another thread.
    """

    def __init__(self, leave: Callable[[int], bool], give_back: Callable[[], None]) -> None:
        self._leave = leave
        self._give_back = give_back
        self._heard, self._bell = os.pipe()

    def heed(self) -> None:
        """Take over from what the signals did before. In the main thread only."""
        threading.Thread(target=self._wait, name="parting", daemon=True).start()
        for number in ENDING:
            if not _turned_off(number):
                signal.signal(number, lambda came, _frame: self.ring(code_of(came)))

    def ring(self, code: int) -> None:
        """Ask to leave with an exit code. Who asks again (a terminal and its shell do) waits."""
        os.write(self._bell, bytes((code,)))

    def _wait(self) -> None:
        code = os.read(self._heard, 1)[0]
        if self._leave(code):
            time.sleep(PATIENCE)  # the process ends before that, and this thread with it
        with contextlib.suppress(OSError):
            self._give_back()
        end(code)


def give_back(drawn: int, read: int, attributes: list[Any] | None) -> None:
    """Put a terminal back as it was, without anybody's help.

    Args:
        drawn: where it is written to.
        read: where it is read from.
        attributes: its line discipline as it was before; None when that was not changed.
    """
    import termios

    with contextlib.suppress(OSError):
        os.set_blocking(drawn, False)  # one that takes nothing (Ctrl+S) does not hold us
        os.write(drawn, GIVEN_BACK.encode())
        os.set_blocking(drawn, True)
    if attributes is not None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(read, termios.TCSANOW, attributes)


def cut_off(terminal: int) -> None:
    """The terminal is gone: what is still written to it on the way out goes nowhere.

    Args:
        terminal: device number of the terminal (`st_rdev`).
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for fd in (1, 2):
        with contextlib.suppress(OSError):  # it may be closed
            if os.fstat(fd).st_rdev == terminal:
                os.dup2(nowhere, fd)
    os.close(nowhere)


class Outlet:
    """What is drawn on, until the terminal is gone.

    Args:
        stream: the terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.gone = False

    def write(self, text: str) -> None:
        """Write, or let it go when nobody is there to see it."""
        self._try(lambda: self._stream.write(text))

    def flush(self) -> None:
        """Send what was written."""
        self._try(self._stream.flush)

    def _try(self, do: Callable[[], object]) -> None:
        if self.gone:
            return
        try:
            do()
        except OSError:
            self.gone = True
            with contextlib.suppress(OSError, ValueError):
                cut_off(os.fstat(self._stream.fileno()).st_rdev)

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The file descriptor."""
        return self._stream.fileno()
