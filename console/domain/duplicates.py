"""Is it the same incident again? Keys to look candidates up by, and a comparison with reasons.

The store keeps the keys of every open incident; a new report is compared only with
those that share one. How near, how soon and how alike is in ``duplicates.toml``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from console.domain.addresses import Place, distance_between, fold, road_parts
from console.domain.categories import Field
from console.domain.clock import MINUTE, Instant, Span
from console.domain.message import Message, msg
from console.domain.phones import phone_of, same_phone
from console.domain.tables import Document, Fault

Verdict: TypeAlias = Literal["attach", "suggest", "none"]

_CELL = 0.0027
"""Side of a cell in degrees of latitude: 300 m, so that half a cell is 150 m."""

_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Trace:
    """What one report or incident is compared by. `field` is its category's field."""

    category: str
    field: Field
    place: Place
    phone: str
    at: Instant
    text: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two traces are, 0 to 1, and why."""

    score: float
    reasons: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What counts in one field. Weights add up to the score; `window` in ms, `near` in km."""

    window: Span
    near: float
    address: float
    close: float
    road: float
    phone: float
    kind: float
    family: float
    words: float
    least_words: float
    """How alike the words must be before anything is attached unasked."""
    one_person: bool = False
    """Whether it happens to one person: two known phones are two incidents."""


@dataclass(frozen=True)
class DuplicateRules:
    """The thresholds and the rule of each field."""

    attach: float
    suggest: float
    fields: Mapping[Field, FieldRule]


def keys(
    place: Place, phone: str = "", lat: float | None = None, lon: float | None = None
) -> tuple[str, ...]:
    """Keys to store and to look up by: two traces that may be the same share at least one.

    Cells of 300 m are laid in four grids, each moved by half a cell: two points
    within 150 m of each other share a cell of at least one grid, whatever lies between.
    """
    found: list[str] = []
    if place.road and place.number:
        found.append(f"a:{place.road}|{place.number}")
    found += [f"r:{road}" for road in road_parts(place.road)]
    if place.village:
        found.append(f"v:{place.town}|{place.village}")
    if (called := phone_of(phone)) is not None:
        found.append(f"p:{called.number}")
    if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180:
        # Cells are squares on the ground; the scale changes by bands of a degree.
        scale = max(0.01, math.cos(math.radians(round(lat))))
        for grid in range(4):
            row = math.floor(lat / _CELL + (grid & 1) / 2)
            column = math.floor(lon * scale / _CELL + (grid >> 1) / 2)
            found.append(f"c:{grid}:{row}:{column}")
    return tuple(found)


def compare(a: Trace, b: Trace, rules: DuplicateRules) -> Likeness:
    """How likely `a` and `b` are the same incident, with the reasons for and against."""
    rule = rules.fields[a.field]
    apart = abs(a.at - b.at)
    if a.field != b.field or _other_kind(a, b):
        return Likeness(0.0, (msg("duplicate.other_kind"),))
    if apart > rule.window:
        return Likeness(0.0, (msg("duplicate.too_late", minutes=apart // MINUTE),))
    reasons: list[Message] = []
    score = 0.0
    where, limit = _place(a, b, rule, reasons)
    score += where
    by_phone = same_phone(a.phone, b.phone)
    if by_phone:
        score += rule.phone
        reasons.append(msg("duplicate.same_phone"))
    elif rule.one_person and phone_of(a.phone) and phone_of(b.phone):
        return Likeness(0.0, (msg("duplicate.other_phone"),))
    if not where and not by_phone:
        return Likeness(0.0, ())
    if a.category == b.category:
        score += rule.kind
        reasons.append(msg("duplicate.same_kind"))
    else:
        score += rule.family
    alike = dice(a.text, b.text)
    score += rule.words * alike
    reasons.append(msg("duplicate.words", percent=round(100 * alike)))
    reasons.append(msg("duplicate.apart", minutes=apart // MINUTE))
    if alike < rule.least_words:
        limit = min(limit, _below(rules.attach))
    return Likeness(round(min(score, limit, 1.0), 4), tuple(reasons))


def verdict(score: float, rules: DuplicateRules) -> Verdict:
    """What to do with a likeness: attach unasked, ask the officer, or nothing."""
    if score >= rules.attach:
        return "attach"
    return "suggest" if score >= rules.suggest else "none"


def dice(a: str, b: str) -> float:
    """Likeness of two texts by the pairs of characters that they share (Dice), 0 to 1."""
    pairs_a, pairs_b = _bigrams(a), _bigrams(b)
    total = pairs_a.total() + pairs_b.total()
    return 2 * (pairs_a & pairs_b).total() / total if total else 0.0


@lru_cache(maxsize=1_024)
def _bigrams(text: str) -> Counter[str]:
    words = _NO_WORD.sub("", fold(text).casefold())
    return Counter(words[i : i + 2] for i in range(len(words) - 1))


def _other_kind(a: Trace, b: Trace) -> bool:
    """In the field "other" the roots of the categories must agree: a lift is no gas leak."""
    if a.field != "other":
        return False
    return a.category.partition(".")[0] != b.category.partition(".")[0]


def _below(threshold: float) -> float:
    return threshold - 0.0001


def _place(a: Trace, b: Trace, rule: FieldRule, reasons: list[Message]) -> tuple[float, float]:
    """The weight of the two places, and the highest score that they allow."""
    at, to = a.place, b.place
    limit = 1.0
    if at.flat and to.flat and at.flat != to.flat:
        # Two flats of one house are two incidents until somebody says otherwise.
        reasons.append(msg("duplicate.other_flat"))
        limit = rule.road
    if at.town and to.town and at.town != to.town:
        reasons.append(msg("duplicate.other_town"))
        return 0.0, rule.road
    same_road = bool(set(road_parts(at.road)) & set(road_parts(to.road)))
    crossing = "/" in at.road and at.road == to.road
    if crossing or (at.road == to.road and at.number and at.number == to.number):
        reasons.append(msg("duplicate.same_address"))
        return rule.address, limit
    km = distance_between((a.lat, a.lon), (b.lat, b.lon))
    if km is not None:
        if km <= rule.near:
            reasons.append(msg("duplicate.near", metres=round(km * 1000)))
            if (same_road and at.number and to.number) or _other_road(at.road, to.road):
                # Near, but each says where, and it is not the same: an officer decides.
                return rule.close, min(limit, rule.address + rule.kind)
            return rule.close, limit
        if km > 4 * rule.near:
            return 0.0, limit
    if same_road:
        reasons.append(msg("duplicate.same_road"))
        if at.number and to.number:
            # Both say which house, and it is not the same one.
            return rule.road, rule.address + rule.kind
        return rule.road, limit
    if at.village and at.village == to.village:
        reasons.append(msg("duplicate.same_village"))
        return rule.road, limit
    return 0.0, limit


def _other_road(a: str, b: str) -> bool:
    """Whether two places name different roads; a crossing is on both of its roads."""
    return bool(a and b) and not set(a.split("/")) & set(b.split("/"))


def parse_duplicates(text: str, file: str) -> tuple[DuplicateRules, list[Fault]]:
    """Read ``duplicates.toml``."""
    document = Document(text, file)
    root = document.root
    attach, suggest = root.decimal("attach"), root.decimal("suggest")
    if not 0 < suggest <= attach <= 1:
        root.complain("attach", msg("rules.thresholds"))
    fields: dict[Field, FieldRule] = {}
    names: tuple[Field, ...] = ("fire", "traffic", "fraud", "other")
    for name in names:
        if name not in root:
            root.complain("", msg("rules.missing_key", key=name))
        table = root.table(name)
        if name in root:
            fields[name] = FieldRule(
                window=table.span("window"),
                near=table.decimal("near_m") / 1000,
                address=table.decimal("address"),
                close=table.decimal("close"),
                road=table.decimal("road"),
                phone=table.decimal("phone"),
                kind=table.decimal("kind"),
                family=table.decimal("family"),
                words=table.decimal("words"),
                least_words=table.decimal("least_words"),
                one_person=table.flag("one_person"),
            )
        table.end()
    root.end()
    return DuplicateRules(attach, suggest, fields), document.faults
