"""The ledger of residents' points.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "points_entry",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("of", sa.Text(), server_default="", nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name="pk_points_entry"),
    )
    op.create_index("ix_points_entry_key", "points_entry", ["district", "key"], unique=True)
    op.create_index("ix_points_entry_of", "points_entry", ["district", "of"])
    op.create_index("ix_points_entry_source", "points_entry", ["district", "source", "id"])
    op.create_index("ix_points_entry_target", "points_entry", ["district", "target", "id"])


def downgrade() -> None:
    op.drop_table("points_entry")
