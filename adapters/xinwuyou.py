"""心无忧.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 15: tenants, volunteers, mutual aid; bulletins, calls, points.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Action, Contract
from adapters.matter import Deed, Matter, actions, deed, feed_of
from adapters.port import Order


class MobileRequest(Matter):
    """A request or a deed from the mobile app."""

    kind: str = Field("", description="tenant, volunteer, aid or redemption")
    points: int | None = Field(None, ge=0, description="asked for or used")


class Posting(Deed):
    """Points of a resident (by `phone`) that come, go, or are taken back."""

    points: int = Field(0, ge=0, description="how many; the action says which way")


def posting(order: Order) -> Posting:
    """An order about points as the app takes it."""
    points = order.body.get("points") or 0
    return Posting.model_validate({**deed(order).model_dump(), "points": points})


def _postings(*names: str) -> tuple[Action[Posting], ...]:
    return tuple(Action(name, "points", Posting, posting) for name in names)


CONTRACT = Contract(
    "xinwuyou",
    "心无忧",
    feeds=(feed_of("xinwuyou", "requests", MobileRequest),),
    actions=(
        *actions("bulletins", "bulletin", "recruit", "lesson"),
        *_postings("award", "redeem", "refuse", "take-back"),
        *actions("requests", "transfer"),
    ),
    source=__doc__ or "",
)
