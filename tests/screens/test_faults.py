"""A fault of the program ends in a sentence, and shows nobody's data."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from console.app import ZhibanApp
from console.faults import NAME
from tests.screens.stage import make_app, make_session


async def end_by_a_fault(app: ZhibanApp) -> None:
    async with app.run_test():
        try:
            raise ValueError("19900001234")
        except ValueError as error:
            app._handle_exception(error)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_fault_is_a_sentence_and_its_trace_holds_no_value(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    app = make_app(make_session(tmp_path), lang)
    with pytest.raises(ValueError, match="19900001234"):
        await end_by_a_fault(app)
    assert app.failure is not None
    said = app.words.t(app.failure.message)
    (kept,) = (tmp_path / "data").rglob(NAME)
    assert str(kept) in said
    assert "ValueError" in said
    assert "19900001234" not in said + kept.read_text("utf-8")
    assert "test_faults.py" in kept.read_text("utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
