"""Many rows at once: written as plain tuples, and looked up by long lists of keys.

What a million rows cost is mostly the making of values; a statement of SQLAlchemy's
own takes a dictionary a row, and PostgreSQL a message a row unless it is told to copy.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    if not rows:
        return
    names = ", ".join(columns)
    if tx.sqlite or conflict or len(rows) == 1:
        places = ", ".join(["?" if tx.sqlite else "%s"] * len(columns))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({places}) {conflict}"
        tx.conn.exec_driver_sql(statement, list(rows))
    else:
        _copy(tx, f"COPY {table.name} ({names}) FROM STDIN", rows)


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
    driver = tx.conn.dialect.import_dbapi()
    cursor: Any = tx.conn.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(statement, None, error, driver.Error) from error
