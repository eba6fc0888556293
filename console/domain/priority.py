"""Priority of an incident: I to IV, with a sign so that colour is never alone."""

from __future__ import annotations

from enum import IntEnum

from console.domain.message import Message, msg


class Priority(IntEnum):
    """How urgent: I (red) is the most, IV (blue) the least. Smaller comes first."""

    I = 1  # noqa: E741 - the name that officers use
    II = 2
    III = 3
    IV = 4

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _LABELS[self]

    @property
    def sign(self) -> str:
        """One narrow character that says it without colour."""
        return _SIGNS[self]

    def raised(self, by: int = 1) -> Priority:
        """`by` steps more urgent, at most I."""
        return Priority(max(1, self - by))


_LABELS = {
    Priority.I: msg("priority.1"),
    Priority.II: msg("priority.2"),
    Priority.III: msg("priority.3"),
    Priority.IV: msg("priority.4"),
}
_SIGNS = {Priority.I: "!", Priority.II: "*", Priority.III: "-", Priority.IV: "."}


def priority_of(value: int | None, default: Priority = Priority.III) -> Priority:
    """`value` as a priority; `default` when a source gave none or one that does not exist."""
    return Priority(value) if value is not None and 1 <= value <= 4 else default
