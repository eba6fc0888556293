"""What the desk says to the officer: before Enter, in the pane, in the timeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.desk.desk import Desk
from console.i18n import Translator
from tests.store.floor import a_fire, desk_at, ok, refused

LANGUAGES = ("zh", "en")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with two fires, P12 on its way to the first."""
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(88), a_fire(12)])
    ok(desk, "派 1 P12")
    return desk


def said(desk: Desk, line: str, lang: str) -> str:
    """What the line under the command line says before Enter."""
    return Translator(lang).t(desk.preview(line, None, lang).message)


class TestBeforeEnter:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_unit_that_is_out_is_refused_before_enter_as_after_it(
        self, desk: Desk, lang: str
    ) -> None:
        before = desk.preview("派 2 P12", None, lang)
        assert not before.ok
        assert "P12" in said(desk, "派 2 P12", lang)
        after = desk.run("派 2 P12")[-1]
        assert not after.ok
        assert Translator(lang).t(after.message) in Translator(lang).t(before.message)
        assert refused(desk, "派 2 P12") == "dispatch.busy"
