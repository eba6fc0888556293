"""110 or 12345: a clear call goes over by one key, an unclear one is heard by all three.

What `console.domain.routing` says decides. Where violence is at risk somebody is sent first,
and only then the other side gets its part; the incident stays ours.
"""

from __future__ import annotations

from dataclasses import replace

from console.desk.act.life import hand_over, the_one
from console.desk.verb import Command
from console.desk.work import Work
from console.domain.incident import Incident
from console.domain.message import Arg, Message, Problem, msg
from console.domain.routing import Desk, Routing, Way, route
from console.domain.telling import system_called

_POLICE = frozenset({"110", "公安", "警察", "police", Desk.POLICE.value})
_HOTLINE = frozenset({"12345", "热线", "hotline", Desk.HOTLINE.value})


def route_call(work: Work, command: Command) -> Message:
    """Hand a call over to whose it is, or begin the call of three."""
    old, found = _routed(work, command)
    if found.way is Way.THREE_WAY:
        work.apply(old, replace(work.entry("route", old.id), status=found.way.value), moves=False)
        return msg("route.three_way", number=old.short)
    assert found.owner is not None
    if found.way is Way.KEEP:
        entry = replace(work.entry("route", old.id), status=found.way.value, text=command.text)
        work.apply(old, entry, moves=False)
        return msg("route.kept", number=old.short)
    if found.way is Way.DISPATCH_FIRST:
        entry = replace(work.entry("route", old.id), status=found.way.value)
        key = work.order(old, Desk.HOTLINE.value, "transfer", entry)
        work.apply(old, entry, moves=False, orders=(key,))
        return msg("route.passed_on", number=old.short)
    hand_over(work, old, found.owner.value, found.owner.value, " ".join(found.words))
    return msg("transfer.done", number=old.short, system=system_called(found.owner.value))


def would_route(work: Work, command: Command) -> Message:
    """What Enter will do, and which words decide."""
    old, found = _routed(work, command)
    said: dict[str, Arg] = {"number": old.short, "words": found.words}
    match found.way:
        case Way.THREE_WAY:
            return Message("route.would_three_way", said)
        case Way.KEEP:
            return Message("route.would_keep", said)
        case Way.DISPATCH_FIRST:
            return Message("route.would_pass_on", said)
    assert found.owner is not None
    return Message("route.would_hand_over", {**said, "system": system_called(found.owner.value)})


def _routed(work: Work, command: Command) -> tuple[Incident, Routing]:
    """The incident, and where it belongs: as the three agreed, else as the rules say.

    Raises:
        Problem: it is ours already; or violence is at risk and nobody has been sent.
    """
    old = the_one(work, command)
    ours = Desk.HOTLINE if old.source == Desk.HOTLINE.value else Desk.POLICE
    found = route(old.text, old.category, ours, work.rules.systems.routing)
    if command.text:
        return old, _agreed(command.text, ours, found)
    if found.way is Way.KEEP:
        raise Problem(msg("route.ours", number=old.short, because=_because(found)))
    if found.way is Way.DISPATCH_FIRST:
        if not old.units:
            raise Problem(msg("route.dispatch_first", number=old.short, words=found.words))
        if not found.passes_on:
            raise Problem(msg("route.ours", number=old.short, because=_because(found)))
    return old, found


def _because(found: Routing) -> Arg:
    """The words that decided, in brackets; nothing when none did."""
    return msg("route.because", words=found.words) if found.words else ""


def _agreed(text: str, ours: Desk, found: Routing) -> Routing:
    word = text.split()[0].casefold()
    owner = Desk.POLICE if word in _POLICE else Desk.HOTLINE if word in _HOTLINE else None
    if owner is None:
        raise Problem(msg("route.who", word=word))
    if owner is Desk.HOTLINE and found.way is Way.DISPATCH_FIRST:
        # No agreement sends violence away.
        raise Problem(msg("route.violence", words=found.words))
    return Routing(owner, Way.KEEP if owner is ours else Way.ONE_KEY, words=(text,))
