"""A test process leaves nothing: its home is a folder of its own, and it ends without children.

Whoever forgets to say where a store or a setting lies finds an empty home, and not the one of the
person who runs the tests.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_OF_A_PERSON = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")

_KNOWN = ("resource_tracker", "sys.stdin.readline()")
"""Python's own helper, and the workers of pytest-xdist."""

_home: list[Path] = []


def move_in() -> None:
    """Take an empty home, and forget what this person's environment says of the program."""
    _home.append(Path(tempfile.mkdtemp(prefix="zhiban-test-home-")))
    os.environ["HOME"] = str(_home[-1])
    for name in [*_OF_A_PERSON, *(one for one in os.environ if one.startswith("ZHIBAN_"))]:
        if not name.startswith(("ZHIBAN_TEST_", "ZHIBAN_DEEP")):
            os.environ.pop(name, None)


def move_out() -> list[str]:
    """Give the home back; what was left: files of the program in it, processes."""
    if not _home:
        return []
    home = _home.pop()
    left = [str(one.relative_to(home)) for one in home.rglob("*zhiban*")]
    shutil.rmtree(home, ignore_errors=True)
    return [*left, *children()]


def children() -> list[str]:
    """The processes that this one has started and that still run, where /proc tells."""
    found: list[str] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                line = stat.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append(line.strip() or stat.parent.name)
        except OSError:
            continue  # it has ended meanwhile
    return [one for one in found if not any(known in one for known in _KNOWN)]
