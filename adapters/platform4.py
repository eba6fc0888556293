"""基层治理四平台.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 4: grid workers' reports and results of visits; tasks, transfers, closing.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class GridReport(Matter):
    """What a grid worker reports, or found at a door."""

    grid: str = Field("", description="the grid")
    worker: str = Field("", description="the grid worker")
    result: str = Field("", description="of a verification")


CONTRACT = Contract(
    "platform4",
    "基层治理四平台",
    feeds=(feed_of("platform4", "matters", GridReport),),
    actions=(
        *actions("matters", "transfer", "close", "urge", "supervise"),
        *actions("tasks", "visit", "verify"),
    ),
    source=__doc__ or "",
)
