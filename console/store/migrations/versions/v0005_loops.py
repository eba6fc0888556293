"""What is open by playbook, what there is by category, and the pictures that reports named.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_open = sa.text("is_open = 1")
    op.create_index(
        "ix_incident_loop",
        "incident",
        ["district", "playbook", "due", "received", "id"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_incident_risk", "incident", ["district", "category", "state"])
    op.create_table(
        "photo",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("district", "incident", "report", "n", name="pk_photo"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("photo")
    op.drop_index("ix_incident_risk", table_name="incident")
    op.drop_index("ix_incident_loop", table_name="incident")
