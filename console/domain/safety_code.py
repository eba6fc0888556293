"""Safety code of a firm or a driver: green, yellow or red, with what made it so.

Source: 交管 一图一码 of the article (交通安全码). No published rule says how it is reckoned:
points by record, their lapse and the two thresholds are center settings in ``systems.toml``.

Moments are ms UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from console.domain.clock import Instant, Span
from console.domain.message import Label, Message, msg
from console.domain.tables import Table


class Code(IntEnum):
    """The colour; a greater one is worse."""

    GREEN = 0
    YELLOW = 1
    RED = 2

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _CODES[self]

    @property
    def sign(self) -> str:
        """One narrow character that says it without colour."""
        return _SIGNS[self]


_CODES = {
    Code.GREEN: msg("safety_code.green"),
    Code.YELLOW: msg("safety_code.yellow"),
    Code.RED: msg("safety_code.red"),
}
_SIGNS = {Code.GREEN: ".", Code.YELLOW: "*", Code.RED: "!"}


@dataclass(frozen=True, slots=True)
class Weight:
    """What one record of a kind weighs, for how long (ms), and the colour it forces at least.

    `until_fixed`: it weighs nothing any more once it has been put right.
    """

    label: Label
    points: int
    lapses: Span
    at_least: Code = Code.GREEN
    until_fixed: bool = False


@dataclass(frozen=True, slots=True)
class CodeRules:
    """Weights by kind of record, and the points from which it is yellow, and red."""

    weights: Mapping[str, Weight]
    yellow: int
    red: int


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was recorded of a firm or driver. `fixed` is when it was put right."""

    kind: str
    at: Instant
    fixed: Instant | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The colour, the points, and why: one sentence a kind of record, the heaviest first.

    `unknown` are kinds that no weight names: they are shown and weigh nothing.
    """

    code: Code
    points: int
    reasons: tuple[Message, ...] = ()
    unknown: tuple[str, ...] = ()


def weighs(record: Record, weight: Weight, now: Instant) -> bool:
    """Whether `record` counts at `now`."""
    if record.at > now or now - record.at >= weight.lapses:
        return False
    return not (weight.until_fixed and record.fixed is not None and record.fixed <= now)


def standing(records: Iterable[Record], now: Instant, rules: CodeRules) -> Standing:
    """The code at `now`."""
    counts: Counter[str] = Counter()
    unknown: set[str] = set()
    for record in records:
        weight = rules.weights.get(record.kind)
        if weight is None:
            unknown.add(record.kind)
        elif weighs(record, weight, now):
            counts[record.kind] += 1
    points = sum(rules.weights[kind].points * n for kind, n in counts.items())
    code = Code.RED if points >= rules.red else Code(int(points >= rules.yellow))
    code = max([code, *(rules.weights[kind].at_least for kind in counts)])
    heaviest = sorted(
        counts,
        key=lambda k: (-rules.weights[k].at_least, -rules.weights[k].points * counts[k], k),
    )
    reasons = tuple(
        msg(
            "safety_code.reason",
            what=rules.weights[kind].label,
            n=counts[kind],
            points=rules.weights[kind].points * counts[kind],
        )
        for kind in heaviest
    )
    return Standing(code, points, reasons, tuple(sorted(unknown)))


def read_codes(table: Table) -> CodeRules:
    """Read ``[safety_code]`` of ``systems.toml``."""
    yellow, red = table.number("yellow", least=1), table.number("red", least=1)
    if red <= yellow and "red" in table:
        table.complain("red", msg("rules.red_above_yellow"))
    words = {"green": Code.GREEN, "yellow": Code.YELLOW, "red": Code.RED}
    weights: dict[str, Weight] = {}
    for kind, inner in table.table("record").children():
        word = inner.text("at_least", "green")
        if word not in words:
            inner.complain("at_least", msg("rules.unknown_code", value=word))
        weights[kind] = Weight(
            label=inner.label("label"),
            points=inner.number("points", least=0),
            lapses=inner.span("lapses", positive=True),
            at_least=words.get(word, Code.GREEN),
            until_fixed=inner.flag("until_fixed"),
        )
        inner.end()
    table.end()
    return CodeRules(weights, yellow, red)
