"""The numbers of the next steps: a number stays with its step while the incident is selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.domain.playbook import Choice

MOST = 9
"""Digits that there are."""

StepKey = tuple[str, str, str | None]
"""What makes a choice the same one: verb, step and outcome; another attempt is no other step."""


def key_of(choice: Choice) -> StepKey:
    """What the choice is, whatever number and attempt it has."""
    return choice.verb, choice.step, choice.outcome


class StepNumbers:
    """Gives numbers to the choices of one incident at a time.

    A new choice gets a number that nobody had, as long as there are any; then the one
    that has been free for longest. A choice that comes back gets its old number if that
    is free.
    """

    def __init__(self) -> None:
        self._incident: int | None = None
        self._given: dict[StepKey, int] = {}
        self._free: list[int] = []
        self._before: dict[StepKey, int] = {}

    def give(self, incident: int | None, choices: Sequence[Choice]) -> Mapping[int, Choice]:
        """The choices under their numbers, in the order of the numbers.

        Args:
            incident: id of the incident; another one than before begins anew at 1.
            choices: what it offers now. When there are more than digits, the last ones
                have none.
        """
        if incident != self._incident:
            self._incident = incident
            self._given, self._free, self._before = {}, list(range(1, MOST + 1)), {}
        offered = {key_of(choice): choice for choice in reversed(choices)}
        for key in [key for key in self._given if key not in offered]:
            self._before[key] = self._given.pop(key)
            self._free.append(self._before[key])
        for key in map(key_of, choices):
            if key in self._given or not self._free:
                continue
            number = self._before.get(key, 0)
            if number not in self._free:
                number = self._free[0]
            self._free.remove(number)
            self._given[key] = number
        return {
            number: offered[key]
            for key, number in sorted(self._given.items(), key=lambda item: item[1])
        }
