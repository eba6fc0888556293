"""What an alert means to the desk: an `Alert` to a `Report`, or why it is kept apart.

A message of a status other than Actual is about no real event (CAP 1.2, 3.2.1, status),
Ack and Error answer somebody else's; neither ever becomes an incident. An Update or a
Cancel goes on with what it names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from adapters.cap import values
from adapters.cap.model import Alert, Area, Category, Info, MsgType, Point, Reference, Severity
from adapters.port import Apart, Report

SYSTEM = "cap"

LANGUAGES = ("zh-CN", "en")
"""The languages in which an alert is read, the best first."""

PRIORITY: Mapping[Severity, int] = {
    Severity.EXTREME: 1,
    Severity.SEVERE: 2,
    Severity.MODERATE: 3,
    Severity.MINOR: 4,
    Severity.UNKNOWN: 3,
}
"""Red to blue (气象灾害预警信号) are Extreme to Minor; what is not known is taken as yellow."""

_CATEGORIES: Mapping[Category, str] = {
    Category.MET: "alert.weather",
    Category.GEO: "alert.geology",
    Category.HEALTH: "alert.health",
}
_FLOOD = ("洪水", "山洪", "汛情", "内涝", "水位", "flood")

LONGEST = 400
"""Characters of a fact."""


def key_of(reference: Reference) -> str:
    """The id of a message as a source's id: neither part may hold a comma (3.2.1)."""
    return f"{reference.sender},{reference.identifier}"


def kept_apart(alert: Alert) -> str:
    """Why an alert raises nothing (one of `adapters.port.APART`), or ""."""
    if alert.status.value != "Actual":
        return alert.status.value.lower()
    return "answer" if alert.msg_type in (MsgType.ACK, MsgType.ERROR) else ""


def has_expired(alert: Alert, at: int | None) -> bool:
    """Whether everything that it says was over at `at` (ms UTC)."""
    ends = [info.expires for info in alert.infos]
    return at is not None and bool(ends) and all(end is not None and end <= at for end in ends)


def apart(alert: Alert, reason: str, raw: bytes) -> Apart:
    """An alert as it is kept apart."""
    return Apart(key_of(alert.reference), reason, words_of(alert), raw.decode("utf-8", "replace"))


def words_of(alert: Alert) -> str:
    """What an alert says, in the best language: headline, description, what to do."""
    infos = alert.in_language(*LANGUAGES)
    if not infos:
        return alert.note or alert.identifier
    said: dict[str, None] = {}
    for info in infos:
        for text in (info.headline or info.event, info.description, info.instruction):
            if text:
                said[" ".join(text.split())] = None
    return " ".join(said)


def report_of(alert: Alert, refers: Reference | None = None, part: int = 0) -> Report:
    """The report that an actual alert is.

    Args:
        alert: an Alert, Update or Cancel of status Actual.
        refers: what it goes on with; None when it is a matter of its own.
        part: an Update may go on with several matters; from the second on they are told apart.
    """
    infos = alert.in_language(*LANGUAGES)
    first = infos[0] if infos else None
    centre = next((c for area in alert.areas() if (c := _centre(area)) is not None), None)
    event = {MsgType.UPDATE: "updated", MsgType.CANCEL: "cancelled"}.get(alert.msg_type, "")
    if event and alert.is_over:
        event = "cancelled"
    return Report(
        SYSTEM,
        key_of(alert.reference) + (f",{part + 1}" if part else ""),
        words_of(alert),
        alert.sent,
        category=_category(first) if first is not None else "alert",
        place=", ".join(dict.fromkeys(a.description for info in infos for a in info.areas)),
        lat=centre.lat if centre is not None else None,
        lon=centre.lon if centre is not None else None,
        caller=(first.sender_name if first is not None else "") or alert.sender,
        phone=first.contact if first is not None else "",
        priority=None
        if event == "cancelled"
        else min((PRIORITY[info.severity] for info in alert.infos), default=None),
        facts=_facts(alert, first),
        refers=key_of(refers) if refers is not None else "",
        event=event if refers is not None else "",
    )


def _category(info: Info) -> str:
    said = f"{info.event} {info.headline}".casefold()
    if any(word in said for word in _FLOOD):
        return "alert.flood"
    return next((_CATEGORIES[one] for one in info.categories if one in _CATEGORIES), "alert")


def _facts(alert: Alert, info: Info | None) -> dict[str, str]:
    facts = {"alert_id": alert.identifier}
    if info is not None:
        facts |= {
            "alert_event": info.event,
            "severity": info.severity.value,
            "urgency": info.urgency.value,
            "certainty": info.certainty.value,
            "effective": _moment(info.effective),
            "onset": _moment(info.onset),
            "expires": _moment(info.expires),
            "web": info.web,
        }
        others = [one for one in alert.languages if one != info.language]
        if others:
            facts["languages"] = ", ".join([info.language, *others])
    if any(odd.reason == "version" for odd in alert.warnings):
        facts["warned"] = "CAP 1.1"
    elif alert.warnings:
        odd = alert.warnings[0]
        facts["warned"] = f"{odd.where or odd.element}: {odd.reason}"
    return {name: value[:LONGEST] for name, value in facts.items() if value}


def _moment(ms: int | None) -> str:
    return "" if ms is None else values.write_moment(ms, 8 * 60)


def _centre(area: Area) -> Point | None:
    """The middle of an area's first shape; None when it has none.

    Of a polygon it is the mean of its corners: near enough to find the town.
    """
    if area.polygons:
        corners = area.polygons[0][:-1]
        return Point(
            math.fsum(p.lat for p in corners) / len(corners),
            math.fsum(p.lon for p in corners) / len(corners),
        )
    return area.circles[0].centre if area.circles else None
