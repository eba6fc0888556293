"""Hazards: found, fixed, signed off, used (查 - 整 - 销 - 用), and what follows when one is late.

Sources: 隐患管家 of the article; 安全生产事故隐患排查治理暂行规定 (安监总局令第16号, 2007):
general hazards are put right by the firm at once, major ones by a plan with a date. How
many days, when the firm is reminded and when departments come together is ``[hazards]``
of ``systems.toml`` (center settings).

Overdue: the department supervises; still not fixed after that span: joint enforcement.
Moments are ms UTC, days are of 24 hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from console.domain.clock import DAY, Instant, Span
from console.domain.message import Message, Problem, msg
from console.domain.tables import Table

LEVELS = ("general", "major")
"""一般隐患, 重大隐患."""


class HazardState(StrEnum):
    """Where a hazard stands."""

    FOUND = "found"
    VERIFIED = "verified"
    ORDERED = "ordered"
    FIXED = "fixed"
    PASSED = "passed"
    SIGNED_OFF = "signed_off"
    REUSED = "reused"
    NO_HAZARD = "no_hazard"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _STATES[self]


class HazardAct(StrEnum):
    """What can be done about one."""

    VERIFY = "verify"
    DISMISS = "dismiss"
    ORDER = "order"
    REPORT_FIXED = "report_fixed"
    PASS = "pass"
    FAIL = "fail"
    SIGN_OFF = "sign_off"
    REUSE = "reuse"
    SUPERVISE = "supervise"
    ENFORCE = "enforce"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _ACTS[self]


class Pressure(StrEnum):
    """What the clock of a hazard asks for."""

    NONE = "none"
    REMIND = "remind"
    SUPERVISE = "supervise"
    ENFORCE = "enforce"


_STATES: Mapping[HazardState, Message] = {
    HazardState.FOUND: msg("hazard.found"),
    HazardState.VERIFIED: msg("hazard.verified"),
    HazardState.ORDERED: msg("hazard.ordered"),
    HazardState.FIXED: msg("hazard.fixed"),
    HazardState.PASSED: msg("hazard.passed"),
    HazardState.SIGNED_OFF: msg("hazard.signed_off"),
    HazardState.REUSED: msg("hazard.reused"),
    HazardState.NO_HAZARD: msg("hazard.no_hazard"),
}
_ACTS: Mapping[HazardAct, Message] = {
    HazardAct.VERIFY: msg("hazard.do.verify"),
    HazardAct.DISMISS: msg("hazard.do.dismiss"),
    HazardAct.ORDER: msg("hazard.do.order"),
    HazardAct.REPORT_FIXED: msg("hazard.do.report_fixed"),
    HazardAct.PASS: msg("hazard.do.pass"),
    HazardAct.FAIL: msg("hazard.do.fail"),
    HazardAct.SIGN_OFF: msg("hazard.do.sign_off"),
    HazardAct.REUSE: msg("hazard.do.reuse"),
    HazardAct.SUPERVISE: msg("hazard.do.supervise"),
    HazardAct.ENFORCE: msg("hazard.do.enforce"),
}
_OPEN = frozenset({HazardState.ORDERED, HazardState.FIXED})
_FROM: Mapping[HazardAct, frozenset[HazardState]] = {
    HazardAct.VERIFY: frozenset({HazardState.FOUND}),
    HazardAct.DISMISS: frozenset({HazardState.FOUND}),
    HazardAct.ORDER: frozenset({HazardState.VERIFIED}),
    HazardAct.REPORT_FIXED: frozenset({HazardState.ORDERED}),
    # An inspector who stands before it need not wait for the firm's word.
    HazardAct.PASS: _OPEN,
    HazardAct.FAIL: _OPEN,
    HazardAct.SIGN_OFF: frozenset({HazardState.PASSED}),
    HazardAct.REUSE: frozenset({HazardState.SIGNED_OFF}),
    HazardAct.SUPERVISE: _OPEN,
    HazardAct.ENFORCE: _OPEN,
}
_TO: Mapping[HazardAct, HazardState] = {
    HazardAct.VERIFY: HazardState.VERIFIED,
    HazardAct.DISMISS: HazardState.NO_HAZARD,
    HazardAct.ORDER: HazardState.ORDERED,
    HazardAct.REPORT_FIXED: HazardState.FIXED,
    HazardAct.PASS: HazardState.PASSED,
    HazardAct.FAIL: HazardState.ORDERED,
    HazardAct.SIGN_OFF: HazardState.SIGNED_OFF,
    HazardAct.REUSE: HazardState.REUSED,
}


@dataclass(frozen=True, slots=True)
class HazardRules:
    """Days to fix a hazard of each level, and the spans (ms) of reminder and enforcement.

    `remind_before` counts back from the date, `enforce_after` on from the supervision.
    """

    days: Mapping[str, int]
    remind_before: Span
    enforce_after: Span


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard. `due` is the date of the order, `failed` counts failed re-inspections."""

    level: str
    state: HazardState
    found: Instant
    due: Instant | None = None
    failed: int = 0
    supervised: Instant | None = None
    enforced: Instant | None = None

    @property
    def open(self) -> bool:
        """Whether the order to fix it stands and its date runs."""
        return self.state in _OPEN


def record(level: str, at: Instant) -> Hazard:
    """A hazard of `level` (one of `LEVELS`) that was found at `at`."""
    return Hazard(level, HazardState.FOUND, at)


def why_not(
    hazard: Hazard, act: HazardAct, at: Instant, rules: HazardRules, days: int | None = None
) -> Message | None:
    """Why `act` is not lawful at `at`; None when it is. `days` is the date of an order."""
    if hazard.state not in _FROM[act]:
        return msg("hazard.not_from", act=act.label, state=hazard.state.label)
    limit = rules.days[hazard.level]
    if act is HazardAct.ORDER and days is not None and not 1 <= days <= limit:
        return msg("hazard.too_many_days", n=limit)
    due = hazard.due or at
    if act is HazardAct.SUPERVISE and at < due:
        return msg("hazard.not_overdue")
    if act is HazardAct.ENFORCE:
        if hazard.supervised is None:
            return msg("hazard.supervise_first")
        if at < hazard.supervised + rules.enforce_after:
            return msg("hazard.enforce_later")
    return None


def lawful(hazard: Hazard, at: Instant, rules: HazardRules) -> tuple[HazardAct, ...]:
    """What may be done at `at`."""
    return tuple(act for act in HazardAct if why_not(hazard, act, at, rules) is None)


def act(
    hazard: Hazard, what: HazardAct, at: Instant, rules: HazardRules, days: int | None = None
) -> Hazard:
    """The hazard after `what` at `at`; an order gives `days` (None: what the level allows).

    A failed re-inspection leaves the date where it was: nobody gains time by failing.

    Raises:
        Problem: it is not lawful, with the reason; nothing was changed.
    """
    if (reason := why_not(hazard, what, at, rules, days)) is not None:
        raise Problem(reason)
    hazard = replace(hazard, state=_TO.get(what, hazard.state))
    match what:
        case HazardAct.ORDER:
            return replace(hazard, due=at + (days or rules.days[hazard.level]) * DAY)
        case HazardAct.FAIL:
            return replace(hazard, failed=hazard.failed + 1)
        case HazardAct.SUPERVISE:
            return replace(
                hazard, supervised=at if hazard.supervised is None else hazard.supervised
            )
        case HazardAct.ENFORCE:
            return replace(hazard, enforced=at)
        case _:
            return hazard


def pressure(hazard: Hazard, now: Instant, rules: HazardRules) -> Pressure:
    """What the date of the hazard asks for at `now`."""
    if not hazard.open or hazard.due is None or now < hazard.due - rules.remind_before:
        return Pressure.NONE
    if now < hazard.due:
        return Pressure.REMIND
    if hazard.supervised is None:
        return Pressure.SUPERVISE
    late = now >= hazard.supervised + rules.enforce_after and hazard.enforced is None
    return Pressure.ENFORCE if late else Pressure.SUPERVISE


def read_hazards(table: Table) -> HazardRules:
    """Read ``[hazards]`` of ``systems.toml``."""
    given = table.table("days")
    days = {level: given.number(level, least=1, most=3_650) for level in LEVELS}
    given.end()
    rules = HazardRules(
        days,
        table.span("remind_before", positive=True),
        table.span("enforce_after", positive=True),
    )
    table.end()
    return rules
