"""隐患管家.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 9: hazards found by firms; 查整销用.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class Hazard(Matter):
    """A hazard that a firm's administrator uploaded."""

    firm: str = Field("", description="the firm")
    hazard_class: str = Field("", description="class as a machine recognised it")
    confidence: float | None = Field(None, ge=0, le=1, description="of the recognition, 0 to 1")


CONTRACT = Contract(
    "hazards",
    "隐患管家",
    feeds=(feed_of("hazards", "hazards", Hazard),),
    actions=(
        *actions(
            "hazards",
            "order_fix",
            "reinspect",
            "sign_off",
            "reuse",
            "supervise",
            "enforce",
            "transfer",
        ),
    ),
    source=__doc__ or "",
)
