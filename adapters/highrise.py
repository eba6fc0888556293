"""高层建筑消防.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 11: control-room alarms and building dossiers; turnout, evacuation, repair.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Contract
from adapters.matter import Matter, actions, feed_of


class ControlRoomAlarm(Matter):
    """An alarm of a fire control room."""

    building: str = Field("", description="the building")
    storey: int | None = Field(None, description="storey of the alarm")
    height_m: int | None = Field(None, ge=0, description="of the building, metres")
    hydrants: str = Field("", description="where they are")
    key_holder: str = Field("", description="who has the keys")


CONTRACT = Contract(
    "highrise",
    "高层建筑消防",
    feeds=(feed_of("highrise", "alarms", ControlRoomAlarm),),
    actions=(
        *actions(
            "buildings",
            "turnout",
            "evacuate",
            "repair",
            "facilities",
            "transfer",
        ),
    ),
    source=__doc__ or "",
)
