"""Orders whose end nobody knows: what a person found out, or once more at a person's risk."""

from __future__ import annotations

import json
from dataclasses import replace

from adapters.systems import UNKEYED
from console.desk.verb import Command
from console.desk.work import Work
from console.domain.entry import Entry, Scalar
from console.domain.incident import short_number
from console.domain.message import Message, Problem, msg
from console.domain.order_words import action_said
from console.domain.telling import system_called
from console.store import outbox
from console.store.outbox import KeptOrder

DONE = frozenset({"done", "yes", "arrived", "已办", "已送达", "送达", "办了", "是"})
NOT_DONE = frozenset({"not", "no", "lost", "未办", "未送达", "没办", "没有", "否"})
"""Words by which an officer says what became of an order."""

_WAS = "order_was"
_COLUMNS = ("state", "answered", "answer", "reference", "next_at", "attempts")


def settle(work: Work, command: Command) -> Message:
    """Close an unknown order as it was heard: done, or not done."""
    order, done, words = _heard(work, command)
    state = outbox.CONFIRMED if done else outbox.REFUSED
    outbox.change(work.tx, order.key, state=state, answered=work.at, answer=words)
    _log(work, "settle", order, state, words)
    if done:
        return msg("orders.settled", order=mark(order), system=_name(order))
    return msg("orders.settled_not", order=mark(order), system=_name(order))


def would_settle(work: Work, command: Command) -> Message:
    """What Enter will do."""
    order, done, _words = _heard(work, command)
    what = "orders.would_settle" if done else "orders.would_settle_not"
    return Message(what, {"order": mark(order), "system": _name(order), "about": _about(order)})


def resend(work: Work, command: Command) -> Message:
    """Send an order again; one that waits for its next try is sent now."""
    order = _again(work, command)
    outbox.change(work.tx, order.key, state=outbox.WAITING, next_at=work.at)
    _log(work, "resend", order, outbox.WAITING, " ".join(command.words[1:]))
    return msg("orders.resent", order=mark(order), system=_name(order))


def would_resend(work: Work, command: Command) -> Message:
    """What Enter will do, and what may come of it."""
    order = _again(work, command)
    if order.state == outbox.WAITING:
        what = "orders.would_hurry"
    elif order.system in UNKEYED:
        what = "orders.would_risk"
    else:
        what = "orders.would_resend"
    return Message(what, {"order": mark(order), "system": _name(order), "about": _about(order)})


def back(work: Work, entry: Entry) -> None:
    """Take `settle` or `resend` back.

    Raises:
        Problem: the order has gone on since.
    """
    was = json.loads(str(dict(entry.before)[_WAS]))
    order = outbox.get(work.tx, entry.key)
    went_on = order is None or order.state != entry.status or order.attempts != was["attempts"]
    if order is None or went_on:
        raise Problem(msg("orders.went_on", order=outbox.mark_of(entry.key)))
    outbox.change(work.tx, entry.key, **was)
    if entry.incident is not None:
        work.touched.append(entry.incident)


def mark(order: KeptOrder) -> str:
    """What an officer calls an order."""
    return outbox.mark_of(order.key)


def _heard(work: Work, command: Command) -> tuple[KeptOrder, bool, str]:
    order = _one(work, command)
    if order.state == outbox.SENDING:
        raise Problem(msg("orders.on_its_way", order=mark(order)))
    if order.state != outbox.UNKNOWN:
        raise Problem(
            msg("orders.not_unknown", order=mark(order), state=Message(f"order.{order.state}"))
        )
    word = command.words[1].casefold() if len(command.words) > 1 else ""
    if word not in DONE | NOT_DONE:
        raise Problem(msg("orders.say_which", order=mark(order)))
    return order, word in DONE, " ".join(command.words[2:])


def _again(work: Work, command: Command) -> KeptOrder:
    order = _one(work, command)
    if order.state == outbox.SENDING:
        raise Problem(msg("orders.on_its_way", order=mark(order)))
    if order.state not in (outbox.UNKNOWN, outbox.WAITING):
        raise Problem(
            msg("orders.is_over", order=mark(order), state=Message(f"order.{order.state}"))
        )
    return order


def _one(work: Work, command: Command) -> KeptOrder:
    """The order that is meant.

    Raises:
        Problem: none is, or several are.
    """
    named = command.words[0]
    found = outbox.marked(work.tx, named)
    if not found:
        raise Problem(msg("orders.none", order=named))
    if len(found) > 1:
        raise Problem(msg("orders.several", order=named))
    return found[0]


def _log(work: Work, verb: str, order: KeptOrder, state: str, words: str) -> None:
    was: dict[str, Scalar] = {name: getattr(order, name) for name in _COLUMNS}
    resent = verb == "resend"
    entry = replace(
        work.entry("resend", order.incident) if resent else work.entry("settle", order.incident),
        system=order.system,
        key=order.key,
        status=state,
        text=words,
        before=((_WAS, json.dumps(was, ensure_ascii=False)),),
    )
    work.log(entry)
    if order.incident is not None:
        work.touched.append(order.incident)


def _name(order: KeptOrder) -> Message | str:
    return system_called(order.system)


def _about(order: KeptOrder) -> Message:
    number = short_number(order.incident) if order.incident is not None else ""
    if number:
        return msg("orders.about", number=number, action=action_said(order.action))
    return msg("orders.about_none", action=action_said(order.action))
