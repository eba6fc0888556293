"""Measures of doing nothing: bytes while only the clock ticks, and memory."""

from collections.abc import Iterator

from bench.catalogue import Finding
from bench.measure_keys import ready
from bench.memory import tree_memory
from bench.plan import Plan, alternating
from bench.stats import Sample
from bench.target import SMALLEST, SMALLEST_SQLMODEL, Target
from bench.terminal import Terminal

_MIB = 1024 * 1024


def measure_idle(plan: Plan) -> Iterator[Finding]:
    """Bytes a second over `plan.idle_s` seconds without a key."""
    for incidents, console in plan.consoles():
        found: dict[str, list[float]] = {SMALLEST.name: [], "console": []}
        for target in alternating(SMALLEST, console, 1):
            with target.open() as terminal:
                terminal.wait_for(target.all_there, timeout=60)
                terminal.wait_quiet(500)
                found[target.name].append(terminal.watch(plan.idle_s).count / plan.idle_s)
        yield Finding(
            "idle", incidents, Sample.maybe(found["console"]), Sample.of(found[SMALLEST.name])
        )


def measure_memory(plan: Plan) -> Iterator[Finding]:
    """PSS and RSS of the process tree when loaded, and again after a walk down the queue."""
    rounds = max(plan.rounds // 2, 1)
    for incidents, console in plan.consoles():
        peer_pss: list[float] = []
        peer_rss: list[float] = []
        pss: list[float] = []
        rss: list[float] = []
        walked: list[float] = []
        for target in alternating(SMALLEST_SQLMODEL, console, rounds):
            with target.open() as terminal:
                terminal.wait_for(target.all_there, timeout=60)
                terminal.wait_quiet(500)
                memory = tree_memory(terminal.pid)
                if target is SMALLEST_SQLMODEL:
                    peer_pss.append(memory.pss / _MIB)
                    peer_rss.append(memory.rss / _MIB)
                    continue
                pss.append(memory.pss / _MIB)
                rss.append(memory.rss / _MIB)
                _walk(terminal, target, plan.walked)
                walked.append(tree_memory(terminal.pid).pss / _MIB)
        yield Finding("memory_loaded", incidents, Sample.maybe(pss), Sample.of(peer_pss))
        yield Finding("memory_walked", incidents, Sample.maybe(walked), Sample.of(peer_pss))
        yield Finding("memory_rss", incidents, Sample.maybe(rss), Sample.of(peer_rss))


def _walk(terminal: Terminal, target: Target, rows: int) -> None:
    """Page down over `rows` rows, or to the end of the list."""
    ready(terminal, target)
    for _ in range(rows // max(len(target.row_lines(terminal.screen())), 1)):
        before = terminal.screen()
        terminal.press("pgdn")
        terminal.wait_quiet(100)
        if terminal.screen() == before:
            return
