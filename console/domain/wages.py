"""Wage cases: which tier disposes of one, the plan of payment, what has been recovered.

Sources: 保障农民工工资支付条例 (国务院令第724号, 2020); 劳资 E治理 of the article: tiered
disposal by several departments. The law sets no tiers by workers and amount: they are
center settings in ``systems.toml``.

Money is in whole yuan, moments are ms UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.domain.clock import Instant
from console.domain.message import Label, Message, Problem, msg
from console.domain.tables import Table


@dataclass(frozen=True, slots=True)
class Tier:
    """Who disposes of a case that reaches `workers` or `amount` (yuan).

    `departments` are ids of the departments of triage, the leading one first.
    """

    id: str
    label: Label
    workers: int
    amount: int
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WageRules:
    """The tiers, the lightest first; the first one takes every case."""

    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is to be paid, and until when."""

    due: Instant
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid. `key` names it for ever: the same one told twice is one payment."""

    key: str
    at: Instant
    amount: int


@dataclass(frozen=True, slots=True)
class WageCase:
    """A firm that owes wages: workers, the amount, the plan and what has been paid."""

    workers: int
    amount: int
    plan: tuple[Instalment, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def recovered(self) -> int:
        """What the workers have got, in yuan."""
        return sum(payment.amount for payment in self.payments)

    @property
    def outstanding(self) -> int:
        """What is still owed, in yuan."""
        return self.amount - self.recovered

    @property
    def settled(self) -> bool:
        """Whether everything has been paid."""
        return self.outstanding == 0


def open_case(workers: int, amount: int) -> WageCase:
    """A case of `workers` people and `amount` yuan.

    Raises:
        Problem: there is nobody, or nothing, that it is about.
    """
    if workers < 1 or amount < 1:
        raise Problem(msg("wages.nothing_owed"))
    return WageCase(workers, amount)


def tier_of(workers: int, amount: int, rules: WageRules) -> Tier:
    """The heaviest tier that is reached by the workers or by the amount."""
    reached = [t for t in rules.tiers if workers >= t.workers or amount >= t.amount]
    return reached[-1] if reached else rules.tiers[0]


def agree(case: WageCase, dues: Sequence[Instant]) -> WageCase:
    """The case with a plan: what is still owed in equal parts, the odd yuan in the first ones.

    Raises:
        Problem: there is no date, more dates than yuan, or they do not follow each other.
    """
    if case.settled:
        raise Problem(msg("wages.is_settled"))
    if not dues or len(dues) > case.outstanding or list(dues) != sorted(set(dues)):
        raise Problem(msg("wages.bad_plan"))
    part, odd = divmod(case.outstanding, len(dues))
    plan = tuple(Instalment(due, part + (n < odd)) for n, due in enumerate(dues))
    # What was paid before this plan is no part of it.
    return replace(case, plan=(*_kept(case), *plan))


def _kept(case: WageCase) -> tuple[Instalment, ...]:
    """What stands for earlier payments in a new plan: one instalment, already paid."""
    if not case.recovered:
        return ()
    return (Instalment(max(payment.at for payment in case.payments), case.recovered),)


def pay(case: WageCase, payment: Payment) -> WageCase:
    """The case after `payment`; the same payment again changes nothing.

    Raises:
        Problem: it is no amount, more than is owed, or another one under the same key.
    """
    known = next((p for p in case.payments if p.key == payment.key), None)
    if known is not None:
        if known.amount != payment.amount:
            raise Problem(msg("wages.other_payment", key=payment.key, amount=known.amount))
        return case
    if payment.amount < 1:
        raise Problem(msg("wages.no_amount"))
    if payment.amount > case.outstanding:
        raise Problem(msg("wages.too_much", amount=case.outstanding))
    return replace(case, payments=(*case.payments, payment))


def behind(case: WageCase, now: Instant) -> int:
    """How many yuan of the plan are overdue at `now`."""
    owed = sum(part.amount for part in case.plan if part.due <= now)
    return max(0, owed - case.recovered)


def next_due(case: WageCase) -> Instalment | None:
    """The first instalment that is not wholly paid, with what is left of it."""
    paid = case.recovered
    for part in case.plan:
        if paid < part.amount:
            return replace(part, amount=part.amount - paid)
        paid -= part.amount
    return None


def summary(case: WageCase) -> Message:
    """How the case stands, in a sentence."""
    if case.settled:
        return msg("wages.settled", n=case.workers, amount=case.amount)
    return msg("wages.owed", n=case.workers, recovered=case.recovered, outstanding=case.outstanding)


def read_wages(table: Table) -> WageRules:
    """Read ``[[wages.tier]]`` of ``systems.toml``; each tier must ask for more than the last."""
    tiers: list[Tier] = []
    for inner in table.tables("tier"):
        tier = Tier(
            id=inner.text("id"),
            label=inner.label("label"),
            workers=inner.number("workers", least=0),
            amount=inner.number("amount", least=0),
            departments=inner.texts("departments"),
        )
        if not tier.departments:
            inner.complain("departments", msg("rules.missing_key", key="departments"))
        if tiers and (tier.workers <= tiers[-1].workers or tier.amount <= tiers[-1].amount):
            inner.complain("workers", msg("rules.tiers_rise", tier=tier.id))
        tiers.append(tier)
        inner.end()
    if not tiers:
        table.complain("tier", msg("rules.missing_key", key="tier"))
    table.end()
    return WageRules(tuple(tiers))
