"""Files and folders of the program's own: for their owner only, and nobody's trap.

What is made here is 0600 (folders 0700) whatever the umask. A file that is there is written
anew only when it is a plain one of ours: through a link, into a pipe or into what is
somebody else's nothing is written.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from console.domain.message import Problem, msg

FILE, FOLDER = 0o600, 0o700

UMASK = 0o077
"""Of the whole program: what libraries make is for its owner, too."""

_TRAPS = (errno.ELOOP, errno.ENXIO, errno.EISDIR)
"""What opening a link, a pipe that nobody reads and a folder is answered with."""


def folder(path: Path) -> None:
    """Make a folder, and those above it that are missing.

    Raises:
        OSError: it cannot be made.
    """
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=FOLDER, exist_ok=True)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def create(path: Path) -> int:
    """Make a new file; returns its handle, to write.

    Raises:
        FileExistsError: something is there, a link that leads nowhere included.
        OSError: it cannot be made.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE)
    os.fchmod(handle, FILE)
    return handle


def rewrite(path: Path) -> int:
    """Open a file of the program's own to write it anew; returns its handle.

    Raises:
        Problem: what is there is no plain file of ours: a link, a name of another file, a
            pipe, a folder, somebody else's. It is left as it is.
        OSError: it cannot be made or written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(path, flags, FILE)
    except OSError as error:
        if error.errno in _TRAPS:
            raise _not_ours(path) from error
        raise
    try:
        found = os.fstat(handle)
        ours = found.st_uid == os.geteuid() and found.st_nlink == 1
        if not (ours and stat.S_ISREG(found.st_mode)):
            raise _not_ours(path)
        os.fchmod(handle, FILE)
        os.ftruncate(handle, 0)
    except BaseException:
        os.close(handle)
        raise
    return handle


def narrowed(mode: int) -> int:
    """The rights that a file of ours keeps: its owner's, and its group's where the group may
    write it, too: that was done on purpose. Others have none.
    """
    return stat.S_IMODE(mode) & (0o770 if mode & stat.S_IWGRP else 0o700)


def narrow(path: Path) -> None:
    """Take from others what they may do with a file or folder of ours; what is not there, or
    is somebody else's, stays (`zhiban doctor` names it).
    """
    try:
        found = path.stat()
        if narrowed(found.st_mode) != stat.S_IMODE(found.st_mode):
            path.chmod(narrowed(found.st_mode))
    except OSError:
        return


def is_open(path: Path) -> bool:
    """Whether anybody but its owner may read or write what is there."""
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False


def _not_ours(path: Path) -> Problem:
    return Problem(msg("private.not_ours", file=str(path)))
