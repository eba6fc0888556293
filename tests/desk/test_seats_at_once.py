"""Eight seats at the same incidents: one has each, nobody's work is lost, nobody is locked out."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from console.domain.clock import WallClock
from console.domain.filters import QueueFilter
from console.store import checking, queue
from console.store.engine import open_store
from console.store.queue import Selection
from tests.desk.seats_at_once import SEATS, Told, told_in
from tests.store import truths
from tests.store.books import open_books
from tests.store.racers import ROOT

LAWFUL = {
    "accept.taken",
    "dispatch.busy",
    "grammar.which_incident",  # merged with itself
    "level.same",
    "lifecycle.not_from",
    "merge.into_over",
    "merge.needs_two",
}
"""Why a line may be refused while others work: the state of things, never that they work."""


def work(url: str, folder: Path, count: int) -> dict[str, list[Told]]:
    """Let them work through that many incidents; what each seat was told."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.desk.seats_at_once", url, str(count), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    told = told_in(folder)
    assert {one.message for all_ in told.values() for one in all_ if not one.ok} <= LAWFUL
    return told


def one_has_each(told: dict[str, list[Told]], journal: list[truths.Row], count: int) -> None:
    """Whom the journal names is who was told so, and everybody else was told who."""
    entries = [entry for entry in journal if entry["verb"] == "accept"]
    has = {entry["incident"]: entry["seat"] for entry in entries}
    assert len(has) == len(entries), "accepted twice"
    won = {
        one.incident: seat for seat in SEATS for one in told[seat] if one.verb == "接" and one.ok
    }
    assert won == has
    taken = [one for all_ in told.values() for one in all_ if one.message == "accept.taken"]
    assert taken, "they never met"
    assert all(one.seat == has[one.incident] for one in taken)
    merged = {entry["incident"] for entry in journal if entry.get("to") == "merged"}
    received = {entry["incident"] for entry in journal if entry["verb"] == "receive"}
    assert len(received) == count
    assert received - set(has) <= merged, "an incident that nobody has"


def nothing_lost(told: dict[str, list[Told]], journal: list[truths.Row]) -> None:
    """What was confirmed to a seat is what the journal has of it, deed for deed, in order."""
    verbs = {"接": "accept", "派": "dispatch", "记": "note", "并": "merge", "级": "level"}
    verbs |= {"毕": "resolve", "结": "close"}
    for seat in SEATS:
        confirmed = [verbs[one.verb] for one in told[seat] if one.ok]
        first = [entry for entry in journal if entry["seat"] == seat and not entry.get("part_of")]
        assert [entry["verb"] for entry in first] == confirmed
        notes = [one.text for one in told[seat] if one.verb == "记" and one.ok]
        assert [entry["text"] for entry in first if entry["verb"] == "note"] == notes


def queue_is_the_recount(url: str, books: truths.Books) -> None:
    """The queue, page by page, is what the rows say."""
    now = WallClock().now()
    chosen, found = Selection(QueueFilter(), now), list[int]()
    store = open_store(url)
    with store.read() as tx:
        total, key = queue.total(tx, chosen), None
        while page := queue.page(tx, chosen, 50, after=key):
            found += [row.id for row in page]
            key = queue.key_of(page[-1])
    store.close()
    wanted = [
        (row["due"] >= now, row["priority"], row["due"], row["received"], row["id"])  # type: ignore[operator]
        for row in books.rows("incident")
        if row["is_open"]
    ]
    assert found == [row[-1] for row in sorted(wanted)]
    assert total == len(found) > 0


def at_once(url: str, folder: Path, count: int) -> None:
    told = work(url, folder, count)
    store = open_store(url)
    assert checking.check(store) == []
    store.close()
    with open_books(url) as books:
        journal = books.journal()
        one_has_each(told, journal, count)
        nothing_lost(told, journal)
        truths.History().follow(books)
        truths.incidents_hold(books)
        truths.reports_hold(books)
        truths.units_hold(books)
        truths.outbox_holds(books)
        queue_is_the_recount(url, books)
    lines = Counter(one.verb for all_ in told.values() for one in all_ if one.ok)
    # Which of them come to a merge, a level or an end depends on who was first where.
    assert {"接", "派", "记"} <= lines.keys() <= {"接", "派", "记", "并", "级", "毕", "结"}


def test_eight_seats_work_on_some_incidents(store_url: str, tmp_path: Path) -> None:
    at_once(store_url, tmp_path, 30)


@pytest.mark.deep
def test_eight_seats_work_on_a_thousand(store_url: str, tmp_path: Path) -> None:
    at_once(store_url, tmp_path, 1_000)
