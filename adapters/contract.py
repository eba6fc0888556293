"""Our own contract: what a system that follows no public standard is asked to speak.

It is small. ``GET /v1/<feed>?cursor=&limit=`` gives ``{items, next_cursor, more}``;
``POST /v1/<resource>/{id}/events`` with an ``Idempotency-Key`` tells the system that
something was done or is to be done; ``GET /v1/orders/{key}`` says what became of it;
``GET /v1/photos/{name}`` gives a picture. A system's module declares its models, its
mapping to `Report` and its mapping from `Order`, and is otherwise finished: client,
simulator and OpenAPI description are all made from that one declaration.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from adapters.http import Client, header_key
from adapters.port import LinkError, Order, Page, Photo, Receipt, Report, Unread

LIMIT = 100
"""Items of a page that are asked for."""

MOST = 1_000
"""Items of a page that are looked at; what comes beyond is asked for again."""

LONGEST_RAW = 10_000
"""Characters of an item that nobody could read that are kept."""

MAX_PHOTO = 8 * 1024 * 1024
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


class Wire(BaseModel):
    """Base of everything that crosses the wire: unknown fields are let through."""

    model_config = ConfigDict(extra="ignore", str_max_length=20_000, frozen=True)


class Item(Wire):
    """What every item of a feed says."""

    id: str = Field(min_length=1, description="The system's own number, for ever the same.")
    at: AwareDatetime = Field(description="When it happened.")
    refers: str = Field("", description="The number of the incident, or the id, it continues.")
    event: str = Field("", description="What happened to what it refers to.")
    text: str = Field("", description="In words.")
    photos: list[str] = Field(default_factory=list, max_length=20)


class Event(Wire):
    """What every event that is posted says."""

    action: str
    incident: str = Field(description="The center's number of the incident.")
    at: AwareDatetime
    seat: str = ""
    words: str = ""
    outcome: str = ""


class EventAnswer(Wire):
    """The answer to an event."""

    state: Literal["confirmed", "refused"]
    reference: str = ""
    words: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    outcome: str = ""


class Envelope(Wire):
    """A page as it comes; each item is read by itself."""

    items: list[Any]
    next_cursor: str
    more: bool = False


M = TypeVar("M", bound=Item)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Feed(Generic[M]):
    """A feed: its name in the path, its items, and what they mean to us.

    `item` is the way back, by which a simulator says what a scenario wants said.
    """

    name: str
    model: type[M]
    report: Callable[[M], Report]
    item: Callable[[Report], M]


@dataclass(frozen=True, slots=True)
class Action(Generic[E]):
    """An action that the system takes: which resource, which model, how it is filled."""

    action: str
    resource: str
    model: type[E]
    body: Callable[[Order], E]


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything about a system that speaks our contract."""

    system: str
    title: str
    feeds: tuple[Feed[Any], ...] = ()
    actions: tuple[Action[Any], ...] = ()
    ndjson: bool = False
    """Pages are lines of JSON: the items, and at the end ``{"next_cursor", "more"}``."""
    source: str = ""
    """Where what it does is described."""
    by_action: Mapping[str, Action[Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_action", {one.action: one for one in self.actions})


class ContractAdapter:
    """A system that speaks our contract.

    Args:
        contract: its declaration.
        client: the way there.
    """

    keyed = True

    def __init__(self, contract: Contract, client: Client) -> None:
        self.contract = contract
        self.system = contract.system
        self.feeds = bool(contract.feeds)
        self._client = client

    async def feed(self, cursor: str) -> Page:
        """One page of each of its feeds; the cursor holds a place in each."""
        places = _places(cursor)
        reports: list[Report] = []
        unread: list[Unread] = []
        more, fault = False, None
        for feed in self.contract.feeds:
            before = places.get(feed.name, "")
            try:
                page = await self._page(feed, before)
            except LinkError as error:
                fault = fault or error
                continue
            for raw in page.items[:MOST]:
                one = _read(feed, raw, self.system)
                if isinstance(one, Report):
                    reports.append(one)
                else:
                    unread.append(one)
            places[feed.name] = page.next_cursor
            # A page that leads nowhere is not asked for again at once.
            more = more or (page.more and page.next_cursor != before and bool(page.items))
        if fault is not None and not reports and not unread:
            raise fault
        return Page(reports, json.dumps(places, sort_keys=True), more, unread, fault)

    async def _page(self, feed: Feed[Any], cursor: str) -> Envelope:
        accept = "application/x-ndjson" if self.contract.ndjson else "application/json"
        answer = await self._client.get(
            f"v1/{feed.name}", accept=accept, cursor=cursor, limit=str(LIMIT)
        )
        if answer.status != 200:
            raise LinkError("missing" if answer.status == 404 else "schema", str(answer.status))
        try:
            value = _lines(answer.body) if self.contract.ndjson else answer.json()
            return Envelope.model_validate(value)
        except ValidationError as error:
            raise LinkError("schema", _why(error)) from error

    async def send(self, order: Order) -> Receipt:
        """Post the event of an order; see `adapters.port.Adapter`."""
        action = self.contract.by_action.get(order.action)
        if action is None:
            return Receipt(order.key, "refused", order.action)
        about = str(order.body.get("their_id") or order.incident)
        path = f"v1/{action.resource}/{quote(about, safe='')}/events"
        body = action.body(order).model_dump_json().encode()
        answer = await self._client.post(path, body, key=order.key)
        return self._receipt(order, answer.status, answer.json)

    async def ask(self, order: Order) -> Receipt | None:
        """What became of an order; None when the system has never seen it."""
        answer = await self._client.get(f"v1/orders/{quote(header_key(order.key), safe='')}")
        if answer.status == 404:
            return None
        return self._receipt(order, answer.status, answer.json)

    def _receipt(self, order: Order, status: int, read: Callable[[], Any]) -> Receipt:
        if status in (400, 404, 409, 422):
            return Receipt(order.key, "refused", _error_words(read, status))
        if status not in (200, 201, 202):
            raise LinkError("schema", str(status))
        try:
            said = EventAnswer.model_validate(read())
        except ValidationError as error:
            raise LinkError("schema", _why(error)) from error
        return Receipt(order.key, said.state, said.words, said.reference, said.facts, said.outcome)

    async def fetch(self, photo: str) -> Photo:
        """A picture by its name."""
        answer = await self._client.get(f"v1/photos/{quote(photo, safe='')}", accept="image/*")
        if answer.status != 200:
            raise LinkError("missing", str(answer.status))
        return checked_photo(answer.body, answer.type)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()


def checked_photo(data: bytes, media: str) -> Photo:
    """A picture whose first bytes are what its type says.

    Raises:
        LinkError: it is too large or no picture.
    """
    if len(data) > MAX_PHOTO:
        raise LinkError("too_large", f"{len(data)} B")
    if media not in PHOTO_TYPES or _type_of(data) != media:
        raise LinkError("unreadable", f"{media or '?'}, {len(data)} B")
    return Photo(data, media)


def _type_of(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if data[:6] in (b"GIF87a", b"GIF89a") else ""


def millis(at: datetime) -> int:
    """A moment as ms since the epoch, UTC."""
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000)


def moment(ms: int | float | str | None) -> datetime:
    """The way back; a moment that there is not becomes the epoch."""
    return datetime.fromtimestamp(float(ms or 0) / 1_000, UTC)


def basics(order: Order) -> dict[str, Any]:
    """What every event of an order says."""
    body = order.body
    return {
        "action": order.action,
        "incident": order.incident,
        "at": moment(body.get("at")),
        "seat": str(body.get("seat") or ""),
        "words": str(body.get("words") or ""),
        "outcome": str(body.get("outcome") or ""),
    }


def _error_words(read: Callable[[], Any], status: int) -> str:
    """What a refusal says."""
    try:
        value = read()
    except LinkError:
        return str(status)
    words = value.get("error") or value.get("words") if isinstance(value, dict) else None
    return f"{status}: {words}"[:400] if words else str(status)


def _places(cursor: str) -> dict[str, str]:
    try:
        value = json.loads(cursor) if cursor else {}
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {str(name): str(place) for name, place in value.items()}


def _read(feed: Feed[Any], raw: object, system: str) -> Report | Unread:
    try:
        report = feed.report(feed.model.model_validate(raw))
    except ValidationError as error:
        return Unread(_text(raw), _why(error))
    except (ValueError, OverflowError) as error:
        return Unread(_text(raw), str(error)[:200])
    assert report.source == system
    return report


def _text(raw: object) -> str:
    return json.dumps(raw, ensure_ascii=False, default=str)[:LONGEST_RAW]


def _lines(body: bytes) -> dict[str, object]:
    items: list[object] = []
    try:
        for line in body.splitlines():
            if line.strip():
                items.append(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise LinkError("unreadable", f"{len(body)} B") from error
    end = items.pop() if items else {}
    return {**(end if isinstance(end, dict) else {}), "items": items}


def _why(error: ValidationError) -> str:
    """The first thing that is wrong, and where."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:200]
