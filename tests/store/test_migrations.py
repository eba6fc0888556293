"""Both ways to a schema lead to the same one, and an older store keeps what is in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from console.store import checking, journal, schema
from console.store.engine import (
    StoreProblem,
    migration_engine,
    open_store,
    upgrade_store,
)
from tests.store import dump
from tests.store.floor import a_fire, desk_at, ok

NEXT = f"{int(schema.HEAD) + 1:04}"
"""The revision that may come after ours."""

LATER = f'''"""A later revision."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{schema.HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incident", sa.Column("later", sa.Text(), server_default="x", nullable=False))
'''


def to_before_the_first(url: str) -> None:
    """A store that Alembic knows and that has no table yet."""
    engine = migration_engine(url)
    with engine.connect() as conn, conn.begin():
        conn.execute(
            sa.text(
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
        )
    engine.dispose()


def everything_gone(url: str) -> None:
    """Take every migration back."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["url"] = url
    command.downgrade(config, "base")


def schema_of(url: str) -> dict[str, object]:
    engine = migration_engine(url)
    try:
        return dump.schema(engine)
    finally:
        engine.dispose()


def test_migrated_is_the_same_as_made(store_url: str) -> None:
    open_store(store_url).close()
    made = schema_of(store_url)
    everything_gone(store_url)
    assert upgrade_store(store_url) == ("", schema.HEAD)
    assert schema_of(store_url) == made


def test_migrated_has_what_the_models_say(store_url: str) -> None:
    to_before_the_first(store_url)
    schema.upgrade(store_url)
    engine = migration_engine(store_url)
    with engine.connect() as conn:
        context = MigrationContext.configure(
            conn,
            opts={
                "compare_type": True,
                # The word index is no model: each database has its own kind.
                "include_name": lambda name, kind, _parents: (
                    kind != "table" or not str(name).startswith("incident_words")
                ),
            },
        )
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_a_migrated_store_works(store_url: str) -> None:
    to_before_the_first(store_url)
    with pytest.raises(StoreProblem) as refused:
        open_store(store_url)
    assert refused.value.message.id == "store.older"
    upgrade_store(store_url)
    desk = desk_at(store_url)
    desk.receive([a_fire(1)])
    ok(desk, "接 1")
    assert checking.check(desk.store) == []
    desk.store.close()


def test_upgrade_of_the_newest_changes_nothing(store_url: str) -> None:
    open_store(store_url).close()
    before = schema_of(store_url)
    assert upgrade_store(store_url) == (schema.HEAD, schema.HEAD)
    assert schema_of(store_url) == before


def test_every_revision_is_known_and_the_last_is_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    revisions = [one.revision for one in script.walk_revisions()]
    assert tuple(reversed(revisions)) == schema.KNOWN
    assert script.get_heads() == [schema.HEAD]


def test_an_older_store_keeps_what_is_in_it(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(store_url)
    desk.receive([a_fire(1), a_fire(2)])
    ok(desk, "接 1")
    with desk.store.read() as tx:
        before = dump.rows(tx.conn)
    desk.store.close()

    old = schema.HEAD
    later = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    (later / "versions" / f"v{NEXT}_later.py").write_text(LATER, "utf-8")
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    monkeypatch.setattr(schema, "KNOWN", (*schema.KNOWN, NEXT))
    monkeypatch.setattr(schema, "HEAD", NEXT)
    with pytest.raises(StoreProblem) as refused:
        open_store(store_url)
    assert refused.value.message.id == "store.older"
    assert upgrade_store(store_url) == (old, NEXT)

    store = open_store(store_url)
    with store.read() as tx:
        assert dump.rows(tx.conn) == before
    assert journal.verify(store).fault is None
    store.close()

    monkeypatch.undo()
    for act in (open_store, upgrade_store):
        with pytest.raises(StoreProblem) as refused:
            act(store_url)
        assert refused.value.message.id == "store.newer"


def test_a_migration_that_fails_leaves_nothing_behind(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(store_url).close()
    before = schema_of(store_url)
    later = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    failing = f"{LATER}    op.execute('INSERT INTO nowhere VALUES (1)')\n"
    (later / "versions" / f"v{NEXT}_later.py").write_text(failing, "utf-8")
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    monkeypatch.setattr(schema, "KNOWN", (*schema.KNOWN, NEXT))
    monkeypatch.setattr(schema, "HEAD", NEXT)
    with pytest.raises(StoreProblem):
        upgrade_store(store_url)
    monkeypatch.undo()
    assert schema_of(store_url) == before
    open_store(store_url).close()
