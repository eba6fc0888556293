"""What has become of the incident of a line since the line was begun.

When it is done, somebody else may have ended that incident, or another one may have come
in that bears the number in the line: then nothing is done, and the sentence says who and
what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.desk import grammar
from console.desk.aim import Aim
from console.desk.context import StoreContext
from console.desk.doubts import refusal
from console.desk.grammar import Mistake
from console.desk.verb import Command
from console.domain.incident import SERIALS, Incident, full_number
from console.domain.lifecycle import OPEN, State
from console.domain.message import Message, Problem, msg
from console.store import incidents, journal

if TYPE_CHECKING:
    from console.desk.work import Work
    from console.domain.entry import Entry

SYSTEM = "system"
STATES = frozenset(state.value for state in State)

_RECENT = 200
"""Entries of an incident among which its last change of state is looked for."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """The last change of an incident's state."""

    entry: Entry
    incident: Incident
    own: bool

    @property
    def ends_or_revives(self) -> bool:
        """Whether it is over now and was not, or the other way round."""
        over = {State(self.entry.from_) not in OPEN, State(self.entry.to) not in OPEN}
        return True in over

    @property
    def message(self) -> Message:
        """Who did what."""
        number = self.incident.short
        by: Message | str = self.entry.seat
        if by == SYSTEM:
            by = msg("seat.system")
        if self.entry.to == State.MERGED.value and self.incident.merged_into is not None:
            into = str(self.incident.merged_into % SERIALS)
            return msg("turned.merged", number=number, seat=by, into=into)
        if self.entry.to == State.CANCELLED.value:
            return msg("turned.cancelled", number=number, seat=by)
        if self.entry.to == State.CLOSED.value:
            return msg("turned.closed", number=number, seat=by)
        if self.entry.verb == "reopen":
            return msg("turned.reopened", number=number, seat=by)
        state = Message(f"state.{self.entry.to}")
        return msg("turned.other", number=number, seat=by, state=state)


def turn(work: Work, aim: Aim) -> _Turn | None:
    """The last change of state of the incident that came after the line was begun."""
    if aim.incident is None or not aim.since:
        return None
    entries = journal.since_of(work.tx, aim.incident, aim.since, _RECENT)
    # A unit on its way has states, too; they are not the incident's.
    changed = [one for one in entries if one.from_ != one.to and {one.from_, one.to} <= STATES]
    found = incidents.get(work.tx, aim.incident)
    if not changed or found is None:
        return None
    return _Turn(changed[-1], found, changed[-1].seat == work.seat)


def understood(work: Work, line: str, aim: Aim, lang: str) -> Command:
    """What one command line means, held against what the officer can have known.

    Raises:
        Problem: it is not understood, it cannot be done now, or its incident is no longer
            what it was when the line was begun.
    """
    context = StoreContext(work, aim.incident, lang)
    parsed = grammar.parse(line, context)
    wrong = _changed(work, line, aim, context, parsed)
    if wrong is not None:
        raise Problem(wrong)
    if isinstance(parsed, Mistake):
        raise refusal(parsed)
    _numbers_mean_the_same(work, line, aim, lang, parsed)
    return parsed


def meant(work: Work, line: str, aim: Aim, lang: str) -> int | None:
    """The incident that a command is about whether or not it can be done; None for none."""
    parsed = grammar.parse(line, StoreContext(work, aim.incident, lang), lawful=False)
    return parsed.incident if isinstance(parsed, Command) else None


def warning(work: Work, line: str, aim: Aim, lang: str) -> Message | None:
    """Why `understood` would refuse the line because of what has happened since; or None."""
    context = StoreContext(work, aim.incident, lang)
    parsed = grammar.parse(line, context)
    wrong = _changed(work, line, aim, context, parsed)
    if wrong is None and isinstance(parsed, Command):
        try:
            _numbers_mean_the_same(work, line, aim, lang, parsed)
        except Problem as problem:
            return problem.message
    return wrong


def _changed(
    work: Work, line: str, aim: Aim, context: StoreContext, parsed: Command | Mistake
) -> Message | None:
    if aim.blind and isinstance(parsed, Mistake) and parsed.message.id == "grammar.which_incident":
        return msg("line.blind")
    found = turn(work, aim)
    if found is None:
        return None
    if isinstance(parsed, Command):
        about = aim.incident in (parsed.incident, *parsed.others)
        # What this seat did itself it knows of: then only the state decides.
        if about and parsed.verb.does and found.ends_or_revives and not found.own:
            return found.message
        return None
    words = grammar.parse(line, context, lawful=False)
    if isinstance(words, Command):
        about = aim.incident in (words.incident, *words.others)
        return found.message if about else None
    if found.ends_or_revives and not found.own and words.missing is None:
        return msg("turned.and", turned=found.message, reason=parsed.message)
    return None


class _Then(StoreContext):
    """The world as it was when the line was begun, as far as short numbers go."""

    def __init__(self, work: Work, selected: int | None, lang: str, known: int) -> None:
        super().__init__(work, selected, lang)
        self._known = known

    def incident(self, day: int | None, serial: int) -> Incident | None:
        """Of those that bear a short number, the newest that was there then."""
        found = super().incident(day, serial)
        if day is not None or found is None or not came_after(self._work, found.id, self._known):
            return found
        older = incidents.number_before(self._tx, found.id)
        return incidents.get(self._tx, older) if older is not None else found

    def bearing(self, serial: int) -> Sequence[Incident]:
        """The open incidents with the serial that were there then, the newest first."""
        found = super().bearing(serial)
        return [one for one in found if not came_after(self._work, one.id, self._known)]


def came_after(work: Work, incident: int, known: int) -> bool:
    """Whether an incident came into the store after a place in the journal."""
    first = journal.first_of(work.tx, incident)
    return first is not None and first > known


def _numbers_mean_the_same(work: Work, line: str, aim: Aim, lang: str, command: Command) -> None:
    """A number in the line must not mean another incident than when it was begun.

    Past midnight numbers begin anew: a line about yesterday's 1 is not about today's.

    Raises:
        Problem: it does.
    """
    if not aim.known or not command.verb.does:
        return
    named = [id_ for id_ in (command.incident, *command.others) if id_ is not None]
    if not any(id_ != aim.incident and came_after(work, id_, aim.known) for id_ in named):
        return
    then = grammar.parse(line, _Then(work, aim.incident, lang, aim.known), lawful=False)
    if not isinstance(then, Command):
        return
    before = (then.incident, *then.others)
    for old, new in zip(before, (command.incident, *command.others), strict=False):
        if old is not None and new is not None and old != new:
            raise Problem(
                msg(
                    "line.number_anew",
                    number=str(new % SERIALS),
                    old=full_number(work.tx.district, old),
                    new=full_number(work.tx.district, new),
                )
            )
