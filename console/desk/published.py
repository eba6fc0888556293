"""Alerts for everybody: what an incident may say in public, and what it has said before.

An alert that leaves the house is written into the journal with its reference, so that the
next one of the same incident is its Update, and the one after its end the Cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from console.desk.ruleset import Ruleset
from console.domain import publicity
from console.domain.clock import SECOND
from console.domain.incident import Incident, full_number, read_number
from console.domain.lifecycle import OPEN
from console.domain.masking import masked, masked_of
from console.domain.message import Label, Message, Problem, msg
from console.store import incidents, journal

if TYPE_CHECKING:
    from adapters.cap import Alert, Reference
    from console.desk.desk import Desk
    from console.desk.work import Work

VERB = "published"
"""What the journal calls it when an alert of an incident was given to everybody."""

MAY_PUBLISH = frozenset({"officer", "supervisor"})
MAY_PUBLISH_ALL = frozenset({"supervisor"})
"""Who may publish an incident that is for the public, and one that is not."""


def public_body(
    rules: Ruleset, incident: Incident, words: str = ""
) -> dict[str, str | int | float | None]:
    """What an incident may say to everybody, by the names of an order's body.

    Args:
        rules: with the names of the district.
        incident: whose.
        words: what an officer wrote for the public; numbers of persons are still taken out.
    """
    public = incident.source == publicity.WARNINGS
    place = publicity.street(rules.gazetteer, incident.place, incident.town)
    town = rules.gazetteer.towns.get(incident.town)
    label = rules.categories.get(incident.category).label.zh
    return {
        "category": incident.category,
        "priority": incident.priority,
        "place": masked(incident.place) if public else place,
        "town": town.name if town is not None else "",
        "lat": publicity.coarse(incident.lat),
        "lon": publicity.coarse(incident.lon),
        "text": masked(incident.text) if public else f"{place}: {label}" if place else label,
        "words": masked_of(words, [incident.caller], [incident.phone]),
        "phone": "",
        "person": "",
    }


def publish(
    desk: Desk,
    number: str,
    sender: str,
    center: str,
    say: Callable[[Message | Label], str],
    *,
    sure: bool = False,
    reason: str = "",
) -> bytes:
    """An incident as a CAP 1.2 alert of the center, read back to be sure, and written down.

    Args:
        desk: whose store, and who does it.
        number: of the incident.
        sender: who the center is to the machines of others.
        center: the name of the district, where no street is known.
        say: makes sentences in the language of the public.
        sure: whoever does it has said yes to publishing what is not for the public.
        reason: why that is done.

    Raises:
        Problem: no such incident, not for this seat, a yes is missing, it cannot be said in CAP.
    """
    from adapters import cap

    read = read_number(number)
    if read is None:
        raise Problem(msg("incident.bad_number", number=number))
    with desk.writing(desk.seat) as work:
        id_ = incidents.find_number(work.tx, *read)
        if id_ is None:
            raise Problem(msg("incident.unknown", number=number))
        one = work.incident(id_)
        _must_may(desk.role_of(work), one, work.seat, sure, reason)
        alert = _alert(work, one, sender, center, say)
        try:
            data = cap.write(alert)
        except cap.CapError as error:
            why = f"{error.where or error.element}: {error.reason}"
            full = full_number(work.tx.district, one.id)
            raise Problem(msg("cap.cannot", number=full, reason=why)) from error
        entry = replace(
            work.entry(VERB, one.id),
            status=alert.msg_type.value.lower(),
            source=alert.sender,
            source_id=alert.identifier,
            text=reason,
        )
        work.log(entry)
    return data


def _must_may(role: str, one: Incident, seat: str, sure: bool, reason: str) -> None:
    """Go on only when this role may publish this incident.

    Raises:
        Problem: it may not, or it has to say yes and why.
    """
    if role not in MAY_PUBLISH:
        raise Problem(msg("publicity.no_right", seat=seat))
    why = publicity.why_not(one)
    if why is None:
        return
    if role not in MAY_PUBLISH_ALL:
        raise Problem(msg("publicity.refused", why=why, seat=seat))
    if not (sure and reason):
        raise Problem(msg("publicity.asks", why=why))


def _alert(
    work: Work, one: Incident, sender: str, center: str, say: Callable[[Message | Label], str]
) -> Alert:
    """The alert that comes next: the first one, an Update, or the Cancel of what was said."""
    from adapters import cap
    from adapters.cap.own import alert_of

    before = _before(work, one.id)
    full = full_number(work.tx.district, one.id)
    label = work.rules.categories.get(one.category).label
    body = public_body(work.rules, one)
    place = body["place"] or body["town"] or center
    body |= {"number": full, "at": work.at, "place": place}
    body["words"] = say(msg("publicity.headline", place=place, event=label))
    if one.source != publicity.WARNINGS:
        body["text"] = body["words"]
    body["instruction"] = say(publicity.what_to_do(one.category))
    name = f"{full}.{len(before) + 1}" if before else full
    alert = alert_of(body, name, sender, say(label))
    if one.state in OPEN:
        kind = cap.MsgType.UPDATE if before else cap.MsgType.ALERT
        return replace(alert, msg_type=kind, references=before)
    kind = cap.MsgType.CANCEL if before else cap.MsgType.ALERT
    over = tuple(replace(info, urgency=cap.Urgency.PAST) for info in alert.infos)
    return replace(alert, msg_type=kind, references=before, infos=over)


def _before(work: Work, incident: int) -> tuple[Reference, ...]:
    """What was published of an incident, oldest first."""
    from adapters import cap

    return tuple(
        cap.Reference(one.source, one.source_id, one.at - one.at % SECOND)
        for one in journal.of_verb(work.tx, incident, VERB)
    )
