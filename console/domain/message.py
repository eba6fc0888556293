"""Words at the edge: what a person will read travels as an id and arguments.

Domain, store and desk never write a sentence; the screen and the command line
turn a `Message` into Chinese or English (see ``console.i18n``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Label:
    """A name that comes with the data (a category, a step) in both languages."""

    zh: str
    en: str


Arg: TypeAlias = "str | int | float | Label | Message | tuple[Arg, ...] | None"


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be said: the catalogue's id and the values that go into it.

    `args` may hold labels, further messages, or tuples of them (drawn joined).
    An integer argument named ``n`` chooses the plural form.
    """

    id: str
    args: Mapping[str, Arg] = field(default_factory=dict, hash=False)


def msg(id_: str, /, **args: Arg) -> Message:
    """Short for ``Message(id_, args)``."""
    return Message(id_, args)


class Problem(Exception):  # noqa: N818 - it is not a fault of the program
    """Something asked for is not possible; nothing was changed.

    Carries the sentence for the person who asked.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message.id, dict(message.args))
        self.message = message
