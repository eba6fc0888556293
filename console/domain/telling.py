"""A journal entry told as a sentence: ``timeline.<verb>`` and its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.domain.asked import NUMBERS, number_message, numbers_message
from console.domain.categories import Categories
from console.domain.entry import Entry
from console.domain.fact_words import SAID_AS
from console.domain.incident import short_number
from console.domain.message import Arg, Message, msg
from console.domain.playbook import Playbook
from console.domain.priority import priority_of
from console.domain.routing import Way
from console.domain.units import UnitStatus


def tell(
    entry: Entry,
    playbook: Playbook | None,
    categories: Categories,
    departments: Mapping[str, Arg],
    systems: Mapping[str, Arg],
) -> Message:
    """What an entry says.

    Args:
        entry: the entry.
        playbook: the incident's playbook, for the names of steps and outcomes.
        categories: the tree, for names of categories.
        departments: id -> name of whoever an incident can be handed to.
        systems: id -> name of systems that are not among `SOURCES`.
    """
    if entry.verb in BECOMING and entry.category:
        told = tell(replace(entry, category=""), playbook, categories, departments, systems)
        return msg("timeline.became", told=told, category=categories.get(entry.category).label)
    step = playbook.step(entry.step) if playbook is not None and entry.step else None
    outcome = step.outcome(entry.outcome) if step is not None and entry.outcome else None
    words: Arg = msg("timeline.words", text=entry.text) if entry.text else ""
    shared: dict[str, Arg] = {
        "words": words,
        "units": entry.units,
        "others": tuple(short_number(i) for i in entry.others),
        "step": step.label if step is not None else entry.step,
        "outcome": outcome.label if outcome is not None else _outcome(entry.outcome),
        "attempt": entry.attempt,
    }
    numbers = _numbers(entry)
    match entry.verb:
        case "receive":
            return msg(
                "timeline.receive",
                source=system_name(entry.source, systems),
                category=categories.get(entry.category).label,
                level=priority_of(entry.priority or 4).label,
            )
        case "attach" | "changed" | "unreadable" | "import":
            return msg(
                f"timeline.{entry.verb}",
                source=system_name(entry.source, systems),
                count=entry.count,
                **_pick(shared, "words"),
            )
        case "status" if entry.units == (entry.seat,):
            # The crew's own report stands behind its call sign already.
            status = UnitStatus(entry.status).label
            return msg("timeline.status_own", status=status, **_pick(shared, "words"))
        case "status":
            return msg(
                "timeline.status",
                status=UnitStatus(entry.status).label,
                **_pick(shared, "units", "words"),
            )
        case "check" if entry.units == (entry.seat,):
            return msg("timeline.check_own", **_pick(shared, "words"))
        case "dispatch" | "check":
            return msg(f"timeline.{entry.verb}", **_pick(shared, "units", "words"))
        case "call" | "done":
            what = f"timeline.{entry.verb}"
            if numbers:
                return msg(
                    "timeline.done_numbers",
                    numbers=numbers,
                    **_pick(shared, "step", "outcome", "words"),
                )
            return msg(what, **_pick(shared, "step", "outcome", "words", "attempt"))
        case "callback":
            return msg("timeline.callback", **_pick(shared, "outcome", "words"))
        case "extend":
            return msg("timeline.extend", n=entry.count, **_pick(shared, "words"))
        case "resolve" if numbers:
            return msg(
                "timeline.resolve_numbers", numbers=numbers, **_pick(shared, "outcome", "words")
            )
        case "resolve" if entry.outcome:
            return msg("timeline.resolve_as", **_pick(shared, "outcome", "words"))
        case "level":
            return msg(
                "timeline.level", level=priority_of(entry.priority).label, **_pick(shared, "words")
            )
        case "alarm":
            return msg("timeline.alarm", level=entry.alarm, **_pick(shared, "words"))
        case "transfer":
            return msg(
                "timeline.transfer",
                system=departments.get(entry.system) or system_called(entry.system),
                **_pick(shared, "words"),
            )
        case "event":
            known = entry.status in EVENTS
            happened: Arg = Message(f"event.{entry.status}") if known else entry.status
            return msg(
                "timeline.event",
                source=system_name(entry.source, systems),
                event=happened,
                **_pick(shared, "words"),
            )
        case "kept":
            return msg(
                "timeline.kept",
                source=system_name(entry.source, systems),
                reason=Message(f"kept.{entry.status}"),
                **_pick(shared, "words"),
            )
        case "link":
            return msg(
                "timeline.link",
                system=system_name(entry.system, systems),
                state=Message(f"link.{entry.status}"),
            )
        case "receipt":
            return msg(
                "timeline.receipt",
                system=system_name(entry.system, systems),
                state=Message(f"order.{entry.status}"),
                reference=entry.source_id,
                **_pick(shared, "words"),
            )
        case "turned_away":
            why = entry.reason.removeprefix("callback.")
            return msg(
                "timeline.turned_away",
                source=system_name(entry.source, systems),
                reason=Message(f"callback.{why}"),
                host=entry.source_id,
                count=entry.count,
            )
        case "seat_added" | "seat_changed" | "seat_disabled":
            role = Message(f"seat.role.{entry.reason}") if entry.reason else ""
            return msg(
                f"timeline.{entry.verb}",
                seat=entry.source_id,
                role=role,
                **_pick(shared, "words"),
            )
        case "published":
            return msg(
                "timeline.published",
                kind=Message(f"publicity.kind_{entry.status}"),
                alert=entry.source_id,
                **_pick(shared, "words"),
            )
        case "settle" | "resend":
            return msg(
                f"timeline.{entry.verb}",
                system=system_name(entry.system, systems),
                state=Message(f"order.{entry.status}"),
                **_pick(shared, "words"),
            )
        case "points":
            what = _POINTS.get(entry.status, "timeline.points")
            return msg(what, count=entry.count, **_pick(shared, "words"))
        case "adopt" | "drop":
            return msg(
                f"timeline.{entry.verb}",
                source=system_name(entry.source, systems),
                count=entry.count,
                **_pick(shared, "words"),
            )
        case "stop-payment" | "extend-stop" | "freeze" | "release" | "return-money":
            return msg(
                f"timeline.{entry.verb}",
                account=entry.text,
                money=number_message(entry.money or 0, ()),
            )
        case "route":
            return msg("timeline.route", way=Way(entry.status).label, **_pick(shared, "words"))
        case "merge" | "split" | "apart":
            return msg(f"timeline.{entry.verb}", **_pick(shared, "others"))
        case "handover" | "takeover":
            had, has = seats_of(entry)
            if entry.verb == "handover":
                return msg("timeline.handover", from_seat=had, to_seat=has, words=words)
            return msg("timeline.takeover", from_seat=had, to_seat=has, words=words)
        case "overdue":
            return msg("timeline.overdue", **_pick(shared, "step"))
        case "close" | "cancel":
            if entry.units:
                return msg(f"timeline.{entry.verb}_freed", **_pick(shared, "units", "words"))
            return msg(f"timeline.{entry.verb}", **_pick(shared, "words"))
        case "undo":
            return msg("timeline.undo", verb=Message(f"verb.{entry.text}"))
        case _:
            return msg(f"timeline.{entry.verb}", **_pick(shared, "words"))


FROM_SEAT, TO_SEAT = "from_seat", "to_seat"
"""What the entry of an incident that goes over says of the seats, by name."""


def seats_of(entry: Entry) -> tuple[str, str]:
    """Who had the incident that an entry says went over, and who has it from then on."""
    told = dict(entry.facts)
    return told.get(FROM_SEAT, ""), told.get(TO_SEAT, "")


_POINTS = {
    "redeem": "timeline.points_redeemed",
    "take-back": "timeline.points_taken_back",
}

BECOMING = frozenset({"call", "done", "event", "note", "status"})
"""Verbs whose entries have a category when the incident has another from then on."""

EVENTS = frozenset(
    {
        "appraised",
        "back",
        "called_back",
        "cancelled",
        "cleared",
        "closed",
        "expired",
        "expiring",
        "failed",
        "false",
        "fixed",
        "found",
        "handled",
        "met",
        "mismatch",
        "not_found",
        "not_reached",
        "not_taken",
        "nuisance",
        "officer_feedback",
        "paid",
        "passed",
        "refused",
        "registered",
        "repeated",
        "returned",
        "satisfied",
        "sent_back",
        "signed",
        "stopped",
        "supervised",
        "taken_back",
        "true",
        "unsatisfied",
        "updated",
        "urged",
    }
)
"""What another system may say has happened, for which there is a word of ours."""

FACTS = frozenset(
    {
        "position",
        "address",
        "agency",
        "alert_event",
        "alert_id",
        "answered",
        "arrived",
        "at_risk",
        "building",
        "call_back",
        "call_state",
        "certainty",
        "confidence",
        "control_room",
        "cylinder",
        "deaths",
        "deliveries",
        "dispatched",
        "effective",
        "evidence",
        "expected",
        "expires",
        "family",
        "firm",
        "first_category",
        "grid",
        "group",
        "hazard_class",
        "height",
        "height_m",
        "hydrants",
        "id_number",
        "identity",
        "indoor_hydrants",
        "injured",
        "key_holder",
        "kind",
        "languages",
        "last_heard",
        "layer",
        "level",
        "link",
        "links",
        "made",
        "notes",
        "notice",
        "onset",
        "pictures",
        "platform",
        "points",
        "record",
        "recorded",
        "reported",
        "result",
        "road",
        "safety_code",
        "scenario",
        "secret",
        "sender",
        "severity",
        "site",
        "stage",
        "status",
        "stock",
        "storey",
        "terminal",
        "terminals",
        "tier",
        "unit",
        "urgency",
        "user",
        "value",
        "warned",
        "web",
        "worker",
        "workers",
    }
)
"""Names of facts for which there is a word of ours; others are shown as the source says them."""


def fact_name(name: str) -> Arg:
    """What a fact is called."""
    ours = SAID_AS.get(name, name)
    return Message(f"fact.{ours}") if ours in FACTS else name


SOURCES = frozenset(
    {
        "alarm110",
        "hotline12345",
        "citymgmt",
        "platform4",
        "dingtalk",
        "terminals",
        "fraudguard",
        "investigation",
        "hazards",
        "traffic",
        "highrise",
        "wages",
        "cylinders",
        "fullview",
        "xinwuyou",
        "cap",
        "seat",
        "watch",
    }
)
"""Sources that have a name of their own in the catalogue."""


def system_called(system: str) -> Message | str:
    """The name of a system or source; its id when it has none."""
    return Message(f"source.{system}") if system in SOURCES else system


def system_name(system: str, systems: Mapping[str, Arg]) -> Arg:
    """The name of a system; one that nobody knows keeps its id.

    Args:
        system: its id.
        systems: id -> name of those that are not among `SOURCES`.
    """
    if _known(system):
        return Message(f"source.{system}")
    return systems.get(system, system)


def _known(source: str) -> bool:
    return source in SOURCES


def _numbers(entry: Entry) -> tuple[Arg, ...]:
    """The amounts and counts that an outcome was told with."""
    named = tuple((k, int(v)) for k, v in entry.facts if k in NUMBERS and v.isdigit())
    if named or entry.money is None:
        return numbers_message(named)
    return (number_message(entry.money, ()),)


def _outcome(outcome: str) -> Arg:
    return (
        Message(f"outcome.{outcome}") if outcome in ("answered", "busy", "no_answer") else outcome
    )


def _pick(shared: dict[str, Arg], *names: str) -> dict[str, Arg]:
    return {name: shared[name] for name in names}
