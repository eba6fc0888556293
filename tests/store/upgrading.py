"""An upgrade that is killed at its places, one after the other, until it gets through.

Run as ``python -m tests.store.upgrading STORE MIGRATIONS NEW EVERY``: the store is one of
this version, the migrations have one more revision, `NEW`; each `EVERY`-th place is
tried. After each death the store must be the old one in schema and rows. Prints how often
it was killed.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from alembic import command, config  # noqa: F401 - so that no child has to

from console.store import checking, schema
from console.store.engine import migration_engine, open_store, upgrade_store
from tests.store import dump
from tests.store.crashes import let_go
from tests.store.deeds import Fuse


def _upgrade(url: str, migrations: str, new: str, places: int) -> int:
    """Try it in a process that is killed at that place; its status."""
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        schema.MIGRATIONS = Path(migrations)
        schema.KNOWN, schema.HEAD = (*schema.KNOWN, new), new  # type: ignore[assignment]
        Fuse(places).lay()
        assert upgrade_store(url)[1] == new
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _all(url: str) -> tuple[object, object]:
    engine = migration_engine(url)
    try:
        with engine.connect() as conn:
            return dump.schema(engine), dump.rows(conn)
    finally:
        engine.dispose()


def main(url: str, migrations: str, new: str, every: str) -> None:
    before, killed, stride = _all(url), 0, int(every)
    while status := _upgrade(url, migrations, new, killed * stride + 1):
        assert os.WIFSIGNALED(status), "it failed by itself"
        killed += 1
        let_go(url)
        if version_of(url) == new:
            break  # killed after it was through
        assert _all(url) == before, f"killed the {killed}. time: something is left of it"
        store = open_store(url)
        assert checking.check(store) == []
        store.close()
    sys.stdout.write(f"{killed}\n")


def version_of(url: str) -> str:
    """The revision that the store says it is of."""
    engine = migration_engine(url)
    try:
        return schema.version(engine)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
