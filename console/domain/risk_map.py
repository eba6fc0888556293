"""The five-colour map (五色图): a town's score, its colour, and what each part adds to it.

    points    = sum of weight x count / per, over the parts
    reference = own x usual + (1 - own) x mean + evidence
    score     = 100 x points / reference

`usual` is what the town itself had in the days before, `mean` what all towns of the map
have in the window, `evidence` keeps one incident in a quiet town from being an alarm. The
numbers are a center's own (``risk_map.toml``). Residents play no part: a score compares a
town with itself and with the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import floor, fsum
from typing import NamedTuple

from console.domain.message import Label, Message, msg

COMBINED = "all"
"""The map of all fields together. There is one for each of `console.domain.panels.FIELDS`."""

SCORED = ("traffic", "fraud", "fire", "other")
"""The fields that have a score of their own; ``other`` counts in the combined map only."""

COLOURS = ("green", "blue", "yellow", "orange", "red")
"""From the calmest on; a level is an index into these."""

EXPECTED = 100.0
"""The score of a town whose points are as many as its reference."""


class Counts(NamedTuple):
    """What a field has in a town, in some days."""

    incidents: int = 0
    deaths: int = 0
    injured: int = 0
    lost: int = 0
    """Whole yuan."""
    alarm: int = 0
    """The alarm levels of fires above one, added up."""

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    def minus(self, other: Counts) -> Counts:
        """Without what the other counts."""
        return Counts(*(a - b for a, b in zip(self, other, strict=True)))


COUNTED: Mapping[str, Message] = {
    "incidents": msg("map.part.incidents"),
    "deaths": msg("map.part.deaths"),
    "injured": msg("map.part.injured"),
    "lost": msg("map.part.lost"),
    "alarm": msg("map.part.alarm"),
}
"""What a part can count, and its name."""


def part_name(part: str) -> Message:
    """The name of a part of a score: of what is counted, or of a field of the combined map."""
    return COUNTED[part] if part in COUNTED else Message(f"figures.field.{part}")


ALARM_STANDARD = "GA/XF/T 1340-2016"
"""What the alarm levels of fires follow."""

ByTown = Mapping[tuple[str, str], Counts]
"""(field, code of the town) -> what was counted; of ``all``, whatever the field."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score: `weight` points for every `per` of what is counted."""

    count: str
    weight: float
    per: float = 1.0


@dataclass(frozen=True, slots=True)
class Colour:
    """One of `COLOURS`: its sign for where colour is not seen, its name and what it means."""

    id: str
    sign: str
    label: Label
    means: Label


@dataclass(frozen=True, slots=True)
class FieldRules:
    """How a field is scored."""

    id: str
    evidence: float
    """Points that are added to the reference."""
    parts: tuple[Part, ...]
    thresholds: tuple[float, ...]
    """The scores from which on it is blue, yellow, orange, red."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a town's tile stands: row from the north, column from the west."""

    town: str
    row: int
    column: int


@dataclass(frozen=True)
class MapRules:
    """``risk_map.toml``."""

    own: float
    """How much of the reference is the town's own usual, 0 to 1; the rest is the mean."""
    usual_days: int
    least_days: int
    """Fewer known days than these before the window say nothing of what is usual."""
    colours: tuple[Colour, ...]
    fields: tuple[FieldRules, ...]
    weights: Mapping[str, float]
    """Of the fields, in the combined map."""
    thresholds: tuple[float, ...]
    """Of the combined map."""
    places: tuple[Place, ...]

    def field(self, id_: str) -> FieldRules:
        """The rules of a field.

        Raises:
            KeyError: there is no such field.
        """
        for one in self.fields:
            if one.id == id_:
                return one
        raise KeyError(id_)

    def thresholds_of(self, field: str) -> tuple[float, ...]:
        """The thresholds of a map."""
        return self.thresholds if field == COMBINED else self.field(field).thresholds


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted in a window, and in the days before it.

    `days` is the window's length as far as it has passed; `usual_days` how many known days
    `usual` was counted in.
    """

    counts: ByTown
    days: float
    usual: ByTown
    usual_days: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one part adds to a score.

    Of a field's map `part` is one of `COUNTED` and `value` what was counted; of the combined
    map it is a field and `value` its score.
    """

    part: str
    value: float
    weight: float
    per: float
    points: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Score:
    """A town's score, and how it came about."""

    score: float
    level: int
    """Index into `COLOURS`."""
    shares: tuple[Share, ...]
    points: float
    reference: float
    mean: float
    """Points that the towns have on average; of the combined map nothing (0)."""
    usual: float | None
    """The town's own usual points; None where too few days are known, and combined."""

    @property
    def shown(self) -> float:
        """The score to one decimal, never up to a threshold that it has not reached."""
        return to_tenth(self.score)

    @property
    def added(self) -> tuple[float, ...]:
        """What each share adds, to one decimal, so that all together make `shown`."""
        parts = [_tenths(share.contribution) for share in self.shares]
        lost = [10 * share.contribution - n for share, n in zip(self.shares, parts, strict=True)]
        left = _tenths(self.score) - sum(parts)
        for at in sorted(range(len(parts)), key=lambda at: -lost[at])[:left]:
            parts[at] += 1
        return tuple(n / 10 for n in parts)


def to_tenth(value: float) -> float:
    """A score as it is shown: to one decimal, downwards."""
    return _tenths(value) / 10


def _tenths(value: float) -> int:
    """Whole tenths; what is a tenth but for the error of a binary fraction is one."""
    return floor(round(10 * value, 6))


def passed(first: date, last: date, at: datetime) -> float:
    """How many days of a window have passed.

    Args:
        first: its first day.
        last: its last day, included.
        at: the present, in the center's zone; today counts as far as it has come.
    """
    today = at.date()
    if today > last:
        return float((last - first).days + 1)
    if today < first:
        return 0.0
    return (today - first).days + (at.hour * 60 + at.minute) / 1_440


def level_of(score: float, thresholds: Sequence[float]) -> int:
    """The level (index into `COLOURS`) of a score."""
    return sum(score >= least for least in thresholds)


def scores(rules: MapRules, field: str, seen: Seen) -> dict[str, Score]:
    """The score of every town of the map.

    Args:
        rules: the center's.
        field: one of `console.domain.panels.FIELDS`, or ``other``.
        seen: what was counted; of towns that are not on the map nothing is read.
    """
    towns = [place.town for place in rules.places]
    if field == COMBINED:
        return _combined(rules, seen, towns)
    chosen = rules.field(field)
    usual_known = seen.usual_days >= max(1, rules.least_days)
    points = {town: _points(chosen, seen.counts, town) for town in towns}
    mean = fsum(points.values()) / len(towns) if towns else 0.0
    made: dict[str, Score] = {}
    for town in towns:
        usual: float | None = None
        reference = mean + chosen.evidence
        if usual_known:
            usual = _points(chosen, seen.usual, town) / seen.usual_days * seen.days
            reference = rules.own * usual + (1 - rules.own) * mean + chosen.evidence
        counts = seen.counts.get((field, town), Counts())
        shares = _shares([(p, getattr(counts, p.count)) for p in chosen.parts], reference)
        made[town] = _score(shares, reference, mean, usual, chosen.thresholds)
    return made


def _combined(rules: MapRules, seen: Seen, towns: Iterable[str]) -> dict[str, Score]:
    each = {field: scores(rules, field, seen) for field in rules.weights}
    made: dict[str, Score] = {}
    for town in towns:
        parts = [
            (Part(field, weight), each[field][town].score)
            for field, weight in rules.weights.items()
        ]
        shares = _shares(parts, EXPECTED)
        made[town] = _score(shares, EXPECTED, 0.0, None, rules.thresholds)
    return made


def _points(rules: FieldRules, counts: ByTown, town: str) -> float:
    counted = counts.get((rules.id, town), Counts())
    return fsum(_points_of(part, getattr(counted, part.count)) for part in rules.parts)


def _points_of(part: Part, value: float) -> float:
    return part.weight * value / part.per


def _shares(parts: Sequence[tuple[Part, float]], reference: float) -> tuple[Share, ...]:
    made = []
    for part, value in parts:
        points = _points_of(part, value)
        contribution = EXPECTED * points / reference
        made.append(Share(part.count, value, part.weight, part.per, points, contribution))
    return tuple(made)


def _score(
    shares: tuple[Share, ...],
    reference: float,
    mean: float,
    usual: float | None,
    thresholds: Sequence[float],
) -> Score:
    score = round(fsum(share.contribution for share in shares), 9)
    points = fsum(share.points for share in shares)
    return Score(score, level_of(score, thresholds), shares, points, reference, mean, usual)


@dataclass(frozen=True, slots=True)
class Tile:
    """A town on the map: how it stands now, and how it stood a week earlier."""

    place: Place
    count: int
    """Incidents in the window; of the combined map those of every field."""
    now: Score
    count_before: int
    before: Score
    by_field: Mapping[str, int]
    """Incidents in the window, for each of `SCORED`."""
    open: int
    """Incidents of the map's field that are open at this moment, of whatever day."""
    overdue: int
    alarms: tuple[int, ...]
    """Fires in the window by alarm level, one to five; those without a level are not in it."""

    @property
    def change(self) -> float:
        """How much the score that is shown has changed since last week."""
        return round(self.now.shown - self.before.shown, 1)

    @property
    def steps(self) -> int:
        """How many colours it has gone up (down, if negative) since last week."""
        return self.now.level - self.before.level


@dataclass(frozen=True, slots=True)
class RiskMap:
    """The whole map of one field in one window."""

    field: str
    tiles: tuple[Tile, ...]
    outside: tuple[tuple[str, int], ...]
    """Incidents that have no tile: (code of a special zone, or "" without a town; count)."""
    alarms: tuple[int, ...]
    """Fires of the whole district in the window by alarm level, one to five."""

    @property
    def total(self) -> int:
        """Every incident of the window: on the tiles and outside."""
        return sum(tile.count for tile in self.tiles) + sum(n for _code, n in self.outside)


Standing = Mapping[tuple[str, str], tuple[int, int]]
"""(field or ``all``, town) -> how many are open now, and how many of these overdue."""

Alarms = Mapping[str, Mapping[int, int]]
"""Town -> alarm level -> fires."""


def drawn(
    rules: MapRules,
    field: str,
    now: Seen,
    before: Seen,
    standing: Standing,
    alarms: Alarms,
    zones: Iterable[str],
) -> RiskMap:
    """The map of a field.

    Args:
        rules: the center's.
        field: one of `console.domain.panels.FIELDS`.
        now: the window.
        before: the same window a week earlier.
        standing: what is open now.
        alarms: the fires of the window.
        zones: codes that have no tile and are told even when there is nothing.
    """
    after, earlier = scores(rules, field, now), scores(rules, field, before)
    tiles = tuple(
        Tile(
            place,
            _count(now.counts, field, place.town),
            after[place.town],
            _count(before.counts, field, place.town),
            earlier[place.town],
            {one: _count(now.counts, one, place.town) for one in SCORED},
            *standing.get((field, place.town), (0, 0)),
            _levels([alarms.get(place.town, {})]),
        )
        for place in rules.places
    )
    placed = {place.town for place in rules.places}
    codes = {town for _field, town in now.counts} - placed
    told = dict.fromkeys((*zones, *sorted(codes - {""}), ""))
    outside = tuple((code, _count(now.counts, field, code)) for code in told)
    return RiskMap(field, tiles, outside, _levels(alarms.values()))


def _count(counts: ByTown, field: str, town: str) -> int:
    return counts.get((field, town), Counts()).incidents


def _levels(found: Iterable[Mapping[int, int]]) -> tuple[int, ...]:
    counted = list(found)
    return tuple(sum(one.get(level, 0) for one in counted) for level in range(1, 6))
