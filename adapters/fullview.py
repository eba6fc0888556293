"""全量信息视图.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 14: warnings from the ten scenarios; zone plans, corrected addresses. Pages are
NDJSON.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class LayerWarning(Matter):
    """A warning of one of the ten scenarios."""

    layer: str = Field("", description="the layer it comes from")
    scenario: str = Field("", description="the warning scenario")


CONTRACT = Contract(
    "fullview",
    "全量信息视图",
    feeds=(feed_of("fullview", "warnings", LayerWarning),),
    actions=(
        *actions("zones", "zone_plan"),
        *actions("addresses", "correct_address", "transfer"),
    ),
    ndjson=True,
    source=__doc__ or "",
)
