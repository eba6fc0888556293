"""110 联动平台.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 1: calls with the whole chain of times; accept, dispatch, arrival, feedback,
transfer to 12345.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of
from adapters.port import Report


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


LINKS = {
    "重复报警": "repeated",
    "催办": "urged",
    "民警反馈": "officer_feedback",
    "骚扰": "nuisance",
}
"""What a call that hangs together with an earlier one is, as an event of that one."""

_PLAIN = feed_of("alarm110", "calls", Call)


def report(call: Call) -> Report:
    """A call as a report; one that is linked to an earlier one says what happened to it."""
    said = _PLAIN.report(call)
    return replace(said, event=said.event or LINKS.get(call.link, "")) if call.refers else said


CONTRACT = Contract(
    "alarm110",
    "110 联动平台",
    feeds=(replace(_PLAIN, report=report),),
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
