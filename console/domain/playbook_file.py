"""Playbook files: reading one from TOML, and checking it before the console starts.

Nothing of a faulty playbook reaches an officer: an unreachable step, an unknown verb,
a loop with no exit, a missing translation is a `Fault` with file, line and reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from console.domain.categories import Categories
from console.domain.deadlines import Deadlines
from console.domain.message import Label, Message, msg
from console.domain.playbook import (
    OPENED,
    RECEIVED,
    SKIPPED,
    Outcome,
    Overdue,
    Playbook,
    Retry,
    Step,
)
from console.domain.steps import AFTER, BY_KIND
from console.domain.tables import Document, Fault, Table

ROLES = frozenset({"officer", "supervisor", "unit"})
"""Roles that a step may name."""

DONE = Outcome("done", Label("完成", "Done"))
"""The outcome of a step that names none."""


def parse_playbook(text: str, file: str) -> tuple[Playbook | None, list[Fault]]:
    """Read one playbook; None when there is not even a step in it."""
    document = Document(text, file)
    root = document.root
    id_, label = root.text("id"), root.label("label")
    categories = root.texts("categories")
    steps = tuple(_step(table) for table in root.tables("step"))
    root.end()
    if not steps:
        if "step" not in root:
            document.complain((), msg("rules.no_steps", playbook=id_))
        return None, document.faults
    return Playbook(id_, label, categories, steps, file), document.faults


def _step(table: Table) -> Step:
    outcomes = tuple(_outcome(inner) for inner in table.tables("outcome"))
    if not outcomes:
        outcomes = (
            Outcome(
                DONE.id,
                DONE.label,
                table.texts("next"),
                table.texts("asks"),
                table.texts("ends"),
                becomes=table.text("becomes", ""),
                line=table.line,
            ),
        )
    retry = None
    if "retry" in table:
        inner = table.table("retry")
        retry = Retry(inner.texts("outcomes"), inner.number("max"), inner.texts("then"))
        inner.end()
    overdue = None
    if "overdue" in table:
        inner = table.table("overdue")
        overdue = Overdue(
            inner.number("raise", 0), inner.text("notify", ""), inner.text("page", "")
        )
        inner.end()
    order, ordered = None, AFTER
    if "order" in table:
        inner = table.table("order")
        order = (inner.text("system"), inner.text("action"))
        ordered = inner.text("when", AFTER)
        if ordered not in (AFTER, OPENED):
            inner.complain("when", msg("rules.one_of", key="when", options=(AFTER, OPENED)))
        inner.end()
    step = Step(
        id=table.text("id"),
        label=table.label("label"),
        verb=table.text("verb"),
        outcomes=outcomes,
        roles=table.texts("roles"),
        deadline=table.text("deadline", ""),
        counted_from=table.text("from", OPENED),
        retry=retry,
        order=order,
        ordered=ordered,
        on_overdue=overdue,
        checklist=table.labels("checklist"),
        units=table.texts("units"),
        aliases=table.texts("aliases"),
        line=table.line,
    )
    table.end()
    return step


def _outcome(table: Table) -> Outcome:
    outcome = Outcome(
        id=table.text("id"),
        label=table.label("label"),
        next=table.texts("next"),
        asks=table.texts("asks"),
        ends=table.texts("ends"),
        aliases=table.texts("aliases"),
        becomes=table.text("becomes", ""),
        contact=table.flag("contact"),
        line=table.line,
    )
    table.end()
    return outcome


def check(
    playbooks: Sequence[Playbook],
    verbs: Collection[str],
    deadlines: Deadlines,
    categories: Categories,
    units: Collection[str] | None = None,
) -> list[Fault]:
    """Everything that is wrong with the playbooks, taken together with the other tables.

    `verbs` are the verbs that exist, `units` the kinds of unit (None: not checked).
    """
    faults: list[Fault] = []
    owners: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for playbook in playbooks:
        faults += _Check(playbook, verbs, deadlines, categories, units).run()
        if playbook.id in owners:
            reason = msg("rules.playbook_twice", playbook=playbook.id, other=owners[playbook.id])
            faults.append(Fault(playbook.file, 1, reason))
        owners.setdefault(playbook.id, playbook.file)
        for prefix in playbook.categories:
            if prefix in prefixes:
                reason = msg("rules.category_twice", category=prefix, other=prefixes[prefix])
                faults.append(Fault(playbook.file, 1, reason))
            prefixes.setdefault(prefix, playbook.file)
    return faults


class _Check:
    """The check of one playbook."""

    def __init__(
        self,
        playbook: Playbook,
        verbs: Collection[str],
        deadlines: Deadlines,
        categories: Categories,
        units: Collection[str] | None,
    ) -> None:
        self.playbook = playbook
        self.verbs = verbs
        self.deadlines = deadlines
        self.categories = categories
        self.units = units
        self.faults: list[Fault] = []

    def complain(self, line: int, reason: Message) -> None:
        self.faults.append(Fault(self.playbook.file, line, reason))

    def run(self) -> list[Fault]:
        book = self.playbook
        for prefix in book.categories:
            if prefix and prefix not in self.categories:
                self.complain(1, msg("rules.unknown_category", category=prefix))
        if not book.categories:
            self.complain(1, msg("rules.no_categories", playbook=book.id))
        if book.closing is None:
            self.complain(1, msg("rules.no_close", playbook=book.id))
        seen: set[str] = set()
        for step in book.steps:
            if step.id in seen:
                self.complain(step.line, msg("rules.step_twice", step=step.id))
            seen.add(step.id)
            self.step(step)
        self.ways()
        return self.faults

    def step(self, step: Step) -> None:
        if step.verb not in self.verbs:
            self.complain(step.line, msg("rules.unknown_verb", verb=step.verb, step=step.id))
        if step.deadline and step.deadline not in self.deadlines:
            reason = msg("rules.unknown_deadline", deadline=step.deadline, step=step.id)
            self.complain(step.line, reason)
        if step.counted_from not in (RECEIVED, OPENED):
            self.known(step, (step.counted_from,), step.line)
        for role in step.roles:
            if role not in ROLES:
                self.complain(step.line, msg("rules.unknown_role", role=role, step=step.id))
        page = step.on_overdue.page if step.on_overdue else ""
        for kind in (*step.units, *([page] if page else [])):
            if self.units is not None and kind not in self.units:
                self.complain(step.line, msg("rules.unknown_kind", kind=kind, step=step.id))
        if step.on_overdue is not None:
            if step.on_overdue.notify and step.on_overdue.notify not in ROLES:
                role = step.on_overdue.notify
                self.complain(step.line, msg("rules.unknown_role", role=role, step=step.id))
            if not step.deadline:
                self.complain(step.line, msg("rules.overdue_never", step=step.id))
        self.outcomes(step)

    def outcomes(self, step: Step) -> None:
        names: set[str] = set()
        for outcome in step.outcomes:
            if outcome.id in names or outcome.id == SKIPPED:
                reason = msg("rules.outcome_twice", outcome=outcome.id, step=step.id)
                self.complain(outcome.line, reason)
            names.add(outcome.id)
            self.known(step, (*outcome.next, *outcome.ends), outcome.line)
            if outcome.becomes not in ("", BY_KIND) and outcome.becomes not in self.categories:
                reason = msg("rules.unknown_category", category=outcome.becomes)
                self.complain(outcome.line, reason)
        if step.retry is None:
            return
        if step.retry.max < 1 or not step.retry.outcomes:
            self.complain(step.line, msg("rules.retry_endless", step=step.id))
        for name in step.retry.outcomes:
            if name not in names:
                reason = msg("rules.unknown_outcome", outcome=name, step=step.id)
                self.complain(step.line, reason)
        if not step.retry.then:
            self.complain(step.line, msg("rules.retry_nowhere", step=step.id))
        self.known(step, step.retry.then, step.line)

    def known(self, step: Step, ids: Iterable[str], line: int) -> None:
        for id_ in ids:
            if self.playbook.step(id_) is None:
                self.complain(line, msg("rules.unknown_step", step=id_, at=step.id))

    def ways(self) -> None:
        """Every step can be reached, and from every step a way leads out."""
        book = self.playbook
        onward = {step.id: _onward(step) for step in book.steps}
        reached = _closure({book.steps[0].id}, onward)
        # A resolving step and the closing one can always be reached by their verbs.
        own = {s.id for s in book.steps if s.verb in ("resolve", "close")}
        reached |= _closure(own, onward)
        out = {s.id for s in book.steps if _ends(s)}
        while more := {s for s, ways in onward.items() if s not in out and ways & out}:
            out |= more
        for step in book.steps:
            if step.id not in reached:
                self.complain(step.line, msg("rules.unreachable", step=step.id))
            elif step.id not in out:
                self.complain(step.line, msg("rules.no_exit", step=step.id))


def _onward(step: Step) -> set[str]:
    ways = {id_ for outcome in step.outcomes for id_ in outcome.next}
    return ways | set(step.retry.then if step.retry else ())


def _ends(step: Step) -> bool:
    """Whether a way of the playbook can end with this step."""
    again = set(step.retry.outcomes) if step.retry else set()
    return step.verb == "close" or any(
        not outcome.next and outcome.id not in again for outcome in step.outcomes
    )


def _closure(ids: set[str], onward: dict[str, set[str]]) -> set[str]:
    found, waiting = set(ids), list(ids)
    while waiting:
        for id_ in onward.get(waiting.pop(), set()) - found:
            found.add(id_)
            waiting.append(id_)
    return found
