"""What the pages say is true: links lead somewhere, commands exist, the tour reaches its end."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.pictures import SCENES
from console.desk.verbs import VERBS
from console.domain.clock import SECOND
from console.domain.lifecycle import State
from console.settings import Settings
from console.store import incidents
from tests import cli_page
from tests.fixtures_.test_watch import Evening

ROOT = Path(__file__).parents[1]
PAGES = tuple(
    sorted([ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"])
) + tuple(sorted((ROOT / "docs").glob("*.md")))

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_LINE = re.compile(r"^(?:    |\$ )?(zhiban\b[^\n]*)$", re.MULTILINE)
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
_MADE_BY_HAND = re.compile(r"[\[\]{}|]")
"""What a page writes around the parts of a command that may be left out."""


def pages() -> list[Any]:
    """Every page, by its name in the test's."""
    return [pytest.param(page, id=page.name) for page in PAGES]


def anchors(page: Path) -> set[str]:
    """The places in a page that a link may lead to."""
    headings = _HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def command_lines(page: Path) -> Iterator[str]:
    """Every line of a page that a shell would be given."""
    text = page.read_text("utf-8")
    yield from _LINE.findall(text)
    for code in _CODE.findall(text):
        if code.startswith("zhiban "):
            yield code


def tour(page: str) -> list[str]:
    """The lines that the tour of a README types, in order."""
    text = (ROOT / page).read_text("utf-8")
    table = text[text.index("| `") :]
    return _ROW.findall(table[: table.index("\n\n")])


class TestLinks:
    """Whatever a page points to is there."""

    @pytest.mark.parametrize("page", pages())
    def test_links_lead_somewhere(self, page: Path) -> None:
        for target in _LINK.findall(page.read_text("utf-8")):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            there = (page.parent / path).resolve() if path else page
            assert there.exists(), target
            assert there.is_relative_to(ROOT), target
            assert not anchor or anchor in anchors(there), target

    def test_every_picture_is_made_and_shown(self) -> None:
        made = {name for scene in SCENES for name, _keys in scene.shots}
        there = {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
        assert made == there
        for path in (ROOT / "docs" / "pictures").iterdir():
            assert "http" not in path.read_text("utf-8").replace("http://www.w3.org", "").replace(
                "https://www.textualize.io", ""
            )

    def test_every_page_can_be_found_from_the_readme(self) -> None:
        for readme in ("README.md", "README.zh-CN.md"):
            text = (ROOT / readme).read_text("utf-8")
            for page in (ROOT / "docs").glob("*.md"):
                assert f"(docs/{page.name})" in text, page.name


class TestCommandLines:
    """Commands and options that a page names exist."""

    @pytest.mark.parametrize("page", pages())
    def test_commands_and_options_exist(self, page: Path) -> None:
        known = dict(cli_page.commands())
        groups = {name.split()[0] for name in known if " " in name}
        for line in command_lines(page):
            words = shlex.split(_MADE_BY_HAND.sub(" ", line.replace("…", "x")), comments=True)[1:]
            name = words[0] if words and not words[0].startswith("-") else "watch"
            if name in groups:
                name = " ".join(words[:2])
            assert name in known, line
            allowed = cli_page.options(known[name])
            for word in words:
                if word.startswith("--"):
                    assert word.partition("=")[0] in allowed, line

    def test_the_page_of_the_commands_is_theirs(self) -> None:
        assert cli_page.PAGE.read_text("utf-8") == cli_page.page(), (
            "python -m tests.cli_page writes it"
        )

    def test_every_setting_is_on_the_page(self) -> None:
        settings = cli_page.page().partition("## Settings")[2].partition("```")[0]
        assert _ROW.findall(settings) == list(Settings.model_fields)

    def test_the_test_command_is_where_ci_looks_for_it(self) -> None:
        lines = (ROOT / "README.md").read_text("utf-8").splitlines()
        assert [line.strip() for line in lines].count("make test") == 1


class TestTour:
    """The story of 21 March, typed as the READMEs say."""

    @pytest.mark.parametrize(
        ("page", "lang"), [("README.md", "en"), ("README.zh-CN.md", "zh")], ids=["en", "zh"]
    )
    def test_the_tour_reaches_its_good_end(self, tmp_path: Path, page: str, lang: str) -> None:
        lines = tour(page)
        names = [name for verb in VERBS for name in verb.names.all]
        assert len(lines) > 8
        assert all(line.split()[0] in names for line in lines)
        evening = Evening(tmp_path)
        try:
            evening.until(60 * SECOND)
            number = evening.engine.story.incidents["fraud-1"]
            for line in lines[1:]:  # the first only finds it
                answers = evening.desk.run(line, number, lang)
                assert all(answer.ok for answer in answers), (line, answers)
                evening.go(50 if line in ("dispatch", "派") else 5)
            with evening.store.read() as tx:
                one = incidents.get(tx, number)
        finally:
            evening.store.close()
        assert one is not None
        assert one.state is State.CLOSED
        assert one.amount_saved == one.amount_at_risk
