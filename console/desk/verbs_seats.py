"""Verbs between seats: an incident goes over from one to another (移交, 接管)."""

from __future__ import annotations

from console.desk.verb import Kind, Names, Param, Verb
from console.domain.incident import Incident
from console.domain.lifecycle import OPEN, State, state_label
from console.domain.message import Message, msg

_INCIDENT = Param(Kind.INCIDENT, required=False)
_TEXT = Param(Kind.TEXT, required=False)


class _Between(Verb):
    """An incident that is still open goes from seat to seat."""

    number_first = True

    def blocked(self, incident: Incident) -> Message | None:
        if incident.state in OPEN:
            return None
        return msg(
            "lifecycle.not_from",
            verb=self.label,
            state=state_label(incident.state),
            number=incident.short,
            seat=incident.seat,
        )


class HandOver(_Between):
    """Give an incident to another seat."""

    id = "handover"
    names = Names("移交", "handover", "yijiao", "交接, 交出, hand over")
    params = (_INCIDENT, Param(Kind.SEAT), _TEXT)
    example = ("移交 42 二席 家属在路上", "handover 42 二席 the family is coming")
    does = "console.desk.act.handover:hand_over"
    previews = "console.desk.act.handover:would_hand_over"


class TakeOver(_Between):
    """Take an incident that another seat has."""

    id = "takeover"
    names = Names("接管", "takeover", "jieguan", "接手, take over")
    params = (_INCIDENT, _TEXT)
    example = ("接管 42 二席离席", "takeover 42 二席 has left the desk")
    does = "console.desk.act.handover:take_over"
    previews = "console.desk.act.handover:would_take_over"

    def blocked(self, incident: Incident) -> Message | None:
        if incident.state is State.NEW:
            return msg("takeover.nobodys", number=incident.short)
        return super().blocked(incident)


SEAT_VERBS: tuple[type[Verb], ...] = (HandOver, TakeOver)
