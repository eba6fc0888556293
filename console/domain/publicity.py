"""What may be told to everybody, and how: which incidents, their place to the street, what to do.

A public alert is read by neighbours, newspapers and whoever was told on. So it is made of the
kind of the incident, the town and the road, and what people should do, and never of what
somebody said to us.
"""

from __future__ import annotations

from console.domain.addresses import Gazetteer, road_parts
from console.domain.categories import within
from console.domain.incident import Incident
from console.domain.message import Message, msg

TOLD = ("alert", "city", "fire", "hazard.public", "traffic")
"""Categories that concern everybody, with everything below them."""

UNTOLD = ("traffic.code",)
"""Categories below these that are a person's own."""

TO_EVERYBODY = frozenset({"alert", "bulletin", "notice"})
"""Actions of orders that are read by everybody: warnings, the app's bulletins, the group."""

COARSE = 2
"""Decimals of a position that everybody may see: about a kilometre."""

WARNINGS = "cap"
"""The source whose words were public before they came to us."""


def why_not(incident: Incident) -> Message | None:
    """Why an incident is not for everybody's ears; None when it is.

    A fact of secrecy counts whatever it says: better one too many is held back.
    """
    if "secret" in dict(incident.facts):
        return msg("publicity.secret", number=incident.short)
    code = incident.category
    told = any(within(code, one) for one in TOLD)
    if not told or any(within(code, one) for one in UNTOLD):
        return msg("publicity.personal", number=incident.short)
    return None


def street(gazetteer: Gazetteer, place: str, town: str) -> str:
    """A place down to the road or the estate, as far as the gazetteer knows it.

    Args:
        gazetteer: the names of the district; no other word of the place is said.
        place: as it is known, a house and a flat perhaps in it.
        town: code of the town, "" when it is not known otherwise.
    """
    read = gazetteer.read(place)
    known = gazetteer.towns.get(town) or gazetteer.towns.get(read.town)
    roads = [road for road in road_parts(read.road) if road in gazetteer.roads]
    village = read.village if read.village in gazetteer.villages else ""
    return "".join((known.name if known is not None else "", village, "与".join(roads)))


def coarse(degrees: float | None) -> float | None:
    """A latitude or longitude as everybody may see it."""
    return None if degrees is None else round(degrees, COARSE)


def what_to_do(category: str) -> Message:
    """What people should do about an incident of a category."""
    top = category.partition(".")[0]
    if top == "fire":
        return msg("publicity.do_fire")
    if top == "traffic":
        return msg("publicity.do_traffic")
    if top == "alert":
        return msg("publicity.do_alert")
    if top == "fraud":
        return msg("publicity.do_fraud")
    return msg("publicity.do_other")
