"""What an officer says in the residents' group, and to everybody."""

from __future__ import annotations

from dataclasses import replace

from console.desk import group
from console.desk.verb import Command
from console.desk.work import Work
from console.domain.categories import Categories
from console.domain.incident import short_number
from console.domain.message import Message, Problem, msg
from console.domain.text import clean
from console.domain.writing import narrow
from console.store import group as messages
from console.store import incidents, journal, outbox
from console.store.group import GroupMessage

APP = "xinwuyou"

TO_ALL = ("bulletin", "recruit", "notice")
"""Actions by which everybody is told something."""


def answer(work: Work, command: Command) -> Message:
    """Answer a message."""
    message, words = _named(work, command)
    return group.answer(work, message.id, words)


def would_answer(work: Work, command: Command) -> Message:
    """What Enter will do."""
    message, words = _named(work, command)
    group.may_answer(message)
    return msg("dingtalk.would_answer", id=message.id, person=message.sender, words=words)


def correct(work: Work, command: Command) -> Message:
    """Correct an answer."""
    message, words = _named(work, command)
    return group.correct(work, message.id, words)


def would_correct(work: Work, command: Command) -> Message:
    """What Enter will do."""
    message, words = _named(work, command)
    group.may_correct(message)
    return msg("dingtalk.would_correct", id=message.id, was=message.answer, words=words)


def intake(work: Work, command: Command) -> Message:
    """Make an incident of a message, of the category that is named or that it speaks of."""
    message, words = _named(work, command)
    return group.to_incident(work, message.id, _category(work.rules.categories, words))


def would_intake(work: Work, command: Command) -> Message:
    """What Enter will do."""
    message, words = _named(work, command)
    _category(work.rules.categories, words)
    if message.incident is not None:
        number = short_number(message.incident)
        raise Problem(msg("dingtalk.is_incident", id=message.id, number=number))
    return msg("dingtalk.would_intake", id=message.id, words=message.text)


def decline(work: Work, command: Command) -> Message:
    """Put a message aside."""
    message, _words = _named(work, command)
    return group.decline(work, message.id)


def would_decline(work: Work, command: Command) -> Message:
    """What Enter will do."""
    message, _words = _named(work, command)
    if message.state != messages.OPEN:
        raise Problem(msg("dingtalk.not_open", id=message.id))
    return msg("dingtalk.would_decline", id=message.id, words=message.text)


def bulletin(work: Work, command: Command) -> Message:
    """Tell everybody something."""
    words = _to_all(work, "bulletin", command.text)
    work.log(replace(work.entry("bulletin"), system=APP, text=words))
    return msg("bulletin.done", words=words)


def recruit(work: Work, command: Command) -> Message:
    """Call for volunteers."""
    words = _to_all(work, "recruit", command.text)
    work.log(replace(work.entry("recruit"), system=APP, text=words))
    return msg("recruit.done", words=words)


def _to_all(work: Work, action: str, text: str) -> str:
    """Write the orders to the app and to the group; the words as they will be read."""
    words = clean(text, group.LONGEST).text.strip()
    if not words:
        raise Problem(msg("dingtalk.no_words"))
    head, _hash = journal.head(work.tx)
    number = f"{work.tx.district}-B{incidents.take_serials(work.tx, 'bulletin')}"
    body: dict[str, str | int | float | None] = {
        "number": number,
        "words": words,
        "text": words,
        "at": work.at,
        "seat": work.seat,
    }
    for system, what in ((APP, action), (group.SOURCE, "notice")):
        key = f"{number}:{what}:{head + 1}"
        outbox.put(work.tx, key, None, system, what, body, work.at)
    return words


def _named(work: Work, command: Command) -> tuple[GroupMessage, str]:
    """The message that is meant, and the words behind its number.

    Raises:
        Problem: there is none of that number.
    """
    first, *words = command.text.split(None, 1)
    named = narrow(first).strip("#号").removeprefix("第")
    if not (named.isascii() and named.isdigit() and len(named) < 16):
        raise Problem(msg("dingtalk.which", named=first))
    return group.need(work, int(named)), " ".join(words).strip()


def _category(categories: Categories, words: str) -> str:
    """The category that an officer names.

    Raises:
        Problem: there is none of that name.
    """
    if not words:
        return ""
    found = categories.called(words)
    if not found:
        raise Problem(msg("dingtalk.no_category", named=words))
    return found[0].code
