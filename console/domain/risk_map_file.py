"""Reading ``risk_map.toml``: parts, weights, colours, thresholds and the layout of the tiles."""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.addresses import Gazetteer
from console.domain.message import msg
from console.domain.risk_map import (
    COLOURS,
    COUNTED,
    SCORED,
    Colour,
    FieldRules,
    MapRules,
    Part,
    Place,
)
from console.domain.tables import Document, Fault, Table

SPECIAL = "special"
"""The gazetteer's kind of a zone that is no town: it has no tile."""

MOST_COLUMNS = 16
"""Tiles beside each other that a terminal of 80 columns draws so that they can be told apart."""

MOST_DAYS = 36_500
SMALLEST = 0.000001
"""What is divided by is not smaller."""


def parse_risk_map(text: str, file: str, gazetteer: Gazetteer) -> tuple[MapRules, list[Fault]]:
    """Read ``risk_map.toml``.

    Args:
        text: the file.
        file: the name to call it by.
        gazetteer: the towns; each that is not special stands in the layout once.
    """
    document = Document(text, file)
    root = document.root
    own = root.decimal("own", least=0)
    if own > 1:
        root.complain("own", msg("map.rules.at_most_one", key="own"))
    usual_days = root.number("usual_days", least=1, most=MOST_DAYS)
    least_days = root.number("least_days", least=1, most=MOST_DAYS)
    if least_days > usual_days:
        root.complain(
            "least_days", msg("map.rules.least_days", key="least_days", other="usual_days")
        )
    colours = _colours(root)
    usual = _thresholds(root, ())
    fields = _fields(root, usual)
    combined = root.table("combined")
    weights = _weights(combined)
    thresholds = _thresholds(combined, usual)
    combined.end()
    places = _places(root, gazetteer)
    root.end()
    made = MapRules(own, usual_days, least_days, colours, fields, weights, thresholds, places)
    return made, document.faults


def _colours(root: Table) -> tuple[Colour, ...]:
    found: list[Colour] = []
    for table in root.tables("colour"):
        one = Colour(
            table.text("id"), table.text("sign"), table.label("label"), table.label("means")
        )
        if len(one.sign) != 1 or not one.sign.isascii() or not one.sign.strip():
            table.complain("sign", msg("map.rules.sign"))
        elif any(one.sign == other.sign for other in found):
            table.complain("sign", msg("map.rules.twice", what=one.sign))
        table.end()
        found.append(one)
    if tuple(one.id for one in found) != COLOURS:
        root.complain("colour", msg("map.rules.colours", known=COLOURS))
    return tuple(found)


def _thresholds(table: Table, otherwise: tuple[float, ...]) -> tuple[float, ...]:
    if otherwise and "from" not in table:
        return otherwise
    given = table.table("from")
    found = tuple(given.decimal(name, least=0) for name in COLOURS[1:])
    given.end()
    if any(low >= high for low, high in zip((0.0, *found), found, strict=False)):
        table.complain("from", msg("map.rules.thresholds"))
    return found


def _fields(root: Table, usual: tuple[float, ...]) -> tuple[FieldRules, ...]:
    found: list[FieldRules] = []
    for table in root.tables("field"):
        id_ = table.text("id")
        if id_ not in SCORED:
            table.complain("id", msg("figures.no_field", word=id_, known=SCORED))
        elif any(id_ == other.id for other in found):
            table.complain("id", msg("map.rules.twice", what=id_))
        evidence = _above_zero(table, "evidence")
        parts: list[Part] = []
        for part in table.tables("part"):
            parts.append(_part(part))
            if any(parts[-1].count == other.count for other in parts[:-1]):
                part.complain("count", msg("map.rules.twice", what=parts[-1].count))
        if not parts:
            table.complain("", msg("map.rules.no_parts", id=id_))
        found.append(FieldRules(id_, evidence, tuple(parts), _thresholds(table, usual)))
        table.end()
    for id_ in SCORED:
        if all(one.id != id_ for one in found):
            root.complain("field", msg("map.rules.missing_field", id=id_))
    return tuple(found)


def _part(table: Table) -> Part:
    per = _above_zero(table, "per") if "per" in table else 1.0
    part = Part(table.text("count"), table.decimal("weight", least=0), per)
    if part.count not in COUNTED:
        known = tuple(COUNTED)
        table.complain("count", msg("map.rules.no_count", word=part.count, known=known))
    table.end()
    return part


def _above_zero(table: Table, key: str) -> float:
    value = table.decimal(key, least=0)
    if key in table and value == 0:
        table.complain(key, msg("map.rules.above_zero", key=key))
    elif 0 < value < SMALLEST:
        table.complain(key, msg("rules.at_least", key=key, least=f"{SMALLEST:f}"))
    return value


def _weights(combined: Table) -> Mapping[str, float]:
    given = combined.table("weights")
    found = {id_: given.decimal(id_, least=0) for id_ in given.keys if id_ in SCORED}
    given.end()
    if not any(found.values()):
        combined.complain("weights", msg("map.rules.no_weights"))
    return found


def _places(root: Table, gazetteer: Gazetteer) -> tuple[Place, ...]:
    found: dict[str, Place] = {}
    for row, table in enumerate(root.tables("row")):
        names = table.texts("towns")
        if len(names) > MOST_COLUMNS:
            table.complain("towns", msg("map.rules.columns", most=MOST_COLUMNS))
        for column, name in enumerate(names):
            if not name:
                continue
            town = gazetteer.town_called(name)
            if town is None:
                table.complain("towns", msg("rules.unknown_town", town=name))
            elif town.code in found:
                table.complain("towns", msg("map.rules.twice", what=name))
            else:
                found[town.code] = Place(town.code, row, column)
        table.end()
    for town in gazetteer.towns.values():
        if town.kind != SPECIAL and town.code not in found:
            root.complain("row", msg("map.rules.no_place", name=town.name))
    return tuple(found.values())
