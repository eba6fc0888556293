"""The campaign in small: see `tests.loops.campaign`, which is run at length by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loops import campaign


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(4, marks=pytest.mark.slow),
        pytest.param(200, marks=pytest.mark.deep),
    ],
)
def test_killed_again_and_again_nothing_is_lost_or_doubled(tmp_path: Path, kills: int) -> None:
    found = campaign.run(tmp_path, kills, seed=7)
    assert found["kills"] == kills
    reports = found["reports"]
    assert isinstance(reports, int)
    assert reports >= kills * 14
    faults = found["faults"]
    assert isinstance(faults, dict)
    # How many kinds had their turn depends on how long the kills took: a few may see none.
    assert any(faults.values()) or kills < 200
