"""Measures of starting: the first frame, the queue's live rows, and when they can be worked on."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.catalogue import Finding
from bench.plan import Plan, alternating
from bench.stats import Sample
from bench.target import SMALLEST, Target


@dataclass(frozen=True)
class _Start:
    """Milliseconds from exec to the first text, the first frame, the live rows, the session."""

    text_ms: float
    frame_ms: float
    rows_ms: float
    session_ms: float


def measure(plan: Plan) -> Iterator[Finding]:
    """First frame and live rows, each start of the console beside one of the smallest app."""
    for incidents, console in plan.consoles():
        own: list[_Start] = []
        peers: list[_Start] = []
        for target in alternating(SMALLEST, console, plan.starts):
            (peers if target is SMALLEST else own).append(_start(target))
        # The smallest app is there all at once: its first frame is what everything is put beside.
        peer = Sample.of(start.frame_ms for start in peers)
        for name, values in (
            ("first_text", [start.text_ms for start in own]),
            ("first_frame", [start.frame_ms for start in own]),
            ("live_rows", [start.rows_ms for start in own]),
            ("session", [start.session_ms for start in own]),
        ):
            yield Finding(name, incidents, Sample.maybe(values), peer)


def _start(target: Target) -> _Start:
    with target.open() as terminal:
        seen_ns = [
            terminal.wait_for(question, timeout=60)
            for question in (
                _any_text,
                target.chrome_shown,
                target.rows_shown,
                target.all_there,
            )
        ]
        began_ns = terminal.started_ns
    return _Start(*((at_ns - began_ns) / 1e6 for at_ns in seen_ns))


def _any_text(lines: list[str]) -> bool:
    """Whether anything can be read."""
    return any(line.strip() for line in lines)
