"""The rules together: what ships is sound, and a center's own files take its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.desk.ruleset import SHIPPED, STEP_VERBS, RuleFault, load
from console.desk.verbs import VERBS
from tests.domain.shipped import rules


def test_steps_ask_only_for_verbs_that_exist() -> None:
    assert {verb.id for verb in VERBS} >= STEP_VERBS


def test_every_category_has_a_playbook() -> None:
    given = rules()
    assert all(given.playbook_for(category.code) for category in given.categories)
    assert given.playbook("request") is given.playbook_for("request.help")
    assert given.playbook("gone") is None


def test_own_file_takes_the_place_of_one(tmp_path: Path) -> None:
    text = (SHIPPED / "deadlines.toml").read_text("utf-8")
    (tmp_path / "deadlines.toml").write_text(text.replace('span = "80s"', 'span = "90s"'), "utf-8")
    assert load(tmp_path).deadlines.span("fire.turnout") == 90_000
    assert rules().deadlines.span("fire.turnout") == 80_000


def test_own_playbook_is_added(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    text = (SHIPPED / "playbooks" / "general.toml").read_text("utf-8")
    text = text.replace('id = "general"', 'id = "theft"').replace('[""]', '["crime.theft"]')
    (tmp_path / "playbooks" / "theft.toml").write_text(text, "utf-8")
    found = load(tmp_path).playbook_for("crime.theft")
    assert found is not None
    assert found.id == "theft"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("deadlines.toml", b"[fire.accept]\nspan = ", "rules.not_toml"),
        ("deadlines.toml", b"\xff\xfe\x00", "rules.not_utf8"),
        ("categories.toml", b"", "rules.no_other"),
        ("duplicates.toml", b"attach = 0.1\nsuggest = 0.9\n", "rules.thresholds"),
        (
            "run_cards.toml",
            b'[[card]]\ncategory = "fire"\nsend = { tank = 1 }',
            "rules.unknown_kind",
        ),
        ("gazetteer/roads.csv", b"street;town\n", "rules.columns"),
        ("gazetteer/roads.csv", b"road,town\nX,Atlantis\n", "rules.unknown_town"),
        (
            "triage/own.toml",
            b'[[rule]]\nid = "x"\ncategory = "sea"\nwords = ["y"]',
            "rules.unknown_category",
        ),
        ("triage/fire.toml", b'[[rule]]\nid = "x"\ncategory = "fire"\n', "rules.no_words"),
        ("playbooks/request.toml", b"", "rules.no_steps"),
    ],
)
def test_mistake_stops_it_all(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(RuleFault) as caught:
        load(tmp_path)
    found = [f for f in caught.value.faults if f.reason.id == reason]
    assert found
    assert found[0].file == str(path)
    assert found[0].line >= 1


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(RuleFault):
        load(tmp_path / "nothing")


def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deadlines.toml").mkdir()
    with pytest.raises(RuleFault) as caught:
        load(tmp_path)
    assert any(f.reason.id == "rules.not_readable" for f in caught.value.faults)
