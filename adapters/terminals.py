"""Smart terminals of estates and firms: alarms and heartbeats in, commands out, over MQTT.

No public interface of these terminals is published; the topics and their JSON are our own:

- ``terminals/alarm/<terminal>``: `AlarmMessage`, once for each alarm.
- ``terminals/heartbeat/<terminal>``: `HeartbeatMessage`, as often as the terminal likes.
- ``terminals/command/<terminal>``: `CommandMessage`, what we ask of it.
- ``terminals/ack/<terminal>``: `AckMessage`, that it has done what was asked.

A broker's acknowledgement says that the broker has a command, not that the terminal has
done it: only the terminal's own answer makes it so. MQTT can neither be asked again nor
does it know a command by its key; without an answer in time a command is unknown.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from adapters.mqtt import BrokerWire, Letter, Wire
from adapters.port import (
    Apart,
    BareAdapter,
    Heard,
    LinkError,
    Order,
    Page,
    Receipt,
    Report,
    Unread,
)

if TYPE_CHECKING:
    from adapters.http import Endpoint

SYSTEM = "terminals"
ROOT = "terminals"

ACTIONS = frozenset({"acknowledge", "silence"})

AT_ONCE = 200
"""Letters of one page."""

LONGEST_ID = 100
LONGEST_RAW = 10_000

_KIND = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)


class Message(BaseModel):
    """Base of every message: unknown fields are let through."""

    model_config = ConfigDict(extra="ignore", str_max_length=20_000, frozen=True)


class AlarmMessage(Message):
    """An alarm; with ``clear`` the terminal says that it is over."""

    id: str = Field(min_length=1, description="The terminal's own number of the alarm.")
    kind: str = Field(description="smoke, heat, gas, door, lift, water, panic")
    at: AwareDatetime | None = None
    state: Literal["alarm", "clear", "test"] = "alarm"
    text: str = ""
    value: float | str = ""
    place: str = ""
    town: str = ""
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)


class HeartbeatMessage(Message):
    """A sign of life."""

    kind: str = ""
    place: str = ""
    town: str = ""


class CommandMessage(Message):
    """What a terminal is asked to do."""

    key: str
    action: str
    incident: str
    at: int = Field(description="When, ms since the epoch.")


class AckMessage(Message):
    """What a terminal did with a command."""

    key: str = Field(min_length=1)
    state: Literal["confirmed", "refused"] = "confirmed"
    words: str = ""


def connect(endpoint: Endpoint, transport: Wire | None = None) -> TerminalsAdapter:
    """The adapter; over the broker at the endpoint unless another wire is given."""
    topics = [f"{ROOT}/{kind}/+" for kind in ("alarm", "heartbeat", "ack")]
    wire = transport if transport is not None else BrokerWire(endpoint, topics)
    return TerminalsAdapter(wire, endpoint.read_s)


class TerminalsAdapter(BareAdapter):
    """All terminals of the district behind one broker.

    A cursor names a page; that it comes back says that the page is in the store, and only
    then are its letters acknowledged.

    Args:
        wire: the way to the broker.
        answer_s: how long a terminal may take to answer a command, in seconds.
    """

    system = SYSTEM
    feeds = True
    keyed = False

    def __init__(self, wire: Wire, answer_s: float = 15.0) -> None:
        self._wire = wire
        wire.heard = self._heard
        self._answer_s = answer_s
        self._name = secrets.token_hex(4)
        self._pages = 0
        self._given: tuple[str, Sequence[Letter]] | None = None
        self._waiting: dict[str, asyncio.Future[Receipt]] = {}

    async def feed(self, cursor: str) -> Page:
        """The letters that are not in the store yet."""
        if self._given is not None and self._given[0] == cursor:
            self._wire.done(self._given[1])
        self._given = None
        letters = tuple(await self._wire.letters())[:AT_ONCE]
        if not letters:
            return Page((), cursor)
        self._pages += 1
        here = f"{self._name}:{self._pages}"
        self._given = here, letters
        return _page(letters, here)

    async def send(self, order: Order) -> Receipt:
        """Ask the terminal that raised the incident; see the head of this module."""
        terminal = str(order.body.get("their_id") or "").partition("/")[0]
        if order.action not in ACTIONS or not is_name(terminal):
            return Receipt(order.key, "refused", f"{order.action} {terminal}".strip())
        command = CommandMessage(
            key=order.key,
            action=order.action,
            incident=order.incident,
            at=int(order.body.get("at") or 0),
        )
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting[f"{terminal}/{order.key}"] = answer
        try:
            await self._wire.publish(
                f"{ROOT}/command/{terminal}", command.model_dump_json().encode()
            )
            async with asyncio.timeout(self._answer_s):
                return await answer
        except TimeoutError:
            return Receipt(order.key, "unknown", reference=terminal)
        finally:
            self._waiting.pop(f"{terminal}/{order.key}", None)

    def _heard(self, letter: Letter) -> None:
        """An answer that somebody waits for; it stays in the box for the feed, too."""
        kind, terminal = _address(letter.topic)
        if kind != "ack" or not self._waiting:
            return
        read = _ack(letter, terminal)
        if isinstance(read, Receipt):
            waiting = self._waiting.get(f"{terminal}/{read.key}")
            if waiting is not None and not waiting.done():
                waiting.set_result(read)

    async def close(self) -> None:
        """Let go of the connection; the broker keeps what comes."""
        await self._wire.close()


def is_name(terminal: str) -> bool:
    """Whether a terminal's id may stand in a topic (MQTT 3.1.1, 4.7: no wildcard, no level)."""
    return (
        0 < len(terminal) <= LONGEST_ID
        and terminal.isprintable()
        and not set(terminal) & set("+#/")
    )


def _page(letters: Sequence[Letter], cursor: str) -> Page:
    reports: list[Report] = []
    unread: list[Unread] = []
    apart: list[Apart] = []
    heard: dict[str, Heard] = {}
    receipts: list[Receipt] = []
    for letter in letters:
        kind, terminal = _address(letter.topic)
        read = _read(kind, terminal, letter)
        match read:
            case Report():
                reports.append(read)
                # Whoever cries out is alive.
                heard[terminal] = Heard(terminal, read.category, read.place, read.town)
            case Heard():
                heard[terminal] = read
            case Receipt():
                receipts.append(read)
            case Apart():
                apart.append(read)
            case Unread():
                unread.append(read)
    return Page(
        reports,
        cursor,
        True,
        unread,
        apart=apart,
        heard=tuple(heard.values()),
        receipts=receipts,
    )


def _read(kind: str, terminal: str, letter: Letter) -> Report | Heard | Receipt | Apart | Unread:
    if not is_name(terminal):
        return _unread(letter, "topic")
    if kind == "alarm":
        return _alarm(letter, terminal)
    if kind == "ack":
        return _ack(letter, terminal)
    try:
        beat = HeartbeatMessage.model_validate_json(letter.payload or b"{}")
    except ValidationError as error:
        return _unread(letter, _why(error))
    return Heard(terminal, _category(beat.kind), beat.place, beat.town)


def _alarm(letter: Letter, terminal: str) -> Report | Apart | Unread:
    try:
        said = AlarmMessage.model_validate_json(letter.payload)
    except ValidationError as error:
        return _unread(letter, _why(error))
    name = f"{terminal}/{said.id}"
    if said.state == "test":
        return Apart(
            name, "test", said.text or said.kind, letter.payload.decode("utf-8", "replace")
        )
    facts = {"terminal": terminal}
    if said.value != "":
        facts["value"] = str(said.value)
    over = said.state == "clear"
    return Report(
        SYSTEM,
        f"{name}/clear" if over else name,
        said.text or said.kind,
        round(said.at.timestamp() * 1_000) if said.at is not None else None,
        category=_category(said.kind),
        place=said.place,
        town=said.town,
        lat=said.lat,
        lon=said.lon,
        facts=facts,
        refers=name if over else "",
        event="cleared" if over else "",
    )


def _ack(letter: Letter, terminal: str) -> Receipt | Unread:
    try:
        said = AckMessage.model_validate_json(letter.payload)
    except ValidationError as error:
        return _unread(letter, _why(error))
    return Receipt(said.key, said.state, said.words, terminal)


def _category(kind: str) -> str:
    return f"terminal.{kind}" if _KIND.fullmatch(kind) else "terminal"


def _address(topic: str) -> tuple[str, str]:
    """What kind of letter lies in a topic, and whose."""
    parts = topic.split("/")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == ROOT else ("", "")


def _unread(letter: Letter, reason: str) -> Unread:
    text = letter.payload[: LONGEST_RAW * 4].decode("utf-8", "replace")[:LONGEST_RAW]
    return Unread(f"{letter.topic[:300]} {text}", reason)


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".strip(": ")[:200]


__all__ = [
    "AckMessage",
    "AlarmMessage",
    "CommandMessage",
    "HeartbeatMessage",
    "LinkError",
    "TerminalsAdapter",
    "connect",
    "is_name",
]
