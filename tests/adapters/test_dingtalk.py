"""The group's robot: what is signed, how fast it speaks, what the answers mean."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import quote_plus

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import dingtalk_callback
from adapters.dingtalk import A_MINUTE, DingTalk, Said, connect, said, sign, together
from adapters.dingtalk_callback import SKEW_MS, read, turned_away
from adapters.http import Client, Endpoint
from adapters.port import LinkError, Order, Receipt, Report
from adapters.secret import Secret
from console.desk import group
from fixtures.backends import dingtalk as simulated
from fixtures.backends.ledger import Ledger
from fixtures.backends.systems import Surroundings

NOW = 1_795_500_000_000
SECRET = Secret("SECb90923e19e58b466481e9e7b7a5b4f108a4531abde590ad3967fb29f0eae5c68")


def order(n: int = 1, words: str = "已安排维修", action: str = "reply", **more: str) -> Order:
    body: dict[str, str | int | float | None] = {"words": words, **more}
    return Order(f"k{n}", "dingtalk", action, "XS-20261124-0001", body)


@dataclass
class Minute:
    """A clock that a test moves; robot and group share it."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def pair(robot: str = "SEC1", token: str = "t0ken") -> tuple[simulated.Group, DingTalk, Minute]:
    around = Surroundings(Secret("SEC1"), Ledger(), lambda: NOW, more={"token": Secret("t0ken")})
    clock = Minute()
    there = simulated.Group(around, ticks=clock)
    client = Client(Endpoint("http://it/", auth="none"), httpx.ASGITransport(app=there))
    return there, DingTalk(client, Secret(robot), Secret(token), clock), clock


async def send_all(robot: DingTalk, *orders: Order) -> list[Receipt | BaseException]:
    return await asyncio.gather(*(robot.send(one) for one in orders), return_exceptions=True)


class TestOut:
    def test_the_published_vector(self) -> None:
        assert quote_plus(sign(SECRET, "1582163555000")) == (
            "BQKsG%2BQOCl%2BbYJOLc6pxDHxjVquzlZPWgvRzeN2J5zY%3D"
        )

    async def test_what_is_said_is_read_in_the_group(self) -> None:
        there, robot, _ = pair()
        receipt = await robot.send(order(person_id="13700001111"))
        assert receipt == Receipt("k1", "confirmed")
        (told,) = there.ledger.all_told()
        assert json.loads(told.body) == {
            "msgtype": "text",
            "text": {"content": "@13700001111 已安排维修"},
            "at": {"atMobiles": ["13700001111"], "atUserIds": [], "isAtAll": False},
        }

    async def test_through_connect_with_its_secrets(self) -> None:
        there, _, _ = pair()
        endpoint = Endpoint("http://it/", Secret("SEC1"), more={"token": Secret("t0ken")})
        robot = connect(endpoint, httpx.ASGITransport(app=there))
        assert (await robot.send(order())).state == "confirmed"
        assert (robot.feeds, robot.keyed) == (False, False)
        await robot.close()

    def test_a_notice_has_a_title_and_no_links(self) -> None:
        value = json.loads(said(order(action="notice", words="见 [这里](http://x) 速办")).body())
        assert value["msgtype"] == "markdown"
        assert "[" not in value["markdown"]["text"]
        assert value["markdown"]["title"] in value["markdown"]["text"]

    def test_a_member_is_spoken_to_by_id_and_the_record_s_phone_stays_out(self) -> None:
        body = said(order(person_id="staff7", phone="19900001111")).body().decode()
        assert json.loads(body)["at"]["atUserIds"] == ["staff7"]
        assert "19900001111" not in body

    def test_a_guest_is_spoken_to_and_no_id_of_theirs_is_shown(self) -> None:
        value = json.loads(said(order(person_id="$:LWCP_v1:$x,staff7")).body())
        assert value["at"]["atDingtalkIds"] == ["$:LWCP_v1:$x"]
        assert value["text"]["content"] == "@staff7 已安排维修"

    @pytest.mark.parametrize(("robot", "token"), [("wrong", "t0ken"), ("SEC1", "wrong")])
    async def test_wrong_secrets_are_a_fault_of_the_link_and_nothing_was_said(
        self, robot: str, token: str
    ) -> None:
        there, speaker, _ = pair(robot, token)
        with pytest.raises(LinkError) as fault:
            await speaker.send(order())
        assert (fault.value.kind, fault.value.arrived) == ("rights", False)
        assert "SEC" not in str(fault.value)
        assert there.seen() == []

    async def test_what_the_group_refuses_is_refused(self) -> None:
        _, robot, _ = pair()
        receipt = await robot.send(order(words=""))
        assert receipt.state == "refused"
        assert "400102" in receipt.words

    @pytest.mark.parametrize(
        ("answer", "kind", "arrived"),
        [
            (httpx.Response(200, json={"errcode": 130101, "errmsg": "fast"}), "busy", False),
            (httpx.Response(200, json={"errcode": -1, "errmsg": "busy"}), "busy", False),
            (httpx.Response(429, headers={"Retry-After": "7"}), "busy", False),
            (httpx.Response(403), "rights", False),
            (httpx.Response(500), "server", True),
            (httpx.Response(200, text="{"), "unreadable", True),
            (httpx.Response(200, json=["no"]), "schema", True),
        ],
    )
    async def test_answers(self, answer: httpx.Response, kind: str, arrived: bool) -> None:
        client = Client(Endpoint("http://it/", auth="none"), httpx.MockTransport(lambda _: answer))
        robot = DingTalk(client, SECRET, Secret(""))
        with pytest.raises(LinkError) as fault:
            await robot.send(order())
        assert (fault.value.kind, fault.value.arrived) == (kind, arrived)


class TestTwentyAMinute:
    async def test_fifty_at_once_all_arrive_in_twenty_messages(self) -> None:
        there, robot, _ = pair()
        words = [f"答复{n:02}号" for n in range(50)]
        receipts = await send_all(robot, *(order(n, one) for n, one in enumerate(words)))
        assert [one.state for one in receipts if isinstance(one, Receipt)] == ["confirmed"] * 50
        seen = there.seen()
        assert len(seen) == A_MINUTE
        assert all(sum(one in text for text in seen) == 1 for one in words)

    async def test_what_does_not_fit_waits_and_was_not_sent(self) -> None:
        there, robot, clock = pair()
        await send_all(robot, *(order(n) for n in range(A_MINUTE)))
        clock.now = 59.0
        (fault,) = await send_all(robot, order(99, "再说一句"))
        assert isinstance(fault, LinkError)
        assert (fault.kind, fault.arrived) == ("resting", False)
        clock.now += fault.wait_s or 0.0
        assert (await robot.send(order(99, "再说一句"))).state == "confirmed"
        assert there.seen()[-1] == "再说一句"

    @given(bursts=st.lists(st.tuples(st.integers(1, 30), st.floats(0, 40)), max_size=8))
    def test_never_more_than_twenty_in_any_minute(self, bursts: list[tuple[int, float]]) -> None:
        asyncio.run(self._bursts(bursts))

    async def _bursts(self, bursts: list[tuple[int, float]]) -> None:
        there, robot, clock = pair()
        number, waiting = 0, list[Order]()
        for many, pause in [*bursts, (0, 60.5), (0, 60.5)]:
            waiting += [order(number + n, f"第{number + n:04}句") for n in range(many)]
            number += many
            answers = await send_all(robot, *waiting)
            for one in answers:
                assert isinstance(one, Receipt | LinkError)
                assert isinstance(one, Receipt) or one.kind == "resting"
            kept = zip(waiting, answers, strict=True)
            waiting = [one for one, answer in kept if not isinstance(answer, Receipt)]
            clock.now += pause
        assert waiting == []
        seen = there.seen()
        assert all(sum(f"第{n:04}句" in text for text in seen) == 1 for n in range(number))

    def test_a_message_of_many_names_everybody(self) -> None:
        one = together([Said("甲", ("a",)), Said("乙", ("b",)), Said("丙", ("a",))])
        assert one.to == ("a", "b")
        assert all(word in one.words for word in "甲乙丙")


class TestCallback:
    def test_signed_and_fresh(self) -> None:
        at = str(NOW)
        assert turned_away(SECRET, at, sign(SECRET, at), NOW + SKEW_MS) == ""

    @pytest.mark.parametrize(
        ("at", "signature", "now", "why"),
        [
            (str(NOW), "x", NOW, "forged"),
            (str(NOW), "", NOW, "forged"),
            (str(NOW), sign(Secret("other"), str(NOW)), NOW, "forged"),
            (str(NOW + 1), sign(SECRET, str(NOW)), NOW, "forged"),
            ("soon", sign(SECRET, "soon"), NOW, "forged"),
            ("¹²", sign(SECRET, "¹²"), NOW, "forged"),
            (str(NOW), sign(SECRET, str(NOW)), NOW + SKEW_MS + 1, "stale"),
            (str(NOW), sign(SECRET, str(NOW)), NOW - SKEW_MS - 1, "stale"),
            ("9" * 400, sign(SECRET, "9" * 400), NOW, "stale"),
        ],
    )
    def test_turned_away(self, at: str, signature: str, now: int, why: str) -> None:
        assert turned_away(SECRET, at, signature, now) == why

    def test_without_a_secret_nobody_is_believed(self) -> None:
        nobody = Secret("")
        assert turned_away(nobody, str(NOW), sign(nobody, str(NOW)), NOW) == "forged"

    @given(signature=st.text(max_size=60))
    def test_no_other_signature_fits(self, signature: str) -> None:
        fits = signature == sign(SECRET, str(NOW))
        assert (turned_away(SECRET, str(NOW), signature, NOW) == "") == fits

    @pytest.mark.parametrize(
        ("text", "photos"), [("消防栓坏了", ()), ("消防栓坏了", ("p1", "p2")), ("[图片]", ("p1",))]
    )
    def test_what_a_resident_says_is_what_is_read(self, text: str, photos: tuple[str, ...]) -> None:
        facts = {"sender": "staff1", "group": "北干平安群"}
        report = Report("dingtalk", "m1", text, NOW, caller="金某", photos=photos, facts=facts)
        assert read(json.dumps(simulated.said(report)).encode()) == report
        assert group.PICTURE == dingtalk_callback.PICTURE

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"[" * 100_000,
            b'{"msgtype": "text"}',
            b'{"msgId": "", "msgtype": "text"}',
            b'{"msgId": "m", "msgtype": "text", "text": {"content": "  "}}',
            b'{"msgId": "m", "msgtype": "text", "text": "words"}',
            b'{"msgId": "m", "msgtype": "picture", "content": {}}',
            b'{"msgId": "m", "msgtype": "richText", "content": {"richText": [1, {"text": 2}]}}',
            b'{"msgId": "m", "msgtype": "file", "content": {}}',
            b"\xff\xfe",
        ],
    )
    def test_what_cannot_be_read_says_why(self, body: bytes) -> None:
        with pytest.raises(ValueError, match=r"."):
            read(body)

    @given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
    def test_any_bytes_are_read_or_refused(self, body: bytes) -> None:
        why = ""
        try:
            why = read(body).source_id
        except ValueError as error:
            why = str(error)
        assert why
