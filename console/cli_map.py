"""The command ``map``: the five-colour map as it is drawn on F4."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from console.cli_shared import (
    DistrictOption,
    JsonOption,
    LangOption,
    StoreOption,
    ZoneOption,
    fail,
    open_desk,
    out,
    words,
)

if TYPE_CHECKING:
    from console.desk.desk import Desk
    from console.desk.mapped import Mapped
    from console.domain.panels import Window
    from console.domain.risk_map import Score, Tile


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("map")(map_)


def map_(
    field: Annotated[str, typer.Option(help="all, traffic, fraud or fire.")] = "all",
    window: Annotated[
        str | None, typer.Option(help="today, week, month or year; the week when left out.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    store: StoreOption = None,
    zone: ZoneOption = None,
    district: DistrictOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """The five-colour map: every town's colour, score and what it is made of."""
    words(lang)
    from console.desk.mapped import mapped
    from console.domain.panels import FIELDS

    if field not in FIELDS:
        fail("figures.no_field", 2, word=field, known=FIELDS)
    chosen = _window(window, from_, to)
    desk = open_desk(store, zone=zone, district=district, readonly=True)
    found = mapped(desk, field, chosen)
    if json:
        out(map_json(desk, found))
    else:
        _table(desk, found)


def _window(window: str | None, first: str | None, last: str | None) -> str | Window:
    from console.desk.filtering import read_days
    from console.desk.wanted import chosen_days
    from console.domain.message import Problem
    from console.domain.panels import WINDOWS

    if window is not None and (first is not None or last is not None):
        fail("map.one_of", 2)
    if first is not None or last is not None:
        if first is None or last is None:
            fail("map.both_days", 2)
        try:
            days = read_days(f"{first}..{last}")
            if days is not None:
                return chosen_days(*days)
        except Problem as problem:
            fail(problem.message, 2)
        fail("figures.bad_day", 2, day=f"{first}..{last}")
    if window is not None and window not in WINDOWS:
        fail("map.no_window", 2, word=window, known=WINDOWS)
    return window or "week"


def map_json(desk: Desk, found: Mapped) -> dict[str, object]:
    """Everything that the page shows, for machines; numbers of a score are not rounded, and
    `shown` is what the page makes of them."""
    from console.domain.risk_map import ALARM_STANDARD, COLOURS, COMBINED

    rules, field = desk.rules.risk_map, found.map.field
    return {
        "field": field,
        "window": {
            "name": found.window.name,
            "from": found.window.first.isoformat(),
            "to": found.window.last.isoformat(),
            "days": found.days,
        },
        "usual_days": found.usual_days,
        "coloured": found.colourless is None,
        "formula": {
            "own": rules.own,
            "usual_days": rules.usual_days,
            "least_days": rules.least_days,
            "evidence": None if field == COMBINED else rules.field(field).evidence,
        },
        "colours": [
            {"id": colour.id, "sign": colour.sign, "from": least}
            for colour, least in zip(rules.colours, (0.0, *rules.thresholds_of(field)), strict=True)
        ],
        "total": found.map.total,
        "towns": [
            {**_tile_json(desk, tile), **({} if found.colourless is None else _NO_COLOUR)}
            for tile in found.map.tiles
        ],
        "outside": [
            {"code": code or None, "name": _name(desk, code), "count": n}
            for code, n in found.map.outside
        ],
        "alarm_levels": {
            "standard": ALARM_STANDARD,
            "levels": [
                {"level": n, "colour": COLOURS[n - 1], "count": count}
                for n, count in enumerate(found.map.alarms, 1)
            ],
        },
    }


_NO_COLOUR = dict.fromkeys(("score", "shown", "colour", "sign", "change", "colour_steps"))
"""What a town has of days that have not come, and where there are no records."""


def _tile_json(desk: Desk, tile: Tile) -> dict[str, object]:
    return {
        "code": tile.place.town,
        "name": _name(desk, tile.place.town),
        "row": tile.place.row,
        "column": tile.place.column,
        "count": tile.count,
        **_score_json(desk, tile.now),
        "last_week": {"count": tile.count_before, **_score_json(desk, tile.before)},
        "change": tile.now.score - tile.before.score,
        "colour_steps": tile.steps,
        "by_field": dict(tile.by_field),
        "open": tile.open,
        "overdue": tile.overdue,
        "alarm_levels": list(tile.alarms),
    }


def _score_json(desk: Desk, score: Score) -> dict[str, object]:
    colour = desk.rules.risk_map.colours[score.level]
    return {
        "score": score.score,
        "shown": score.shown,
        "colour": colour.id,
        "sign": colour.sign,
        "points": score.points,
        "reference": score.reference,
        "mean": score.mean,
        "usual": score.usual,
        "parts": [
            {
                "part": share.part,
                "value": share.value,
                "weight": share.weight,
                "per": share.per,
                "points": share.points,
                "contribution": share.contribution,
                "shown": added,
            }
            for share, added in zip(score.shares, score.added, strict=True)
        ],
    }


def _name(desk: Desk, code: str) -> str:
    town = desk.rules.gazetteer.towns.get(code)
    if town is None:
        return code or words().t("map.no_town")
    return town.name if words().lang == "zh" else town.latin


def _coloured(found: Mapped) -> list[Tile]:
    """The towns that have a colour, the highest score first."""
    tiles = [] if found.colourless is not None else found.map.tiles
    return sorted(tiles, key=lambda one: -one.now.score)


def _table(desk: Desk, found: Mapped) -> None:
    """The map for people, the highest score first: columns between tabs."""
    from console.domain.risk_map import part_name

    say, rules = words().t, desk.rules.risk_map
    if found.colourless is not None:
        sys.stdout.write(f"{say(found.colourless)}\n")
        for tile in found.map.tiles:
            sys.stdout.write(f"\t{_name(desk, tile.place.town)}\t{tile.count}\n")
    for tile in _coloured(found):
        colour = rules.colours[tile.now.level]
        parts = (
            f"{say(part_name(one.part))} {added:.1f}"
            for one, added in zip(tile.now.shares, tile.now.added, strict=True)
        )
        cells = (
            f"{colour.sign} {say(colour.label)}",
            _name(desk, tile.place.town),
            str(tile.count),
            f"{tile.now.shown:.1f}",
            f"{tile.change:+.1f}",
            f"{tile.steps:+d}",
            *parts,
        )
        sys.stdout.write("\t".join(cells) + "\n")
    for code, n in found.map.outside:
        sys.stdout.write(f"\t{_name(desk, code)}\t{n}\n")
