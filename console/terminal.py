"""Asking the terminal before the screen begins: how wide does it draw box lines?

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

WAIT = 0.15
"""Seconds to wait for the answer."""

_REPORT = re.compile(rb"\x1b\[(\d+);(\d+)R")
_PROBE = "\r\u2500\x1b[6n\r\x1b[K"


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
    try:
        tty.setcbreak(fd, termios.TCSANOW)
        os.write(sys.stdout.fileno(), _PROBE.encode())
        answer, end = b"", time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([fd], [], [], left)
            if not ready:
                return None
            answer += os.read(fd, 64)
            found = _REPORT.search(answer)
            if found:
                return int(found[2])
        return None
    finally:
        termios.tcsetattr(fd, termios.TCSANOW, before)
