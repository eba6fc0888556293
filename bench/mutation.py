"""`python -m bench.mutation`: which share of small wrong changes the tests notice.

Mutants are made of the functions of `console/domain` and `console/desk`, a sample with a
fixed seed, and the tests that run the changed line are asked about each. What is kept
between runs lies in `.mutation/`; a run that was broken off goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

from bench.mutants import campaign, lines, outcome
from bench.mutants.mutant import ROOT, Mutant, modules, mutants, sample

SEED = 10
SIZE = 640


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments ask for; the exit code is 1 when the share is below `--least`."""
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="mutants in the sample, at least")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--seconds", type=float, default=10.0, help="of tests for each mutant")
    parser.add_argument("--module", action="append", metavar="PATH", help="all mutants of it")
    parser.add_argument(
        "--tests", action="append", metavar="PREFIX", help="only files with tests that begin so"
    )
    parser.add_argument(
        "--retry", action="store_true", help="ask again about what survived in the file of --out"
    )
    parser.add_argument("--again", type=Path, metavar="FILE", help="what survived there")
    parser.add_argument("--out", type=Path, help="where the verdicts go, a line of JSON each")
    parser.add_argument("--least", type=float, default=0.0, metavar="SHARE", help="as 0.85")
    asked = parser.parse_args(arguments)
    if os.environ.get("PYTHONHASHSEED") != "0":
        given = sys.argv[1:] if arguments is None else arguments
        command = [sys.executable, "-m", "bench.mutation", *given]
        os.execve(sys.executable, command, lines.repeatable_environment())
    lines.KEPT.mkdir(exist_ok=True)
    key = lines.tree_key()
    chosen = _chosen(asked)
    out: Path = asked.out or lines.KEPT / f"verdicts-{key}-{asked.seed}-{asked.size}.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    known = {
        each.mutant.key
        for each in outcome.verdicts(out)
        if each.outcome in outcome.NOTICED or not asked.retry
    }
    began = monotonic()
    print(f"{len(chosen)} mutants; asking which tests run which lines", flush=True)
    passed = lines.lines_of(key, tuple(asked.tests or ["tests/"]))
    print(f"{len(passed.seconds)} tests, after {monotonic() - began:.0f} s", flush=True)
    counted: Counter[str] = Counter()
    left = [each for each in chosen if each.key not in known]
    with out.open("a", encoding="utf-8") as file:

        def tell(verdict: outcome.Verdict) -> None:
            file.write(verdict.line() + "\n")
            file.flush()
            counted[verdict.outcome] += 1
            if counted.total() % 20 == 0:
                print(f"{counted.total()} of {len(left)}: {dict(counted)}", flush=True)

        campaign.run(left, passed, campaign.Bounds(asked.seconds), tell)
    keys = {each.key for each in chosen}
    found = [each for each in outcome.verdicts(out) if each.mutant.key in keys]
    print(outcome.summary(found), outcome.survivors(found), sep="\n\n")
    print(f"\n{monotonic() - began:.0f} s; the verdicts are in {out}")
    noticed = sum(each.outcome in outcome.NOTICED for each in found)
    return 0 if len(found) == len(chosen) and noticed >= asked.least * len(found) else 1


def _chosen(asked: argparse.Namespace) -> list[Mutant]:
    """The mutants to ask about: of modules, of an earlier run, or the sample."""
    texts = {path: (ROOT / path).read_text("utf-8") for path in asked.module or modules()}
    if asked.module:
        return [each for path, text in texts.items() for each in mutants(path, text)]
    if asked.again:
        survived = {
            each.mutant.key
            for each in outcome.verdicts(asked.again)
            if each.outcome not in outcome.NOTICED
        }
        every = (each for path, text in texts.items() for each in mutants(path, text))
        return [each for each in every if each.key in survived]
    return sample(texts, asked.size, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
