"""The loops of the systems, each to its end, with what every system is told on the way."""

from __future__ import annotations

from importlib import import_module

import pytest

from adapters import systems
from console.domain.clock import DAY, HOUR
from console.domain.playbook import Playbook, choices, due
from tests.domain.shipped import rules
from tests.domain.story import T0, Story


def play(playbook: str, *deeds: str) -> Story:
    """A story from deeds written ``verb outcome step``, "-" for what is not said."""
    story = Story(playbook)
    for deed in deeds:
        verb, outcome, step = ([*deed.split(), "-", "-"])[:3]
        done = story.do(verb, None if outcome == "-" else outcome, None if step == "-" else step)
        assert done.completed is not None, deed
    return story


STORIES = {
    "fraud-case": (
        """
        accept; stop-payment - apply; done mismatch stop; stop-payment - apply; done stopped stop;
        extend-stop - extend; done found research; freeze - freeze; done - evidence;
        resolve filed; done - callback; close
        """,
        """
        investigation.research investigation.evidence_list
        fraudguard.outcome fraudguard.closed
        """,
    ),
    "hazard": (
        """
        accept; done - assign; event true; done - order_fix; event late;
        done - supervise; done still_open supervised; done - joint;
        done failed reinspect; done - supervise; event done_after;
        done passed reinspect; resolve; done - reuse; close
        """,
        """
        platform4.verify hazards.order_fix hazards.supervise hazards.enforce
        hazards.reinspect hazards.supervise hazards.reinspect hazards.sign_off
        hazards.reuse
        """,
    ),
    "cylinder-alert": (
        """
        accept; done - assign; event true; done - hold; done removed remove;
        resolve removed; close
        """,
        """
        platform4.verify cylinders.hold_delivery cylinders.verification
        """,
    ),
    "work-order": (
        """
        accept; done - assign; done - handle; extend; done handled handled;
        done - answer; resolve; event unsatisfied; done - again; done - second_answer;
        close
        """,
        """
        hotline12345.sign platform4.transfer hotline12345.handle hotline12345.extend
        hotline12345.answer hotline12345.finish platform4.transfer hotline12345.answer
        """,
    ),
    "city-case": (
        """
        accept; done - assign; event handled; done failed check; event handled;
        done passed check; done - answer; resolve; done - rate; close
        """,
        """
        citymgmt.sign citymgmt.handle citymgmt.answer citymgmt.finish
        """,
    ),
    "grid-report": (
        """
        accept; done - assign; event false; done - correct; resolve; close
        """,
        """
        platform4.verify fullview.correct_address platform4.close
        """,
    ),
    "wage-case": (
        """
        accept; done district tier; done agreed plan; event part; done - missed;
        done agreed aid; event part; event last; resolve settled; done - callback; close
        """,
        """
        wages.dispose wages.payment wages.payment wages.payment wages.settle
        """,
    ),
    "terminal-alarm": (
        """
        accept; done true confirm; dispatch; status on_scene; note; resolve handled;
        close
        """,
        """
        terminals.acknowledge alarm110.dispatch alarm110.arrival alarm110.feedback
        terminals.silence
        """,
    ),
    "group-question": (
        """
        accept; done - pass_on; event handled; done - notice; resolve; close
        """,
        """
        platform4.transfer dingtalk.notice
        """,
    ),
    "zone-plan": (
        """
        accept; done - place; done - rings; done - counts; done revise approve;
        done - rings; done - counts; done approved approve; done - issue;
        done - bulletin; done - tasks; resolve; close
        """,
        """
        fullview.zone_plan xinwuyou.bulletin platform4.verify fullview.zone_plan
        """,
    ),
    "public-warning": (
        """
        accept; done orange level; done - bulletin; done - group; done - own_alert;
        done - actions; resolve ended; close
        """,
        """
        xinwuyou.bulletin dingtalk.notice cap.alert platform4.transfer
        """,
    ),
    "points-redemption": (
        """
        accept; points; resolve; close
        """,
        """
        xinwuyou.redeem
        """,
    ),
    "community": (
        """
        accept; done - assign; event true; points; resolve; close
        """,
        """
        platform4.verify xinwuyou.award
        """,
    ),
    "traffic-risk": (
        """
        accept; done - measure; done same review; done better review; resolve; close
        """,
        """
        traffic.measure traffic.review_code traffic.review_code
        """,
    ),
}
"""Playbook -> what is done, and what the systems are told, in order."""


@pytest.mark.parametrize("id_", STORIES)
def test_to_its_end(id_: str) -> None:
    deeds, told = STORIES[id_]
    story = play(id_, *deeds.split(";"))
    assert story.open == []
    assert story.orders == told.split()


class TestFraudCase:
    def test_extended_twice_and_no_more(self) -> None:
        story = play("fraud-case", "accept", "stop-payment - apply", "done stopped stop")
        assert {"extend", "freeze"} <= set(story.open)
        story.do("extend-stop", step="extend")
        assert "extend" in story.open
        story.do("extend-stop", step="extend")
        assert "extend" not in story.open
        assert "freeze" in story.open

    def test_the_clock_of_the_stop_is_48_hours(self) -> None:
        story = play(
            "fraud-case",
            "accept",
            "done found research",
            "stop-payment - apply",
            "done stopped stop",
        )
        story.do("done", step="evidence")
        runs = {run.step: run for run in story.progress if run.done is None}
        assert runs["extend"].due == story.at - 10_000 + 48 * HOUR
        assert runs["freeze"].due == runs["extend"].due + 96 * HOUR

    def test_the_stop_asks_what_was_saved(self) -> None:
        story = play("fraud-case", "accept", "stop-payment - apply")
        asked = {c.outcome: c.asks for c in choices(story.book, story.progress)}
        assert (asked["stopped"], asked["too_late"]) == (("amount_saved",), ("amount_lost",))


class TestWorkOrder:
    def test_five_working_days_from_receipt(self) -> None:
        story = play("work-order", "accept", "done - assign", "done - handle")
        assert due(story.progress) == rules().deadlines.due("workorder.complaint", T0)
        assert due(story.progress) >= T0 + 7 * DAY  # type: ignore[operator]

    def test_returned_ends_the_handling(self) -> None:
        story = play("work-order", "accept", "return")
        assert story.open == ["returned"]
        assert story.orders[-1] == "hotline12345.return"
        story.do("event", "not_taken")
        assert story.open == ["assign"]


class TestTerminal:
    def test_a_false_alarm_sends_nobody(self) -> None:
        story = play("terminal-alarm", "accept", "done false confirm", "resolve false_alarm")
        assert story.orders == ["terminals.acknowledge", "terminals.silence"]

    def test_who_cannot_tell_sends_somebody(self) -> None:
        assert play("terminal-alarm", "accept", "done unsure confirm").open == ["dispatch"]


class TestZones:
    def test_nobody_is_told_before_it_is_approved(self) -> None:
        story = play("zone-plan", "accept", "done - place", "done - rings", "done - counts")
        assert story.orders == []
        assert choices(story.book, story.progress, "officer") == ()
        assert choices(story.book, story.progress, "supervisor") != ()


class TestCommunity:
    def test_nothing_for_what_is_not_true(self) -> None:
        story = play("community", "accept", "event false", "resolve", "close")
        assert "xinwuyou.award" not in story.orders


@pytest.mark.parametrize("book", rules().playbooks, ids=lambda b: b.id)
def test_orders_are_such_as_the_systems_take(book: Playbook) -> None:
    for step in book.steps:
        if step.order is None:
            continue
        system, action = step.order
        assert system in systems.ORDER, step.id
        if system in systems.CONTRACTS:
            contract = import_module(f"adapters.{system}").CONTRACT
            assert action in contract.by_action, (step.id, action)
