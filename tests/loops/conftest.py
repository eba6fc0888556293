"""What the loop tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loops.live import Live, district


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Every simulated system on loopback, a desk, and a gateway; on SQLite."""
    with district(str(tmp_path / "store.sqlite")) as made:
        yield made
