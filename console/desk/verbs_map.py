"""The verb of the five-colour map."""

from __future__ import annotations

from console.desk.verb import EVERYBODY, Kind, Names, Param, Verb


class Map(Verb):
    """The page of the five-colour map."""

    id = "map"
    names = Names("图", "map", "tu", "地图, 五色图, 看五色图, ditu, show the five-colour map")
    params = (Param(Kind.WORDS, required=False, name="map"),)
    key = "f4"
    roles = EVERYBODY
    example = ("图 火 本周", "map fire week")


MAP_VERBS: tuple[type[Verb], ...] = (Map,)
"""In the order in which the help shows them."""
