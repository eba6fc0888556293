"""Terminals that have gone silent: which of them, and whether it is one cause for many.

Source: a center setting, ``[heartbeat]`` of ``systems.toml``. A terminal can only be
missed while somebody listens: what was silent while the link was down, or the console
off, is counted from the moment at which we listen again. Moments are ms UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.domain.clock import Instant, Span
from console.domain.message import msg
from console.domain.tables import Table


@dataclass(frozen=True, slots=True)
class HeartbeatRules:
    """A terminal is missed after `silent_after` ms; `together` of them at once are one matter.

    Terminals do not speak in step, so that what falls silent with one cause is missed one
    after the other: at once are all that are silent for half as long when one is missed.
    """

    silent_after: Span
    together: int

    @property
    def suspicious_after(self) -> Span:
        """From when on a silence counts beside another one, in ms."""
        return self.silent_after // 2


@dataclass(frozen=True, slots=True)
class LastHeard:
    """A terminal and when it was last heard. `missed` is the moment of the last sign of life
    before a silence that was already told, or None."""

    device: str
    seen: Instant
    category: str = ""
    place: str = ""
    town: str = ""
    missed: Instant | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Terminals that have newly fallen silent, the longest first; `as_one`: told together."""

    devices: tuple[LastHeard, ...] = ()
    as_one: bool = False


def silent(
    known: Iterable[LastHeard],
    listening: Instant | None,
    now: Instant,
    rules: HeartbeatRules,
) -> Silence:
    """Which terminals are to be told now.

    Args:
        known: every terminal that was ever heard.
        listening: since when the link has been well without a break; None: it is not.
        now: the moment.
        rules: the center's.
    """
    if listening is None:
        return Silence()
    quiet = [
        one
        for one in known
        if one.missed is None and now - max(one.seen, listening) > rules.suspicious_after
    ]
    quiet.sort(key=lambda one: (one.seen, one.device))
    missed = [one for one in quiet if now - max(one.seen, listening) > rules.silent_after]
    if missed and len(quiet) >= rules.together:
        return Silence(tuple(quiet), True)
    return Silence(tuple(missed))


def read_heartbeats(table: Table) -> HeartbeatRules:
    """Read ``[heartbeat]`` of ``systems.toml``."""
    rules = HeartbeatRules(
        silent_after=table.span("silent_after", positive=True), together=table.number("together")
    )
    if rules.together < 2:
        table.complain("together", msg("heartbeat.together"))
    table.end()
    return rules
