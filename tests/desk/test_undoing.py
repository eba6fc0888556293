"""Taking back leaves the books exactly as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.desk.desk import Desk
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
