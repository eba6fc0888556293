"""A terminal's alarm and its second source: another sensor there, a picture, a call.

What counts and in which time is `domain.alarm_confirm`; here it is looked up and done. A
confirmed alarm becomes what it is an alarm of, with that playbook, whoever is at the desk:
nobody should have to notice that two sensors of one house have gone off.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.port import Report
from console.desk.work import Work
from console.domain.addresses import Place
from console.domain.alarm_confirm import Confirmation, Evidence, Found, Means, TerminalAlarm
from console.domain.alarm_confirm import confirm as judge
from console.domain.categories import within
from console.domain.duplicates import Trace
from console.domain.incident import Incident
from console.domain.lifecycle import OPEN, State
from console.store import incidents

TERMINAL = "terminal"
PLAYBOOK = "terminal-alarm"
SOURCE = "terminals"


def kind_of(category: str) -> str:
    """The kind of terminal that a category is about (``smoke``), or ""."""
    return category.partition(".")[2] if within(category, TERMINAL) else ""


def becomes(work: Work, category: str) -> str:
    """What a confirmed alarm of that category becomes; "" when no rule says."""
    rule = work.rules.systems.terminals.kinds.get(kind_of(category))
    return rule.becomes if rule is not None else ""


def as_what_it_means(work: Work, trace: Trace) -> Trace | None:
    """A sensor's trace as a report of what it warns of, to find that incident; None: of nothing."""
    category = becomes(work, trace.category)
    if not category:
        return None
    return replace(trace, category=category, field=work.rules.categories.field(category))


def beside(work: Work, trace: Trace, trace_keys: tuple[str, ...]) -> int | None:
    """The open alarm at the same house that a sensor of another kind confirms, or None."""
    kinds = work.rules.systems.terminals.kinds
    here = _spot(trace.place)
    if not here:
        return None
    widest = max((rule.window for rule in kinds.values()), default=0)
    for other in incidents.candidates_seen(
        work.tx, trace_keys, trace.at - widest, trace.at + widest
    ):
        rule = kinds.get(kind_of(other.category))
        if (
            rule is not None
            and State(other.state) in OPEN
            and kind_of(trace.category) in rule.also
            and abs(trace.at - other.received) <= rule.window
            and _spot(work.rules.gazetteer.read(other.place)) == here
        ):
            return other.id
    return None


def by_sensor(work: Work, id_: int, report: Report, place: Place, at: int) -> None:
    """Another sensor has joined an alarm: is it confirmed?"""
    old = work.incident(id_)
    evidence = Evidence(
        Means.SENSOR,
        _device(report.source_id),
        at,
        kind=kind_of(report.category),
        place=_spot(place),
    )
    _decide(work, old, evidence, _spot(place), report)


def by_people(work: Work, report: Report, trace: Trace, trace_keys: tuple[str, ...]) -> int | None:
    """Somebody tells or shows what a terminal there has warned of; the alarm that it confirms."""
    widest = max((rule.window for rule in work.rules.systems.terminals.kinds.values()), default=0)
    if within(trace.category, TERMINAL) or not widest or not _spot(trace.place):
        return None
    found = incidents.candidates_seen(work.tx, trace_keys, trace.at - widest, trace.at + widest)
    for other in found:
        if not within(other.category, TERMINAL) or State(other.state) not in OPEN:
            continue
        meant = becomes(work, other.category).partition(".")[0]
        there = _spot(work.rules.gazetteer.read(other.place))
        if not meant or not within(trace.category, meant) or there != _spot(trace.place):
            continue
        means = Means.PHOTO if report.photos else Means.CALL
        evidence = Evidence(means, report.source, trace.at)
        if _decide(work, work.incident(other.id), evidence, there, report):
            return other.id
    return None


def at_once(work: Work, id_: int, report: Report) -> None:
    """An alarm that needs nobody to confirm it (a panic button) is what it says."""
    _decide(work, work.incident(id_), None, "", report)


def _decide(
    work: Work, old: Incident, evidence: Evidence | None, place: str, report: Report
) -> bool:
    """Ask the rule; when it is confirmed, the incident becomes what it is an alarm of."""
    if old.playbook != PLAYBOOK or old.state not in OPEN or not kind_of(old.category):
        return False
    device = _device(incidents.first_of(work.tx, old.id, SOURCE))
    alarm = TerminalAlarm(device, kind_of(old.category), place, old.received)
    known = [evidence] if evidence is not None else []
    moment = max(work.at, *(one.at for one in known)) if known else work.at
    found: Confirmation = judge(alarm, known, moment, work.rules.systems.terminals)
    if found.found is not Found.CONFIRMED or not found.category:
        return False
    entry = replace(
        work.entry("event", old.id),
        source=report.source,
        source_id=report.source_id,
        status="true",
        text=report.text,
    )
    work.apply(old, entry, outcome="true", becomes=found.category)
    return True


def _device(source_id: str) -> str:
    return source_id.partition("/")[0]


def _spot(place: Place) -> str:
    """A house, as far as an address says which; "" when it says none."""
    if not place.number and not place.village:
        return ""
    return "|".join((place.town, place.village, place.road, place.number))
