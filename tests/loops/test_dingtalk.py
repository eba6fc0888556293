"""The group over real HTTP: residents post, the robot answers, and nobody else gets in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from adapters.dingtalk import A_MINUTE, sign
from adapters.port import Report
from adapters.secret import Secret
from console import listening
from console.desk.callbacks import MOST_REFUSALS
from console.desk.gateway import Gateway
from console.domain.clock import HOUR, MINUTE, FixedClock
from console.domain.entry import Entry
from console.domain.message import Problem
from console.store import group, links
from console.store.group import GroupMessage
from fixtures.backends.dingtalk import Group, said
from fixtures.backends.offline import Offline
from tests.loops.live import Live
from tests.store.floor import START, desk_at

APP = "dingtalk_app"


@dataclass
class Door:
    """The listener on a real port, and the group whose residents post to it."""

    live: Live
    url: str

    @property
    def group(self) -> Group:
        there = self.live.systems["dingtalk"]
        assert isinstance(there, Group)
        return there

    def says(self, text: str, id_: str = "m1", who: str = "staff1", *photos: str) -> None:
        """A resident speaks to the robot, and the robot's answer goes out."""
        report = Report("dingtalk", id_, text, caller="金某", facts={"sender": who}, photos=photos)
        self.live.say(report)
        self.group.callback = f"{self.url}/dingtalk/callback"
        asyncio.run(self.group.deliver())
        self.live.round()

    def posts(
        self, body: bytes, at: str = "", signature: str | None = None, secret: Secret | None = None
    ) -> httpx.Response:
        """Somebody posts a callback of their own making."""
        at = at or str(self.live.clock.now())
        word = secret or self.live.secrets[APP]
        headers = {"timestamp": at, "sign": sign(word, at) if signature is None else signature}
        return httpx.post(f"{self.url}/dingtalk/callback", content=body, headers=headers)

    def messages(self) -> list[GroupMessage]:
        with self.live.store.read() as tx:
            return group.page(tx, 100)

    def turned_away(self) -> list[Entry]:
        return self.live.entries("turned_away")


@pytest.fixture
def door(live: Live) -> Iterator[Door]:
    parts = listening.parts(live.desk, live.secrets)
    listener = listening.Listener(listening.app(parts), "127.0.0.1:0")
    url = listener.start()
    yield Door(live, url)
    listener.stop()


def body(id_: str, text: str = "电动车上牌在哪里办") -> bytes:
    return json.dumps(said(Report("dingtalk", id_, text, 1))).encode()


def test_a_question_is_answered_in_the_group(door: Door) -> None:
    door.says("请问电动车上牌在哪里办?")
    assert [one.status for one in door.group.answers] == [200]
    (message,) = door.messages()
    assert (message.state, message.faq_id) == ("answered", "ebike.plate")
    (seen,) = door.group.seen()
    assert message.answer in seen
    assert "@staff1" in seen
    (receipt,) = door.live.receipts("dingtalk")
    assert receipt.status == "confirmed"


def test_posted_twice_is_heard_once(door: Door) -> None:
    assert door.posts(body("m1"), at=str(door.live.clock.now())).status_code == 200
    # The platform asks again with a signature of its own: nothing is done twice.
    assert door.posts(body("m1"), at=str(door.live.clock.now() + 1)).status_code == 200
    assert len(door.messages()) == len(door.live.orders("dingtalk")) == 1
    assert door.turned_away() == []


class TestWhoIsNotLetIn:
    def test_forged(self, door: Door) -> None:
        answers = [
            door.posts(body("m1"), secret=Secret("guessed")),
            door.posts(body("m2"), signature=""),
            httpx.post(f"{door.url}/dingtalk/callback", content=body("m3")),
        ]
        assert [one.status_code for one in answers] == [401, 401, 401]
        assert [one.reason for one in door.turned_away()] == ["callback.forged"] * 3
        assert door.messages() == []

    def test_stale(self, door: Door) -> None:
        at = str(door.live.clock.now() - HOUR - 1)
        assert door.posts(body("m1"), at=at).status_code == 401
        assert [one.reason for one in door.turned_away()] == ["callback.stale"]
        assert door.messages() == []

    def test_replayed_with_other_words(self, door: Door) -> None:
        at = str(door.live.clock.now())
        assert door.posts(body("m1"), at=at).status_code == 200
        assert door.posts(body("m1"), at=at).status_code == 401
        assert door.posts(body("m2", "着火了"), at=at).status_code == 401
        assert [one.reason for one in door.turned_away()] == ["callback.replayed"] * 2
        assert len(door.messages()) == 1

    def test_no_secret_is_told(self, door: Door) -> None:
        answer = door.posts(body("m1"), secret=Secret("guessed"))
        word = door.live.secrets[APP].reveal()
        assert word not in answer.text
        assert all(word not in repr(one) for one in door.live.entries())

    def test_a_flood_does_not_fill_the_journal(self, door: Door) -> None:
        for _ in range(MOST_REFUSALS + 15):
            assert door.posts(b"{}", signature="x").status_code == 401
        assert len(door.turned_away()) == MOST_REFUSALS
        door.live.clock.advance(MINUTE)
        door.posts(b"{}", signature="x")
        assert door.turned_away()[-1].count == 16

    def test_too_large(self, door: Door) -> None:
        assert door.posts(b"x" * (listening.MOST_BYTES + 1)).status_code == 413
        assert door.messages() == []

    def test_other_methods_and_places(self, door: Door) -> None:
        assert httpx.get(f"{door.url}/dingtalk/callback").status_code == 405
        assert httpx.post(f"{door.url}/else").status_code == 404


def test_what_cannot_be_read_is_kept(door: Door) -> None:
    assert door.posts(b'{"msgId": "m1", "msgtype": "hologram"}').status_code == 400
    with door.live.store.read() as tx:
        (item,) = links.tray(tx, 10)
        assert links.get(tx, "dingtalk").unread == 1
    assert (item.source, "hologram" in item.raw) == ("dingtalk", True)
    assert "msgtype" in item.reason


def test_fifty_answers_arrive_and_never_more_than_twenty_a_minute(door: Door) -> None:
    for n in range(50):
        at = str(door.live.clock.now() + n)
        assert door.posts(body(f"m{n}"), at=at).status_code == 200
    door.live.round(2)
    assert {one.state for one in door.live.orders("dingtalk")} == {"confirmed"}
    seen = door.group.seen()
    assert len(seen) <= A_MINUTE
    answer = door.messages()[0].answer
    assert sum(text.count(answer) for text in seen) == 50


def test_an_answer_that_was_lost_is_unknown_and_not_said_again(door: Door) -> None:
    door.live.say(Report("dingtalk", "m1", "电动车上牌在哪里办", facts={"sender": "s"}))
    door.group.callback = f"{door.url}/dingtalk/callback"
    asyncio.run(door.group.deliver())
    door.group.silent = True
    door.live.round(2)
    (order,) = door.live.orders("dingtalk")
    assert order.state == "unknown"
    door.group.silent = False
    door.live.wait(HOUR)
    assert len(door.group.seen()) == 1
    assert [one.status for one in door.live.receipts("dingtalk")] == ["unknown"]


def test_a_spare_takes_in_as_well(door: Door) -> None:
    """Who may act for the district and who listens are two things: the store is one."""
    for n in range(3):
        at = str(door.live.clock.now() + n)
        assert door.posts(body(f"m{n}"), at=at).status_code == 200
    assert len(door.messages()) == 3
    assert {one.state for one in door.live.orders("dingtalk")} == {"waiting"}


class TestTheDoorItself:
    def test_a_port_that_is_taken(self, door: Door) -> None:
        taken = door.url.removeprefix("http://")
        with pytest.raises(Problem) as problem:
            listening.Listener(listening.app([]), taken).start()
        assert problem.value.message.id == "listen.no_port"

    @pytest.mark.parametrize("listen", ["8080", "host:", ":1", "h:99999", "h:x", "", "h:²"])
    def test_a_place_that_is_none(self, listen: str) -> None:
        with pytest.raises(ValueError, match=r".*"):
            listening.where(listen)

    def test_places(self) -> None:
        assert listening.where("127.0.0.1:8710") == ("127.0.0.1", 8710)
        assert listening.where("[::1]:0") == ("::1", 0)

    def test_without_the_app_s_secret_nobody_is_let_in(self, live: Live) -> None:
        listener = listening.Listener(listening.app(listening.parts(live.desk, {})), "127.0.0.1:0")
        there = Door(live, listener.start())
        try:
            assert there.posts(body("m1")).status_code == 401
            assert there.posts(body("m1"), secret=Secret("")).status_code == 401
        finally:
            listener.stop()


def test_in_the_process_and_without_a_socket(tmp_path: Path) -> None:
    """The demo's way: the same app, handed its requests by the simulated group."""
    clock = FixedClock(START)
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=clock)
    around = Offline(clock.now)
    around.listen(listening.app(listening.parts(desk, around.secrets)))
    around.systems["dingtalk"].publish(Report("dingtalk", "m1", "灭火器几年过期"))
    assert asyncio.run(around.deliver()) == 1
    asyncio.run(Gateway(desk, around.adapters()).round())
    with desk.store.read() as tx:
        (message,) = group.page(tx, 10)
    there = around.systems["dingtalk"]
    assert isinstance(there, Group)
    assert there.seen() == [message.answer]
    assert message.faq_id == "fire.extinguisher.old"
    desk.store.close()
