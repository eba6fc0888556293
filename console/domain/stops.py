"""The payment stops of one incident: one an account, kept among the incident's facts.

A fact ``stop:<account>`` holds what is known of that account as JSON; nothing from outside
can write one (`own`). What may be done with it is `console.domain.payments`. An action that
the bank's side may still refuse keeps what stood before (`was`), and a refusal puts it back.
All moments are ms UTC, amounts whole yuan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, tzinfo

from console.domain.clock import Instant
from console.domain.message import Problem, msg
from console.domain.payments import (
    PaymentRules,
    PaymentStop,
    StopAction,
    StopState,
    act,
    apply_for,
    standing,
    why_not,
)

PREFIX = "stop:"

Facts = tuple[tuple[str, str], ...]

_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,31}")


@dataclass(frozen=True, slots=True)
class AccountStop:
    """One account: where its money stands, and how it stood before the last action."""

    account: str
    bank: str
    amount: int
    stop: PaymentStop
    was: PaymentStop | None = None

    @property
    def short(self) -> str:
        """The account as it is shown: it can be told apart, not read."""
        return f"*{self.account[-4:]}"


HEARD: Mapping[str, tuple[StopAction, ...]] = {
    "stopped": (StopAction.CHECK, StopAction.CONFIRM),
    "mismatch": (StopAction.CHECK, StopAction.MISMATCH),
}
"""What the bank answers -> what that does; a bank that answers has checked."""


def own(label: str) -> bool:
    """Whether a fact's name is one that only the program writes."""
    return label.startswith(PREFIX)


def stops_of(facts: Iterable[tuple[str, str]]) -> dict[str, AccountStop]:
    """Every account, by its number."""
    return {
        label.removeprefix(PREFIX): _read(label.removeprefix(PREFIX), text)
        for label, text in facts
        if own(label)
    }


def with_stop(facts: Facts, one: AccountStop) -> Facts:
    """The facts with what is known of an account now."""
    body = {"bank": one.bank, "amount": one.amount, "stop": asdict(one.stop)}
    if one.was is not None:
        body["was"] = asdict(one.was)
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return tuple({**dict(facts), PREFIX + one.account: text}.items())


def _read(account: str, text: str) -> AccountStop:
    raw = json.loads(text)
    was = raw.get("was")
    return AccountStop(
        account, raw["bank"], raw["amount"], _stop(raw["stop"]), _stop(was) if was else None
    )


def _stop(raw: Mapping[str, object]) -> PaymentStop:
    values = dict(raw)
    values["state"] = StopState(str(values["state"]))
    return PaymentStop(**values)  # type: ignore[arg-type]


def expiry(facts: Iterable[tuple[str, str]]) -> Instant | None:
    """When the first account's money gets loose if nobody does anything.

    A stop that has run out keeps its moment until somebody acts: it is overdue.
    """
    running = (one.stop.until for one in stops_of(facts).values())
    return min((at for at in running if at is not None), default=None)


def held(facts: Iterable[tuple[str, str]]) -> int:
    """Whole yuan that are stopped, frozen or given back."""
    kept = (StopState.STOPPED, StopState.FROZEN, StopState.RETURNED)
    return sum(one.amount for one in stops_of(facts).values() if one.stop.state in kept)


def ask_for(
    facts: Facts, account: str, bank: str, amount: int, at: Instant, rules: PaymentRules
) -> AccountStop:
    """A stop that is asked for, or asked for again after a mismatch or an end.

    Raises:
        Problem: the account is stopped already, or as often as it may be.
    """
    old = stops_of(facts).get(account)
    if old is None:
        return AccountStop(account, bank, amount, apply_for(at))
    reason = why_not(old.stop, StopAction.REAPPLY, at, rules)
    if reason is not None:
        raise Problem(reason)
    # Months are counted in a zone; asking again counts none.
    again = act(old.stop, StopAction.REAPPLY, at, rules, UTC)
    return AccountStop(account, bank or old.bank, amount, again, standing(old.stop, at))


def do(
    one: AccountStop, action: StopAction, at: Instant, rules: PaymentRules, zone: tzinfo
) -> AccountStop:
    """An account after an action of the desk, which the other side may still refuse.

    Raises:
        Problem: it is not lawful; nothing was changed.
    """
    return replace(one, stop=act(one.stop, action, at, rules, zone), was=one.stop)


def heard(
    facts: Facts, event: str, account: str, at: Instant, rules: PaymentRules, zone: tzinfo
) -> Facts:
    """The facts after the bank's answer about an account; one that does not fit changes nothing.

    Args:
        facts: the incident's.
        event: what was said: a key of `HEARD`.
        account: its number; "" where only one waits for an answer.
        at: when the bank did it.
        rules: how long a stop lasts.
        zone: the center's.
    """
    known = stops_of(facts)
    waiting = [n for n, one in known.items() if one.stop.state in _UNANSWERED]
    one = known.get(account or (waiting[0] if len(waiting) == 1 else ""))
    if one is None or event not in HEARD:
        return facts
    stop = one.stop
    # A bank whose clock runs behind ours has not stopped it before it was asked to.
    at = max(at, stop.since)
    for action in HEARD[event]:
        if action is StopAction.CHECK and stop.state is StopState.CHECKING:
            continue
        if why_not(stop, action, at, rules) is not None:
            return facts
        stop = act(stop, action, at, rules, zone)
    return with_stop(facts, replace(one, stop=stop, was=None))


def refused(facts: Facts, account: str, at: Instant, rules: PaymentRules, zone: tzinfo) -> Facts:
    """The facts after the other side would not do what was asked for about an account."""
    one = stops_of(facts).get(account)
    if one is None:
        return facts
    if one.stop.state is StopState.APPLIED:
        return heard(facts, "mismatch", account, at, rules, zone)
    if one.was is None:
        return facts
    return with_stop(facts, replace(one, stop=one.was, was=None))


_UNANSWERED = (StopState.APPLIED, StopState.CHECKING)


def account_in(text: str) -> tuple[str, str]:
    """The account's number in some words, and the other words (the bank).

    Raises:
        Problem: no word can be one.
    """
    for word in text.split():
        if _ACCOUNT.fullmatch(word) and sum(map(str.isdigit, word)) >= 6:
            return word, " ".join(one for one in text.split() if one != word)
    raise Problem(msg("stops.no_account"))


def meant(facts: Facts, words: str, action: StopAction) -> AccountStop:
    """The account that an officer means: by its number or the end of it, or the only one.

    Raises:
        Problem: there is none, or several fit.
    """
    known = stops_of(facts)
    wanted = words.split()[0].lstrip("*") if words.split() else ""
    fits = [one for number, one in known.items() if not wanted or number.endswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    if not known:
        raise Problem(msg("stops.none", action=action.label))
    raise Problem(msg("stops.which", accounts=tuple(one.short for one in known.values())))
