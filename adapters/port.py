"""The port: what goes in, what goes out, what comes back.

Wire-neutral values and the protocol of an adapter, with nothing but the standard
library, so that every room above may use them.
Times are milliseconds since the Unix epoch, UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from adapters.secret import redacted


@dataclass(frozen=True, slots=True)
class Report:
    """One message from one source. Everything in it is foreign text: not yet cleaned.

    `source` and `source_id` together name it for ever: the same pair twice is the
    same report. `occurred` is the source's own time of the call (ms UTC) or None.
    `category` is the source's own category code, or "" when it gives none.
    """

    source: str
    source_id: str
    text: str
    occurred: int | None = None
    category: str = ""
    place: str = ""
    town: str = ""
    lat: float | None = None
    lon: float | None = None
    caller: str = ""
    phone: str = ""
    priority: int | None = None
    fraud_class: str = ""
    amount_at_risk: int | None = None
    """Money in danger, in whole yuan."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else the source says, shown as it is: label -> value."""
    refers: str = ""
    """What it continues: the number of our incident, or the source's id of an earlier
    report of the same source; "" for a matter of its own."""
    event: str = ""
    """What happened to the matter it refers to, as an outcome of the playbook's open step
    (``true``, ``false``, ``met``); other words are shown and move nothing."""
    photos: tuple[str, ...] = ()
    """Names by which the source's adapter fetches pictures, on demand."""


@dataclass(frozen=True, slots=True)
class Order:
    """Something another system is asked to do. `key` is its idempotency key."""

    key: str
    system: str
    action: str
    incident: str
    """The incident's full number, for instance ``XS-20261123-0042``."""
    body: Mapping[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other system said to an order.

    `state` is ``confirmed`` (it has it), ``refused`` (it will not; `words` says
    why) or ``unknown`` (sent, but no answer that can be trusted).
    `facts` is what was found, when the order asked something: label -> value.
    `outcome` is how that ended, when it answers at once what a step waits for.
    """

    key: str
    state: str
    words: str = ""
    reference: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""


FAULTS = (
    "unreachable",
    "slow",
    "tls",
    "rights",
    "busy",
    "server",
    "redirect",
    "too_large",
    "unreadable",
    "schema",
    "missing",
    "resting",
    "unsupported",
    "reader",
    "aside",
)
"""What can be wrong with a link, in one word each: nobody answers, too slowly, no trusted
certificate, our secret is not accepted, asked too often, its own fault, sent elsewhere,
more than we take, no text that can be read, not what was agreed, not there, left alone
after many faults, not something this system does, our own reader has failed, all that
it sent was put aside."""


class LinkError(OSError):
    """A link that did not do its part; only that link is concerned.

    Args:
        kind: one of `FAULTS`.
        detail: what was seen; passwords in it are masked.
        arrived: False when it is sure that nothing reached the other side.
        wait_s: how long the other side wants to be left alone, in seconds.
    """

    def __init__(
        self, kind: str, detail: str = "", *, arrived: bool = True, wait_s: float | None = None
    ) -> None:
        assert kind in FAULTS, kind
        detail = redacted(detail)
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail
        self.arrived = arrived
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Unread:
    """An item of a feed that could not be understood: as it came, and why."""

    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Apart:
    """A message that is kept and raises nothing: an exercise, a test, an answer to nobody.

    `id` is the source's, `reason` one of `APART`, `text` what it says, `raw` as it came.
    """

    id: str
    reason: str
    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A sign of life of a device: its id, its kind of alarm as a category, where it hangs."""

    device: str
    category: str = ""
    place: str = ""
    town: str = ""


APART = ("exercise", "test", "draft", "system", "answer", "expired", "cancels_nothing")
"""Why a message is kept apart, in one word each."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a feed and the cursor behind it."""

    reports: Sequence[Report]
    cursor: str
    more: bool = False
    unread: Sequence[Unread] = ()
    fault: LinkError | None = None
    """What was wrong with a part of the system while another part had something to say."""
    apart: Sequence[Apart] = ()
    """What is kept without raising anything."""
    heard: Sequence[Heard] = ()
    """Devices that have given a sign of life."""
    receipts: Sequence[Receipt] = ()
    """What became of orders, told later than anybody waited; `reference` is who says so, the
    beginning of the id under which the order's incident came from there."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as the source gave it: its bytes and its type (``image/jpeg``)."""

    data: bytes
    type: str


class Adapter(Protocol):
    """One system, reached over whatever wire it speaks.

    Everything may raise `LinkError`, and nothing else.
    """

    @property
    def system(self) -> str:
        """Its id."""
        ...

    @property
    def feeds(self) -> bool:
        """Whether it sends reports; one that does not is only asked."""
        ...

    @property
    def keyed(self) -> bool:
        """Whether the same order twice does the thing once. Where that is not so, an order
        whose answer was lost is for a person to decide."""
        ...

    async def feed(self, cursor: str) -> Page:
        """The reports after `cursor` ("" from the beginning)."""
        ...

    async def send(self, order: Order) -> Receipt:
        """Hand over an order; with `keyed`, the same `key` twice does the thing once."""
        ...

    async def ask(self, order: Order) -> Receipt | None:
        """What became of an order that was sent; None when it has not arrived."""
        ...

    async def fetch(self, photo: str) -> Photo:
        """A picture that a report named."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class BareAdapter:
    """What most adapters have in common: nothing to read, to look up, to show or to close."""

    feeds = False
    keyed = True

    async def feed(self, cursor: str) -> Page:
        """Nothing."""
        return Page((), cursor)

    async def ask(self, order: Order) -> Receipt | None:
        """Not seen: sending it again is safe where orders are `keyed`."""
        return None

    async def fetch(self, photo: str) -> Photo:
        """No pictures here."""
        raise LinkError("unsupported", photo[:80], arrived=False)

    async def close(self) -> None:
        """Nothing to let go of."""
