"""Safety code: what weighs how long, what forces a colour, and the reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import DAY
from console.domain.safety_code import Code, Record, standing
from tests.domain.shipped import rules

RULES = rules().systems.safety_code
NOW = 1_795_000_000_000


def ago(kind: str, days: int, fixed: int | None = None) -> Record:
    return Record(kind, NOW - days * DAY, None if fixed is None else NOW - fixed * DAY)


@pytest.mark.parametrize(
    ("records", "code", "points"),
    [
        ([], Code.GREEN, 0),
        ([ago("violation", 1)] * 5, Code.GREEN, 25),
        ([ago("violation", 1)] * 6, Code.YELLOW, 30),
        ([ago("violation", 180)] * 6, Code.GREEN, 0),
        ([ago("violation", 1)] * 12, Code.RED, 60),
        ([ago("hazard", 9)], Code.YELLOW, 15),
        ([ago("hazard", 9, fixed=2)], Code.GREEN, 0),
        ([ago("fatal", 600)], Code.RED, 60),
        ([ago("drunk", 731)], Code.GREEN, 0),
        ([ago("violation", -1)], Code.GREEN, 0),
    ],
)
def test_example(records: list[Record], code: Code, points: int) -> None:
    found = standing(records, NOW, RULES)
    assert (found.code, found.points) == (code, points)


def test_what_forces_the_colour_is_the_first_reason() -> None:
    found = standing([*[ago("violation", 1)] * 12, ago("hazard", 1)], NOW, RULES)
    assert [reason.args["n"] for reason in found.reasons] == [1, 12]
    assert found.reasons[0].args["what"] == RULES.weights["hazard"].label


def test_a_kind_that_nobody_knows_is_shown_and_weighs_nothing() -> None:
    found = standing([ago("spaceship", 1)], NOW, RULES)
    assert (found.code, found.unknown) == (Code.GREEN, ("spaceship",))


KINDS = st.sampled_from([*RULES.weights, "unknown"])
RECORDS = st.lists(
    st.builds(ago, KINDS, st.integers(-5, 900), st.none() | st.integers(0, 900)), max_size=25
)


@given(records=RECORDS, more=RECORDS)
def test_more_records_never_make_it_greener(records: list[Record], more: list[Record]) -> None:
    less, all_ = standing(records, NOW, RULES), standing([*records, *more], NOW, RULES)
    assert all_.code >= less.code
    assert all_.points >= less.points
    assert standing([*more, *records], NOW, RULES) == all_
    assert (all_.code is Code.GREEN) or all_.reasons


@given(records=RECORDS)
def test_all_of_it_lapses(records: list[Record]) -> None:
    longest = max(weight.lapses for weight in RULES.weights.values())
    assert standing(records, NOW + longest + 6 * DAY, RULES).code is Code.GREEN
