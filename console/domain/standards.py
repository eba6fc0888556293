"""Standards for response times: which share of an interval lies within so many seconds.

Sources stand with each standard in ``standards.toml``; a center may put its own rule there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.figures import FIELDS, INTERVALS, Histogram, percent_of
from console.domain.message import Label, msg
from console.domain.tables import Document, Fault

AREAS: Mapping[str, str] = {"urban": "sub-district", "rural": "town"}
"""What a standard may be for -> the kind of town in the gazetteer that belongs to it. Special
zones are neither: nobody says what they are.
"""


@dataclass(frozen=True, slots=True)
class Standard:
    """At least `share` percent of an interval are to last `seconds` at most."""

    id: str
    label: Label
    source: Label
    """The standard's name, number and edition."""
    field: str
    """The field it is for; ``all`` for every one."""
    interval: str
    seconds: int
    share: int
    area: str = ""
    """One of `AREAS`; "" when it holds wherever the incident is."""
    urgent: bool = False
    """Whether it is for urgent incidents only, those of priority I and II."""
    foreign: bool = False
    """Another country's: named for comparison, no duty of ours."""

    @property
    def apart(self) -> bool:
        """Whether it holds only in an area or for what is urgent."""
        return bool(self.area) or self.urgent


APART = frozenset(one.name for one in INTERVALS if one.end != "contacted")
"""The intervals that can be told apart by area and urgency: those of the units that were sent."""

URGENT = 2
"""The last priority that is urgent."""


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
    """Read ``standards.toml``: our own standards first, then those of other countries."""
    document = Document(text, file)
    found: list[Standard] = []
    intervals = {one.name for one in INTERVALS}
    for table in document.root.tables("standard"):
        one = Standard(
            table.text("id"),
            table.label("label"),
            table.words("source"),
            table.text("field", "all"),
            table.text("interval"),
            table.number("seconds", least=1),
            table.number("share", least=1),
            table.text("area", ""),
            table.flag("urgent"),
            table.flag("foreign"),
        )
        if one.field not in FIELDS:
            table.complain("field", msg("figures.no_field", word=one.field, known=FIELDS))
        if one.interval not in intervals:
            known = tuple(sorted(intervals))
            table.complain("interval", msg("standards.no_interval", word=one.interval, known=known))
        if one.area not in ("", *AREAS):
            table.complain("area", msg("standards.no_area", word=one.area, known=tuple(AREAS)))
        elif one.apart and one.interval not in APART:
            key = "area" if one.area else "urgent"
            table.complain(key, msg("standards.no_area_of", interval=one.interval))
        if one.share > 100:
            table.complain("share", msg("standards.share"))
        if any(one.id == other.id for other in found):
            table.complain("id", msg("standards.twice", id=one.id))
        found.append(one)
        table.end()
    document.root.end()
    return tuple(sorted(found, key=lambda one: one.foreign)), document.faults
