"""Links: from the settings to the adapters, and who may act for the district.

Imported when something is to be linked: it brings the HTTP client.
"""

from __future__ import annotations

import math
import os
import secrets
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
from console.store.links import Held

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

    The holder raises a count in the store. Another one takes over when, by its own clock
    that only goes forward, the count has stood still for `LEASE`; what time it is on either
    machine is nobody's business.

    Args:
        desk: whose store it is about.
        tell: what to do when the right comes or goes: whether it is here, and who has it.
        ticks: a clock that only goes forward, seconds.
    """

    def __init__(
        self,
        desk: Desk,
        tell: Callable[[bool, str], None] | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._tell = tell
        self._ticks = ticks
        # Two containers may share both name and number.
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._seen: Held | None = None
        """As the right stood when it was last asked for."""
        self._since = 0.0
        """When it was first seen so."""
        self._until = -math.inf
        self.other_lives = False
        """Whether another holder was seen to renew it."""

    @property
    def holder(self) -> str:
        """Who has the right, as far as is known here."""
        return self._seen.holder if self._seen is not None else ""

    def __call__(self) -> bool:
        """Whether this process is the one; asks the store every few seconds."""
        now = self._ticks()
        if now >= self._until:
            before = self._seen
            stood = before is not None and now - self._since >= LEASE / SECOND
            with self._desk.store.write() as tx:
                seen = links.take_lease(tx, "gateway", self._holder, before if stood else None)
            if seen != before:
                self._since = now
                self.other_lives = before is not None and seen.holder == before.holder
            self._seen = seen
            self._until = now + RENEWED / SECOND
            if self._tell is not None and (before is None or before.holder != seen.holder):
                self._tell(seen.holder == self._holder, seen.holder)
        return self.holder == self._holder

    def settled(self) -> bool:
        """Whether this process is the one, when it is clear whether another one is alive."""
        while not self() and not self.other_lives:
            time.sleep(0.2)
        return self()

    def leave(self) -> None:
        """Give the right back, so that nobody has to wait for it."""
        if self.holder == self._holder:
            with self._desk.store.write() as tx:
                links.leave_lease(tx, "gateway", self._holder)
            self._seen, self._until = None, -math.inf
