"""The one HTTP client: every system that speaks HTTP is reached through it.

Time-outs for each part, TLS that is verified, no redirect followed, answers no larger
than agreed, a bearer word or a signature (HMAC-SHA256), a few quick tries with jitter
for what may be tried again, and a circuit breaker. Where the requests go, a socket or
an app in this very process, is the transport's business.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from adapters.breaker import Breaker
from adapters.port import LinkError
from adapters.secret import Secret

MAX_BYTES = 4 * 1024 * 1024
"""Of one answer."""

TRIES = 3
_QUICK = wait_random_exponential(multiplier=0.1, max=1.0)
_AGAIN = frozenset({"unreachable", "slow", "server"})

KEY = "Idempotency-Key"
TIMESTAMP, SIGNATURE = "X-Zhiban-Timestamp", "X-Zhiban-Signature"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a system is and how it is spoken to.

    `auth` is ``bearer``, ``hmac`` or ``none``; times in seconds.
    """

    url: str
    secret: Secret = field(default_factory=lambda: Secret(""))
    auth: str = "bearer"
    connect_s: float = 5.0
    read_s: float = 15.0
    max_bytes: int = MAX_BYTES
    ca_file: str | None = None
    """Certificates to trust besides the system's own."""
    name: str = "zhiban"
    """Who we are to it, where its protocol asks: the sender of a warning, a client's id."""
    format: str = "json"
    """``json`` or ``xml``, where the system speaks both."""
    more: Mapping[str, Secret] = field(default_factory=dict)
    """Further secrets of a system that has several, by what they are for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, media type, headers (lower case) and body."""

    status: int
    type: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            LinkError: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise LinkError("unreadable", f"{self.type}, {len(self.body)} B") from error


def signature(secret: Secret, timestamp: str, method: str, target: str, body: bytes) -> str:
    """HMAC-SHA256, in hex, of everything that a request says.

    Args:
        secret: the key.
        timestamp: ms since the epoch, as it stands in the header.
        method: in capitals.
        target: path and query as sent.
        body: as sent.
    """
    digest = hashlib.sha256(body).hexdigest()
    text = f"{timestamp}\n{method}\n{target}\n{digest}"
    return hmac.new(secret.reveal().encode(), text.encode(), hashlib.sha256).hexdigest()


class Client:
    """The client of one system.

    Args:
        endpoint: where and how.
        transport: how requests travel; None for real sockets.
        now: wall clock, seconds; for signatures.
        ticks: a clock that only goes forward, seconds; for the breaker.
        pause: how to wait between tries.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.endpoint = endpoint
        self._now, self._ticks, self._pause = now, ticks, pause
        self.breaker = Breaker()
        self._http = httpx.AsyncClient(
            base_url=endpoint.url,
            transport=transport,
            verify=_trust(endpoint.ca_file) if transport is None else False,
            timeout=httpx.Timeout(
                endpoint.read_s,
                connect=endpoint.connect_s,
                # A connection is not free sooner than another answer has come, or has not.
                pool=max(endpoint.read_s, endpoint.connect_s),
            ),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "zhiban"},
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def get(self, path: str, accept: str = "application/json", **query: str) -> Answer:
        """Ask for something.

        Raises:
            LinkError: the link did not do its part.
        """
        return await self._tried("GET", path, query, b"", {"Accept": accept})

    async def post(
        self,
        path: str,
        body: bytes,
        key: str = "",
        media: str = "application/json",
        accept: str = "application/json",
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Say something; with a `key` it may be said twice and counts once.

        Raises:
            LinkError: as `get`; without a key it is tried once only.
        """
        headers = {"Content-Type": media, "Accept": accept}
        if key:
            headers[KEY] = header_key(key)
        return await self._tried("POST", path, query or {}, body, headers, again=bool(key))

    async def _tried(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes,
        headers: Mapping[str, str],
        again: bool = True,
    ) -> Answer:
        rest = self.breaker.rests(self._ticks())
        if rest:
            raise LinkError("resting", f"{rest:.0f} s", arrived=False, wait_s=rest)
        retrying = AsyncRetrying(
            stop=stop_after_attempt(TRIES if again else 1),
            wait=_QUICK,
            retry=retry_if_exception(lambda e: isinstance(e, LinkError) and e.kind in _AGAIN),
            sleep=self._pause,
            reraise=True,
        )
        arrived = False
        try:
            async for attempt in retrying:
                with attempt:
                    try:
                        answer = await self._once(method, path, query, body, headers)
                    except LinkError as fault:
                        arrived = arrived or fault.arrived
                        raise
        except LinkError as fault:
            self.breaker = self.breaker.failed(self._ticks(), fault.wait_s)
            fault.arrived = arrived
            raise
        self.breaker = self.breaker.worked()
        return answer

    async def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes,
        headers: Mapping[str, str],
    ) -> Answer:
        request = self._http.build_request(
            method, path, params=dict(query) or None, content=body or None, headers=dict(headers)
        )
        self._sign(request, body)
        try:
            response = await self._http.send(request, stream=True)
            try:
                data = await self._body(response)
            finally:
                await response.aclose()
        except httpx.TimeoutException as error:
            connecting = isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
            raise LinkError(
                "unreachable" if connecting else "slow",
                type(error).__name__,
                arrived=not connecting,
            ) from error
        except httpx.ConnectError as error:
            kind = "tls" if _about_tls(error) else "unreachable"
            raise LinkError(kind, _short(error), arrived=False) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise LinkError("unreachable", type(error).__name__) from error
        return self._judged(response, data)

    async def _body(self, response: httpx.Response) -> bytes:
        parts, size = [], 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > self.endpoint.max_bytes:
                raise LinkError("too_large", f"> {self.endpoint.max_bytes} B")
            parts.append(part)
        return b"".join(parts)

    def _judged(self, response: httpx.Response, body: bytes) -> Answer:
        status = response.status_code
        if 300 <= status < 400:
            there = urlsplit(response.headers.get("location", "")).hostname or "?"
            raise LinkError("redirect", f"{status} {there[:80]}")
        if status in (401, 403):
            raise LinkError("rights", str(status))
        if status == 429 or (status == 503 and "retry-after" in response.headers):
            raise LinkError("busy", str(status), wait_s=self._wait(response))
        if status >= 500:
            raise LinkError("server", str(status))
        headers = {name.lower(): value for name, value in response.headers.items()}
        media = headers.get("content-type", "").partition(";")[0].strip()
        return Answer(status, media, headers, body)

    def _wait(self, response: httpx.Response) -> float:
        """Retry-After in seconds: a number or a date (RFC 9110, 10.2.3); 5 when it says nothing."""
        text = response.headers.get("retry-after", "").strip()
        if text.isdigit():
            return float(text[:6])
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - self._now())
        except (TypeError, ValueError, OverflowError):
            return 5.0

    def _sign(self, request: httpx.Request, body: bytes) -> None:
        secret = self.endpoint.secret
        if not secret or self.endpoint.auth == "none":
            return
        if self.endpoint.auth == "bearer":
            request.headers["Authorization"] = f"Bearer {secret.reveal()}"
            return
        at = str(int(self._now() * 1_000))
        request.headers[TIMESTAMP] = at
        request.headers[SIGNATURE] = signature(
            secret, at, request.method, request.url.raw_path.decode("ascii"), body
        )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts, read once: it takes longer than all else about a client."""
    return ssl.create_default_context()


def _trust(ca_file: str | None) -> ssl.SSLContext:
    if ca_file is None:
        return _trusted()
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    return context


def _about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def header_key(key: str) -> str:
    """A key as a header may carry it; what is not ASCII is replaced by a hash."""
    if key.isascii() and key.isprintable() and len(key) <= 200:
        return key
    return "sha256-" + hashlib.sha256(key.encode()).hexdigest()
