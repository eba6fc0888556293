"""The report from the screen: one line, a file, and where it is."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from console.i18n import LANGUAGES
from console.screens.main import MainScreen
from tests.screens.stage import make_app, make_session, settle, until
from tests.screens.test_steps import line_of


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("报告", "XS-shift-20261123-day.md"),
        ("report day html", "XS-day-20261123.html"),
        ("baogao zhoubao docx", "XS-week-20261123.docx"),
    ],
)
async def test_a_line_writes_a_file(tmp_path: Path, lang: str, line: str, name: str) -> None:
    session = make_session(tmp_path)
    session.reports = tmp_path / "reports"
    app = make_app(session, lang)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        for _ in range(2):
            screen.entry.run(line, typed=True)
            await settle(pilot)
        first, second = sorted(session.reports.iterdir(), key=lambda path: len(path.name))
        assert first.name == name
        assert second.name == name.replace(".", "-2.")
        await until(pilot, lambda: second.name in line_of(screen))
    if name.endswith("docx"):
        assert docx.Document(str(first)).tables
    else:
        assert {"zh": "值班", "en": "report"}[lang] in first.read_text("utf-8")[:400]


async def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    session.reports = tmp_path / "taken"
    session.reports.write_text("")
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.entry.run("报告 日报", typed=True)
        await settle(pilot)
        await until(pilot, lambda: "taken" in line_of(screen))
