"""How an incident ended, why it burnt, and when the person at risk was first spoken to.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
The rollups count these too, so their triggers watch them, and every day is counted anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = (
    "state, field, hour, town, category, severity, fraud_class, outcome, alarm_level, "
    "casualties, deaths, injured, amount_lost, amount_saved, amount_at_risk, received"
)
_AFTER = _BEFORE.replace("outcome, ", "outcome, result, cause, contacted, ")


def upgrade() -> None:
    op.add_column("incident", sa.Column("result", sa.Text(), server_default="", nullable=False))
    op.add_column("incident", sa.Column("cause", sa.Text(), server_default="", nullable=False))
    op.add_column("incident", sa.Column("contacted", sa.BigInteger(), nullable=True))
    _watch(_AFTER)
    _count_anew()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER stale_incident_update")
    for name in ("contacted", "cause", "result"):
        op.drop_column("incident", name)
    if op.get_bind().dialect.name == "sqlite":
        _trigger(_BEFORE)
    _count_anew()


def _watch(columns: str) -> None:
    """Only SQLite's trigger names its columns."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER stale_incident_update")
        _trigger(columns)


def _trigger(columns: str) -> None:
    op.execute(
        f"CREATE TRIGGER stale_incident_update AFTER UPDATE OF {columns} ON incident BEGIN "
        "INSERT INTO rollup_stale (district, day) "
        "SELECT NEW.district, NEW.id / 10000000 WHERE NOT EXISTS "
        "(SELECT 1 FROM rollup_stale WHERE district = NEW.district "
        "AND day = NEW.id / 10000000); END"
    )


def _count_anew() -> None:
    for table in ("rollup", "rollup_interval", "rollup_stale"):
        op.execute(f"DELETE FROM {table}")
    op.execute(
        "INSERT INTO rollup_stale (district, day) "
        "SELECT DISTINCT district, id / 10000000 FROM incident"
    )
