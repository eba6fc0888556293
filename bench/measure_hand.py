"""Measures of the hand: a verb, a filter, a search and a key, at rest and on a busy console.

Each of them from the key (Enter, or down) until the change stands on the screen, in sessions of
their own on a fresh copy of a store, in turn: whatever mood the machine is in meets all four.

- *at rest*: nothing else goes on; every day is counted, every deadline is caught up with.
- *after the start*: from the moment when verbs can be done, on a store of which every day has
  changed since it was counted and `PASSED` deadlines have passed while nobody was there.
- *import*: while another process imports a history into the store.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

from bench.catalogue import Finding
from bench.helper import Helper
from bench.measure_console import _accepted, _all_of, _to_a_waiting_row
from bench.measure_keys import Steps, ready
from bench.plan import Plan, console
from bench.stats import Sample
from bench.target import Target
from bench.terminal import Terminal
from console.domain.clock import MINUTE, WallClock
from console.domain.incident import SERIALS

KINDS = ("verb", "filter", "find", "key")
WHENS = ("rest", "start", "import")
PASSED = 20_000
"""Deadlines that have passed while no console was there."""

_QUIET_MS = 60.0
"""Quiet before the next deed; on a busy console it is not waited for very long."""
_PATIENCE_S = 1.0
_FILTERS = ("新塘", "北干", "宁围", "城厢", "蜀山", "闻堰")
_SEARCHES = ("电梯困人", "护栏被撞", "燃气味", "老人走失", "广告牌", "楼道有烟")
"""Each stands in a tenth of all incidents: the last place where a page may be waited for."""


@dataclass
class _Hand:
    """What one session after the other took, in milliseconds."""

    terminal: Terminal
    console: Target
    took: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def run(self, rounds: int) -> None:
        """So many rounds of each of the four."""
        towns, words = cycle(_FILTERS), cycle(_SEARCHES)
        for _ in range(rounds):
            for way in ("down", "up"):
                self._key(way)
            number = _to_a_waiting_row(self.terminal, self.console)
            seen = partial(_accepted, self.terminal, self.console, number)
            self._line("verb", "接", seen)
            town = next(towns)
            self._line("filter", f"筛 {town}", partial(_all_of, self.console, town))
            word = next(words)
            self._line("find", f"find {word}", partial(_found, self.console, word))
            self._home()

    def _line(self, kind: str, line: str, seen: Callable[[list[str]], bool]) -> None:
        self.terminal.type(line)
        self._settle()
        sent_ns = self.terminal.press("enter")
        shown_ns = self.terminal.wait_for(seen, timeout=60)
        self.took[kind].append((shown_ns - sent_ns) / 1e6)
        self._settle()

    def _key(self, way: str) -> None:
        steps = Steps()
        steps.step(self.terminal, self.console, way, 0.0)
        self.took["key"] += steps.paint_ms
        self._settle()

    def _home(self) -> None:
        """Back to the whole queue."""
        self.terminal.press("esc")
        self.terminal.wait_for("队列 - 全部", timeout=60)
        self._settle()
        self.terminal.press("home")
        self._settle()

    def _settle(self) -> None:
        """Wait for quiet, but not for long where there is none."""
        mark = self.terminal.mark()
        while True:
            self.terminal.watch(_QUIET_MS / 1e3)
            traffic = self.terminal.since(mark)
            if not traffic.count or (self.terminal.mark().at_ns - mark.at_ns) / 1e9 > _PATIENCE_S:
                return
            if (self.terminal.mark().at_ns - (traffic.last_ns or 0)) / 1e6 >= _QUIET_MS:
                return


def measure(plan: Plan) -> Iterator[Finding]:
    """All of it, size after size."""
    for incidents, store, _console in plan.measured():
        for when in WHENS:
            took: dict[str, list[float]] = {kind: [] for kind in KINDS}
            for _ in range(plan.rounds):
                for kind, values in _session(plan, store, when).items():
                    took[kind] += values
            for kind in KINDS:
                yield Finding(f"{kind}_{when}", incidents, Sample.maybe(took[kind]), None)


def _session(plan: Plan, store: Path, when: str) -> dict[str, list[float]]:
    folder = plan.work / "hand"
    folder.mkdir()
    try:
        copy = folder / store.name
        shutil.copyfile(store, copy)
        if when == "start":
            neglect(copy)
        target = console(copy)
        busy = Helper("bench.importing", str(copy)) if when == "import" else nullcontext()
        with target.open() as terminal, busy:
            ready(terminal, target, 0.0 if when == "start" else 300.0)
            hand = _Hand(terminal, target)
            hand.run(max(plan.keys // 4, 2))
            return hand.took
    finally:
        shutil.rmtree(folder)


def neglect(store: Path, passed: int = PASSED) -> None:
    """Make of a store at rest one that nobody has looked after.

    Every day that was counted has changed since, and up to `passed` deadlines (a fifth of all
    incidents in a small store) have passed without anything having been done about it.
    """
    now = WallClock().now()
    with closing(sqlite3.connect(store, isolation_level=None)) as file:
        file.execute("BEGIN")
        (count,) = file.execute("SELECT count(*) FROM incident").fetchone()
        wanted = min(passed, count // 5)
        late = file.execute(
            "SELECT district, month, incident, n FROM step WHERE done IS NULL AND escalated = 0"
            " AND due > ? ORDER BY due LIMIT ?",
            (now, wanted),
        ).fetchall()
        dues = [now - MINUTE * (1 + place % 600) for place in range(len(late))]
        file.executemany(
            "UPDATE step SET due = ? WHERE district = ? AND month = ? AND incident = ? AND n = ?",
            [(due, *key) for due, key in zip(dues, late, strict=True)],
        )
        file.executemany(
            "UPDATE incident SET due = ? WHERE district = ? AND month = ? AND id = ?",
            [(due, *key[:3]) for due, key in zip(dues, late, strict=True)],
        )
        file.execute(
            "INSERT OR IGNORE INTO rollup_stale (district, day)"
            f" SELECT DISTINCT district, id / {SERIALS} FROM incident"
        )
        file.execute("COMMIT")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _found(target: Target, word: str, lines: list[str]) -> bool:
    """Whether the list is that of the search, with its rows."""
    titled = any(f"[查找: {word}" in line for line in lines)  # not in the preview
    return titled and bool(target.row_lines(lines))
