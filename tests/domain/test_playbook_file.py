"""Playbook files: each kind of mistake is found, with its line and its reason."""

from __future__ import annotations

import pytest

from console.desk.ruleset import STEP_VERBS
from console.domain.playbook_file import check, parse_playbook
from console.domain.tables import Fault
from tests.domain.shipped import rules

GOOD = """\
id = "p"
label = { zh = "预案", en = "Playbook" }
categories = ["fire"]

[[step]]
id = "accept"
label = { zh = "签收", en = "Accept" }
verb = "accept"
deadline = "fire.accept"
from = "received"
next = ["call"]

[[step]]
id = "call"
label = { zh = "电话", en = "Call" }
verb = "call"
[[step.outcome]]
id = "yes"
label = { zh = "通", en = "Yes" }
next = ["close"]
[[step.outcome]]
id = "no"
label = { zh = "不通", en = "No" }
[step.retry]
outcomes = ["no"]
max = 3
then = ["close"]

[[step]]
id = "close"
label = { zh = "办结", en = "Close" }
verb = "close"
"""


def faults(text: str) -> list[Fault]:
    playbook, found = parse_playbook(text, "p.toml")
    if playbook is not None:
        given = rules()
        found = found + check(
            [playbook], STEP_VERBS, given.deadlines, given.categories, given.run_cards.kinds
        )
    return found


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_good() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "reason", "near"),
    [
        ('verb = "call"', 'verb = "cal"', "rules.unknown_verb", "[[step]]"),
        ('"fire.accept"', '"fire.acept"', "rules.unknown_deadline", "[[step]]"),
        ('next = ["call"]', 'next = ["cal"]', "rules.unknown_step", "[[step]]"),
        ('next = ["call"]', 'next = ["close"]', "rules.unreachable", None),
        ('{ zh = "通", en = "Yes" }', '{ zh = "通" }', "rules.missing_translation", 'zh = "通" }'),
        ('categories = ["fire"]', 'categories = ["fires"]', "rules.unknown_category", None),
        ('outcomes = ["no"]', 'outcomes = ["nope"]', "rules.unknown_outcome", None),
        ("max = 3", "max = 0", "rules.retry_endless", None),
        ('then = ["close"]', "then = []", "rules.retry_nowhere", None),
        ('verb = "close"', 'verb = "note"', "rules.no_close", None),
        ('from = "received"', 'from = "recieved"', "rules.unknown_step", None),
        ('verb = "call"', 'verb = "call"\nrols = ["officer"]', "rules.unknown_key", "rols"),
        ('verb = "call"', 'verb = "call"\nroles = ["boss"]', "rules.unknown_role", None),
        ('verb = "call"', 'verb = "call"\nunits = ["tank"]', "rules.unknown_kind", None),
        ('verb = "call"', 'verb = "call"\noverdue = { raise = 1 }', "rules.overdue_never", None),
        ('id = "no"', 'id = "yes"', "rules.outcome_twice", None),
        ('id = "call"', 'id = "accept"', "rules.step_twice", None),
        ("max = 3", 'max = "three"', "rules.wrong_type", 'max = "three"'),
        ('id = "call"\n', "", "rules.missing_key", None),
        ("[step.retry]", "[step.retry", "rules.not_toml", "[step.retry"),
    ],
)
def test_mistake(old: str, new: str, reason: str, near: str | None) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    found = [f for f in faults(text) if f.reason.id == reason]
    assert found
    assert found[0].file == "p.toml"
    if near == "[[step]]":
        assert text.splitlines()[found[0].line - 1] == "[[step]]"
    elif near:
        assert found[0].line == line_of(text, near)


def test_loop_with_no_exit() -> None:
    text = GOOD.replace('next = ["close"]', 'next = ["again"]').replace(
        'then = ["close"]', 'then = ["again"]'
    )
    text += '\n[[step]]\nid = "again"\nlabel = { zh = "再", en = "Again" }\n'
    text += 'verb = "note"\nnext = ["call"]\n'
    found = [f for f in faults(text) if f.reason.id == "rules.no_exit"]
    assert {f.reason.args["step"] for f in found} == {"accept", "call", "again"}
    assert max(f.line for f in found) == line_of(text, 'id = "again"') - 1


def test_two_playbooks_for_one_category() -> None:
    playbook, _ = parse_playbook(GOOD, "p.toml")
    assert playbook is not None
    given = rules()
    ids = {
        f.reason.id
        for f in check([playbook, playbook], STEP_VERBS, given.deadlines, given.categories)
    }
    assert {"rules.playbook_twice", "rules.category_twice"} <= ids


@pytest.mark.parametrize("text", ["", "id = 1", "[[step]]", "step = 3", "\x00", "step = [1, 2]"])
def test_nonsense_is_a_list_of_faults(text: str) -> None:
    assert faults(text)
