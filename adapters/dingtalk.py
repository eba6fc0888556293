"""The group's robot (钉管用), as DingTalk's custom robots speak: a signed webhook.

The secret signs ``timestamp + "\\n" + secret`` (HMAC-SHA256, base64); a robot may speak 20
times a minute. More than that waits in the outbox, and when several wait the last place
of the minute carries many of them in one message: nothing is dropped. The webhook knows
neither key nor look-up, so an order whose answer was lost is for a person to decide.

Mentions go by the sender's own id in the group (or mobile, where that is the id), never
by a phone number of the record: the group is public.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from adapters.port import BareAdapter, LinkError, Order, Photo, Receipt
from adapters.secret import Secret

if TYPE_CHECKING:
    import httpx

    from adapters.http import Answer, Client, Endpoint

SYSTEM = "dingtalk"
APP, TOKEN = "app", "token"
"""Its other secrets: what callbacks are signed with, and the webhook's access token."""

PATH = "robot/send"
FILES = "robot/messageFiles/download"
A_MINUTE = 20
"""Messages of one robot in a minute (DingTalk's limit)."""
MINUTE_S = 60.0
MOST_BYTES = 15_000
"""Of one message's text; DingTalk takes 20,000 of all."""

TOO_FAST = frozenset({130101, 410100})
SYSTEM_BUSY = frozenset({-1, -2})
NO_RIGHTS = frozenset({300001, 300005, 310000})
"""Codes of answers: asked too often; its own trouble; token, signature or time not right."""

_SURE = frozenset({"rights", "busy", "redirect", "missing"})
"""Answers of HTTP after which nothing was said in the group."""

MEMBER = "$:"
"""How the id of a member begins who is not of the firm: told to DingTalk, shown to nobody."""

_MOBILE = re.compile(r"1\d{10}")
_MARKS = str.maketrans({"[": "［", "]": "］", "!": "！", "`": "'", "#": "＃", "<": "＜"})
"""What would make a link, a picture or a heading of somebody's words."""


def sign(secret: Secret, timestamp: str) -> str:
    """The signature of a moment, base64 and not URL-encoded.

    Args:
        secret: of the robot, or of the app for callbacks.
        timestamp: ms since the epoch, as it is sent.
    """
    word = secret.reveal()
    digest = hmac.new(word.encode(), f"{timestamp}\n{word}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said in the group: words, and the ids of who is spoken to."""

    words: str
    to: tuple[str, ...] = ()
    title: str = ""
    """Of a notice; "" for a reply."""

    def body(self) -> bytes:
        """The message as the webhook takes it."""
        mobiles = [one for one in self.to if _MOBILE.fullmatch(one)]
        members = [one for one in self.to if one.startswith(MEMBER)]
        users = [one for one in self.to if one not in mobiles and one not in members]
        names = "".join(f"@{one} " for one in self.to if one not in members)
        at: dict[str, object] = {"atMobiles": mobiles, "atUserIds": users, "isAtAll": False}
        if members:
            at["atDingtalkIds"] = members
        message: dict[str, object]
        if self.title:
            words = f"### {self.title}\n{self.words.translate(_MARKS)}\n{names}".rstrip()
            message = {"msgtype": "markdown", "markdown": {"title": self.title, "text": words}}
        else:
            message = {"msgtype": "text", "text": {"content": f"{names}{self.words}"}}
        return json.dumps({**message, "at": at}, ensure_ascii=False).encode()


def said(order: Order) -> Said:
    """What an order says in the group."""

    def given(name: str) -> str:
        return str(order.body.get(name) or "").strip()

    words = given("words")
    if not words and given("their_id"):
        words = f"您反映的事项(编号 {order.incident})值班人员已处理。"
    words = words or given("text")
    to = tuple(one for one in given("person_id").split(",") if one)
    title = "平安创建通知" if order.action == "notice" else ""
    return Said(_cut(words), to, title)


def together(some: Sequence[Said]) -> Said:
    """Several messages as one."""
    to = tuple(dict.fromkeys(one for each in some for one in each.to))
    parts = [
        " ".join((*(f"@{one}" for one in each.to if not one.startswith(MEMBER)), each.words))
        for each in some
    ]
    return Said("\n\n".join(f"- {part}" for part in parts), to, "值班室回复")


def _cut(words: str) -> str:
    data = words.encode()
    return (
        words if len(data) <= MOST_BYTES // 3 else data[: MOST_BYTES // 3].decode(errors="ignore")
    )


class DingTalk(BareAdapter):
    """The robot of one group.

    Args:
        client: how it is reached.
        secret: of the robot; an empty one signs nothing.
        token: of the webhook; an empty one is part of the URL, or not asked for.
        ticks: a clock that only goes forward, in seconds; for the limit.
    """

    system = SYSTEM
    feeds = False
    keyed = False

    def __init__(
        self,
        client: Client,
        secret: Secret,
        token: Secret,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._secret, self._token, self._ticks = client, secret, token, ticks
        self._sent: deque[float] = deque()
        self._waiting: list[tuple[Order, asyncio.Future[Receipt]]] = []
        self._sending: asyncio.Task[None] | None = None

    async def send(self, order: Order) -> Receipt:
        """Say something in the group, alone or with whatever else waits for the limit."""
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((order, answer))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.ensure_future(self._send_all())
        return await answer

    async def fetch(self, photo: str) -> Photo:
        """A picture of a resident, by its download code.

        DingTalk answers with an address. Only one below the robot's own is asked: the
        center's relay in front of DingTalk gives such, and none leads us elsewhere.
        """
        body = json.dumps({"downloadCode": photo}).encode()
        query = {"access_token": self._token.reveal()} if self._token else {}
        answer = await self._client.post(FILES, body, query=query)
        value = answer.json() if answer.status == 200 else None
        where = value.get("downloadUrl") if isinstance(value, dict) else None
        if not isinstance(where, str) or not where:
            raise LinkError("missing", f"{answer.status} {photo[:60]}")
        if ":" in where or where.startswith("/") or ".." in where:
            raise LinkError("redirect", where[:80])
        found = await self._client.get(where, accept="image/*", **query)
        if found.status != 200:
            raise LinkError("missing", f"{found.status} {photo[:60]}")
        from adapters.contract import checked_photo

        return checked_photo(found.body, found.type)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.close()

    async def _send_all(self) -> None:
        """Send what waits; the limit's last place takes as much as fits."""
        while self._waiting:
            free = self._free()
            if not free:
                wait = MINUTE_S - (self._ticks() - self._sent[0])
                rest, self._waiting = self._waiting, []
                for _, answer in rest:
                    if not answer.done():
                        why = f"{A_MINUTE}/min"
                        answer.set_exception(
                            LinkError("resting", why, arrived=False, wait_s=max(0.1, wait))
                        )
                return
            some = 1 if free > 1 or len(self._waiting) == 1 else self._fit()
            batch, self._waiting = self._waiting[:some], self._waiting[some:]
            await self._say(batch)

    def _free(self) -> int:
        now = self._ticks()
        while self._sent and now - self._sent[0] >= MINUTE_S:
            self._sent.popleft()
        return A_MINUTE - len(self._sent)

    def _fit(self) -> int:
        """How many of those that wait go into one message."""
        for n in range(2, len(self._waiting) + 1):
            if len(together([said(one) for one, _ in self._waiting[:n]]).body()) > MOST_BYTES:
                return n - 1
        return len(self._waiting)

    async def _say(self, batch: Sequence[tuple[Order, asyncio.Future[Receipt]]]) -> None:
        """Send one message and answer everybody whose words are in it."""
        what = [said(order) for order, _ in batch]
        try:
            state, words = await self._post(what[0] if len(what) == 1 else together(what))
        except LinkError as fault:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(fault)
            return
        for order, answer in batch:
            if not answer.done():
                answer.set_result(Receipt(order.key, state, words))

    async def _post(self, what: Said) -> tuple[str, str]:
        at = str(time.time_ns() // 1_000_000)
        query: dict[str, str] = {}
        if self._token:
            query["access_token"] = self._token.reveal()
        if self._secret:
            query |= {"timestamp": at, "sign": sign(self._secret, at)}
        self._sent.append(self._ticks())
        try:
            answer = await self._client.post(PATH, what.body(), query=query)
        except LinkError as fault:
            fault.arrived = fault.arrived and fault.kind not in _SURE
            if fault.kind in _SURE or not fault.arrived:
                self._sent.pop()
            raise
        return _judged(answer)


def _judged(answer: Answer) -> tuple[str, str]:
    """What the webhook says: the state of the order and the words.

    Raises:
        LinkError: it was not said, or nobody knows.
    """
    value = answer.json()
    code = value.get("errcode") if isinstance(value, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        raise LinkError("schema", "errcode")
    words = " ".join(str(value.get("errmsg", "")).split())[:200]
    if code == 0:
        return "confirmed", ""
    detail = f"{code} {words}"
    if code in TOO_FAST:
        raise LinkError("busy", detail, arrived=False, wait_s=MINUTE_S)
    if code in SYSTEM_BUSY:
        raise LinkError("busy", detail, arrived=False, wait_s=5.0)
    if code in NO_RIGHTS:
        raise LinkError("rights", detail, arrived=False)
    return "refused", detail


def connect(endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None) -> DingTalk:
    """The adapter of the group; ``endpoint.more`` holds the webhook's access token."""
    from adapters.http import Client

    own = replace(endpoint, auth="none")
    token = endpoint.more.get(TOKEN, Secret(""))
    return DingTalk(Client(own, transport), endpoint.secret, token)
