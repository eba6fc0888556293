"""Reading the word tables of triage from TOML, and saying what is wrong with them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from console.domain.categories import Categories
from console.domain.message import msg
from console.domain.tables import Document, Fault, Table
from console.domain.triage import Department, Raise, Rule, TriageRules


def parse_triage(
    sources: Sequence[tuple[str, str]], categories: Categories
) -> tuple[TriageRules, list[Fault]]:
    """Read the word tables, each given as (text, file name)."""
    rules: list[Rule] = []
    raises: list[Raise] = []
    departments: dict[str, Department] = {}
    routes: list[tuple[str, str]] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for text, file in sources:
        document = Document(text, file)
        root = document.root
        for id_, table in root.table("department").children():
            label, system = table.label("label"), table.text("system", "")
            departments[id_] = Department(id_, label, system, table.texts("aliases"))
            for prefix in table.texts("categories"):
                _known(table, "categories", prefix, categories)
                routes.append((prefix, id_))
            table.end()
        for table in root.tables("rule"):
            rules.append(_rule(table, categories))
            _once(table, rules[-1].id, seen)
        for table in root.tables("raise"):
            raises.append(_raise(table, categories))
            _once(table, raises[-1].id, seen)
        root.end()
        faults += document.faults
    return TriageRules(tuple(rules), tuple(raises), departments, tuple(routes)), faults


def _once(table: Table, id_: str, seen: set[str]) -> None:
    if id_ in seen:
        table.complain("id", msg("rules.rule_twice", rule=id_))
    seen.add(id_)


def _known(table: Table, key: str, code: str, categories: Categories) -> None:
    if code and code not in categories:
        table.complain(key, msg("rules.unknown_category", category=code))


def _words(table: Table, key: str) -> tuple[str, ...]:
    """Words as they are looked up: folded, Latin ones with single spaces."""
    return tuple(
        " ".join(unicodedata.normalize("NFKC", word).casefold().split())
        for word in table.texts(key)
        if word.strip()
    )


def _rule(table: Table, categories: Categories) -> Rule:
    rule = Rule(
        id=table.text("id"),
        category=table.text("category"),
        words=_words(table, "words"),
        also=_words(table, "also"),
        unless=_words(table, "unless"),
        over=table.texts("over"),
        weight=table.number("weight", 10),
    )
    _known(table, "category", rule.category, categories)
    for prefix in rule.over:
        _known(table, "over", prefix, categories)
    if not rule.words:
        table.complain("words", msg("rules.no_words", rule=rule.id))
    table.end()
    return rule


def _raise(table: Table, categories: Categories) -> Raise:
    rule = Raise(
        id=table.text("id"),
        fact=table.text("fact", ""),
        at_least=table.number("at_least", 1),
        words=_words(table, "words"),
        categories=table.texts("categories"),
        priority=table.number("priority", 0),
        steps=table.number("steps", 0),
        category=table.text("category", ""),
    )
    if rule.fact not in ("", "trapped", "injured", "dead", "amount"):
        table.complain("fact", msg("rules.unknown_fact", fact=rule.fact))
    if not rule.fact and not rule.words:
        table.complain("words", msg("rules.no_words", rule=rule.id))
    if not 0 <= rule.priority <= 4:
        table.complain("priority", msg("rules.bad_priority", value=rule.priority))
    for prefix in (*rule.categories, rule.category):
        _known(table, "categories", prefix, categories)
    table.end()
    return rule
