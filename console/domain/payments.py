"""Payment stop: from asking a bank for it to the freeze, and back to whose money it is.

Sources:
- 银发〔2016〕86号 (紧急止付和快速冻结机制), 一(二): the bank checks account, name, amount
  and time; when they agree it stops payment for 48 hours from the moment of the stop, when
  they do not it does not stop. The same account may be stopped again, at most twice.
- 公安机关办理刑事案件程序规定 (公安部令第159号, 2020), 第二百四十三条: a freeze lasts six
  months and each renewal at most as long; one that is not renewed before its end has ended.
- 银监发〔2016〕41号: frozen money is given back to whom it was taken from.

All moments are ms UTC. How long a stop lasts is ``payment.stop`` of ``deadlines.toml``, the
other numbers are ``[payments]`` of ``systems.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import StrEnum

from console.domain.clock import Instant, Span
from console.domain.deadlines import Deadlines
from console.domain.message import Message, Problem, msg
from console.domain.months import moment_months_later
from console.domain.tables import Table

STOP = "payment.stop"
"""The deadline that says how long a stop lasts."""


class StopState(StrEnum):
    """Where the money of one account stands."""

    APPLIED = "applied"
    CHECKING = "checking"
    MISMATCH = "mismatch"
    STOPPED = "stopped"
    EXPIRED = "expired"
    FROZEN = "frozen"
    RELEASED = "released"
    RETURNED = "returned"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _STATES[self]


class StopAction(StrEnum):
    """What can be done about it."""

    CHECK = "check"
    CONFIRM = "confirm"
    MISMATCH = "mismatch"
    REAPPLY = "reapply"
    EXTEND = "extend"
    FREEZE = "freeze"
    RENEW = "renew"
    RELEASE = "release"
    RETURN = "return"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _ACTIONS[self]


_STATES: Mapping[StopState, Message] = {
    StopState.APPLIED: msg("payment.applied"),
    StopState.CHECKING: msg("payment.checking"),
    StopState.MISMATCH: msg("payment.mismatch"),
    StopState.STOPPED: msg("payment.stopped"),
    StopState.EXPIRED: msg("payment.expired"),
    StopState.FROZEN: msg("payment.frozen"),
    StopState.RELEASED: msg("payment.released"),
    StopState.RETURNED: msg("payment.returned"),
}
_ACTIONS: Mapping[StopAction, Message] = {
    StopAction.CHECK: msg("payment.do.check"),
    StopAction.CONFIRM: msg("payment.do.confirm"),
    StopAction.MISMATCH: msg("payment.do.mismatch"),
    StopAction.REAPPLY: msg("payment.do.reapply"),
    StopAction.EXTEND: msg("payment.do.extend"),
    StopAction.FREEZE: msg("payment.do.freeze"),
    StopAction.RENEW: msg("payment.do.renew"),
    StopAction.RELEASE: msg("payment.do.release"),
    StopAction.RETURN: msg("payment.do.return"),
}
_FROM: Mapping[StopAction, frozenset[StopState]] = {
    StopAction.CHECK: frozenset({StopState.APPLIED}),
    StopAction.CONFIRM: frozenset({StopState.CHECKING}),
    StopAction.MISMATCH: frozenset({StopState.CHECKING}),
    StopAction.REAPPLY: frozenset({StopState.MISMATCH, StopState.EXPIRED}),
    StopAction.EXTEND: frozenset({StopState.STOPPED}),
    # A freeze needs a case, not a stop: it may come when the stop has run out.
    StopAction.FREEZE: frozenset({StopState.STOPPED, StopState.EXPIRED}),
    StopAction.RENEW: frozenset({StopState.FROZEN}),
    StopAction.RELEASE: frozenset({StopState.STOPPED, StopState.FROZEN}),
    StopAction.RETURN: frozenset({StopState.FROZEN}),
}


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """How long a stop lasts (ms), how often one account may be stopped again, and how
    many months a freeze lasts."""

    stop: Span
    extensions: int
    freeze_months: int


@dataclass(frozen=True, slots=True)
class PaymentStop:
    """One account. `since` is when it came into its state, `until` when that ends by itself.

    `extensions` counts how often the account was stopped again; asking anew does not set
    it back, because the limit is the account's.
    """

    state: StopState
    since: Instant
    until: Instant | None = None
    extensions: int = 0
    renewals: int = 0


def apply_for(at: Instant) -> PaymentStop:
    """A payment stop that is asked for at `at`."""
    return PaymentStop(StopState.APPLIED, at)


def standing(stop: PaymentStop, now: Instant) -> PaymentStop:
    """The stop as it stands at `now`: what nobody extended or renewed in time has ended."""
    if stop.until is None or now < stop.until:
        return stop
    ended = StopState.EXPIRED if stop.state is StopState.STOPPED else StopState.RELEASED
    return replace(stop, state=ended, since=stop.until, until=None)


def why_not(
    stop: PaymentStop, action: StopAction, at: Instant, rules: PaymentRules
) -> Message | None:
    """Why `action` is not lawful at `at`; None when it is."""
    now = standing(stop, at)
    if now.state not in _FROM[action]:
        return msg("payment.not_from", action=action.label, state=now.state.label)
    # The first stop is none of the extensions; every further one is, however it is asked for.
    again = action is StopAction.EXTEND or (
        action is StopAction.REAPPLY and now.state is StopState.EXPIRED
    )
    if again and now.extensions >= rules.extensions:
        return msg("payment.no_more", n=rules.extensions)
    return None


def lawful(stop: PaymentStop, at: Instant, rules: PaymentRules) -> tuple[StopAction, ...]:
    """What may be done at `at`."""
    return tuple(a for a in StopAction if why_not(stop, a, at, rules) is None)


def act(
    stop: PaymentStop, action: StopAction, at: Instant, rules: PaymentRules, zone: tzinfo
) -> PaymentStop:
    """The stop after `action` at `at`; months are counted in `zone`.

    Raises:
        Problem: it is not lawful, with the reason; nothing was changed.
    """
    if (reason := why_not(stop, action, at, rules)) is not None:
        raise Problem(reason)
    now = standing(stop, at)
    match action:
        case StopAction.CHECK:
            return replace(now, state=StopState.CHECKING, since=at)
        case StopAction.MISMATCH:
            return replace(now, state=StopState.MISMATCH, since=at)
        case StopAction.REAPPLY:
            more = now.state is StopState.EXPIRED
            return replace(now, state=StopState.APPLIED, since=at, extensions=now.extensions + more)
        case StopAction.CONFIRM:
            return replace(now, state=StopState.STOPPED, since=at, until=at + rules.stop)
        case StopAction.EXTEND:
            # Counted from the end of the running stop, so that no hour of it is lost.
            until = (now.until or at) + rules.stop
            return replace(now, until=until, extensions=now.extensions + 1)
        case StopAction.FREEZE:
            until = moment_months_later(at, rules.freeze_months, zone)
            return replace(now, state=StopState.FROZEN, since=at, until=until)
        case StopAction.RENEW:
            until = moment_months_later(now.until or at, rules.freeze_months, zone)
            return replace(now, until=until, renewals=now.renewals + 1)
        case StopAction.RELEASE:
            return replace(now, state=StopState.RELEASED, since=at, until=None)
        case StopAction.RETURN:
            return replace(now, state=StopState.RETURNED, since=at, until=None)


def next_expiry(stop: PaymentStop, now: Instant) -> Instant | None:
    """When the money gets loose if nobody does anything (ms UTC); None when nothing runs."""
    return standing(stop, now).until


def read_payments(table: Table, deadlines: Deadlines) -> PaymentRules:
    """Read ``[payments]`` of ``systems.toml``; the stop's own span is a deadline."""
    stop = deadlines.first(STOP)
    rules = PaymentRules(
        stop.span if stop is not None else 0,
        table.number("extensions", least=0),
        table.number("freeze_months", least=1, most=1_200),
    )
    table.end()
    return rules
