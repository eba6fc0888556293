"""What is in a database, as plain values: its schema, and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

import sqlalchemy as sa
from sqlmodel import SQLModel

Rows: TypeAlias = "dict[str, list[tuple[object, ...]]]"


def schema(engine: sa.Engine) -> dict[str, object]:
    """Every table with columns, defaults, keys and indexes, as the database tells it."""
    found: dict[str, object] = {}
    with engine.connect() as conn:
        looked = sa.inspect(conn)
        for name in sorted(looked.get_table_names()):
            columns = [
                (c["name"], str(c["type"]), c["nullable"], str(c["default"]))
                for c in looked.get_columns(name)
            ]
            indexes = sorted(
                (str(i["name"]), tuple(i["column_names"]), bool(i["unique"]))
                for i in looked.get_indexes(name)
            )
            found[name] = (columns, looked.get_pk_constraint(name), indexes)
        if engine.dialect.name == "sqlite":
            found["sql"] = sorted(
                re.sub(r"\s+", "", str(row.sql)).replace('"', "")
                for row in conn.execute(
                    sa.text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
                )
            )
        else:
            found["sql"] = sorted(
                str(row[0])
                for row in conn.execute(
                    sa.text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
                )
            )
    return found


def rows(conn: sa.Connection, leave_out: Iterable[str] = ()) -> Rows:
    """Every row of every table, in order."""
    return {
        table.name: sorted(
            (tuple(row) for row in conn.execute(sa.select(table))), key=lambda row: repr(row)
        )
        for table in SQLModel.metadata.sorted_tables
        if table.name not in set(leave_out)
    }
