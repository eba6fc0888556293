"""The bench's stop-watch: a process of its own that reads the PTY and stamps every chunk.

It does nothing else, so that no drawing can delay a stamp; in a thread of the drawing process the
stamps were found to be late by up to 46 ms. The monotonic clock is the same in all processes.

Usage: `stamper.py MASTER`. Chunks go to standard output, each behind a `HEADER` of its time in
nanoseconds and its length; an empty one says that the stamper reads. It ends when the PTY does,
or when standard input is closed.
"""

import os
import select
import struct
import sys
import time

HEADER = struct.Struct("<QI")
_READ_BYTES = 65536


def relay(master: int, stop: int, out: int) -> None:
    """Stamp what comes from `master` and pass it to `out`, until it ends or `stop` does."""
    _pass_on(out, HEADER.pack(time.monotonic_ns(), 0))
    while True:
        ready, _, _ = select.select([master, stop], [], [])
        if stop in ready:
            return
        try:
            data = os.read(master, _READ_BYTES)
        except BlockingIOError:
            continue
        except OSError:  # EIO: nobody holds the other side any more
            return
        stamp = time.monotonic_ns()
        if not data:
            return
        _pass_on(out, HEADER.pack(stamp, len(data)) + data)


def _pass_on(out: int, data: bytes) -> None:
    while data:
        data = data[os.write(out, data) :]


if __name__ == "__main__":
    relay(int(sys.argv[1]), 0, 1)
