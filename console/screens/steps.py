"""Enter and the digits: the next steps of the incident that is on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.timer import Timer

from console.desk.verbs import BY_ID
from console.domain.message import Arg, Message, msg
from console.domain.numbering import StepKey, key_of
from console.screens.step_line import line_of

if TYPE_CHECKING:
    from console.desk.dossier import Dossier
    from console.domain.playbook import Choice
    from console.screens.main import MainScreen

UNREAD = 0.4
"""Seconds in which nobody has read yet that a key means another step than just before."""


@dataclass
class _UnderWay:
    """A step that a key has begun, until the pane shows what came of it."""

    incident: int
    step: StepKey
    seen: int
    """The newest journal entry that the pane showed when the key was pressed."""
    answered: bool = False


class NextSteps:
    """Does the steps that the page's incident offers.

    A key does what the officer has read. A digit means the step that stood under it, Enter
    the one behind ``>`` when nothing else could be meant; and what a key has begun is not
    begun again by a second press before the pane shows what came of the first.

    Args:
        screen: whose page shows the incident.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._waiting: int | None = None
        self._under_way: _UnderWay | None = None
        self._seen: int | None = None
        """The incident whose steps are on the screen."""
        self._meant: Mapping[int, StepKey] = {}
        """What each digit means; 0 stands for Enter."""
        self._unread: set[int] = set()
        """Digits that meant another step a moment ago."""
        self._unread_timer: Timer | None = None

    def shown(self) -> None:
        """The page shows another state: an Enter that came before it is done now."""
        found = self.screen.page.dossier
        waiting, self._waiting = self._waiting, None
        self._look(found)
        self.screen.entry.offer()
        if waiting is not None and found is not None and found.incident.id == waiting:
            self.enter()

    def offer(self) -> Message | None:
        """What Enter would do now; None when there is nothing."""
        found = self.screen.page.dossier
        if found is None or not found.first or found.incident.id != self.screen.page.selected:
            return None
        if len(found.first) > 1:
            return self._which(found)
        return msg("screen.enter_does", step=found.first[0].label)

    def enter(self) -> None:
        """Do the step that is due next, when there is one thing to do; else say what there is."""
        found = self._read(0)
        if found is None:
            return
        if not found.first:
            self.screen.say(msg("screen.no_choice", n=1), "dim")
        elif self._running(found) is not None:
            self.screen.say(msg("screen.step_running"), "dim")
        elif len(found.first) > 1:
            self.screen.say(self._which(found), "warn")
        elif 0 in self._unread:
            self.screen.say(msg("screen.step_changed"), "warn")
        else:
            self._do(found.first[0], found)

    def digit(self, number: int) -> None:
        """Do the step under a number."""
        found = self._read(number)
        if found is None:
            return
        choice = self.screen.page.numbered.get(number)
        if choice is None:
            self.screen.say(msg("screen.no_choice", n=number), "dim")
        elif self._running(found) == key_of(choice):
            self.screen.say(msg("screen.step_running"), "dim")
        elif number in self._unread:
            self.screen.say(msg("screen.step_changed"), "warn")
        else:
            self._do(choice, found)

    def _which(self, found: Dossier) -> Message:
        """What can be chosen, under the digits."""
        chosen = {key_of(one) for one in found.first}
        several = len({one.step for one in found.first}) > 1
        options: list[Arg] = []
        for number, choice in found.numbered.items():
            if key_of(choice) not in chosen:
                continue
            what: Arg = choice.outcome_label or choice.label
            if several and choice.outcome_label is not None:
                what = msg("screen.step_as", step=choice.label, outcome=choice.outcome_label)
            options.append(msg("screen.option", digit=number, what=what))
        if several:
            return msg("screen.which_step", options=tuple(options))
        return msg("screen.which_outcome", step=found.first[0].label, options=tuple(options))

    def _look(self, found: Dossier | None) -> None:
        """See which keys mean something else than before, through no deed of this officer."""
        meant: dict[int, StepKey] = {}
        if found is not None:
            meant = {number: key_of(choice) for number, choice in found.numbered.items()}
            if len(found.first) == 1:
                meant[0] = key_of(found.first[0])
        incident = found.incident.id if found is not None else None
        mine = self._under_way is not None and self._under_way.incident == incident
        if incident == self._seen and not mine:
            changed = {n for n, key in meant.items() if self._meant.get(n, key) != key}
            if changed:
                self._unread |= changed
                if self._unread_timer is not None:
                    self._unread_timer.stop()
                self._unread_timer = self.screen.set_timer(UNREAD, self._now_read)
        else:
            self._unread.clear()
        self._seen, self._meant = incident, meant
        if mine and found is not None and self._running(found) is None:
            self._under_way = None

    def _now_read(self) -> None:
        """Time enough has passed to read what the keys mean now."""
        self._unread.clear()

    def _read(self, number: int) -> Dossier | None:
        """The selected incident, if the officer can have read its steps; else it is said why not.

        An Enter (`number` 0) before that waits for the pane, a digit means nothing yet.
        """
        screen = self.screen
        if screen.session is None:
            screen.say(msg("screen.opening"), "dim")
            return None
        found, selected = screen.page.dossier, screen.page.selected
        if selected is None:
            screen.say(msg("screen.no_selection"), "dim")
        elif found is not None and found.incident.id == selected:
            return found
        elif number:
            screen.say(msg("screen.not_shown"), "dim")
        else:
            self._waiting = selected
        return None

    def _running(self, found: Dossier) -> StepKey | None:
        """The step of this incident that is under way; None when the pane has caught up."""
        one = self._under_way
        if one is None or one.incident != found.incident.id:
            return None
        if one.answered and _newest(found) != one.seen:
            return None
        return one.step

    def _do(self, choice: Choice, found: Dossier) -> None:
        """Do a step, or begin its line when it needs words."""
        screen = self.screen
        line, complete = line_of(found, choice, found.number, screen.words.lang)
        if not complete:
            screen.entry.begin(line + " ")
        elif BY_ID[choice.verb].confirms:
            begin = partial(self._begin, line, choice, found)
            screen.entry.ask(line, screen.entry.aim(), begin)
        else:
            self._begin(line, choice, found)

    def _begin(
        self, line: str, choice: Choice, found: Dossier, *, sure: frozenset[str] = frozenset()
    ) -> None:
        one = _UnderWay(found.incident.id, key_of(choice), _newest(found))
        self._under_way = one

        def answered(changed: frozenset[int]) -> None:
            one.answered = True
            if one.incident not in changed and self._under_way is one:
                self._under_way = None  # refused: it may be tried again

        self.screen.entry.run(line, then=answered, sure=sure)


def _newest(found: Dossier) -> int:
    """The place in the journal of the newest entry about an incident."""
    return found.timeline[-1].entry.seq if found.timeline else 0
