"""Enter and the digits do what the officer has read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.desk.desk import Desk, Done
from console.domain.message import Label, msg
from console.domain.playbook import Choice
from console.screens.main import MainScreen
from console.screens.numbering import MOST, StepNumbers, key_of
from console.store import journal
from console.store.engine import StoreProblem
from tests.screens.stage import make_app, make_session, settle
from widgets.status_bar import StatusBar

STEPS = "abcdefghijklmnop"


def choices(steps: str) -> list[Choice]:
    """A choice for each letter."""
    return [Choice(step, None, "done", Label(step, step), None, (), 1, None, ()) for step in steps]


offers = st.lists(
    st.lists(st.sampled_from(STEPS), unique=True, max_size=12).map("".join), max_size=12
)


class TestNumbers:
    def test_begin_at_one_in_the_playbooks_order(self) -> None:
        numbered = StepNumbers().give(1, choices("cab"))
        assert {n: c.step for n, c in numbered.items()} == {1: "c", 2: "a", 3: "b"}

    def test_a_new_step_does_not_take_the_number_of_one_that_is_gone(self) -> None:
        numbers = StepNumbers()
        numbers.give(1, choices("abc"))
        numbered = numbers.give(1, choices("dbe"))
        assert {n: c.step for n, c in numbered.items()} == {2: "b", 4: "d", 5: "e"}

    def test_a_step_that_comes_back_has_its_number(self) -> None:
        numbers = StepNumbers()
        numbers.give(1, choices("abc"))
        numbers.give(1, choices("b"))
        numbered = numbers.give(1, choices("dabc"))
        assert {n: c.step for n, c in numbered.items()} == {1: "a", 2: "b", 3: "c", 4: "d"}

    def test_when_all_were_used_the_longest_free_is_given_again(self) -> None:
        numbers = StepNumbers()
        numbers.give(1, choices("abcdefghi"))
        numbers.give(1, choices("abdefghi"))
        numbers.give(1, choices("bdefghi"))
        numbered = numbers.give(1, choices("bdefghij"))
        assert numbered[3].step == "j"

    def test_another_incident_begins_anew(self) -> None:
        numbers = StepNumbers()
        numbers.give(1, choices("abc"))
        assert {n: c.step for n, c in numbers.give(2, choices("cd")).items()} == {1: "c", 2: "d"}

    @given(offers)
    def test_a_number_means_the_same_from_one_picture_to_the_next(self, told: list[str]) -> None:
        numbers, seen, before = StepNumbers(), set[str](), dict[int, str]()
        for steps in told:
            numbered = {n: c.step for n, c in numbers.give(7, choices(steps)).items()}
            seen |= set(steps)
            assert list(numbered) == sorted(numbered)
            assert set(numbered) <= set(range(1, MOST + 1))
            assert len(numbered) == min(MOST, len(steps))
            for number, step in before.items():
                if step in steps:
                    assert numbered.get(number) == step
                elif len(seen) <= MOST:
                    assert number not in numbered
            before = numbered

    def test_another_attempt_is_the_same_step(self) -> None:
        first = Choice("a", "busy", "call", Label("a", "a"), None, (), 1, None, ())
        again = Choice("a", "busy", "call", Label("a", "a"), None, (), 2, None, ())
        assert key_of(first) == key_of(again)


def deeds(desk: Desk) -> list[str]:
    """The verbs in the journal that are the seat's own, oldest first."""
    with desk.store.read() as tx:
        return [entry.verb for entry in reversed(journal.last_of_seat(tx, desk.seat))]


def line_of(screen: MainScreen) -> str:
    """What stands in the message line."""
    return "".join(text for text, _tone in screen.query_one("#line", StatusBar)._left)


async def test_a_second_press_does_not_do_it_again(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        before = deeds(session.desk)
        screen.steps.enter()
        first = screen.page.dossier
        screen.steps.enter()
        screen.steps.digit(1)
        assert screen.page.dossier is first, "the second came before the answer to the first"
        assert line_of(screen) == screen.words.t("screen.step_running")
        await settle(pilot)
        assert deeds(session.desk) == [*before, "accept"]
        # Now the officer sees what came of it, and the next press does the next step.
        await pilot.press("enter")
        await settle(pilot)
        assert len(deeds(session.desk)) > len(before) + 1 or screen.entry.line.text


async def test_what_was_refused_can_be_tried_again(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        desk = session.desk
        desk.role = "reader"
        await pilot.press("enter")
        await settle(pilot)
        assert "accept" not in deeds(desk)
        desk.role = "officer"
        await pilot.press("enter")
        await settle(pilot)
        assert deeds(desk) == ["accept"]


async def test_a_digit_for_steps_that_were_not_on_the_screen_does_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.watch_page.queue.move_by(1)
        screen.steps.digit(1)
        assert line_of(screen) == screen.words.t("screen.not_shown")
        await settle(pilot)
        assert deeds(session.desk) == []


async def test_an_enter_for_the_row_below_waits_for_its_steps(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.watch_page.queue.move_by(1)
        below = screen.page.selected
        screen.steps.enter()
        await settle(pilot)
        with session.desk.store.read() as tx:
            entry = journal.last_of_seat(tx, session.desk.seat)[0]
        assert (entry.verb, entry.incident) == ("accept", below)


async def test_numbers_on_the_screen_stay_with_their_steps(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        before = {key_of(c): n for n, c in screen.page.numbered.items()}
        for _ in range(3):
            await pilot.press("enter")
            await settle(pilot)
            after = {key_of(c): n for n, c in screen.page.numbered.items()}
            for key, number in after.items():
                assert before.get(key, number) == number
                assert key in before or number not in before.values()
            before |= after
        assert len(before) > 1


async def test_a_line_that_the_store_did_not_take_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)

        def refuse(*_args: object) -> list[Done]:
            raise StoreProblem(msg("store.locked", store="x"))

        with monkeypatch.context() as broken:
            broken.setattr(session.desk, "run", refuse)
            await pilot.press(*"accept", "enter")
            await settle(pilot)
            assert screen.entry.line.text == "accept"
            assert line_of(screen) == screen.words.t("store.locked", store="x")
            await pilot.press("escape")
            await pilot.press("enter")
            await settle(pilot)
        # The step may be tried again, for nothing of it was done.
        await pilot.press("enter")
        await settle(pilot)
        assert deeds(session.desk) == ["accept"]


async def test_a_question_is_not_hidden_by_what_comes_meanwhile(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path, lines=()))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await pilot.press("ctrl+q")
        screen.say(msg("store.locked", store="x"), "error")
        assert line_of(screen) == screen.words.t("screen.confirm_quit")
        await pilot.press("n")
        assert line_of(screen) == screen.words.t("store.locked", store="x")
        await pilot.press("ctrl+q", "n")
        assert line_of(screen) == screen.words.t("screen.not_done")
