"""The tray of what nobody could read: an incident of it by hand, or aside with a reason."""

from __future__ import annotations

from dataclasses import replace

from adapters.port import Report
from console.desk import intake
from console.desk.verb import Command
from console.desk.work import Work
from console.domain.entry import Entry
from console.domain.message import Message, Problem, msg
from console.domain.telling import system_called
from console.domain.text import clean
from console.domain.whereabouts import where_in
from console.store import links
from console.store.links import ADOPTED, DROPPED, WAITING, UnreadItem


def adopt(work: Work, command: Command) -> Message:
    """Take an item in, in the officer's words; without any, in its own."""
    item = _one(work, command)
    text = _words(command) or clean(item.raw, intake.MAX_TEXT).text
    report = Report(
        source=item.source,
        source_id=f"tray:{item.id}",
        text=text,
        occurred=item.at,
        place=where_in(text, work.rules.gazetteer),
    )
    result = intake.take_in(work, report, by_hand=True)
    if result.incident is None:
        raise Problem(msg("new.not_understood"))
    links.mark_item(work.tx, item.id, ADOPTED)
    entry = replace(work.entry("adopt", result.incident), source=item.source, count=item.id)
    work.log(entry)
    work.touched.insert(0, result.incident)
    number = work.incident(result.incident).short
    return msg("tray.adopted", item=item.id, number=number)


def would_adopt(work: Work, command: Command) -> Message:
    """What Enter will do."""
    item = _one(work, command)
    words = _words(command)
    if words:
        return msg("tray.would_adopt", item=item.id, source=_name(item), words=words)
    return msg("tray.would_adopt_raw", item=item.id, source=_name(item))


def drop(work: Work, command: Command) -> Message:
    """Put an item aside; it is kept and counted, and waits for nobody."""
    item = _one(work, command)
    reason = _words(command)
    if not reason:
        raise Problem(msg("tray.why", item=item.id))
    links.mark_item(work.tx, item.id, DROPPED)
    work.log(replace(work.entry("drop"), source=item.source, text=reason, count=item.id))
    return msg("tray.dropped", item=item.id)


def would_drop(work: Work, command: Command) -> Message:
    """What Enter will do."""
    item = _one(work, command)
    if not _words(command):
        raise Problem(msg("tray.why", item=item.id))
    return msg("tray.would_drop", item=item.id, source=_name(item))


def back(work: Work, entry: Entry) -> None:
    """Put a dropped item back into the tray.

    Raises:
        Problem: it is not where `drop` has put it.
    """
    item = links.item(work.tx, entry.count)
    if item is None or item.state != DROPPED:
        raise Problem(msg("tray.went_on", item=entry.count))
    links.mark_item(work.tx, item.id, WAITING)


def _one(work: Work, command: Command) -> UnreadItem:
    """The item that is meant.

    Raises:
        Problem: there is none, or it waits no longer.
    """
    named = command.words[0].lstrip("#")
    number = int(named) if named.isascii() and named.isdigit() and len(named) < 16 else 0
    found = links.item(work.tx, number) if number else None
    if found is None:
        raise Problem(msg("tray.none", item=named))
    if found.state == ADOPTED:
        raise Problem(msg("tray.is_adopted", item=number))
    if found.state != WAITING:
        raise Problem(msg("tray.is_over", item=number))
    return found


def _words(command: Command) -> str:
    return " ".join(command.words[1:])


def _name(item: UnreadItem) -> Message | str:
    return system_called(item.source)
