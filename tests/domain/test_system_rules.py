"""``systems.toml``: each mistake is named with its line, and what ships has none."""

from __future__ import annotations

import pytest

from console.desk.ruleset import SHIPPED
from console.domain.deadlines import Deadlines
from console.domain.system_rules import parse_systems
from console.domain.tables import Fault
from tests.domain.shipped import rules

TEXT = (SHIPPED / "systems.toml").read_text("utf-8")


def faults(text: str) -> list[Fault]:
    given = rules()
    departments = given.triage.departments
    return parse_systems(text, "s.toml", given.categories, departments, given.deadlines)[1]


def test_what_ships_is_sound() -> None:
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('enforce_after = "3d"', 'enforce_after = "three days"', "rules.bad_span"),
        ('urge_before = "1d"', 'urge_before = "0s"', "rules.span_zero"),
        ("extensions = 2 ", "extensions = -1 ", "rules.at_least"),
        ("freeze_months = 6", "freeze_month = 6", "rules.unknown_key"),
        ("major = 30", "major = 30.5", "rules.wrong_type"),
        ("general = 7\n", "", "rules.missing_key"),
        ("workers = 50", "workers = 9", "rules.tiers_rise"),
        ('["labour", "platform4", "command"]', '["labor"]', "rules.unknown_department"),
        ("red = 60", "red = 30", "rules.red_above_yellow"),
        ('at_least = "red"', 'at_least = "purple"', "rules.unknown_code"),
        ('also = ["gas"]', 'also = ["gaz"]', "rules.unknown_terminal"),
        ('becomes = "gas.leak"', 'becomes = "gas.leek"', "rules.unknown_category"),
        ("per_yuan = 60", "per_yuan = 0", "rules.at_least"),
        ('hotline = ["request"', 'hotline = ["requests"', "rules.unknown_category"),
        ("[hazards.days]", "[hazards.dates]", "rules.missing_key"),
        ('{ zh = "上报租客", en = "Tenant reported" }', '"x"', "rules.wrong_type"),
    ],
)
def test_mistake(old: str, new: str, reason: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    found = [f for f in faults(text) if f.reason.id == reason]
    assert found
    pairs = zip(TEXT.splitlines(), text.splitlines(), strict=False)
    changed = next(n for n, (was, is_) in enumerate(pairs, 1) if was != is_)
    # What is not there has no line of its own; a fault of several keys stands at one of them.
    assert reason == "rules.missing_key" or abs(found[0].line - changed) <= 3
    assert found[0].file == "s.toml"


@pytest.mark.parametrize("text", ["", "payments = 3", "[[points]]", "\x00", "[wages]\ntier = [1]"])
def test_nonsense_is_a_list_of_faults(text: str) -> None:
    assert faults(text)


def test_deadlines_that_the_rules_need_must_be_there() -> None:
    given = rules()
    found = parse_systems(TEXT, "s.toml", given.categories, given.triage.departments, Deadlines({}))
    missing = {f.reason.args["deadline"] for f in found[1] if f.reason.id == "rules.no_deadline"}
    assert {"payment.stop", "workorder.consult", "workorder.case"} <= missing
