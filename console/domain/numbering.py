"""The digits of the next steps, and which of them is the one thing to do.

A digit belongs to an outcome of a step, not to a place in a list. It is reckoned from the
playbook and from what was done on the incident, so that every console shows the same one,
on every visit, and what happens meanwhile gives it to nothing else: a step keeps its digits
while it is open, has them again when it is tried again, and one that opens takes none that
stood on the screen the moment before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from console.domain.steps import Choice, Outcome, Playbook, Progress, Step, StepRun

MOST = 9
"""Digits that there are."""

StepKey = tuple[str, str, str | None]
"""What makes a choice the same one: verb, step and outcome; another attempt is no other step."""

_Digits = dict[str, int]
"""The digits of one step: id of an outcome -> digit."""


def key_of(choice: Choice) -> StepKey:
    """What the choice is, whatever digit and attempt it has."""
    return choice.verb, choice.step, choice.outcome


def numbered(
    playbook: Playbook, progress: Progress, offered: Sequence[Choice]
) -> Mapping[int, Choice]:
    """The choices under their digits, in the order of the digits.

    Args:
        playbook: the incident's.
        progress: what was done on it.
        offered: what can be done now (`console.domain.playbook.choices`); what a role may not
            do is missing there and changes no digit of the others. When there are more than
            digits, some have none.
    """
    known = digits(playbook, progress)
    found: dict[int, Choice] = {}
    for choice in offered:
        step = playbook.step(choice.step)
        outcome = choice.outcome or (step.outcomes[0].id if step is not None else "")
        digit = known.get(choice.step, {}).get(outcome)
        if digit is not None and digit not in found:
            found[digit] = choice
    return dict(sorted(found.items()))


def first_due(playbook: Playbook, offered: Sequence[Choice]) -> tuple[Choice, ...]:
    """What Enter is about: one choice when there is one thing to do, else all to choose from.

    It is the step whose time is up first. Its outcomes are a choice; so are other steps with
    the same deadline, and any of which doing one makes the other pointless.
    """
    if not offered:
        return ()
    first = min(offered, key=lambda one: (one.due is None, one.due or 0))
    steps = [first.step, *(one.step for one in offered if _rivals(playbook, first, one))]
    return tuple(one for one in offered if one.step in steps)


def _rivals(playbook: Playbook, one: Choice, other: Choice) -> bool:
    if one.step == other.step or one.due == other.due:
        return True
    return _ends(playbook, one.step, other.step) and _ends(playbook, other.step, one.step)


def _ends(playbook: Playbook, one: str, other: str) -> bool:
    """Whether some outcome of a step makes another one pointless."""
    step = playbook.step(one)
    return step is not None and any(other in outcome.ends for outcome in step.outcomes)


def digits(playbook: Playbook, progress: Progress) -> Mapping[str, Mapping[str, int]]:
    """The digits of every step's outcomes: those that it had on this incident, or would have."""
    known = usual(playbook)
    return {**known, **_known(playbook, progress, known)}


def _known(
    playbook: Playbook, progress: Progress, usually: Mapping[str, _Digits]
) -> dict[str, _Digits]:
    """The digits of every step that was ever open on an incident."""
    given: dict[int, _Digits] = {}
    last: dict[str, _Digits] = {}
    used: dict[int, int] = {}
    for run in progress:
        step = playbook.step(run.step)
        if step is None:
            continue
        before = [one for one in progress if one.n < run.n and one.step != run.step]
        beside = [one for one in before if one.done is None or one.done > run.opened]
        ended = [one for one in before if one.done == run.opened]
        taken = _digits_of(given, beside)
        just_now = _digits_of(given, ended) - taken
        wanted = last.get(run.step) or usually.get(run.step, {})
        given[run.n] = last[run.step] = mine = _given(step.outcomes, wanted, taken, just_now, used)
        used.update(dict.fromkeys(mine.values(), run.n))
    return last


def _digits_of(given: Mapping[int, _Digits], runs: Collection[StepRun]) -> frozenset[int]:
    """The digits of some runs."""
    return frozenset(digit for run in runs for digit in given.get(run.n, {}).values())


def _given(
    outcomes: Sequence[Outcome],
    wanted: Mapping[str, int],
    taken: Collection[int],
    just_now: Collection[int],
    used: Mapping[int, int],
) -> _Digits:
    """Digits for the outcomes of a step: the wanted ones, else those free for longest.

    Args:
        outcomes: of the step.
        wanted: the digits that they had before, or have usually.
        taken: digits of steps that were open then. One that ended later was so just as well:
            what comes afterwards changes nothing.
        just_now: digits that were on the screen until that moment: taken only when there
            are no others.
        used: when each digit was given last.
    """
    found = {
        one.id: wanted[one.id]
        for one in outcomes
        if one.id in wanted and wanted[one.id] not in (*taken, *just_now)
    }
    rest = [one.id for one in outcomes if one.id not in found]
    free = [n for n in range(1, MOST + 1) if n not in taken and n not in found.values()]
    free.sort(key=lambda n: (n in just_now, used.get(n, 0), n))
    found.update(zip(rest, sorted(free[: len(rest)]), strict=False))
    return found


@lru_cache(maxsize=64)
def usual(playbook: Playbook) -> Mapping[str, _Digits]:
    """The digits that the outcomes of each step have when nothing stands in their way.

    Each takes the digits that disturb the least: those of steps that are rarely, or never,
    on the screen together with it or right before it.
    """
    near = _neighbours(playbook)
    found: dict[str, _Digits] = {}
    for step in playbook.steps:
        cost = dict.fromkeys(range(1, MOST + 1), 0)
        for other, weight in near[step.id].items():
            for digit in found.get(other, {}).values():
                cost[digit] += weight
        best = sorted(cost, key=lambda n: (cost[n], n))[: len(step.outcomes)]
        found[step.id] = {
            one.id: digit for one, digit in zip(step.outcomes, sorted(best), strict=False)
        }
    return found


_FAR = 6
"""Rounds after which two steps that may be open together are taken to be so by chance only."""


def _neighbours(playbook: Playbook) -> dict[str, dict[str, int]]:
    """How closely steps follow or accompany each other: the larger the closer."""
    near: dict[str, dict[str, int]] = {step.id: {} for step in playbook.steps}
    together = {(step.id, step.id) for step in playbook.steps}

    def note(one: str, other: str, weight: int) -> None:
        if one != other and one in near and other in near:
            near[one].setdefault(other, weight)
            near[other].setdefault(one, weight)

    for weight in (2**n for n in range(_FAR, -1, -1)):
        new: set[tuple[str, str]] = set()
        for step in playbook.steps:
            beside = {other for one, other in together if one == step.id}
            for nexts, ends in _ways(step):
                for one in nexts:
                    new |= {(one, other) for other in nexts}
                    new |= {(one, other) for other in beside - set(ends) - {step.id}}
                    for other in (step.id, *ends):
                        note(one, other, weight)
        for one, other in new:
            note(one, other, 2 * weight)
        together |= new | {(other, one) for one, other in new}
    return near


def _ways(step: Step) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What each outcome opens, and what it makes pointless."""
    ways = []
    for outcome in step.outcomes:
        again = step.retry is not None and outcome.id in step.retry.outcomes
        ways.append(((*outcome.next, step.id) if again else outcome.next, outcome.ends))
        if again and step.retry is not None:
            ways.append(((*outcome.next, *step.retry.then), outcome.ends))
    return ways
