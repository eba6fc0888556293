"""数智瓶安.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 13: threshold alerts; verification result, address correction, hold on delivery.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class CylinderAlert(Matter):
    """An alert about deliveries or a hoard of gas cylinders."""

    cylinder: str = Field("", description="number of the cylinder")
    user: str = Field("", description="of the gas")
    deliveries: int | None = Field(None, ge=0, description="this month")
    stock: int | None = Field(None, ge=0, description="cylinders in the building")
    made: str = Field("", description="year and month of manufacture")


CONTRACT = Contract(
    "cylinders",
    "数智瓶安",
    feeds=(feed_of("cylinders", "alerts", CylinderAlert),),
    actions=(
        *actions("alerts", "verification", "transfer"),
        *actions("deliveries", "hold_delivery", "correct_address"),
    ),
    source=__doc__ or "",
)
