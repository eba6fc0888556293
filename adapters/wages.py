"""劳资 E治理.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 12: wage complaints; tiered disposal, payments, closing.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class WageComplaint(Matter):
    """A complaint about unpaid wages."""

    firm: str = Field("", description="the firm")
    site: str = Field("", description="the building site")
    workers: int | None = Field(None, ge=0, description="how many are unpaid")
    tier: str = Field("", description="of disposal")


CONTRACT = Contract(
    "wages",
    "劳资 E治理",
    feeds=(feed_of("wages", "complaints", WageComplaint),),
    actions=(*actions("complaints", "dispose", "payment", "settle", "transfer"),),
    source=__doc__ or "",
)
