"""What most systems' items have in common, and how such an item is a report and back.

A system's own model adds its own fields; each of them that is said is a fact of the
report, under the field's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import Field

from adapters.contract import Action, Event, Feed, Item, basics, millis, moment
from adapters.port import Order, Report


class Matter(Item):
    """A matter with a place, a person and a level."""

    category: str = Field("", description="The system's own category, where it has one.")
    place: str = ""
    town: str = ""
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    person: str = ""
    phone: str = ""
    level: int | None = Field(None, ge=1, le=4, description="Priority, 1 the highest.")
    fraud_class: str = ""
    amount: int | None = Field(None, ge=0, description="Money in danger or in dispute, whole yuan.")
    facts: dict[str, str] = Field(default_factory=dict, description="What else is known, in words.")


M = TypeVar("M", bound=Matter)

_COMMON = frozenset(Matter.model_fields)


def feed_of(system: str, name: str, model: type[M]) -> Feed[M]:
    """A feed of such items.

    Args:
        system: the source of the reports.
        name: of the feed, in the path.
        model: of its items.
    """
    own = [field for field in model.model_fields if field not in _COMMON]

    def report(one: M) -> Report:
        said = {field: getattr(one, field) for field in own}
        facts = {**one.facts, **{name: str(value) for name, value in said.items() if _said(value)}}
        return Report(
            system,
            one.id,
            one.text,
            millis(one.at),
            category=one.category,
            place=one.place,
            town=one.town,
            lat=one.lat,
            lon=one.lon,
            caller=one.person,
            phone=one.phone,
            priority=one.level,
            fraud_class=one.fraud_class,
            amount_at_risk=one.amount,
            facts=facts,
            refers=one.refers,
            event=one.event,
            photos=tuple(one.photos),
        )

    def item(said: Report) -> M:
        return model.model_validate(_fields(said, own))

    return Feed(name, model, report, item)


def _said(value: object) -> bool:
    return value is not None and value != "" and value is not False


def _fields(said: Report, own: list[str]) -> dict[str, Any]:
    facts: Mapping[str, str] = said.facts
    return {
        **{name: value for name, value in facts.items() if name in own},
        "id": said.source_id,
        "at": moment(said.occurred),
        "text": said.text,
        "refers": said.refers,
        "event": said.event,
        "photos": list(said.photos),
        "category": said.category,
        "place": said.place,
        "town": said.town,
        "lat": said.lat,
        "lon": said.lon,
        "person": said.caller,
        "phone": said.phone,
        "level": said.priority,
        "fraud_class": said.fraud_class,
        "amount": said.amount_at_risk,
        "facts": {name: value for name, value in facts.items() if name not in own},
    }


class Deed(Event):
    """What was done, or what the system is asked to do, about a matter."""

    place: str = ""
    town: str = ""
    category: str = ""
    text: str = ""
    phone: str = ""
    person: str = ""
    amount: int | None = Field(None, description="Whole yuan.")
    subject: str = Field("", description="The phone or account that is asked about.")


def deed(order: Order) -> Deed:
    """An order as the system takes it."""
    body = order.body
    said = {
        name: str(body.get(name) or "")
        for name in ("place", "town", "category", "text", "phone", "person", "subject")
    }
    return Deed.model_validate({**basics(order), **said, "amount": body.get("amount")})


def actions(resource: str, *names: str) -> tuple[Action[Deed], ...]:
    """Actions about the things of one resource."""
    wanted: Callable[[Order], Deed] = deed
    return tuple(Action(name, resource, Deed, wanted) for name in names)
