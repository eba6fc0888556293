"""Where work goes on when an incident that was over is opened again."""

from __future__ import annotations

from console.domain.clock import Instant
from console.domain.deadlines import Deadlines
from console.domain.playbook import Working, open_runs
from console.domain.steps import SKIPPED, Playbook, Progress


def reopen(
    playbook: Playbook,
    progress: Progress,
    at: Instant,
    deadlines: Deadlines,
    *,
    sent: bool = False,
) -> Progress:
    """The incident was opened again: work goes on where it was when it was ended.

    What was still to be done when it was resolved, closed or cancelled is open again, with a
    clock of its own. When it had been gone through to its end, it begins again with sending
    somebody, where somebody had been sent and nobody is out any more, and the step that
    resolves it (or closes it) is open, unless what is open leads there.

    Args:
        playbook: the incident's.
        progress: what was done.
        at: the moment (ms UTC).
        deadlines: the table.
        sent: whether a unit is still out on it.
    """
    work = Working(playbook, progress, deadlines, at)
    resolved = _moments(playbook, progress, "resolve")
    closed = _moments(playbook, progress, "close")
    if not open_runs(progress) and not closed:
        # Cancelled or merged: no step of the playbook says so.
        closed = {max((run.done for run in progress if run.done is not None), default=at)}
    unfinished = False
    waits = {run.step for run in open_runs(progress)}
    for run in progress:
        step = playbook.step(run.step)
        if step is None or run.outcome != SKIPPED or run.done not in resolved | closed:
            continue
        if step.verb == "close" or step.id in waits:
            continue
        unfinished |= run.done in closed
        waits.add(step.id)
        opened = work.open_again(run, step)
        if step.verb == "accept":
            # Whoever opens it again has it in hand.
            work.complete(opened, step, step.outcomes[0])
    if not unfinished:
        _once_more(work, sent=sent)
    return tuple(work.runs)


def _moments(playbook: Playbook, progress: Progress, verb: str) -> set[Instant]:
    """When steps of a verb were done."""
    return {
        run.done
        for run in progress
        if run.done is not None and run.outcome != SKIPPED and _verb(playbook, run.step) == verb
    }


def _once_more(work: Working, *, sent: bool) -> None:
    """Open the way to the end once more."""
    book = work.playbook
    done = {run.step for run in work.runs if run.done is not None and run.outcome != SKIPPED}
    waiting = {run.step for run in work.runs if run.done is None}
    ended = any(_verb(book, step) in ("resolve", "close") for step in done)
    sending = [step for step in book.steps if step.verb == "dispatch" and step.id in done]
    if ended and sending and not sent and not any(_verb(book, s) == "dispatch" for s in waiting):
        work.open(sending[0])
        waiting.add(sending[0].id)
    goal = next((step for step in book.steps if step.verb == "resolve"), book.closing)
    goal = goal or book.steps[-1]
    if not any(goal.id in {step, *_onward(book, step)} for step in waiting):
        work.open(goal)


def _verb(playbook: Playbook, step: str) -> str:
    found = playbook.step(step)
    return found.verb if found is not None else ""


def _onward(playbook: Playbook, step: str) -> set[str]:
    """Every step that can come after one."""
    found: set[str] = set()
    waiting = [step]
    while waiting:
        one = playbook.step(waiting.pop())
        if one is None:
            continue
        ways = {id_ for outcome in one.outcomes for id_ in outcome.next}
        ways |= set(one.retry.then) if one.retry is not None else set()
        waiting += ways - found
        found |= ways
    return found
