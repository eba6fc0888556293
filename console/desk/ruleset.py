"""The rules as one value: everything in ``console/data``, read and checked together.

A center's own folder replaces file by file: what it does not have comes from what ships.
With a mistake anywhere nothing is used; the person is told every file, line and reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from console.domain.addresses import Gazetteer, parse_gazetteer
from console.domain.categories import Categories, parse_categories
from console.domain.deadlines import Deadlines, parse_deadlines
from console.domain.dispatching import RunCards, parse_run_cards
from console.domain.duplicates import DuplicateRules, parse_duplicates
from console.domain.faq import Faq
from console.domain.faq_file import parse_faq
from console.domain.message import Problem, msg
from console.domain.naming import Naming
from console.domain.periods import Shift, parse_shifts
from console.domain.playbook import Playbook
from console.domain.playbook import playbook_for as best_playbook
from console.domain.playbook_file import check, parse_playbook
from console.domain.report_rules import ReportRules, parse_reports
from console.domain.results import ResultRules, parse_results
from console.domain.risk_fields import Followed, parse_fields
from console.domain.risk_map import MapRules
from console.domain.risk_map_file import parse_risk_map
from console.domain.standards import Standard, parse_standards
from console.domain.system_rules import SystemRules, parse_systems
from console.domain.tables import Fault
from console.domain.triage import TriageRules
from console.domain.triage_file import parse_triage
from console.domain.workdays import parse_workdays

SHIPPED = Path(__file__).resolve().parent.parent / "data"

STEP_VERBS = frozenset(
    {
        "accept",
        "alarm",
        "call",
        "callback",
        "close",
        "dispatch",
        "done",
        "extend",
        "extend-stop",
        "freeze",
        "level",
        "note",
        "points",
        "resolve",
        "return",
        "status",
        "stop-payment",
        "supervise",
        "transfer",
    }
)
"""Verbs that a playbook's step may ask for; a test holds them against the registry."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Ruleset:
    """Every rule that ships or that the center has put in its place."""

    categories: Categories
    deadlines: Deadlines
    playbooks: tuple[Playbook, ...]
    triage: TriageRules
    gazetteer: Gazetteer
    duplicates: DuplicateRules
    run_cards: RunCards
    systems: SystemRules
    faq: Faq
    followed: Followed
    standards: tuple[Standard, ...]
    results: ResultRules
    risk_map: MapRules
    shifts: tuple[Shift, ...]
    reports: ReportRules

    @cached_property
    def _by_id(self) -> dict[str, Playbook]:
        return {playbook.id: playbook for playbook in self.playbooks}

    @cached_property
    def naming(self) -> Naming:
        """What values are called that figures are counted by."""
        return _naming(self.categories, self.playbooks)

    def playbook(self, id_: str) -> Playbook | None:
        """The playbook `id_`; None when there is none (any more)."""
        return self._by_id.get(id_)

    def playbook_for(self, category: str) -> Playbook | None:
        """The playbook for incidents of `category`."""
        return best_playbook(self.playbooks, category)


def _naming(categories: Categories, playbooks: Sequence[Playbook]) -> Naming:
    return Naming(
        categories,
        {
            outcome.id: outcome.label
            for playbook in reversed(playbooks)
            for step in playbook.steps
            if step.verb == "resolve"
            for outcome in step.outcomes
        },
    )


class RuleFault(Problem):
    """Some rule file has mistakes; none of them is used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            msg(
                "rules.faults",
                n=len(faults),
                faults=tuple(fault.message() for fault in faults),
            )
        )
        self.faults = tuple(faults)


class _Reader:
    """Finds each file in the center's folder or among those that ship."""

    def __init__(self, overrides: Path | None) -> None:
        self.overrides = overrides
        self.faults: list[Fault] = []

    def read(self, name: str) -> tuple[str, str]:
        """The text of a file, and the name to call it by; a fault when it cannot be read."""
        path, shown = SHIPPED / name, name
        if self.overrides is not None and (self.overrides / name).exists():
            path, shown = self.overrides / name, str(self.overrides / name)
        try:
            return path.read_text("utf-8"), shown
        except UnicodeDecodeError as error:
            self.faults.append(Fault(shown, 1, msg("rules.not_utf8", at=error.start)))
        except OSError as error:
            words = error.strerror or type(error).__name__
            self.faults.append(Fault(shown, 1, msg("rules.not_readable", words=words)))
        return "", shown

    def parsed(self, name: str, parse: Callable[[str, str], tuple[_T, list[Fault]]]) -> _T:
        """A file of one table, parsed; its faults are kept."""
        value, faults = parse(*self.read(name))
        self.faults += faults
        return value

    def names(self, folder: str) -> tuple[str, ...]:
        """The TOML files of a folder, the center's own among them."""
        found = {path.name for path in (SHIPPED / folder).glob("*.toml")}
        if self.overrides is not None:
            found |= {path.name for path in (self.overrides / folder).glob("*.toml")}
        return tuple(f"{folder}/{name}" for name in sorted(found))


def load(overrides: Path | None = None, verbs: Collection[str] = STEP_VERBS) -> Ruleset:
    """Read and check all rules.

    Args:
        overrides: the center's own folder, laid out like ``console/data``.
        verbs: the verbs that playbooks may use.

    Raises:
        RuleFault: with every mistake that was found.
    """
    if overrides is None and verbs is STEP_VERBS:
        return _shipped()
    return _load(overrides, verbs)


@cache
def _shipped() -> Ruleset:
    """What ships does not change while the program runs: it is read once a process."""
    return _load(None, STEP_VERBS)


def _load(overrides: Path | None, verbs: Collection[str]) -> Ruleset:
    reader = _Reader(overrides)
    if overrides is not None and not overrides.is_dir():
        raise RuleFault([Fault(str(overrides), 1, msg("rules.no_folder"))])
    categories = reader.parsed("categories.toml", parse_categories)
    deadlines = reader.parsed("deadlines.toml", parse_deadlines)
    calendar = reader.parsed("workdays.toml", parse_workdays)
    deadlines = replace(deadlines, calendar=calendar)
    duplicates = reader.parsed("duplicates.toml", parse_duplicates)
    run_cards = reader.parsed("run_cards.toml", parse_run_cards)
    faq = reader.parsed("faq.toml", parse_faq)
    triage, faults = parse_triage([reader.read(n) for n in reader.names("triage")], categories)
    reader.faults += faults
    systems, faults = parse_systems(
        *reader.read("systems.toml"), categories, triage.departments, deadlines
    )
    reader.faults += faults
    gazetteer, faults = parse_gazetteer(
        reader.read("gazetteer/towns.csv"),
        reader.read("gazetteer/centres.csv"),
        reader.read("gazetteer/villages.csv"),
        reader.read("gazetteer/roads.csv"),
    )
    reader.faults += faults
    playbooks: list[Playbook] = []
    for name in reader.names("playbooks"):
        playbook = reader.parsed(name, parse_playbook)
        if playbook is not None:
            playbooks.append(playbook)
    reader.faults += check(playbooks, verbs, deadlines, categories, run_cards.kinds)
    followed, faults = parse_fields(
        *reader.read("fields.toml"), categories, {one.id for one in playbooks}
    )
    reader.faults += faults
    standards = reader.parsed("standards.toml", parse_standards)
    results, faults = parse_results(*reader.read("results.toml"), _naming(categories, playbooks))
    reader.faults += faults
    risk_map, faults = parse_risk_map(*reader.read("risk_map.toml"), gazetteer)
    reader.faults += faults
    shifts = reader.parsed("shifts.toml", parse_shifts)
    reports = reader.parsed("reports.toml", parse_reports)
    if reader.faults:
        raise RuleFault(reader.faults)
    return Ruleset(
        categories,
        deadlines,
        tuple(playbooks),
        triage,
        gazetteer,
        duplicates,
        run_cards,
        systems,
        faq,
        followed,
        standards,
        results,
        risk_map,
        shifts,
        reports,
    )
