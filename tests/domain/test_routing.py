"""110 or 12345: clear, unclear, and the police first where violence is at risk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.routing import Desk, Way, agreed, route, said
from tests.domain.shipped import rules

RULES = rules().systems.routing
POLICE, HOTLINE = Desk.POLICE, Desk.HOTLINE


@pytest.mark.parametrize(
    ("text", "category", "answered", "owner", "way"),
    [
        ("小区停水两天了", "", POLICE, HOTLINE, Way.ONE_KEY),
        ("小区停水两天了", "", HOTLINE, HOTLINE, Way.KEEP),
        ("电瓶车被偷了", "", HOTLINE, POLICE, Way.ONE_KEY),
        ("投诉民警态度不好", "request.complaint", HOTLINE, POLICE, Way.ONE_KEY),
        ("两车追尾", "traffic.property", POLICE, POLICE, Way.KEEP),
        ("公司拖欠工资", "wages.firm", POLICE, HOTLINE, Way.ONE_KEY),
        ("楼上太吵", "order.noise", POLICE, None, Way.THREE_WAY),
        ("物业的人和业主打架", "", POLICE, None, Way.THREE_WAY),
        ("有点事", "other", HOTLINE, None, Way.THREE_WAY),
        ("no water in the tap, water cut", "", POLICE, HOTLINE, Way.ONE_KEY),
    ],
)
def test_whose(text: str, category: str, answered: Desk, owner: Desk | None, way: Way) -> None:
    found = route(text, category, answered, RULES)
    assert (found.owner, found.way, found.clear) == (owner, way, owner is not None)
    assert not found.violence


class TestViolence:
    def test_police_first_and_the_rest_to_the_hotline(self) -> None:
        found = route("拖欠工资,工人拿刀堵门", "wages.crowd", POLICE, RULES)
        assert (found.owner, found.way) == (POLICE, Way.DISPATCH_FIRST)
        assert (found.violence, found.passes_on, found.words) == (True, True, ("拿刀",))

    def test_the_hotline_hands_it_over_at_once(self) -> None:
        found = route("物业保安动手了", "", HOTLINE, RULES)
        assert (found.owner, found.way, found.passes_on) == (POLICE, Way.ONE_KEY, True)

    def test_nothing_to_pass_on(self) -> None:
        assert not route("有人持刀", "crime.violence", POLICE, RULES).passes_on

    def test_what_is_denied_is_no_risk(self) -> None:
        assert not route("没有动手,就是物业收费", "", POLICE, RULES).violence


def test_unclear_is_agreed_or_stays_with_who_answered() -> None:
    assert agreed(POLICE, HOTLINE, HOTLINE) is HOTLINE
    assert agreed(POLICE, HOTLINE, POLICE) is POLICE
    assert agreed(HOTLINE, POLICE, None) is HOTLINE
    assert agreed(HOTLINE, None, None) is HOTLINE


def test_english_words_stand_by_themselves() -> None:
    assert said("a penknife was lost, the knives too", ["knife"]) == ()
    assert said("He has a KNIFE!", ["knife"]) == ("knife",)


WORDS = [*"刀持拿没有,物业报警停水打架动手", " ", "knife "]


@given(
    text=st.lists(st.sampled_from(WORDS), max_size=20).map("".join),
    category=st.sampled_from([*rules().categories.nodes, "", "other.x", "nonsense"]),
    answered=st.sampled_from(Desk),
)
def test_every_call_goes_somewhere(text: str, category: str, answered: Desk) -> None:
    """Violence is always the police's; who is not the owner never keeps it."""
    found = route(text, category, answered, RULES)
    other = route(text, category, next(d for d in Desk if d is not answered), RULES)
    assert found.owner is other.owner, "whose it is does not depend on who answered"
    assert found.owner is POLICE or not found.violence
    assert (found.way is Way.THREE_WAY) == (not found.clear)
    if found.clear and found.owner is not answered:
        assert found.way is Way.ONE_KEY
    if found.way is Way.KEEP:
        assert found.owner is answered
