"""Take back the last command of a seat by a compensating one, where the world allows it.

A command can have written several entries (a first call accepts the incident by the
way, a merge changes each of them): they are taken back together, newest first, or not
at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from console.desk.act import orders, points, restoring, tray
from console.desk.act.restoring import CHILDREN, PAIRS
from console.desk.intake import REPORT
from console.desk.verb import Command
from console.desk.verbs import BY_ID
from console.desk.work import Work
from console.domain.entry import Entry
from console.domain.incident import short_number
from console.domain.message import Message, Problem, msg
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
        "handover",
        "level",
        "merge",
        "points",
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
"""Verbs whose entries keep everything that they replaced."""

_BACK: Mapping[str, Callable[[Work, Entry], None]] = {
    "settle": orders.back,
    "resend": orders.back,
    "drop": tray.back,
}
"""Verbs that change no incident: what takes them back says itself when it is too late."""

_NAMED: Mapping[str, str] = {
    "receive": "new",
    "attach": "attach",
    "group_answer": "answer",
    "group_correct": "correct",
    "group_decline": "decline",
}
"""What stands in the journal under another name than its verb's."""

_DEEDS = (BY_ID.keys() | _NAMED.keys()) - {"undo", "note"}
"""What an officer does, as it stands in the journal: words cannot be unsaid, and what
the program did by itself is nobody's deed."""


def undo(work: Work, _command: Command) -> Message:
    """Find the seat's last deed and take it back.

    Raises:
        Problem: there is none, or the world has moved on since.
    """
    last = _last_deed(work)
    if last is None:
        raise Problem(msg("undo.nothing"))
    name = Message(f"verb.{_NAMED.get(last.verb, last.verb)}")
    number = short_number(last.incident) if last.incident is not None else ""
    first = last.part_of or last.seq
    deed = journal.since(work.tx, first - 1, last.seq - first + 1)
    for entry in reversed(deed):
        _may_be_taken_back(work, entry, last.seq, name)
        _take_back(work, entry)
        work.log(replace(work.entry("undo", entry.incident), undoes=entry.seq, text=entry.verb))
    return msg("undo.done", verb=name, number=number)


def _last_deed(work: Work) -> Entry | None:
    undone: set[int] = set()
    for entry in journal.last_of_seat(work.tx, work.seat):
        if entry.verb == "undo":
            undone.add(entry.undoes)
        elif entry.verb in _DEEDS and entry.seq not in undone:
            return entry
    return None


def _may_be_taken_back(work: Work, entry: Entry, deed_ends: int, name: Message) -> None:
    """Raise when the verb cannot be undone or somebody has gone on from it.

    A note or a further report is no hindrance unless it changed the same things.
    """
    number = short_number(entry.incident) if entry.incident is not None else ""
    if entry.verb not in REVERSIBLE:
        raise Problem(msg("undo.cannot", verb=name, number=number))
    if entry.verb == "attach" and REPORT not in dict(entry.before):
        raise Problem(msg("undo.cannot", verb=name, number=number))
    if entry.verb in ("close", "cancel") and entry.units:
        raise Problem(msg("undo.units_gone", number=number, units=entry.units))
    if entry.incident is None or entry.verb in _BACK:
        return
    after = [
        one
        for one in journal.timeline(work.tx, [entry.incident])
        if one.seq > deed_ends and one.verb != "undo"
    ]
    undone = journal.undone(work.tx, entry.incident, deed_ends)
    mine = {name for name, _ in entry.before}
    for one in after:
        harmless = one.verb in ("note", "attach") and not mine & {n for n, _ in one.before}
        if one.seq not in undone and not harmless:
            raise Problem(msg("undo.too_late", verb=name, number=number))


def _take_back(work: Work, entry: Entry) -> None:
    before = dict(entry.before)
    if entry.verb in _BACK:
        _BACK[entry.verb](work, entry)
        return
    restoring.orders_back(work, entry)
    if entry.verb == "attach":
        _report_back(work, entry)
    if points.POSTING in before:
        points.back(work, before)
    if entry.verb == "check":
        restoring.check_back(work, entry)
    else:
        restoring.units_back(work, entry)
    restoring.moves_back(work, before)
    restoring.incident_back(work, entry)
    if entry.incident is None:
        return
    for id_ in restoring.numbers_of(before, CHILDREN):
        child = work.incident(id_)
        incidents.update(work.tx, child, {"merged_into": entry.incident})
    for id_ in restoring.numbers_of(before, PAIRS):
        incidents.suggest_again(work.tx, entry.incident, id_)


def _report_back(work: Work, entry: Entry) -> None:
    """Take a call that an officer added out of the incident again; the journal keeps its words."""
    assert entry.incident is not None
    incidents.drop_report(work.tx, entry.incident, int(str(dict(entry.before)[REPORT])))
