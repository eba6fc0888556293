"""What others post to us: taken in once, or turned away and written down.

A signature that was accepted is remembered in the store, in the transaction that took the
message in, so that it opens the door once, whichever process listens.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from adapters.port import Report
from console.desk import intake
from console.desk.desk import Desk
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.clock import MINUTE, Instant
from console.domain.text import clean
from console.store import incidents, links

MOST_REFUSALS = 20
"""Refusals a minute that are written down one by one; the next one counts the others."""


def accept(desk: Desk, report: Report, mark: str) -> bool:
    """Take a signed message in; False when its signature was used before.

    Args:
        desk: whose store it goes to.
        report: the message.
        mark: what of the request is never the same twice: its time and signature.
    """
    source = clean(report.source, 50).text
    digest = hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()
    with desk.writing(SYSTEM_SEAT) as work:
        if not _first_time(work, source, digest):
            return False
        intake.take_in(work, report)
        _heard(work, source)
    return True


def keep_unread(desk: Desk, source: str, body: bytes, reason: str, mark: str) -> bool:
    """Keep a signed message that nobody can read; False when its signature was used before."""
    digest = hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()
    with desk.writing(SYSTEM_SEAT) as work:
        if not _first_time(work, source, digest):
            return False
        intake.take_unread(work, source, body.decode("utf-8", "replace"), reason)
        _heard(work, source, unread=1)
    return True


def _first_time(work: Work, source: str, digest: str) -> bool:
    if incidents.known_source(work.tx, f"{source}!sign", digest) is not None:
        return False
    incidents.keep_source(work.tx, f"{source}!sign", digest, 0, digest)
    return True


def _heard(work: Work, source: str, unread: int = 0) -> None:
    """The link has brought something."""
    old = links.get(work.tx, source)
    state = links.OK if old.state == links.NEW else old.state
    links.save(
        work.tx,
        replace(
            old,
            state=state,
            since=work.at if old.state == links.NEW else old.since,
            seen=work.at,
            last_item=work.at,
            items=old.items + 1,
            unread=old.unread + unread,
        ),
    )


class Refusals:
    """Writes down what was turned away, without letting a flood of it fill the journal.

    Args:
        desk: whose journal it is.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._minute: Instant = -1
        self._written = 0
        self._passed_over = 0

    def refuse(self, source: str, reason: str, host: str) -> None:
        """A request was turned away.

        Args:
            source: as which system it came.
            reason: ``forged``, ``stale``, ``replayed`` or ``too_large``.
            host: from which address.
        """
        minute = self._desk.clock.now() // MINUTE
        if minute != self._minute:
            self._minute, self._written = minute, 0
        if self._written >= MOST_REFUSALS:
            self._passed_over += 1
            return
        self._written += 1
        count, self._passed_over = self._passed_over + 1, 0
        with self._desk.writing(SYSTEM_SEAT) as work:
            work.log(
                replace(
                    work.entry("turned_away"),
                    source=source,
                    reason=f"callback.{reason}",
                    source_id=clean(host, 60).text,
                    count=count,
                )
            )
