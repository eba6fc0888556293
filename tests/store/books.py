"""`tests.store.truths.Books` of either kind of store, read beside the program's own queries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from console.store.engine import sqlite_path
from tests import postgres
from tests.store.truths import Books, Row


class ServerBooks(Books):
    """The rows of a store on PostgreSQL, table by table."""

    def __init__(self, url: str) -> None:
        self._server = psycopg.connect(postgres.plain(url), autocommit=True)

    def close(self) -> None:
        self._server.close()

    def rows(self, table: str) -> list[Row]:
        asked = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
        with self._server.cursor(row_factory=dict_row) as cursor:
            return list(cursor.execute(asked))

    def journal(self, after: int = 0) -> list[Row]:
        asked = "SELECT body FROM journal WHERE seq > %s ORDER BY seq"
        return [json.loads(row[0]) for row in self._server.execute(asked, [after])]

    def head(self) -> int:
        (found,) = self._server.execute("SELECT seq FROM journal_head").fetchone() or (0,)
        return int(found)


@contextmanager
def open_books(url: str) -> Iterator[Books]:
    """The rows of the store at `url`, as they are now."""
    path = sqlite_path(url)
    books = Books(path) if path is not None else ServerBooks(url)
    try:
        yield books
    finally:
        books.close()
