"""The results panel, read from the records."""

from __future__ import annotations

from console.desk.desk import Desk
from console.domain.message import Problem, msg
from console.domain.results import ResultsPanel, clean, last_year, lines, windows
from console.domain.rollup import date_of
from console.store import incidents, results, rollups


def resulted(desk: Desk, year: int | None = None) -> ResultsPanel:
    """Count the panel.

    Args:
        desk: where.
        year: which year; the last one that is over and that the records have when it is left
            out. The running year is held against the same days of the year before.

    Raises:
        Problem: the year has not begun, or there is none before it.
    """
    rules = desk.rules.results
    with desk.store.read() as tx:
        today = date_of(incidents.local_day(tx, desk.clock.now()))
        records = rollups.span(tx)
        chosen = last_year(records, today) if year is None else year
        try:
            window, base = windows(chosen, today)
        except ValueError:
            raise Problem(msg("results.no_year", year=chosen)) from None
        fresh = rollups.Fresh()
        return ResultsPanel(
            window,
            base,
            records,
            lines(
                rules,
                results.ended(tx, window, fresh),
                results.ended(tx, base, fresh),
            ),
            clean(rules.veto, results.major(tx, rules.veto.deaths, window.last), records, window),
        )
