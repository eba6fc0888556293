"""Standards for response times: which share of an interval lies within so many seconds.

Sources stand with each standard in ``standards.toml``; a center may put its own rule there.
"""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.figures import FIELDS, INTERVALS, Histogram, percent_of
from console.domain.message import Label, msg
from console.domain.tables import Document, Fault


@dataclass(frozen=True, slots=True)
class Standard:
    """At least `share` percent of an interval are to last `seconds` at most."""

    id: str
    label: Label
    source: str
    """The standard's name and edition."""
    field: str
    """The field it is for; ``all`` for every one."""
    interval: str
    seconds: int
    share: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How a standard was kept: `within` of `n` intervals."""

    standard: Standard
    within: int
    n: int

    @property
    def percent(self) -> float | None:
        """The share within it, in percent, two decimals; None where there was nothing to measure.

        One that is not reached is never rounded up to what is wanted.
        """
        found = percent_of(self.within, self.n)
        if found is not None and not self.met and found >= self.standard.share:
            return round(self.standard.share - 0.01, 2)
        return found

    @property
    def met(self) -> bool | None:
        """Whether the share is reached; None where there was nothing to measure."""
        return 100 * self.within >= self.standard.share * self.n if self.n else None


def kept(standard: Standard, histogram: Histogram) -> Kept:
    """Hold an interval's one-second histogram against a standard."""
    within = sum(n for seconds, n in histogram.items() if seconds <= standard.seconds)
    return Kept(standard, within, sum(histogram.values()))


def parse_standards(text: str, file: str) -> tuple[tuple[Standard, ...], list[Fault]]:
    """Read ``standards.toml``."""
    document = Document(text, file)
    found: list[Standard] = []
    intervals = {one.name for one in INTERVALS}
    for table in document.root.tables("standard"):
        one = Standard(
            table.text("id"),
            table.label("label"),
            table.text("source"),
            table.text("field", "all"),
            table.text("interval"),
            table.number("seconds", least=1),
            table.number("share", least=1),
        )
        if one.field not in FIELDS:
            table.complain("field", msg("figures.no_field", word=one.field, known=FIELDS))
        if one.interval not in intervals:
            known = tuple(sorted(intervals))
            table.complain("interval", msg("standards.no_interval", word=one.interval, known=known))
        if one.share > 100:
            table.complain("share", msg("standards.share"))
        if any(one.id == other.id for other in found):
            table.complain("id", msg("standards.twice", id=one.id))
        found.append(one)
        table.end()
    document.root.end()
    return tuple(found), document.faults
