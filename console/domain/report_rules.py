"""What a written report singles out, and when it gives a hint: ``reports.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.tables import Document, Fault

MOST_ROWS = 1_000
"""No table of a report is longer."""


@dataclass(frozen=True, slots=True)
class ReportRules:
    """The thresholds of a report; see the comments of the file."""

    alarm_level: int
    amount: int
    """Whole yuan."""
    most_cases: int
    most_open: int
    most_towns: int
    most_hints: int
    rise_percent: float
    rise_base: int
    rise_least: int
    town_least: int
    town_spread: float
    interval_least: int

    def is_high(self, count: int, usual: float) -> bool:
        """Whether a town's count is above its usual.

        Counts of independent events spread by the square root of their mean (Poisson);
        below `town_least` nothing is said.
        """
        return count >= self.town_least and count > usual + self.town_spread * usual**0.5

    def has_risen(self, count: int, base: int) -> bool:
        """Whether a count has risen so much that it is said."""
        more = count - base
        return (
            base >= self.rise_base
            and more >= self.rise_least
            and more * 100 >= self.rise_percent * base
        )


def parse_reports(text: str, file: str) -> tuple[ReportRules, list[Fault]]:
    """Read ``reports.toml``."""
    document = Document(text, file)
    root = document.root
    rules = ReportRules(
        alarm_level=root.number("alarm_level", least=1),
        amount=root.number("amount", least=1),
        most_cases=root.number("most_cases", least=1, most=MOST_ROWS),
        most_open=root.number("most_open", least=1, most=MOST_ROWS),
        most_towns=root.number("most_towns", least=1, most=MOST_ROWS),
        most_hints=root.number("most_hints", least=1, most=MOST_ROWS),
        rise_percent=root.decimal("rise_percent", least=0.0),
        rise_base=root.number("rise_base", least=1),
        rise_least=root.number("rise_least", 1, least=1),
        town_least=root.number("town_least", least=1),
        town_spread=root.decimal("town_spread", least=0.0),
        interval_least=root.number("interval_least", least=1),
    )
    root.end()
    return rules, document.faults
