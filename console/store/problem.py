"""What is wrong with a store. Nothing of SQLAlchemy comes with this module."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.message import Message, Problem


class StoreProblem(Problem):
    """The store cannot be used: not there, locked, damaged, read-only, too new, another one."""


@dataclass(frozen=True, slots=True)
class End:
    """An end of the journal: the last entry's number and hash."""

    seq: int
    hash: str


class UnsureProblem(StoreProblem):
    """A server was lost between a commit and its answer: nobody knows whether it was written.

    Args:
        message: says so.
        end: the end that the journal has if it was (`console.store.engine.Store.became`).
    """

    def __init__(self, message: Message, end: End) -> None:
        super().__init__(message)
        self.end = end
