"""Who stands at the door: bounds of connections and of time, before any request is heard.

Whoever connects and says nothing, says it slowly or does not listen to the answer holds a place
only until somebody else wants it, and never for long. A request that gives two lengths means
something else to every proxy on its way, so it is refused and the connection closed.

Imported with a server (extra ``gateway``).
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import defaultdict
from typing import Any, ClassVar

import h11
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

MOST, MOST_OF_ONE = 512, 32
"""Connections at a time: of everybody, and of one address."""

AT_ONCE = 64
"""Requests that are answered at the same time."""

HEAD_S = 5.0
"""How long the head of a request may take to arrive."""

WHOLE_S = 30.0
"""How long a request may take, its body, our answer and the listening to it included."""


class Guests:
    """The connections that stand open, by where they come from, the oldest first."""

    def __init__(self) -> None:
        self._from: defaultdict[str, dict[Guest, None]] = defaultdict(dict)
        self._all: dict[Guest, None] = {}

    def enter(self, one: Guest) -> bool:
        """Whether there is room for one more; who is idle longest gives way."""
        neighbours = self._from[one.home]
        for there, most in ((neighbours, MOST_OF_ONE), (self._all, MOST)):
            if len(there) < most:
                continue
            idle = next((other for other in there if not other.busy), None)
            if idle is None:
                self.leave(one)
                return False
            self.leave(idle)
            idle.send_off()
        self._from[one.home][one] = self._all[one] = None
        return True

    def leave(self, one: Guest) -> None:
        """Somebody has gone."""
        self._all.pop(one, None)
        self._from[one.home].pop(one, None)
        if not self._from[one.home]:
            del self._from[one.home]


class Guest(H11Protocol):
    """One connection of a door (`at_a_door`)."""

    guests: ClassVar[Guests]
    """Everybody who is there."""

    home = ""
    """The address it comes from; of IPv6 the network, of which one machine has all addresses."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._timed: object = None
        self.conn = _OneLength(h11.SERVER)

    @property
    def busy(self) -> bool:
        """Whether a request of it is being answered."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come."""
        super().connection_made(transport)
        self.home = _network(self.client[0] if self.client else "")
        if self.guests.enter(self):
            self._watch()
        else:
            self.send_off()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self.guests.leave(self)
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """It says something."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """It has its answer."""
        super().on_response_complete()
        self._watch()

    def send_off(self) -> None:
        """Close the connection, whatever was begun on it."""
        self.transport.abort()

    def _watch(self) -> None:
        """Give what has begun its time: a request, or the head of the next one."""
        now = self.cycle if self.busy else None
        if self._timer is not None:
            if now is self._timed:
                return
            self._timer.cancel()
        self._timed = now
        seconds = HEAD_S if now is None else WHOLE_S
        self._timer = self.loop.call_later(seconds, self.send_off)


class _OneLength(h11.Connection):
    """A connection on which no request has two lengths (RFC 9112, 6.3)."""

    def next_event(self) -> Any:
        """What was said.

        Raises:
            h11.RemoteProtocolError: it is no request that means the same to everybody.
        """
        event = super().next_event()
        if isinstance(event, h11.Request):
            names = {name for name, _ in event.headers}
            if {b"content-length", b"transfer-encoding"} <= names:
                raise h11.RemoteProtocolError("two lengths")
        return event


class Bounded:
    """An app that answers so many requests at the same time; the others are told to come again.

    Args:
        app: the app.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI app."""
        if self._now >= AT_ONCE:
            busy = JSONResponse({"error": "not now"}, 503, {"Retry-After": "5"})
            await busy(scope, receive, send)
            return
        self._now += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._now -= 1


def at_a_door() -> type[Guest]:
    """What uvicorn makes of each connection of one door."""
    return type("GuestAtADoor", (Guest,), {"guests": Guests()})


def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
