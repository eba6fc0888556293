"""The campaign in small: see `tests.loops.campaign`, which is run at length by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loops import campaign


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    found = campaign.run(tmp_path, 12, seed=7)
    assert found["kills"] == 12
    reports = found["reports"]
    assert isinstance(reports, int)
    assert reports >= 12 * 14
    faults = found["faults"]
    assert isinstance(faults, dict)
    # How many kinds had their turn depends on how long the kills took.
    assert any(faults.values())
