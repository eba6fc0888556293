"""Opening the operational database, and the two ways to touch it: `read` and `write`.

One code path for SQLite (WAL, ``synchronous=FULL``) and PostgreSQL. A write is one
transaction that holds the district's lock from its first statement (``BEGIN
IMMEDIATE`` on SQLite, the row of the journal's head on PostgreSQL), so that what a
verb reads inside it cannot change under its feet.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlmodel import SQLModel

from adapters.secret import redacted
from console import private
from console.domain.message import Message, msg
from console.extras import command
from console.store import courtesy, schema, tables, turn
from console.store.ground import Ground
from console.store.later import Later
from console.store.problem import End, StoreProblem, UnsureProblem

BUSY_SECONDS = 10.0
"""How long a writer waits for another process to finish before it gives up."""

UNSURE_SECONDS = 5.0
"""How long it is asked whether a change was written whose answer was lost."""

_LOG_BYTES = 32 * 1_024 * 1_024
"""How far the write-ahead log grows before who keeps house carries it over.

In a large store a page of reports changes a thousand pages here and there: at SQLite's
own 4 MiB nearly every commit would carry the log over, and wait for it.
"""

_INDEX_BYTES = 32_768
"""Bytes of the smallest index of a write-ahead log."""

_LOG_KEPT = 1_024 * 1_024
"""What is left of the log's file when it begins anew."""

_CARRY_SECONDS = 1.0
"""Seconds between two times that it is carried over: a reader may keep it from beginning anew."""

_LOG_PAGES = 32_000
"""How far it grows (four times that) where nobody keeps house, before who commits does it."""

SEAT_CACHE_KIB = 2 * 1_024
"""What a connection keeps of a SQLite file in memory."""

DEFAULT_ZONE = "Asia/Shanghai"

_SQLITE, _POSTGRESQL = "sqlite:///", "postgresql+psycopg://"


@dataclass(frozen=True, slots=True)
class Tx:
    """An open transaction and whose data it is about."""

    raw: sa.Connection
    """The connection as it is: for what need not see what a page has gathered."""
    district: str
    zone: ZoneInfo
    later: Later = field(default_factory=Later)
    """What is gathered while a page of reports is taken in."""

    @property
    def conn(self) -> sa.Connection:
        """The connection, with everything that was gathered so far written down."""
        if self.later.depth and self.later.waiting:
            self.later.settle()
        return self.raw

    @property
    def sqlite(self) -> bool:
        """Whether the database is SQLite (for the few statements that differ)."""
        return self.raw.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """How the driver marks a place for a value in a statement written as text."""
        return "?" if self.sqlite else "%s"


_END = sa.select(tables.journal_head.c.seq, tables.journal_head.c.hash).where(
    tables.journal_head.c.district == sa.bindparam("district")
)
_LOCK = _END.with_for_update()
_KEPT = sa.select(tables.journal.c.hash).where(
    tables.journal.c.district == sa.bindparam("district"),
    tables.journal.c.seq == sa.bindparam("seq"),
)


class Store:
    """The operational database of one district.

    Use `open_store` to make one. Threads may share it: every transaction has a
    connection of its own, and writers of one process take turns.
    """

    def __init__(
        self,
        engine: sa.Engine,
        url: str,
        district: str,
        zone: ZoneInfo,
        readonly: bool,
        ground: Ground | None = None,
        full: bool = False,
    ) -> None:
        self.engine = engine
        self.url = url
        self.district = district
        self.zone = zone
        self.readonly = readonly
        # On PostgreSQL a reader would otherwise see another moment with every statement.
        self._reading = (
            engine
            if engine.dialect.name == "sqlite"
            else engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )
        self._ground = ground
        self._full = full
        """Whether it is read-only because its disk takes no more."""
        self._known = End(0, "")
        """The end of the journal that was read or confirmed last."""
        self._door = turn.Door()
        self._carry_at = 0.0
        self._written = threading.Event()

    @contextlib.contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees one moment of the store.

        Raises:
            StoreProblem: the database is gone, damaged or locked.
        """
        self._stand()
        with (
            _as_problem(self.url, reading=True),
            self._reading.connect() as conn,
            conn.begin(),
        ):
            yield Tx(conn, self.district, self.zone)

    def look(self) -> None:
        """Look whether the store is still there, and still the one that was opened.

        Raises:
            StoreProblem: it is not.
        """
        known = self._known
        with self.read() as tx:
            self._holds(tx, known)

    @contextlib.contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Tx]:
        """A transaction that changes the store: all of it or nothing.

        Args:
            patient: whether it has time: it gives way to officers of this process, and lets
                those of others in after it. What it does inside should take some
                milliseconds, for nobody can take the writer from it.

        Raises:
            StoreProblem: as `read`, and when the store is read-only or full.
        """
        if self.readonly and self._full:
            raise StoreProblem(msg("store.full_at_opening", store=self.shown))
        if self.readonly:
            raise StoreProblem(msg("store.readonly", store=self.shown))
        if patient:
            courtesy.HERE.give_way()
        options = {"zhiban_write": True, "zhiban_patient": patient}
        self._stand()
        with self._door.turn(patient), _as_problem(self.url):
            with self.engine.connect().execution_options(**options) as conn, conn.begin() as begun:
                tx = Tx(conn, self.district, self.zone)
                before = self._holds(tx, self._known)
                yield tx
                if tx.later.waiting:
                    raise RuntimeError("a page of reports was given up, its transaction was not")
                end, lost = self._end(conn), None
                self._stand()
                try:
                    begun.commit()
                except DBAPIError as error:
                    if not error.connection_invalidated or end == before:
                        raise
                    lost = error
            if lost is not None:
                self._ask_for(end, lost)
            self._stand()  # what nobody can find any more is not confirmed
            self._known = end
            self._written.set()
        if patient:
            self.carry_over()

    def _stand(self) -> None:
        """Refuse to go on when the file is not the one that was opened any more."""
        fault = self._ground.fault() if self._ground is not None else None
        if fault is not None:
            raise StoreProblem(fault)

    def became(self, end: End) -> bool:
        """Whether a change whose answer was lost was written; whoever may be at it is waited for.

        Args:
            end: of the journal, if it was.

        Raises:
            StoreProblem: that cannot be found out now.
        """
        with _as_problem(self.url), self.engine.connect() as conn, conn.begin():
            self._end(conn, lock=True)
            return self._hash_at(conn, end.seq) == end.hash

    def _ask_for(self, end: End, lost: DBAPIError) -> None:
        """The server was lost behind a commit: find out whether it was written.

        Raises:
            UnsureProblem: nobody can say.
            StoreProblem: it was not.
        """
        until = time.monotonic() + UNSURE_SECONDS
        while True:
            try:
                written = self.became(end)
                break
            except StoreProblem as problem:
                if time.monotonic() > until:
                    unsure = msg("store.unsure", store=self.shown)
                    raise UnsureProblem(unsure, end) from problem
            time.sleep(0.2)
        if not written:
            raise StoreProblem(_reason(self.url, lost)) from lost

    def _hash_at(self, conn: sa.Connection, seq: int) -> str | None:
        """The hash of a place in the journal; None when there is no entry."""
        place = {"district": self.district, "seq": seq}
        return conn.execute(_KEPT, place).scalar_one_or_none()

    def _holds(self, tx: Tx, known: End) -> End:
        """Refuse to go on when the journal has lost what was confirmed: it is another's, or older.

        On a server the transaction that writes takes the district's lock with it.

        Returns:
            The journal's end.
        """
        writes = bool(tx.raw.get_execution_options().get("zhiban_write"))
        end = self._end(tx.raw, lock=writes and not tx.sqlite)
        if known.seq:
            kept = self._hash_at(tx.raw, known.seq)
            if kept != known.hash or end.seq < known.seq:
                raise StoreProblem(msg("store.went_back", store=self.shown, seq=known.seq))
        if end.seq > self._known.seq:
            self._known = end
        return end

    def _end(self, conn: sa.Connection, *, lock: bool = False) -> End:
        """The journal's end as it stands in the database."""
        found = conn.execute(_LOCK if lock else _END, {"district": self.district}).one_or_none()
        return End(int(found.seq), str(found.hash)) if found is not None else End(0, "")

    def carry_over(self) -> None:
        """Carry a long write-ahead log over into the file, beside whoever writes.

        Who keeps house does this, so that an officer's commit does not have to.

        Raises:
            StoreProblem: as `read`.
        """
        path, now = sqlite_path(self.url), time.monotonic()
        if path is None or self.readonly or now < self._carry_at or not _is_long(_log_of(path)):
            return
        self._carry_at = now + _CARRY_SECONDS
        with _as_problem(self.url):
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()
            finally:
                raw.close()

    def wait_for_write(self, seconds: float) -> bool:
        """Wait until this process has written something; False when nothing came."""
        came = self._written.wait(seconds)
        self._written.clear()
        return came

    @property
    def remote(self) -> bool:
        """Whether it is a server, which may be out of reach or say nothing."""
        return sqlite_path(self.url) is None

    @property
    def shown(self) -> str:
        """Where it is, as it may be shown: without a password."""
        return shown(self.url)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        if self._ground is not None:
            self._ground.close()


def open_store(
    url: str,
    *,
    district: str = "XS",
    zone: str | None = None,
    readonly: bool = False,
    create: bool = True,
    busy: float = BUSY_SECONDS,
    answer: float | None = None,
) -> Store:
    """Open a store, and make it when it is not there yet.

    Args:
        url: a path, ``sqlite:///…`` or ``postgresql+psycopg://…``.
        district: the district's code, part of every key.
        zone: the center's IANA time zone. A store remembers the one it was made
            with, because days and hours of its numbers depend on it.
        readonly: open without changing anything.
        create: make a store that does not exist.
        busy: how many seconds to wait for another process that is writing.
        answer: how many seconds a server may take for an answer; None waits for it.

    Raises:
        StoreProblem: it cannot be opened; the sentence says why and what to do.
    """
    full = as_url(url)
    path = sqlite_path(full)
    cramped = False
    if path is not None:
        readonly = _prepare_file(path, readonly, create)
        cramped = not _room_beside(path)
        readonly = readonly or cramped
        if not readonly:
            _leave_others_alone(full, path, busy)
    with _as_problem(full):
        engine = _engine(full, readonly, busy, answer)
        try:
            found = schema.state(engine)
            if found is schema.Found.EMPTY and create and not readonly:
                schema.create(engine)
            elif found is not schema.Found.CURRENT:
                raise StoreProblem(msg(f"store.{found.value}", store=shown(full)))
            kept = _district_zone(engine, full, district, zone, readonly)
            ground = _ground(path, readonly)
        except BaseException:
            engine.dispose()
            raise
    return Store(engine, full, district, kept, readonly, ground, cramped)


def as_url(store: str) -> str:
    """A store given as a path or a URL, as a URL.

    Raises:
        StoreProblem: it is the URL of something that cannot be a store.
    """
    if "://" not in store:
        return f"{_SQLITE}{Path(store).expanduser().absolute()}"
    url = store.replace("postgresql://", _POSTGRESQL, 1)
    try:
        ours = url.startswith((_SQLITE, _POSTGRESQL)) and sa.engine.make_url(url) is not None
    except (sa.exc.ArgumentError, ValueError):
        ours = False
    if not ours:
        # It cannot be taken apart, so whatever could be a password is left out.
        without = redacted(re.sub(r"//.*@", "//***@", store))
        raise StoreProblem(msg("store.bad_url", store=without, reason="sqlite:///, postgresql://"))
    return url


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL, None for a server."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def shown(url: str) -> str:
    """The store as it may be shown: without a password."""
    path = sqlite_path(url)
    if path is not None:
        return str(path)
    return redacted(sa.engine.make_url(url).render_as_string(hide_password=True))


def upgrade_store(url: str) -> tuple[str, str]:
    """Bring a store to the schema of this program; returns the versions before and after.

    Args:
        url: a path or a URL, as `open_store` takes it.

    Raises:
        StoreProblem: it is newer, not ours, or cannot be opened.
    """
    full = as_url(url)
    path = sqlite_path(full)
    if path is not None and _prepare_file(path, readonly=False, create=False):
        raise StoreProblem(msg("store.readonly", store=shown(full)))
    if path is not None:
        _leave_others_alone(full, path)
    with _as_problem(full):
        engine = _engine(full, readonly=False)
        try:
            found = schema.state(engine)
            if found not in (schema.Found.CURRENT, schema.Found.OLDER):
                raise StoreProblem(msg(f"store.{found.value}", store=shown(full)))
            before = schema.version(engine)
        finally:
            engine.dispose()
        if found is schema.Found.OLDER:
            schema.upgrade(full)
    return before, schema.HEAD


def districts(url: str) -> list[str]:
    """The districts that a store holds.

    Args:
        url: a path or a URL of a store of this schema.

    Raises:
        StoreProblem: it cannot be opened.
    """
    full, setting = as_url(url), tables.setting
    with _as_problem(full):
        engine = _engine(full, readonly=False)
        try:
            with engine.connect() as conn, conn.begin():
                found = conn.execute(
                    sa.select(setting.c.district).where(setting.c.name == "zone")
                ).scalars()
                return sorted(found)
        finally:
            engine.dispose()


def migration_engine(url: str) -> sa.Engine:
    """An engine for Alembic: the same settings, whatever is in the database."""
    return _engine(as_url(url), readonly=False)


def _prepare_file(path: Path, readonly: bool, create: bool) -> bool:
    """Look at the file before SQLite does. Returns whether it must be read-only."""
    try:
        found = path.stat()
    except FileNotFoundError:
        found = None
    except OSError as error:  # a file where a folder should be, a name that is too long
        raise StoreProblem(_no_folder(path, error)) from error
    if found is not None:
        if stat.S_ISDIR(found.st_mode):
            raise StoreProblem(msg("store.is_folder", store=str(path)))
        if not os.access(path, os.R_OK):
            raise StoreProblem(msg("store.no_access", store=str(path)))
        if not stat.S_ISREG(found.st_mode) or _starts_otherwise(path):
            raise StoreProblem(msg("store.not_sqlite", store=str(path)))
        if not readonly:
            for one in (path, _log_of(path), path.with_name(f"{path.name}-shm")):
                private.narrow(one)
        return readonly or not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK)
    if readonly or not create:
        raise StoreProblem(msg("store.missing", store=str(path)))
    try:
        private.folder(path.parent)
        # SQLite's own files beside it get the rights of this one.
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.close(private.create(path))
    except OSError as error:
        raise StoreProblem(_no_folder(path, error)) from error
    return False


def _ground(path: Path | None, readonly: bool) -> Ground | None:
    """What a store in a file stands on; None for a server, and where each reader opens it anew."""
    if path is None or (readonly and not _in_use(path) and not _beside(path)):
        return None
    try:
        return Ground(path, readonly)
    except OSError as error:
        raise StoreProblem(msg("store.removed", store=str(path))) from error


def _leave_others_alone(url: str, path: Path, busy: float = BUSY_SECONDS) -> None:
    """Refuse another program's database before it is touched.

    Our connections switch on the write-ahead log, which a file remembers (its 19th
    byte). A file that has it already can be looked at as it is opened.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        if file.read(19)[18:] != b"\x01":
            return
    with _as_problem(url):
        engine = _engine(url, readonly=True, busy=busy)
        try:
            found = schema.state(engine)
        finally:
            engine.dispose()
    if found in (schema.Found.FOREIGN, schema.Found.NEWER):
        raise StoreProblem(msg(f"store.{found.value}", store=shown(url)))


def _in_use(path: Path) -> bool:
    """Whether SQLite's own files lie beside a file: somebody has it open, or was killed."""
    # An attempt on a full disk leaves an empty log and an index that is too short.
    for name, least in (("-wal", 1), ("-shm", _INDEX_BYTES)):
        with contextlib.suppress(OSError):
            if path.with_name(path.name + name).stat().st_size >= least:
                return True
    return False


def _beside(path: Path) -> bool:
    """Whether SQLite can put its own files beside a file: it may, and there is room for them."""
    return os.access(path.parent, os.W_OK) and _room_beside(path)


def _room_beside(path: Path) -> bool:
    """Whether the disk has room for SQLite's own files; they are there while one is in use.

    Without them a file in WAL mode cannot even be read in the usual way.
    """
    if not path.exists() or _in_use(path) or not os.access(path, os.W_OK):
        return True
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as file:
            file.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        return _kind(error) != "store.full"
    return True


def _log_of(path: Path) -> Path:
    """The write-ahead log of a SQLite file: there while anybody may be writing."""
    return path.with_name(f"{path.name}-wal")


def _is_long(log: Path) -> bool:
    try:
        return log.stat().st_size > _LOG_BYTES
    except FileNotFoundError:
        return False


def _starts_otherwise(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(16)
    return bool(start) and start != b"SQLite format 3\x00"


def _no_folder(path: Path, error: OSError) -> Message:
    return msg("store.no_folder", store=str(path), reason=error.strerror or str(error))


def _server(url: str, busy: float, answer: float | None) -> sa.Engine:
    tables.for_postgresql()
    try:
        from console.store import server

        engine = sa.create_engine(
            url,
            pool_pre_ping=True,
            pool_size=4,
            max_overflow=8,
            pool_timeout=busy,
            connect_args=server.options(busy, answer),
        )
    except ImportError as error:
        brings = command("postgres")
        raise StoreProblem(msg("extra.missing", module="psycopg", command=brings)) from error
    except sa.exc.ArgumentError as error:
        reason = redacted(str(error))
        raise StoreProblem(msg("store.bad_url", store=shown(url), reason=reason)) from error

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: object, _record: object, args: list[str], given: dict[str, object]
    ) -> object:
        found = server.connect(answer, *args, **given)
        unfit = server.unfit(found, shown(url))
        if unfit is not None:
            found.close()
            raise StoreProblem(unfit)
        return found

    return engine


def _engine(
    url: str, readonly: bool, busy: float = BUSY_SECONDS, answer: float | None = None
) -> sa.Engine:
    path = sqlite_path(url)
    if path is None:
        return _server(url, busy, answer)
    mode = "ro" if readonly else "rwc"

    def connect() -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        if readonly and not _in_use(path) and not _beside(path):
            # SQLite cannot put its own files beside it, and nobody has it open for writing.
            uri += "&immutable=1"
        return sqlite3.connect(uri, uri=True, timeout=busy, check_same_thread=False)

    if readonly and not _in_use(path) and not _beside(path):
        # Whether anybody writes is asked each time: a connection that was told that nobody does
        # would never see what is written later.
        engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool)
    else:
        # The last one used is used again: its pages are in memory, and the others stay small.
        engine = sa.create_engine(
            "sqlite://", creator=connect, poolclass=sa.pool.QueuePool, pool_use_lifo=True
        )

    @event.listens_for(engine, "connect")
    def _set_up(dbapi: sqlite3.Connection, _record: object) -> None:
        # SQLAlchemy's begin event below opens the transactions, not the driver.
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        if not readonly:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
            cursor.execute(f"PRAGMA journal_size_limit={_LOG_KEPT}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute(f"PRAGMA cache_size=-{SEAT_CACHE_KIB}")
        cursor.execute("PRAGMA mmap_size=0")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(conn: sa.Connection) -> None:
        if conn.get_execution_options().get("zhiban_write"):
            dbapi = conn.connection.dbapi_connection
            assert isinstance(dbapi, sqlite3.Connection)
            turn.begin(dbapi, busy, bool(conn.get_execution_options().get("zhiban_patient")))
        else:
            conn.exec_driver_sql("BEGIN")

    return engine


def _district_zone(
    engine: sa.Engine, url: str, district: str, zone: str | None, readonly: bool
) -> ZoneInfo:
    """The zone that the store was made with; written down the first time."""
    with engine.connect() as conn, conn.begin():
        kept = _kept_zone(conn, url, district)
    if kept is None and not readonly:
        chosen = _zone(zone or DEFAULT_ZONE)
        with engine.connect().execution_options(zhiban_write=True) as conn, conn.begin():
            # Once more: another process may have been faster.
            kept = _kept_zone(conn, url, district)
            if kept is None:
                kept = chosen.key
                row: dict[str, object] = {"district": district, "name": "zone", "value": kept}
                insert_new(conn, tables.setting, [row])
                head: dict[str, object] = {"district": district, "seq": 0, "hash": ""}
                insert_new(conn, tables.journal_head, [head])
    if kept is None:
        kept = zone or DEFAULT_ZONE
    if zone is not None and zone != kept:
        raise StoreProblem(msg("store.other_zone", kept=kept, asked=zone))
    return _zone(kept)


def _kept_zone(conn: sa.Connection, url: str, district: str) -> str | None:
    """The zone written down for the district, None when it is new here.

    Raises:
        StoreProblem: it is a file, and another district's. One file holds one
            district: the word index and the order of the journal go by row numbers.
    """
    setting = tables.setting
    found = conn.execute(
        sa.select(setting.c.district, setting.c.value).where(setting.c.name == "zone")
    )
    zones = {row.district: str(row.value) for row in found}
    if conn.dialect.name == "sqlite" and zones and district not in zones:
        raise StoreProblem(
            msg("store.other_district", store=shown(url), kept=next(iter(zones)), asked=district)
        )
    return zones.get(district)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StoreProblem(msg("store.bad_zone", zone=name)) from error


def insert_new(conn: sa.Connection, table: sa.Table, rows: list[dict[str, object]]) -> None:
    """Insert rows and leave those alone whose key is already there."""
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        conn.execute(sqlite_insert(table).on_conflict_do_nothing(), rows)
    else:
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        conn.execute(pg_insert(table).on_conflict_do_nothing(), rows)


def add_to(tx: Tx, table: sa.Table, key: dict[str, object], column: str, by: int) -> int:
    """Add `by` to a counting column and return its new value.

    The row is made when it is not there. Written as text, which both databases
    understand: it is done several times for every report that comes in.
    """
    names = [*key, column]
    places = ", ".join([tx.place] * len(names))
    statement = (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE "
        f"SET {column} = {table.name}.{column} + excluded.{column} RETURNING {column}"
    )
    return int(tx.conn.exec_driver_sql(statement, (*key.values(), by)).scalar_one())


@contextlib.contextmanager
def _as_problem(url: str, *, reading: bool = False) -> Iterator[None]:
    """Turn the drivers' errors into a sentence.

    A value that the database cannot hold is no trouble of the store: it stays what it is.

    Args:
        url: of the store.
        reading: nothing was to be written, and the sentence does not speak of that.
    """
    try:
        yield
    except DataError:
        raise
    except (DBAPIError, sqlite3.Error, sa.exc.TimeoutError) as error:
        raise StoreProblem(_reason(url, error, reading=reading)) from error


_UNREAD = {
    "store.locked": "store.unread_locked",
    "store.full": "store.unread_full",
    "store.gone": "store.unread_gone",
}
"""The same for who only reads."""


def not_to_be_had(error: BaseException) -> bool:
    """Whether a database was locked or out of reach: nothing is said of what is in it."""
    lost = isinstance(error, sa.exc.TimeoutError) or getattr(error, "connection_invalidated", False)
    return lost or _kind(error) == "store.locked"


def _reason(url: str, error: BaseException, *, reading: bool = False) -> Message:
    kind = _kind(error)
    if reading:
        kind = _UNREAD.get(kind, kind)
    return msg(kind, store=shown(url), reason=redacted(_said(error)))


def _said(error: BaseException) -> str:
    """What the driver says, in one line."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__


_KINDS = (
    (("database is locked", "database table is locked", "lock timeout"), "store.locked"),
    (("readonly database", "read-only"), "store.readonly"),
    (("disk is full", "no space left", "disk i/o error"), "store.full"),
    (("malformed", "not a database", "corrupt", "could not decode"), "store.damaged"),
    (("unable to open", "connection refused", "connection failed", "could not"), "store.gone"),
)


def _kind(error: BaseException) -> str:
    """The id of the sentence for a driver's error."""
    low = _said(error).lower()
    for words, message_id in _KINDS:
        if any(word in low for word in words):
            return message_id
    gone = isinstance(error, OperationalError | sa.exc.TimeoutError)
    return "store.gone" if gone else "store.failed"


__all__ = ["SQLModel", "Store", "StoreProblem", "Tx", "add_to", "insert_new", "open_store"]
