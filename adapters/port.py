"""The port: what goes in, what goes out, what comes back.

Three wire-neutral values and the protocol of an adapter, with nothing but the
standard library, so that every room above may use them.
Times are milliseconds since the Unix epoch, UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


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
    """

    key: str
    state: str
    words: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a feed and the cursor behind it."""

    reports: Sequence[Report]
    cursor: str
    more: bool = False


class Adapter(Protocol):
    """One system, reached over whatever wire it speaks."""

    system: str

    async def feed(self, cursor: str) -> Page:
        """The reports after `cursor` ("" from the beginning)."""
        ...

    async def send(self, order: Order) -> Receipt:
        """Hand over an order; the same `key` twice does the thing once."""
        ...
