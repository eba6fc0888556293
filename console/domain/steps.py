"""What a playbook is made of, and what becomes of it on an incident: plain values.

The rules by which it moves are in ``console.domain.playbook``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from console.domain.clock import Instant
from console.domain.message import Label

ENDING = frozenset({"close", "cancel", "merge"})
"""Verbs that end the playbook, whatever is still open."""

OWN_VERB_ONLY = frozenset(
    {
        "accept",
        "close",
        "extend",
        "extend-stop",
        "freeze",
        "points",
        "resolve",
        "return",
        "stop-payment",
        "transfer",
    }
)
"""Verbs that move the incident or somebody's money, or that a rule limits: their steps cannot
be ticked off with ``done``, nor by what another system says."""

SKIPPED = "skipped"
"""Outcome of a step that was still open when something else made it pointless."""

BY_KIND = "*"

RECEIVED, OPENED, AFTER = "received", "opened", "done"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step can end, and the steps it opens. `asks` names what must be told with it.

    `ends` names steps that become pointless; `aliases` are further words for it.
    """

    id: str
    label: Label
    next: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    becomes: str = ""
    """The category that the incident has from then on, with that category's playbook;
    `BY_KIND`: what ``systems.toml`` says for its kind of terminal."""
    contact: bool = False
    """Whether somebody was spoken to: the first time stands with the incident."""
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Retry:
    """With one of `outcomes` the step is tried again, at most `max` times; after that `then`."""

    outcomes: tuple[str, ...]
    max: int
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """What happens when the deadline passes: priority up, a role told, a kind of unit paged."""

    raises: int = 0
    notify: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done.

    `deadline` is an id of ``deadlines.toml`` or "", counted from `counted_from`:
    ``received``, ``opened`` (when the step opened) or the id of a step (when that was
    done). `roles` empty means every officer. `order` is the (system, action) that is
    told when the step is done or, with `ordered` ``opened``, when it opens. `units` are the
    kinds of unit a dispatch step asks for.
    """

    id: str
    label: Label
    verb: str
    outcomes: tuple[Outcome, ...]
    roles: tuple[str, ...] = ()
    deadline: str = ""
    counted_from: str = OPENED
    retry: Retry | None = None
    order: tuple[str, str] | None = None
    ordered: str = AFTER
    on_overdue: Overdue | None = None
    checklist: tuple[Label, ...] = ()
    units: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    line: int = field(default=1, compare=False)

    def outcome(self, id_: str | None) -> Outcome | None:
        """The outcome `id_`; without an id the only one there is."""
        if id_ is None:
            return self.outcomes[0] if len(self.outcomes) == 1 else None
        return next((o for o in self.outcomes if o.id == id_), None)


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook and the categories (prefixes of codes) that it is for.

    The first step starts it.
    """

    id: str
    label: Label
    categories: tuple[str, ...]
    steps: tuple[Step, ...]
    file: str = field(default="", compare=False)

    def step(self, id_: str) -> Step | None:
        """The step `id_`; None when the playbook has changed since and it is gone."""
        return next((s for s in self.steps if s.id == id_), None)

    @property
    def closing(self) -> Step | None:
        """The step that closes the incident."""
        return next((s for s in reversed(self.steps) if s.verb == "close"), None)


@dataclass(frozen=True, slots=True)
class StepRun:
    """One going through of a step.

    `n` counts all runs of the incident from 1, `attempt` the runs of this step.
    `done` is None while it is open; `outcome` is the outcome's id, or `SKIPPED`.
    """

    n: int
    step: str
    attempt: int
    opened: Instant
    due: Instant | None = None
    done: Instant | None = None
    outcome: str | None = None


Progress: TypeAlias = tuple[StepRun, ...]


@dataclass(frozen=True, slots=True)
class StepOrder:
    """What a system is to be told because a step was done, or was opened (no outcome then)."""

    system: str
    action: str
    step: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Advance:
    """What became of the progress: runs that were completed, ended unfinished, and opened."""

    progress: Progress
    done: tuple[StepRun, ...] = ()
    opened: tuple[StepRun, ...] = ()
    skipped: tuple[StepRun, ...] = ()
    orders: tuple[StepOrder, ...] = ()

    @property
    def completed(self) -> StepRun | None:
        """The (first) step that the verb completed; None when it matched no open step."""
        return self.done[0] if self.done else None


@dataclass(frozen=True, slots=True)
class Choice:
    """One lawful next action, as it is offered under a number.

    `outcome` is None where the step has only one.
    """

    step: str
    outcome: str | None
    verb: str
    label: Label
    outcome_label: Label | None
    asks: tuple[str, ...]
    attempt: int
    due: Instant | None
    units: tuple[str, ...] = ()
