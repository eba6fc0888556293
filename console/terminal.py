"""The terminal before the screen begins: how wide it draws box lines, and where it is.

Some Chinese terminals draw characters of ambiguous width two cells wide. One box line
is written, and a cursor position report (DSR 6) says how far the cursor went. A
terminal that does not answer within a short time is taken to draw them narrow.
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from typing import TYPE_CHECKING

from widgets.outlet import undone

if TYPE_CHECKING:
    from textual.app import App

WAIT = 0.15
"""Seconds to wait for the answer."""

_REPORT = re.compile(rb"\x1b\[(\d+);(\d+)R")
_ABLE = re.compile(rb"\x1b\[\?([\d;]*)c")
_PROBE = "\x1b[c\r\u2500\x1b[6n\r\x1b[K"


def draw_where_it_is(app: App[None]) -> None:
    """Have the screen drawn on stdout when stderr, where it usually goes, is no terminal.

    ``zhiban 2>faults.txt`` keeps what is said on stderr, and does not hide the screen.
    """
    if sys.stderr.isatty() or sys.platform == "win32":
        return
    from widgets.driver import CarefulDriver
    from widgets.outlet import Outlet

    class OnStdout(CarefulDriver):
        """The usual driver, writing to stdout."""

        def __init__(
            self,
            app: App[None],
            *,
            debug: bool = False,
            mouse: bool = True,
            size: tuple[int, int] | None = None,
        ) -> None:
            super().__init__(app, debug=debug, mouse=mouse, size=size)
            assert sys.__stdout__ is not None
            self._file = Outlet(sys.__stdout__)

    if sys.__stdout__ is not None:
        sys.__stdout__.reconfigure(errors="backslashreplace")  # as stderr is by itself
    app.driver_class = OnStdout


_GRAPHICS: set[str] = set()


def graphics() -> str:
    """How pictures can be drawn: ``kitty``, ``sixel``, or "" for characters alone.

    A terminal says of sixel in its device attributes (DA1), which are asked for together
    with the cursor's position; kitty names itself in the environment. In tmux and screen,
    which pass neither on by themselves, only what they say themselves counts.
    """
    if "sixel" in _GRAPHICS:
        return "sixel"
    inside = os.environ.get("TMUX") or os.environ.get("STY")
    kitty = os.environ.get("KITTY_WINDOW_ID") or os.environ.get("TERM") == "xterm-kitty"
    return "kitty" if kitty and not inside else ""


def box_lines_are_wide(seconds: float = WAIT) -> bool:
    """Whether the terminal draws U+2500 two cells wide; False when it does not say."""
    column = _asked(seconds)
    return column is not None and column > 2


def _asked(seconds: float) -> int | None:
    """The column after one box line, or None without an answer."""
    try:
        import termios
        import tty
    except ImportError:
        return None  # Windows: its terminals draw them narrow
    fd = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(fd)
    except termios.error:
        return None
    answer = b""
    with undone(lambda: termios.tcsetattr(fd, termios.TCSANOW, before)):
        try:
            tty.setcbreak(fd, termios.TCSANOW)
            os.write(sys.stdout.fileno(), _PROBE.encode())
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0:
                ready, _, _ = select.select([fd], [], [], left)
                if not ready:
                    return None
                answer += os.read(fd, 64)
                able = _ABLE.search(answer)
                if able and b"4" in able[1].split(b";"):
                    _GRAPHICS.add("sixel")
                found = _REPORT.search(answer)
                if found:
                    return int(found[2])
            return None
        finally:
            _hand_on(answer)


def _hand_on(read: bytes) -> None:
    """What an officer typed before the screen is there is not lost with the answers."""
    from widgets.inlet import AHEAD

    AHEAD.extend(_ABLE.sub(b"", _REPORT.sub(b"", read)))
