"""From a report to an incident: clean, place, triage, duplicates, playbook.

Source: design page *playbooks*, "Intake". A report that cannot be understood is not
dropped: it lands in the tray of unreadable items with the reason and its raw text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias

from adapters.port import Report
from console.desk import confirming, continuing
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.addresses import Place
from console.domain.alarm import level_by_persons
from console.domain.categories import within
from console.domain.clock import Instant
from console.domain.duplicates import Trace, compare, keys
from console.domain.incident import Incident
from console.domain.lifecycle import OPEN, State, state_label
from console.domain.message import Problem, msg
from console.domain.naming import severity_of
from console.domain.persons import Persons
from console.domain.stops import own
from console.domain.text import clean
from console.domain.triage import Verdict, triage
from console.domain.writing import narrow
from console.store import incidents, photos
from console.store.incidents import Candidate, KeptReport
from console.store.page import together

MAX_TEXT, MAX_LINE, MAX_ID = 2_000, 200, 300
"""How much of a text, of a one-line field and of an id is kept, in characters."""

MOST_RAW = 10_000
"""Characters of an item that nobody could read that are kept."""

GROUP = "dingtalk"
"""The source whose messages the robot hears first."""

_FIELDS = tuple(field.name for field in fields(Report))

Kind: TypeAlias = Literal[
    "new", "attached", "repeated", "changed", "unreadable", "answered", "open"
]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report.

    `kind`: a new incident, attached to an open one, the same report once more, the
    same id with other content, or unreadable; a message of the group that the robot
    answered, or that waits for an officer. `suggested` are incidents that it may be.
    """

    kind: Kind
    incident: int | None
    suggested: tuple[int, ...] = ()


def take_in_all(work: Work, reports: Iterable[Report]) -> list[Taken]:
    """Take in several reports in one transaction (a page of a feed)."""
    pairs = [(raw, cleaned(raw)) for raw in reports]
    ids: dict[str, set[str]] = {}
    for _, report in pairs:
        if report.source_id:
            ids.setdefault(report.source, set()).add(report.source_id)
    with together(work.tx):
        for source, some in ids.items():
            incidents.recall(work.tx, source, some)
        return [_take_in(work, raw, report, by_hand=False) for raw, report in pairs]


def take_in(work: Work, raw: Report, *, by_hand: bool = False) -> Taken:
    """Take in one report.

    Args:
        work: the transaction; its seat stands in the journal.
        raw: the report as it came, not yet cleaned.
        by_hand: an officer typed it: it is never attached by itself, only suggested.
    """
    with together(work.tx):
        return _take_in(work, raw, cleaned(raw), by_hand=by_hand)


def _take_in(work: Work, raw: Report, report: Report, *, by_hand: bool) -> Taken:
    """Take in one report of a page; `raw` as it came, `report` cleaned."""
    if report.source == GROUP and not by_hand:
        from console.desk import group  # it uses this module itself

        return group.take(work, report, lambda one: _file(work, raw, one, by_hand=False))
    return _file(work, raw, report, by_hand=by_hand)


def add_to(work: Work, id_: int, raw: Report) -> Taken:
    """Add a report that came by hand to an open incident that an officer says it is about.

    Args:
        work: the transaction.
        id_: the incident.
        raw: the report as it was typed, not yet cleaned.

    Raises:
        Problem: there is nothing in the report, or the incident is not open any more.
    """
    report = cleaned(raw)
    old = work.incident(id_)
    if old.state not in OPEN:
        raise Problem(msg("new.too_late", number=old.short, state=state_label(old.state)))
    occurred = _occurred(report, work.at)
    with together(work.tx):
        verdict, trace = understood(work, report, occurred)
        trace_keys = keys(trace.place, report.phone, trace.lat, trace.lon)
        if within(old.category, confirming.TERMINAL):
            confirming.by_people(work, report, trace, tuple(trace_keys))
        score = compare(trace, trace_of(work, old), work.rules.duplicates).score
        best = (id_, score)
        digest = fingerprint(raw)
        return _attach(
            work,
            report,
            occurred,
            digest,
            best,
            trace_keys,
            int(verdict.priority),
            by_hand=True,
        )


def file(work: Work, report: Report) -> Taken:
    """Take in a report as an incident, also one of the group: the robot does not hear it."""
    with together(work.tx):
        return _file(work, report, cleaned(report), by_hand=False)


def _file(work: Work, raw: Report, report: Report, *, by_hand: bool) -> Taken:
    """Make an incident of a report, or add it to the one that it is about."""
    digest = fingerprint(raw)
    said = report.text or report.place or report.category or (report.refers and report.event)
    if not report.source_id or not said:
        return _unreadable(work, raw, "intake.empty" if report.source_id else "intake.no_id")
    if not _can_be_kept(report):
        return _unreadable(work, raw, "intake.number")
    known = incidents.known_source(work.tx, report.source, report.source_id)
    if known is not None:
        return _again(work, report, known, digest)
    occurred = _occurred(report, work.at)
    about = continuing.referred(work, report) if report.refers else None
    if about is not None and not continuing.begins_anew(about, report):
        n = incidents.next_report(work.tx, about.id)
        _keep(work, about.id, n, report, occurred, digest, None)
        continuing.go_on(work, about, report)
        return Taken("attached", about.id)
    verdict, trace = understood(work, report, occurred)
    rules, place, field, lat, lon = work.rules, trace.place, trace.field, trace.lat, trace.lon
    trace_keys = keys(place, report.phone, lat, lon)
    sensor = within(verdict.category, confirming.TERMINAL)
    met = None if sensor else confirming.by_people(work, report, trace, tuple(trace_keys))
    best, likely = alike(work, trace, trace_keys)
    if met is not None:
        best = (met, 1.0)
    if sensor and (alarm := confirming.beside(work, trace, tuple(trace_keys))) is not None:
        best = (alarm, 1.0)
    if sensor and best is None and (meant := confirming.as_what_it_means(work, trace)):
        best, _others = alike(work, meant, trace_keys)
    # A public warning says itself what it goes on with: likeness makes it nobody's.
    asked = by_hand or within(verdict.category, "alert")
    if best is not None and not asked:
        taken = _attach(work, report, occurred, digest, best, trace_keys, int(verdict.priority))
        if sensor:
            confirming.by_sensor(work, best[0], report, place, occurred)
        return taken
    if asked and best is not None:
        likely = (best, *likely)
    playbook = pb.playbook_for(rules.playbooks, verdict.category)
    progress = (
        pb.start(playbook, occurred, work.at, rules.deadlines) if playbook is not None else ()
    )
    new = Incident(
        id=incidents.next_id(work.tx, occurred),
        version=1,
        state=State.NEW,
        priority=int(verdict.priority),
        category=verdict.category,
        first_category=verdict.first_category,
        field=field,
        town=place.town,
        place=report.place or shown_place(work, place),
        lat=lat,
        lon=lon,
        text=report.text,
        caller=report.caller,
        phone=report.phone,
        source=report.source,
        received=occurred,
        due=pb.due(progress),
        closed=None,
        seat="",
        playbook=playbook.id if playbook is not None else "",
        alarm_level=_alarm_level(field, verdict.persons),
        reports=1,
        units=0,
        severity=severity_of(verdict.category),
        fraud_class=report.fraud_class,
        department=verdict.department,
        casualties=0,
        deaths=0,
        injured=0,
        amount_lost=0,
        amount_saved=0,
        amount_at_risk=report.amount_at_risk or 0,
        outcome="",
        merged_into=None,
        facts=tuple(report.facts.items()),
    )
    incidents.insert(work.tx, new, trace_keys)
    incidents.save_steps(work.tx, new.id, (), progress)
    _keep(work, new.id, 1, report, occurred, digest, None)
    incidents.suggest(work.tx, new.id, likely)
    work.log(
        replace(
            work.entry("receive", new.id),
            source=report.source,
            source_id=report.source_id,
            category=verdict.category,
            priority=int(verdict.priority),
            to=State.NEW.value,
            text=report.text,
            facts=tuple((r.rule, " ".join(r.words)) for r in verdict.reasons),
            others=tuple(other for other, _score in likely),
        )
    )
    work.touched.append(new.id)
    if sensor:
        confirming.at_once(work, new.id, report)
    return Taken("new", new.id, tuple(other for other, _ in likely))


def understood(work: Work, report: Report, occurred: Instant) -> tuple[Verdict, Trace]:
    """What a cleaned report is (triage) and where it can be found again."""
    rules = work.rules
    verdict = triage(
        rules.triage,
        rules.categories,
        rules.gazetteer.without_names(report.text),
        category=report.category,
        fraud_class=report.fraud_class,
        priority=report.priority,
        amount=report.amount_at_risk,
    )
    trace = Trace(
        category=verdict.category,
        field=rules.categories.field(verdict.category),
        place=_place(work, report.place, report.text, report.town),
        phone=report.phone,
        at=occurred,
        text=report.text,
        lat=report.lat,
        lon=report.lon,
    )
    return verdict, trace


def cleaned(raw: Report) -> Report:
    """A report whose texts cannot hurt anybody any more."""

    def line(text: str, limit: int = MAX_LINE) -> str:
        return clean(text, limit).text

    lat, lon, nowhere = _on_earth(raw)
    return replace(
        raw,
        lat=lat,
        lon=lon,
        source=line(raw.source, 60),
        source_id=_short_id(raw.source_id),
        text=clean(raw.text, MAX_TEXT).text,
        category=line(raw.category, 80),
        place=line(raw.place),
        town=line(raw.town, 60),
        caller=line(raw.caller, 60),
        phone=narrow(line(raw.phone, 40)).strip(),
        fraud_class=line(raw.fraud_class, 60),
        refers=line(raw.refers, MAX_ID),
        event=line(raw.event, 60),
        photos=tuple(line(name, MAX_ID) for name in raw.photos[:20]),
        facts={
            line(str(label), 60): line(str(value), 400)
            for label, value in list(raw.facts.items())[:40]
            if not own(str(label).strip())
        }
        | nowhere,
    )


def fingerprint(raw: Report) -> str:
    """SHA-256 of a report as it came, to tell whether an id comes with other content."""
    return hashlib.sha256(as_text(raw).encode()).hexdigest()


def as_text(raw: object) -> str:
    """A report, or another item of a page, as it came, in ASCII: whatever is in it, it can be
    stored and hashed.
    """
    if not isinstance(raw, Report):
        return json.dumps(str(raw), ensure_ascii=True)
    values: dict[str, object] = {name: getattr(raw, name) for name in _FIELDS}
    if isinstance(raw.facts, Mapping):
        values["facts"] = {str(label): str(value) for label, value in raw.facts.items()}
    return json.dumps(values, ensure_ascii=True, sort_keys=True, default=str)


def _short_id(source_id: str) -> str:
    """An id of any length as a key: beyond the limit by its hash."""
    text = clean(source_id, MAX_ID * 100).text
    if len(text) <= MAX_ID:
        return text
    return f"{text[:100]}#{hashlib.sha256(source_id.encode('utf-8', 'replace')).hexdigest()}"


MOST_MONEY = 10**15
"""Yuan: no sum that an incident could be about reaches it."""


def _can_be_kept(report: Report) -> bool:
    """Whether the sum that a report speaks of could be true."""
    return report.amount_at_risk is None or 0 <= report.amount_at_risk < MOST_MONEY


def _on_earth(raw: Report) -> tuple[float | None, float | None, dict[str, str]]:
    """Where a report says that it is; a position that is nowhere is a fact of it, no more."""
    lat, lon = raw.lat, raw.lon
    if lat is None and lon is None:
        return None, None, {}
    if lat is not None and lon is not None and -90 <= lat <= 90 and -180 <= lon <= 180:
        return lat, lon, {}
    return None, None, {"position": f"{lat}, {lon}"}


def _occurred(report: Report, now: Instant) -> Instant:
    """The source's time, never later than the time of receipt, and a believable one."""
    if report.occurred is None:
        return now
    # A time from before 1970 is a fault of the source, not a moment to count from.
    if report.occurred < 0:
        return now
    return min(report.occurred, now)


def alike(
    work: Work, trace: Trace, trace_keys: Sequence[str]
) -> tuple[tuple[int, float] | None, tuple[tuple[int, float], ...]]:
    """The open incident that this surely is, and those that it may be."""
    rules, categories = work.rules.duplicates, work.rules.categories
    window = rules.fields[trace.field].window
    found = incidents.candidates_seen(work.tx, trace_keys, trace.at - window, trace.at + window)
    scores: dict[int, float] = {}
    merged: dict[int, float] = {}
    for other in found:
        if categories.field(other.category) != trace.field:
            continue  # `compare` would say the same, but only after its place was read
        score = compare(trace, trace_of(work, other), rules).score
        if not score:
            continue
        if other.merged_into is not None:
            # What was merged is compared, too, and stands for the incident that it went into.
            merged[other.merged_into] = max(score, merged.get(other.merged_into, 0.0))
        elif State(other.state) in OPEN:
            scores[other.id] = max(score, scores.get(other.id, 0.0))
    for one in incidents.many(work.tx, merged):
        if one.state in OPEN:
            scores[one.id] = max(merged[one.id], scores.get(one.id, 0.0))
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], -pair[0]))
    best = ranked[0] if ranked and ranked[0][1] >= rules.attach else None
    likely = [pair for pair in ranked if rules.suggest <= pair[1] < rules.attach]
    return best, tuple(likely[:5])


def trace_of(work: Work, incident: Incident | Candidate) -> Trace:
    """An incident as something to compare with."""
    return Trace(
        category=incident.category,
        field=work.rules.categories.field(incident.category),
        place=_place(work, incident.place, incident.text, incident.town),
        phone=incident.phone,
        at=incident.received,
        text=incident.text,
        lat=incident.lat,
        lon=incident.lon,
    )


def shown_place(work: Work, place: Place) -> str:
    """An address that was read out of a sentence, as one writes it."""
    town = work.rules.gazetteer.towns.get(place.town)
    number = f"{place.number}号" if place.number.replace("-", "").isdigit() else place.number
    parts = (town.name if town else "", place.village, place.road, number, place.flat)
    return "".join(part for part in parts if part)


_SURE = 0.65
"""So sure is a reading of words that name a road or a village of the district."""


def _place(work: Work, said: str, text: str, town: str) -> Place:
    """Read a place; a town that the source names itself is taken at its word.

    Args:
        work: the transaction.
        said: the place as it was given; where it names no road, village or town (a building,
            a shop), the words of the report do.
        text: the words.
        town: as the source names it.
    """
    gazetteer = work.rules.gazetteer
    place = gazetteer.read(said or text)
    if said and not (place.road or place.village or place.town):
        told = gazetteer.read(text)
        if told.confidence >= _SURE:
            place = replace(told, flat=place.flat or told.flat)
    if town and town != place.town:
        named = gazetteer.town_called(town)
        place = replace(place, town=named.code if named else town)
    return place


def _alarm_level(field: str, persons: Persons) -> int:
    """What is known of a fire's alarm level when it is reported; 0 elsewhere."""
    if field != "fire":
        return 0
    return int(level_by_persons(persons.injured + persons.trapped + persons.dead))


def _attach(
    work: Work,
    report: Report,
    occurred: Instant,
    digest: str,
    best: tuple[int, float],
    trace_keys: Sequence[str],
    priority: int,
    *,
    by_hand: bool = False,
) -> Taken:
    """A further report of an open incident.

    What an officer added may be taken back, and the journal then is all that has it: it
    keeps who told of what place.
    """
    id_, score = best
    old = work.incident(id_)
    n = incidents.next_report(work.tx, id_)
    _keep(work, id_, n, report, occurred, digest, score)
    incidents.keys_of(work.tx, id_, occurred, trace_keys)
    changes: dict[str, object] = {"reports": old.reports + 1}
    if priority < old.priority:
        # A later caller may know of something worse.
        changes["priority"] = priority
    work.apply(
        old,
        replace(
            work.entry("attach", id_),
            source=report.source,
            source_id=report.source_id,
            text=report.text,
            count=old.reports + 1,
            facts=_told(report) if by_hand else (),
        ),
        changes,
        moves=False,
    )
    return Taken("attached", id_)


def _told(report: Report) -> tuple[tuple[str, str], ...]:
    """What an officer wrote into the form besides the words."""
    told = (("place", report.place), ("caller", report.caller), ("phone", report.phone))
    return tuple((name, value) for name, value in told if value)


def _again(work: Work, report: Report, known: tuple[int, str], digest: str) -> Taken:
    """An id that has come before: nothing, or a note when it says something else now."""
    id_, old_digest = known
    if old_digest == digest:
        return Taken("repeated", id_)
    incidents.new_digest(work.tx, report.source, report.source_id, digest)
    work.log(
        replace(
            work.entry("changed", id_),
            source=report.source,
            source_id=report.source_id,
            text=report.text,
        )
    )
    work.touched.append(id_)
    return Taken("changed", id_)


def _keep(
    work: Work,
    id_: int,
    n: int,
    report: Report,
    occurred: Instant,
    digest: str,
    likeness: float | None,
) -> None:
    incidents.add_report(
        work.tx,
        KeptReport(
            incident=id_,
            n=n,
            source=report.source,
            source_id=report.source_id,
            occurred=occurred,
            arrived=work.at,
            category=report.category,
            place=report.place,
            text=report.text,
            caller=report.caller,
            phone=report.phone,
            digest=digest,
            likeness=likeness,
        ),
    )
    if report.photos:
        photos.keep(work.tx, id_, n, report.source, report.photos)


def take_unread(work: Work, source: str, raw: str, reason: str) -> bool:
    """Keep an item of a feed that could not be understood; False when it was there before."""
    digest = hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
    tray = f"{clean(source, 50).text}!tray"
    new = incidents.known_source(work.tx, tray, digest) is None
    if new:
        incidents.keep_source(work.tx, tray, digest, 0, digest)
        reason = clean(reason, MAX_LINE).text
        kept = raw[:MOST_RAW].encode("utf-8", "backslashreplace").decode("utf-8")
        kept = kept.replace("\x00", "\\x00")
        incidents.keep_unreadable(work.tx, work.at, source, reason, kept)
        work.log(replace(work.entry("unreadable"), source=source, text=reason))
    return new


def _unreadable(work: Work, raw: Report, reason: str) -> Taken:
    source = clean(raw.source, 60).text
    incidents.keep_unreadable(work.tx, work.at, source, reason, as_text(raw))
    work.log(replace(work.entry("unreadable"), source=source, reason=reason))
    return Taken("unreadable", None)
