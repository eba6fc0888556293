"""What residents say in the group.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_message",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("sender_id", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("photos", sa.Text(), server_default="[]", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("faq_id", sa.Text(), server_default="", nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name="pk_group_message"),
    )
    op.create_index(
        "ix_group_message_source", "group_message", ["district", "source_id"], unique=True
    )
    op.create_index("ix_group_message_state", "group_message", ["district", "state", "id"])
    op.create_index("ix_group_message_sender", "group_message", ["district", "sender_id", "id"])
    linked = sa.text("incident IS NOT NULL")
    op.create_index(
        "ix_group_message_incident",
        "group_message",
        ["district", "incident"],
        sqlite_where=linked,
        postgresql_where=linked,
    )


def downgrade() -> None:
    op.drop_table("group_message")
