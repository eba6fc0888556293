"""交管一图一码.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 10: accidents; dispatch, measures on a road, code review.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class Accident(Matter):
    """An accident on a road."""

    severity: str = Field("", description="severity")
    injured: int | None = Field(None, ge=0, description="people injured")
    deaths: int | None = Field(None, ge=0, description="people killed")
    road: str = Field("", description="the road")
    safety_code: str = Field("", description="green, yellow or red")


CONTRACT = Contract(
    "traffic",
    "交管一图一码",
    feeds=(feed_of("traffic", "accidents", Accident),),
    actions=(
        *actions(
            "accidents",
            "dispatched",
            "dispatch",
            "arrived",
            "cleared",
            "record",
            "fatal",
            "closed",
            "transfer",
        ),
        *actions("roads", "measure"),
        *actions("codes", "review_code"),
    ),
    source=__doc__ or "",
)
