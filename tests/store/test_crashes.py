"""kill -9 at any moment: nothing that was confirmed is lost, nothing half done, nothing twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.racers import ROOT

EACH = 50
"""Deaths a watch."""


def killed(url: str, folder: Path, seed: int, moments: int) -> dict[str, object]:
    """Kill that many times; the figures of it."""
    arguments = [url, str(folder / "watch"), str(seed), str(moments), str(EACH)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.crashes", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    figures: dict[str, object] = json.loads(done.stdout)
    assert figures["moments"] == moments
    return figures


def test_killed_at_some_moments(store_url: str, tmp_path: Path) -> None:
    figures = killed(store_url, tmp_path, 7, 12 if store_url.startswith("sqlite") else 8)
    assert figures["deeds"] != 0


@pytest.mark.deep
def test_killed_at_a_thousand_moments(store_url: str, tmp_path: Path) -> None:
    moments = 1_000 if store_url.startswith("sqlite") else 100
    figures = killed(store_url, tmp_path, 1_000, moments)
    at = figures["at"]
    assert isinstance(at, dict)
    assert set(at) >= {"report", "verb", "courier", "history"}
    assert figures["unsaid"] != 0, "never between doing and saying so"
