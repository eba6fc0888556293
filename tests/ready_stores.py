"""New stores without the wait: the tables are made once a process, and copied.

Making the tables takes a twentieth of a second on SQLite and more on PostgreSQL, most of it
SQLAlchemy writing the same statements again. `install` puts a copy in the place of
`console.store.schema.create`; `tests/store/test_opening.py` holds the copy against the real one.
"""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from console.store import schema
from tests import postgres

make = schema.create
"""The real one."""

_copies: dict[str, sqlite3.Connection] = {}


def install() -> None:
    """From now on new stores of this process are copies."""
    schema.create = copy


def copy(engine: sa.Engine) -> None:
    """Make the tables of a new store, as `console.store.schema.create` does."""
    if engine.dialect.name == "sqlite":
        _copy_file(engine)
    else:
        _lay_out(engine)


def _copy_file(engine: sa.Engine) -> None:
    kept = _copies.get("sqlite")
    with engine.connect() as conn:
        own = conn.connection.dbapi_connection
        assert isinstance(own, sqlite3.Connection)
        if kept is None:
            make(engine)
            memory = sqlite3.connect(":memory:", check_same_thread=False)
            own.backup(memory)
            _copies["sqlite"] = memory
        elif not own.execute("SELECT 1 FROM sqlite_master").fetchall():
            kept.backup(own)


def _lay_out(engine: sa.Engine) -> None:
    """Take the tables that an earlier test has left, or make them."""
    with engine.connect() as conn, conn.begin():
        there = sa.text("SELECT to_regnamespace(:aside) IS NOT NULL")
        if conn.execute(there, {"aside": postgres.ASIDE}).scalar_one():
            conn.exec_driver_sql("DROP SCHEMA public")
            conn.exec_driver_sql(f"ALTER SCHEMA {postgres.ASIDE} RENAME TO public")
            return
    make(engine)
    name = engine.url.database
    if name is not None and name.startswith(postgres.PREFIX):
        postgres.Database(engine.url.render_as_string(hide_password=False)).learn()
