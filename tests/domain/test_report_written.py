"""Whole reports, written: what a leader reads when little and when much has happened.

Compared with what a person has read and found right (`--snapshot-update` after a change that is
meant, then read the difference).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from console.domain.clock import HOUR
from console.domain.lifecycle import State
from console.domain.periods import period_of
from console.domain.report import compose
from console.domain.reported import Reported
from console.i18n import Translator
from console.reports import rendered
from tests.domain.reporting import at, busy, important, moments, one, pending, reported, tallied
from tests.domain.shipped import rules

NIGHT = next(shift for shift in rules().shifts if shift.end <= shift.begin)


def _more_than_is_shown() -> Reported:
    """More of everything than there is room for."""
    return replace(
        busy(),
        important=(
            important(),
            replace(
                important("两车相撞", "建设一路"),
                number="XS-20220321-0043",
                category="traffic.injury",
                state=State.CLOSED,
                result="已处置",
                deaths=1,
                injured=2,
                amount_lost=30_000,
                amount_saved=5_000,
                arrived=None,
                units=(),
            ),
        ),
        important_all=5,
        pending=(pending(), pending("XS-20220321-0008", late=False)),
        pending_all=9,
        overdue=3,
        tray=4,
    )


def _much() -> Reported:
    """Enough for shares and percentiles, against a quieter year and week."""
    kinds = (
        {"field": "traffic", "category": "traffic.injury", "town": "330109004", "injured": 1},
        {"field": "fire", "category": "fire.outdoor", "town": "330109002", "alarm_level": 2},
        {
            "field": "fraud",
            "category": "fraud.case",
            "fraud_class": "刷单返利",
            "amount_lost": 9_000,
        },
        {"field": "fire", "category": "fire.structure", "town": "330109113", "alarm_level": 7},
        {"field": "traffic", "category": "traffic.property", "town": "", "severity": "财损"},
    )
    many = [one(**kinds[n % 5], hour=n % 24) for n in range(180)]
    few = [one(**kinds[n % 3], hour=n % 24) for n in range(45)]
    units = [moments("fire", 30 + n, 200 + 9 * n) for n in range(40)]
    units += [moments("traffic", 60 + n, 600 + 11 * n) for n in range(35)]
    quiet = tallied(few)
    return reported(tallied(many, units), last_year=quiet, before=quiet, usual=(quiet, quiet))


def _running() -> Reported:
    """A day that is not over when it is written."""
    return replace(busy(), made=at(21))


def _just_over() -> Reported:
    """A day that is over at the very moment."""
    return replace(busy(), made=at(0, day=date(2022, 3, 22)))


def _night() -> Reported:
    """A shift that goes over midnight."""
    period = period_of("shift", date(2022, 3, 21), NIGHT)
    return replace(busy(), whole=period, period=period, made=at(9, day=date(2022, 3, 22)) + HOUR)


REPORTS: dict[str, Callable[[], Reported]] = {
    "nothing": reported,
    "busy": busy,
    "more": _more_than_is_shown,
    "much": _much,
    "running": _running,
    "just_over": _just_over,
    "night": _night,
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_whole_report(name: str, lang: str, snapshot: SnapshotAssertion) -> None:
    document = compose(REPORTS[name]())
    assert rendered(document, "md", Translator(lang)).decode() == snapshot
