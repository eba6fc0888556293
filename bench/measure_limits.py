"""What limits key to paint in Textual, and what `DataTable` adds to it: an experiment on peers.

The frame rate that Textual allows itself is varied (`TEXTUAL_FPS`), with keys that come after a
rest and keys that follow right after the paint of the one before; on `DataTable` and on the least
list that Textual can draw.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.measure_keys import Steps, ready, walk_to_the_end_of_the_page
from bench.plan import Plan
from bench.stats import Sample
from bench.target import DATATABLE, LINES

_RATES = (30, 60, 240)
_REST_MS = 120.0
_PAGE = 14


@dataclass(frozen=True)
class LimitsFinding:
    """Steps of one kind: the list, Textual's frame rate, the pace and whether they scroll."""

    target: str
    fps: int
    pace: str
    paint_ms: Sample
    written: Sample


def measure(plan: Plan) -> Iterator[LimitsFinding]:
    """Every list at every frame rate, the lists in turn."""
    for fps in _RATES:
        for base in (LINES, DATATABLE):
            target = replace(base, env={"TEXTUAL_FPS": str(fps)})
            with target.open() as terminal:
                ready(terminal, target)
                for pace, rest_ms in (("after a rest", _REST_MS), ("at once", 0.0)):
                    steps = Steps()
                    for number in range(plan.keys):
                        key = "down" if number // _PAGE % 2 == 0 else "up"
                        steps.step(terminal, target, key, rest_ms)
                    yield _finding(base.name, fps, pace, steps)
                walk_to_the_end_of_the_page(terminal, target)
                steps = Steps()
                for _ in range(plan.keys):
                    steps.step(terminal, target, "down", _REST_MS)
                yield _finding(base.name, fps, "scrolling, after a rest", steps)


def _finding(target: str, fps: int, pace: str, steps: Steps) -> LimitsFinding:
    return LimitsFinding(target, fps, pace, Sample.of(steps.paint_ms), Sample.of(steps.written))
