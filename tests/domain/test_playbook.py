"""The playbook engine: the stories that ship, and promises that hold for every walk."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.clock import MINUTE, SECOND
from console.domain.message import Label
from console.domain.playbook import (
    SKIPPED,
    Outcome,
    Playbook,
    Progress,
    Step,
    advance,
    choices,
    due,
    open_runs,
    outcome_called,
    playbook_for,
    start,
    step_called,
    switch,
)
from console.domain.resumption import reopen
from tests.domain.shipped import rules
from tests.domain.story import T0, Story
from tests.scale import examples

VERBS = ["accept", "dispatch", "status", "note", "call", "done", "level", "alarm", "transfer"]
ENDS = ["resolve", "close", "cancel", "merge"]


class TestFraud:
    def test_the_phone_is_busy_and_the_money_is_saved(self) -> None:
        story = Story("fraud-warning")
        assert story.open == ["sign"]
        story.do("accept")
        assert story.open == ["call"]
        story.do("call", "busy")
        assert set(story.open) == {"visit", "research", "family", "call"}
        assert next(r for r in story.progress if r.step == "call" and not r.done).attempt == 2
        story.do("done", "found", "research")
        story.do("call", "busy")
        story.do("call", "no_answer")
        assert "call" not in story.open
        assert story.open.count("visit") == 1
        story.do("dispatch", kinds=("patrol",))
        assert "visit" in story.open
        story.do("dispatch", kinds=("community_officer",))
        story.do("status", "enroute", kinds=("community_officer",))
        assert "arrive" in story.open
        story.do("status", "on_scene", kinds=("community_officer",))
        story.do("done", "met", "meet")
        story.do("done", "saved", "explain")
        assert "outcome" in story.open
        story.do("resolve", "saved")
        assert story.open == ["callback"]
        story.do("done", "safe", "callback")
        story.do("close")
        assert story.open == []
        assert "investigation.research" in story.orders
        assert story.orders[-1] == "fraudguard.closed"

    def test_answered_at_once(self) -> None:
        story = Story("fraud-warning")
        story.do("accept")
        story.do("call", "answered")
        assert story.open == ["explain"]
        story.do("done", "moved")
        assert story.open == ["apply", "stop"]
        stop = choices(story.book, story.progress)[1]
        assert stop.asks == ("amount_saved",)

    def test_clock_of_the_first_step_runs_from_receipt(self) -> None:
        story = Story("fraud-warning")
        assert due(story.progress) == T0 + rules().deadlines.span("fraud.sign")

    def test_words_of_the_officer(self) -> None:
        call = step_called(Story("fraud-warning").book, "电话")
        assert call is not None
        assert [
            o.id for o in map(lambda w: outcome_called(call, w), ("占线", "BUSY", "zhanxian")) if o
        ] == ["busy"] * 3
        research = step_called(Story("fraud-warning").book, "研判")
        assert research is not None
        assert research.id == "research"


class TestFire:
    def test_a_crew_that_forgets_to_say_it_left(self) -> None:
        story = Story("fire-turnout")
        story.do("accept")
        assert story.open == ["dispatch", "level"]
        story.do("dispatch", kinds=("fire_engine", "patrol"))
        story.do("status", "on_scene", kinds=("patrol",))
        assert "enroute" in story.open
        story.do("status", "on_scene", kinds=("fire_engine",))
        assert "feedback" in story.open
        assert "arrive" not in story.open

    def test_to_the_end(self) -> None:
        story = Story("fire-turnout")
        story.do("accept")
        story.do("alarm")
        story.do("dispatch")
        story.do("status", "enroute")
        story.do("status", "on_scene")
        story.do("note")
        story.do("done", "controlled")
        story.do("resolve", "out")
        assert story.open == ["record"]
        story.do("done", step="record")
        assert story.open == ["close"]

    def test_high_rise_warns_the_house_at_the_same_time(self) -> None:
        story = Story("fire-highrise")
        story.do("accept")
        assert story.open == ["dispatch", "evacuate", "facilities", "level"]

    def test_resolved_out_of_turn(self) -> None:
        story = Story("fire-turnout")
        story.do("accept")
        result = story.do("resolve", "no_fire")
        assert story.open == ["close"]
        assert {r.step for r in result.skipped} == {"dispatch", "level"}


class TestTraffic:
    def test_one_command_sends_police_and_ambulance(self) -> None:
        story = Story("traffic-accident")
        story.do("accept")
        story.do("done", "injured")
        result = story.do("dispatch", kinds=("traffic_police", "ambulance"))
        assert {r.step for r in result.done} == {"dispatch", "ambulance"}

    def test_a_death_is_told_and_supervised(self) -> None:
        story = Story("traffic-accident")
        story.do("accept")
        story.do("done", "dead")
        story.do("done", step="notify")
        assert "supervise" in story.open
        roles = [c.step for c in choices(story.book, story.progress, "officer")]
        assert "supervise" not in roles


class TestRequest:
    def test_passed_on_and_answered(self) -> None:
        story = Story("request")
        story.do("accept")
        story.do("transfer")
        assert story.open == ["handled"]
        story.do("done", "handled")
        story.do("resolve")
        story.do("done", "satisfied")
        story.do("close")
        assert story.open == []


class TestEngine:
    def test_a_verb_that_fits_nothing_changes_nothing(self) -> None:
        story = Story("fraud-warning")
        before = story.progress
        for verb in ("dispatch", "call", "note", "nonsense"):
            result = story.do(verb, "busy")
            assert result.progress == before
            assert result.completed is None

    def test_done_ticks_off_any_step_but_those_that_move_the_incident(self) -> None:
        story = Story("fire-turnout")
        story.do("done", step="accept")
        assert story.open == ["accept"]
        story.do("accept")
        story.do("done", step="dispatch")
        assert "dispatch" not in story.open

    def test_an_outcome_finds_its_own_step(self) -> None:
        story = Story("fraud-warning")
        story.do("accept")
        story.do("call", "busy")
        assert story.do("done", "told").completed is not None
        assert story.do("done", "查无此词").completed is None

    @pytest.mark.parametrize("verb", ["close", "cancel", "merge"])
    def test_the_incident_ends_and_the_playbook_with_it(self, verb: str) -> None:
        story = Story("fraud-warning")
        story.do("accept")
        story.do("call", "busy")
        story.do(verb)
        assert story.open == []
        assert due(story.progress) is None

    def test_reopened(self) -> None:
        story = Story("fraud-warning")
        story.do("accept")
        story.do("close")
        again = reopen(story.book, story.progress, T0 + MINUTE, rules().deadlines)
        assert [r.step for r in open_runs(again)] == ["call"]

    def test_what_was_closed_by_mistake_goes_on_where_it_was(self) -> None:
        story = Story("traffic-accident")
        story.do("accept")
        before = story.open
        story.do("close")
        again = reopen(story.book, story.progress, story.at + MINUTE, rules().deadlines)
        assert [r.step for r in open_runs(again)] == before == ["dispatch", "injuries"]
        assert all(r.due is not None and r.due > story.at for r in open_runs(again)[:1])

    def test_resolved_and_closed_by_mistake_goes_on_where_it_was(self) -> None:
        story = Story("general")
        for verb in ("accept", "resolve", "close"):
            story.do(verb)
        again = reopen(story.book, story.progress, story.at, rules().deadlines)
        assert [r.step for r in open_runs(again)] == ["dispatch"]

    def test_what_was_done_to_its_end_begins_with_sending_somebody(self) -> None:
        story = Story("general")
        story.do("accept")
        story.do("dispatch", kinds=("patrol",))
        story.do("status", "on_scene", kinds=("patrol",))
        for verb in ("note", "resolve", "close"):
            story.do(verb)
        again = reopen(story.book, story.progress, story.at, rules().deadlines)
        assert [r.step for r in open_runs(again)] == ["dispatch"]
        again = reopen(story.book, story.progress, story.at, rules().deadlines, sent=True)
        assert [r.step for r in open_runs(again)] == ["resolve"]

    def test_cancelled_before_anybody_took_it(self) -> None:
        story = Story("traffic-accident")
        story.do("cancel")
        again = reopen(story.book, story.progress, story.at, rules().deadlines)
        assert [r.step for r in open_runs(again)] == ["dispatch", "injuries"]

    def test_an_end_that_nobody_named_is_not_written_down(self) -> None:
        story = Story("fire-turnout")
        story.do("accept")
        story.do("resolve")
        assert all(r.outcome == SKIPPED for r in story.progress if r.step != "accept" and r.done)
        assert story.open == ["close"]

    def test_another_category_keeps_what_was_done(self) -> None:
        story = Story("fire-turnout")
        story.do("accept")
        story.do("dispatch")
        tower = rules().playbook("fire-highrise")
        assert tower is not None
        progress = switch(tower, story.progress, T0, story.at, rules().deadlines)
        assert [r.step for r in open_runs(progress)] == [
            "evacuate",
            "facilities",
            "level",
            "enroute",
        ]
        assert [r.n for r in progress] == list(range(1, len(progress) + 1))

    def test_a_playbook_that_has_changed_still_lets_one_close(self) -> None:
        story = Story("fire-turnout")
        lost = tuple(replace(r, step="gone") for r in story.progress)
        assert [c.verb for c in choices(story.book, lost)] == ["close"]
        ended = advance(story.book, lost, "close", None, T0, rules().deadlines)
        assert not open_runs(ended.progress)

    def test_the_best_prefix_wins(self) -> None:
        def chosen(category: str) -> str:
            found = playbook_for(rules().playbooks, category)
            assert found is not None
            return found.id

        assert chosen("fire.structure") == "fire-turnout"
        assert chosen("fire.highrise") == "fire-highrise"
        assert chosen("fraud.warning.shopping") == "fraud-warning"
        assert chosen("other.Some Word") == "general"
        assert chosen("firework") == "general"

    def test_a_blind_alley_leads_to_closing(self) -> None:
        name = Label("步", "Step")
        end = Step("end", name, "close", (Outcome("done", name),))
        one = Step("one", name, "accept", (Outcome("done", name),))
        book = Playbook("p", name, ("",), (one, end))
        result = advance(
            book, start(book, T0, T0, rules().deadlines), "accept", None, T0, rules().deadlines
        )
        assert [r.step for r in open_runs(result.progress)] == ["end"]


def sound(book: Playbook, progress: Progress) -> None:
    """What must be true of every progress."""
    assert [r.n for r in progress] == list(range(1, len(progress) + 1))
    waiting = [r.step for r in open_runs(progress)]
    assert len(waiting) == len(set(waiting)), "no step is open twice"
    for run in progress:
        assert (run.done is None) == (run.outcome is None)
        assert run.done is None or run.done >= run.opened
        step = book.step(run.step)
        assert step is not None
        if run.outcome not in (None, SKIPPED):
            assert step.outcome(run.outcome)


@pytest.mark.parametrize("book", rules().playbooks, ids=lambda b: b.id)
class TestEveryWalk:
    @settings(max_examples=examples(30))
    @given(seed=st.integers(0, 10**9), length=st.integers(0, 40))
    def test_never_stuck(self, book: Playbook, seed: int, length: int) -> None:
        """After any choices at all, the offered choices can still lead to the end."""
        rng = random.Random(seed)
        deadlines = rules().deadlines
        progress = start(book, T0, T0, deadlines)
        at = T0
        for turn in range(length + 400):
            at += SECOND
            offered = choices(book, progress)
            if not offered:
                break
            # First wander about; then head for the end as soon as it is offered.
            closing = [c for c in offered if c.verb == "close"]
            choice = closing[0] if turn >= length and closing else rng.choice(offered)
            result = advance(
                book, progress, choice.verb, choice.outcome, at, deadlines, choice.step
            )
            assert result.completed is not None, "what is offered can be done"
            assert result.completed.step == choice.step
            progress = result.progress
            sound(book, progress)
        assert not open_runs(progress)
        assert any(r.step == (book.closing and book.closing.id) for r in progress)

    @settings(max_examples=examples(30))
    @given(
        events=st.lists(
            st.tuples(
                st.sampled_from([*VERBS, *ENDS, "nonsense"]),
                st.sampled_from([None, "busy", "on_scene", "enroute", "met", "found", "x", ""]),
                st.booleans(),
                st.sampled_from([(), ("fire_engine",), ("community_officer", "ambulance")]),
            ),
            max_size=25,
        ),
        seed=st.integers(0, 10**6),
    )
    def test_total(
        self,
        book: Playbook,
        events: list[tuple[str, str | None, bool, tuple[str, ...]]],
        seed: int,
    ) -> None:
        """Whatever comes, `advance` answers; until the end something is always open."""
        rng = random.Random(seed)
        deadlines = rules().deadlines
        progress = start(book, T0, T0, deadlines)
        ended = False
        for n, (verb, outcome, named, kinds) in enumerate(events, 1):
            step = rng.choice(book.steps).id if named else None
            result = advance(book, progress, verb, outcome, T0 + n, deadlines, step, kinds)
            assert [r.n for r in result.progress[: len(progress)]] == [r.n for r in progress]
            progress = result.progress
            sound(book, progress)
            if verb in ("close", "cancel", "merge"):
                ended = True
            elif verb == "resolve":
                ended = False  # resolving opens what comes after it
            assert ended or open_runs(progress)
