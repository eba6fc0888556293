"""Enter and the digits do what the officer has read."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.port import Report
from console.desk.desk import Desk, Done
from console.desk.session import Session
from console.domain.clock import MINUTE
from console.domain.message import msg
from console.domain.numbering import key_of
from console.screens import digits
from console.screens.main import MainScreen
from console.store import journal, seats
from console.store.engine import StoreProblem
from tests.screens.stage import NOON, SOON, make_app, make_session, settle, until
from widgets.status_bar import StatusBar


@pytest.fixture(autouse=True)
def _digits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to read anything before a digit, or waits long for a second one."""
    monkeypatch.setattr(digits, "READ", 0.0)
    monkeypatch.setattr(digits, "FOLLOWS", SOON / 4)


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
        with desk.store.write() as tx:
            seats.change(tx, desk.seat, role="reader")
        await pilot.press("enter")
        await settle(pilot)
        assert "accept" not in deeds(desk)
        with desk.store.write() as tx:
            seats.change(tx, desk.seat, role="officer")
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

        def refuse(*_args: object, **_more: object) -> list[Done]:
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


CRASH = Report(
    "traffic",
    "t-1",
    "两车相撞, 一人受伤, 占了一条车道",
    NOON - 6 * MINUTE,
    place="宁围街道建设一路与市心北路路口",
)
FIRE = Report("alarm110", "a-1", "三楼厨房冒烟", NOON - MINUTE, place="北干街道金城路8号")


def entries(session: Session) -> list[tuple[str, str]]:
    """Verb and outcome of what the seat did, oldest first."""
    with session.desk.store.read() as tx:
        found = journal.last_of_seat(tx, session.desk.seat)
    return [(one.verb, one.outcome) for one in reversed(found)]


async def test_enter_asks_where_there_is_a_choice(tmp_path: Path) -> None:
    warning = Report("fraudguard", "w-1", "疑似冒充客服", NOON, "fraud.warning", place="新塘")
    session = make_session(tmp_path, (warning,), ("接 1",))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        before = entries(session)
        for _press in range(3):
            await pilot.press("enter")
            await settle(pilot)
        assert entries(session) == before
        shown = {digit: choice.outcome for digit, choice in screen.page.numbered.items()}
        for digit, outcome in shown.items():
            assert outcome is not None
            assert str(digit) in line_of(screen)
        busy = next(digit for digit, outcome in shown.items() if outcome == "busy")
        await pilot.press(str(busy))
        await settle(pilot)
        assert entries(session)[-1] == ("call", "busy")
        again = {d: c.outcome for d, c in screen.page.numbered.items() if c.step == "call"}
        assert again == shown


async def test_the_empty_prompt_says_what_enter_would_do(tmp_path: Path) -> None:
    session = make_session(tmp_path, (FIRE,), ())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        offered = screen.steps.offer()
        assert offered is not None
        assert screen.entry.line._ghost == screen.words.t(offered)
        await pilot.press("x")
        await until(pilot, lambda: screen.entry.line._ghost != screen.words.t(offered))
        await pilot.press("escape")
        await settle(pilot)
        assert screen.entry.line._ghost == screen.words.t(offered)


async def test_a_result_is_chosen_by_its_digit(tmp_path: Path) -> None:
    session = make_session(tmp_path, (FIRE,), ("接 1",))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await pilot.press(*"resolve 1", "enter")
        await settle(pilot)
        assert entries(session)[-1][0] == "accept"
        assert len(screen.offered) == 2
        await pilot.press(list(screen.offered)[1])
        await settle(pilot)
        assert entries(session)[-1] == ("resolve", "no_fire")
        assert screen.entry.line.text == ""


async def test_a_line_that_closes_asks_with_the_reason(tmp_path: Path) -> None:
    session = make_session(tmp_path, (CRASH,), ("接 1",))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        for answer, last in (("n", "accept"), ("y", "close")):
            await pilot.press(*"close 1", "enter")
            await settle(pilot)
            assert screen.words.t("doubt.nobody_sent") in line_of(screen)
            await pilot.press(answer)
            await settle(pilot)
            assert entries(session)[-1][0] == last


async def test_ctrl_z_says_what_it_takes_back(tmp_path: Path) -> None:
    session = make_session(tmp_path, (FIRE,), ("接 1", "记 #1 试一试"))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        for answer, last in (("n", "note"), ("y", "undo")):
            await pilot.press("ctrl+z")
            await settle(pilot)
            assert "试一试" in line_of(screen)
            await pilot.press(answer)
            await settle(pilot)
            assert entries(session)[-1][0] == last
        found = screen.page.dossier
        assert found is not None
        assert [told.undone for told in found.timeline if told.entry.verb == "note"] == [True]


async def test_a_key_whose_step_a_colleague_has_just_changed_does_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path, (CRASH,), ("接 1",))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        found = screen.page.dossier
        assert found is not None
        meant = dict(screen.steps._meant)
        other = next(iter(set(range(1, 10)) - set(meant)))
        # As if what stands under a digit now had been another step a moment ago.
        digit = next(iter(found.numbered))
        screen.steps._meant = {**meant, digit: ("done", "another", None)}
        screen.steps.shown()
        before = entries(session)
        screen.steps.digit(digit)
        await settle(pilot)
        assert line_of(screen) == screen.words.t("screen.step_changed")
        assert entries(session) == before
        await until(pilot, lambda: not screen.steps._unread)
        assert other not in screen.steps._unread
