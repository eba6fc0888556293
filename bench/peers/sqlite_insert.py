"""Peer: one row inserted and committed, fsynced, by plain `sqlite3`.

Usage: `sqlite_insert.py FILE COUNT`. FILE must not exist; put it on the disk of the store that it
is compared with. Writes the nanoseconds of each insert as a JSON list.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path


def insert_times(path: Path, count: int) -> list[int]:
    """Nanoseconds of each of `count` inserts, every one its own durable transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, at INTEGER, text TEXT)")
        times = []
        for number in range(count):
            began = time.perf_counter_ns()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO entry (at, text) VALUES (?, ?)", (number, f"派 P12 -> {number} " * 8)
            )
            connection.execute("COMMIT")
            times.append(time.perf_counter_ns() - began)
        return times
    finally:
        connection.close()


if __name__ == "__main__":
    print(json.dumps(insert_times(Path(sys.argv[1]), int(sys.argv[2]))))
