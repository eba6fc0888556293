"""The results panel: a year's figures against the year before, counted from the records.

What is counted stands in ``results.toml``; the figures stand nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MINYEAR, date

from console.domain.categories import Categories, within
from console.domain.figures import change_percent, year_before
from console.domain.message import Label, msg
from console.domain.naming import Naming
from console.domain.panels import Window
from console.domain.rollup import Cell, result_category
from console.domain.tables import Document, Fault, Table

MEASURES = {"incidents": 0, "deaths": 2}
"""What can be counted, and where it stands in a rollup's cell."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a window had.

    Args:
        cells: by category.
        with_result: the part of it that has a result, by `rollup.result_category`.
    """

    cells: Mapping[str, Cell]
    with_result: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: incidents, or persons killed, of categories and all that stand below them.

    Args:
        without: categories below them that do not count.
        without_results: results with which an incident turned out to be none of it.
    """

    id: str
    label: Label
    categories: tuple[str, ...]
    without: tuple[str, ...]
    without_results: tuple[str, ...]
    measure: str
    source: str

    def count(self, found: Ended) -> int:
        """What it comes to."""
        at = MEASURES[self.measure]
        all_ = sum(cell[at] for category, cell in found.cells.items() if self._takes(category))
        none = sum(
            cell[at]
            for key, cell in found.with_result.items()
            for result in self.without_results
            if key.startswith(begin := result_category(result, ""))
            and self._takes(key.removeprefix(begin))
        )
        return all_ - none

    def _takes(self, category: str) -> bool:
        return any(within(category, one) for one in self.categories) and not any(
            within(category, one) for one in self.without
        )


@dataclass(frozen=True, slots=True)
class Veto:
    """An incident that undoes a year's results (一票否决): one with so many persons killed."""

    label: Label
    deaths: int
    source: str


@dataclass(frozen=True, slots=True)
class ResultRules:
    """``results.toml``."""

    results: tuple[Result, ...]
    veto: Veto


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the panel."""

    result: Result
    count: int
    base: int

    @property
    def change(self) -> float | None:
        """In percent, two decimals; None when the base is zero."""
        return change_percent(self.count, self.base)


@dataclass(frozen=True, slots=True)
class Clean:
    """One-veto incidents: how many in the window, and how many whole years in a row, up to
    the last one that is over, had none. `since` is the first of these years.

    Only years that the records have from their first day on are counted.
    """

    veto: Veto
    events: int
    years: int
    since: int | None


@dataclass(frozen=True, slots=True)
class ResultsPanel:
    """The panel: a window, the same days a year earlier, and what they come to."""

    window: Window
    base: Window
    records: tuple[date, date] | None
    """The first and the last day that have incidents."""
    lines: tuple[Line, ...]
    clean: Clean

    @property
    def base_whole(self) -> bool:
        """Whether the records reach back to the first day of the base; else the changes are
        those of a part of it.
        """
        return self.records is not None and self.records[0] <= self.base.first


def last_year(records: tuple[date, date] | None, today: date) -> int:
    """The last year that is over and that the records go to the end of; the last one that is
    over where there is none.
    """
    year = today.year - 1
    if records is not None and records[1] < date(year, 12, 31):
        year = max(records[1].year - 1, records[0].year)
    return year


def windows(year: int, today: date) -> tuple[Window, Window]:
    """A year, up to today when it is not over, and the same days of the year before.

    Raises:
        ValueError: the year has not begun, or there is none before it.
    """
    if not MINYEAR < year <= today.year:
        raise ValueError(year)
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    return Window("days", first, last), Window("days", year_before(first), year_before(last))


def lines(rules: ResultRules, now: Ended, before: Ended) -> tuple[Line, ...]:
    """The figures, from what a window and its base had."""
    return tuple(Line(one, one.count(now), one.count(before)) for one in rules.results)


def clean(
    veto: Veto, major: Mapping[int, int], records: tuple[date, date] | None, window: Window
) -> Clean:
    """The years in a row without a one-veto incident.

    Args:
        veto: what one is.
        major: how many there were, year by year, up to the end of the window.
        records: the first and the last day that the records know: a year that they do not
            reach both ends of proves nothing.
        window: a year, or the part of it that is over.
    """
    year = window.first.year
    over = window.last == date(year, 12, 31)
    at = year if over else year - 1
    row = 0
    if records is not None and records[1] >= date(at, 12, 31) and (over or not major.get(year)):
        first = records[0]
        begin = first.year if (first.month, first.day) == (1, 1) else first.year + 1
        while at - row >= begin and not major.get(at - row):
            row += 1
    return Clean(veto, major.get(year, 0), row, at - row + 1 if row else None)


def shown(change: float | None) -> str:
    """A change as it is written: ``-21%``, ``-10.44%``, ``+3.5%``; ``-`` without a base."""
    if change is None:
        return "-"
    return f"{change:+.2f}".rstrip("0").rstrip(".") + "%" if change else "0%"


def as_json(panel: ResultsPanel) -> dict[str, object]:
    """The panel for machines."""
    made = panel.clean
    return {
        "from": panel.window.first.isoformat(),
        "to": panel.window.last.isoformat(),
        "base_from": panel.base.first.isoformat(),
        "base_to": panel.base.last.isoformat(),
        "records": [day.isoformat() for day in panel.records] if panel.records else None,
        "base_whole": panel.base_whole,
        "results": [
            {
                "id": one.result.id,
                "zh": one.result.label.zh,
                "en": one.result.label.en,
                "measure": one.result.measure,
                "count": one.count,
                "base": one.base,
                "change": one.change,
                "source": one.result.source,
            }
            for one in panel.lines
        ],
        "one_veto": {
            "deaths": made.veto.deaths,
            "source": made.veto.source,
            "events": made.events,
            "years_without": made.years,
            "since": made.since,
        },
    }


def parse_results(text: str, file: str, naming: Naming) -> tuple[ResultRules, list[Fault]]:
    """Read ``results.toml``; the categories and results that it names must be known."""
    document = Document(text, file)
    found: list[Result] = []
    for table in document.root.tables("result"):
        one = Result(
            table.text("id"),
            table.label("label"),
            _categories(table, "categories", naming.categories),
            _categories(table, "without", naming.categories),
            _results(table, "without_results", naming),
            table.text("measure"),
            table.text("source"),
        )
        if not one.categories:
            table.complain("categories", msg("results.nothing"))
        if one.measure not in MEASURES:
            table.complain(
                "measure", msg("results.no_measure", word=one.measure, known=tuple(MEASURES))
            )
        if any(one.id == other.id for other in found):
            table.complain("id", msg("results.twice", id=one.id))
        found.append(one)
        table.end()
    table = document.root.table("veto")
    veto = Veto(table.label("label"), table.number("deaths", least=1), table.text("source"))
    table.end()
    document.root.end()
    return ResultRules(tuple(found), veto), document.faults


def _categories(table: Table, key: str, known: Categories) -> tuple[str, ...]:
    found = table.texts(key)
    for one in found:
        if one not in known:
            table.complain(key, msg("rules.unknown_category", category=one))
    return found


def _results(table: Table, key: str, naming: Naming) -> tuple[str, ...]:
    found = table.texts(key)
    for one in found:
        if one not in naming.results:
            table.complain(key, msg("results.unknown_result", result=one))
    return found
