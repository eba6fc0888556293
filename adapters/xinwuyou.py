"""心无忧.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 15: tenants, volunteers, mutual aid; bulletins, calls, points.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class MobileRequest(Matter):
    """A request or a deed from the mobile app."""

    kind: str = Field("", description="tenant, volunteer, aid or redemption")
    points: int | None = Field(None, ge=0, description="asked for or used")


CONTRACT = Contract(
    "xinwuyou",
    "心无忧",
    feeds=(feed_of("xinwuyou", "requests", MobileRequest),),
    actions=(
        *actions("bulletins", "bulletin", "recruit", "lesson"),
        *actions("points", "award", "transfer"),
    ),
    source=__doc__ or "",
)
