"""Links: from the settings to the adapters, and who may act for the district.

Imported when something is to be linked: it brings the HTTP client.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from adapters import secret, systems
from adapters.http import Endpoint
from adapters.port import Adapter
from adapters.secret import Secret
from console.desk.desk import Desk
from console.domain.clock import SECOND, Span
from console.domain.message import Problem, msg
from console.settings import LinkSettings, Settings
from console.store import links

LEASE: Span = 15 * SECOND
"""How long a gateway that has died keeps the others waiting."""

RENEWED: Span = 5 * SECOND


def adapters_of(chosen: Settings) -> dict[str, Adapter]:
    """The adapters of every system that the settings say how to reach.

    Raises:
        Problem: a system that there is not, a URL that is none, a file of secrets that
            cannot be used.
    """
    for system in chosen.links:
        if system not in systems.known():
            raise Problem(msg("links.no_system", name=system))
    found = ((system, adapter_of(chosen, system)) for system in systems.known())
    return {system: one for system, one in found if one is not None}


def adapter_of(chosen: Settings, system: str) -> Adapter | None:
    """A new adapter of one system; None when the settings do not say how to reach it.

    Raises:
        Problem: a URL that is none, a file of secrets that cannot be used.
    """
    if system not in systems.known():
        return None
    one = chosen.links.get(system, LinkSettings())
    url = one.url or (f"{chosen.systems.rstrip('/')}/{system}/" if chosen.systems else None)
    if url is None or one.off:
        return None
    if one.url is None and system in systems.BEHIND_BROKERS and not url.startswith("mqtt"):
        return None  # a broker is elsewhere than what speaks HTTP: its link names it
    words = secrets_of(chosen.secrets)
    endpoint = Endpoint(
        _checked(url, system),
        words.get(system, Secret("")),
        one.auth,
        ca_file=str(one.ca_file) if one.ca_file is not None else None,
        more=secret.more_of(words, system),
        name=chosen.known_as(system),
        format=one.format,
    )
    return systems.connect(system, endpoint)


def secrets_of(path: Path | None) -> dict[str, Secret]:
    """The secrets of the file and the environment.

    Raises:
        Problem: the file cannot be used.
    """
    try:
        return secret.read(path.expanduser() if path is not None else None)
    except secret.SecretError as error:
        raise Problem(msg(f"secrets.{error.reason}", path=str(error.path))) from error


def _checked(url: str, system: str) -> str:
    try:
        parts = urlsplit(url)
        good = (
            parts.scheme in ("http", "https", "mqtt", "mqtts")
            and parts.hostname
            and (parts.port is None or parts.port)
        )
    except ValueError:
        good = None
    if not good:
        raise Problem(msg("links.no_url", name=system, url=secret.redacted(url)))
    return url


class OnlyOne:
    """The right to act for a district, held while it is renewed.

    Args:
        desk: whose store it is about.
        tell: what to do when the right comes or goes.
    """

    def __init__(self, desk: Desk, tell: Callable[[bool], None] | None = None) -> None:
        self._desk = desk
        self._tell = tell
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._has = False
        self._until = 0.0

    def __call__(self) -> bool:
        """Whether this process is the one; asks the store every few seconds."""
        now = time.monotonic()
        if now >= self._until:
            with self._desk.store.write() as tx:
                has = links.take_lease(
                    tx, "gateway", self._holder, time.time_ns() // 1_000_000, LEASE
                )
            if has != self._has and self._tell is not None:
                self._tell(has)
            self._has = has
            self._until = now + RENEWED / 1_000
        return self._has

    def leave(self) -> None:
        """Give the right back, so that nobody has to wait for it."""
        if self._has:
            with self._desk.store.write() as tx:
                links.leave_lease(tx, "gateway", self._holder)
            self._has = False
