"""The door: idle, slow and many connections keep nobody out, and no request has two lengths."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bench.patience import patience
from console import guests, listening

LONG_S = patience(20.0)
"""Longer than anything here takes."""


async def heard(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def unheard(_request: Request) -> Response:
    return PlainTextResponse("fine")


@pytest.fixture
def door() -> Iterator[tuple[str, int]]:
    routes = [Route("/", unheard), Route("/", heard, methods=["POST"])]
    listener = listening.Listener(listening.app(routes), "127.0.0.1:0")
    host, _, port = listener.start().removeprefix("http://").partition(":")
    yield host, int(port)
    listener.stop()


def connect(door: tuple[str, int], source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(door, timeout=LONG_S, source_address=(source, 0))


def said(to: socket.socket) -> bytes:
    """Everything until the other side closes."""
    whole = b""
    try:
        while part := to.recv(65_536):
            whole += part
    except ConnectionResetError:
        pass
    return whole


def asked(door: tuple[str, int], words: bytes, source: str = "127.0.0.1") -> bytes:
    with connect(door, source) as to:
        to.sendall(words)
        return said(to)


GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.2"])
def test_idle_connections_keep_nobody_out(door: tuple[str, int], source: str) -> None:
    with ExitStack() as idle:
        many = [idle.enter_context(connect(door)) for _ in range(100)]
        many[-1].sendall(b"GET / HT")
        assert b"200 OK" in asked(door, GET, source)
        assert said(many[0]) == b""  # the oldest gave way


def test_of_everybody_there_is_a_bound_too(
    door: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "MOST", 10)
    with ExitStack() as idle:
        for n in range(30):
            idle.enter_context(connect(door, f"127.0.0.{n + 2}"))
        assert b"200 OK" in asked(door, GET)


@pytest.mark.parametrize(
    ("begun", "answers"),
    [
        (b"", 0),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", 0),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123", 0),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHo", 1),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123", 1),
    ],
)
def test_what_is_begun_is_not_waited_for_long(
    door: tuple[str, int], monkeypatch: pytest.MonkeyPatch, begun: bytes, answers: int
) -> None:
    monkeypatch.setattr(guests, "HEAD_S", 0.5)
    monkeypatch.setattr(guests, "WHOLE_S", 0.5)
    assert asked(door, begun).count(b"200 OK") == answers


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 3\r\nContent-Length: 4",
        b"Content-Length: 3, 4",
        b"Content-Length: 3\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3",
        b"transfer-encoding: chunked\r\ncontent-length: 0",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Content-Length: +3",
        b"Content-Length: -3",
        b"Content-Length: 3.0",
        b"Content-Length: 0x3",
        b"Content-Length: ",
        b"Content-Length: 3 3",
        b"Content-Length: \xef\xbc\x93",
        b"Content-Length: " + b"9" * 5_000,
        b"Content-Length : 3",
    ],
)
def test_two_lengths_are_refused_and_the_connection_is_closed(
    door: tuple[str, int], lengths: bytes
) -> None:
    whole = b"POST / HTTP/1.1\r\nHost: a\r\n" + lengths + b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + GET
    answer = asked(door, whole)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"HTTP/1.1 400" in answer or b"HTTP/1.1 501" in answer
    assert b"200 OK" not in answer


@pytest.mark.parametrize(
    ("lengths", "body"),
    [
        (b"Content-Length: 3", b"abc"),
        (b"Transfer-Encoding: chunked", b"3\r\nabc\r\n0\r\n\r\n"),
        (b"Content-Length: 3\r\nContent-Length: 3", b"abc"),
    ],
)
def test_one_length_is_heard(door: tuple[str, int], lengths: bytes, body: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\n" + lengths + b"\r\n\r\n"
    answer = asked(door, head + body + GET)
    assert b"3 bytes" in answer
    assert answer.count(b"200 OK") == 2


def test_so_many_requests_at_a_time(door: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "AT_ONCE", 0)
    assert b"HTTP/1.1 503" in asked(door, GET)


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::2", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_where_somebody_comes_from(host: str, home: str) -> None:
    assert guests._network(host) == home
