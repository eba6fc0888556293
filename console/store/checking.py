"""Is the store sound? Integrity, counts against a recount, backup and restore."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from console import private
from console.domain.incident import SERIALS
from console.domain.lifecycle import OPEN
from console.domain.message import Message, msg
from console.store import journal, rollups
from console.store.engine import Store, StoreProblem, Tx, as_url, shown, sqlite_path
from console.store.tables import hourly, incident, tally

_OPEN = [state.value for state in OPEN]


def check(store: Store, began: Callable[[Message], None] | None = None) -> list[Message]:
    """Everything that does not hold; empty when the store is sound.

    Args:
        store: the store.
        began: told of each part as its check begins; a great store takes minutes.
    """
    faults: list[Message] = []
    begin = began or _unheard
    with store.read() as tx:
        begin(msg("check.doing.database"))
        if tx.sqlite:
            for (words,) in tx.conn.exec_driver_sql("PRAGMA integrity_check"):
                if words != "ok":
                    faults.append(msg("check.integrity", reason=str(words)))
        begin(msg("check.doing.counts"))
        faults += _tally(tx)
        faults += _hourly(tx)
        begin(msg("check.doing.rollups"))
        if wrong_periods := rollups.wrong(tx):
            faults.append(
                msg(
                    "check.rollups",
                    periods=tuple(map(str, wrong_periods[:5])),
                    n=len(wrong_periods),
                )
            )
        wrong = tx.conn.execute(
            sa.select(sa.func.count())
            .select_from(incident)
            .where(
                incident.c.district == tx.district,
                (incident.c.is_open == 1) != incident.c.state.in_(_OPEN),
            )
        ).scalar_one()
        if wrong:
            faults.append(msg("check.open_flag", n=int(wrong)))
    begin(msg("check.doing.journal"))
    verdict = journal.verify(store)
    if verdict.fault is not None:
        faults.append(verdict.fault)
    return faults


def _unheard(part: Message) -> None:
    """Nobody watches."""


def _tally(tx: Tx) -> list[Message]:
    counted = {
        (row.state, row.field): int(row.n)
        for row in tx.conn.execute(
            sa.select(incident.c.state, incident.c.field, sa.func.count().label("n"))
            .where(incident.c.district == tx.district)
            .group_by(incident.c.state, incident.c.field)
        )
    }
    kept = {
        (row.state, row.field): int(row.n)
        for row in tx.conn.execute(
            sa.select(tally.c.state, tally.c.field, tally.c.n).where(
                tally.c.district == tx.district
            )
        )
        if row.n
    }
    return [] if counted == kept else [msg("check.tally")]


def _hourly(tx: Tx) -> list[Message]:
    day = incident.c.id // SERIALS
    counted = {
        (int(row.day), row.hour, row.field): int(row.n)
        for row in tx.conn.execute(
            sa.select(
                day.label("day"), incident.c.hour, incident.c.field, sa.func.count().label("n")
            )
            .where(incident.c.district == tx.district, incident.c.state != "merged")
            .group_by(day, incident.c.hour, incident.c.field)
        )
    }
    kept = {
        (row.day, row.hour, row.field): int(row.n)
        for row in tx.conn.execute(
            sa.select(hourly.c.day, hourly.c.hour, hourly.c.field, hourly.c.n).where(
                hourly.c.district == tx.district
            )
        )
        if row.n
    }
    return [] if counted == kept else [msg("check.hourly")]


def backup(store: Store, path: Path) -> None:
    """Copy a SQLite store while it is in use.

    Raises:
        StoreProblem: the store is a server's (use its own tools), or the file is there.
    """
    source = sqlite_path(store.url)
    if source is None:
        raise StoreProblem(msg("backup.server", store=shown(store.url)))
    try:
        os.close(private.create(path))
    except FileExistsError as error:
        raise StoreProblem(msg("backup.exists", path=str(path))) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreProblem(msg("backup.failed", path=str(path), reason=reason)) from error
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as old,
            contextlib.closing(sqlite3.connect(path)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        path.unlink(missing_ok=True)
        raise StoreProblem(msg("backup.failed", path=str(path), reason=str(error))) from error


def restore(url: str, path: Path) -> Path | None:
    """Put a backup in the place of a SQLite store; returns where the old one was kept.

    Raises:
        StoreProblem: the backup is no sound store, or the store is a server's.
    """
    target = sqlite_path(as_url(url))
    if target is None:
        raise StoreProblem(msg("backup.server", store=shown(as_url(url))))
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as c:
            sound = c.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            ours = c.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'journal_head'"
            ).fetchone()[0]
    except sqlite3.Error as error:
        raise StoreProblem(msg("backup.failed", path=str(path), reason=str(error))) from error
    if not (sound and ours):
        raise StoreProblem(msg("restore.not_sound", path=str(path)))
    fresh = target.with_name(f"{target.name}.restoring")
    with path.open("rb") as source, os.fdopen(private.rewrite(fresh), "wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        with _alone(target):
            kept = _put_aside(target) if target.exists() else None
            fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return kept


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Have a store's file for oneself, with nothing left in its log.

    Every console and gateway stands at its file all the time (`console.store.ground`), so SQLite
    itself says who else is there: a file leaves WAL mode only for whoever is alone with it.

    Raises:
        StoreProblem: others have it open; nothing was changed.
    """
    with contextlib.ExitStack() as held:
        if target.exists():
            old = sqlite3.connect(target, timeout=1, isolation_level=None)
            held.enter_context(contextlib.closing(old))
            try:
                old.execute("PRAGMA journal_mode=DELETE").fetchone()
                old.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise StoreProblem(msg("restore.in_use", store=str(target))) from error
            except sqlite3.DatabaseError:
                pass  # it is damaged: that is why it is replaced
        yield


def _put_aside(target: Path) -> Path:
    """Give what was there a name beside it; with its log, where that could not be emptied."""
    number = 1
    while (kept := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    try:
        kept.hardlink_to(target)  # so that there is always a store under the name
    except OSError:
        target.rename(kept)
    for suffix in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            target.with_name(target.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept
