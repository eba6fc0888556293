"""Which alerts stand, after the updates and cancels among them.

Source: CAP 1.2, 3.2.1: an Update replaces the messages that it names, a Cancel ends them;
Ack and Error are answers and no alerts. A message of one status never acts on one of
another: a test that cancels is itself only a test. It never acts on a later one either,
so that messages that name each other in a ring cannot make each other vanish.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.cap.model import Alert, MsgType, Reference, Status

_TURN = {MsgType.ALERT: 0, MsgType.UPDATE: 1, MsgType.CANCEL: 2}
"""Within one second: what is told, is changed, is taken back."""


def in_turn(alert: Alert) -> tuple[int, int, str]:
    """What to sort alerts by, so that what is changed comes behind what it changes."""
    return alert.sent, _TURN.get(alert.msg_type, 3), alert.identifier


@dataclass(frozen=True, slots=True)
class Standing:
    """A message and those that it replaced, the oldest first.

    `earlier` also has messages that were named and not seen, so that a later update can
    be tied to what was made of the first message long ago.
    """

    alert: Alert
    earlier: tuple[Reference, ...] = ()

    @property
    def first(self) -> Reference:
        """The message it all began with, as far as is known."""
        return self.earlier[0] if self.earlier else self.alert.reference


@dataclass(frozen=True, slots=True)
class Current:
    """What is left of many messages.

    `actual` stands and is about the world; `cancelled` are the Cancels themselves, with
    what they ended; `expired` stood until all it said had run out. `apart` are the other
    statuses (exercise, test, draft, system), resolved each for itself and never mixed in.
    """

    actual: tuple[Standing, ...] = ()
    cancelled: tuple[Standing, ...] = ()
    expired: tuple[Standing, ...] = ()
    apart: tuple[Standing, ...] = ()


def resolve(alerts: Iterable[Alert], now: int | None = None) -> Current:
    """Take updates and cancels into account, in whatever order they came.

    Args:
        now: the moment (ms UTC) at which to judge what has expired; None: nothing has.
    """
    kept: dict[Status, dict[tuple[str, str], Alert]] = {status: {} for status in Status}
    for alert in alerts:
        seen = kept[alert.status]
        before = seen.get(alert.reference.key)
        if alert.msg_type in _TURN and (before is None or before.sent < alert.sent):
            seen[alert.reference.key] = alert
    folded = {status: _fold(seen.values()) for status, seen in kept.items()}
    standing, cancelled = folded[Status.ACTUAL]
    return Current(
        actual=tuple(one for one in standing if not _has_expired(one.alert, now)),
        cancelled=cancelled,
        expired=tuple(one for one in standing if _has_expired(one.alert, now)),
        apart=tuple(
            one
            for status, (others, _cancels) in folded.items()
            if status is not Status.ACTUAL
            for one in others
        ),
    )


def _fold(alerts: Iterable[Alert]) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """What stands and what cancelled, of messages of one status."""
    standing: dict[tuple[str, str], Standing] = {}
    gone: dict[tuple[str, str], Standing] = {}
    cancelled = []
    for alert in sorted(alerts, key=in_turn):
        line: dict[Reference, None] = {}
        for reference in sorted(alert.references, key=lambda one: one.sent):
            ended = standing.pop(reference.key, None)
            if ended is not None:
                gone[reference.key] = ended
            known = ended or gone.get(reference.key)
            line.update(dict.fromkeys(known.earlier if known else ()))
            line[known.alert.reference if known else reference] = None
        made = Standing(alert, tuple(line))
        if alert.msg_type is MsgType.CANCEL:
            cancelled.append(made)
        else:
            standing[alert.reference.key] = made
    return tuple(standing.values()), tuple(cancelled)


def _has_expired(alert: Alert, now: int | None) -> bool:
    ends = [info.expires for info in alert.infos]
    return now is not None and bool(ends) and all(end is not None and end <= now for end in ends)
