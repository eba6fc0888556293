"""A watch that is killed at a thousand moments, and must end as if it never had been.

Run as ``python -m tests.store.crashes STORE FOLDER SEED MOMENTS EACH``: watches of `EACH`
moments at which the program is killed (SIGKILL) and started again, `MOMENTS` in all. The
program is forked from this process, which has everything imported, so that a moment costs
little. Half of the moments are places in the program (before a statement, at a commit,
between doing and saying so), half are moments of time, which fall into the waits for
the disk. After each one everything that must be true of the store is looked at; at its
end a watch is laid beside the same one that nobody killed. Prints figures as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from console.store import checking, journal
from console.store.engine import open_store, sqlite_path
from console.store.tables import outbox
from tests import postgres
from tests.store import dump, truths
from tests.store.books import open_books
from tests.store.deeds import SEVERAL, Fuse, Life, kind

PLACES, MOMENT = 60, 0.06
"""How far into the next deeds a kill falls: in places, or in seconds."""

_NOT_COMPARED = ("draft", "journal")


@dataclass(slots=True)
class Figures:
    """What came of it, over all watches."""

    moments: int = 0
    deeds: int = 0
    entries: int = 0
    orders: int = 0
    sent_again: int = 0
    """Orders that were broken off while they were sent, and sent once more."""
    unsaid: int = 0
    """Deeds that were committed, and the program killed before it could say so."""
    at: Counter[str] = field(default_factory=Counter)
    """What was going on when it was killed."""


@dataclass(slots=True)
class Watch:
    """One watch: the store, how far it is, and what has been promised.

    `done` is the last deed that is known to be done; `end` the journal's end then.
    """

    url: str
    folder: Path
    seed: int
    figures: Figures
    life: int = 0
    done: int = 0
    end: tuple[int, str] = (0, "")
    history: truths.History = field(default_factory=truths.History)
    _settled: dict[str, int] = field(default_factory=dict)
    """Orders that were answered, and in which life."""

    def until_killed(self, dice: Random) -> None:
        """Live on until the program is killed, then look at what is left."""
        self.life += 1
        before, begun = self.end, self.done
        by_place = dice.random() < 0.5
        fuse = Fuse(dice.randint(1, PLACES * dice.choice((1, 3, 8))) if by_place else None)
        pid, said = self._start(fuse, begun + 1, begun + 10_000)
        if not by_place:
            self._hear(said, dice.randint(0, 8))
            time.sleep(dice.uniform(0, MOMENT))
            os.kill(pid, 9)
        self._hear(said, None)
        os.close(said)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), "it ended by itself"
        let_go(self.url)
        self._look(before)

    def to_the_end(self, last: int) -> None:
        """Live on to a deed without being killed, and look."""
        self.life += 1
        before = self.end
        pid, said = self._start(Fuse(None), self.done + 1, last)
        self._hear(said, None)
        os.close(said)
        _, status = os.waitpid(pid, 0)
        assert status == 0, "it did not get to the end"
        let_go(self.url)
        self._look(before)

    def _start(self, fuse: Fuse, first: int, last: int) -> tuple[int, int]:
        hear, say = os.pipe()
        pid = os.fork()
        if pid:
            os.close(say)
            return pid, hear
        try:
            os.close(hear)
            fuse.lay()

            def tell(n: int, seq: int, digest: str) -> None:
                os.write(say, f"{n} {seq} {digest}\n".encode())

            Life(self.url, self.seed, self.folder, self.life, fuse, tell).live(first, last)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def _hear(self, said: int, acks: int | None) -> None:
        """Take down what is acknowledged: that many, or all until nobody speaks any more."""
        while acks is None or acks > 0:
            line = _line(said)
            if not line:
                return
            n, seq, digest = line.split()
            self.done, self.end = int(n), (int(seq), digest)
            if acks is not None:
                acks -= 1

    def _look(self, before: tuple[int, str]) -> None:
        store = open_store(self.url)
        assert checking.check(store) == []
        with store.read() as tx:
            now = journal.head(tx)
        store.close()
        with open_books(self.url) as books:
            kept = {row["seq"]: row["hash"] for row in books.rows("journal")}
            for promised in (before, self.end):
                assert promised[0] == 0 or kept.get(promised[0]) == promised[1], "it was forgotten"
            self.history.follow(books)
            truths.incidents_hold(books)
            truths.units_hold(books)
            truths.outbox_holds(books)
            self._sent(books)
        going = kind(self.seed, self.done + 1)
        self.figures.at[going] += 1
        if now[0] > self.end[0] and going not in SEVERAL:
            # It was done, and there was no time left to say so.
            self.done += 1
            self.figures.unsaid += 1
        self.end = now

    def _sent(self, books: truths.Books) -> None:
        """An order went out once a life at most, always as the same, and as it stands there."""
        notebook = self.folder / "notebook"
        lines = notebook.read_text().splitlines() if notebook.exists() else []
        sent = [line.split("\t") for line in lines]
        once = Counter((life, key) for life, key, _ in sent)
        assert set(once.values()) <= {1}, "sent twice in one life"
        bodies = {(key, said) for _, key, said in sent}
        keys = {key for key, _ in bodies}
        assert len(bodies) == len(keys), "the same key, another order"
        states = {str(row["key"]): str(row["state"]) for row in books.rows("outbox")}
        settled = {key for key, state in states.items() if state in ("confirmed", "refused")}
        assert settled <= keys, "settled and never sent"
        assert all(states[key] in ("sending", "confirmed", "refused") for key in keys)
        for life, key, _ in sent:
            if key in self._settled:
                assert int(life) <= self._settled[key], "sent after it was settled"
        for key in settled:
            self._settled.setdefault(key, self.life)
        self.figures.sent_again += sum(states[key] == "sending" for key in keys)


def let_go(url: str) -> None:
    """Wait until the server has noticed a death, too: what was on its way may still be done."""
    if sqlite_path(url) is not None:
        return
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with psycopg.connect(postgres.plain(url), autocommit=True) as own:
        while (left := own.execute(others).fetchone()) and left[0]:
            time.sleep(0.002)


def _line(said: int) -> str:
    found = bytearray()
    while not found.endswith(b"\n"):
        byte = os.read(said, 1)
        if not byte:
            return ""
        found += byte
    return found.decode()


def differences(one: dump.Rows, other: dump.Rows) -> list[tuple[object, ...]]:
    """Rows that only one of them has, a few of every table."""
    found = list[tuple[object, ...]]()
    for name in one:
        here, there = Counter(one[name]), Counter(other[name])
        found += [("only here", name, *row) for row in list(here - there)[:3]]
        found += [("only there", name, *row) for row in list(there - here)[:3]]
    return found


def contents(url: str) -> tuple[tuple[int, str], dump.Rows]:
    """Everything that the same deeds must leave behind: the chain's end and the rows."""
    store = open_store(url)
    with store.read() as tx:
        rows, end = dump.rows(tx.conn, _NOT_COMPARED), journal.head(tx)
    store.close()
    at = [column.name for column in outbox.columns].index("attempts")
    # A count that was broken off is begun once more, under the next number.
    rows["counter"] = [row for row in rows["counter"] if "counting:" not in str(row)]
    rows["outbox"] = [row[:at] + row[at + 1 :] for row in rows["outbox"]]
    return end, rows


def watch(url: str, folder: Path, seed: int, moments: int, figures: Figures) -> None:
    """One watch with that many deaths, and the same once more without."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    dice = Random(f"kill {seed}")
    killed = Watch(url, folder, seed, figures)
    for _ in range(moments):
        killed.until_killed(dice)
        figures.moments += 1
    last = killed.done + 5
    killed.to_the_end(last)
    quiet = folder / "quiet"
    quiet.mkdir()
    whole = Watch(f"sqlite:///{quiet / 'store.sqlite'}", quiet, seed, Figures())
    whole.to_the_end(last)
    (end, rows), (quiet_end, quiet_rows) = contents(url), contents(whole.url)
    assert not (found := differences(rows, quiet_rows)), f"not as without being killed: {found}"
    assert end == quiet_end, "another journal than without being killed"
    figures.deeds += last
    figures.entries += killed.end[0]
    figures.orders += len(rows["outbox"])


def _empty(url: str) -> None:
    path = sqlite_path(url)
    if path is not None:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return
    with psycopg.connect(postgres.plain(url), autocommit=True) as own:
        own.execute("DROP SCHEMA public CASCADE")
        own.execute("CREATE SCHEMA public")


def warm() -> None:
    """Import and read in this process what its children will need: rules, verbs, grammar."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        life = Life(str(folder / "store.sqlite"), 1, folder, 0, Fuse(None), lambda *_: None)
        life.live(1, 40)


def main(url: str, folder: str, seed: str, moments: str, each: str) -> None:
    warm()
    figures, left, number = Figures(), int(moments), int(seed)
    while left > 0:
        some = min(left, int(each))
        _empty(url)
        try:
            watch(url, Path(folder), number, some, figures)
        except BaseException as error:
            error.add_note(f"seed {number}, after {figures.moments} moments")
            raise
        left, number = left - some, number + 1
    shown = {name: getattr(figures, name) for name in Figures.__dataclass_fields__}
    json.dump(shown, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
