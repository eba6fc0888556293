"""Patterns of a mapping: those that a row could make run for ever are refused when read."""

from __future__ import annotations

import re
from time import process_time

import pytest

from console.domain.patterns import Dear, compiled

GOOD = [
    r"\((?P<lat>[-\d.]+), *(?P<lon>[-\d.]+)\)",
    r"POINT *\((?P<lon>[-\d.]+) +(?P<lat>[-\d.]+)\)",
    r"(?P<lat>-?\d{1,3}(?:\.\d{1,8})?)[ ,;]+(?P<lon>-?\d{1,3}(?:\.\d{1,8})?)",
    r"lat(?:itude)?=(?P<lat>[-\d.]+).*lon(?:gitude)?=(?P<lon>[-\d.]+)",
    r"^(?:Fire|Feuer|火)\b.*",
    r"(?i)alarm.*(?:smoke|烟)",
    r"\d{4}-\d{2}-\d{2}",
    r"(?:ab){3}",
    r"[^,]*,[^,]*,(?P<x>.*)",
]

DEAR = [
    r"(a+)+$",
    r"(a*)*b",
    r"(?:a|aa)+$",
    r"(?:\w+\s?)*$",
    r"(?:(?:ab)*c*)*x",
    r"(?P<lat>(?:\d+\.?)+),(?P<lon>1)",
    r"(a|b|ab)*c",
    r"(.*),(.*),(.*),(.*),(.*),(.*),(.*)x",
    r"\d*\d*\d*\d*x",
    r"\d+\d+\d+x",
    r"(.*)(.*)(.*)x",
    r".*\s*(?:\s*)\s*x",
    r"(a+)\1",
    r"(?=(a+)+$)a",
    r"(?:a{1,60}){1,60}$",
    r".*a.*a.*a.*b",
    r"\w+a\w+a\w+a\w+b",
    r"(?:.*1.*1|x).*1.*2",
    r"[^;]*=[^;]*=[^;]*=[^;]*!",
]


@pytest.mark.parametrize("pattern", GOOD)
def test_what_offices_write_is_taken(pattern: str) -> None:
    assert compiled(pattern).pattern == pattern


@pytest.mark.parametrize("pattern", DEAR)
def test_what_could_run_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(Dear):
        compiled(pattern)


def test_none_at_all_is_a_mistake_of_its_own() -> None:
    with pytest.raises(re.error):
        compiled("(")


@pytest.mark.parametrize("pattern", GOOD)
@pytest.mark.parametrize("unit", ["a", "1", "(", "1.", "lat=1", " ", ",", "1, ", "Fire ", "alarm"])
def test_what_is_taken_is_in_proportion(pattern: str, unit: str) -> None:
    made = compiled(pattern)

    def cost(n: int) -> float:
        began = process_time()
        made.search((unit * n)[:n])
        return process_time() - began

    cost(200)
    assert cost(800) < max(0.05, 100 * cost(200))
