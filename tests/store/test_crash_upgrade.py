"""The way from one version's store to the next: broken off anywhere, and back by the backup."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from console.store import checking, journal, schema
from console.store.engine import migration_engine, open_store, upgrade_store
from tests.in_process import zhiban
from tests.store import dump
from tests.store.floor import a_fire, desk_at, ok
from tests.store.racers import ROOT

NEW = "later"

LATER = f'''"""A revision that does all that one may have to do."""

import sqlalchemy as sa
from alembic import op

revision = "{NEW}"
down_revision = "{schema.HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incident", sa.Column("later", sa.Text(), server_default="x", nullable=False))
    with op.batch_alter_table("unit", recreate="auto") as batch:
        batch.alter_column("load", new_column_name="sent_out")
    op.create_table("shift", sa.Column("name", sa.Text(), primary_key=True))
    op.execute("INSERT INTO shift (name) SELECT DISTINCT seat FROM journal")
    op.execute("UPDATE incident SET later = category")
    op.create_index("ix_incident_later", "incident", ["later"])
    op.drop_table("draft")
'''


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """The migrations of this version and one more."""
    later = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    (later / "versions" / "v9999_later.py").write_text(LATER, "utf-8")
    return later


def filled(url: str) -> None:
    """A store with a little of everything."""
    desk = desk_at(url)
    desk.receive([a_fire(n) for n in range(1, 30)])
    for line in ("接 1", "派 1 E301 P12", "E301 到场", "记 #1 三楼有人", "转 2 四平台 请处置"):
        ok(desk, line)
    desk.store.close()


def upgraded(url: str, migrations: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring a store to the next version, as the program of that version would."""
    before = schema.HEAD
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", migrations)
        newer.setattr(schema, "KNOWN", (*schema.KNOWN, NEW))
        newer.setattr(schema, "HEAD", NEW)
        assert upgrade_store(url) == (before, NEW)


def killed(url: str, migrations: Path, every: int) -> None:
    """Upgrade a store that is killed at each so many-th place."""
    filled(url)
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.upgrading", url, str(migrations), NEW, str(every)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    assert int(done.stdout) > 20 // every, "it was hardly ever killed"
    engine = migration_engine(url)
    with engine.connect() as conn:
        assert schema.version(engine) == NEW
        asked = sa.text("SELECT count(*) FROM incident WHERE later = category")
        assert conn.execute(asked).scalar_one() == 29
        assert conn.execute(sa.text("SELECT name FROM shift WHERE name = '一席'")).scalar_one()
        assert conn.execute(sa.text("SELECT sum(sent_out) FROM unit")).scalar_one() == 2
    engine.dispose()


def test_killed_at_some_places(store_url: str, migrations: Path) -> None:
    killed(store_url, migrations, 6)


@pytest.mark.deep
def test_killed_at_every_place(store_url: str, migrations: Path) -> None:
    killed(store_url, migrations, 1)


def test_a_newer_store_is_refused_in_a_sentence(
    store_url: str, migrations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store_url)
    upgraded(store_url, migrations, monkeypatch)
    for command, lang, words in (
        (["incidents"], "zh", "由更新版本建立"),
        (["do", "接 1", "--seat", "一席"], "en", "a newer version"),
        (["store", "upgrade"], "zh", "请升级程序"),
    ):
        done = zhiban(tmp_path, *command, "--store", store_url, "--lang", lang)
        assert done.returncode == 3, (command, done.stdout, done.stderr)
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_the_backup_leads_back(
    tmp_path: Path, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the page on the store says it: backup, upgrade; and if need be, restore."""
    url, backup = f"sqlite:///{tmp_path / 'store.sqlite'}", tmp_path / "before-upgrade.sqlite"
    filled(url)
    store = open_store(url)
    checking.backup(store, backup)
    with store.read() as tx:
        before, head = dump.rows(tx.conn), journal.head(tx)
    store.close()
    upgraded(url, migrations, monkeypatch)
    kept = checking.restore(url, backup)
    assert kept is not None
    engine = migration_engine(str(kept))
    assert schema.version(engine) == NEW
    engine.dispose()
    store = open_store(url)
    with store.read() as tx:
        assert (dump.rows(tx.conn), journal.head(tx)) == (before, head)
    assert checking.check(store) == []
    store.close()
