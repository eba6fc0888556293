"""The bench's words: the results as JSON, and as tables in `docs/performance.md`."""

import json
import os
import platform
import re
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.catalogue import MEASURES, Finding
from bench.measure_limits import LimitsFinding
from bench.stats import Sample, Stat
from bench.target import COLS, ROWS
from console.domain.clock import WallClock

RESULTS = Path(__file__).parent / "results" / "latest.json"
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
_MEASURES, _LIMITS = "measures", "limits"


@dataclass(frozen=True)
class Machine:
    """Where and with what a run was made."""

    at: int
    """Milliseconds since the epoch, UTC."""
    python: str
    textual: str
    sqlite: str
    system: str
    cores: int
    load: float
    """Load average of the last minute, when the run began."""
    terminal: str

    @classmethod
    def here(cls) -> "Machine":
        """This machine, now."""
        return cls(
            WallClock().now(),
            platform.python_version(),
            version("textual"),
            sqlite3.sqlite_version,
            f"{platform.system()} {platform.machine()}",
            len(os.sched_getaffinity(0)),
            os.getloadavg()[0],
            f"{COLS}×{ROWS}, TERM=xterm-256color",
        )


def save(machine: Machine, findings: Sequence[Finding], limits: Sequence[LimitsFinding]) -> None:
    """Write what was found to `bench/results/latest.json` and into `docs/performance.md`."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(
        json.dumps(as_json(machine, findings, limits), ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )
    page = PAGE.read_text(encoding="utf-8")
    if findings:
        page = between(page, _MEASURES, f"{_where(machine)}\n\n{measures_table(findings)}")
    if limits:
        page = between(page, _LIMITS, f"{_where(machine)}\n\n{limits_table(limits)}")
    PAGE.write_text(page, encoding="utf-8")


def as_json(
    machine: Machine, findings: Sequence[Finding], limits: Sequence[LimitsFinding]
) -> dict[str, object]:
    """A run as plain values."""
    return {
        "machine": vars(machine),
        "measures": [
            {
                "name": finding.measure,
                "what": MEASURES[finding.measure].what,
                "unit": MEASURES[finding.measure].unit,
                "incidents": finding.incidents,
                "own": _figures(finding.own),
                "peer": MEASURES[finding.measure].peer,
                "peer_figures": _figures(finding.peer),
                "ratio": finding.ratio,
                "budget": finding.budget.words(MEASURES[finding.measure].unit),
                "verdict": finding.verdict.value,
            }
            for finding in findings
        ],
        "limits": [
            {
                "target": finding.target,
                "fps": finding.fps,
                "pace": finding.pace,
                "paint_ms": _figures(finding.paint_ms),
                "bytes": _figures(finding.written),
            }
            for finding in limits
        ],
    }


def measures_table(findings: Sequence[Finding]) -> str:
    """The measures as a Markdown table."""
    titles = (
        "what",
        "incidents",
        "n",
        "p50",
        "p99",
        "peer",
        "its p50",
        "its p99",
        "ratio",
        "budget",
        "verdict",
    )
    lines = [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
    for finding in findings:
        measure = MEASURES[finding.measure]
        size = "" if finding.incidents is None else f"{finding.incidents:,}"
        count = finding.own or finding.peer
        cells = [
            measure.what,
            size,
            str(len(count.values)) if count else "",
            _shown(finding.own, Stat.P50, measure.unit),
            _shown(finding.own, Stat.P99, measure.unit),
            measure.peer,
            _shown(finding.peer, Stat.P50, measure.unit),
            _shown(finding.peer, Stat.P99, measure.unit),
            "" if finding.ratio is None else f"{finding.ratio:.2f}",
            finding.budget.words(measure.unit),
            finding.verdict.value,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def limits_table(findings: Sequence[LimitsFinding]) -> str:
    """The experiment on Textual's limits as a Markdown table."""
    lines = [
        "| list | TEXTUAL_FPS | key comes | paint p50 | paint p99 | bytes p50 |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for finding in findings:
        lines.append(
            f"| {finding.target} | {finding.fps} | {finding.pace}"
            f" | {_shown(finding.paint_ms, Stat.P50, 'ms')}"
            f" | {_shown(finding.paint_ms, Stat.P99, 'ms')}"
            f" | {_shown(finding.written, Stat.P50, 'B')} |"
        )
    return "\n".join(lines)


def between(page: str, name: str, text: str) -> str:
    """The page with `text` between the markers of the section `name`.

    Raises:
        ValueError: the page has no such section.
    """
    begin, end = f"<!-- bench {name} -->", f"<!-- /bench {name} -->"
    section = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not section.search(page):
        raise ValueError(f"the page has no section {begin}")
    return section.sub(lambda _: f"{begin}\n{text}\n{end}", page, count=1)


def _where(machine: Machine) -> str:
    day = time.strftime("%Y-%m-%d %H:%M", time.gmtime(machine.at / 1000))
    return (
        f"Measured {day} UTC: Python {machine.python}, Textual {machine.textual}, "
        f"SQLite {machine.sqlite}, {machine.system}, {machine.cores} cores, "
        f"load {machine.load:.2f} at the start, terminal {machine.terminal}."
    )


def _figures(sample: Sample | None) -> dict[str, float] | None:
    if sample is None:
        return None
    return {
        "n": len(sample.values),
        "p50": round(sample.stat(Stat.P50), 3),
        "p99": round(sample.stat(Stat.P99), 3),
        "least": round(min(sample.values), 3),
        "most": round(max(sample.values), 3),
    }


def _shown(sample: Sample | None, stat: Stat, unit: str) -> str:
    if sample is None:
        return ""
    value = sample.stat(stat)
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"
