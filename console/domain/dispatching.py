"""Which units to send: by kind (the run card), distance and load.

The run cards live in ``run_cards.toml``: for a category and an alarm level, how many
units of which kind. The card of the longest prefix wins, of those the one of the
highest level that is not above the incident's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.domain.addresses import distance_between
from console.domain.categories import within
from console.domain.message import Label, Message, msg
from console.domain.tables import Document, Fault
from console.domain.units import MEASURE, UnitKind, UnitStatus, UnitView

__all__ = [
    "Card",
    "Need",
    "Recommendation",
    "RunCards",
    "Spot",
    "UnitKind",
    "UnitStatus",
    "UnitView",
    "parse_run_cards",
    "recommend",
]

_LOAD_KM = 1.5
"""A unit that has had one incident more counts as so much farther away."""

_CLEARING_KM = 4.0
"""A unit that is just packing up counts as so much farther away."""

_OTHER_TOWN_KM = 12.0
"""Stands in for the distance of a unit of another town whose position nobody knows."""

_SAME_TOWN_KM = 3.0
"""The same, when it is of the town itself."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where help is needed: town code ("" unknown) and position (WGS 84 degrees, or None)."""

    town: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """So many units of a kind."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """The run card of a category from an alarm level upwards."""

    category: str
    level: int
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class RunCards:
    """All cards and the kinds of unit that they speak of."""

    kinds: dict[str, UnitKind]
    cards: tuple[Card, ...]

    def needs(self, category: str, level: int) -> tuple[Need, ...]:
        """What the best fitting card asks for; nothing when no card fits."""
        fits = [c for c in self.cards if within(category, c.category) and c.level <= max(1, level)]
        best = max(fits, key=lambda c: (len(c.category), c.level), default=None)
        return best.needs if best else ()

    def kind_of(self, call_sign: str) -> str:
        """The kind whose prefix `call_sign` begins with (the longest), or ""."""
        sign = call_sign.upper()
        fits = [
            (len(prefix), kind.id)
            for kind in self.kinds.values()
            for prefix in kind.prefixes
            if sign.startswith(prefix) and sign[len(prefix) : len(prefix) + 1].isdigit()
        ]
        return max(fits, default=(0, ""))[1]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A unit that should go, or (with an empty call sign) a kind that is missing."""

    call_sign: str
    kind: str
    distance_km: float | None
    load: int
    reason: Message

    @property
    def missing(self) -> bool:
        """Whether this says that no unit of the kind is free."""
        return not self.call_sign


def recommend(
    cards: RunCards,
    category: str,
    alarm_level: int,
    spot: Spot,
    units: Sequence[UnitView],
    *,
    kinds: Sequence[str] = (),
    sent: Iterable[str] = (),
) -> tuple[Recommendation, ...]:
    """The units to send, kind by kind as on the run card, the best first.

    Args:
        kinds: one unit of each of these instead of the run card (a playbook's step).
        sent: kinds of the units already on the incident; they are not asked for again.
    """
    needs = tuple(Need(k, 1) for k in kinds) or cards.needs(category, alarm_level)
    there = Counter(sent)
    found: list[Recommendation] = []
    for need in needs:
        label = (
            cards.kinds[need.kind].label if need.kind in cards.kinds else Label(*[need.kind] * 2)
        )
        wanted = need.count - there[need.kind]
        free = sorted(
            (
                (_cost(unit, spot), unit.call_sign, unit)
                for unit in units
                if unit.kind == need.kind
                and unit.status in (UnitStatus.AVAILABLE, UnitStatus.CLEARING)
            ),
            key=lambda entry: entry[:2],
        )
        for _, _, unit in free[: max(0, wanted)]:
            found.append(_chosen(unit, spot, label))
        if wanted > len(free):
            measure = cards.kinds[need.kind].measure if need.kind in cards.kinds else MEASURE
            reason = msg(
                "dispatch.missing",
                kind=label,
                count=wanted - len(free),
                measure=Label(measure, ""),
            )
            found.append(Recommendation("", need.kind, None, 0, reason))
    return tuple(found)


def _distance(unit: UnitView, spot: Spot) -> float | None:
    return distance_between((unit.lat, unit.lon), (spot.lat, spot.lon))


def _cost(unit: UnitView, spot: Spot) -> float:
    away = _distance(unit, spot)
    if away is None:
        away = _SAME_TOWN_KM if unit.town and unit.town == spot.town else _OTHER_TOWN_KM
    clearing = _CLEARING_KM if unit.status is UnitStatus.CLEARING else 0.0
    return away + _LOAD_KM * unit.load + clearing


def _chosen(unit: UnitView, spot: Spot, kind: Label) -> Recommendation:
    away = _distance(unit, spot)
    if away is not None:
        km = round(away, 1)
        reason = msg("dispatch.by_distance", kind=kind, km=km, load=unit.load)
    elif unit.town and unit.town == spot.town:
        reason = msg("dispatch.by_town", kind=kind, load=unit.load)
    else:
        reason = msg("dispatch.position_unknown", kind=kind, load=unit.load)
    if unit.status is UnitStatus.CLEARING:
        reason = msg("dispatch.clearing", reason=reason)
    rounded = None if away is None else round(away, 2)
    return Recommendation(unit.call_sign, unit.kind, rounded, unit.load, reason)


def parse_run_cards(text: str, file: str) -> tuple[RunCards, list[Fault]]:
    """Read ``run_cards.toml``."""
    document = Document(text, file)
    root = document.root
    kinds: dict[str, UnitKind] = {}
    for id_, table in root.table("kind").children():
        kinds[id_] = UnitKind(
            id_,
            table.label("label"),
            table.texts("prefixes"),
            table.texts("aliases"),
            table.text("measure", MEASURE),
        )
        table.end()
    cards: list[Card] = []
    for table in root.tables("card"):
        needs = []
        send = table.table("send")
        for kind in send.keys:
            count = send.number(kind)
            if kind not in kinds:
                send.complain(
                    kind, msg("rules.unknown_kind", kind=kind, step=table.text("category"))
                )
            needs.append(Need(kind, count))
        level = table.number("level", 1)
        if not 1 <= level <= 5:
            table.complain("level", msg("rules.bad_level", value=level))
        cards.append(Card(table.text("category"), level, tuple(needs)))
        table.end()
    root.end()
    return RunCards(kinds, tuple(cards)), document.faults
