"""Feeds: exactly once, in order, whatever the link does; orders: asked again, never doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.port import LinkError, Order, Page, Receipt, Report, Unread
from adapters.systems import connect
from console.desk.desk import Desk
from console.desk.gateway import Gateway
from console.desk.linked import linked
from console.domain.clock import MINUTE, SECOND, FixedClock
from console.store import incidents, journal, links, outbox
from fixtures.backends.offline import Offline
from tests.store.floor import START, a_fire, desk_at

WARNING = Report(
    "fraudguard",
    "w1",
    "机主疑似遭遇冒充电商物流客服诈骗",
    START - SECOND,
    place="新塘街道育才东路88号12幢3单元401室",
    caller="周某",
    phone="19900001111",
    priority=1,
    fraud_class="冒充电商物流客服",
    amount_at_risk=400_000,
    facts={"level": "高", "family": "丈夫"},
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    yield made
    made.store.close()


def offline(desk: Desk) -> tuple[Offline, Gateway]:
    around = Offline(desk.clock.now)
    return around, Gateway(desk, around.adapters())


def test_what_a_system_says_is_what_the_desk_gets(desk: Desk) -> None:
    around, gateway = offline(desk)
    around.systems["fraudguard"].publish(WARNING)
    asyncio.run(gateway.round())
    with desk.store.read() as tx:
        known = incidents.known_source(tx, "fraudguard", "w1")
        assert known is not None
        one = incidents.need(tx, known[0])
    assert one.category.startswith("fraud.warning")
    assert (one.priority, one.amount_at_risk) == (1, 400_000)
    assert (one.caller, one.phone, one.received) == ("周某", "19900001111", START - SECOND)
    assert dict(one.facts) == {"level": "高", "family": "丈夫"}
    views = {view.system: view.now for view in linked(desk)}
    assert len(views) == len([one for one in gateway.adapters.values() if one.feeds])
    assert (views["fraudguard"].state, views["fraudguard"].items) == (links.OK, 1)


def test_a_feed_that_begins_anew_adds_nothing(desk: Desk) -> None:
    around, gateway = offline(desk)
    for n in range(250):
        around.systems["fraudguard"].publish(
            Report("fraudguard", f"w{n}", f"预警 {n}", START, place=f"北干街道金城路{n}号")
        )
    asyncio.run(gateway.round())
    head = _head(desk)
    with desk.writing("system") as work:
        links.save(work.tx, links.LinkNow("fraudguard", state=links.OK, seen=START))
    asyncio.run(gateway.round())
    assert _head(desk) == head
    with desk.store.read() as tx:
        assert all(incidents.known_source(tx, "fraudguard", f"w{n}") for n in range(250))


def test_a_page_asked_for_from_an_old_place_is_left_out(desk: Desk) -> None:
    gateway = Gateway(desk)
    page = Page((a_fire(1),), "2")
    assert gateway.feeds.take("alarm110", "", page)
    assert gateway.feeds.take("alarm110", "", Page((a_fire(2),), "3")) == []
    with desk.store.read() as tx:
        assert links.get(tx, "alarm110").cursor == "2"
        assert incidents.known_source(tx, "alarm110", "f2") is None


def test_what_nobody_can_read_is_kept_once_and_named(desk: Desk) -> None:
    gateway = Gateway(desk)
    for n in range(2):
        bad = Unread('{"id": 1}', "at: Field required")
        gateway.feeds.take("alarm110", str(n) if n else "", Page((), str(n + 1), unread=(bad,)))
    with desk.store.read() as tx:
        (item,) = links.tray(tx, 10)
        assert links.get(tx, "alarm110").unread == 2
    assert (item.source, item.raw, item.reason) == ("alarm110", '{"id": 1}', "at: Field required")


def test_a_report_that_goes_on_does_the_step_it_is_the_outcome_of(desk: Desk) -> None:
    desk.receive([WARNING])
    (done,) = desk.run("接 1", None, "zh")
    assert done.ok
    assert done.incident is not None
    again = Report(
        "fraudguard", "w2", "家属已联系", START, refers="w1", facts={"family": "丈夫 已接"}
    )
    (taken,) = desk.receive([again])
    assert (taken.kind, taken.incident) == ("attached", done.incident)
    busy = Report("fraudguard", "w3", "", START, refers="w1", event="busy")
    desk.receive([busy, busy])
    with desk.store.read() as tx:
        one = incidents.need(tx, done.incident)
        steps = incidents.steps_of(tx, one.id)
        events = [e for e in journal.timeline(tx, [one.id]) if e.verb == "event"]
    assert dict(one.facts)["family"] == "丈夫 已接"
    assert one.reports == 3
    assert [e.status for e in events] == ["", "busy"]
    assert next(run.outcome for run in steps if run.step == "call") == "busy"


async def test_an_order_whose_answer_was_lost_is_asked_for(desk: Desk) -> None:
    around = Offline(desk.clock.now)
    adapter = around.adapters()["fraudguard"]
    told = around.systems["fraudguard"].ledger
    sent: list[str] = []

    class Lossy:
        system, feeds, keyed = "fraudguard", False, True

        async def feed(self, cursor: str) -> Page:
            return Page((), cursor)

        async def send(self, order: Order) -> Receipt:
            sent.append(order.key)
            await adapter.send(order)
            raise LinkError("slow")

        ask, fetch, close = adapter.ask, adapter.fetch, adapter.close

    gateway = Gateway(desk, {"fraudguard": Lossy()})
    desk.receive([WARNING])
    with desk.writing() as work:
        one = work.incident(next(iter(_ids(work.tx))))
        key = work.order(one, "fraudguard", "call_result", work.entry("call", one.id))
    await gateway.courier()
    clock = desk.clock
    assert isinstance(clock, FixedClock)
    clock.advance(60 * SECOND)
    await gateway.courier()
    with desk.store.read() as tx:
        kept = outbox.get(tx, key)
    assert kept is not None
    assert (kept.state, kept.attempts) == (outbox.CONFIRMED, 2)
    assert sent == [key]
    (one_told,) = told.all_told()
    assert one_told.key == key
    assert one_told.id == "w1"


async def test_an_order_that_cannot_be_asked_for_is_unknown_and_never_sent_twice(
    desk: Desk,
) -> None:
    sent: list[str] = []

    class Bare:
        system, feeds, keyed = "dingtalk", False, False

        async def feed(self, cursor: str) -> Page:
            return Page((), cursor)

        async def send(self, order: Order) -> Receipt:
            sent.append(order.key)
            raise LinkError("slow")

    gateway = Gateway(desk, {"dingtalk": Bare()})  # type: ignore[dict-item]
    desk.receive([WARNING])
    with desk.writing() as work:
        one = work.incident(next(iter(_ids(work.tx))))
        key = work.order(one, "dingtalk", "notice", work.entry("note", one.id))
    for _ in range(3):
        await gateway.courier()
        desk.clock.advance(3_600 * SECOND)  # type: ignore[attr-defined]
    with desk.store.read() as tx:
        kept = outbox.get(tx, key)
    assert kept is not None
    assert kept.state == outbox.UNKNOWN
    assert sent == [key]


async def test_a_link_that_is_not_there_concerns_only_itself(desk: Desk) -> None:
    from adapters.http import Endpoint

    dead = connect("fraudguard", Endpoint("http://127.0.0.1:1/"))
    gateway = Gateway(desk, {"fraudguard": dead})
    await gateway.round()
    await gateway.round()
    (view,) = linked(desk)
    assert (view.now.state, view.now.fault) == (links.FAULT, "unreachable")
    with desk.store.read() as tx:
        said = [e for e in journal.since(tx, 0) if e.verb == "link"]
    assert len(said) == 1
    await dead.close()


def _ids(tx: object) -> list[int]:
    from console.store.engine import Tx

    assert isinstance(tx, Tx)
    known = incidents.known_source(tx, "fraudguard", "w1")
    assert known is not None
    return [known[0]]


def _head(desk: Desk) -> int:
    with desk.store.read() as tx:
        return journal.head(tx)[0]


@pytest.mark.parametrize(
    ("kind", "at_once"), [("unreachable", True), ("server", True), ("busy", False)]
)
def test_what_waits_need_not_wait_longer_than_its_link(
    desk: Desk, kind: str, at_once: bool
) -> None:
    _around, gateway = offline(desk)
    later = START + 5 * MINUTE
    with desk.writing() as work:
        for key, system in (("k-1", "fraudguard"), ("k-2", "wages")):
            outbox.put(work.tx, key, None, system, "level", {}, START)
            outbox.change(work.tx, key, next_at=later, attempts=9)
    gateway.feeds.failed("fraudguard", LinkError(kind))
    gateway.feeds.worked("fraudguard")
    with desk.store.read() as tx:
        due = {one.key: one.next_at for one in outbox.everything(tx)}
    assert due == {"k-1": START if at_once else later, "k-2": later}
