"""Which days' rollups are old: triggers say so, whatever way an incident was changed.

A trigger and not a call, because a forgotten call would be a wrong figure.
"""

from __future__ import annotations

import sqlalchemy as sa

from console.domain.incident import SERIALS

INCIDENT = (
    "state",
    "field",
    "hour",
    "town",
    "category",
    "severity",
    "fraud_class",
    "outcome",
    "result",
    "cause",
    "contacted",
    "alarm_level",
    "casualties",
    "deaths",
    "injured",
    "amount_lost",
    "amount_saved",
    "amount_at_risk",
    "received",
)
"""Columns of an incident that its rollups are made from."""

ASSIGNMENT = ("received", "dispatched", "enroute", "on_scene", "available")
"""The same of an assignment."""

_WATCHED = (("incident", "id", INCIDENT), ("assignment", "incident", ASSIGNMENT))


def create(conn: sa.Connection) -> None:
    """Make the triggers of a new store."""
    for statement in statements(conn.dialect.name):
        conn.exec_driver_sql(statement)


def statements(dialect: str) -> list[str]:
    """The statements that make the triggers in a database of a dialect."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    made = []
    for table, id_, columns in _WATCHED:
        for name, event, row in (
            ("insert", "INSERT", "NEW"),
            ("update", f"UPDATE OF {', '.join(columns)}", "NEW"),
            ("delete", "DELETE", "OLD"),
        ):
            made.append(
                f"CREATE TRIGGER stale_{table}_{name} AFTER {event} ON {table} BEGIN "
                "INSERT INTO rollup_stale (district, day) "
                f"SELECT {row}.district, {row}.{id_} / {SERIALS} WHERE NOT EXISTS "
                f"(SELECT 1 FROM rollup_stale WHERE district = {row}.district "
                f"AND day = {row}.{id_} / {SERIALS}); END"
            )
    return made


def _postgresql() -> list[str]:
    made = []
    for table, id_, _columns in _WATCHED:
        mark = (
            "INSERT INTO rollup_stale (district, day) "
            f"SELECT DISTINCT district, {id_} / {SERIALS} FROM changed ON CONFLICT DO NOTHING"
        )
        made.append(
            f"CREATE FUNCTION stale_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {mark}; RETURN NULL; END $$"
        )
        for name, which in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
            # One call a statement, not one a row. PostgreSQL does not let such a trigger
            # name columns, so every change of a row marks its day.
            made.append(
                f"CREATE TRIGGER stale_{table}_{name} AFTER {name.upper()} ON {table} "
                f"REFERENCING {which} TABLE AS changed "
                f"FOR EACH STATEMENT EXECUTE FUNCTION stale_{table}()"
            )
    return made
