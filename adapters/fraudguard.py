"""金钟罩: warnings of fraud that is going on, and what was done about each.

Contract of our own: no public interface description exists. Levels are 高/中/低; a
payment stop (止付) lasts 48 hours. Source: the article; design page *systems*, row 7.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from adapters.contract import Action, Contract, Event, Feed, Item, basics, millis, moment
from adapters.port import Order, Report

SYSTEM = "fraudguard"

LEVELS = {"高": 1, "中": 2, "低": 3}
"""Published level -> priority."""


class FraudWarning(Item):
    """A warning that somebody is being defrauded, or what became of an earlier one."""

    level: Literal["高", "中", "低", ""] = ""
    fraud_class: str = ""
    phone: str = ""
    person: str = ""
    place: str = ""
    town: str = ""
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    expected_loss: int | None = Field(None, ge=0, description="Whole yuan.")
    platform: str = Field("", description="What the suspect speaks through.")
    family: str = Field("", description="Whom of the family one can reach.")
    facts: dict[str, str] = Field(default_factory=dict, description="What else is known, in words.")


_OWN = ("level", "platform", "family")


def report(one: FraudWarning) -> Report:
    """A warning as a report."""
    return Report(
        SYSTEM,
        one.id,
        one.text or one.fraud_class,
        millis(one.at),
        category="fraud.warning",
        place=one.place,
        town=one.town,
        lat=one.lat,
        lon=one.lon,
        caller=one.person,
        phone=one.phone,
        priority=LEVELS.get(one.level),
        fraud_class=one.fraud_class,
        amount_at_risk=one.expected_loss,
        facts={**one.facts, **{name: value for name in _OWN if (value := getattr(one, name))}},
        refers=one.refers,
        event=one.event,
    )


def item(said: Report) -> FraudWarning:
    """The way back, for the simulator."""
    level = next((name for name, p in LEVELS.items() if p == said.priority), "")
    return FraudWarning.model_validate(
        {
            "id": said.source_id,
            "at": moment(said.occurred),
            "text": said.text,
            "refers": said.refers,
            "event": said.event,
            "level": said.facts.get("level", level),
            "fraud_class": said.fraud_class,
            "phone": said.phone,
            "person": said.caller,
            "place": said.place,
            "town": said.town,
            "lat": said.lat,
            "lon": said.lon,
            "expected_loss": said.amount_at_risk,
            "platform": said.facts.get("platform", ""),
            "facts": {name: value for name, value in said.facts.items() if name not in _OWN},
            "family": said.facts.get("family", ""),
        }
    )


class Deed(Event):
    """A result of a call or a visit, a payment stop, an outcome."""

    phone: str = ""
    account: str = ""
    bank: str = ""
    amount: int | None = Field(None, ge=0, description="Whole yuan.")
    place: str = ""
    firm: str = Field("", description="Whom a police-firm request is for.")
    wish: Literal["warn", "block", ""] = Field("", description="What the firm is asked to do.")


def deed(order: Order) -> Deed:
    """An order as the system takes it."""
    body = order.body
    return Deed.model_validate(
        {
            **basics(order),
            "phone": str(body.get("phone") or ""),
            "account": str(body.get("account") or ""),
            "bank": str(body.get("bank") or ""),
            "amount": body.get("amount"),
            "place": str(body.get("place") or ""),
            "firm": str(body.get("firm") or ""),
            "wish": str(body.get("wish") or ""),
        }
    )


WARNINGS, STOPS = "warnings", "payment-stops"
STOP_ACTIONS = ("payment_stop", "extend_stop", "freeze", "release", "return_money")

CONTRACT = Contract(
    SYSTEM,
    "金钟罩",
    feeds=(Feed(WARNINGS, FraudWarning, report, item),),
    actions=(
        *(
            Action(name, WARNINGS, Deed, deed)
            for name in (
                "signed",
                "call_result",
                "dissuasion",
                "visit_result",
                "family_notified",
                "outcome",
                "request",
                "closed",
                "transfer",
            )
        ),
        *(Action(name, STOPS, Deed, deed) for name in STOP_ACTIONS),
    ),
    source=__doc__ or "",
)
