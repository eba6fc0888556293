"""The playbook engine: a loop of work written as data, moved forward by verbs.

A playbook is a list of steps; doing a step has an outcome, and an outcome leads to
further steps. Several steps may be open at once. The engine is pure: it takes the
progress so far and what was done, and answers with the new progress.

Three promises hold for every playbook that passes the check (``playbook_file``):
`advance` never fails, whatever verb comes; while the incident is not ended there is
always a step open; and closing, cancelling or merging the incident ends everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from console.domain.categories import within
from console.domain.clock import Instant
from console.domain.deadlines import Deadlines
from console.domain.message import Label
from console.domain.steps import (
    ENDING,
    OPENED,
    OWN_VERB_ONLY,
    RECEIVED,
    SKIPPED,
    Advance,
    Choice,
    Outcome,
    Overdue,
    Playbook,
    Progress,
    Retry,
    Step,
    StepOrder,
    StepRun,
)

__all__ = [
    "ENDING",
    "OPENED",
    "OWN_VERB_ONLY",
    "RECEIVED",
    "SKIPPED",
    "Advance",
    "Choice",
    "Outcome",
    "Overdue",
    "Playbook",
    "Progress",
    "Retry",
    "Step",
    "StepOrder",
    "StepRun",
    "advance",
    "choices",
    "due",
    "finish",
    "open_runs",
    "outcome_called",
    "playbook_for",
    "start",
    "step_called",
    "switch",
]


def playbook_for(playbooks: Iterable[Playbook], category: str) -> Playbook | None:
    """The playbook whose prefix fits `category` best (the longest), or None."""
    best: tuple[int, Playbook] | None = None
    for playbook in playbooks:
        for prefix in playbook.categories:
            if within(category, prefix) and (best is None or len(prefix) > best[0]):
                best = (len(prefix), playbook)
    return best[1] if best else None


def open_runs(progress: Progress) -> tuple[StepRun, ...]:
    """The steps that wait to be done, in the order in which they opened."""
    return tuple(run for run in progress if run.done is None)


def due(progress: Progress) -> Instant | None:
    """The nearest deadline of the open steps (ms UTC), or None."""
    return min((r.due for r in progress if r.done is None and r.due is not None), default=None)


def start(playbook: Playbook, received: Instant, now: Instant, deadlines: Deadlines) -> Progress:
    """The first step, counted from `received`, which is never later than `now`."""
    first = StepRun(1, playbook.steps[0].id, 1, min(received, now))
    work = Working(playbook, (), deadlines, min(received, now))
    return (replace(first, due=work.due(playbook.steps[0], first.opened)),)


def advance(
    playbook: Playbook,
    progress: Progress,
    verb: str,
    outcome: str | None,
    at: Instant,
    deadlines: Deadlines,
    step: str | None = None,
    kinds: Collection[str] = (),
) -> Advance:
    """What `verb` with `outcome` at `at` does to the progress.

    `step` picks one of several open steps; with ``done`` it ticks off any open step but
    one that moves the incident itself. `kinds` are the kinds of the units concerned, for
    ``dispatch`` and ``status``: a step that asks for another kind is not completed, and
    one command may complete several such steps. For ``status`` the outcome is the
    status word. ``event`` is what another system says has happened: it does the open step
    of which the outcome is its own. A verb that fits no open step changes nothing: an officer
    may always do more than the playbook says.
    """
    if verb in ENDING or verb == "resolve":
        return finish(playbook, progress, verb, outcome, at, deadlines)
    work = Working(playbook, progress, deadlines, at)
    # A word that could mean any step's outcome must be that step's own.
    exact = verb in ("status", "event") or (verb == "done" and step is None and outcome is not None)
    for run in open_runs(progress):
        found = playbook.step(run.step)
        if found is None or not _fits(found, verb, step, kinds):
            continue
        if work.is_ended(run):
            continue
        result = found.outcome(outcome)
        if result is None and not exact:
            result = found.outcome(None)
        if result is None:
            continue
        work.complete(run, found, result)
        if verb not in ("dispatch", "status"):
            break
    return work.result()


def finish(
    playbook: Playbook,
    progress: Progress,
    verb: str,
    outcome: str | None,
    at: Instant,
    deadlines: Deadlines,
) -> Advance:
    """The incident was ended by `verb`, whatever the playbook says.

    The step of the verb is completed even if it was not open yet, everything else that
    is open ends unfinished. A step that can end in several ways has no outcome without one
    that is named. After ``resolve`` (the work on the spot is done) the steps
    behind it open: call-back and paper. After the others nothing is open any more.
    """
    work = Working(playbook, progress, deadlines, at)
    waiting = open_runs(progress)
    own = [s for s in playbook.steps if s.verb == verb]
    step = next((s for s in own if any(r.step == s.id for r in waiting)), None)
    step = step or next(iter(own), None)
    run = next((r for r in waiting if step is not None and r.step == step.id), None)
    # First the rest ends, so that what the resolving step opens stays open.
    work.skip(r.step for r in waiting if r != run)
    ended = (step.outcome(outcome) or step.outcome(None)) if step is not None else None
    if step is not None and ended is not None:
        work.complete(run or work.open(step), step, ended)
    elif run is not None:
        # How it ended was not said: that is not written down as one of the ways.
        work.skip([run.step])
    if verb == "resolve" and playbook.closing is not None and not open_runs(tuple(work.runs)):
        work.open(playbook.closing)
    return work.result(ended=verb in ENDING)


def switch(
    playbook: Playbook,
    progress: Progress,
    received: Instant,
    at: Instant,
    deadlines: Deadlines,
) -> Progress:
    """Go over to another playbook (the category was changed): what was done stays done.

    The open steps of the old one end; steps of the new one that the old one has already
    done, with the same name and outcome, count as done.
    """
    before = {r.step: r for r in progress if r.done is not None and r.outcome != SKIPPED}
    kept = tuple(replace(r, done=at, outcome=SKIPPED) if r.done is None else r for r in progress)
    work = Working(playbook, kept, deadlines, at)
    work.received = min([received, *(r.opened for r in progress)])
    waiting = [work.open(playbook.steps[0])]
    carried: set[str] = set()
    while waiting:
        run = waiting.pop(0)
        step, old = playbook.step(run.step), before.get(run.step)
        if run.done is not None or step is None or old is None or run.step in carried:
            continue
        result = step.outcome(old.outcome)
        if result is not None:
            carried.add(run.step)
            known = {r.n for r in work.runs}
            work.complete(run, step, result, done=old.done)
            waiting += [r for r in work.runs if r.n not in known]
    return work.result().progress


def choices(playbook: Playbook, progress: Progress, role: str | None = None) -> tuple[Choice, ...]:
    """What can be done next, in the order of the numbers 1-9: one a step and outcome.

    With a `role`, only what that role may do.
    """
    found: list[Choice] = []
    runs = open_runs(progress)
    closing = playbook.closing
    if runs and closing and all(playbook.step(run.step) is None for run in runs):
        # The playbook's file has changed and knows none of these steps: closing is left.
        runs = (replace(runs[-1], step=closing.id, attempt=1, due=None),)
    for run in runs:
        step = playbook.step(run.step)
        if step is None or (role is not None and step.roles and role not in step.roles):
            continue
        single = len(step.outcomes) == 1
        for outcome in step.outcomes:
            found.append(
                Choice(
                    step=step.id,
                    outcome=None if single else outcome.id,
                    verb=step.verb,
                    label=step.label,
                    outcome_label=None if single else outcome.label,
                    asks=outcome.asks,
                    attempt=run.attempt,
                    due=run.due,
                    units=step.units,
                )
            )
    return tuple(found)


def step_called(playbook: Playbook, word: str) -> Step | None:
    """The step that an officer calls `word`: its id, label or an alias."""
    return next((s for s in playbook.steps if _called(word, s.id, s.label, s.aliases)), None)


def outcome_called(step: Step, word: str) -> Outcome | None:
    """The outcome of `step` that an officer calls `word`: its id, label or an alias."""
    return next((o for o in step.outcomes if _called(word, o.id, o.label, o.aliases)), None)


def _called(word: str, id_: str, label: Label, aliases: Sequence[str]) -> bool:
    wanted = word.strip().casefold()
    return wanted in {w.casefold() for w in (id_, label.zh, label.en, *aliases)}


def _fits(step: Step, verb: str, wanted: str | None, kinds: Collection[str]) -> bool:
    if wanted is not None and wanted != step.id:
        return False
    if verb == "event":
        return step.verb not in OWN_VERB_ONLY
    if step.verb == verb:
        return not (step.units and kinds and not set(step.units) & set(kinds))
    return verb == "done" and wanted is not None and step.verb not in OWN_VERB_ONLY


class Working:
    """Progress while one event is applied to it; what a rule of its own may use."""

    def __init__(
        self, playbook: Playbook, progress: Progress, deadlines: Deadlines, at: Instant
    ) -> None:
        self.playbook = playbook
        self.runs = list(progress)
        self.deadlines = deadlines
        self.at = at
        self.received = min((r.opened for r in progress), default=at)
        self.opened: list[int] = []
        self.done: list[int] = []
        self.skipped: list[int] = []
        self.orders: list[StepOrder] = []

    def due(self, step: Step, opened: Instant) -> Instant | None:
        """When `step` must be done, or None when it has no deadline."""
        if not step.deadline:
            return None
        origin = opened
        if step.counted_from == RECEIVED:
            origin = self.received
        elif step.counted_from != OPENED:
            done = (r.done for r in self.runs if r.step == step.counted_from)
            origin = max((at for at in done if at is not None), default=opened)
        return self.deadlines.due(step.deadline, origin)

    def open(self, step: Step) -> StepRun:
        attempt = 1 + sum(r.step == step.id for r in self.runs)
        # Not their count: a step that was taken back has left a gap.
        n = 1 + max((r.n for r in self.runs), default=0)
        run = StepRun(n, step.id, attempt, self.at)
        run = replace(run, due=self.due(step, run.opened))
        self.runs.append(run)
        self.opened.append(run.n)
        if step.order is not None and step.ordered == OPENED:
            self.orders.append(StepOrder(*step.order, step.id, ""))
        return run

    def complete(
        self, run: StepRun, step: Step, outcome: Outcome, done: Instant | None = None
    ) -> None:
        self._set(run, done if done is not None else self.at, outcome.id)
        self.done.append(run.n)
        if step.order is not None and step.ordered != OPENED:
            self.orders.append(StepOrder(*step.order, step.id, outcome.id))
        self.skip(outcome.ends)
        retry = step.retry
        if retry is None or outcome.id not in retry.outcomes:
            self._lead(outcome.next, run)
            return
        # What runs beside the tries is opened once, not again with every try.
        self._lead((id_ for id_ in outcome.next if not self._seen(id_)), run)
        tries = sum(r.step == step.id and r.outcome in retry.outcomes for r in self.runs)
        if tries < retry.max:
            self.open(step)
        else:
            self._lead((id_ for id_ in retry.then if not self._seen(id_)), run)

    def open_again(self, run: StepRun, step: Step) -> StepRun:
        """Open a run that something else had ended; its clock runs from now on."""
        place = next(i for i, r in enumerate(self.runs) if r.n == run.n)
        again = replace(run, due=self.due(step, self.at), done=None, outcome=None)
        self.runs[place] = again
        return again

    def is_ended(self, run: StepRun) -> bool:
        return any(r.n == run.n and r.done is not None for r in self.runs)

    def skip(self, steps: Iterable[str]) -> None:
        pointless = set(steps)
        for run in tuple(self.runs):
            if run.done is None and run.step in pointless:
                self._set(run, self.at, SKIPPED)
                self.skipped.append(run.n)

    def _lead(self, ids: Iterable[str], came_from: StepRun) -> None:
        for id_ in ids:
            step = self.playbook.step(id_)
            runs = [r for r in self.runs if r.step == id_]
            waits = any(r.done is None for r in runs)
            # Done on a parallel way while this step was still being worked on.
            passed = any(
                r.outcome != SKIPPED
                and (r.n > came_from.n or (r.done is not None and r.done > came_from.opened))
                for r in runs
            )
            if step is not None and not waits and not passed:
                self.open(step)

    def _seen(self, id_: str) -> bool:
        return any(r.step == id_ for r in self.runs)

    def _set(self, run: StepRun, done: Instant, outcome: str) -> None:
        place = next(i for i, r in enumerate(self.runs) if r.n == run.n)
        self.runs[place] = replace(run, done=done, outcome=outcome)

    def result(self, *, ended: bool = False) -> Advance:
        closing = self.playbook.closing
        if ended:
            self.skip(r.step for r in self.runs)
        elif (
            closing is not None
            and (self.done or self.skipped)
            and all(r.done is not None for r in self.runs)
        ):
            # Nobody may be left without a next step: when all ways have ended, close.
            self.open(closing)
        by_number = {r.n: r for r in self.runs}
        return Advance(
            tuple(self.runs),
            done=tuple(by_number[n] for n in self.done),
            opened=tuple(by_number[n] for n in self.opened),
            skipped=tuple(by_number[n] for n in self.skipped),
            orders=tuple(self.orders),
        )
