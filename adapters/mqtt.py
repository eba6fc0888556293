"""An MQTT broker as a letter box: nothing leaves it before it is safe with us.

The session is persistent (MQTT 3.1.1: no clean session; 5: an expiry) and the client's id
always the same, so that the broker keeps what comes while we are away. The library
acknowledges a message (QoS 1) as soon as it has handed it over, which is before anything
is stored; here that is switched off, and a letter is acknowledged by `done`. What was not
acknowledged comes again with the next connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from adapters.breaker import Breaker
from adapters.http import Endpoint
from adapters.port import LinkError

if TYPE_CHECKING:
    import aiomqtt

FIRST_LETTERS_S = 0.3
"""How long what the broker has kept for us may take to arrive after a connection."""

NEXT_LETTERS_S = 0.1
"""How long the next letters may take after some were acknowledged."""

KEEPALIVE_S = 20
KEPT_S = 7 * 86_400
"""How long a broker of MQTT 5 keeps letters for us."""

MOST_AT_ONCE = 100
"""Letters that a broker of MQTT 5 sends before it waits for acknowledgements."""

_RIGHTS = frozenset({4, 5, 134, 135, 138})
"""CONNACK: bad user name or password, not authorised, banned (3.1.1: 3.2.2.3; 5: 3.2.2.2)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message: where it lay, what is in it, and the number under which it is acknowledged."""

    topic: str
    payload: bytes
    number: int
    qos: int = 1


class Wire(Protocol):
    """The way to a broker; a real one, or a stand-in for it in the process."""

    heard: Callable[[Letter], None] | None
    """Told of every letter as soon as it arrives, before anybody takes it."""

    async def letters(self) -> Sequence[Letter]:
        """What has arrived and was not acknowledged, in order.

        Raises:
            LinkError: the broker cannot be reached.
        """
        ...

    def done(self, letters: Sequence[Letter]) -> None:
        """Acknowledge letters: they do not come again."""
        ...

    async def publish(self, topic: str, payload: bytes) -> None:
        """Put a letter into a topic; returns when the broker has it.

        Raises:
            LinkError: it has it not, or nobody knows.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection; the session stays."""
        ...


class BrokerWire:
    """A real broker.

    Args:
        endpoint: ``mqtt://USER@HOST:PORT`` or ``mqtts://``, ``?version=5`` for MQTT 5; its
            secret is the password, its `name` the client's id.
        topics: what to listen to.
        ticks: a clock that only goes forward, seconds.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        topics: Sequence[str],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.heard: Callable[[Letter], None] | None = None
        self._endpoint = endpoint
        self._topics = tuple(topics)
        self._ticks = ticks
        self._breaker = Breaker()
        self._client: aiomqtt.Client | None = None
        self._reader: asyncio.Task[None] | None = None
        self._box: list[Letter] = []
        self._arrival = asyncio.Event()
        self._lock = asyncio.Lock()
        self._acknowledged = False

    async def letters(self) -> Sequence[Letter]:
        """See `Wire`."""
        new = await self._connected()
        await asyncio.sleep(0)  # whoever asks again and again leaves room to hear
        if not self._box and (new or self._acknowledged):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FIRST_LETTERS_S if new else NEXT_LETTERS_S):
                    await self._arrival.wait()
        self._acknowledged = False
        return tuple(self._box)

    def done(self, letters: Sequence[Letter]) -> None:
        """See `Wire`. Letters of an earlier connection come again and are not ours to answer."""
        for letter in letters:
            if any(one is letter for one in self._box):
                self._box = [one for one in self._box if one is not letter]
                if letter.qos and self._client is not None:
                    _paho(self._client).ack(letter.number, letter.qos)
                    self._acknowledged = True
        if not self._box:
            self._arrival.clear()

    async def publish(self, topic: str, payload: bytes) -> None:
        """See `Wire`."""
        import aiomqtt

        await self._connected()
        assert self._client is not None
        try:
            await self._client.publish(topic, payload, qos=1)
        except (aiomqtt.MqttError, ValueError, OSError) as error:
            await self._drop()
            raise LinkError("unreachable", _short(error)) from error

    async def close(self) -> None:
        """See `Wire`."""
        async with self._lock:
            await self._drop()

    async def _connected(self) -> bool:
        """Connect when there is no connection; whether one had to be made."""
        async with self._lock:
            if self._reader is not None and not self._reader.done():
                return False
            await self._drop()
            rest = self._breaker.rests(self._ticks())
            if rest:
                raise LinkError("resting", f"{rest:.0f} s", arrived=False, wait_s=rest)
            try:
                await self._connect()
            except LinkError:
                self._breaker = self._breaker.failed(self._ticks())
                raise
            self._breaker = self._breaker.worked()
            return True

    async def _connect(self) -> None:
        try:
            import aiomqtt
        except ImportError as error:
            raise LinkError("unsupported", "pip install 'zhiban[mqtt]'", arrived=False) from error
        client = _client(self._endpoint)
        try:
            await client.__aenter__()
        except aiomqtt.MqttError as error:
            raise LinkError(_kind(error), _short(error), arrived=False) from error
        self._client = client
        self._reader = asyncio.create_task(self._read(client))
        try:
            for topic in self._topics:
                granted = await client.subscribe(topic, qos=1)
                if any(_number(code) >= 128 for code in granted):
                    await self._drop()
                    raise LinkError("rights", topic, arrived=False)
        except (aiomqtt.MqttError, OSError) as error:
            await self._drop()
            raise LinkError("unreachable", _short(error), arrived=False) from error

    async def _read(self, client: aiomqtt.Client) -> None:
        import aiomqtt

        try:
            async for message in client.messages:
                letter = Letter(str(message.topic), message.payload, message.mid, message.qos)
                self._box.append(letter)
                if self.heard is not None:
                    self.heard(letter)
                self._arrival.set()
        except aiomqtt.MqttError:
            return  # the next look makes a new connection, and says when it cannot

    async def _drop(self) -> None:
        """Forget the connection and what it brought: what is not acknowledged comes again."""
        client, reader = self._client, self._reader
        self._client = self._reader = None
        self._box, self._acknowledged = [], False
        self._arrival.clear()
        if reader is not None:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
        if client is not None:
            import aiomqtt

            with contextlib.suppress(aiomqtt.MqttError, OSError):
                await client.__aexit__(None, None, None)


def _client(endpoint: Endpoint) -> aiomqtt.Client:
    import aiomqtt
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    parts = urlsplit(endpoint.url)
    five = parse_qs(parts.query).get("version", [""])[0] == "5"
    tls = None
    if parts.scheme == "mqtts":
        tls = ssl.create_default_context()
        if endpoint.ca_file is not None:
            tls.load_verify_locations(endpoint.ca_file)
    how: dict[str, Any] = {"clean_session": False, "protocol": aiomqtt.ProtocolVersion.V311}
    if five:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = KEPT_S
        properties.ReceiveMaximum = MOST_AT_ONCE
        how = {
            "clean_start": False,
            "protocol": aiomqtt.ProtocolVersion.V5,
            "properties": properties,
        }
    user = unquote(parts.username) if parts.username else endpoint.name
    client = aiomqtt.Client(
        parts.hostname or "",
        parts.port or (8883 if tls is not None else 1883),
        identifier=endpoint.name,
        username=user if endpoint.secret and endpoint.auth != "none" else None,
        password=endpoint.secret.reveal() or None,
        timeout=endpoint.connect_s,
        keepalive=KEEPALIVE_S,
        tls_context=tls,
        **how,
    )
    _paho(client).manual_ack_set(True)
    return client


def _paho(client: aiomqtt.Client) -> Any:
    """The client below, which alone can leave acknowledging to us."""
    return client._client


def _number(code: Any) -> int:
    """A code of MQTT, which the library gives as a number or as an object with one."""
    return int(getattr(code, "value", code) or 0)


def _kind(error: BaseException) -> str:
    if _number(getattr(error, "rc", 0)) in _RIGHTS:
        return "rights"
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError):
            return "tls"
        below = below.__cause__ or below.__context__
    return "unreachable"


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
