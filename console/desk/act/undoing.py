"""Take back the last thing that a seat did by a compensating entry, where the world allows it.

A command can have written several entries (a first call accepts the incident by the
way, a merge changes each of them): they are taken back together, newest first, or not
at all. It is always the last deed that is meant: when it cannot be taken back, it is said
why, and nothing older is taken back in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from console.desk.act import mistaken, orders, points, restoring, tray
from console.desk.act.restoring import CHILDREN, PAIRS
from console.desk.act.standing import clash, later_entries, may_be_called_back
from console.desk.doubts import Doubtful
from console.desk.verb import Command
from console.desk.verbs import BY_ID
from console.desk.work import Work
from console.domain.entry import Entry
from console.domain.incident import short_number
from console.domain.message import Arg, Message, Problem, msg
from console.domain.telling import system_name, tell
from console.store import incidents, journal

REVERSIBLE = frozenset(
    {
        "accept",
        "alarm",
        "apart",
        "attach",
        "block-firm",
        "call",
        "callback",
        "cancel",
        "check",
        "close",
        "dispatch",
        "done",
        "drop",
        "evidence",
        "extend",
        "extend-stop",
        "family",
        "freeze",
        "group_decline",
        "handover",
        "level",
        "merge",
        "note",
        "points",
        "receive",
        "release",
        "reopen",
        "research",
        "resend",
        "resolve",
        "return",
        "return-money",
        "route",
        "settle",
        "split",
        "status",
        "stop-payment",
        "supervise",
        "takeover",
        "transfer",
        "urge",
        "warn-firm",
    }
)
"""Verbs whose entries keep everything that they replaced, or that can be made good."""

_BACK: Mapping[str, Callable[[Work, Entry], None]] = {
    "attach": mistaken.report_back,
    "drop": tray.back,
    "group_decline": mistaken.message_back,
    "receive": mistaken.cancelled,
    "resend": orders.back,
    "settle": orders.back,
}
"""What takes back otherwise than by what the entry keeps; says itself when it is too late."""

_NAMED: Mapping[str, str] = {
    "attach": "new",
    "receive": "new",
    "group_answer": "answer",
    "group_correct": "correct",
    "group_decline": "decline",
}
"""What stands in the journal under another name than its verb's."""

_SPOKEN = frozenset({"group_answer", "group_correct", "bulletin", "recruit"})
"""Words that everybody has heard."""

_DEEDS = (BY_ID.keys() | _NAMED.keys()) - {"undo"}
"""What an officer does, as it stands in the journal; what the program did by itself is
nobody's deed."""

_OF_ORDERS = frozenset({"settle", "resend"})
"""Deeds that are about an order: it was not sent because of them, and they mind it themselves."""

_FURTHEST = 12_800
"""Entries of a seat that are looked through."""


@dataclass(frozen=True, slots=True)
class _Deed:
    """The last thing that a seat did: its entries, oldest first, and what was told by them."""

    entries: Sequence[Entry]
    told: tuple[str, ...] = ()
    """Systems that know of it and are told nothing else by taking it back."""

    @property
    def last(self) -> Entry:
        """The entry that names it."""
        return self.entries[-1]

    @property
    def mark(self) -> str:
        """What a yes to it is about."""
        return f"undo:{self.last.seq}"


def would_undo(work: Work, _command: Command) -> Message:
    """Say what would be taken back.

    Raises:
        Doubtful: always when something can be: it is asked before it is done.
        Problem: there is nothing, or the world has moved on since.
    """
    deed = _last_deed(work)
    told = _may_be_taken_back(work, deed)
    said = _will_be(work, deed)
    if told:
        said = msg("undo.would_told", what=said, systems=_systems(told))
    raise Doubtful(said, frozenset({deed.mark}))


def undo(work: Work, _command: Command) -> Message:
    """Find the seat's last deed and take it back.

    Raises:
        Problem: there is none, the world has moved on since, or something was done after
            it was asked what to take back.
    """
    deed = _last_deed(work)
    meant = {one for one in work.sure if one.startswith("undo:")}
    if meant and deed.mark not in meant:
        raise Problem(msg("undo.not_the_last"))
    told = _may_be_taken_back(work, deed)
    said = _was(work, deed)
    for entry in reversed(deed.entries):
        moved = _take_back(work, entry, deed.last.seq)
        undone = replace(moved or work.entry("undo", entry.incident), undoes=entry.seq)
        work.log(replace(undone, text=_NAMED.get(entry.verb, entry.verb)))
    for entry in deed.entries:
        if "units" in dict(entry.before):
            restoring.units_counted(work, entry)
    return msg("undo.done_told", what=said, systems=_systems(told)) if told else said


def _last_deed(work: Work) -> _Deed:
    """The seat's last deed that stands.

    Raises:
        Problem: there is none.
    """
    for entry in _own(work):
        first = entry.part_of or entry.seq
        return _Deed(journal.since(work.tx, first - 1, entry.seq - first + 1))
    raise Problem(msg("undo.nothing"))


def _own(work: Work) -> Iterator[Entry]:
    """The deeds of the seat that were not taken back, the last one first."""
    limit = 50
    while True:
        found = journal.last_of_seat(work.tx, work.seat, limit)
        undone = {one.undoes for one in found if one.verb == "undo"}
        standing = [one for one in found if one.verb in _DEEDS and one.seq not in undone]
        if standing or len(found) < limit or limit >= _FURTHEST:
            yield from standing
            return
        limit *= 4


def _about(work: Work, deed: _Deed) -> tuple[Message, str]:
    """What a deed was, in the words of the timeline, and the number of its incident or ""."""
    entry = deed.last
    incident = incidents.get(work.tx, entry.incident) if entry.incident is not None else None
    playbook = work.playbook(incident) if incident is not None else None
    departments: dict[str, Arg] = {
        one.id: one.label for one in work.rules.triage.departments.values()
    }
    told = tell(entry, playbook, work.rules.categories, departments, departments)
    return told, incident.short if incident is not None else ""


def _will_be(work: Work, deed: _Deed) -> Message:
    told, number = _about(work, deed)
    if not number:
        return msg("undo.would_alone", what=told)
    if deed.last.verb == "receive":
        return msg("undo.would_new", number=number)
    return msg("undo.would", what=told, number=number)


def _was(work: Work, deed: _Deed) -> Message:
    told, number = _about(work, deed)
    if not number:
        return msg("undo.done_alone", what=told)
    if deed.last.verb == "receive":
        return msg("undo.done_new", number=number)
    return msg("undo.done", what=told, number=number)


def _systems(names: Sequence[str]) -> tuple[Arg, ...]:
    return tuple(system_name(one, {}) for one in names)


def _may_be_taken_back(work: Work, deed: _Deed) -> tuple[str, ...]:
    """The systems that were told of a deed, when it can be taken back.

    Raises:
        Problem: the verb cannot be undone, somebody has gone on from it, or what it ordered
            has been done.
    """
    told: dict[str, None] = {}
    units: set[str] = set()
    for entry in reversed(deed.entries):
        name = BY_ID[_NAMED.get(entry.verb, entry.verb)].label
        number = short_number(entry.incident) if entry.incident is not None else ""
        if entry.verb in _SPOKEN:
            raise Problem(msg("undo.spoken", verb=name))
        if entry.verb not in REVERSIBLE:
            raise Problem(msg("undo.cannot", verb=name, number=number))
        if entry.verb not in _OF_ORDERS:
            told.update(dict.fromkeys(may_be_called_back(work, entry)))
        restoring.units_can_go_back(work, entry, units)
        if entry.incident is None:
            continue
        if (later := clash(work, entry, deed.last.seq)) is not None:
            raise Problem(msg("undo.too_late", verb=name, number=number, seat=later.seat))
    return tuple(told)


def _take_back(work: Work, entry: Entry, deed_ends: int) -> Entry | None:
    """Take one entry back; the beginning of what is written down, when it says more than usual."""
    before = dict(entry.before)
    if entry.verb not in _OF_ORDERS:
        restoring.orders_back(work, entry)
    if entry.verb in _BACK:
        was = work.incident(entry.incident) if entry.incident is not None else None
        _BACK[entry.verb](work, entry)
        now = work.incident(was.id) if was is not None else None
        if was is None or now is None or now.state is was.state:
            return None
        return replace(work.entry("undo", now.id), from_=was.state.value, to=now.state.value)
    if points.POSTING in before:
        points.back(work, before)
    if entry.verb == "check":
        restoring.check_back(work, entry)
    else:
        restoring.units_back(work, entry)
    restoring.moves_back(work, before)
    if entry.incident is None:
        return None
    restoring.incident_back(work, entry, later_entries(work, entry, deed_ends))
    for id_ in restoring.numbers_of(before, CHILDREN):
        child = work.incident(id_)
        incidents.update(work.tx, child, {"merged_into": entry.incident})
    for id_ in restoring.numbers_of(before, PAIRS):
        incidents.suggest_again(work.tx, entry.incident, id_)
    return None
