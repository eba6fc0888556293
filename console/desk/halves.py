"""Doing many things in one transaction without letting one of them end it for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import DataError, IntegrityError

from console.domain.message import Message, Problem, msg
from console.domain.text import clean

T = TypeVar("T")

_LONGEST_REASON = 200


def fault(error: Exception) -> Message:
    """What the program could not do with a row, for the person who has it."""
    reason = clean(str(error), _LONGEST_REASON).text
    return msg("row.fault", kind=type(error).__name__, reason=reason)


def by_halves(
    items: Sequence[T],
    do: Callable[[Sequence[T]], None],
    aside: Callable[[T, Message], None],
) -> None:
    """Do all of them at once, or what fails in halves, until the one that fails alone is put aside.

    Args:
        items: what is to be done.
        do: does some of them, all or nothing.
        aside: is given each one that cannot be done, with the reason.

    Raises:
        Problem: it is not the items' fault (a full disk, a lock).
    """
    try:
        do(items)
        return
    except Problem as problem:
        if not isinstance(problem.__cause__, DataError | IntegrityError):
            raise
        reason = fault(problem.__cause__)
    except Exception as error:  # it is told with the row
        reason = fault(error)
    if len(items) == 1:
        aside(items[0], reason)
        return
    middle = len(items) // 2
    by_halves(items[:middle], do, aside)
    by_halves(items[middle:], do, aside)
