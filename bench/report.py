"""The bench's words: the results as JSON, and as tables in `docs/performance.md`."""

import json
import os
import platform
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

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
    """Write what was found to `bench/results/latest.json` and into `docs/performance.md`.

    A measure that this run did not make keeps what an earlier one found, with its day and load.
    """
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    found = as_json(machine, findings, limits, kept)
    RESULTS.write_text(
        json.dumps(found, ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )
    page = PAGE.read_text(encoding="utf-8")
    if findings:
        text = f"{_where(machine)}\n\n{_table(found['measures'])}"
        page = between(page, _MEASURES, text)
    if limits:
        page = between(page, _LIMITS, f"{_where(machine)}\n\n{limits_table(limits)}")
    PAGE.write_text(page, encoding="utf-8")


def as_json(
    machine: Machine,
    findings: Sequence[Finding],
    limits: Sequence[LimitsFinding],
    kept: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A run as plain values, with what was kept of earlier ones and not measured again.

    What was never measured of the console itself is not kept.
    """
    rows = [_row(finding, machine) for finding in findings]
    made = {(row["name"], row["incidents"]) for row in rows}
    old = [
        row
        for row in (kept or {}).get("measures", [])
        if row["own"] is not None
        and row["name"] in MEASURES
        and (row["name"], row["incidents"]) not in made
    ]
    order = list(MEASURES)
    both = sorted([*old, *rows], key=lambda row: (order.index(row["name"]), row["incidents"] or 0))
    return {
        "machine": vars(machine),
        "measures": both,
        "limits": [
            {
                "target": finding.target,
                "fps": finding.fps,
                "pace": finding.pace,
                "paint_ms": _figures(finding.paint_ms),
                "bytes": _figures(finding.written),
            }
            for finding in limits
        ]
        or (kept or {}).get("limits", []),
    }


def _row(finding: Finding, machine: Machine | None) -> dict[str, Any]:
    measure = MEASURES[finding.measure]
    return {
        "name": finding.measure,
        "what": measure.what,
        "unit": measure.unit,
        "incidents": finding.incidents,
        "own": _figures(finding.own),
        "peer": measure.peer,
        "peer_figures": _figures(finding.peer),
        "ratio": finding.ratio,
        "budget": finding.budget.words(measure.unit),
        "verdict": finding.verdict.value,
        "at": machine.at if machine is not None else None,
        "load": round(machine.load, 1) if machine is not None else None,
    }


def measures_table(findings: Sequence[Finding], machine: Machine | None = None) -> str:
    """The measures as a Markdown table."""
    return _table([_row(finding, machine) for finding in findings])


_TITLES = (
    "what",
    "incidents",
    "n",
    "p50",
    "p99",
    "peer",
    "its p50",
    "its p99",
    "ratio",
    "measured",
    "budget",
    "verdict",
)


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [f"| {' | '.join(_TITLES)} |", f"|{' --- |' * len(_TITLES)}"]
    for row in rows:
        own, peer, unit = row["own"], row["peer_figures"], row["unit"]
        counted = own or peer
        when = ""
        if row.get("at") is not None:
            day = time.strftime("%m-%d %H:%M", time.gmtime(row["at"] / 1000))
            when = f"{day}, load {row['load']:.1f}"
        cells = [
            row["what"],
            "" if row["incidents"] is None else f"{row['incidents']:,}",
            str(counted["n"]) if counted else "",
            *(_said(own, name, unit) for name in ("p50", "p99")),
            row["peer"],
            *(_said(peer, name, unit) for name in ("p50", "p99")),
            "" if row["ratio"] is None else f"{row['ratio']:.2f}",
            when,
            row["budget"],
            row["verdict"],
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _said(figures: Mapping[str, float] | None, name: str, unit: str) -> str:
    if figures is None:
        return ""
    value = figures[name]
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"


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
