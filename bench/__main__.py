"""`python -m bench`: measure the console next to its peers."""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench import (
    measure_console,
    measure_figures,
    measure_hand,
    measure_keys,
    measure_limits,
    measure_rest,
    measure_start,
    measure_store,
    report,
)
from bench.catalogue import Finding
from bench.fill import RESTS, fill
from bench.measure_limits import LimitsFinding
from bench.plan import Plan
from console.domain.clock import WallClock

GROUPS: dict[str, Callable[[Plan], Iterator[Finding]]] = {
    "start": measure_start.measure,
    "keys": measure_keys.measure,
    "idle": measure_rest.measure_idle,
    "memory": measure_rest.measure_memory,
    "bytes": measure_console.measure_bytes,
    "filter": measure_console.measure_filter,
    "load": measure_console.measure_load,
    "hand": measure_hand.measure,
    "verb": measure_store.measure_verb,
    "intake": measure_store.measure_intake,
    "history": measure_store.measure_history,
    "figures": measure_figures.measure,
}
LIMITS = "limits"


def main(arguments: list[str] | None = None) -> int:
    """Measure what the arguments ask for; the exit code is 0 unless a budget was missed."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repetitions, nothing saved")
    parser.add_argument(
        "--sizes", type=_sizes, default=(1_000, 10_000, 100_000, 1_000_000), metavar="N,N,..."
    )
    parser.add_argument("--peers", action="store_true", help="measure the peers alone")
    parser.add_argument("--only", action="append", choices=[*GROUPS, LIMITS], metavar="GROUP")
    parser.add_argument(
        "--save", action="store_true", help="keep the results of a run with --quick or --only"
    )
    parser.add_argument("--dir", type=Path, help="where the stores are made (default: temporary)")
    parser.add_argument(
        "--kept", type=Path, help="where stores are kept for the next run, half a day at most"
    )
    asked = parser.parse_args(arguments)
    machine = report.Machine.here()
    findings: list[Finding] = []
    limits: list[LimitsFinding] = []
    groups = asked.only or [*GROUPS, LIMITS]
    with tempfile.TemporaryDirectory(prefix="bench-", dir=asked.dir) as work:
        plan = Plan(Path(work))
        if not asked.peers:
            plan = replace(plan, stores=_stores(asked.kept or plan.work, asked.sizes))
        if asked.quick:
            plan = replace(plan, starts=3, rounds=1, keys=20, idle_s=5.0, walked=500, rows=5000)
        for group in groups:
            if group == LIMITS:
                limits += measure_limits.measure(plan)
                continue
            for finding in GROUPS[group](plan):
                findings.append(finding)
                print(report.measures_table([finding]).splitlines()[-1], flush=True)
    if limits:
        print(report.limits_table(limits))
    if asked.save or not (asked.quick or asked.only):
        report.save(machine, findings, limits)
    return 1 if any(finding.verdict == "missed" for finding in findings) else 0


def _stores(work: Path, sizes: tuple[int, ...]) -> dict[int, Path]:
    """A store of each size; one that was kept is taken while it is at rest."""
    now = WallClock().now()
    stores = {size: work / f"store-{size}.sqlite" for size in sizes}
    for size, path in stores.items():
        made = path.with_suffix(".made")
        if path.exists() and made.exists() and now - int(made.read_text()) < RESTS // 2:
            continue
        print(f"filling a store of {size:,} incidents", file=sys.stderr, flush=True)
        path.unlink(missing_ok=True)
        fill(path, size, now=now)
        made.write_text(str(now))
    return stores


def _sizes(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+(,\d+)*", text):
        raise argparse.ArgumentTypeError("numbers of incidents with commas between them")
    return tuple(int(size) for size in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
