"""Enter and the digits: the next steps of the incident that is on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from console.desk.verbs import BY_ID
from console.domain.clock import to_datetime
from console.domain.incident import day_of, full_number
from console.domain.message import msg
from console.screens.numbering import StepKey, key_of

if TYPE_CHECKING:
    from console.desk.dossier import Dossier
    from console.domain.incident import Incident
    from console.domain.playbook import Choice
    from console.screens.main import MainScreen


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

    A key does what the officer has read. A digit means the step under which it stood,
    Enter the one that stood behind ``>``; and what a key has begun is not begun again by
    a second press before the pane shows what came of the first.

    Args:
        screen: whose page shows the incident.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._waiting: int | None = None
        self._under_way: _UnderWay | None = None

    def shown(self) -> None:
        """The page shows another state: an Enter that came before it is done now."""
        found = self.screen.page.dossier
        waiting, self._waiting = self._waiting, None
        if waiting is not None and found is not None and found.incident.id == waiting:
            self.enter()

    def enter(self) -> None:
        """Do the step that is due next."""
        found = self._read(0)
        if found is None:
            return
        if not found.choices:
            self.screen.say(msg("screen.no_choice", n=1), "dim")
        elif self._running(found) is not None:
            self.screen.say(msg("screen.step_running"), "dim")
        else:
            self._do(found.choices[0], found)

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
        else:
            self._do(choice, found)

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
        line, complete = self._line_of(choice, found)
        if not complete:
            screen.entry.begin(line + " ")
            return
        begin = partial(self._begin, line, choice, found)
        if BY_ID[choice.verb].confirms:
            screen.confirm(msg("screen.confirm", line=line), begin)
        else:
            begin()

    def _begin(self, line: str, choice: Choice, found: Dossier) -> None:
        one = _UnderWay(found.incident.id, key_of(choice), _newest(found))
        self._under_way = one

        def answered(changed: frozenset[int]) -> None:
            one.answered = True
            if one.incident not in changed and self._under_way is one:
                self._under_way = None  # refused: it may be tried again

        self.screen.entry.run(line, then=answered)

    def _line_of(self, choice: Choice, found: Dossier) -> tuple[str, bool]:
        """The line of a choice, and whether it can be done as it stands."""
        zh = self.screen.words.lang == "zh"
        verb = BY_ID[choice.verb]
        name = verb.names.zh if zh else verb.names.en
        number = self._number(found.incident)
        same = [c for c in found.choices if c.step == choice.step]
        if choice.verb == "status":
            stamp = choice.outcome or ""
            out = [
                a.call_sign
                for a in found.assignments
                if a.is_out and getattr(a, stamp, None) is None
            ]
            if len(out) == 1 and choice.outcome is not None:
                return f"{out[0]} {choice.outcome}", True
            return (out[0] if out else name), False
        if choice.verb in ("alarm", "level", "extend", "return"):
            return f"{name} {number}", False
        if choice.verb == "done":
            label = self._word(choice.label, choice.step)
            line = f"{name} {number} {label}"
            if choice.outcome is not None:
                line += f" {self._word(choice.outcome_label, choice.outcome)}"
            return line, not choice.asks
        if choice.verb in ("note", "cancel", "transfer", "stop-payment"):
            return f"{name} {number}", False
        line = f"{name} {number}"
        if choice.verb in ("call", "callback", "resolve") and choice.outcome is not None:
            line += f" {self._word(choice.outcome_label, choice.outcome)}"
        return line, not choice.asks and (len(same) == 1 or choice.outcome is not None)

    def _number(self, incident: Incident) -> str:
        """A number by which this incident is meant and no other.

        The short one means the newest incident that has it: of earlier days it is whole.
        """
        session = self.screen.session
        assert session is not None
        store = session.desk.store
        today = to_datetime(session.desk.clock.now(), store.zone)
        if day_of(incident.id) == int(today.strftime("%Y%m%d")):
            return f"#{incident.short}"
        return full_number(store.district, incident.id)

    def _word(self, label: Any, id_: str) -> str:
        """A step or outcome as it can be typed: its label when that is one word."""
        if label is None:
            return id_
        text: str = label.zh if self.screen.words.lang == "zh" else label.en
        return text if " " not in text else id_


def _newest(found: Dossier) -> int:
    """The place in the journal of the newest entry about an incident."""
    return found.timeline[-1].entry.seq if found.timeline else 0
