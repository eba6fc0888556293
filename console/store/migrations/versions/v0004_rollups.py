"""Rollups of the figures, and the triggers that say which days are old.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
Every day that has incidents is old at first; the gateway counts it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SUMS = (
    "n",
    "casualties",
    "deaths",
    "injured",
    "amount_lost",
    "amount_saved",
    "amount_at_risk",
)
_INCIDENT = (
    "state, field, hour, town, category, severity, fraud_class, outcome, alarm_level, "
    "casualties, deaths, injured, amount_lost, amount_saved, amount_at_risk, received"
)
_ASSIGNMENT = "received, dispatched, enroute, on_scene, available"
_WATCHED = (("incident", "id", _INCIDENT), ("assignment", "incident", _ASSIGNMENT))


def upgrade() -> None:
    op.create_table(
        "rollup",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("dim", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in _SUMS),
        sa.PrimaryKeyConstraint("district", "period", "field", "dim", "key", name="pk_rollup"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_interval",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("interval", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "district", "period", "field", "interval", name="pk_rollup_interval"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_stale",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", "day", name="pk_rollup_stale"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO rollup_stale (district, day) "
        "SELECT DISTINCT district, id / 10000000 FROM incident"
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, id_, columns in _WATCHED:
        for statement in (_sqlite if sqlite else _postgresql)(table, id_, columns):
            op.execute(statement)


def _sqlite(table: str, id_: str, columns: str) -> list[str]:
    made = []
    for name, event, row in (
        ("insert", "INSERT", "NEW"),
        ("update", f"UPDATE OF {columns}", "NEW"),
        ("delete", "DELETE", "OLD"),
    ):
        made.append(
            f"CREATE TRIGGER stale_{table}_{name} AFTER {event} ON {table} BEGIN "
            "INSERT INTO rollup_stale (district, day) "
            f"SELECT {row}.district, {row}.{id_} / 10000000 WHERE NOT EXISTS "
            f"(SELECT 1 FROM rollup_stale WHERE district = {row}.district "
            f"AND day = {row}.{id_} / 10000000); END"
        )
    return made


def _postgresql(table: str, id_: str, columns: str) -> list[str]:
    made = [
        f"CREATE FUNCTION stale_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO rollup_stale (district, day) "
        f"SELECT DISTINCT district, {id_} / 10000000 FROM changed "
        "ON CONFLICT DO NOTHING; RETURN NULL; END $$"
    ]
    for name, which in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        made.append(
            f"CREATE TRIGGER stale_{table}_{name} AFTER {name.upper()} ON {table} "
            f"REFERENCING {which} TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION stale_{table}()"
        )
    return made


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, _, _ in _WATCHED:
        for name in ("insert", "update", "delete"):
            on = "" if sqlite else f" ON {table}"
            op.execute(f"DROP TRIGGER stale_{table}_{name}{on}")
        if not sqlite:
            op.execute(f"DROP FUNCTION stale_{table}()")
    op.drop_table("rollup_stale")
    op.drop_table("rollup_interval")
    op.drop_table("rollup")
