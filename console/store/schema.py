"""The schema's version: made at once for a new store, migrated for an old one.

A new store is created from the tables and stamped; an older one is upgraded by
Alembic (``zhiban store upgrade``). A test proves that both ways lead to the same
schema. Alembic is imported only when something has to be migrated.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from console.store import stale, words

HEAD = "0009"
"""The revision that this program works with."""

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every revision that there has been, oldest first."""

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x7A68_6962
"""The key of PostgreSQL's advisory lock: one process at a time makes or changes the schema."""


class Found(Enum):
    """What `state` found in the database."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


def state(engine: sa.Engine) -> Found:
    """Whether the database is ours, and of which age."""
    with engine.connect() as conn, conn.begin():
        names = set(sa.inspect(conn).get_table_names()) - {"spatial_ref_sys"}
        if not names:
            return Found.EMPTY
        if "alembic_version" not in names:
            return Found.FOREIGN
        version = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if version is None and names == {"alembic_version"}:
        return Found.OLDER  # taken back to before the first revision
    if "journal_head" not in names:
        return Found.FOREIGN
    if version == HEAD:
        return Found.CURRENT
    return Found.OLDER if version in KNOWN else Found.NEWER


def version(engine: sa.Engine) -> str:
    """The revision that a store of ours is stamped with; empty before the first one."""
    with engine.connect() as conn, conn.begin():
        return str(conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def lock(conn: sa.Connection) -> None:
    """Hold other processes off the schema until the transaction ends.

    On SQLite ``BEGIN IMMEDIATE`` has done it already.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def create(engine: sa.Engine) -> None:
    """Make every table of a new store and stamp it with `HEAD`."""
    with engine.connect().execution_options(zhiban_write=True) as conn, conn.begin():
        lock(conn)
        if "alembic_version" in sa.inspect(conn).get_table_names():
            return  # another process was faster
        SQLModel.metadata.create_all(conn)
        words.create(conn)
        stale.create(conn)
        conn.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        conn.execute(
            sa.text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD}
        )


def upgrade(url: str) -> None:
    """Bring a store of any known age to `HEAD` with Alembic.

    Args:
        url: SQLAlchemy URL of the store.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")
