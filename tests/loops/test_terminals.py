"""Smart terminals through a real broker: nothing lost, nothing doubled, nothing believed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from adapters import systems
from adapters.http import Endpoint
from adapters.port import LinkError, Order, Page
from adapters.secret import Secret
from console.desk.gateway import Gateway
from console.domain.clock import MINUTE
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.store import heartbeats, incidents, links, outbox
from fixtures.backends.systems import Surroundings
from fixtures.backends.terminals import Terminals
from tests.loops.live import Live
from tests.loops.mosquitto import Broker, broker

PLACE = "北干街道金城路88号3幢"


@pytest.fixture
def mqtt(tmp_path: Path) -> Iterator[Broker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with broker(folder) as made:
        yield made


def adapter(mqtt: Broker, answer_s: float = 0.5, version: str = "") -> Any:
    url = f"{mqtt.url}?version={version}" if version else mqtt.url
    return systems.connect(
        "terminals", Endpoint(url, Secret(""), name="zhiban-test", read_s=answer_s)
    )


async def _round(live: Live, one: Any, times: int) -> None:
    gateway = Gateway(live.desk, {"terminals": one})
    try:
        for _ in range(times):
            await gateway.round()
    finally:
        await one.close()


def look(live: Live, mqtt: Broker, times: int = 1, **how: Any) -> None:
    """The gateway starts, looks around so often, and ends."""
    asyncio.run(_round(live, adapter(mqtt, **how), times))


def alarm(
    live: Live, id_: str = "a1", terminal: str = "YG-301", kind: str = "smoke", **more: object
) -> tuple[str, str]:
    at = datetime.fromtimestamp(live.clock.now() / 1_000, UTC).isoformat()
    value = {"id": id_, "kind": kind, "at": at, "place": PLACE, "text": "3层烟感报警", **more}
    return f"terminals/alarm/{terminal}", json.dumps(value, ensure_ascii=False)


def beat(terminal: str) -> tuple[str, str]:
    return f"terminals/heartbeat/{terminal}", json.dumps({"place": PLACE, "kind": "smoke"})


def raised(live: Live, terminal: str = "YG-301", id_: str = "a1") -> Incident:
    return live.incident("terminals", f"{terminal}/{id_}")


def everything(live: Live) -> list[Incident]:
    with live.store.read() as tx:
        return list(incidents.between(tx, 0, 99_999_999))


async def terminal(
    mqtt: Broker, name: str, work: Callable[[], Awaitable[None]]
) -> list[dict[str, Any]]:
    """A terminal that does what it is asked while `work` goes on; what it was asked."""
    asked: list[dict[str, Any]] = []
    async with aiomqtt.Client("127.0.0.1", mqtt.port) as client:
        await client.subscribe(f"terminals/command/{name}", qos=1)

        async def answer() -> None:
            async for message in client.messages:
                assert isinstance(message.payload, bytes)
                asked.append(json.loads(message.payload))
                key = {"key": asked[-1]["key"], "state": "confirmed"}
                await client.publish(f"terminals/ack/{name}", json.dumps(key), qos=1)

        task = asyncio.create_task(answer())
        await work()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return asked


def test_the_loop_is_closed_through_the_broker(live: Live, mqtt: Broker) -> None:
    look(live, mqtt)  # the session is there from now on
    mqtt.put(alarm(live))
    look(live, mqtt)
    one = raised(live)
    assert (one.category, one.place, one.state) == ("terminal.smoke", PLACE, State.NEW)
    live.do("接", one)
    asked = asyncio.run(terminal(mqtt, "YG-301", lambda: _round(live, adapter(mqtt, 10.0), 1)))
    assert [(a["action"], a["incident"][-4:]) for a in asked] == [("acknowledge", "0001")]
    (receipt,) = live.receipts("terminals", one)
    assert (receipt.status, receipt.source_id) == ("confirmed", "YG-301")
    look(live, mqtt, 3)
    assert len(live.receipts("terminals", one)) == 1
    assert live.is_whole()


@pytest.mark.parametrize("version", ["", "5"])
def test_what_comes_while_we_are_away_is_kept(live: Live, mqtt: Broker, version: str) -> None:
    look(live, mqtt, version=version)
    mqtt.put(*(alarm(live, f"a{n}", f"T{n}", place=f"北干街道金城路{n}号") for n in range(1, 61)))
    mqtt.stop()
    mqtt.start()
    while len(everything(live)) < 60:
        look(live, mqtt, version=version)
    assert len({raised(live, f"T{n}", f"a{n}").id for n in range(1, 61)}) == 60


def test_a_letter_is_acknowledged_only_when_it_is_in_the_store(live: Live, mqtt: Broker) -> None:
    """As if killed between reading a page and writing it down: it comes again."""
    look(live, mqtt)
    mqtt.put(alarm(live))

    async def read_and_die() -> Page:
        one = adapter(mqtt)
        page: Page = await one.feed("")
        # The process is gone: no page came back as a cursor, nothing was said to the broker.
        await one.close()
        return page

    assert [r.source_id for r in asyncio.run(read_and_die()).reports] == ["YG-301/a1"]
    assert everything(live) == []
    look(live, mqtt)
    assert raised(live).reports == 1
    look(live, mqtt, 2)
    assert (raised(live).reports, len(everything(live))) == (1, 1)


def test_a_page_that_was_not_stored_is_given_again(live: Live, mqtt: Broker) -> None:
    look(live, mqtt)
    mqtt.put(alarm(live))

    async def twice() -> tuple[Page, Page, Page]:
        one = adapter(mqtt)
        first = await one.feed("")
        again = await one.feed("")  # the transaction failed: the cursor is the old one
        after = await one.feed(again.cursor)
        await one.close()
        return first, again, after

    first, again, after = asyncio.run(twice())
    assert [r.source_id for r in first.reports] == [r.source_id for r in again.reports]
    assert after.reports == ()


def test_the_same_letter_twice_is_one_report(live: Live, mqtt: Broker) -> None:
    look(live, mqtt)
    mqtt.put(alarm(live), alarm(live), alarm(live))
    look(live, mqtt, 2)
    assert raised(live).reports == 1


def test_an_order_without_an_answer_is_unknown_until_the_terminal_answers(
    live: Live, mqtt: Broker
) -> None:
    look(live, mqtt)
    mqtt.put(alarm(live))
    look(live, mqtt)
    one = raised(live)
    live.do("接", one)
    look(live, mqtt, 3)
    (order,) = live.orders("terminals")
    assert order.state == outbox.UNKNOWN
    # Somebody else's answer is none.
    late = json.dumps({"key": order.key, "state": "confirmed"})
    mqtt.put(("terminals/ack/OTHER", late))
    look(live, mqtt)
    assert live.orders("terminals")[0].state == outbox.UNKNOWN
    mqtt.put(("terminals/ack/YG-301", late))
    look(live, mqtt)
    assert live.orders("terminals")[0].state == outbox.CONFIRMED
    assert [r.status for r in live.receipts("terminals", one)] == ["unknown", "confirmed"]


def test_a_broker_that_is_gone_is_one_faulty_link(live: Live, mqtt: Broker) -> None:
    look(live, mqtt)
    mqtt.put(*(beat(f"T{n}") for n in range(30)))
    look(live, mqtt)
    mqtt.stop()
    for _ in range(20):
        live.clock.advance(MINUTE)
        look(live, mqtt)
    assert everything(live) == []
    with live.store.read() as tx:
        link = links.get(tx, "terminals")
    assert (link.state, link.fault) == (links.FAULT, "unreachable")
    assert len(live.entries("link")) == 1
    mqtt.start()
    live.clock.advance(MINUTE)
    look(live, mqtt)
    assert everything(live) == []  # they are counted from now on


def test_a_terminal_that_falls_silent_is_an_incident_and_its_return_is_told(
    live: Live, mqtt: Broker
) -> None:
    look(live, mqtt)
    mqtt.put(beat("T1"), beat("T2"))
    look(live, mqtt)
    for _ in range(16):
        live.clock.advance(MINUTE)
        mqtt.put(beat("T2"))
        look(live, mqtt)
    (one,) = everything(live)
    assert (one.category, one.text, one.place) == ("terminal.offline", "T1", PLACE)
    mqtt.put(beat("T1"))
    look(live, mqtt)
    assert [e.status for e in live.entries("event", one)] == ["back"]
    assert len(everything(live)) == 1


def test_many_that_fall_silent_at_once_are_one_incident(live: Live, mqtt: Broker) -> None:
    look(live, mqtt)
    mqtt.put(*(beat(f"T{n}") for n in range(40)))
    while known(live) < 40:
        look(live, mqtt)
    for _ in range(17):
        live.clock.advance(MINUTE)
        look(live, mqtt)
    (one,) = everything(live)
    assert dict(one.facts)["terminals"] == "40"
    assert one.category == "terminal.offline"


def known(live: Live) -> int:
    with live.store.read() as tx:
        return len(heartbeats.quiet(tx, "terminals", live.clock.now() + 1))


HOSTILE = {
    "no_json": b"\xff\xfe{",
    "not_an_object": b"[1, 2]",
    "no_id": b'{"kind": "smoke"}',
    "latitude": b'{"id": "x", "kind": "smoke", "lat": 200}',
    "deep": b"[" * 5_000,
    "nothing": b"",
    "numbers": b'{"id": 7, "kind": null}',
}


@pytest.mark.parametrize("retain", [False, True])
def test_junk_goes_to_the_tray_once_and_holds_up_nobody(
    live: Live, mqtt: Broker, retain: bool
) -> None:
    look(live, mqtt)
    # An empty letter cannot be kept by a broker: it empties the topic.
    junk = [(n, p) for n, p in HOSTILE.items() if p or not retain]
    mqtt.put(*((f"terminals/alarm/{name}", payload) for name, payload in junk), retain=retain)
    mqtt.put(alarm(live))
    look(live, mqtt, 2)
    look(live, mqtt, 2)  # what is retained is sent with every new subscription
    assert raised(live).reports == 1
    with live.store.read() as tx:
        assert len(links.tray(tx, 100)) == len(junk)
        assert links.get(tx, "terminals").state == links.OK
    assert len(everything(live)) == 1


def test_what_is_odd_but_readable_is_an_alarm(live: Live, mqtt: Broker) -> None:
    look(live, mqtt)
    long_id = "x" * 10_000
    mqtt.put(
        alarm(live, long_id, "T1", place="北干街道金城路1号"),
        alarm(live, "far", "T2", at="9999-12-31T23:59:59+00:00", place="北干街道金城路20号"),
        alarm(live, "old", "T3", at="0001-01-01T00:00:00+14:00", place="北干街道金城路40号"),
        alarm(
            live, "esc", "T4", kind="\x1b]0;x\x07", text="\x1b[31m火", place="北干街道金城路60号"
        ),
    )
    look(live, mqtt, 2)
    found = everything(live)
    assert len(found) == 4
    assert {one.received for one in found} == {live.clock.now()}
    assert raised(live, "T4", "esc").category == "terminal"
    assert not any("\x1b" in one.text for one in found)


def test_an_exercise_of_a_terminal_raises_nothing(live: Live, mqtt: Broker) -> None:
    look(live, mqtt)
    mqtt.put(alarm(live, state="test"))
    look(live, mqtt)
    assert everything(live) == []
    assert [e.status for e in live.entries("kept")] == ["test"]


def test_the_stand_in_of_the_broker_does_the_same(live: Live) -> None:
    """Offline (demo) the same adapter speaks with a stand-in in the process."""
    terminals = Terminals(Surroundings(now=live.clock.now))
    terminals.put(*alarm(live))
    terminals.put(*alarm(live, "x", "\x1b[2J"))  # a real broker takes no such topic

    def over() -> Any:
        return systems.connect(
            "terminals", Endpoint("mqtt://-", Secret(""), read_s=0.2), terminals.wire()
        )

    asyncio.run(_round(live, over(), 1))
    one = raised(live)
    live.do("接", one)
    asyncio.run(_round(live, over(), 1))
    assert [t.action for t in terminals.ledger.all_told()] == ["acknowledge"]
    asyncio.run(_round(live, over(), 2))
    assert [r.status for r in live.receipts("terminals", one)] == ["confirmed"]
    with live.store.read() as tx:
        assert [item.reason for item in links.tray(tx, 10)] == ["topic"]
    assert len(everything(live)) == 1


def test_an_order_for_no_terminal_is_refused(mqtt: Broker) -> None:
    async def send() -> str:
        one = adapter(mqtt)
        receipt = await one.send(Order("k", "terminals", "silence", "XS-1", {"their_id": "a+/b"}))
        await one.close()
        return str(receipt.state)

    assert asyncio.run(send()) == "refused"


def test_a_broker_that_is_not_there_has_taken_nothing(mqtt: Broker) -> None:
    mqtt.stop()

    async def send() -> LinkError:
        one = adapter(mqtt)
        with pytest.raises(LinkError) as fault:
            await one.send(Order("k", "terminals", "silence", "XS-1", {"their_id": "T1/b"}))
        await one.close()
        return fault.value

    assert asyncio.run(send()).arrived is False


def test_the_simulated_terminals_speak_through_a_broker(live: Live, mqtt: Broker) -> None:
    from adapters.port import Report
    from fixtures.backends.broker import play

    terminals = Terminals(Surroundings(now=live.clock.now))

    async def together() -> None:
        playing = asyncio.create_task(play(terminals, mqtt.url))
        one = adapter(mqtt, 10.0)
        gateway = Gateway(live.desk, {"terminals": one})
        await gateway.round()
        terminals.publish(Report("terminals", "s1", "烟感报警", live.clock.now(), "fire", PLACE))
        while not everything(live):
            await gateway.round()
        live.do("接", everything(live)[0])
        while not live.receipts("terminals"):
            await gateway.round()
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        await one.close()

    asyncio.run(together())
    assert [r.status for r in live.receipts("terminals")] == ["confirmed"]
    assert [t.action for t in terminals.ledger.all_told()] == ["acknowledge"]
