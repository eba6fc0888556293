"""The bench's catalogue: every measure, its unit, its peer and its budget.

The budgets are those of the project: ratios to a peer that is measured in the same run, or bounds
that hold on any machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.stats import Budget, Limit, Sample, Stat, Verdict

P50, P99 = Stat.P50, Stat.P99
NO_BUDGET = Budget()
SMALL = 10_000


@dataclass(frozen=True)
class Measure:
    """One thing that is measured.

    Args:
        name: Its key in the results.
        what: Its row in the table.
        unit: The unit of its values.
        peer: What it is put beside; empty when it stands alone.
        budget: What it must keep to.
        small: What it must keep to with up to `SMALL` incidents, when that is another thing.
    """

    name: str
    what: str
    unit: str
    peer: str = ""
    budget: Budget = NO_BUDGET
    small: Budget | None = None


@dataclass(frozen=True)
class Finding:
    """What one run found of a measure; `incidents` is how many the store held, if any did."""

    measure: str
    incidents: int | None
    own: Sample | None
    peer: Sample | None

    @property
    def budget(self) -> Budget:
        """What it is held against."""
        measure = MEASURES[self.measure]
        few = self.incidents is not None and self.incidents <= SMALL
        return measure.small if few and measure.small is not None else measure.budget

    @property
    def verdict(self) -> Verdict:
        """What it says of the measure's budget."""
        return self.budget.verdict(self.own, self.peer)

    @property
    def ratio(self) -> float | None:
        """The median as a multiple of the peer's."""
        if self.own is None or self.peer is None or self.peer.stat(P50) == 0:
            return None
        return self.own.stat(P50) / self.peer.stat(P50)


def _at_most(p50: float | None = None, p99: float | None = None) -> tuple[Limit, ...]:
    bounds = ((P50, p50), (P99, p99))
    return tuple(Limit(stat, value) for stat, value in bounds if value is not None)


_AS_DATATABLE = Limit(P50, 1.0, of_peer=True)
_DATATABLE = "DataTable, 1,000 rows"
_SMALLEST = "smallest Textual app"

_VERB, _VERB_SMALL = _at_most(None, 60), _at_most(16, 33)
_WHENS = {
    "rest": "at rest",
    "start": "right after the start, days and deadlines to catch up with",
    "import": "while a history is imported",
}


def _hand(
    name: str, what: str, limits: tuple[Limit, ...], small: tuple[Limit, ...] | None = None
) -> Iterator[Measure]:
    """What the hand does, once for each state of the console."""
    for when, words in _WHENS.items():
        few = Budget(small) if small is not None else None
        yield Measure(f"{name}_{when}", f"{what}, {words}", "ms", "", Budget(limits), few)


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("first_text", "first text on the screen", "ms", _SMALLEST),
        Measure(
            "first_frame",
            "first frame readable: chrome and status line",
            "ms",
            _SMALLEST,
            Budget((Limit(P50, 1.3, of_peer=True),)),
        ),
        Measure(
            "live_rows",
            "live rows of the queue visible",
            "ms",
            _SMALLEST,
            Budget((Limit(P50, 3.0, of_peer=True),)),
        ),
        Measure("session", "session open: verbs are done", "ms", _SMALLEST),
        Measure("key_first_byte", "key to first byte, within the page", "ms", _DATATABLE),
        Measure(
            "key_paint",
            "key to painted row, within the page",
            "ms",
            _DATATABLE,
            Budget((*_at_most(10, 33), _AS_DATATABLE)),
        ),
        Measure(
            "key_bytes", "cursor down, within the page", "B", _DATATABLE, Budget(_at_most(6144))
        ),
        Measure(
            "walk_paint",
            "key to painted row, walking on down",
            "ms",
            _DATATABLE,
            Budget((*_at_most(10, 33), _AS_DATATABLE)),
        ),
        Measure("walk_bytes", "cursor down, walking on", "B", _DATATABLE, Budget(_at_most(6144))),
        Measure(
            "load_paint",
            "key to painted row, 50 reports a second coming in",
            "ms",
            "",
            Budget(_at_most(None, 50)),
        ),
        Measure("idle", "idle, clock ticking", "B/s", _SMALLEST, Budget(_at_most(120))),
        Measure(
            "typing_bytes", "one character on the command line", "B", "", Budget(_at_most(1536))
        ),
        Measure("update_bytes", "one live update of one row", "B", "", Budget(_at_most(3072))),
        Measure("pane_bytes", "opening a pane", "B", "", Budget(_at_most(25600))),
        Measure(
            "memory_loaded",
            "memory (PSS) when loaded",
            "MiB",
            "smallest app with SQLModel",
            Budget((Limit(P50, 1.6, of_peer=True),)),
        ),
        Measure(
            "memory_walked",
            "memory (PSS) after walking 5,000 rows",
            "MiB",
            "smallest app with SQLModel",
            Budget((Limit(P50, 1.6, of_peer=True),)),
        ),
        Measure("memory_rss", "memory (RSS) when loaded", "MiB", "smallest app with SQLModel"),
        Measure(
            "verb",
            "a verb from Enter to the row repainted",
            "ms",
            "one fsynced SQLite insert",
            Budget(_at_most(None, 60)),
        ),
        Measure("filter", "filter, to the first page", "ms", "", Budget(_at_most(None, 100))),
        *_hand("verb", "a verb, Enter to the row repainted", _VERB, _VERB_SMALL),
        *_hand("filter", "a filter, Enter to its first page", _at_most(None, 100)),
        *_hand("find", "a search, Enter to its first page", _at_most(None, 100)),
        *_hand("key", "a key to the painted row", _at_most(5, 33)),
        Measure(
            "intake",
            "intake, live path",
            "reports/s",
            "",
            Budget((Limit(P50, 500, at_least=True),)),
        ),
        Measure(
            "figures_panel",
            "a panel of the figures page, three years",
            "ms",
            "the same by plain GROUP BY",
            Budget(_at_most(None, 200)),
        ),
        Measure(
            "figures_window",
            "the same for any days",
            "ms",
            "the same by plain GROUP BY",
            Budget(_at_most(None, 300)),
        ),
        Measure(
            "history",
            "history import",
            "rows/s",
            "sqlite3.executemany, same tables",
            Budget(
                (
                    Limit(P50, 15000, at_least=True),
                    Limit(P50, 0.3, of_peer=True, at_least=True),
                ),
                any_of=True,
            ),
        ),
    )
}
