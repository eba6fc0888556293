"""Measures of the console alone: what is typed, opened and filtered, and what others change."""

import re
from collections.abc import Iterator
from functools import partial

from bench.catalogue import Finding
from bench.helper import Helper
from bench.measure_keys import Steps, ready
from bench.plan import NUMBER, Plan
from bench.stats import Sample
from bench.target import Target
from bench.terminal import Terminal

_QUIET_MS = 150.0
_LINE = "记 三楼有人, 电梯停了 call back"
"""Typed character by character; a note's text can be anything."""
_TOWNS = ("新塘", "北干", "宁围", "城厢", "蜀山", "闻堰")
_REPORTS_A_SECOND = 50
_NUMBER = re.compile(rf"^[> ]. +({NUMBER}) ")
_FULL_NUMBER = re.compile(r"XS-\d{8}-\d{4,}")
_WAITING = "待签"
_TRIES = 5


def measure_bytes(plan: Plan) -> Iterator[Finding]:
    """Bytes of a typed character, of a change by another seat and of an opened pane."""
    for incidents, store, console in plan.measured():
        with console.open() as terminal, Helper("bench.other_caller", str(store)) as other:
            ready(terminal, console)
            panes = [_bytes(terminal, "<f1>", "<esc>") for _ in range(plan.rounds)]
            changed = list(_changed(terminal, console, other, plan.keys // 4))
            typed = list(_typed(terminal, plan.keys))
        yield Finding("typing_bytes", incidents, Sample.of(typed), None)
        yield Finding("pane_bytes", incidents, Sample.of(panes), None)
        yield Finding("update_bytes", incidents, Sample.of(changed), None)


def measure_filter(plan: Plan) -> Iterator[Finding]:
    """From Enter to a page on which every row is of the town that was asked for."""
    for incidents, _store, console in plan.measured():
        times: list[float] = []
        with console.open() as terminal:
            ready(terminal, console)
            for number in range(plan.keys):
                town = _TOWNS[number % len(_TOWNS)]
                terminal.type(f"筛 {town}")
                terminal.wait_quiet(_QUIET_MS)
                sent_ns = terminal.press("enter")
                shown_ns = terminal.wait_for(partial(_all_of, console, town))
                terminal.wait_quiet(_QUIET_MS)
                times.append((shown_ns - sent_ns) / 1e6)
        yield Finding("filter", incidents, Sample.of(times), None)


def measure_load(plan: Plan) -> Iterator[Finding]:
    """Key to painted row while another process takes in reports."""
    for incidents, store, console in plan.measured():
        steps = Steps()
        with (
            console.open() as terminal,
            Helper("bench.load", str(store), "rate", str(_REPORTS_A_SECOND)),
        ):
            ready(terminal, console, quiet_ms=0.0)
            for number in range(plan.keys * plan.rounds):
                steps.step(terminal, console, "down" if number // 10 % 2 == 0 else "up", 30.0)
        yield Finding("load_paint", incidents, Sample.of(steps.paint_ms), None)


def verb_times(terminal: Terminal, console: Target, count: int) -> Iterator[float]:
    """Milliseconds from Enter to the selected row being shown as accepted, `count` times."""
    for _ in range(count):
        number = _to_a_waiting_row(terminal, console)
        terminal.type("接")
        terminal.wait_quiet(_QUIET_MS)
        sent_ns = terminal.press("enter")
        shown_ns = terminal.wait_for(partial(_accepted, terminal, console, number))
        terminal.wait_quiet(_QUIET_MS)
        yield (shown_ns - sent_ns) / 1e6


def _typed(terminal: Terminal, count: int) -> Iterator[int]:
    """Bytes of each of `count` characters, typed as one line after the other."""
    for number in range(count):
        place = number % len(_LINE)
        if place == 0:
            terminal.press("esc")
            terminal.wait_quiet(_QUIET_MS)
        mark = terminal.mark()
        terminal.type(_LINE[place])
        terminal.wait_quiet(_QUIET_MS)
        yield terminal.since(mark).count
    # What is left in the line would be there again at the next start.
    terminal.press("esc", "esc")
    terminal.wait_quiet(_QUIET_MS)


def _bytes(terminal: Terminal, script: str, after: str) -> int:
    mark = terminal.mark()
    terminal.send(script)
    terminal.wait_quiet(_QUIET_MS)
    written = terminal.since(mark).count
    terminal.send(after)
    terminal.wait_quiet(_QUIET_MS)
    return written


def _changed(terminal: Terminal, console: Target, other: Helper, count: int) -> Iterator[int]:
    """Bytes of a row changing in its place: one more report belongs to the incident.

    The incident is the selected one, so that its details follow too; each is used once. A report
    that intake takes for another incident changes another row and is not counted.
    """
    counted = 0
    for _ in range(count * _TRIES):
        terminal.press("down")
        terminal.wait_quiet(_QUIET_MS)
        # The details follow the cursor; in a large store they may be those of the row before.
        terminal.wait_for(lambda lines: _shown(terminal, console, lines) is not None)
        selected = console.selected(terminal, terminal.screen())
        number = _shown(terminal, console, terminal.screen())
        if selected is None or number is None:
            raise AssertionError("no incident is selected")
        terminal.wait_quiet(_QUIET_MS)
        mark = terminal.mark()
        if other.ask(number) == "attached":
            terminal.wait_for(partial(_differs, terminal, console, selected))
            terminal.wait_quiet(_QUIET_MS)
            yield terminal.since(mark).count
            counted += 1
        if counted == count:
            return


def _shown(terminal: Terminal, console: Target, lines: list[str]) -> str | None:
    """The full number of the selected incident, once its details stand beside it."""
    selected = console.selected(terminal, lines)
    row = _NUMBER.match(lines[selected[0]]) if selected is not None else None
    found = next(filter(None, map(_FULL_NUMBER.search, lines)), None)
    if row is None or found is None or _serial(found[0]) != _serial(row[1]):
        return None
    return found[0]


def _serial(number: str) -> int:
    """The number within its day, of a full number or of what a row shows."""
    return int(re.split("[-/]", number)[-1])


def _differs(
    terminal: Terminal, console: Target, before: tuple[int, str], lines: list[str]
) -> bool:
    """Whether the selected row says something else than `before`."""
    return console.selected(terminal, lines) not in (None, before)


def _to_a_waiting_row(terminal: Terminal, console: Target) -> str:
    """Step down to the next row that waits to be accepted; its number."""
    while True:
        lines = terminal.screen()
        selected = console.selected(terminal, lines)
        if selected is not None and _WAITING in selected[1]:
            number = _NUMBER.match(lines[selected[0]])
            if number is None:
                raise AssertionError(f"no number in {lines[selected[0]]!r}")
            return number[1]
        Steps().step(terminal, console, "down", _QUIET_MS)


def _accepted(terminal: Terminal, console: Target, number: str, lines: list[str]) -> bool:
    """Whether the selected row is that of `number` and no longer waits."""
    selected = console.selected(terminal, lines)
    return selected is not None and f" {number} " in selected[1] and _WAITING not in selected[1]


def _all_of(console: Target, town: str, lines: list[str]) -> bool:
    """Whether there are rows and all of them are of the town."""
    rows = console.row_lines(lines)
    return bool(rows) and all(f" {town} " in lines[row] for row in rows)
