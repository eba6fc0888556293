"""Measures of the cursor: from a key to the row that is shown as selected, and its bytes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.catalogue import Finding
from bench.plan import Plan, alternating
from bench.stats import Sample
from bench.target import DATATABLE, Target
from bench.terminal import Terminal

_SETTLE_MS = 120.0
"""Quiet before the next key: longer than anything that follows the cursor with a delay."""
_PAGE = 14
"""Steps that stay within the page, however small the list is at the size of the bench."""


@dataclass
class Steps:
    """What the steps of the cursor took."""

    first_byte_ms: list[float] = field(default_factory=list)
    paint_ms: list[float] = field(default_factory=list)
    written: list[float] = field(default_factory=list)

    def step(self, terminal: Terminal, target: Target, key: str, settle_ms: float) -> None:
        """Press `key`, wait until another row is the selected one and then for quiet."""
        before = target.selected(terminal, terminal.screen())
        mark = terminal.mark()
        sent_ns = terminal.press(key)
        painted_ns = terminal.wait_for(
            lambda lines: target.selected(terminal, lines) not in (None, before)
        )
        if settle_ms:
            terminal.wait_quiet(settle_ms)
        traffic = terminal.since(mark)
        if traffic.first_ns is None:
            raise AssertionError("a row was painted without a byte")
        self.first_byte_ms.append((traffic.first_ns - sent_ns) / 1e6)
        self.paint_ms.append((painted_ns - sent_ns) / 1e6)
        self.written.append(traffic.count)


def measure(plan: Plan) -> Iterator[Finding]:
    """Steps within the page and walking on, sessions of the console and of DataTable in turn."""
    for incidents, console in plan.consoles():
        inside = {DATATABLE.name: Steps(), "console": Steps()}
        walking = {DATATABLE.name: Steps(), "console": Steps()}
        for target in alternating(DATATABLE, console, plan.rounds):
            with target.open() as terminal:
                ready(terminal, target)
                for number in range(plan.keys):
                    key = "down" if number // _PAGE % 2 == 0 else "up"
                    inside[target.name].step(terminal, target, key, _SETTLE_MS)
                walk_to_the_end_of_the_page(terminal, target)
                for _ in range(plan.keys):
                    walking[target.name].step(terminal, target, "down", _SETTLE_MS)
        own, peer = inside["console"], inside[DATATABLE.name]
        yield _finding("key_first_byte", incidents, own.first_byte_ms, peer.first_byte_ms)
        yield _finding("key_paint", incidents, own.paint_ms, peer.paint_ms)
        yield _finding("key_bytes", incidents, own.written, peer.written)
        own, peer = walking["console"], walking[DATATABLE.name]
        yield _finding("walk_paint", incidents, own.paint_ms, peer.paint_ms)
        yield _finding("walk_bytes", incidents, own.written, peer.written)


def ready(terminal: Terminal, target: Target, quiet_ms: float = 300.0) -> None:
    """Wait for the list and for quiet, and step once, so that there is a selected row."""
    terminal.wait_for(target.all_there, timeout=60)
    terminal.wait_quiet(quiet_ms)
    terminal.press("down")
    terminal.wait_for(lambda lines: target.selected(terminal, lines) is not None)
    terminal.wait_quiet(quiet_ms)


def walk_to_the_end_of_the_page(terminal: Terminal, target: Target) -> None:
    """Step down until the last line of the list is the selected one."""
    steps = Steps()
    while True:
        lines = terminal.screen()
        selected = target.selected(terminal, lines)
        if selected is None:
            raise AssertionError("no row is selected")
        if selected[0] == target.row_lines(lines)[-1]:
            return
        steps.step(terminal, target, "down", 30.0)


def _finding(name: str, incidents: int | None, own: list[float], peer: list[float]) -> Finding:
    return Finding(name, incidents, Sample.maybe(own), Sample.of(peer))
