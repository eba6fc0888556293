"""What a run of the bench does: how often, at which sizes, with which console."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.fill import SEAT
from bench.target import Target

NUMBER = r"(?:[\d-]+/|\d+-)?\d+"
"""How a row shows an incident's number, with its day before it when that is not today."""


@dataclass(frozen=True)
class Plan:
    """How a run measures.

    Args:
        work: A directory of its own, on the disk on which stores are measured.
        stores: The stores to measure on, by how many incidents they hold. With none, only the
            peers are measured.
        starts: How many times a program is started for a measure of starting.
        rounds: How many times a session of keys is run.
        keys: How many keys of each kind a session presses.
        idle_s: Seconds of doing nothing.
        walked: Rows that are walked over before memory is looked at again.
        rows: Rows of a history import.
    """

    work: Path
    stores: dict[int, Path] = field(default_factory=dict)
    starts: int = 15
    rounds: int = 4
    keys: int = 60
    idle_s: float = 20.0
    walked: int = 5000
    rows: int = 50_000

    def consoles(self) -> Iterator[tuple[int | None, Target | None]]:
        """Each size with the console on its store; (None, None) when there is no store."""
        if not self.stores:
            yield None, None
        for incidents, path in sorted(self.stores.items()):
            yield incidents, console(path)

    def measured(self) -> Iterator[tuple[int, Path, Target]]:
        """Each size with its store and the console on it; nothing when only peers are measured."""
        for incidents, path in sorted(self.stores.items()):
            yield incidents, path, console(path)


def console(store: Path) -> Target:
    """The console on a store, at the seat that the bench's stores have."""
    return Target(
        "console",
        (
            # The script as it was installed: what an officer types.
            str(Path(sys.executable).with_name("zhiban")),
            *("watch", "--store", str(store), "--seat", SEAT, "--lang", "zh"),
        ),
        (re.compile("值守"), re.compile("队列")),
        re.compile(rf"^[> ]. +{NUMBER} [1-4]\S? +\S"),
        20,
        # The clock comes with the session.
        re.compile(r"\d\d:\d\d:\d\d"),
        # Settings of the person who measures do not count.
        {"HOME": str(store.parent)},
    )


def alternating(peer: Target, own: Target | None, times: int) -> Iterator[Target]:
    """Peer and console in turn, `times` each, so that both meet the same moods of the machine.

    Each is started once before that, unmeasured, to have its files in memory.
    """
    pair = [peer] if own is None else [peer, own]
    for target in pair:
        with target.open() as terminal:
            terminal.wait_for(target.all_there, timeout=60)
    for _ in range(times):
        yield from pair
