"""Enter and the digits: the next steps of the incident that is on the screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from console.desk.verbs import BY_ID
from console.domain.message import msg

if TYPE_CHECKING:
    from console.desk.dossier import Dossier
    from console.domain.playbook import Choice
    from console.screens.main import MainScreen


class NextSteps:
    """Does the steps that the page's incident offers.

    Args:
        screen: whose page shows the incident.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._waiting: tuple[int, int] | None = None

    def shown(self) -> None:
        """The page shows another state: a key that came before it is done now."""
        found = self.screen.page.dossier
        waiting, self._waiting = self._waiting, None
        if waiting is not None and found is not None and found.incident.id == waiting[0]:
            self.choose(waiting[1])

    def choose(self, index: int) -> None:
        """Do the numbered next step, or begin its line when it needs words."""
        screen = self.screen
        if screen.session is None:
            return
        found, selected = screen.page.dossier, screen.page.selected
        if selected is None:
            screen.say(msg("screen.no_selection"), "dim")
            return
        if found is None or found.incident.id != selected:
            # The pane has not caught up with the cursor yet: as soon as it has.
            self._waiting = (selected, index)
            return
        if index >= len(found.choices):
            screen.say(msg("screen.no_choice", n=index + 1), "dim")
            return
        choice = found.choices[index]
        line, complete = self._line_of(choice, found)
        if not complete:
            screen.entry.begin(line + " ")
            return
        if BY_ID[choice.verb].confirms:
            screen.confirm(msg("screen.confirm", line=line), partial(screen.entry.run, line))
        else:
            screen.entry.run(line)

    def _line_of(self, choice: Choice, found: Dossier) -> tuple[str, bool]:
        """The line of a choice, and whether it can be done as it stands."""
        zh = self.screen.words.lang == "zh"
        verb = BY_ID[choice.verb]
        name = verb.names.zh if zh else verb.names.en
        number = f"#{found.incident.short}"
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
        if choice.verb in ("alarm", "level"):
            return f"{name} {number}", False
        if choice.verb == "done":
            label = self._word(choice.label, choice.step)
            line = f"{name} {number} {label}"
            if choice.outcome is not None:
                line += f" {self._word(choice.outcome_label, choice.outcome)}"
            return line, not choice.asks
        if choice.verb in ("note", "cancel", "transfer"):
            return f"{name} {number}", False
        line = f"{name} {number}"
        if choice.verb in ("call", "resolve") and choice.outcome is not None:
            line += f" {self._word(choice.outcome_label, choice.outcome)}"
        return line, not choice.asks and (len(same) == 1 or choice.outcome is not None)

    def _word(self, label: Any, id_: str) -> str:
        """A step or outcome as it can be typed: its label when that is one word."""
        if label is None:
            return id_
        text: str = label.zh if self.screen.words.lang == "zh" else label.en
        return text if " " not in text else id_
