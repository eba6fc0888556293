"""What an outcome of a step asks for: which of it is money, which a count, and how it is said.

Whatever is neither is asked for in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from console.domain.message import Arg, Message, msg

AMOUNTS = frozenset({"amount_saved", "amount_lost", "amount_at_risk"})
"""Columns of the incident that are whole yuan."""

PAID = "paid"
"""Whole yuan that are added to what has been saved, and are never more than was claimed."""

NUMBERS = AMOUNTS | {PAID, "injured", "deaths", "casualties"}
"""What is asked for as a number: money, and counts of persons."""


def numbers_of(asks: Iterable[str]) -> tuple[str, ...]:
    """The numbers that are asked for, in the order in which they are told."""
    return tuple(name for name in asks if name in NUMBERS)


def number_message(number: int, asks: Collection[str]) -> Message:
    """A number that goes with an outcome: whole yuan, unless only persons are asked for."""
    if set(asks) & NUMBERS and not set(asks) & (AMOUNTS | {PAID}):
        return msg("grammar.persons", count=number)
    return msg("grammar.money", amount=number)


def numbers_message(told: Iterable[tuple[str, int]]) -> tuple[Arg, ...]:
    """Several numbers, each with what it is; one alone needs no name."""
    pairs = tuple(told)
    if len(pairs) < 2:
        return tuple(number_message(number, (name,)) for name, number in pairs)
    return tuple(
        msg("grammar.number", what=Message(f"ask.{name}"), number=number) for name, number in pairs
    )
