"""What tests cost the processors, as it was measured: the dear ones are slow, and come first.

    ZHIBAN_TEST_TIMES=times.tsv bash .ci/run
    python -m tests.costs times.tsv

writes the list anew. A test that is new or has another name costs nothing here until then.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("costs.tsv")

DEAR = 0.5
"""Seconds of one processor from which on a test is left to CI."""


@cache
def costs() -> dict[str, float]:
    """Seconds of one processor by the test's id; of the dear ones only."""
    lines = LIST.read_text("utf-8").splitlines()
    return {name: float(cost) for name, _, cost in (line.rpartition("\t") for line in lines)}


def measured(told: str) -> dict[str, float]:
    """The dear tests of a file of `ZHIBAN_TEST_TIMES`, each with what it costs."""
    found: defaultdict[str, float] = defaultdict(float)
    for line in told.splitlines():
        name, _when, _seconds, cost = line.rsplit("\t", 3)
        found[name.partition("@")[0]] += float(cost)  # xdist names the group behind it
    return {name: cost for name, cost in sorted(found.items()) if cost >= DEAR}


if __name__ == "__main__":
    dear = measured(Path(sys.argv[1]).read_text("utf-8"))
    LIST.write_text("".join(f"{name}\t{cost:.1f}\n" for name, cost in dear.items()), "utf-8")
