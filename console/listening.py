"""The door: what others may ask and post to us over HTTP, in the gateway's process.

An app made of parts, so that each system's callbacks and our own endpoints are a part of
their own. Uvicorn is only needed to open a port (extra ``gateway``); the demo hands the
same app its requests in the process.

Whoever listens takes in, also while another process has the right to act for the
district: the store is one, and what is written there waits for that other one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from adapters import dingtalk, dingtalk_callback
from adapters.secret import Secret
from console import open311
from console.desk import callbacks
from console.desk.desk import Desk
from console.desk.group import SOURCE as GROUP
from console.domain.message import Problem, msg
from console.extras import needed
from console.store.engine import StoreProblem

MOST_BYTES = 64 * 1024
"""Of the body of a callback."""

READ_S = 10.0
"""How long a body may take to arrive."""

log = logging.getLogger(__name__)


class GroupDoor:
    """``POST /dingtalk/callback``: what residents say to the robot.

    200 is answered when the message is in the store, and not before.

    Args:
        desk: whose store it goes to.
        secret: of the app, which signs; without one nobody is believed.
    """

    def __init__(self, desk: Desk, secret: Secret) -> None:
        self._desk, self._secret = desk, secret
        self._refusals = callbacks.Refusals(desk)

    def route(self) -> Route:
        """The part of the app."""
        return Route("/dingtalk/callback", self._posted, methods=["POST"])

    async def _posted(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(READ_S):
                body = await _read(request)
        except (TimeoutError, ClientDisconnect):
            return _error(408, "too slow")
        host = request.client.host if request.client is not None else ""
        if body is None:
            return _error(413, "too large")
        timestamp = request.headers.get("timestamp", "")
        signature = request.headers.get("sign", "")
        try:
            return await run_in_threadpool(self._take, timestamp, signature, body, host)
        except StoreProblem as problem:
            log.warning("callback not taken: %s", problem)
            return _error(503, "not now")

    def _take(self, timestamp: str, signature: str, body: bytes, host: str) -> Response:
        now = self._desk.clock.now()
        reason = dingtalk_callback.turned_away(self._secret, timestamp, signature, now)
        mark = f"{timestamp}\n{signature}"
        unread = ""
        if not reason:
            try:
                taken = callbacks.accept(self._desk, dingtalk_callback.read(body), mark)
            except ValueError as error:
                unread = str(error)
                taken = callbacks.keep_unread(self._desk, GROUP, body, unread, mark)
            reason = "" if taken else "replayed"
        if reason:
            self._refusals.refuse(GROUP, reason, host)
            return _error(401, reason)
        return _error(400, unread) if unread else JSONResponse({})


async def _read(request: Request) -> bytes | None:
    """The body; None when it is larger than we take."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _error(status: int, words: str) -> Response:
    # What was not read of a body would be the next request.
    gone = {"Connection": "close"} if status in (408, 413) else None
    return JSONResponse({"error": words}, status, gone)


def parts(desk: Desk, secrets: Mapping[str, Secret]) -> list[BaseRoute]:
    """Everything that stands behind the door."""
    app_secret = secrets.get(f"{dingtalk.SYSTEM}_{dingtalk.APP}", Secret(""))
    return [
        GroupDoor(desk, app_secret).route(),
        Mount("/open311/v2", app=open311.app(desk)),
    ]


def app(mounts: Sequence[BaseRoute]) -> Starlette:
    """The app of some parts."""
    return Starlette(routes=list(mounts))


def where(listen: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT`` (an IPv6 host in brackets).

    Raises:
        ValueError: it is not of that shape.
    """
    host, colon, port = listen.strip().rpartition(":")
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ValueError(listen)
    return host, int(port)


class Listener:
    """Serves the door from a thread of its own.

    Args:
        app: what is served.
        listen: ``HOST:PORT``; port 0 takes any.
    """

    def __init__(self, app: Starlette, listen: str) -> None:
        self._app, self._listen = app, listen
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    def start(self) -> str:
        """Open the port; returns where, as a URL.

        Raises:
            Problem: the port is not to be had, or there is no server to serve it.
        """
        with needed("gateway"):
            import uvicorn

            from console import guests
        host, port = where(self._listen)
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((host, port))
            # At once: until somebody listens, another process could bind the same port.
            opened.listen(128)
        except OSError as error:
            why = error.strerror or str(error)
            raise Problem(msg("listen.no_port", listen=self._listen, reason=why)) from error
        self._socket = opened
        config = uvicorn.Config(
            guests.Bounded(self._app),
            http=guests.at_a_door(),
            ws="none",
            log_level="error",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [opened]}, name="door", daemon=True
        )
        self._thread.start()
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{opened.getsockname()[1]}"

    def stop(self) -> None:
        """Answer what is being answered, and close the port."""
        if self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=10)
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
