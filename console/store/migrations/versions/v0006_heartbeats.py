"""When each terminal was last heard.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("missed", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("town", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("district", "system", "device", name="pk_heartbeat"),
    )
    op.create_index("ix_heartbeat_seen", "heartbeat", ["district", "system", "seen"])


def downgrade() -> None:
    op.drop_table("heartbeat")
