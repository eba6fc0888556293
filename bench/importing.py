"""The bench's import beside the console: a history that comes into the store until it is enough.

`python -m bench.importing STORE` writes `ready` when its file is there, and imports it until
standard input is closed.
"""

import os
import sys
import tempfile
import threading
from pathlib import Path

from bench.history import MAPPING, write_file
from console.desk.imports import Mode, import_table
from console.desk.ruleset import load
from console.domain.clock import WallClock
from console.store.engine import open_store

ROWS = 300_000
"""More than is imported while the console is measured."""


def main(path: Path) -> None:
    """Import until standard input is closed."""
    threading.Thread(target=_until_told, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="bench-importing-") as name:
        calls, mapping = Path(name) / "calls.csv", Path(name) / "calls.toml"
        write_file(calls, ROWS)
        mapping.write_text(MAPPING, encoding="utf-8")
        store, rules = open_store(str(path)), load()
        print("ready", flush=True)
        import_table(
            store, rules, WallClock(), calls, mapping, Mode.HISTORY, say=lambda reason: reason.id
        )
        store.close()


def _until_told() -> None:
    sys.stdin.read()
    # What was committed stays; the rest is given up, as when a terminal is closed.
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
