"""110 联动平台.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 1: calls with the whole chain of times; accept, dispatch, arrival, feedback,
transfer to 12345.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class Call(Matter):
    """A call to 110 with the chain of its times."""

    answered: str = Field("", description="接警")
    recorded: str = Field("", description="接警完成")
    dispatched: str = Field("", description="派警")
    arrived: str = Field("", description="到达")
    reported: str = Field("", description="反馈")
    first_category: str = Field("", description="the category first given, kept for ever")
    link: str = Field("", description="重复报警, 催办, 民警反馈, 骚扰")
    secret: bool = Field(False, description="secrecy")
    call_back: bool = Field(False, description="the caller wants to be called back")


CONTRACT = Contract(
    "alarm110",
    "110 联动平台",
    feeds=(feed_of("alarm110", "calls", Call),),
    actions=(
        *actions(
            "calls",
            "accept",
            "dispatched",
            "dispatch",
            "arrived",
            "arrival",
            "feedback",
            "out",
            "closed",
            "transfer",
        ),
    ),
    source=__doc__ or "",
)
