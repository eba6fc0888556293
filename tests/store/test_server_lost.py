"""A server that is lost, says nothing, or dies between a commit and its answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from console.desk.desk import Desk
from console.desk.session import Session
from console.domain.clock import FixedClock
from console.screens.main import MainScreen
from console.store import engine, journal
from console.store.engine import Store, StoreProblem, open_store
from console.store.problem import UnsureProblem
from tests.screens.packed import send
from tests.screens.stage import make_app, settle, until
from tests.store.floor import START, a_fire, desk_at, ok, rules
from tests.store.proxy import Proxy
from widgets.status_bar import StatusBar

ANSWER = 1.0
"""Seconds that these tests give a server."""

COMMIT = b"COMMIT\x00"

LINE = "new fire smoke at 12 Renmin Road"


@pytest.fixture
def proxy(store_url: str) -> Iterator[Proxy]:
    if store_url.startswith("sqlite"):
        pytest.skip("a file is not lost in this way")
    desk = desk_at(store_url)
    desk.receive([a_fire(1)])
    desk.store.close()
    found = Proxy(store_url)
    yield found
    found.close()


@pytest.fixture
def desk(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(engine, "UNSURE_SECONDS", 0.5)
    store = open_store(proxy.url, answer=ANSWER)
    desk = Desk(store, FixedClock(START), rules(), "一席", "李某")
    ok(desk, "接 1")
    yield desk
    proxy.refuses, proxy.swallows, proxy.cuts = False, None, None
    proxy.go_on()
    store.close()


def length(url: str) -> int:
    """How many entries the journal has, asked on another way."""
    store = open_store(url)
    found = journal.verify(store)
    store.close()
    assert found.fault is None
    return found.entries


def test_a_server_that_says_nothing_is_given_up(desk: Desk, proxy: Proxy, store_url: str) -> None:
    before = length(store_url)
    proxy.hold()
    with pytest.raises(StoreProblem) as refused:
        desk.run("记 1 到了")
    assert refused.value.message.id == "store.unread_gone"
    with pytest.raises(StoreProblem) as refused, desk.store.write():
        pass
    assert refused.value.message.id == "store.gone"
    proxy.go_on()
    assert length(store_url) == before
    ok(desk, "记 1 到了")
    assert length(store_url) == before + 1


def test_silence_in_the_middle_of_a_verb(desk: Desk, proxy: Proxy, store_url: str) -> None:
    before = length(store_url)

    def note() -> None:
        with desk.writing() as work:
            work.log(work.entry("note", None))
            proxy.hold()

    with pytest.raises(StoreProblem) as refused:
        note()
    assert not isinstance(refused.value, UnsureProblem)
    proxy.go_on()
    assert length(store_url) == before


def test_a_commit_whose_answer_is_lost_was_done(desk: Desk, proxy: Proxy, store_url: str) -> None:
    before = length(store_url)
    with desk.writing() as work:
        work.log(work.entry("note", None))
        proxy.cuts = COMMIT
    proxy.cuts = None
    assert length(store_url) == before + 1
    ok(desk, "记 1 到了")


def test_a_commit_that_the_server_never_heard(desk: Desk, proxy: Proxy, store_url: str) -> None:
    before = length(store_url)

    def note() -> None:
        with desk.writing() as work:
            work.log(work.entry("note", None))
            proxy.swallows = COMMIT

    with pytest.raises(StoreProblem) as refused:
        note()
    proxy.swallows = None
    assert refused.value.message.id == "store.gone"
    assert not isinstance(refused.value, UnsureProblem)
    assert length(store_url) == before


@pytest.mark.parametrize("heard", [True, False])
def test_a_commit_of_which_nobody_knows(
    desk: Desk, proxy: Proxy, store_url: str, heard: bool
) -> None:
    before = length(store_url)

    def note() -> None:
        with desk.writing() as work:
            work.log(work.entry("note", None))
            proxy.refuses = proxy.then_refuses = True
            if heard:
                proxy.cuts = COMMIT
            else:
                proxy.swallows = COMMIT

    with pytest.raises(UnsureProblem) as refused:
        note()
    proxy.refuses, proxy.swallows, proxy.cuts = False, None, None
    assert desk.store.became(refused.value.end) is heard
    assert length(store_url) == before + heard


def incidents(store: Store) -> int:
    with store.read() as tx:
        return int(tx.conn.exec_driver_sql("SELECT count(*) FROM incident").scalar_one())


def bar(pilot: Pilot[None], id_: str) -> str:
    return "".join(text for text, _tone in pilot.app.screen.query_one(id_, StatusBar)._left)


@pytest.mark.parametrize("way", ["silent", "refused"])
async def test_enter_twice_while_it_is_away(
    desk: Desk, proxy: Proxy, store_url: str, way: str
) -> None:
    """Nothing is done later than it was said: none, or the one that was shown as waiting."""
    direct = open_store(store_url)
    there = incidents(direct)
    session = Session(desk, center="萧山", bell=False, notify=False)
    async with make_app(session, "en").run_test(size=(200, 40)) as pilot:
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        if way == "silent":
            proxy.hold()
        else:
            proxy.refuses = True
            proxy.cut()
        for _ in range(2):
            screen.entry.line.set_text("")
            send(pilot, *LINE, "enter")
        await until(pilot, lambda: "away since" in bar(pilot, "#status"))
        await until(pilot, lambda: screen.entry.line.text == LINE and not screen.entry.waiting)
        proxy.refuses = False
        proxy.go_on()
        await until(pilot, lambda: "away since" not in bar(pilot, "#status"))
        await settle(pilot)
        assert incidents(direct) == there
        await pilot.press("enter")
        await until(pilot, lambda: incidents(direct) == there + 1)
    direct.close()
