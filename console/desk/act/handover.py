"""An incident goes over from one seat to another: handed over (移交) or taken over (接管).

Who has an incident may give it to any seat at which an officer works. Who wants what another
seat has takes it; while somebody is at work there, with a word why. Both seats hear of it.
"""

from __future__ import annotations

from dataclasses import replace

from console.desk.act.life import the_one
from console.desk.verb import OFFICERS, Command
from console.desk.work import Work
from console.domain.clock import MINUTE
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.domain.message import Message, Problem, msg
from console.domain.telling import FROM_SEAT, TO_SEAT
from console.store import journal, seats

AT_WORK = 10 * MINUTE
"""A seat that did something within this time has somebody at it."""


def hand_over(work: Work, command: Command) -> Message:
    """Give an incident to another seat; a new one is accepted by the way."""
    old = _handed(work, command)
    had = old.seat
    old = work.take_in_hand(old)
    _goes_over(work, old, "handover", had or work.seat, command.seat, command.text)
    return msg("handover.done", number=old.short, seat=command.seat)


def would_hand_over(work: Work, command: Command) -> Message:
    """What Enter would hand over, and to whom."""
    old = _handed(work, command)
    to = seats.get(work.tx, command.seat)
    officer = to.officer if to is not None else ""
    name = " ".join(part for part in (command.seat, officer) if part)
    what = work.rules.categories.get(old.category).label
    if old.state is State.NEW:
        return msg("handover.would_new", number=old.short, what=what, seat=name)
    return msg("handover.would", number=old.short, what=what, from_seat=old.seat, seat=name)


def _handed(work: Work, command: Command) -> Incident:
    """The incident that may be handed over to the seat that is named.

    Raises:
        Problem: it may not; the sentence says why.
    """
    old = the_one(work, command)
    to = seats.get(work.tx, command.seat)
    if to is None or to.disabled or to.role not in OFFICERS:
        raise Problem(msg("handover.no_seat", seat=command.seat))
    if to.name == old.seat or (not old.seat and to.name == work.seat):
        raise Problem(msg("handover.has_it", number=old.short, seat=to.name))
    if old.seat not in ("", work.seat) and work.role != "supervisor":
        raise Problem(msg("handover.not_yours", number=old.short, seat=old.seat))
    return old


def take_over(work: Work, command: Command) -> Message:
    """Take an incident that another seat has."""
    old = _taken(work, command)
    _needs_why(work, old, command)
    _goes_over(work, old, "takeover", old.seat, work.seat, command.text)
    return msg("takeover.done", number=old.short, seat=old.seat)


def would_take_over(work: Work, command: Command) -> Message:
    """What Enter would take over, and whether somebody is at work there."""
    old = _taken(work, command)
    _needs_why(work, old, command)
    what = work.rules.categories.get(old.category).label
    minutes = _silent(work, old.seat)
    if minutes is None:
        return msg("takeover.would_away", number=old.short, what=what, seat=old.seat)
    return msg("takeover.would", number=old.short, what=what, seat=old.seat, n=minutes)


def _taken(work: Work, command: Command) -> Incident:
    old = the_one(work, command)
    if old.seat == work.seat:
        raise Problem(msg("takeover.yours", number=old.short))
    return old


def _needs_why(work: Work, old: Incident, command: Command) -> None:
    """Whoever is at work learns why somebody takes it; a supervisor need not say."""
    if command.text or not old.seat or work.role == "supervisor":
        return
    minutes = _silent(work, old.seat)
    if minutes is not None and minutes * MINUTE <= AT_WORK:
        raise Problem(msg("takeover.say_why", number=old.short, seat=old.seat, n=minutes))


def _silent(work: Work, seat: str) -> int | None:
    """Within how many minutes a seat last did something; None: it never did."""
    last = journal.last_of_seat(work.tx, seat, 1)
    return max(0, work.at - last[0].at) // MINUTE + 1 if last else None


def _goes_over(work: Work, old: Incident, verb: str, had: str, gets: str, words: str) -> None:
    entry = replace(work.entry(verb, old.id), text=words, facts=((FROM_SEAT, had), (TO_SEAT, gets)))
    work.apply(old, entry, {"seat": gets}, moves=False)
