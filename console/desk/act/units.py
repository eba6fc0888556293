"""Units: send them out, take their reports, keep their safety clocks."""

from __future__ import annotations

from dataclasses import replace

from console.desk.act.life import the_one
from console.desk.act.restoring import unit_before
from console.desk.verb import Command
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.alarm import checkin_span
from console.domain.clock import Instant
from console.domain.dispatching import Recommendation, Spot, recommend
from console.domain.incident import Incident
from console.domain.message import Message, Problem, msg
from console.domain.units import UnitStatus, UnitView, dispatch_refused, status_refused
from console.store import incidents, units
from console.store.units import AssignmentNow, UnitNow


def dispatch(work: Work, command: Command) -> Message:
    """Send units; without names, the recommended ones."""
    old = the_one(work, command)
    names = command.units or recommended(work, old)
    chosen: list[UnitNow] = []
    for name in dict.fromkeys(names):
        one = units.get(work.tx, name)
        if one is None:
            raise Problem(msg("unit.unknown", unit=name))
        refused = dispatch_refused(one.call_sign, UnitStatus(one.status), one.incident, old.id)
        if refused is not None:
            raise Problem(refused)
        chosen.append(one)
    old = work.take_in_hand(old)
    freed: dict[str, UnitNow] = {}
    for one in chosen:
        if one.incident is not None:
            freed[one.call_sign] = _end_assignment(work, one)
        units.assign(work.tx, old.id, one, work.at)
        units.change(
            work.tx,
            one.call_sign,
            status=UnitStatus.DISPATCHED.value,
            since=work.at,
            incident=old.id,
            check_due=None,
            check_missed=0,
            load=one.load + 1,
        )
    old = work.incident(old.id)
    signs = tuple(one.call_sign for one in chosen)
    changes = work.working(old)
    changes["units"] = old.units + len(chosen)
    work.apply(
        old,
        replace(
            work.entry("dispatch", old.id),
            units=signs,
            before=tuple(unit_before(freed.get(one.call_sign, one)) for one in chosen),
        ),
        changes,
        kinds={one.kind for one in chosen},
    )
    return msg("dispatch.done", number=old.short, units=signs)


def recommended(work: Work, incident: Incident) -> tuple[str, ...]:
    """Call signs of the units that should go.

    Raises:
        Problem: no unit of a fitting kind is free.
    """
    names = tuple(one.call_sign for one in recommendations(work, incident) if not one.missing)
    if not names:
        raise Problem(msg("dispatch.nobody_free", number=incident.short))
    return names


def recommendations(work: Work, incident: Incident) -> tuple[Recommendation, ...]:
    """Who should go: what the open steps ask for, else the run card; nearest first."""
    kinds: tuple[str, ...] = ()
    playbook = work.playbook(incident)
    if playbook is not None:
        progress = incidents.steps_of(work.tx, incident.id)
        kinds = tuple(
            kind
            for choice in pb.choices(playbook, progress)
            if choice.verb == "dispatch"
            for kind in choice.units
        )
    cards = work.rules.run_cards
    if cards.needs(incident.category, incident.alarm_level):
        # A step says that somebody must go; the run card says how many of whom.
        card = {need.kind for need in cards.needs(incident.category, incident.alarm_level)}
        kinds = () if set(kinds) <= card else kinds
    return recommend(
        cards,
        incident.category,
        incident.alarm_level,
        spot_of(work, incident),
        [view_of(one) for one in units.all_units(work.tx)],
        kinds=kinds,
        sent=[one.kind for one in units.out_on(work.tx, incident.id)],
    )


def spot_of(work: Work, incident: Incident) -> Spot:
    """Where it is: by coordinates, else by the middle of its town."""
    lat, lon = incident.lat, incident.lon
    town = work.rules.gazetteer.towns.get(incident.town)
    if lat is None and town is not None:
        lat, lon = town.lat, town.lon
    return Spot(incident.town, lat, lon)


def view_of(one: UnitNow) -> UnitView:
    """A unit as the choice sees it."""
    return UnitView(
        one.call_sign, one.kind, one.town, one.lat, one.lon, UnitStatus(one.status), one.load
    )


def _end_assignment(work: Work, one: UnitNow) -> UnitNow:
    """A unit that is clearing and sent out again has left its old incident.

    Returns the unit as it is between the two.
    """
    assert one.incident is not None
    for assignment in _assignments(work, one):
        units.stamp(work.tx, assignment, "available", work.at)
    free = replace(one, status=UnitStatus.AVAILABLE.value, since=work.at, incident=None)
    units.change(work.tx, one.call_sign, status=free.status, since=free.since, incident=None)
    left = work.incident(one.incident)
    work.apply(
        left,
        replace(
            work.entry("status", left.id),
            units=(one.call_sign,),
            status=free.status,
            before=(unit_before(one),),
        ),
        {"units": left.units - 1},
        moves=False,
    )
    return free


def _assignments(work: Work, one: UnitNow) -> list[AssignmentNow]:
    if one.incident is None:
        return []
    return [
        assignment
        for assignment in units.out_on(work.tx, one.incident)
        if assignment.call_sign == one.call_sign
    ]


def status(work: Work, command: Command) -> Message:
    """A unit's new status, with the time written on its assignment."""
    one = units.get(work.tx, command.units[0])
    if one is None:
        raise Problem(msg("unit.unknown", unit=command.units[0]))
    new = UnitStatus(command.status)
    old = UnitStatus(one.status)
    reason = status_refused(old, new)
    if reason is not None:
        raise Problem(msg("status.refused", unit=one.call_sign, reason=reason))
    incident = work.incident(one.incident) if one.incident is not None else None
    entry = replace(
        work.entry("status", one.incident),
        units=(one.call_sign,),
        status=new.value,
        from_=old.value,
        to=new.value,
    )
    if new is old:
        # Crews repeat themselves: it is written down and changes nothing.
        work.log(entry)
        return msg("status.done", unit=one.call_sign, status=new.label)
    entry = replace(entry, before=(unit_before(one),))
    assignments = _assignments(work, one)
    for assignment in assignments:
        units.stamp(work.tx, assignment, units.column_of(new.value), work.at)
    ends = new in (UnitStatus.AVAILABLE, UnitStatus.OUT_OF_SERVICE)
    check_due = None
    if new is UnitStatus.ON_SCENE and incident is not None:
        check_due = _check_due(work, one, incident)
    units.change(
        work.tx,
        one.call_sign,
        status=new.value,
        since=work.at,
        incident=None if ends else one.incident,
        check_due=check_due,
        check_missed=0,
    )
    if incident is None:
        work.log(entry)
    else:
        changes = {"units": incident.units - len(assignments)} if ends else {}
        work.apply(incident, entry, changes, outcome=new.value, kinds={one.kind})
    return msg("status.done", unit=one.call_sign, status=new.label)


def check(work: Work, command: Command) -> Message:
    """The unit was heard and is safe: its safety clock starts again."""
    one = units.get(work.tx, command.units[0])
    if one is None:
        raise Problem(msg("unit.unknown", unit=command.units[0]))
    if one.incident is None or one.status != UnitStatus.ON_SCENE.value:
        raise Problem(
            msg(
                "check.not_on_scene",
                unit=one.call_sign,
                status=UnitStatus(one.status).label,
            )
        )
    incident = work.incident(one.incident)
    due = _check_due(work, one, incident)
    units.change(work.tx, one.call_sign, check_due=due, check_missed=0)
    entry = replace(
        work.entry("check", incident.id), units=(one.call_sign,), before=(unit_before(one),)
    )
    work.apply(incident, entry, moves=False)
    return msg("check.done", unit=one.call_sign)


def _check_due(work: Work, one: UnitNow, incident: Incident) -> Instant | None:
    """When a unit on scene must be heard from next, by its kind and the alarm level."""
    span = checkin_span(work.rules.deadlines, one.kind, incident.alarm_level)
    return None if span is None else work.at + span
