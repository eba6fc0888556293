"""The loop never dies: whatever comes in, and whatever fails, the rest goes on and is seen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from adapters.port import Apart, Heard, LinkError, Order, Page, Receipt, Report, Unread
from console.desk.desk import Desk
from console.desk.feeds import LONGEST_WAIT_S
from console.desk.gateway import Gateway
from console.domain.clock import SECOND, FixedClock
from console.domain.message import Message
from console.store import incidents, links, outbox
from console.store.tables import unreadable
from tests.store.floor import START, a_fire, desk_at, ok

HUGE = 2**63
SURROGATE = "三楼\udc80冒烟"


class Feed:
    """A system whose pages, and whose faults, are laid out beforehand."""

    def __init__(self, system: str, pages: Sequence[Page | Exception]) -> None:
        self.system, self.feeds, self.keyed = system, True, True
        self.left = list(pages)
        self.sent: list[Order] = []
        self.answer: Exception | None = None

    async def feed(self, cursor: str) -> Page:
        if not self.left:
            return Page((), cursor)
        page = self.left.pop(0)
        if isinstance(page, Exception):
            raise page
        return page

    async def send(self, order: Order) -> Receipt:
        if self.answer is not None:
            raise self.answer
        self.sent.append(order)
        return Receipt(order.key, "confirmed")

    async def ask(self, order: Order) -> Receipt | None:
        return None

    async def fetch(self, photo: str) -> NoReturn:
        raise LookupError(photo)

    async def close(self) -> None:
        """There is nothing to let go of."""


def fire(number: int, **changes: object) -> Report:
    """A fire of its own; with something odd about it."""
    one = a_fire(number)
    values = {name: getattr(one, name) for name in Report.__dataclass_fields__}
    return Report(**{**values, **changes})


ODD: dict[str, Report] = {
    "sum beyond 63 bits": fire(1, amount_at_risk=HUGE),
    "sum below nothing": fire(2, amount_at_risk=-1),
    "sum of 10**400": fire(3, amount_at_risk=10**400),
    "sum that is none": fire(4, amount_at_risk=float("nan")),
    "priority beyond 63 bits": fire(5, priority=HUGE),
    "time beyond 63 bits": fire(6, occurred=HUGE * 10),
    "time before all": fire(7, occurred=-HUGE * 10),
    "text with half a character": fire(8, text=SURROGATE),
    "id with half a character": fire(9, source_id=SURROGATE),
    "place with nothing in it": fire(10, place="\x00\x00"),
    "nowhere": fire(11, lat=float("nan"), lon=float("inf")),
    "off the earth": fire(12, lat=1e308, lon=-1e308),
    "facts that are no words": fire(13, facts={1: object(), SURROGATE: HUGE, "": None}),
    "text that is none": fire(14, text=7),
    "photos that are none": fire(15, photos=7),
    "facts that are none": fire(16, facts=None),
    "source with half a character": fire(17, source=SURROGATE),
}


def waiting(desk: Desk) -> list[str]:
    """Why the items in the tray are there."""
    with desk.store.read() as tx:
        return [row.reason for row in tx.conn.execute(unreadable.select())]


def known(desk: Desk, report: Report) -> bool:
    with desk.store.read() as tx:
        return incidents.known_source(tx, report.source, report.source_id) is not None


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_item_is_taken_or_put_aside_and_the_others_are_taken(
    tmp_path: Path, odd: str
) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    page = Page((fire(101), ODD[odd], fire(102)), "behind")
    gateway = Gateway(desk, {"alarm110": Feed("alarm110", [page])})
    asyncio.run(gateway.round())
    assert known(desk, fire(101))
    assert known(desk, fire(102))
    with desk.store.read() as tx:
        link = links.get(tx, "alarm110")
        seen = tx.conn.exec_driver_sql("SELECT count(*) FROM incident").scalar_one()
    assert link.cursor == "behind"
    assert seen + len(waiting(desk)) == 3, "in the store or in the tray"
    assert gateway.trouble is None
    desk.store.close()


def test_every_odd_item_on_both_databases(store_url: str) -> None:
    desk = desk_at(store_url, clock=FixedClock(START))
    odd = tuple(ODD.values())
    unread = (Unread(SURROGATE + "\x00", SURROGATE), Unread("{", "no json"))
    page = Page(
        (fire(101), *odd, fire(102)),
        "behind",
        unread=unread,
        apart=(Apart(SURROGATE, "test", SURROGATE, "\x00" + SURROGATE),),
        heard=(Heard(SURROGATE, SURROGATE),),
        receipts=(Receipt(SURROGATE, "confirmed", SURROGATE, "\x00"),),
    )
    feed = Feed("alarm110", [page, page])
    gateway = Gateway(desk, {"alarm110": feed})
    asyncio.run(gateway.round())
    asyncio.run(gateway.round())
    with desk.store.read() as tx:
        seen = tx.conn.exec_driver_sql("SELECT count(*) FROM report").scalar_one()
    assert seen + len(waiting(desk)) >= len(odd) + 2 + len(unread)
    assert known(desk, fire(101))
    assert known(desk, fire(102))
    desk.store.close()


@pytest.mark.parametrize(
    "error", [KeyError("x"), RecursionError(), OverflowError(), UnicodeError("x"), AssertionError()]
)
def test_a_readers_own_fault_is_its_links_and_no_others(tmp_path: Path, error: Exception) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    bad = Feed("fraudguard", [error, Page((), "on")])
    good = Feed("alarm110", [Page((fire(1),), "1")])
    gateway = Gateway(desk, {"fraudguard": bad, "alarm110": good})
    asyncio.run(gateway.round())
    assert known(desk, fire(1))
    with desk.store.read() as tx:
        link = links.get(tx, "fraudguard")
    assert (link.state, link.fault) == (links.FAULT, "reader")
    assert type(error).__name__ in link.detail
    asyncio.run(gateway.round())
    with desk.store.read() as tx:
        assert links.get(tx, "fraudguard").state == links.OK
    desk.store.close()


@pytest.mark.parametrize("asked", [1e12, float("inf"), float("nan"), -5.0, 10.0])
def test_who_asks_to_be_left_alone_is_not_left_alone_for_ever(tmp_path: Path, asked: float) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    feed = Feed("alarm110", [LinkError("busy", "429", wait_s=asked), Page((fire(1),), "1")])
    feed.answer = LinkError("busy", "429", wait_s=asked)
    gateway = Gateway(desk, {"alarm110": feed})
    wait = asyncio.run(gateway.feeds.look("alarm110"))
    assert 0 < wait <= LONGEST_WAIT_S
    assert wait == 10.0 or asked != 10.0
    asyncio.run(gateway.feeds.look("alarm110"))
    ok(desk, "接 1")
    asyncio.run(gateway.courier())
    with desk.store.read() as tx:
        (order,) = outbox.everything(tx)
    assert order.state == outbox.WAITING
    assert START < order.next_at <= START + LONGEST_WAIT_S * SECOND
    desk.store.close()


def test_an_order_whose_link_breaks_inside_is_tried_again(tmp_path: Path) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    feed = Feed("alarm110", [Page((fire(1),), "1")])
    gateway = Gateway(desk, {"alarm110": feed})
    asyncio.run(gateway.round())
    ok(desk, "接 1")
    feed.answer = ZeroDivisionError()
    asyncio.run(gateway.courier())
    with desk.store.read() as tx:
        (order,) = outbox.everything(tx)
        assert links.get(tx, "alarm110").fault == "reader"
    assert order.state == outbox.WAITING
    feed.answer = None
    assert isinstance(desk.clock, FixedClock)
    desk.clock.at = order.next_at
    asyncio.run(gateway.courier())
    assert [one.key for one in feed.sent] == [order.key]
    desk.store.close()


def test_a_chore_that_fails_keeps_no_other_from_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    gateway = Gateway(desk, {"alarm110": Feed("alarm110", [Page((fire(1),), "1")])})
    done: list[str] = []

    def broken() -> None:
        done.append("broken")
        raise ZeroDivisionError("of a chore")

    monkeypatch.setattr(gateway, "raise_missed_checks", broken)
    monkeypatch.setattr(gateway, "escalate", lambda _share: done.append("escalate"))
    gateway.start()
    try:
        _until(lambda: known(desk, fire(1)) and gateway.trouble is not None)
        assert gateway.trouble is not None
        said = Message(
            "gateway.fault", {"chore": "watch", "reason": "ZeroDivisionError: of a chore"}
        )
        assert gateway.trouble.message == said
        assert {"broken", "escalate"} <= set(done)
        monkeypatch.setattr(gateway, "raise_missed_checks", lambda: None)
        _until(lambda: gateway.trouble is None)
    finally:
        gateway.stop()
    assert not any(one.name == "gateway" for one in threading.enumerate())
    desk.store.close()


def test_a_loop_that_ends_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    gateway = Gateway(desk, {"alarm110": Feed("alarm110", [Page((fire(1),), "1")])})
    whole, ended = gateway._all, list[bool]()

    async def ends_once() -> None:
        if not ended:
            ended.append(True)
            raise ZeroDivisionError
        await whole()

    monkeypatch.setattr(gateway, "_all", ends_once)
    gateway.start()
    try:
        _until(lambda: known(desk, fire(1)))
    finally:
        gateway.stop()
    desk.store.close()


def _until(there: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if there():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came")
