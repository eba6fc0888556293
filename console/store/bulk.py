"""Many rows at once: written as plain tuples, and looked up by long lists of keys.

What a million rows cost is mostly the making of values; a statement of SQLAlchemy's
own takes a dictionary a row, and PostgreSQL a message a row unless it is told to copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa

from console.store.engine import Tx

T = TypeVar("T")


def insert_many(
    tx: Tx,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    conflict: str = "",
) -> None:
    """Insert rows.

    Args:
        tx: a write transaction.
        table: where to.
        columns: names of the columns; what is left out gets the table's default.
        rows: the values, in the order of `columns`.
        conflict: an ``ON CONFLICT`` clause that both databases understand.
    """
    write_rows(tx, table.name, tuple(columns), rows, conflict)


def put(
    tx: Tx,
    table: sa.Table,
    columns: tuple[str, ...],
    rows: Iterable[tuple[object, ...]],
    conflict: str = "",
) -> None:
    """Insert rows that nothing reads before the page is over: then, or else at once."""
    later = tx.later
    if later.depth:
        later.rows.setdefault((table.name, columns, conflict), []).extend(rows)
    else:
        write_rows(tx, table.name, columns, list(rows), conflict)


def write_rows(
    tx: Tx,
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
    conflict: str = "",
) -> None:
    """As `insert_many`, into the table of this name."""
    if not rows:
        return
    if tx.sqlite or conflict or len(rows) == 1:
        statement = _insert(table, columns, conflict, tx.place)
        # Of one row SQLAlchemy makes an execute, which costs less than an executemany.
        tx.raw.exec_driver_sql(statement, rows[0] if len(rows) == 1 else list(rows))
    else:
        _copy(tx, f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], conflict: str, place: str) -> str:
    places = ", ".join([place] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) {conflict}"


def one_of(tx: Tx, column: sa.Column[T], values: Sequence[T]) -> sa.ColumnElement[bool]:
    """Whether a column is one of many values.

    PostgreSQL gets them as one array: it looks such a list up by hash, where it would
    compare parameters one after the other.
    """
    if tx.sqlite:
        return column.in_(values)
    return column == sa.any_(sa.literal(list(values), sa.ARRAY(column.type)))


def _copy(tx: Tx, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """PostgreSQL's way to take many rows, with errors as every other statement has them."""
    driver = tx.raw.dialect.import_dbapi()
    cursor: Any = tx.raw.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(statement, None, error, driver.Error) from error
