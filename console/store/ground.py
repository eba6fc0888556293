"""What a store in a file stands on: the file, its log and the log's index, as they were opened.

A program that has a file open goes on writing into it when somebody moves another one over
it, removes it, or takes its log away: nothing fails, and everything is lost. So a store looks
before it begins, before it commits and before it says so, whether what lies under its name is
still what it has open. That costs some microseconds: three names are looked up, and 132 bytes of
the index are read.

One connection stands here all the time and does nothing. While it is there SQLite takes no log
away, the number of a removed file is not given to a new one, and whoever wants the file for
himself (`restore`) finds that it is in use.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from dataclasses import dataclass
from pathlib import Path

from console.domain.message import Message, msg

_INDEX = struct.Struct("=12xBxHII16s8x48xI28xI")
"""Of the index (https://sqlite.org/walformat.html): whether it is there, bytes of a page, frames
of the log, pages of the database, checks and salt; how many frames were carried over, and how
many somebody has begun to carry over."""

_LOG_HEAD, _FRAME_HEAD = 32, 24
"""Bytes before the first frame of a log, and before a frame's page."""

_SMALLEST = 512
"""Bytes of the smallest page: a file that is shorter is no database any more."""


@dataclass(frozen=True, slots=True)
class _Index:
    """What the index of the log says at a moment."""

    page: int
    frames: int
    salt: bytes
    carried: int
    carrying: int

    @property
    def least(self) -> int:
        """Bytes that the log has at least, when nobody has cut it off."""
        return _LOG_HEAD + self.frames * (_FRAME_HEAD + self.page) if self.frames else 0


class Ground:
    """Looks whether a store's file is still the one that was opened.

    Args:
        path: the file; it is there, and in WAL mode.
        readonly: whether it may only be read.

    Raises:
        sqlite3.Error: it cannot be opened.
        OSError: it is gone.
    """

    def __init__(self, path: Path, readonly: bool) -> None:
        self._path = path
        real = path.resolve()  # SQLite's own files lie beside the file, not beside a link to it
        self._log = real.with_name(f"{real.name}-wal")
        self._index_at = real.with_name(f"{real.name}-shm")
        mode = "ro" if readonly else "rw"
        self._stand = sqlite3.connect(
            f"{real.as_uri()}?mode={mode}", uri=True, check_same_thread=False
        )
        try:
            self._stand.execute("PRAGMA schema_version").fetchone()
            self._opened = {at: _identity(os.stat(at)) for at in self._names()}
            self._index = _own(self._opened[self._index_at]) if self._has_index() else -1
        except BaseException:
            self._stand.close()
            raise
        self._written: tuple[tuple[bytes, int], tuple[int, int]] | None = None
        """How far the log was carried over, and size and time of the file then: these change
        only with it."""
        self._spoilt: Message | None = None

    def close(self) -> None:
        """Stand here no longer."""
        self._stand.close()

    def fault(self) -> Message | None:
        """What has become of the file; None while it is what was opened.

        May be called from any thread, and holds nothing up.
        """
        store = str(self._path)
        try:
            file = os.stat(self._path)
        except OSError:
            return msg("store.removed", store=store)
        if _identity(file) != self._opened[self._path]:
            return msg("store.replaced", store=store)
        if self._spoilt is not None or self._index < 0:
            return self._spoilt
        said = self._said()
        try:
            log, index = os.stat(self._log), os.stat(self._index_at)
        except OSError:
            return msg("store.log_lost", store=store)
        if (_identity(log), _identity(index)) != (
            self._opened[self._log],
            self._opened[self._index_at],
        ):
            return msg("store.log_lost", store=store)
        # Cut off or overwritten in its place: that is not mended by putting something back.
        if file.st_size < _SMALLEST:
            self._spoilt = msg("store.overwritten", store=store)
        elif said is not None:
            file = os.stat(self._path)
            if self._said() == said:  # nobody has done anything meanwhile
                self._spoilt = self._strange(said, log.st_size, (file.st_size, file.st_mtime_ns))
        return self._spoilt

    def _strange(self, said: _Index, log: int, file: tuple[int, int]) -> Message | None:
        """Whether the log is too short, or the file was written into by somebody else.

        Nobody writes into it but who carries the log over, and then the index says so.
        """
        if log < said.least:
            return msg("store.log_lost", store=str(self._path))
        if said.carried != said.carrying:
            self._written = None  # it is being carried over at this moment
            return None
        carried, before = (said.salt, said.carried), self._written
        self._written = carried, file
        if before is None or before[0] != carried or before[1] == file:
            return None
        return msg("store.overwritten", store=str(self._path))

    def _said(self) -> _Index | None:
        """The index as it is; None while somebody commits, or where there is none."""
        try:
            raw = os.pread(self._index, _INDEX.size, 0)
        except OSError:
            return None
        if len(raw) < _INDEX.size or raw[:48] != raw[48:96]:
            return None
        there, page, frames, _pages, checks, carried, carrying = _INDEX.unpack(raw)
        if not there:
            return None
        return _Index(65_536 if page == 1 else page, frames, checks[8:], carried, carrying)

    def _names(self) -> tuple[Path, ...]:
        log = (self._log, self._index_at) if self._has_index() else ()
        return (self._path, *log)

    def _has_index(self) -> bool:
        return self._index_at.exists() and self._log.exists()


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _own(identity: tuple[int, int]) -> int:
    """The descriptor under which SQLite has a file open in this process; -1 when there is none.

    It is borrowed, not opened: whoever closes a descriptor of a file gives all of his process's
    locks on that file away (POSIX), SQLite's among them.
    """
    for name in os.listdir("/dev/fd"):
        try:
            if _identity(os.fstat(int(name))) == identity:
                return int(name)
        except OSError:
            continue  # the one that has listed them
    return -1
