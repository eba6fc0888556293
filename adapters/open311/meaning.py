"""What a request and an update mean to the center, and back: `Report` and the two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from adapters.open311 import moments
from adapters.open311.model import CLOSED, OPEN, More, ServiceRequest, Update
from adapters.port import Order, Report

UNSORTED = "unsorted"
"""The service of a request that nobody has sorted yet."""

ACTIONS = (
    "sign",
    "handle",
    "answer",
    "finish",
    "return",
    "extend",
    "urge",
    "supervise",
    "callback",
    "transfer",
)
"""What a work order's other side can be told or asked; the extension's events."""

_TOLD = ("expected", "notes", "agency", "notice", "status", "stage")
"""Facts that a request has fields for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of service: its code there, our category, its name, and the group it is in."""

    code: str
    category: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A system that speaks Open311 with us: its kinds, and what it takes."""

    system: str
    title: str
    kinds: tuple[Kind, ...]
    actions: tuple[str, ...] = ACTIONS
    source: str = ""
    by_code: Mapping[str, Kind] = field(init=False)
    by_category: Mapping[str, Kind] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {one.code: one for one in self.kinds})
        object.__setattr__(self, "by_category", {one.category: one for one in self.kinds})

    def category(self, code: str) -> str:
        """Our category of a service; a code that is not agreed stays as it is."""
        known = self.by_code.get(code)
        return known.category if known is not None else "" if code == UNSORTED else code

    def code(self, category: str) -> str:
        """The service of a category; one that is not agreed has the category's own name."""
        known = self.by_category.get(category)
        return known.code if known is not None else category or UNSORTED

    def nearest(self, category: str) -> str:
        """The service that a category belongs to, for a system that takes only its own."""
        while category:
            if (known := self.by_category.get(category)) is not None:
                return known.code
            category = category.rpartition(".")[0]
        return self.kinds[-1].code


def report_of(profile: Profile, base: str, one: ServiceRequest) -> Report:
    """What a request reports.

    Args:
        profile: of the system.
        base: where the system is, to name its pictures by their place below it.
        one: the request.
    """
    more = one.more
    facts = {
        "expected": one.deadline,
        "notes": one.status_notes,
        "agency": one.agency,
        "notice": one.notice,
        "status": one.status if one.status == CLOSED else "",
        "stage": more.stage,
        **dict(more.facts),
    }
    return Report(
        profile.system,
        one.id,
        one.description or one.service_name or one.service_code,
        one.requested,
        category=profile.category(one.service_code),
        place=one.address,
        town=more.town,
        lat=one.lat,
        lon=one.lon,
        caller=more.person,
        phone=more.phone,
        priority=more.priority,
        fraud_class=more.fraud_class,
        amount_at_risk=more.amount,
        facts={name: value for name, value in facts.items() if value},
        # What the center handed over comes back as theirs, and is not a matter of its own.
        refers=more.incident,
        event="registered" if more.incident else "",
        photos=_photos(base, one.media_url, more.photos),
    )


def report_of_update(profile: Profile, base: str, one: Update) -> Report:
    """What an update reports; see `report_of`."""
    more = one.more
    facts = {"stage": more.stage, **dict(more.facts)}
    return Report(
        profile.system,
        one.id,
        one.description,
        one.at,
        priority=more.priority,
        facts={name: value for name, value in facts.items() if value},
        refers=one.about,
        event=one.event,
        photos=_photos(base, one.media_url, more.photos),
    )


def request_of(profile: Profile, said: Report) -> ServiceRequest:
    """The request that would report this."""
    facts = dict(said.facts)
    code = profile.code(said.category)
    known = profile.by_code.get(code)
    deadline = facts.get("expected", "")
    return ServiceRequest(
        id=said.source_id,
        status=CLOSED if facts.get("status") == CLOSED else OPEN,
        service_code=code,
        requested=said.occurred or 0,
        expected=moments.read(deadline) if deadline else None,
        deadline=deadline,
        service_name=known.name if known is not None else "",
        description=said.text,
        status_notes=facts.get("notes", ""),
        agency=facts.get("agency", ""),
        notice=facts.get("notice", ""),
        address=said.place,
        lat=said.lat,
        lon=said.lon,
        media_url=said.photos[0] if said.photos else "",
        more=More(
            person=said.caller,
            phone=said.phone,
            town=said.town,
            stage=facts.get("stage", ""),
            fraud_class=said.fraud_class,
            priority=said.priority,
            amount=said.amount_at_risk,
            photos=said.photos[1:],
            facts=tuple((name, one) for name, one in facts.items() if name not in _TOLD),
        ),
    )


def update_of(said: Report) -> Update:
    """The update that would report this."""
    facts = dict(said.facts)
    return Update(
        id=said.source_id,
        about=said.refers,
        event=said.event,
        at=said.occurred or 0,
        description=said.text,
        media_url=said.photos[0] if said.photos else "",
        more=More(
            stage=facts.get("stage", ""),
            priority=said.priority,
            photos=said.photos[1:],
            facts=tuple((name, one) for name, one in facts.items() if name != "stage"),
        ),
    )


def event_form(order: Order) -> dict[str, str]:
    """An order as the fields of an event."""
    said = {
        "action": order.action,
        "incident": order.incident,
        "at": moments.write(int(order.body.get("at") or 0)),
        **{name: str(order.body.get(name) or "") for name in ("seat", "words", "outcome", "days")},
    }
    return {name: value for name, value in said.items() if value}


def request_form(profile: Profile, order: Order) -> dict[str, str]:
    """A matter that is handed over, as the fields of a new request (GeoReport v2, POST)."""
    body = order.body
    said = {
        "service_code": profile.nearest(str(body.get("category") or "")),
        "description": " ".join(str(body.get(name) or "") for name in ("text", "words")).strip(),
        "address_string": str(body.get("place") or ""),
        "lat": str(body.get("lat") or ""),
        "long": str(body.get("lon") or ""),
        "first_name": str(body.get("person") or ""),
        "phone": str(body.get("phone") or ""),
        "account_id": order.incident,
        "town": str(body.get("town") or ""),
        "at": moments.write(int(body.get("at") or 0)),
        "seat": str(body.get("seat") or ""),
    }
    return {name: value for name, value in said.items() if value}


def _photos(base: str, first: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_below(base, one) for one in (first, *others) if one))


def _below(base: str, url: str) -> str:
    """A picture's place below the system's own; as it stands when it lies elsewhere."""
    base = base.rstrip("/") + "/"
    try:
        there, here = urlsplit(urljoin(base, url)), urlsplit(base)
        same = (there.scheme, there.netloc) == (here.scheme, here.netloc)
    except ValueError:
        return url
    if not same or not there.path.startswith(here.path):
        return url
    rest = there.path[len(here.path) :]
    return f"{rest}?{there.query}" if there.query else rest
