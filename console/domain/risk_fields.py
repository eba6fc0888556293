"""What is followed to its end: loops by their playbooks, the ten risk fields by categories.

Source: design page *systems*, "Ten risk fields" (十大领域): each a campaign with open risks,
closed risks, closing rate, overdue. Which category belongs to which field is a center's own
matter (``fields.toml``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from console.domain.categories import Categories, within
from console.domain.lifecycle import OPEN, State
from console.domain.message import Label, msg
from console.domain.tables import Document, Fault


@dataclass(frozen=True, slots=True)
class Loop:
    """A kind of matter that is followed to its end."""

    id: str
    label: Label
    playbooks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskField:
    """One of the risk fields."""

    id: str
    label: Label
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """The loops and the fields, in the order of the file."""

    loops: tuple[Loop, ...]
    fields: tuple[RiskField, ...]

    @cached_property
    def playbooks(self) -> tuple[str, ...]:
        """Every playbook that is followed."""
        return tuple(one for loop in self.loops for one in loop.playbooks)

    def loop_of(self, playbook: str) -> Loop | None:
        """The loop that a playbook belongs to."""
        return next((loop for loop in self.loops if playbook in loop.playbooks), None)

    def field_of(self, category: str) -> RiskField | None:
        """The field that a category belongs to."""
        return next(
            (one for one in self.fields if any(within(category, c) for c in one.categories)), None
        )


@dataclass(frozen=True, slots=True)
class FieldStanding:
    """How a risk field stands. What was merged counts once, what was cancelled does not."""

    field: RiskField
    open: int
    closed: int
    overdue: int

    @property
    def rate(self) -> float | None:
        """The part that is closed, 0 to 1; None where there is nothing."""
        total = self.open + self.closed
        return self.closed / total if total else None

    def closed_percent(self, digits: int = 0) -> str:
        """The rate as it is written, with so many decimals; "-" where there is nothing.

        Cut off and not rounded: of what is 100 % closed nothing is open.
        """
        total = self.open + self.closed
        if not total:
            return "-"
        whole, part = divmod(100 * 10**digits * self.closed // total, 10**digits)
        return f"{whole}.{part:0{digits}}%" if digits else f"{whole}%"


def standings(
    followed: Followed,
    states: Iterable[tuple[str, str, int]],
    overdue: Mapping[str, int],
) -> tuple[FieldStanding, ...]:
    """How every field stands.

    Args:
        followed: the fields.
        states: (category, state, how many incidents).
        overdue: category -> how many open incidents are past their deadline.
    """
    opened: dict[str, int] = {}
    closed: dict[str, int] = {}
    late: dict[str, int] = {}
    for category, state, n in states:
        field = followed.field_of(category)
        if field is None:
            continue
        if State(state) in OPEN:
            opened[field.id] = opened.get(field.id, 0) + n
        elif state == State.CLOSED.value:
            closed[field.id] = closed.get(field.id, 0) + n
    for category, n in overdue.items():
        field = followed.field_of(category)
        if field is not None:
            late[field.id] = late.get(field.id, 0) + n
    return tuple(
        FieldStanding(one, opened.get(one.id, 0), closed.get(one.id, 0), late.get(one.id, 0))
        for one in followed.fields
    )


def parse_fields(
    text: str, file: str, categories: Categories, playbooks: Collection[str]
) -> tuple[Followed, list[Fault]]:
    """Read ``fields.toml``; what it names must be in the other files."""
    document = Document(text, file)
    root = document.root
    loops: list[Loop] = []
    fields: list[RiskField] = []
    taken: list[str] = []
    for table in root.tables("loop"):
        loop = Loop(table.text("id"), table.label("label"), table.texts("playbooks"))
        for one in loop.playbooks:
            if one not in playbooks:
                table.complain("playbooks", msg("fields.no_playbook", name=one))
        loops.append(loop)
        table.end()
    for table in root.tables("field"):
        field = RiskField(table.text("id"), table.label("label"), table.texts("categories"))
        for one in field.categories:
            if one not in categories:
                table.complain("categories", msg("rules.unknown_category", category=one))
            if any(within(one, other) or within(other, one) for other in taken):
                table.complain("categories", msg("fields.twice", name=one))
            taken.append(one)
        fields.append(field)
        table.end()
    root.end()
    return Followed(tuple(loops), tuple(fields)), document.faults
