"""What is typed is what happens: a line is about what was there at its first character."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from console.desk.doubts import ALL
from console.desk.session import Session
from console.domain.clock import HOUR, FixedClock
from console.domain.entry import Entry
from console.screens import digits
from console.screens.main import MainScreen
from console.store import incidents, journal, seats
from tests.screens.stage import REPORTS, make_app, make_session, session_on, settle, until
from widgets.status_bar import StatusBar


def the_screen(pilot: Pilot[None]) -> MainScreen:
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    return screen


def id_of(session: Session, serial: int) -> int:
    with session.desk.store.read() as tx:
        found = incidents.find_number(tx, None, serial)
    assert found is not None
    return found


def select(screen: MainScreen, session: Session, serial: int) -> int:
    """Put the cursor on a row, as the arrows would."""
    id_ = id_of(session, serial)
    queue = screen.watch_page.queue
    place = queue._find(id_)
    assert place is not None
    queue.move_to(place)
    return id_


def prompt(screen: MainScreen) -> str:
    return screen.entry.line._shown_prompt()[0]


def said(screen: MainScreen) -> str:
    return "".join(text for text, _tone in screen.query_one("#line", StatusBar)._left)


def last_of(session: Session, seat: str = "一席") -> Entry:
    with session.desk.store.read() as tx:
        return journal.last_of_seat(tx, seat, 1)[0]


def colleague(session: Session, line: str) -> None:
    done = session.desk.run(line, seat="二席", sure=ALL)
    assert done[0].ok, done[0].message


async def test_a_line_about_an_incident_that_a_colleague_ends_is_refused_with_who(
    tmp_path: Path,
) -> None:
    session = make_session(tmp_path, lines=("接 2", "接 3", "接 4"))
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        two = select(screen, session, 2)
        await settle(pilot)
        await pilot.press(*"cancel", "space", *"mistake")
        await settle(pilot)
        assert prompt(screen) == "2> "
        assert "2" in said(screen)
        colleague(session, "取消 #2 误报")
        # The explanation changes under the line; rows and selection stay.
        await until(pilot, lambda: "二席" in said(screen))
        assert screen.page.selected == two
        assert prompt(screen) == "2> "
        await pilot.press("enter")
        await settle(pilot)
        assert "2 was cancelled by 二席" in said(screen)
        assert last_of(session).verb == "accept"
        assert screen.entry.line.text == "cancel mistake"


async def test_what_was_typed_for_one_comes_back_for_that_one(tmp_path: Path) -> None:
    """Another session on the same store: the connection was lost, and the rows have moved."""
    session = make_session(tmp_path)
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        five = select(screen, session, 5)
        await settle(pilot)
        await pilot.press(*"note", "space", *"two", "space", *"hurt")

        def kept() -> bool:
            with session.desk.store.read() as tx:
                return "two hurt" in seats.drafts(tx, "一席").get("line", "")

        await until(pilot, kept)
    again = session_on(tmp_path / "stage.sqlite")
    app = make_app(again, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        await until(pilot, lambda: screen.entry.line.text == "note two hurt")
        assert prompt(screen) == "5> "
        await pilot.press("enter")
        await settle(pilot)
        entry = last_of(again)
        assert (entry.verb, entry.incident, entry.text) == ("note", five, "two hurt")


async def test_a_draft_of_an_older_version_comes_back_too(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    with session.desk.store.write() as tx:
        seats.keep_draft(tx, "一席", "line", "note {two", 1)
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await until(pilot, lambda: the_screen(pilot).entry.line.text == "note {two")


async def test_two_digits_are_a_number_and_one_is_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digits, "READ", 0.0)
    session = make_session(tmp_path, lines=())
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        with session.desk.store.read() as tx:
            before = journal.head(tx)[0]
        await pilot.press("1", "4")
        assert screen.entry.line.text == "14"
        await pilot.pause(digits.FOLLOWS + 0.2)
        await settle(pilot)
        assert screen.entry.line.text == "14"
        with session.desk.store.read() as tx:
            assert journal.head(tx)[0] == before
        await pilot.press("escape", "1")
        assert screen.entry.line.text == "1"
        assert screen.focused is screen.watch_page.queue
        await until(pilot, lambda: screen.entry.line.text == "")
        await settle(pilot)
        assert last_of(session).verb == "accept"


@pytest.mark.parametrize("key", ["escape", "backspace"])
async def test_a_digit_can_be_taken_back(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digits, "READ", 0.0)
    session = make_session(tmp_path, lines=())
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        await pilot.press("1", key)
        assert screen.entry.line.text == ""
        await pilot.pause(digits.FOLLOWS + 0.2)
        await settle(pilot)
        with session.desk.store.read() as tx:
            assert journal.last_of_seat(tx, "一席") == []


async def test_a_digit_before_its_steps_were_read_does_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        now = [0.0]
        screen.keys.digits.ticks = lambda: now[0]
        await pilot.press("down")
        await settle(pilot)
        now[0] = digits.READ / 2
        await pilot.press("1")
        await until(pilot, lambda: screen.entry.line.text == "")
        assert said(screen) == screen.words.t("screen.not_shown")
        now[0] = digits.READ * 2
        await pilot.press("1")
        await until(pilot, lambda: screen.entry.line.text == "")
        await settle(pilot)
        assert last_of(session).verb == "accept"


async def test_naming_an_incident_selects_it_for_what_follows(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        select(screen, session, 2)
        await settle(pilot)
        await pilot.press(*"接", "space", "4", "enter")
        await settle(pilot)
        assert screen.page.selected == id_of(session, 4)
        await pilot.press(*"派")
        assert prompt(screen) == "4> "
        await pilot.press("enter")
        await settle(pilot)
        assert last_of(session).incident == id_of(session, 4)


async def test_also_when_it_is_typed_ahead(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        select(screen, session, 2)
        await settle(pilot)
        for key in (*"接", "space", "4", "enter", "记", "space", *"三楼有人", "enter"):
            character = {"space": " ", "enter": None}.get(key, key)
            screen.route(events.Key(key, character))
        await settle(pilot)
        entry = last_of(session)
        assert (entry.verb, entry.incident) == ("note", id_of(session, 4))


async def test_and_when_the_filter_leaves_it_out(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        screen.entry.run("筛 火")
        await settle(pilot)
        assert not screen.watch_page.queue.holds(id_of(session, 4))
        await pilot.press(*"接", "space", "4", "enter")
        await settle(pilot)
        assert screen.page.selected == id_of(session, 4)
        assert screen.page.dossier is not None
        assert screen.page.dossier.incident.id == id_of(session, 4)


async def test_while_a_line_is_typed_nothing_moves_under_it(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=("接 2", "接 3", "接 4"))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        queue = screen.watch_page.queue
        select(screen, session, 3)
        await settle(pilot)
        before = [row.key for row in queue._rows]
        await pilot.press(*"记")
        colleague(session, "取消 #3 误报")
        colleague(session, "级 #5 1")
        await until(pilot, lambda: screen.words.t("state.short.cancelled") in str(queue._rows))
        assert [row.key for row in queue._rows] == before
        assert queue.selected_key == id_of(session, 3)
        await pilot.press("escape")
        await settle(pilot)
        assert id_of(session, 3) not in [row.key for row in queue._rows]
        assert queue._rows[0].key == id_of(session, 5)


async def test_the_row_that_went_a_moment_ago_is_still_meant(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=("接 2", "接 3", "接 4"))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        page = screen.watch_page
        two = select(screen, session, 2)
        await settle(pilot)
        colleague(session, "取消 #2 误报")
        await until(pilot, lambda: page.queue.gone)
        assert page.selected != two
        await pilot.press(*"取消误报")
        assert prompt(screen) == "2> "


async def test_a_refused_line_stays_and_the_next_character_replaces_it(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=("接 2",))
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        line = screen.entry.line
        select(screen, session, 2)
        await pilot.press(*"done", "space", *"nothing", "enter")
        await settle(pilot)
        assert line.text == "done nothing"
        assert line.replaced_next
        await pilot.press("n")
        assert line.text == "n"
        await pilot.press("escape", *"done", "space", *"nothing", "enter")
        await settle(pilot)
        await pilot.press("left", "x")
        assert line.text == "done nothinxg"


@pytest.mark.parametrize("key", ["left", "home", "end", "tab", "backspace", "ctrl+a"])
async def test_these_keys_keep_a_refused_line(tmp_path: Path, key: str) -> None:
    session = make_session(tmp_path, lines=("接 2",))
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        line = the_screen(pilot).entry.line
        await pilot.press(*"done", "space", *"nothing", "enter")
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert not line.replaced_next
        assert line.text in ("done nothing", "done nothin")


async def test_a_line_that_is_seen_can_be_edited_from_the_queue(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=())
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        line = screen.entry.line
        await pilot.press(*"note", "space", "t", "w", "o", "space", *"hurt")
        screen.set_focus(screen.watch_page.queue)
        await pilot.press("ctrl+w")
        assert line.text == "note two "
        await pilot.press("ctrl+w")
        assert line.text == "note "
        assert screen.focused is line
        screen.set_focus(screen.watch_page.queue)
        await pilot.press("ctrl+u")
        assert line.text == ""
        await pilot.press("ctrl+y")
        assert line.text == "note "
        screen.set_focus(screen.watch_page.queue)
        # Digits and Enter are for the line that stands there; no step is done.
        await pilot.press("3")
        assert line.text == "note 3"
        screen.set_focus(screen.watch_page.queue)
        await pilot.press("enter")
        await settle(pilot)
        assert line.text == "note 3"
        assert screen.focused is line
        with session.desk.store.read() as tx:
            assert journal.last_of_seat(tx, "一席") == []


async def test_ctrl_r_searches_the_history_and_sends_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=("接 2",))
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        line = screen.entry.line
        two = select(screen, session, 2)
        for text in ("note_one", "level_4", "note_two"):
            await pilot.press(*("space" if c == "_" else c for c in text), "enter")
            await settle(pilot)
        with session.desk.store.read() as tx:
            before = journal.head(tx)[0]
        select(screen, session, 5)
        await settle(pilot)
        await pilot.press("ctrl+r", *"note")
        assert line.text == "note two"
        assert "note" in prompt(screen)
        await pilot.press("ctrl+r")
        assert line.text == "note one"
        await pilot.press("enter")
        await settle(pilot)
        assert line.text == "note one"
        assert prompt(screen) == "2> "
        with session.desk.store.read() as tx:
            assert journal.head(tx)[0] == before
        await pilot.press("enter")
        await settle(pilot)
        entry = last_of(session)
        assert (entry.incident, entry.text) == (two, "one")
        await pilot.press("ctrl+r", *"zzz", "escape")
        assert line.text == ""


async def test_a_recalled_line_is_about_what_it_was_about(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=("接 2",))
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        two = select(screen, session, 2)
        await settle(pilot)
        await pilot.press(*"note", "space", "x", "enter")
        await settle(pilot)
        select(screen, session, 5)
        await settle(pilot)
        await pilot.press("z", "up")
        assert screen.entry.line.text == "note x"
        assert prompt(screen) == "2> "
        await pilot.press("enter")
        await settle(pilot)
        assert last_of(session).incident == two


async def test_ctrl_c_drops_a_line_and_leaves_only_without_one(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        await pilot.press(*"note", "ctrl+c")
        assert screen.entry.line.text == ""
        assert screen.asked is None
        await pilot.press("z", "up")
        assert screen.entry.line.text == "note"
        await pilot.press("escape", "ctrl+c")
        await settle(pilot)
        assert screen.asked is not None


async def test_a_key_that_does_something_to_an_incident_asks_first(tmp_path: Path) -> None:
    session = make_session(tmp_path, lines=("接 4",))
    session.keys = {"route": "ctrl+r"}
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        select(screen, session, 4)
        await settle(pilot)
        with session.desk.store.read() as tx:
            before = journal.head(tx)[0]
        await pilot.press("ctrl+r")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        with session.desk.store.read() as tx:
            assert journal.head(tx)[0] == before


DEEDS = {
    "changes": ("级 #{n} 2", "记 #{n} 已到场", "级 #{n} 3"),
    "merges": ("并 3 {n}", "拆 {n}"),
    "closes": ("结 #{n} 已处置", "复开 #{n} 未完"),
    "cancels": ("取消 #{n} 误报", "复开 #{n} 不是误报"),
}
"""What a colleague does to an incident, one deed a character, over and over."""


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_colleague_acts_at_each_character_of_a_line(tmp_path: Path, deed: str) -> None:
    session = make_session(tmp_path, lines=("接 2", "接 3", "接 4", "接 5"))
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        for text in ("记 两人受伤", "取消 误报"):
            two = select(screen, session, 2)
            await settle(pilot)
            with session.desk.store.read() as tx:
                before = journal.head(tx)[0]
            for at, character in enumerate(text):
                await pilot.press("space" if character == " " else character)
                lines = DEEDS[deed]
                done = session.desk.run(lines[at % len(lines)].format(n=2), seat="二席", sure=ALL)
                assert done[0].ok, done[0].message
                assert prompt(screen) == "2> "
            await pilot.press("enter")
            await settle(pilot)
            with session.desk.store.read() as tx:
                mine = [one for one in journal.since(tx, before) if one.seat == "一席"]
            assert {one.incident for one in mine} <= {two}
            if not mine:
                assert "二席" in said(screen), said(screen)
            if screen.asked is not None:
                await pilot.press("n")
            await pilot.press("escape", "escape")
            # Whatever a colleague left it in, the next line is about it again.
            session.desk.run("复开 #2 未完", seat="二席", sure=ALL)
            session.desk.run("拆 2", seat="二席", sure=ALL)
            await until(pilot, lambda: screen.watch_page.queue.holds(id_of(session, 2)))


async def test_midnight_in_the_middle_of_a_line(tmp_path: Path) -> None:
    """Another number 1 comes in between two characters: the line is not about that one."""
    session = make_session(tmp_path, lines=("接 1", "取消 #1 误报"))
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = the_screen(pilot)
        select(screen, session, 2)
        await settle(pilot)
        await pilot.press(*"记", "space", *"#1")
        await settle(pilot)
        assert isinstance(session.desk.clock, FixedClock)
        session.desk.clock.at += 13 * HOUR
        night = replace(REPORTS[4], source_id="h-9", occurred=session.desk.clock.at)
        (taken,) = session.desk.receive([night])
        await pilot.press("space", *"家属来电", "enter")
        await settle(pilot)
        with session.desk.store.read() as tx:
            assert journal.last_of_seat(tx, "一席", 1)[0].verb != "note"
        assert "11-24" in said(screen) or "20261124" in said(screen), said(screen)
        assert taken.incident is not None
