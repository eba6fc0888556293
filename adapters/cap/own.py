"""The center's own alert: an order of the desk as a CAP 1.2 message.

One order is one alert for ever: its identifier and times are the order's own, so that
the same order written twice is the same document.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.cap.model import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Pair,
    Point,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

HOUR = 3_600_000

LASTS = 24 * HOUR
"""How long an alert of ours stands unless it is ended before, in ms."""

RADIUS_KM = 1.0
"""Around the place of the incident."""

_SEVERITY = {1: Severity.EXTREME, 2: Severity.SEVERE, 3: Severity.MODERATE, 4: Severity.MINOR}
_CATEGORY = {
    "alert.weather": Category.MET,
    "alert.flood": Category.MET,
    "alert.geology": Category.GEO,
    "alert.health": Category.HEALTH,
    "fire": Category.FIRE,
    "traffic": Category.TRANSPORT,
    "crime": Category.SECURITY,
    "rescue": Category.RESCUE,
    "medical": Category.HEALTH,
}
_MOST = 160
"""Characters of a headline (3.2.2, headline)."""


def identifier_of(key: str) -> str:
    """An order's key as an identifier: without the signs that CAP forbids in one."""
    return "".join("." if sign in " ,<&" else sign for sign in key)


def alert_of(
    body: Mapping[str, str | int | float | None], key: str, sender: str, event: str = ""
) -> Alert:
    """The alert of an order.

    Args:
        body: what may be public, as the desk fills it; everything in it is published.
        key: its idempotency key.
        sender: who the center is.
        event: the name of the event; by default the first words of the text.
    """

    def text(name: str) -> str:
        return " ".join(str(body.get(name) or "").split())

    sent = int(body.get("at") or 0)
    sent -= sent % 1_000
    words = text("words") or text("text") or text("number")
    priority = int(body.get("priority") or 3)
    lat, lon = body.get("lat"), body.get("lon")
    known = isinstance(lat, float) and isinstance(lon, float)
    area = Area(
        text("place") or text("town") or text("district") or text("number"),
        circles=(Circle(Point(round(float(lat), 6), round(float(lon), 6)), RADIUS_KM),)
        if known and lat is not None and lon is not None
        else (),
    )
    info = Info(
        (_category(text("category")),),
        event or words[:30],
        Urgency.IMMEDIATE if priority == 1 else Urgency.EXPECTED,
        _SEVERITY.get(priority, Severity.UNKNOWN),
        Certainty.LIKELY,
        language="zh-CN",
        response_types=(ResponseType.PREPARE,),
        expires=sent + LASTS,
        headline=words[:_MOST],
        description=text("text"),
        instruction=text("instruction"),
        parameters=(Pair("incident", text("number")),),
        areas=(area,),
    )
    return Alert(
        identifier_of(key),
        sender,
        sent,
        Status.ACTUAL,
        MsgType.ALERT,
        Scope.PUBLIC,
        incidents=(identifier_of(text("number")),) if text("number") else (),
        infos=(info,),
    )


def _category(code: str) -> Category:
    fits = [name for name in _CATEGORY if code == name or code.startswith(f"{name}.")]
    return _CATEGORY[max(fits, key=len)] if fits else Category.SAFETY
