"""An incident that turns out to be another thing: its category, and the playbook of that."""

from __future__ import annotations

from console.desk.ruleset import Ruleset
from console.domain.clock import Instant
from console.domain.incident import Incident
from console.domain.naming import severity_of
from console.domain.playbook import Advance, Playbook, Progress, switch
from console.domain.steps import BY_KIND


def said(rules: Ruleset, old: Incident, playbook: Playbook, result: Advance) -> str:
    """The category that an outcome says the incident has from then on, or ""."""
    for run in result.done:
        step = playbook.step(run.step)
        outcome = step.outcome(run.outcome) if step is not None else None
        if outcome is None or not outcome.becomes:
            continue
        if outcome.becomes != BY_KIND:
            return outcome.becomes
        rule = rules.systems.terminals.kinds.get(old.category.partition(".")[2])
        return rule.becomes if rule is not None else ""
    return ""


def turned(
    rules: Ruleset, old: Incident, category: str, steps: Progress, at: Instant
) -> tuple[dict[str, object], Progress]:
    """What another category changes of an incident, and where its playbook then stands.

    It is never less urgent than before; what was done stays done.
    """
    playbook = rules.playbook_for(category)
    field = rules.categories.field(category)
    changed: dict[str, object] = {
        "category": category,
        "field": field,
        "severity": severity_of(category) or (old.severity if field == "traffic" else ""),
        "department": rules.triage.department(category),
        "priority": min(old.priority, int(rules.categories.get(category).priority)),
        "playbook": playbook.id if playbook is not None else "",
    }
    if field == "fire":
        changed["alarm_level"] = max(old.alarm_level, 1)
    if playbook is not None and playbook.id != old.playbook:
        steps = switch(playbook, steps, old.received, at, rules.deadlines)
    return {k: v for k, v in changed.items() if v != getattr(old, k)}, steps
