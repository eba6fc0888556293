"""An alarm of a smart terminal: confirmed by a second source, or the way of a false alarm.

Source: design page *playbooks*, "terminal alarm": a second sensor, a photo or a call within
a window. How long the window is, which other sensors count and what a confirmed alarm
becomes is ``[terminal.<kind>]`` of ``systems.toml`` (center settings).

Doubt is on the side of danger: one who confirms outweighs any who deny, and what the call
center cannot confirm is looked at on the spot before it is put down as false.
Moments are ms UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from console.domain.clock import Instant, Span
from console.domain.message import Label, Message, msg
from console.domain.tables import Table


class Means(StrEnum):
    """What can speak for or against an alarm."""

    SENSOR = "sensor"
    PHOTO = "photo"
    CALL = "call"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _MEANS[self]


_MEANS: Mapping[Means, Message] = {
    Means.SENSOR: msg("terminal.by_sensor"),
    Means.PHOTO: msg("terminal.by_photo"),
    Means.CALL: msg("terminal.by_call"),
}


class Found(StrEnum):
    """What has become of the alarm."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class KindRules:
    """One kind of alarm. `window` is in ms, `also` the kinds of sensor that confirm it,
    `becomes` the category of a confirmed one, `at_once`: it needs nobody to confirm it."""

    label: Label
    window: Span
    also: tuple[str, ...]
    becomes: str
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class TerminalRules:
    """Rules by kind of alarm (``smoke``, ``gas`` ...)."""

    kinds: Mapping[str, KindRules]


@dataclass(frozen=True, slots=True)
class TerminalAlarm:
    """What a terminal told: its id, the kind, the address or building it hangs in, when."""

    terminal: str
    kind: str
    place: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that speaks for (`confirms`) or against an alarm.

    For a sensor `source` is the other terminal's id and `kind` its kind of alarm; a sensor
    never denies: silence proves nothing.
    """

    means: Means
    source: str
    at: Instant
    confirms: bool = True
    kind: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is known of an alarm. `category` is what it becomes when it is confirmed,
    `until` when waiting ends (ms UTC), `message` the sentence for the officer."""

    found: Found
    message: Message
    category: str = ""
    by: Evidence | None = None
    until: Instant | None = None

    @property
    def false_alarm(self) -> bool:
        """Whether it goes the way of a false alarm: looked at, silenced, recorded."""
        return self.found in (Found.DENIED, Found.LAPSED)


def counts(alarm: TerminalAlarm, evidence: Evidence, rule: KindRules) -> bool:
    """Whether `evidence` is about this alarm at all: in the window, and truly another source."""
    if abs(evidence.at - alarm.at) > rule.window:
        return False
    if evidence.means is not Means.SENSOR:
        return True
    return (
        evidence.confirms
        and evidence.source != alarm.terminal
        and evidence.place == alarm.place != ""
        and evidence.kind in rule.also
    )


def confirm(
    alarm: TerminalAlarm, evidence: Iterable[Evidence], now: Instant, rules: TerminalRules
) -> Confirmation:
    """What is to be made of `alarm` at `now`, by everything that is known until then.

    An alarm of a kind that has no rule is never false: it waits for a person.
    """
    rule = rules.kinds.get(alarm.kind)
    if rule is None:
        return Confirmation(Found.WAITING, msg("terminal.unknown_kind", kind=alarm.kind))
    if rule.at_once:
        return Confirmation(Found.CONFIRMED, msg("terminal.at_once", what=rule.label), rule.becomes)
    heard = sorted(
        (e for e in evidence if e.at <= now and counts(alarm, e, rule)), key=lambda e: e.at
    )
    if (yes := next((e for e in heard if e.confirms), None)) is not None:
        said = msg("terminal.confirmed", what=rule.label, by=yes.means.label)
        return Confirmation(Found.CONFIRMED, said, rule.becomes, yes)
    until = alarm.at + rule.window
    if now < until:
        return Confirmation(Found.WAITING, msg("terminal.waiting", what=rule.label), until=until)
    if heard:
        said = msg("terminal.denied", what=rule.label, by=heard[-1].means.label)
        return Confirmation(Found.DENIED, said, by=heard[-1])
    return Confirmation(Found.LAPSED, msg("terminal.lapsed", what=rule.label))


def read_terminals(table: Table) -> TerminalRules:
    """Read ``[terminal.<kind>]`` of ``systems.toml``."""
    kinds: dict[str, KindRules] = {}
    for kind, inner in table.children():
        kinds[kind] = KindRules(
            label=inner.label("label"),
            window=inner.span("window", positive=True),
            also=inner.texts("also"),
            becomes=inner.text("becomes"),
            at_once=inner.flag("at_once"),
        )
        inner.end()
    for kind, rule in kinds.items():
        for other in rule.also:
            if other not in kinds:
                table.complain(kind, msg("rules.unknown_terminal", kind=other))
    table.end()
    return TerminalRules(kinds)
