"""What should not have been written down at all: a call taken by mistake, a message put aside."""

from __future__ import annotations

from console.desk.act.standing import later_entries
from console.desk.act.taking import SOURCE
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.entry import Entry
from console.domain.lifecycle import target
from console.domain.message import Problem, msg
from console.store import group, incidents


def cancelled(work: Work, entry: Entry) -> None:
    """Cancel an incident that an officer made by mistake; its number is not given again.

    Raises:
        Problem: it was not made by hand.
    """
    assert entry.incident is not None
    old = work.incident(entry.incident)
    if entry.source != SOURCE:
        raise Problem(msg("undo.not_by_hand", number=old.short))
    playbook = work.playbook(old)
    if playbook is not None:
        progress = incidents.steps_of(work.tx, old.id)
        ended = pb.advance(playbook, progress, "cancel", None, work.at, work.rules.deadlines)
        incidents.save_steps(work.tx, old.id, progress, ended.progress)
    changes: dict[str, object] = {
        "state": target("cancel", old.state),
        "closed": work.at,
        "due": None,
        "units": 0,
    }
    incidents.update(work.tx, old, changes)
    work.touched.append(old.id)


def report_back(work: Work, entry: Entry) -> None:
    """Take a call off the incident that it was added to; the journal keeps its words.

    Raises:
        Problem: it was not taken by hand.
    """
    assert entry.incident is not None
    old = work.incident(entry.incident)
    if entry.source != SOURCE:
        raise Problem(msg("undo.not_by_hand", number=old.short))
    incidents.drop_report(work.tx, old.id, entry.source, entry.source_id)
    changes: dict[str, object] = {"reports": old.reports - 1}
    before = dict(entry.before)
    # Whoever set the priority since knew of more than this call.
    if "priority" in before and not any(
        "priority" in dict(one.before) for one in later_entries(work, entry, entry.seq)
    ):
        changes["priority"] = before["priority"]
    incidents.update(work.tx, old, changes)
    work.touched.append(old.id)


def message_back(work: Work, entry: Entry) -> None:
    """A message of the group that was put aside waits again.

    Raises:
        Problem: it has been answered since, or made an incident of.
    """
    message = group.by_source(work.tx, entry.source_id)
    if message is None or message.state != group.DECLINED:
        raise Problem(msg("undo.message_went_on"))
    group.wait_again(work.tx, message.id)
