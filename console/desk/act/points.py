"""Points of residents: given for a deed, redeemed in the mall, taken back.

The ledger (`console.store.points`) and the order to the app are written together. What an
incident earns or spends it earns or spends once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from console.desk.act.group import APP
from console.desk.verb import Command
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain import points as rules
from console.domain.categories import within
from console.domain.entry import Entry, Scalar
from console.domain.incident import Incident, full_number
from console.domain.masking import masked
from console.domain.message import Label, Message, Problem, msg
from console.domain.phones import joined, phone_of
from console.domain.points import FEN, ISSUER, PointsEntry
from console.domain.writing import narrow
from console.store import incidents, journal, outbox
from console.store import points as ledger

REDEEM = "community.redeem"
BACK = frozenset({"收回", "shouhui", "back", "take-back"})
"""Words by which an officer takes the last award of a resident back."""

POSTING = "posting"
"""Name in `Entry.before`: the key of the posting that the entry wrote."""

_PHONE = re.compile(r"1\d{10}")


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a line would do: the posting, how the app is told, what it is called."""

    entry: PointsEntry
    action: str
    what: Label | Message
    account: str
    incident: Incident | None = None

    @property
    def text(self) -> str:
        """What the journal keeps: the award, as the center calls it, and whose it is."""
        named = self.what.zh if isinstance(self.what, Label) else ""
        return f"{named} {masked(self.account)}".strip()


def points(work: Work, command: Command) -> Message:
    """Give points, take those that are redeemed, or take an award back."""
    deed = _deed(work, command)
    ledger.post(work.tx, deed.entry, deed.incident.id if deed.incident is not None else None)
    written = replace(
        work.entry("points", deed.incident.id if deed.incident is not None else None),
        text=deed.text,
        count=deed.entry.points,
        status=deed.action,
        before=((POSTING, deed.entry.key),),
    )
    if deed.incident is None:
        written = replace(written, key=_tell_app(work, deed))
        work.log(written)
    else:
        _apply(work, deed.incident, deed, written)
    return _said(work, deed, "points.done", 0)


def would_points(work: Work, command: Command) -> Message:
    """What Enter will do."""
    deed = _deed(work, command)
    entry = deed.entry
    rules.admit(entry, ledger.get(work.tx, entry.key), ledger.balance(work.tx, entry.source))
    more = entry.points if entry.target == deed.account else -entry.points
    return _said(work, deed, "points.would", more)


def back(work: Work, before: Mapping[str, Scalar]) -> None:
    """Take the posting of an entry back.

    Raises:
        Problem: its points are spent, or somebody has taken it back already.
    """
    posted = ledger.get(work.tx, str(before[POSTING]))
    assert posted is not None  # written in the same transaction as the entry
    if not ledger.stands(work.tx, posted):
        raise Problem(msg("points.taken_back_already"))
    ledger.post(work.tx, rules.reverse(f"{posted.key}:undo", posted, work.at), None)


def _said(work: Work, deed: _Deed, id_: str, more: int) -> Message:
    has = ledger.balance(work.tx, deed.account) + more
    fen = work.rules.systems.points.fen(has)
    return Message(
        id_,
        {
            "what": deed.what,
            "n": deed.entry.points,
            "account": masked(deed.account),
            "has": has,
            "yuan": f"{fen // FEN}.{fen % FEN:02}",
        },
    )


def _deed(work: Work, command: Command) -> _Deed:
    """What the line means.

    Raises:
        Problem: it names no award, nobody, or something that was given already.
    """
    words = joined(narrow(command.text).split())
    number = phone_of(words[-1]) if words else None
    phone = number.number if number is not None and _PHONE.fullmatch(number.number) else ""
    if phone:
        words = words[:-1]
    what = " ".join(words)
    if what.casefold() in BACK:
        return _taken_back(work, command, phone)
    if phone:
        return _given(work, what, phone)
    return _of_incident(work, command, what)


def _award(work: Work, named: str) -> str:
    table = work.rules.systems.points
    act = table.called(named)
    if not act:
        known = tuple(one.label for one in table.awards.values())
        raise Problem(msg("points.which", named=named, known=known))
    return act


def _given(work: Work, named: str, phone: str) -> _Deed:
    act, table = _award(work, named), work.rules.systems.points
    head, _hash = journal.head(work.tx)
    key = f"{work.tx.district}-P{head + 1}"
    entry = rules.award(key, phone, act, work.at, table)
    return _Deed(entry, "award", table.awards[act].label, phone)


def _taken_back(work: Work, command: Command, phone: str) -> _Deed:
    if not phone and command.incident is not None:
        number = phone_of(work.incident(command.incident).phone)
        phone = number.number if number is not None else ""
    last = ledger.to_take_back(work.tx, phone) if phone else None
    if last is None:
        raise Problem(msg("points.nothing_to_take", account=masked(phone) or "-"))
    before = len(ledger.taken_back(work.tx, last))
    entry = rules.reverse(f"{last.key}:back:{before + 1}", last, work.at)
    return _Deed(entry, "take-back", msg("points.taken_back"), phone)


def _of_incident(work: Work, command: Command, named: str) -> _Deed:
    if command.incident is None:
        raise Problem(msg("incident.none_selected"))
    one = work.incident(command.incident)
    number = phone_of(one.phone)
    if number is None or not _PHONE.fullmatch(number.number):
        raise Problem(msg("points.no_phone", number=one.short))
    before = ledger.of_incident(work.tx, one.id)
    if any(ledger.stands(work.tx, entry) for entry in before):
        raise Problem(msg("points.given", number=one.short))
    key = rules.key_of(full_number(work.tx.district, one.id), len(before))
    table = work.rules.systems.points
    if within(one.category, REDEEM):
        wanted = dict(one.facts).get("points", "")
        if not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted) < 10**9):
            raise Problem(msg("points.how_many", number=one.short))
        entry = rules.redeem(key, number.number, int(wanted), work.at)
        return _Deed(entry, "redeem", msg("points.redeemed"), number.number, one)
    act = _award(work, named) if named else table.earned_by(one.category)
    if not act:
        known = tuple(a.label for a in table.awards.values())
        raise Problem(msg("points.which", named=one.short, known=known))
    entry = rules.award(key, number.number, act, work.at, table)
    return _Deed(entry, "award", table.awards[act].label, number.number, one)


def _apply(work: Work, one: Incident, deed: _Deed, written: Entry) -> None:
    """The incident goes on; the app is told by the step that waits for it, or beside."""
    playbook = work.playbook(one)
    runs = incidents.steps_of(work.tx, one.id)
    waits = playbook is not None and any(
        (step := playbook.step(run.step)) is not None and step.verb == "points"
        for run in pb.open_runs(runs)
    )
    keys: list[str] = []
    if not waits:
        keys.append(work.order(one, APP, deed.action, written))
    work.apply(one, written, work.working(one) if waits else None, moves=waits, orders=keys)


def _tell_app(work: Work, deed: _Deed) -> str:
    """The order to the app about somebody who has no incident; its key."""
    number = deed.entry.key.split(":")[0]
    key = f"{number}:{deed.action}:{deed.entry.key}"
    body: dict[str, str | int | float | None] = {
        "number": number,
        "phone": deed.account,
        "points": deed.entry.points,
        "words": deed.entry.reason if deed.entry.source == ISSUER else deed.action,
        "at": work.at,
        "seat": work.seat,
    }
    outbox.put(work.tx, key, None, APP, deed.action, body, work.at)
    return key
