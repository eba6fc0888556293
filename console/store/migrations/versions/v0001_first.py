"""The first schema of the store.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "assignment",
    "counter",
    "draft",
    "hourly",
    "incident",
    "journal",
    "journal_head",
    "officer",
    "outbox",
    "report",
    "seat",
    "setting",
    "source_ref",
    "step",
    "suggestion",
    "tally",
    "trace",
    "unit",
    "unreadable",
)


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("call_sign", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("is_out", sa.Integer(), server_default="1", nullable=False),
        sa.Column("dispatched", sa.BigInteger(), nullable=True),
        sa.Column("enroute", sa.BigInteger(), nullable=True),
        sa.Column("on_scene", sa.BigInteger(), nullable=True),
        sa.Column("clearing", sa.BigInteger(), nullable=True),
        sa.Column("available", sa.BigInteger(), nullable=True),
        sa.Column("received", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("district", "month", "incident", "n", name="pk_assignment"),
    )
    op.create_index(
        "ix_assignment_out",
        "assignment",
        ["district", "call_sign"],
        unique=False,
        sqlite_where=sa.text("is_out = 1"),
        postgresql_where=sa.text("is_out = 1"),
    )
    op.create_table(
        "counter",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "name", name="pk_counter"),
    )
    op.create_table(
        "draft",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "seat", "kind", name="pk_draft"),
    )
    op.create_table(
        "hourly",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("district", "day", "hour", "field", name="pk_hourly"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "incident",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_open", sa.Integer(), server_default="1", nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("first_category", sa.Text(), server_default="", nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column("town", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("caller", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.Column("hour", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seat", sa.Text(), server_default="", nullable=False),
        sa.Column("playbook", sa.Text(), server_default="", nullable=False),
        sa.Column("alarm_level", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reports", sa.Integer(), server_default="1", nullable=False),
        sa.Column("units", sa.Integer(), server_default="0", nullable=False),
        sa.Column("severity", sa.Text(), server_default="", nullable=False),
        sa.Column("fraud_class", sa.Text(), server_default="", nullable=False),
        sa.Column("department", sa.Text(), server_default="", nullable=False),
        sa.Column("casualties", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deaths", sa.Integer(), server_default="0", nullable=False),
        sa.Column("injured", sa.Integer(), server_default="0", nullable=False),
        sa.Column("amount_lost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("amount_saved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("amount_at_risk", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("district", "month", "id", name="pk_incident"),
    )
    op.create_index(
        "ix_incident_due",
        "incident",
        ["district", "field", "due"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_incident_field",
        "incident",
        ["district", "field", "priority", "due", "received", "id"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_incident_merged",
        "incident",
        ["district", "merged_into"],
        unique=False,
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index(
        "ix_incident_queue",
        "incident",
        ["district", "priority", "due", "received", "id"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_incident_seat",
        "incident",
        ["district", "seat", "priority", "due", "received", "id"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_incident_state",
        "incident",
        ["district", "state", "priority", "due", "received", "id"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_incident_town",
        "incident",
        ["district", "town", "priority", "due", "received", "id"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open = 1"),
    )
    op.create_table(
        "journal",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("hash", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("district", "month", "seq", name="pk_journal"),
    )
    op.create_index("ix_journal_incident", "journal", ["district", "incident", "seq"], unique=False)
    op.create_index("ix_journal_seat", "journal", ["district", "seat", "seq"], unique=False)
    op.create_index("ix_journal_seq", "journal", ["district", "seq"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("district", name="pk_journal_head"),
    )
    op.create_table(
        "officer",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("badge", sa.Text(), server_default="", nullable=False),
        sa.Column("disabled", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("district", "name", name="pk_officer"),
    )
    op.create_table(
        "outbox",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=True),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("district", "key", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due", "outbox", ["district", "state", "next_at"], unique=False)
    op.create_index("ix_outbox_incident", "outbox", ["district", "incident"], unique=False)
    op.create_table(
        "report",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("occurred", sa.BigInteger(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("caller", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("likeness", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("district", "month", "incident", "n", name="pk_report"),
    )
    op.create_table(
        "seat",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.Text(), server_default="officer", nullable=False),
        sa.Column("officer", sa.Text(), server_default="", nullable=False),
        sa.Column("disabled", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("district", "name", name="pk_seat"),
    )
    op.create_table(
        "setting",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("district", "name", name="pk_setting"),
    )
    op.create_table(
        "source_ref",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("district", "source", "source_id", name="pk_source_ref"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "step",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("escalated", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("district", "month", "incident", "n", name="pk_step"),
    )
    op.create_index(
        "ix_step_waiting",
        "step",
        ["district", "due"],
        unique=False,
        sqlite_where=sa.text("done IS NULL AND escalated = 0 AND due IS NOT NULL"),
        postgresql_where=sa.text("done IS NULL AND escalated = 0 AND due IS NOT NULL"),
    )
    op.create_table(
        "suggestion",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.PrimaryKeyConstraint("district", "incident", "other", name="pk_suggestion"),
    )
    op.create_index("ix_suggestion_other", "suggestion", ["district", "other"], unique=False)
    op.create_table(
        "tally",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("district", "state", "field", name="pk_tally"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "trace",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "key", "received", "incident", name="pk_trace"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unit",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("call_sign", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("station", sa.Text(), server_default="", nullable=False),
        sa.Column("town", sa.Text(), server_default="", nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("status", sa.Text(), server_default="available", nullable=False),
        sa.Column("since", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=True),
        sa.Column("check_due", sa.BigInteger(), nullable=True),
        sa.Column("check_missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("load", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("district", "call_sign", name="pk_unit"),
    )
    op.create_table(
        "unreadable",
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("raw", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name="pk_unreadable"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE incident_words USING fts5("
            "tokens, content='', detail='none', tokenize='unicode61')"
        )
    else:
        op.execute(
            "CREATE TABLE incident_words (district VARCHAR NOT NULL, incident BIGINT NOT NULL, "
            "tokens TSVECTOR NOT NULL, CONSTRAINT pk_incident_words "
            "PRIMARY KEY (district, incident))"
        )
        op.execute("CREATE INDEX ix_incident_words_tokens ON incident_words USING gin (tokens)")


def downgrade() -> None:
    op.execute("DROP TABLE incident_words")
    for name in reversed(TABLES):
        op.drop_table(name)
