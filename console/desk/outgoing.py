"""Who outside is told when a line is done: said before Enter, for it cannot be called back."""

from __future__ import annotations

from console.desk.verb import Command
from console.desk.work import TELLS, UPSTREAM, Work
from console.domain import playbook as pb
from console.domain.message import Arg, Message
from console.domain.telling import SOURCES
from console.store import incidents


def told(work: Work, command: Command) -> tuple[Arg, ...]:
    """The systems that get an order or word of it at once, by name; each once.

    Nothing is done: the playbook is asked what would follow.
    """
    if command.incident is None or not command.verb.does:
        return ()
    incident = incidents.get(work.tx, command.incident)
    if incident is None:
        return ()
    departments = work.rules.triage.departments
    systems: list[str] = []
    if command.verb.id == "transfer" and command.system in departments:
        department = departments[command.system]
        systems.append(department.system or department.id)
    playbook = work.playbook(incident)
    if playbook is not None:
        result = pb.advance(
            playbook,
            incidents.steps_of(work.tx, incident.id),
            command.verb.id,
            command.status or command.outcome or None,
            work.at,
            work.rules.deadlines,
            command.step or None,
        )
        systems += [order.system for order in result.orders]
    if incident.source == UPSTREAM and command.verb.id in TELLS:
        systems.append(UPSTREAM)
    return tuple(_named(work, system) for system in dict.fromkeys(systems))


def _named(work: Work, system: str) -> Arg:
    """A system's name, or that of the department which is told through it."""
    if system in SOURCES:
        return Message(f"source.{system}")
    for one in work.rules.triage.departments.values():
        if system in (one.system, one.id):
            return one.label
    return system
