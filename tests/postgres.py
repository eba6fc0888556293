"""A PostgreSQL for the tests: found, or asked for; one database a test process.

Nothing of the program is used here, so that a fault of the store cannot hide
itself from its own tests.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

import psycopg
from psycopg import sql

FOUND_AT = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
"""Where a PostgreSQL is looked for when nobody says where it is."""


PREFIX = "zhiban_test_"
"""How the databases of test processes are called; the number of the process follows."""


def plain(url: str, database: str | None = None) -> str:
    """The SQLAlchemy `url` as libpq reads it, optionally with another database."""
    parts = urlsplit(url)
    return urlunsplit(
        SplitResult("postgresql", parts.netloc, f"/{database}" if database else parts.path, "", "")
    )


def reached(url: str) -> str:
    """Why the server of `url` cannot be used; empty when it can.

    Waits two seconds at most.
    """
    try:
        psycopg.connect(plain(url), connect_timeout=2).close()
    except psycopg.OperationalError as error:
        return " ".join(str(error).split())
    return ""


@dataclass(frozen=True, slots=True)
class Database:
    """A database of this test process on the server of `url`; emptied for every test."""

    url: str

    @property
    def name(self) -> str:
        """Own to the process, so that parallel test processes do not meet."""
        return f"{PREFIX}{os.getpid()}"

    @property
    def own_url(self) -> str:
        """The SQLAlchemy URL of the process's database."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{self.name}", query=""))

    def create(self) -> None:
        """Make the database; one left by a process of the same number goes first."""
        self.drop()
        with psycopg.connect(plain(self.url), autocommit=True) as server:
            name = sql.Identifier(self.name)
            server.execute(sql.SQL("CREATE DATABASE {}").format(name))
            # No test pulls the server's plug, so none has to wait for its disk.
            server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(name))

    def drop(self) -> None:
        """Remove the database together with whoever is still connected to it."""
        with psycopg.connect(plain(self.url), autocommit=True) as server:
            server.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name))
            )

    def empty(self) -> None:
        """Throw out every table, and connections that a test has left open.

        Tables that are still as `console.store.schema.create` made them are not thrown out:
        they are emptied and laid aside, for `laid_out`.
        """
        with psycopg.connect(plain(self.url, self.name), autocommit=True) as own:
            own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if self._shape(own) == _SHAPES.get(self.name, "unknown"):
                own.execute(_EMPTIED)
                own.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
                own.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
            else:
                own.execute("DROP SCHEMA public CASCADE")
            own.execute("CREATE SCHEMA public")

    def learn(self) -> None:
        """The tables that are there are those of a new store: from now on they are kept."""
        with psycopg.connect(plain(self.url, self.name), autocommit=True) as own:
            _SHAPES[self.name] = self._shape(own)

    def _shape(self, own: psycopg.Connection[tuple[str, ...]]) -> str:
        try:
            found = own.execute(_SHAPE).fetchone()
        except psycopg.errors.UndefinedTable:
            return ""
        assert found is not None
        return found[0]


ASIDE = "aside"
"""The schema in which the tables of a new store lie while no test uses them."""

_SHAPES: dict[str, str] = {}

_SHAPE = """
SELECT md5(concat(
    (SELECT string_agg(concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid, a.atttypmod,
            a.attnotnull, pg_get_expr(d.adbin, d.adrelid)), ',' ORDER BY c.relname, a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped),
    (SELECT string_agg(indexdef, ',' ORDER BY indexname) FROM pg_indexes
        WHERE schemaname = 'public'),
    (SELECT string_agg(pg_get_constraintdef(oid), ',' ORDER BY conname, conrelid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
    (SELECT string_agg(pg_get_triggerdef(t.oid), ',' ORDER BY t.tgname, t.tgrelid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal),
    (SELECT string_agg(prosrc, ',' ORDER BY proname) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace),
    (SELECT string_agg(version_num, ',') FROM alembic_version)))
"""

_EMPTIED = """
DO $$
DECLARE one record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid::regclass AS name, pg_relation_size(oid) AS bytes FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP
        IF one.bytes > 1000000 THEN EXECUTE format('TRUNCATE %s CASCADE', one.name);
        ELSE EXECUTE format('DELETE FROM %s', one.name);
        END IF;
    END LOOP;
    FOR one IN SELECT c.oid::regclass AS name, s.seqstart FROM pg_class c
        JOIN pg_sequence s ON s.seqrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
    LOOP
        PERFORM setval(one.name, one.seqstart, false);
    END LOOP;
END $$
"""
