"""What figures, map, reports, wall and links hold, written down whole for one small store.

Compared with what a person has read and found right (`--snapshot-update` after a change that is
meant, then read the difference). Rules by example stand in the tests of each page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from console.desk.desk import Desk
from console.desk.figured import figured, spots
from console.desk.followed import field_standings, loop_standings
from console.desk.linked import linked
from console.desk.mapped import mapped
from console.desk.reporting import period_asked, report
from console.desk.resulted import resulted
from console.desk.walled import walled
from console.domain.clock import SECOND
from console.domain.panels import Window
from console.domain.periods import Kind
from console.domain.results import as_json
from console.i18n import Translator
from console.reports import rendered
from tests.screens.figured_stage import furnish
from tests.screens.stage import NOON, make_session

DAYS = Window("days", date(2026, 11, 1), date(2026, 11, 23))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two years behind it, and a morning."""
    lines = (
        "接 2",
        "派 2 E201 E202",
        "E201 出动",
        "E201 到场",
        "接 3",
        "记 #3 家属在路上",
        "转 #5 四平台",
    )
    made = make_session(tmp_path, lines=lines, past=furnish).desk
    yield made
    made.store.close()


DEEP = 4
"""Columns from which a value stands on one line."""


def plain(value: object, indent: str = "") -> str:
    """A value of the rules as text, a field a line, so that a difference can be read."""
    deeper = f"{indent}  "
    if is_dataclass(value) and not isinstance(value, type):
        parts = [(one.name, getattr(value, one.name)) for one in fields(value)]
    elif isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list | tuple) and any(
        isinstance(one, dict | list | tuple) or is_dataclass(one) for one in value
    ):
        parts = [(str(place), one) for place, one in enumerate(value)]
    elif isinstance(value, Enum):
        return str(value.value)
    elif isinstance(value, float):
        return f"{value:.9g}"
    else:
        return str(value)
    if len(indent) >= DEEP:
        return "{" + "; ".join(f"{name}: {plain(one, deeper)}" for name, one in parts) + "}"
    return "".join(f"\n{indent}{name}: {plain(one, deeper)}" for name, one in parts)


@pytest.mark.parametrize("field", ["all", "traffic", "fraud", "fire"])
def test_figures(desk: Desk, field: str, snapshot: SnapshotAssertion) -> None:
    window = "month" if field == "all" else DAYS
    assert plain(figured(desk, field, window)) == snapshot(name="figures")
    assert plain(spots(desk, field, DAYS)) == snapshot(name="spots")


def test_map(desk: Desk, snapshot: SnapshotAssertion) -> None:
    assert plain(mapped(desk, "traffic", "month")) == snapshot


def test_results(desk: Desk, snapshot: SnapshotAssertion) -> None:
    for year in (None, 2025, 2026):
        assert plain(as_json(resulted(desk, year))) == snapshot(name=str(year))


def test_loops(desk: Desk, snapshot: SnapshotAssertion) -> None:
    assert plain(loop_standings(desk)) == snapshot(name="loops")
    assert plain(field_standings(desk)) == snapshot(name="fields")


def test_links(desk: Desk, snapshot: SnapshotAssertion) -> None:
    assert plain([one.as_json(desk.store.zone) for one in linked(desk)]) == snapshot


def test_wall(desk: Desk, snapshot: SnapshotAssertion) -> None:
    with desk.store.read() as tx:
        assert plain(walled(tx, NOON + 30 * SECOND)) == snapshot


@pytest.mark.parametrize("kind", ["shift", "day", "week", "month"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report(desk: Desk, kind: Kind, lang: str, snapshot: SnapshotAssertion) -> None:
    whole = period_asked(desk, kind, date(2026, 11, 20), None)
    document = report(desk, whole, "萧山区指挥中心")
    assert rendered(document, "md", Translator(lang)).decode() == snapshot
