"""Hold the money: ask for a payment stop, extend it, freeze, release, give back."""

from __future__ import annotations

from dataclasses import replace

from console.desk.act.life import the_one
from console.desk.grammar_words import money
from console.desk.verb import Command
from console.desk.work import Work
from console.domain import stops
from console.domain.entry import Entry
from console.domain.incident import Incident
from console.domain.message import Message, Problem, msg
from console.domain.payments import StopAction, StopState, standing
from console.domain.stops import AccountStop
from console.domain.writing import narrow

SYSTEM = "fraudguard"


def stop_payment(work: Work, command: Command) -> Message:
    """Ask the bank, through 金钟罩, to stop payment from an account."""
    old, one = _asked(work, command)
    old = work.take_in_hand(old)
    _apply(work, old, one, work.entry("stop-payment", old.id), "payment_stop")
    return msg("stops.asked", number=old.short, account=one.short, money=one.amount)


def would_stop(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old, one = _asked(work, command)
    return msg(
        "stops.would_ask",
        number=old.short,
        account=one.account,
        bank=one.bank or msg("stops.no_bank"),
        money=one.amount,
        n=one.stop.extensions,
    )


def extend_stop(work: Work, command: Command) -> Message:
    """Let a stop last as long once more."""
    old, one = _acted(work, command, StopAction.EXTEND)
    _apply(work, old, one, work.entry("extend-stop", old.id), "extend_stop")
    return msg("stops.extended", number=old.short, account=one.short, n=one.stop.extensions)


def would_extend(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old, one = _acted(work, command, StopAction.EXTEND)
    left = work.rules.systems.payments.extensions - one.stop.extensions
    return msg("stops.would_extend", number=old.short, account=one.short, left=left)


def freeze(work: Work, command: Command) -> Message:
    """Freeze what is stopped; what is frozen is frozen anew for as long."""
    old, one = _acted(work, command, StopAction.FREEZE)
    _apply(work, old, one, work.entry("freeze", old.id), "freeze")
    return msg("stops.frozen", number=old.short, account=one.short)


def would_freeze(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old, one = _acted(work, command, StopAction.FREEZE)
    months = work.rules.systems.payments.freeze_months
    return msg("stops.would_freeze", number=old.short, account=one.short, months=months)


def release(work: Work, command: Command) -> Message:
    """Let the money go."""
    old, one = _acted(work, command, StopAction.RELEASE)
    _apply(work, old, one, work.entry("release", old.id), "release")
    return msg("stops.released", number=old.short, account=one.short)


def would_release(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old, one = _acted(work, command, StopAction.RELEASE)
    return msg("stops.would_release", number=old.short, account=one.short)


def return_money(work: Work, command: Command) -> Message:
    """Give the frozen money back to whom it was taken from."""
    old, one = _acted(work, command, StopAction.RETURN)
    _apply(work, old, one, work.entry("return-money", old.id), "return_money")
    return msg("stops.returned", number=old.short, account=one.short, money=one.amount)


def would_return(work: Work, command: Command) -> Message:
    """What Enter will do."""
    old, one = _acted(work, command, StopAction.RETURN)
    return msg("stops.would_return", number=old.short, account=one.short, money=one.amount)


def _asked(work: Work, command: Command) -> tuple[Incident, AccountStop]:
    """The incident, and the stop that the words ask for: account, bank and amount in any order.

    Raises:
        Problem: no account or no amount is among them, or it may not be stopped.
    """
    old = the_one(work, command)
    account, rest = stops.account_in(narrow(command.text))
    bank: list[str] = []
    amount: int | None = None
    for word in rest.split():
        found = money(word, expected=True) if amount is None else None
        if found is None:
            bank.append(word)
        else:
            amount = found
    known = stops.stops_of(old.facts).get(account)
    amount = amount or (known.amount if known is not None else None)
    if not amount:
        raise Problem(msg("stops.no_amount"))
    rules = work.rules.systems.payments
    return old, stops.ask_for(old.facts, account, " ".join(bank), amount, work.at, rules)


def _acted(work: Work, command: Command, action: StopAction) -> tuple[Incident, AccountStop]:
    """The incident, and the account that is meant as it is after the action.

    Raises:
        Problem: none or several are meant, or the action is not lawful now.
    """
    old = the_one(work, command)
    one = stops.meant(old.facts, command.text, action)
    if action is StopAction.FREEZE and standing(one.stop, work.at).state is StopState.FROZEN:
        action = StopAction.RENEW
    return old, stops.do(one, action, work.at, work.rules.systems.payments, work.tx.zone)


def _apply(work: Work, old: Incident, one: AccountStop, entry: Entry, action: str) -> None:
    """Order it and write it down."""
    entry = replace(entry, text=f"{one.bank} {one.short}".strip(), money=one.amount)
    more = {"account": one.account, "bank": one.bank}
    key = work.order(old, SYSTEM, action, entry, more=more)
    changes = work.working(old)
    changes["facts"] = stops.with_stop(old.facts, one)
    work.apply(old, entry, changes, orders=(key,))
