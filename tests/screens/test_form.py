"""A call is taken by the form once, whatever the hand does; and joins what it is about."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from console.app import ZhibanApp
from console.desk import taking
from console.desk.desk import Desk, Done
from console.domain.message import Message, Problem
from console.screens.main import MainScreen
from console.store import incidents, journal, seats
from tests.screens.stage import make_app, make_session, settle
from widgets.form import Form
from widgets.queue_table import QueueTable


def of(app: ZhibanApp) -> MainScreen:
    """The screen."""
    assert isinstance(app.screen, MainScreen)
    return app.screen


def form(app: ZhibanApp) -> Form:
    """The form."""
    return app.screen.query_one("#form", Form)


def calls(app: ZhibanApp) -> list[str]:
    """The words of the incidents that came from the seat."""
    session = of(app).session
    assert session is not None
    with session.desk.store.read() as tx:
        ids = [e.incident for e in journal.walk(tx) if e.verb == "receive" and e.source == "seat"]
        return [one.text for one in incidents.many(tx, [i for i in ids if i is not None])]


async def fill(pilot: Pilot[None], text: str = "smoke", place: str = "somewhere") -> None:
    """Open the form and type into it."""
    await pilot.press("ctrl+n", "tab", *place, "tab", *text)


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> Iterator[threading.Event]:
    """Sending takes as long as the event is not set; then it may fail."""
    go, real = threading.Event(), taking.take_call

    def slow(desk: Desk, values: dict[str, str], joins: int | None = None) -> Done:
        assert go.wait(30)
        if fails:
            raise Problem(Message("store.busy"))
        return real(desk, values, joins)

    monkeypatch.setattr(taking, "take_call", slow)
    yield go
    go.set()


async def test_it_is_empty_after_a_call_was_taken(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await fill(pilot)
        await pilot.press("tab", *"Chen", "tab", *"19900001111", "ctrl+s")
        await settle(pilot)
        assert not form(app).display
        await pilot.press("ctrl+n")
        assert form(app).has_focus
        assert form(app).current == "category"
        assert set(form(app).values.values()) == {""}
        session = of(app).session
        assert session is not None
        with session.desk.store.read() as tx:
            assert seats.drafts(tx, "一席") == {}


@pytest.mark.parametrize("key", ["ctrl+s", "enter"])
async def test_three_presses_are_one_call(tmp_path: Path, key: str) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await fill(pilot)
        await pilot.press("tab", "tab")
        for _ in range(3):  # in one packet: nothing is waited for between them
            app.post_message(events.Key(key, None))
        await settle(pilot)
        assert calls(app) == ["smoke"]
        session = of(app).session
        assert session is not None
        with session.desk.store.read() as tx:
            # Nor has the Enter that came behind accepted the new one.
            assert not [e for e in journal.walk(tx) if e.verb == "accept" and e.seat == "一席"][2:]


async def test_what_is_under_way_does_not_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await fill(pilot)
        with held(monkeypatch) as go:
            await pilot.press("ctrl+s", "ctrl+s", "x", "ctrl+u", "escape", "ctrl+g")
            assert form(app).values["text"] == "smoke"
            go.set()
            await settle(pilot)
        assert calls(app) == ["smoke"]


async def test_a_call_that_was_not_sent_keeps_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await fill(pilot)
        with held(monkeypatch, fails=True) as go:
            await pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
            go.set()
            await settle(pilot)
        assert calls(app) == []
        assert form(app).display
        assert form(app).values["text"] == "smoke"
        monkeypatch.undo()
        await pilot.press("!", "ctrl+s")
        await settle(pilot)
        assert calls(app) == ["smoke!"]


async def test_a_refused_call_and_a_closed_form_keep_everything(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path), "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+n", "tab", "tab", "tab", *"Chen", "ctrl+s")
        await settle(pilot)
        assert form(app).display  # neither place nor words
        assert form(app).values["caller"] == "Chen"
        await pilot.press("escape")
        await settle(pilot)
        session = of(app).session
        assert session is not None
        with session.desk.store.read() as tx:
            assert "Chen" in seats.drafts(tx, "一席")["form"]
        await pilot.press("ctrl+n")
        assert form(app).values["caller"] == "Chen"


async def test_a_draft_that_comes_late_fills_what_is_empty(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+n", "tab", *"here")
        of(app).intake.restore('{"place": "elsewhere", "text": "smoke", "caller": "Li"}')
        await settle(pilot)
        kept = {"category": "", "place": "here", "text": "smoke", "caller": "Li", "phone": ""}
        assert dict(form(app).values) == kept
        await pilot.press("x")
        assert form(app).values["place"] == "herex"
        await settle(pilot)
        with session.desk.store.read() as tx:
            assert '"herex"' in seats.drafts(tx, session.desk.seat)["form"]


class TestHints:
    """What it may be already."""

    PLACE = "金城路366号2幢"

    async def hinted(self, pilot: Pilot[None], app: ZhibanApp) -> int:
        """Type a call about a fire and wait until a hint can be taken; the number it is of."""
        await fill(pilot, "着火了", self.PLACE)
        await settle(pilot)
        await pilot.pause(0.5)
        found = re.search(r"Ctrl\+G 并入 (\d+)", drawn(app))
        assert found is not None, drawn(app)
        return int(found[1])

    async def test_the_keys_are_shown_and_look_and_join(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path))
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            number = await self.hinted(pilot, app)
            await pilot.press("pagedown")
            await settle(pilot)
            assert form(app).has_focus
            like = of(app).page.selected
            assert like is not None
            assert like % 100 == number
            await pilot.press("ctrl+g")
            await settle(pilot)
            assert calls(app) == []
            assert not form(app).display
            session = of(app).session
            assert session is not None
            with session.desk.store.read() as tx:
                kept = incidents.reports_of(tx, [like])
            assert kept[-1].text == "着火了"
            await pilot.press("ctrl+z")
            await settle(pilot)
            await pilot.press("y")
            await settle(pilot)
            with session.desk.store.read() as tx:
                assert len(incidents.reports_of(tx, [like])) == len(kept) - 1

    async def test_without_one_the_key_says_so(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path))
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await fill(pilot)
            await pilot.press("ctrl+g")
            await settle(pilot)
            assert calls(app) == []
            assert form(app).values["text"] == "smoke"


def drawn(app: ZhibanApp) -> str:
    """The hints as they stand at the foot of the form."""
    return "\n".join("".join(part[0] for part in line) for line in form(app).hints)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_at_80x24_five_rows_of_the_queue_stay(tmp_path: Path, lang: str) -> None:
    app = make_app(make_session(tmp_path), lang)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.screen.query_one("#alert").display = True
        await pilot.press("ctrl+n")
        await settle(pilot)
        assert app.screen.query_one("#queue", QueueTable).page_height >= 5
        assert form(app).body_height >= 6
        assert app.screen.query_one("#incident").size.height >= 2
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen.query_one("#units").display
