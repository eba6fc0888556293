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
        return f"zhiban_test_{os.getpid()}"

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
        """Throw out every table, and connections that a test has left open."""
        with psycopg.connect(plain(self.url, self.name), autocommit=True) as own:
            own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            own.execute("DROP SCHEMA public CASCADE")
            own.execute("CREATE SCHEMA public")
