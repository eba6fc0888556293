"""What a report is written from: figures, incidents and the state of the house as values.

Read by `console.desk.reporting`; `console.domain.report` makes the document of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from console.domain.categories import Categories
from console.domain.clock import Instant
from console.domain.figures import Histogram
from console.domain.lifecycle import OPEN, State
from console.domain.message import Arg, Label, Message
from console.domain.periods import Period
from console.domain.report_rules import ReportRules
from console.domain.rollup import Tallied
from console.domain.standards import AREAS, Kept, Standard, kept


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A seat that did something in the period, and who sat there."""

    seat: str
    officers: tuple[str, ...]
    deeds: int
    """Entries in the journal."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done about an incident, as its timeline tells it."""

    at: Instant
    told: Message


@dataclass(frozen=True, slots=True)
class Important:
    """An incident that is told at length. Its texts are masked already (ms UTC, yuan)."""

    number: str
    received: Instant
    category: str
    priority: int
    state: State
    town: str
    place: str
    text: str
    why: tuple[Message, ...]
    """What singles it out."""
    units: tuple[str, ...]
    arrived: Instant | None
    """When the first unit was on scene."""
    deeds: tuple[Deed, ...]
    result: Arg
    """How it ended, or "" when it has not."""
    deaths: int = 0
    injured: int = 0
    amount_lost: int = 0
    amount_saved: int = 0


@dataclass(frozen=True, slots=True)
class Pending:
    """An incident that is still open: its next step, and by when."""

    number: str
    received: Instant
    category: str
    priority: int
    state: State
    town: str
    place: str
    seat: str
    step: Label | None
    due: Instant | None


@dataclass(frozen=True, slots=True)
class LinkDown:
    """A link to another system that does not work."""

    system: Message | str
    fault: Message
    since: Instant


@dataclass(frozen=True, slots=True)
class Owed:
    """Orders for a system whose end is not known yet."""

    system: Message | str
    waiting: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts over time: labels, this run, and the one it is held against if there is one."""

    labels: tuple[Arg, ...]
    now: tuple[int | None, ...]
    then: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What other rules make of the period; each is left out where it is not known.

    Args:
        band: how the period stands against the band of what is usual for its hours.
        colours: town code -> the name of its colour on the five-colour map.
    """

    band: Message | None = None
    colours: Mapping[str, Arg] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called."""

    categories: Categories
    towns: Mapping[str, str]
    """Code -> name."""
    labels: Mapping[str, Label] = field(default_factory=dict)
    """Code -> name in both languages, where there is one."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Code -> the kind of town, as the gazetteer has it."""

    def area(self, town: str) -> str:
        """The area that a town belongs to, one of `AREAS`; "" when nobody says."""
        kind = self.kinds.get(town, "")
        return next((area for area, of in AREAS.items() if of == kind), "")


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything that a report is written from, as of one moment.

    Args:
        district: its code, for the numbers.
        center: the center's name.
        zone: the center's.
        made: when it was read (ms UTC).
        whole: the period.
        period: the part of it that is over.
        duty: who was on duty.
        counted, last_year, before: what the period, the same days of last year and the
            period before come to.
        usual: what the periods come to that it is held against; only those of which the
            store knows.
        states: how many of its incidents stand where.
        trend: counts over time, with the period at the end.
        important: what is told at length, `important_all` of which there are.
        pending: what is open, `pending_all` of which there are, `overdue` of them late.
        down, owed, tray: links that do not work, orders that wait, items nobody could read.
        apart: (field, interval, area, whether only what is urgent) -> histogram of the intervals
            that are told apart; the area "" has those of towns that are neither town nor country.
        records: the moment from which the store knows of incidents (ms UTC); None when it
            knows of none.
    """

    district: str
    center: str
    zone: tzinfo
    made: Instant
    whole: Period
    period: Period
    duty: tuple[OnDuty, ...]
    counted: Tallied
    last_year: Tallied
    before: Tallied
    usual: tuple[Tallied, ...]
    states: Mapping[State, int]
    trend: Trend
    important: tuple[Important, ...]
    important_all: int
    pending: tuple[Pending, ...]
    pending_all: int
    overdue: int
    down: tuple[LinkDown, ...]
    owed: tuple[Owed, ...]
    tray: int
    standards: tuple[Standard, ...]
    rules: ReportRules
    names: Names
    outlook: Outlook = field(default_factory=Outlook)
    apart: Mapping[tuple[str, str, str, bool], Histogram] = field(default_factory=dict)
    records: Instant | None = None

    @property
    def last_year_whole(self) -> bool:
        """Whether the records reach back to the beginning of the same days of last year."""
        return self._whole(self.period.year_before())

    @property
    def before_whole(self) -> bool:
        """Whether they reach back to the beginning of the period before."""
        return self._whole(self.period.before())

    @property
    def recorded(self) -> bool:
        """Whether they reach into the period itself."""
        return self.records is None or self.records < self.period.span(self.zone)[1]

    @property
    def open_now(self) -> int:
        """How many of the period's own incidents are not done."""
        return sum(self.states.get(state, 0) for state in OPEN)

    @property
    def year(self) -> int:
        """The year that is understood where a moment is told without one."""
        return self.whole.begin.day.year

    def held(self, standard: Standard) -> Kept:
        """How a standard was kept, by what it is for."""
        of, interval = standard.field, standard.interval
        if not standard.apart:
            return kept(standard, self.counted.histograms.get((of, interval), {}))
        areas = (standard.area,) if standard.area else (*AREAS, "")
        together: Counter[int] = Counter()
        for area in areas:
            together.update(self.apart.get((of, interval, area, standard.urgent), {}))
        return kept(standard, together)

    def _whole(self, base: Period) -> bool:
        return self.records is not None and base.span(self.zone)[0] >= self.records
