"""What GeoReport speaks of, as values; each is read from a node and written as one.

Times in ms UTC. Source: GeoReport v2, "GET service requests" and its JSON schemas. Fields
that the standard has and nobody here reads are let through unread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.open311 import moments
from adapters.open311.wire import Node, Value, WireError, part, text, texts

LONGEST_ID = 300
LONGEST_TEXT = 4_000
"""Characters of a description (the standard's own limit)."""

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True)
class More:
    """What the standard has no field for: ``extended_attributes``.

    `incident` is the receiving center's own number of the matter, when it comes from there.
    `priority` is 1 to 4, 1 the highest; `amount` in whole yuan; `photos` as `media_url`.
    """

    incident: str = ""
    person: str = ""
    phone: str = ""
    town: str = ""
    stage: str = ""
    fraud_class: str = ""
    priority: int | None = None
    amount: int | None = None
    photos: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request. `deadline` is ``expected_datetime`` in the zone in which it was said."""

    id: str
    status: str
    service_code: str
    requested: int
    updated: int | None = None
    expected: int | None = None
    deadline: str = ""
    service_name: str = ""
    description: str = ""
    status_notes: str = ""
    agency: str = ""
    notice: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    media_url: str = ""
    more: More = field(default_factory=More)

    @property
    def changed(self) -> int:
        """When it last changed."""
        return self.requested if self.updated is None else self.updated


@dataclass(frozen=True, slots=True)
class Update:
    """Something that has happened to a request. `about` is its id, or the center's number."""

    id: str
    about: str
    event: str
    at: int
    description: str = ""
    media_url: str = ""
    more: More = field(default_factory=More)


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What a system says to an event. `state` is ``confirmed`` or ``refused``."""

    state: str
    reference: str = ""
    words: str = ""
    notice: str = ""


# --- reading -----------------------------------------------------------------------


def request(node: Mapping[str, Node]) -> ServiceRequest:
    """A request.

    Raises:
        WireError: a field is missing or is not what the standard says.
    """
    status = text(node, "status").lower()
    if status not in (OPEN, CLOSED):
        raise WireError("status: open or closed")
    return ServiceRequest(
        id=_id(node, "service_request_id"),
        status=status,
        service_code=_needed(node, "service_code"),
        requested=_needed_moment(node, "requested_datetime"),
        updated=_moment(node, "updated_datetime"),
        expected=_moment(node, "expected_datetime"),
        deadline=text(node, "expected_datetime"),
        service_name=text(node, "service_name"),
        description=text(node, "description"),
        status_notes=text(node, "status_notes"),
        agency=text(node, "agency_responsible"),
        notice=text(node, "service_notice"),
        address=text(node, "address"),
        lat=_degrees(node, "lat", 90),
        lon=_degrees(node, "long", 180),
        media_url=text(node, "media_url"),
        more=_more(node),
    )


def update(node: Mapping[str, Node]) -> Update:
    """An update.

    Raises:
        WireError: a field is missing or is not what was agreed.
    """
    return Update(
        id=_id(node, "update_id"),
        about=_id(node, "service_request_id"),
        event=text(node, "event"),
        at=_needed_moment(node, "updated_datetime"),
        description=text(node, "description"),
        media_url=text(node, "media_url"),
        more=_more(node),
    )


def answer(node: Mapping[str, Node]) -> EventAnswer:
    """The answer to an event or to a new request.

    Raises:
        WireError: it says neither.
    """
    state, id_ = text(node, "state"), text(node, "service_request_id")
    # A server without our extension only says which request it has made.
    state = state or ("confirmed" if id_ or text(node, "token") else "")
    if state not in ("confirmed", "refused"):
        raise WireError("state: confirmed or refused")
    reference = text(node, "reference") or id_ or text(node, "token")
    return EventAnswer(state, reference, text(node, "words"), text(node, "service_notice"))


def _more(node: Mapping[str, Node]) -> More:
    said = part(node, "extended_attributes")
    priority = _whole(said, "priority")
    if priority is not None and not 1 <= priority <= 4:
        raise WireError("priority: 1 to 4")
    facts = part(said, "facts")
    return More(
        incident=text(said, "incident"),
        person=text(said, "person"),
        phone=text(said, "phone"),
        town=text(said, "town"),
        stage=text(said, "stage"),
        fraud_class=text(said, "fraud_class"),
        priority=priority,
        amount=_whole(said, "amount"),
        photos=texts(said, "photos"),
        facts=tuple((name, one) for name, one in facts.items() if isinstance(one, str) and one),
    )


def _needed(node: Mapping[str, Node], name: str) -> str:
    found = text(node, name)
    if not found:
        raise WireError(f"{name}: missing")
    return found


def _id(node: Mapping[str, Node], name: str) -> str:
    found = _needed(node, name)
    if len(found) > LONGEST_ID:
        raise WireError(f"{name}: {len(found)} characters")
    return found


def _moment(node: Mapping[str, Node], name: str) -> int | None:
    said = text(node, name)
    if not said:
        return None
    try:
        return moments.read(said)
    except moments.MomentError as error:
        raise WireError(f"{name}: {error}") from error


def _needed_moment(node: Mapping[str, Node], name: str) -> int:
    found = _moment(node, name)
    if found is None:
        raise WireError(f"{name}: missing")
    return found


def _degrees(node: Mapping[str, Node], name: str, most: float) -> float | None:
    said = text(node, name)
    if not said:
        return None
    try:
        found = float(said)
    except ValueError:
        raise WireError(f"{name}: no number") from None
    if not math.isfinite(found) or abs(found) > most:
        raise WireError(f"{name}: not on the earth")
    return found


def _whole(node: Mapping[str, Node], name: str) -> int | None:
    said = text(node, name)
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= 15):
        raise WireError(f"{name}: no whole number")
    return int(said)


# --- writing -----------------------------------------------------------------------


def write_request(one: ServiceRequest, offset: int = 0) -> dict[str, Value]:
    """A request with every field of the standard, those that say nothing as null.

    Args:
        one: the request.
        offset: the zone its times are written in, minutes ahead of UTC.
    """
    values: dict[str, Value] = {
        "service_request_id": one.id,
        "status": one.status,
        "status_notes": one.status_notes or None,
        "service_name": one.service_name or None,
        "service_code": one.service_code,
        "description": one.description[:LONGEST_TEXT] or None,
        "agency_responsible": one.agency or None,
        "service_notice": one.notice or None,
        "requested_datetime": moments.write(one.requested, offset),
        "updated_datetime": _written(one.updated, offset),
        "expected_datetime": one.deadline or _written(one.expected, offset),
        "address": one.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": one.lat,
        "long": one.lon,
        "media_url": one.media_url or None,
    }
    return {**values, **_write_more(one.more)}


def write_update(one: Update, offset: int = 0) -> dict[str, Value]:
    """An update; see `write_request`."""
    values: dict[str, Value] = {
        "update_id": one.id,
        "service_request_id": one.about,
        "event": one.event or None,
        "updated_datetime": moments.write(one.at, offset),
        "description": one.description[:LONGEST_TEXT] or None,
        "media_url": one.media_url or None,
    }
    return {**values, **_write_more(one.more)}


def write_answer(one: EventAnswer) -> dict[str, Value]:
    """The answer to an event."""
    return {"state": one.state, "reference": one.reference or None, "words": one.words or None}


def _written(ms: int | None, offset: int) -> str | None:
    return None if ms is None else moments.write(ms, offset)


def _write_more(one: More) -> dict[str, Value]:
    said: dict[str, Value] = {
        "incident": one.incident,
        "person": one.person,
        "phone": one.phone,
        "town": one.town,
        "stage": one.stage,
        "fraud_class": one.fraud_class,
        "priority": one.priority,
        "amount": one.amount,
        "photos": list(one.photos),
        "facts": dict(one.facts),
    }
    said = {name: value for name, value in said.items() if value not in ("", None, [], {})}
    return {"extended_attributes": said} if said else {}
