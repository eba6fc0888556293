"""The panels of the figures page, read from the rollups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from console.domain.clock import Instant, from_datetime, to_datetime
from console.domain.figures import INTERVALS, Histogram, Sums, spread
from console.domain.panels import (
    FIELDS,
    HOURS,
    WINDOWS,
    Panel,
    Standing,
    Window,
    period_before,
    ranked,
    same_last_year,
    until,
    window,
)
from console.domain.rollup import Cell, Tallied, number_of
from console.domain.standards import Standard, kept
from console.store import rollups
from console.store.engine import Tx

RANKED = ("category", "class", "severity", "outcome", "result", "cause", "alarm", "town")
_READ = ("all", "hour", *RANKED)


class Reader:
    """Reads windows at one moment; a day that is not counted yet is counted once.

    Args:
        tx: a transaction.
        now: the moment (ms UTC); None compares whole days. A window that runs is compared with
            earlier ones up to the same time of day, so that a morning is not held against days.
    """

    def __init__(self, tx: Tx, now: Instant | None = None) -> None:
        self._tx = tx
        self._fresh = rollups.Fresh()
        self._now = None if now is None else to_datetime(now, tx.zone)
        self._later: dict[date, dict[str, Cell]] = {}
        self.records = self._fresh.span_of(tx)
        """The first and the last day of which anything is known."""

    def whole(self, one: Window, field: str) -> Tallied:
        """Everything that a panel shows of a field in a window."""
        return rollups.window(
            self._tx, one.first, one.last, field=field, dims=_READ, fresh=self._fresh
        )

    def totals(self, windows: Sequence[Window]) -> list[dict[str, Cell]]:
        """How many incidents each window has, field by field, with their sums."""
        return rollups.totals(self._tx, [(one.first, one.last) for one in windows], self._fresh)

    def standings(self, windows: Sequence[Window]) -> dict[str, tuple[Standing, ...]]:
        """How every field of the panels stands in each window."""
        totals = self.compared(windows)
        return {
            field: tuple(self.standing(one, field, found) for one, found in totals)
            for field in FIELDS
        }

    def standing(self, one: Window, field: str, totals: Sequence[Mapping[str, Cell]]) -> Standing:
        """How a field stands in a window, of what `compared` found."""
        count, last_year, before = (found[field][0] if field in found else 0 for found in totals)
        ahead = self._ahead(one)
        year_whole, before_whole = (ahead or self._whole(base) for base in self._bases(one))
        return Standing(one, count, last_year, before, year_whole, before_whole, ahead)

    def compared(
        self, windows: Sequence[Window]
    ) -> list[tuple[Window, tuple[dict[str, Cell], ...]]]:
        """Each window with its own totals, those of last year, and those of the period before."""
        found = self.totals([at for one in windows for at in (one, *self._bases(one))])
        made = []
        for n, one in enumerate(windows):
            now, *earlier = found[3 * n : 3 * n + 3]
            if self._ahead(one):
                earlier = [{}, {}]
            elif self._now is not None and one.first <= self._now.date() <= one.last:
                earlier = [
                    _without(cells, self._behind(base.last))
                    for cells, base in zip(earlier, self._bases(one), strict=True)
                ]
            made.append((one, (now, *earlier)))
        return made

    def last_year(self, one: Window) -> dict[str, Cell]:
        """What a window is compared with year on year, field by field."""
        if self._ahead(one):
            return {}
        base = same_last_year(self._come(one))
        (found,) = self.totals([base])
        if self._now is not None and one.first <= self._now.date() <= one.last:
            return _without(found, self._behind(base.last))
        return found

    def last_year_whole(self, one: Window) -> bool:
        """Whether the records reach back to the first day of `last_year`."""
        return self._ahead(one) or self._whole(same_last_year(self._come(one)))

    def _whole(self, base: Window) -> bool:
        return self.records is None or self.records[0] <= base.first

    def _ahead(self, one: Window) -> bool:
        """Whether none of its days has come."""
        return self._now is not None and self._now.date() < one.first

    def _come(self, one: Window) -> Window:
        return one if self._now is None else until(one, self._now.date())

    def _bases(self, one: Window) -> tuple[Window, Window]:
        """What a window is compared with: last year's and the one before, as far as it has come."""
        come = self._come(one)
        return same_last_year(come), period_before(come)

    def _behind(self, day: date) -> dict[str, Cell]:
        """What a day brought from the present time of day on."""
        if day not in self._later:
            assert self._now is not None
            cut = from_datetime(datetime.combine(day, self._now.time(), self._tx.zone))
            self._later[day] = rollups.received_from(self._tx, number_of(day), cut)
        return self._later[day]

    def months(self, today: date, field: str) -> tuple[tuple[int, int | None, int], ...]:
        """The months of this year beside those of the year before."""
        begin = date(today.year - 1, 1, 1)
        end = date(today.year, 12, 31)
        found = rollups.series(self._tx, begin, end, field, "month", fresh=self._fresh)

        def count(year: int, month: int) -> int:
            cell = found.get(year * 100 + month)
            return cell[0] if cell is not None else 0

        return tuple(
            (
                month,
                count(today.year, month) if month <= today.month else None,
                count(today.year - 1, month),
            )
            for month in range(1, 13)
        )


def panel(
    tx: Tx, now: Instant, field: str, chosen: Window, standards: Sequence[Standard]
) -> tuple[Panel, dict[str, tuple[Standing, ...]]]:
    """One field in one window, and how all fields stand in all windows.

    Args:
        tx: a transaction.
        now: the moment (ms UTC).
        field: one of `console.domain.panels.FIELDS`.
        chosen: the window.
        standards: what the intervals are held against.
    """
    reader = Reader(tx, now)
    today = to_datetime(now, tx.zone).date()
    found = reader.whole(chosen, field)
    ((_chosen, totals),) = reader.compared([chosen])
    of_chosen, earlier, _before = totals
    heat = [0] * HOURS
    for key, cell in found.by(field, "hour").items():
        heat[int(key)] += cell[0]
    histograms: dict[str, Histogram] = {
        one.name: found.histograms.get((field, one.name), {}) for one in INTERVALS
    }
    by = {dim: ranked({k: c[0] for k, c in found.by(field, dim).items()}) for dim in RANKED}
    if field == "all":
        by["field"] = ranked({of: cell[0] for of, cell in of_chosen.items() if of != "all"})
    made = Panel(
        field=field,
        window=chosen,
        standing=reader.standing(chosen, field, totals),
        sums=_sums(of_chosen, field),
        sums_last_year=_sums(earlier, field),
        by=by,
        heat=tuple(heat),
        intervals={one.name: spread(histograms[one.name], one.edges) for one in INTERVALS},
        standards=tuple(
            kept(one, histograms[one.interval])
            for one in standards
            # Rollups tell neither areas nor what is urgent apart: the written reports do.
            if one.field in ("all", field) and not one.apart
        ),
        year=today.year,
        trend=reader.months(today, field),
        records=reader.records,
    )
    return made, reader.standings([window(name, today) for name in WINDOWS])


def _without(cells: dict[str, Cell], less: Mapping[str, Cell]) -> dict[str, Cell]:
    return {
        of: [a - b for a, b in zip(cell, less.get(of, [0] * len(cell)), strict=True)]
        for of, cell in cells.items()
    }


def _sums(found: Mapping[str, Cell], field: str) -> Sums:
    return Sums(*found[field][1:]) if field in found else Sums()
