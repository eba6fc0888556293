"""The words of a playbook's open steps and of their outcomes, as an officer may type them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from console.desk.grammar_context import Context, Option
from console.desk.grammar_words import CALL_OUTCOMES, fold
from console.desk.verbs import BY_ID
from console.domain.incident import Incident
from console.domain.message import Arg, Label, Message, msg
from console.domain.numbering import MOST
from console.domain.playbook import OWN_VERB_ONLY, Choice, Playbook, step_called

CALL = "call"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How a step can end: id -> its name, folded word -> id, and what must be told with it."""

    labels: Mapping[str, Label]
    names: Mapping[str, str]
    asked: Mapping[str, tuple[str, ...]]
    digits: Mapping[str, int] = field(default_factory=dict)

    @property
    def options(self) -> tuple[Arg, ...]:
        """Their names, for people."""
        return tuple(self.labels.values())

    def label(self, outcome: str) -> Label:
        """The name of an outcome."""
        return self.labels[outcome]

    def offered(self, before: str, after: str, lang: str) -> tuple[Option, ...]:
        """Each of them as it can be chosen: under its digit, and as the line that says it.

        Args:
            before: the line up to where the outcome belongs.
            after: what stands behind that.
            lang: the language of the line.
        """
        free = iter(n for n in range(1, MOST + 1) if n not in self.digits.values())
        found = []
        for id_, label in self.labels.items():
            word = label.zh if lang == "zh" else label.en
            said = " ".join((before.rstrip(), id_ if " " in word else word, after.strip()))
            digit = self.digits.get(id_) or next(free, 0)
            found.append(Option(digit, label, said.strip()))
        return tuple(found)

    def asks(self, outcome: str) -> tuple[str, ...]:
        """What must be told with `outcome`; "" stands for the only one."""
        if outcome or len(self.asked) != 1:
            return self.asked.get(outcome, ())
        return next(iter(self.asked.values()))


@dataclass(frozen=True, slots=True)
class Steps:
    """The open steps of one incident."""

    number: str
    choices: tuple[Choice, ...]
    book: Playbook | None
    names: Mapping[str, str]
    """Folded word -> id of an open step."""
    digits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, incident: Incident, context: Context) -> Steps:
        """The open steps of `incident`."""
        choices = tuple(context.choices(incident.id))
        book = context.playbook(incident.id) if choices else None
        names = {fold(choice.step): choice.step for choice in choices}
        for choice in choices:
            step = book.step(choice.step) if book else None
            aliases = step.aliases if step else ()
            for word in (choice.label.zh, choice.label.en, *aliases):
                names.setdefault(fold(word), choice.step)
        return cls(incident.short, choices, book, names, context.digits(incident.id))

    @property
    def open(self) -> bool:
        """Whether any step is open."""
        return bool(self.choices)

    @property
    def options(self) -> tuple[Arg, ...]:
        """The names of the steps that can be ticked off."""
        return tuple({c.step: c.label for c in self.choices if not_own(c)}.values())

    def label(self, step: str) -> Label:
        """The name of an open step."""
        return next(c.label for c in self.choices if c.step == step)

    def not_ticked(self, step: str) -> Message | None:
        """Why an open step cannot be ticked off (it moves the incident itself), or None."""
        choice = next(c for c in self.choices if c.step == step)
        if not_own(choice):
            return None
        names = BY_ID[choice.verb].names
        return msg("grammar.own_verb", step=choice.label, verb=Label(names.zh, names.en))

    def refused(self, word: str) -> Message:
        """What to say of a word that names no open step."""
        step = step_called(self.book, word) if self.book else None
        if step is not None:
            return msg("grammar.step_not_open", step=step.label, options=self.options)
        return msg("grammar.unknown_step", word=word, options=self.options)

    def outcomes(self, step: str) -> Outcomes:
        """How an open step can end."""
        mine = [c for c in self.choices if c.step == step]
        return _outcomes(mine, self.book, {}, self.digits.get(step, {}))


def not_own(choice: Choice) -> bool:
    """Whether the verb ``done`` may tick off the step."""
    return choice.verb not in OWN_VERB_ONLY


def verb_outcomes(verb: str, incident: Incident, context: Context) -> Outcomes:
    """How the open step of a verb can end; a telephone call also as calls end anywhere."""
    choices = [c for c in context.choices(incident.id) if c.verb == verb]
    book = context.playbook(incident.id) if choices else None
    digits = context.digits(incident.id).get(choices[0].step, {}) if choices else {}
    if verb != CALL:
        return _outcomes(choices, book, {}, digits)
    labels = {id_: Label(words[0], words[1].replace("_", " ")) for id_, words in _CALLS.items()}
    return _outcomes(choices, book, labels, digits)


def resolve_outcomes(incident: Incident, context: Context) -> Outcomes:
    """How the work on the spot can end: as the step of the playbook says, open or not yet."""
    book = context.playbook(incident.id)
    steps = [step for step in book.steps if step.verb == "resolve"] if book else []
    open_ids = {choice.step for choice in context.choices(incident.id)}
    step = next((one for one in steps if one.id in open_ids), next(iter(steps), None))
    if step is None:
        return Outcomes({}, {}, {})
    names: dict[str, str] = {}
    for one in step.outcomes:
        for word in (one.id, one.label.zh, one.label.en, *one.aliases):
            names.setdefault(fold(word), one.id)
    return Outcomes(
        {one.id: one.label for one in step.outcomes},
        names,
        {one.id: one.asks for one in step.outcomes},
        context.digits(incident.id).get(step.id, {}),
    )


_CALLS = CALL_OUTCOMES


def _outcomes(
    choices: Sequence[Choice],
    book: Playbook | None,
    more: Mapping[str, Label],
    digits: Mapping[str, int],
) -> Outcomes:
    labels: dict[str, Label] = {}
    names: dict[str, str] = {}
    asked: dict[str, tuple[str, ...]] = {}
    for choice in choices:
        step = book.step(choice.step) if book else None
        outcome = step.outcome(choice.outcome) if step else None
        id_ = choice.outcome or (outcome.id if outcome else "")
        label = choice.outcome_label or (outcome.label if outcome else None)
        asked[id_] = choice.asks
        if not id_ or label is None:
            continue
        labels[id_] = label
        aliases = outcome.aliases if outcome else ()
        for word in (id_, label.zh, label.en, *aliases):
            names.setdefault(fold(word), id_)
    for id_, label in more.items():
        labels.setdefault(id_, label)
        for word in (id_, *_CALLS[id_]):
            names.setdefault(fold(word), id_)
    return Outcomes(labels, names, asked, digits)
