"""The line that does a step, as an officer would type it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.desk.verbs import BY_ID
from console.domain.units import STATUS_WORDS, UnitStatus

if TYPE_CHECKING:
    from console.desk.dossier import Dossier
    from console.domain.message import Label
    from console.domain.playbook import Choice

_TO_GO_ON = frozenset(
    {"alarm", "cancel", "extend", "level", "note", "return", "stop-payment", "transfer"}
)
"""Verbs that need words of the officer: their line is begun only."""


def line_of(found: Dossier, choice: Choice, number: str, lang: str) -> tuple[str, bool]:
    """The line of a choice, and whether it can be done as it stands.

    Args:
        found: the incident.
        choice: one of what it offers.
        number: how the line names the incident.
        lang: the language in which it is typed, ``zh`` or ``en``.
    """
    verb = BY_ID[choice.verb]
    name = verb.names.zh if lang == "zh" else verb.names.en
    if choice.verb == "status":
        return _status(found, choice, name, lang)
    line = f"{name} {number}"
    if choice.verb in _TO_GO_ON:
        return line, False
    single = all(one.outcome is None for one in found.choices if one.step == choice.step)
    if choice.verb == "done":
        line += f" {_word(choice.label, choice.step, lang)}"
    if choice.outcome is not None and choice.verb in ("call", "callback", "done", "resolve"):
        line += f" {_word(choice.outcome_label, choice.outcome, lang)}"
    return line, not choice.asks and (single or choice.outcome is not None)


def _status(found: Dossier, choice: Choice, name: str, lang: str) -> tuple[str, bool]:
    """The line of a unit's report; whose, only when there is one who has not reported it yet.

    What a unit did is its own to say: where nothing else can come, the line waits for Enter.
    """
    step = found.playbook.step(choice.step) if found.playbook is not None else None
    outcome = choice.outcome or (step.outcomes[0].id if step is not None else "")
    out = [a.call_sign for a in found.assignments if a.is_out and not getattr(a, outcome, None)]
    if len(out) == 1 and outcome:
        chinese, english = STATUS_WORDS[UnitStatus(outcome)][:2]
        word = chinese if lang == "zh" else english.replace("_", " ")
        return f"{out[0]} {word}", choice.outcome is not None
    return (out[0] if out else name), False


def _word(label: Label | None, id_: str, lang: str) -> str:
    """A step or outcome as it can be typed: its label when that is one word."""
    if label is None:
        return id_
    text = label.zh if lang == "zh" else label.en
    return text if " " not in text else id_
