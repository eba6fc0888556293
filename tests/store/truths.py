"""What must be true of a store at any moment, read from its rows without the program's queries."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from console.desk.act.standing import REPORTS
from console.domain import stops
from console.domain.lifecycle import OPEN, TRANSITIONS
from console.store.tables import NO_DUE

Row: TypeAlias = "dict[str, object]"

_OPEN = {state.value for state in OPEN}
_OUT = {"dispatched", "enroute", "on_scene", "clearing"}
_MOVES = {(str(a), str(b)) for moves in TRANSITIONS.values() for a, b in moves.items()}

CHANGING = ("incident", "assignment", "unit", "step", "suggestion", "report", "trace", "source_ref")
"""What a verb may change, and undo must put back."""


class Books:
    """The rows of a SQLite store, table by table."""

    def __init__(self, path: Path) -> None:
        self._conn = sqlite3.connect(path)
        self._conn.row_factory = sqlite3.Row

    def close(self) -> None:
        self._conn.close()

    def rows(self, table: str) -> list[Row]:
        return [dict(row) for row in self._conn.execute(f"SELECT * FROM {table}")]

    def incidents(self) -> dict[int, Row]:
        return {_int(row["id"]): row for row in self.rows("incident")}

    def journal(self, after: int = 0) -> list[Row]:
        found = self._conn.execute("SELECT body FROM journal WHERE seq > ? ORDER BY seq", [after])
        return [json.loads(row[0]) for row in found]

    def head(self) -> int:
        return int(self._conn.execute("SELECT seq FROM journal_head").fetchone()[0])

    def snapshot(self) -> dict[str, list[Row]]:
        """Everything that a verb may change, but the versions."""
        found = {table: self.rows(table) for table in CHANGING}
        for row in found["incident"]:
            del row["version"]
        for rows in found.values():
            rows.sort(key=repr)
        return found


def _int(value: object) -> int:
    assert isinstance(value, int), value
    return value


def incidents_hold(books: Books) -> None:
    """State, flags, deadline and merging of every incident agree with each other."""
    all_ = books.incidents()
    open_steps: dict[int, list[Row]] = {}
    for row in books.rows("step"):
        if row["done"] is None:
            open_steps.setdefault(_int(row["incident"]), []).append(row)
    for id_, row in all_.items():
        state = str(row["state"])
        assert row["is_open"] == (state in _OPEN), row
        assert (row["merged_into"] is not None) == (state == "merged"), row
        assert (row["closed"] is not None) == (state in ("closed", "cancelled")), row
        if row["merged_into"] is not None:
            assert all_[_int(row["merged_into"])]["state"] != "merged", "a merge is flat"
        waiting = open_steps.get(id_, [])
        dues = [_int(run["due"]) for run in waiting if run["due"] is not None]
        loose = stops.expiry(json.loads(str(row["facts"])).items()) if state in _OPEN else None
        if state == "transferred":
            dues = []  # it waits for another system, which has its own clock
        elif loose is not None:
            dues.append(loose)
        assert row["due"] == min(dues, default=NO_DUE), row
        if state not in _OPEN:
            assert not waiting, f"{state} with open steps"
        elif row["playbook"]:
            assert waiting, f"nobody knows what comes next: {row}"
        if state in ("accepted", "active", "resolved"):
            assert row["seat"], row


def reports_hold(books: Books) -> None:
    """No report is lost or counted twice, whatever was merged and split."""
    all_ = books.incidents()
    own = Counter(_int(row["incident"]) for row in books.rows("report"))
    # What belongs to no incident (a signature that was used, an item of the tray) has none.
    kept = (_int(row["incident"]) for row in books.rows("source_ref"))
    refs = Counter(id_ for id_ in kept if id_)
    assert refs == own
    for id_, row in all_.items():
        family = [id_, *(i for i, other in all_.items() if other["merged_into"] == id_)]
        assert row["reports"] == sum(own[i] for i in family), row
        assert own[id_] >= 1


def units_hold(books: Books) -> None:
    """A unit is on one incident at most, and everybody agrees on which."""
    all_ = books.incidents()
    out: dict[str, list[Row]] = {}
    for row in books.rows("assignment"):
        assert row["is_out"] == (row["available"] is None), row
        if row["is_out"]:
            out.setdefault(str(row["call_sign"]), []).append(row)
            assert all_[_int(row["incident"])]["state"] in _OPEN, row
    for unit in books.rows("unit"):
        mine = out.pop(str(unit["call_sign"]), [])
        assert [row["incident"] for row in mine] == [
            i for i in [unit["incident"]] if i is not None
        ], unit
        assert (unit["status"] in _OUT) == bool(mine), unit
        if mine and unit["status"] != "dispatched":
            assert mine[0][str(unit["status"])] == unit["since"], (unit, mine)
        if unit["status"] != "on_scene":
            assert unit["check_due"] is None, unit
            assert not unit["check_missed"], unit
    assert not out, f"assignments of units that are not there: {out}"
    counted = Counter(_int(row["incident"]) for row in books.rows("assignment") if row["is_out"])
    for id_, incident in all_.items():
        assert incident["units"] == counted[id_], incident


def outbox_holds(books: Books) -> None:
    """Outbox and journal speak of the same orders, and of the same answers to them."""
    rows = {str(row["key"]): row for row in books.rows("outbox")}
    ordered, answered, taken_back = list[str](), dict[str, object](), set[str]()
    by_seq: dict[object, list[str]] = {}
    for entry in books.journal():
        if entry["verb"] == "receipt" and entry["status"] == "unknown":
            continue  # no answer: one may still come, or a person finds out
        if entry["verb"] == "receipt":
            assert entry["key"] not in answered, "answered twice"
            answered[str(entry["key"])] = entry["status"]
            continue
        before = entry.get("before")
        kept = str(before.get("orders", "")) if isinstance(before, dict) else ""
        keys = {key for key in (str(entry.get("key", "")), *kept.split("\n")) if key}
        by_seq[entry["seq"]] = sorted(keys)
        ordered += keys
        if entry["verb"] == "undo":
            taken_back.update(by_seq.get(entry["undoes"], []))
    assert len(ordered) == len(set(ordered)), "ordered twice"
    assert set(ordered) == set(rows)
    for key, row in rows.items():
        settled = row["state"] in ("confirmed", "refused")
        assert answered.get(key) == (row["state"] if settled else None), row
        if key not in taken_back:
            assert row["state"] != "withdrawn", row
        elif row["action"] not in REPORTS and row["state"] != "refused":
            # What merely told somebody of a deed does not keep it from being taken back.
            assert row["state"] == "withdrawn", row


class History:
    """Follows the journal, and what it says of every incident's state and version."""

    def __init__(self) -> None:
        self.seq = 0
        self._states: dict[int, str] = {}
        self._before: dict[int, str | None] = {}
        self._rows: dict[int, Row] = {}

    def follow(self, books: Books) -> None:
        """Read on: every change of state is lawful, and the rows are where it leads."""
        for entry in books.journal(self.seq):
            self.seq = _int(entry["seq"])
            id_ = entry.get("incident")
            if id_ is not None:
                self._entry(entry, _int(id_))
        rows = books.incidents()
        assert {id_: row["state"] for id_, row in rows.items()} == self._states
        for id_, row in rows.items():
            old = self._rows.get(id_)
            if old is not None and old != row:
                assert _int(row["version"]) > _int(old["version"]), row
        self._rows = rows

    def _entry(self, entry: Mapping[str, object], id_: int) -> None:
        verb, old = str(entry["verb"]), self._states.get(id_)
        self._before[_int(entry["seq"])] = old
        if verb == "receive" or (verb == "import" and "to" in entry):
            assert old is None
            self._states[id_] = str(entry["to"])
        elif verb == "undo":
            back = self._before[_int(entry["undoes"])]
            # A new incident that is taken back is cancelled as a mistake.
            self._states[id_] = "cancelled" if back is None else back
        elif verb != "status" and "to" in entry:
            new = str(entry["to"])
            assert entry["from"] == old, entry
            assert verb == "split" or (old, new) in _MOVES, entry
            self._states[id_] = new
