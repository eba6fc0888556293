"""A digit belongs to an outcome: on every visit, and whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.numbering import MOST, StepKey, digits, first_due, key_of, numbered, usual
from console.domain.playbook import Choice, Playbook, choices
from tests.domain.shipped import rules
from tests.domain.story import Story

BOOKS = [book.id for book in rules().playbooks]


def shown(story: Story) -> Mapping[int, Choice]:
    """What is offered, under its digits."""
    return numbered(story.book, story.progress, choices(story.book, story.progress))


def keys(found: Mapping[int, Choice]) -> dict[int, StepKey]:
    return {digit: key_of(choice) for digit, choice in found.items()}


def take(story: Story, choice: Choice) -> None:
    """Do a choice, by the verb of its step."""
    step = story.book.step(choice.step)
    assert step is not None
    kinds = choice.units[:1]
    if choice.verb == "status":
        story.do("status", choice.outcome or step.outcomes[0].id, kinds=kinds)
    else:
        story.do(choice.verb, choice.outcome, choice.step, kinds)


plays = st.tuples(st.sampled_from(BOOKS), st.lists(st.integers(0, 30), max_size=25))


@given(plays)
def test_a_digit_means_the_same_from_one_picture_to_the_next(play: tuple[str, list[int]]) -> None:
    name, picks = play
    story = Story(name)
    pictures = [keys(shown(story))]
    for pick in picks:
        offered = choices(story.book, story.progress)
        if not offered:
            break
        take(story, offered[pick % len(offered)])
        now = shown(story)
        pictures.append(keys(now))
        assert list(now) == sorted(now)
        assert set(now) <= set(range(1, MOST + 1))
        assert shown(story) == now
    for before, after in pairwise(pictures):
        left = {key: digit for digit, key in before.items()}
        for digit, key in after.items():
            assert left.get(key, digit) == digit, "it has another digit than a moment ago"
            was = before.get(digit, key)
            if len(before) + len(after) <= MOST:
                assert was == key, "the digit of another step of a moment ago"


@given(plays)
def test_every_choice_of_a_shipped_playbook_has_a_digit(play: tuple[str, list[int]]) -> None:
    name, picks = play
    story = Story(name)
    for pick in picks:
        offered = choices(story.book, story.progress)
        assert len(shown(story)) == min(MOST, len({key_of(one) for one in offered}))
        if not offered:
            break
        take(story, offered[pick % len(offered)])


def test_a_step_that_is_tried_again_has_its_digits() -> None:
    story = Story("fraud-warning")
    story.do("accept")
    first = {n: key for n, key in keys(shown(story)).items() if key[1] == "call"}
    story.do("call", "busy")
    again = {n: key for n, key in keys(shown(story)).items() if key[1] == "call"}
    assert len(first) == 3
    assert again == first


def test_the_digits_are_those_of_any_other_incident_with_the_same_playbook() -> None:
    one, other = Story("fire-highrise"), Story("fire-highrise")
    for story in (one, other):
        story.do("accept")
    other.do("dispatch", kinds=("fire_engine",))
    other.do("alarm")
    mine = {key: n for n, key in keys(shown(one)).items()}
    for digit, key in keys(shown(other)).items():
        if key in mine:
            assert mine[key] == digit


def test_what_a_role_may_not_do_leaves_the_other_digits_alone() -> None:
    story = Story("fire-highrise")
    story.do("accept")
    offered = choices(story.book, story.progress)
    some = numbered(story.book, story.progress, offered[2:])
    assert some.items() <= shown(story).items()


def test_a_step_of_a_playbook_that_has_changed_is_left_out() -> None:
    story = Story("general")
    other = rules().playbook("hazard")
    assert other is not None
    assert digits(other, story.progress) == usual(other)


class TestFirst:
    def _first(self, story: Story) -> list[str]:
        return [one.step for one in first_due(story.book, choices(story.book, story.progress))]

    def test_one_thing_to_do(self) -> None:
        assert self._first(Story("general")) == ["accept"]

    def test_several_outcomes_are_a_choice(self) -> None:
        story = Story("fraud-warning")
        story.do("accept")
        assert self._first(story) == ["call", "call", "call"]

    @pytest.mark.parametrize(
        ("name", "steps"),
        [
            ("work-order", ["assign", "return"]),
            ("points-redemption", ["redeem", "refuse"]),
            ("request", ["decide", "transfer"]),
        ],
    )
    def test_where_one_makes_the_other_pointless_there_is_a_choice(
        self, name: str, steps: list[str]
    ) -> None:
        story = Story(name)
        story.do("accept")
        assert self._first(story) == steps

    def test_what_is_due_first_comes_before_what_opened_first(self) -> None:
        story = Story("fire-turnout")
        story.do("accept")
        assert self._first(story)[0] == "dispatch"

    def test_nothing_when_nothing_is_offered(self) -> None:
        story = Story("general")
        story.do("close")
        assert self._first(story) == []


def test_the_outcomes_of_every_step_stand_in_the_order_of_the_playbook() -> None:
    def in_order(book: Playbook) -> bool:
        return all(list(one.values()) == sorted(one.values()) for one in usual(book).values())

    assert all(in_order(book) for book in rules().playbooks)
