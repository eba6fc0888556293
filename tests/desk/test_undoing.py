"""Taking back leaves the books exactly as they were."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from adapters.port import Report
from console.desk.desk import Desk
from console.domain.incident import Incident
from console.store import incidents, rollups
from tests.store import truths
from tests.store.floor import a_fire, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with two fires."""
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(1), a_fire(2)])
    return desk


def run(desk: Desk, line: str) -> None:
    (done,) = desk.run(line, None, "zh")
    assert done.ok, done.message


@pytest.mark.parametrize("before", [(), ("接 2",), ("接 2", "派 2 E302")])
def test_a_split_taken_back_is_merged_again(
    desk: Desk, tmp_path: Path, before: tuple[str, ...]
) -> None:
    """The steps that the merge had ended, and the split had opened again, are ended again."""
    for line in (*before, "并 1 2"):
        run(desk, line)
    books = truths.Books(tmp_path / "store.sqlite")
    merged = books.snapshot()
    run(desk, "拆 2")
    assert books.snapshot() != merged
    run(desk, "撤")
    assert books.snapshot() == merged
    run(desk, "撤")
    books.close()


def test_how_it_ended_and_why_it_burnt_stand_with_the_incident_and_are_taken_back(
    desk: Desk, tmp_path: Path
) -> None:
    """What the figures count is written by the step that says it, and undone with it."""

    def now() -> Incident:
        with desk.store.read() as tx:
            found = incidents.find_number(tx, None, 1)
            assert found is not None
            one = incidents.get(tx, found)
        assert one is not None
        return one

    run(desk, "接 1")
    run(desk, "毕 1 熄灭")
    assert now().result == "out"
    run(desk, "办 1 起火原因 3000 电气线路故障")
    assert now().cause == "电气线路故障"
    run(desk, "撤")
    run(desk, "撤")
    assert (now().cause, now().result) == ("", "")


def test_the_injured_of_an_accident_are_counted_and_taken_back(tmp_path: Path) -> None:
    """What an officer tells of the injured is what the figures add up."""
    desk = desk_at(str(tmp_path / "accident.sqlite"))
    desk.receive([Report("alarm110", "t-1", "两车相撞", category="traffic.injury")])

    def sums() -> tuple[int, int, str]:
        with desk.store.read() as tx:
            found = rollups.totals(tx, [(date(2026, 11, 24), date(2026, 11, 24))])[0]["traffic"]
            id_ = incidents.find_number(tx, None, 1)
            one = incidents.get(tx, id_) if id_ is not None else None
        assert one is not None
        return found[2], found[3], one.severity

    run(desk, "接 1")
    assert sums() == (0, 0, "injury")
    run(desk, "办 1 伤情 有人受伤 3")
    assert sums() == (0, 3, "injury")
    run(desk, "撤")
    assert sums() == (0, 0, "injury")
