"""Hot spots: beginnings of places at which incidents gather.

A spot is a road or a junction: what stands before the first number of a place. Its count is
that of all places that begin with it, so that a filter by the same words shows as many.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from itertools import accumulate

_NUMBER = re.compile(r"[0-9\uff10-\uff19]")

LEAST = 2
"""Incidents that make a spot."""


def spot_of(place: str) -> str:
    """The road or junction of a place; the whole of it when there is no number in it."""
    found = _NUMBER.search(place)
    return place if found is None or not found.start() else place[: found.start()]


def hot_spots(
    places: Mapping[str, int], towns: Collection[str] = (), most: int = 30
) -> tuple[tuple[str, int], ...]:
    """The spots with the most incidents, the hottest first.

    Args:
        places: place -> incidents.
        towns: names of towns: a whole town is no spot.
        most: how many spots at most.
    """
    ordered = sorted(places)
    passed = [0, *accumulate(places[place] for place in ordered)]
    found: dict[str, int] = {}
    for spot in {spot_of(place) for place in ordered if place} - {*towns}:
        first = bisect_left(ordered, spot)
        behind = bisect_left(ordered, _after(spot), first)
        found[spot] = passed[behind] - passed[first]
    hot = sorted((-n, spot) for spot, n in found.items() if n >= LEAST)
    return tuple((spot, -n) for n, spot in hot[:most])


def _after(text: str) -> str:
    """A text behind every one that begins with `text`, and before all later ones."""
    return text + chr(0x10FFFF)
