"""Triage: what it is, how urgent, whose it is, with the words that led there.

The word tables live in ``triage/*.toml`` and can be replaced by the center's own. A
source's own category is kept and respected; a rule may make it finer, or override it
where its table says so (a burning house reported to the hotline is a fire).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.categories import OTHER, Categories, within
from console.domain.message import Label
from console.domain.persons import NOBODY, Persons, count_persons, denied
from console.domain.priority import Priority, priority_of


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that spoke, and the words of the report that made it."""

    rule: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What triage says. `first_category` is the source's own, or ours where it gave none."""

    category: str
    first_category: str
    priority: Priority
    department: str
    reasons: tuple[Reason, ...]
    persons: Persons = NOBODY


@dataclass(frozen=True, slots=True)
class Department:
    """Who can be given an incident. `system` is the platform through which they are told."""

    id: str
    label: Label
    system: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that mean a category. Of several rules that speak, the greatest weight wins.

    At least one of `words` and, where given, one of `also` must be there, and none of
    `unless`. `over` are categories of a source that the rule may override; finer codes
    of the source's own category are always allowed.
    """

    id: str
    category: str
    words: tuple[str, ...]
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    weight: int = 10


@dataclass(frozen=True, slots=True)
class Raise:
    """What makes an incident more urgent, or of another category: people, words, or money.

    `fact` is ``trapped``, ``injured``, ``dead`` or ``amount`` (yuan at risk), reached
    `at_least`; or it is "" and one of `words` must be there. Applies within
    `categories` (empty: everywhere). `priority` is the priority to reach, `steps` how
    many steps to go up; `category` the new code, "" to keep it.
    """

    id: str
    fact: str = ""
    at_least: int = 1
    words: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    priority: int = 0
    steps: int = 0
    category: str = ""


@dataclass(frozen=True)
class TriageRules:
    """All word tables together."""

    rules: tuple[Rule, ...]
    raises: tuple[Raise, ...]
    departments: dict[str, Department]
    routes: tuple[tuple[str, str], ...]
    """(category prefix, department), the longest prefix wins."""

    def department(self, category: str) -> str:
        """Who is responsible for `category`, or "" when no route says."""
        fits = [(len(p), d) for p, d in self.routes if within(category, p)]
        return max(fits, key=lambda fit: fit[0], default=(0, ""))[1]

    def department_called(self, word: str) -> Department | None:
        """The department that `word` names: id, label or alias; else by a prefix of only one."""
        wanted = word.strip().casefold()
        names = {
            d.id: {n.casefold() for n in (d.id, d.label.zh, d.label.en, *d.aliases)}
            for d in self.departments.values()
        }
        for id_, words in names.items():
            if wanted in words:
                return self.departments[id_]
        fits = [i for i, words in names.items() if any(w.startswith(wanted) for w in words)]
        return self.departments[fits[0]] if wanted and len(fits) == 1 else None


@dataclass(frozen=True, slots=True)
class _Text:
    """A report's words, made ready for looking up."""

    folded: str
    latin: str
    """Its Latin words in a row, each between spaces; marks of a pause kept as " , "."""

    @classmethod
    def of(cls, text: str) -> _Text:
        folded = unicodedata.normalize("NFKC", text).casefold()
        words = re.findall(r"[a-z0-9']+(?:-[a-z0-9]+)*|[,.;!?，。；！？]", folded)
        return cls(folded, f" {' '.join(words)} ")

    def says(self, word: str) -> bool:
        """Whether `word` stands in the text and is not denied there every time."""
        text, wanted = (self.latin, f" {word} ") if word.isascii() else (self.folded, word)
        at = text.find(wanted)
        while at >= 0:
            if not denied(text, at):
                return True
            at = text.find(wanted, at + 1)
        return False

    def said(self, words: Sequence[str]) -> tuple[str, ...]:
        """Those of `words` that the text says."""
        folded, latin = self.folded, self.latin
        # Nearly all of hundreds of words are not there at all, which `in` sees soonest.
        return tuple(
            word
            for word in words
            if word in (latin if word.isascii() else folded) and self.says(word)
        )


def triage(
    rules: TriageRules,
    categories: Categories,
    text: str,
    *,
    category: str = "",
    fraud_class: str = "",
    priority: int | None = None,
    amount: int | None = None,
) -> Verdict:
    """Decide on a report.

    Args:
        text: the cleaned words of the report.
        category: the source's own category: a code of the tree, or a word for one.
        fraud_class: the source's own class of fraud.
        priority: the source's own priority (1 to 4); it is only ever raised.
        amount: money at risk in whole yuan.
    """
    words = _Text.of(text)
    own = _own(categories, category, fraud_class)
    found, reasons = _best(rules, words, own)
    if found is None:
        # A source's word that nobody knows is kept as it is.
        found = own or (f"{OTHER}.{category}" if category else OTHER)
    persons = count_persons(words.folded)
    facts = {
        "trapped": persons.trapped,
        "injured": persons.injured,
        "dead": persons.dead,
        "amount": amount or 0,
    }
    level: Priority | None = None
    if priority is not None:
        level = priority_of(priority)
    steps, reach = 0, Priority.IV
    for rule in rules.raises:
        if rule.categories and not any(within(found, prefix) for prefix in rule.categories):
            continue
        said = words.said(rule.words)
        if rule.fact and facts[rule.fact] < rule.at_least:
            continue
        if not rule.fact and not said:
            continue
        shown = said or (persons.words if rule.fact != "amount" else (str(amount),))
        reasons.append(Reason(rule.id, shown))
        steps = max(steps, rule.steps)
        if rule.priority:
            reach = min(reach, priority_of(rule.priority))
        if rule.category and within(rule.category, found.partition(".")[0]):
            found = rule.category
    level = level or categories.get(found).priority
    level = min(level.raised(steps), reach)
    return Verdict(
        category=found,
        first_category=category or found,
        priority=level,
        department=rules.department(found),
        reasons=tuple(reasons),
        persons=persons,
    )


def _own(categories: Categories, category: str, fraud_class: str) -> str:
    """The source's own category as a code of ours, or ""."""
    if fraud_class and (not category or within(category, "fraud")):
        for found in categories.find(fraud_class):
            if within(found.code, "fraud.warning"):
                return found.code
    if not category:
        return ""
    if categories.get(category).known or within(category, OTHER):
        return category
    if "." in category and category.partition(".")[0] in categories:
        return category  # a finer code than we know, under a branch that we do know
    exact = [c for c in categories.find(category) if _named(c.label, c.aliases, category)]
    return exact[0].code if exact else ""


def _named(label: Label, aliases: Sequence[str], word: str) -> bool:
    wanted = word.strip().casefold()
    return wanted in {name.casefold() for name in (label.zh, label.en, *aliases)}


def _best(rules: TriageRules, words: _Text, own: str) -> tuple[str | None, list[Reason]]:
    """The category of the strongest rule that may speak, with its reason."""
    best: tuple[int, int, Rule, tuple[str, ...]] | None = None
    for rule in rules.rules:
        if own and not _may(rule, own):
            continue
        if best is not None and rule.weight < best[0]:
            continue
        said = words.said(rule.words)
        if not said or any(words.says(word) for word in rule.unless):
            continue
        also = words.said(rule.also)
        if rule.also and not also:
            continue
        strength = sum(len(word) for word in said)
        if best is None or (rule.weight, strength) > best[:2]:
            best = (rule.weight, strength, rule, (*said, *also))
    if best is None:
        return None, []
    return best[2].category, [Reason(best[2].id, best[3])]


def _may(rule: Rule, own: str) -> bool:
    finer = rule.category != own and within(rule.category, own)
    return finer or any(within(own, prefix) for prefix in rule.over)
