"""What became of a mutant, and the sums of it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from bench.mutants.mutant import Mutant


class Outcome(StrEnum):
    """What the tests said to a mutant."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    """A test never came to its end: noticed, too, and counted apart."""
    SURVIVED = "survived"
    NOT_COVERED = "not covered"
    """No test runs the line at all: survived, and counted apart."""


NOTICED = (Outcome.KILLED, Outcome.TIMEOUT)


@dataclass(frozen=True)
class Verdict:
    """A mutant, its outcome, the test that noticed it, and how many tests were asked."""

    mutant: Mutant
    outcome: Outcome
    by: str = ""
    asked: int = 0
    covering: int = 0

    def line(self) -> str:
        """As a line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, line: str) -> Verdict:
        """From a line of JSON."""
        found = json.loads(line)
        return cls(
            Mutant(**found["mutant"]),
            Outcome(found["outcome"]),
            found["by"],
            found["asked"],
            found["covering"],
        )


def verdicts(path: Path) -> list[Verdict]:
    """Those that a file holds; of a mutant that stands there twice, the last."""
    if not path.exists():
        return []
    found = [Verdict.read(line) for line in path.read_text("utf-8").splitlines()]
    return list({each.mutant.key: each for each in found}.values())


def folder(path: str) -> str:
    """The folder that a module's figures are summed under."""
    return path.rpartition("/")[0]


def summary(found: Iterable[Verdict]) -> str:
    """The figures by folder and by operator, as two tables."""
    found = list(found)
    rows = [_header("folder")]
    rows += _rows(found, lambda each: folder(each.mutant.path))
    rows += [_row("all", found), "", _header("operator")]
    rows += _rows(found, lambda each: each.mutant.operator)
    return "\n".join(rows)


def survivors(found: Iterable[Verdict]) -> str:
    """A line for each mutant that nothing noticed."""
    return "\n".join(
        f"{each.mutant.path}:{each.mutant.line}: {each.mutant.operator}: "
        f"{each.mutant.was!r} -> {each.mutant.becomes!r} in {each.mutant.function} "
        f"({each.outcome}, {each.asked} of {each.covering} tests asked)"
        for each in sorted(found, key=lambda each: (each.mutant.path, each.mutant.line))
        if each.outcome not in NOTICED
    )


COLUMNS = {"mutants": 8, "killed": 8, "timeout": 9, "survived": 10, "no test": 9, "share": 8}


def _header(first: str) -> str:
    return f"{first:20}" + "".join(f"{name:>{width}}" for name, width in COLUMNS.items())


def _rows(found: list[Verdict], of: Callable[[Verdict], str]) -> list[str]:
    groups: defaultdict[str, list[Verdict]] = defaultdict(list)
    for each in found:
        groups[of(each)].append(each)
    return [_row(name, group) for name, group in sorted(groups.items())]


def _row(name: str, group: list[Verdict]) -> str:
    counted = Counter(each.outcome for each in group)
    share = sum(counted[outcome] for outcome in NOTICED) / len(group) if group else 0.0
    values = [str(len(group)), *(str(counted[outcome]) for outcome in Outcome), f"{share:.1%}"]
    widths = COLUMNS.values()
    return f"{name:20}" + "".join(
        f"{value:>{width}}" for value, width in zip(values, widths, strict=True)
    )
