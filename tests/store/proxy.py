"""Something between a store and its server that fails in the ways that networks and servers do."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Hands bytes on, on loopback, until it is told otherwise.

    Args:
        url: SQLAlchemy URL of the server.
    """

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._open = threading.Event()
        self._open.set()
        self.refuses = False
        """Whether new connections are closed at once."""
        self.swallows: bytes | None = None
        """What is not handed on, once, with its connection: the server never hears it."""
        self.cuts: bytes | None = None
        """Behind what a connection is cut, once, when the server has heard it: no answer comes."""
        self.then_refuses = False
        """Whether nobody is let in any more after that."""
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The URL by which the server is reached through here."""
        user = self._parts.netloc.rpartition("@")[0]
        port = self._door.getsockname()[1]
        return urlunsplit(self._parts._replace(netloc=f"{user}@127.0.0.1:{port}"))

    def hold(self) -> None:
        """Say nothing any more, to anybody, and keep every connection."""
        self._open.clear()

    def go_on(self) -> None:
        """Hand on what has been held, and everything else."""
        self._open.set()

    def cut(self) -> None:
        """Close every connection."""
        pairs, self._pairs = self._pairs, []
        for one in (end for pair in pairs for end in pair):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End."""
        self.refuses = True
        self.go_on()
        self.cut()
        self._door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _at = self._door.accept()
                if self.refuses:
                    client.close()
                    continue
                port = self._parts.port or 5432
                server = socket.create_connection((self._parts.hostname or "", port))
                self._pairs.append((client, server))
                for one, other, to_server in ((client, server, True), (server, client, False)):
                    hand = threading.Thread(
                        target=self._hand_on, args=(one, other, to_server), daemon=True
                    )
                    hand.start()

    def _hand_on(self, one: socket.socket, other: socket.socket, to_server: bool) -> None:
        with contextlib.suppress(OSError):
            while said := one.recv(65_536):
                self._open.wait()
                if to_server and self.swallows is not None and self.swallows in said:
                    self.swallows = None
                    break
                if to_server and self.cuts is not None and self.cuts in said:
                    self.cuts = None
                    self.refuses = self.then_refuses
                    one.shutdown(socket.SHUT_RDWR)
                    other.sendall(said)
                    other.recv(65_536)  # it has been done
                    break
                other.sendall(said)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
