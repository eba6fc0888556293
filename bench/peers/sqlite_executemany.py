"""Peer: what an import wrote, written again by plain `sqlite3.executemany`.

Usage: `sqlite_executemany.py STORE FILE`. The tables, indexes and rows of STORE are read into
memory first; then they are written to FILE, which must not exist, in one transaction with the
indexes in place. The full-text index is left out, so this is a floor. Writes the seconds of the
writing as JSON.
"""

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path


def rewrite_seconds(store: Path, path: Path) -> float:
    """Seconds that it takes to fill the tables of `store`, made anew in `path`."""
    with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as source:
        kinds = {name: kind for _, name, kind, *_ in source.execute("PRAGMA main.table_list")}
        plain = {
            name
            for name, kind in kinds.items()
            if kind == "table" and not name.startswith("sqlite_")
        }
        schema = source.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        ).fetchall()
        rows = {name: source.execute(f'SELECT * FROM "{name}"').fetchall() for name in plain}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        for table, sql in schema:
            if table in plain:
                connection.execute(sql)
        began = time.perf_counter_ns()
        connection.execute("BEGIN IMMEDIATE")
        for name, content in rows.items():
            if content:
                places = ",".join("?" * len(content[0]))
                connection.executemany(f'INSERT INTO "{name}" VALUES ({places})', content)
        connection.execute("COMMIT")
        return (time.perf_counter_ns() - began) / 1e9


if __name__ == "__main__":
    print(json.dumps(rewrite_seconds(Path(sys.argv[1]), Path(sys.argv[2]))))
