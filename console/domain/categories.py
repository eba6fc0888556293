"""Categories of incidents: a tree of up to four levels, with words to find them by.

A code names the way from the root: ``fire.highrise``, ``fraud.warning.shopping``.
A code that the tree does not know is never lost: it is shown as its nearest known
ancestor and kept as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from console.domain.message import Label, msg
from console.domain.priority import Priority, priority_of
from console.domain.tables import Document, Fault, Table

Field: TypeAlias = Literal["fire", "traffic", "fraud", "other"]
"""The three fields that the center is judged by, and all the rest."""

MAX_LEVELS = 4
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Category:
    """One node of the tree. `short` is at most two Chinese or eight Latin characters."""

    code: str
    label: Label
    short: Label
    priority: Priority
    field: Field
    aliases: tuple[str, ...] = ()
    known: bool = True
    """False when the code itself is not in the tree and the ancestor stands in for it."""


@dataclass(frozen=True)
class Categories:
    """The whole tree, in the order of its file."""

    nodes: dict[str, Category]
    _words: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __contains__(self, code: str) -> bool:
        return code in self.nodes

    def __iter__(self) -> Iterator[Category]:
        return iter(self.nodes.values())

    def get(self, code: str) -> Category:
        """The category `code`, or its nearest known ancestor carrying the same code.

        A source's own word under ``other.`` is its own label: data is never translated.
        """
        if found := self.nodes.get(code):
            return found
        parent = code
        while parent:
            parent = parent.rpartition(".")[0]
            if ancestor := self.nodes.get(parent):
                break
        else:
            parent, ancestor = OTHER, self.nodes[OTHER]
        label = ancestor.label
        if parent == OTHER:
            word = code.removeprefix(f"{OTHER}.") or code
            label = Label(word, word)
        return replace(ancestor, code=code, label=label, known=False)

    def field(self, code: str) -> Field:
        """Which of the three fields `code` counts for, or ``other``."""
        return self.get(code).field

    def called(self, word: str) -> tuple[Category, ...]:
        """Categories called exactly `word` by code, label, short label or alias."""
        codes = self._words.get(word.strip().casefold(), ())
        return tuple(self.nodes[code] for code in codes)

    def find(self, word: str) -> tuple[Category, ...]:
        """Categories called `word` by code, label, short label or alias, in either language.

        An exact name wins; else names that begin with it; else labels that contain it.
        """
        wanted = word.strip().casefold()
        if not wanted:
            return ()
        codes = self._words.get(wanted)
        if codes is None:
            codes = self._collect(name for name in self._words if name.startswith(wanted))
        if not codes and len(wanted) > 1:
            codes = self._collect(name for name in self._words if wanted in name)
        return tuple(self.nodes[code] for code in codes)

    def _collect(self, names: Iterable[str]) -> tuple[str, ...]:
        found = {code for name in names for code in self._words[name]}
        return tuple(code for code in self.nodes if code in found)


def within(code: str, prefix: str) -> bool:
    """Whether `code` is `prefix` or stands below it in the tree ("" is above everything)."""
    return not prefix or code == prefix or code.startswith(f"{prefix}.")


def parse_categories(text: str, file: str) -> tuple[Categories, list[Fault]]:
    """Read ``categories.toml``; the tree that could be read, and what is wrong with the file."""
    document = Document(text, file)
    nodes: dict[str, Category] = {}
    for key, table in document.root.children():
        _read(table, key, None, nodes)
    document.root.end()
    if OTHER not in nodes:
        if not document.faults:
            document.complain((), msg("rules.no_other"))
        other = Label("其他", "Other")
        nodes[OTHER] = Category(OTHER, other, other, Priority.III, "other")
    words: dict[str, list[str]] = {}
    for code, node in nodes.items():
        names = (code, node.label.zh, node.label.en, node.short.zh, node.short.en, *node.aliases)
        for name in dict.fromkeys(name.casefold() for name in names):
            words.setdefault(name, []).append(code)
    # A short label that a child has inherited names the parent, not the whole family.
    exact = {name: tuple(_tops(codes)) for name, codes in words.items()}
    return Categories(nodes, exact), document.faults


def _tops(codes: list[str]) -> list[str]:
    return [c for c in codes if not any(c != top and within(c, top) for top in codes)]


def _read(table: Table, code: str, parent: Category | None, nodes: dict[str, Category]) -> None:
    label = table.label("label")
    short = table.label("short", parent.short if parent else label)
    if len(short.zh) > 2 or len(short.en) > 8:
        table.complain("short" if "short" in table else "", msg("rules.short_too_long", code=code))
    level = table.number("priority", int(parent.priority) if parent else 3)
    if not 1 <= level <= 4:
        table.complain("priority", msg("rules.bad_priority", value=level))
    word = table.text("field", parent.field if parent else "other")
    fields: dict[str, Field] = {f: f for f in ("fire", "traffic", "fraud", "other")}
    if word not in fields:
        table.complain("field", msg("rules.bad_field", value=word))
    node = Category(
        code,
        label,
        short,
        priority_of(level),
        fields.get(word, "other"),
        table.texts("aliases"),
    )
    nodes[code] = node
    if code.count(".") >= MAX_LEVELS:
        table.complain("", msg("rules.too_deep", code=code, n=MAX_LEVELS))
    for key, child in table.children():
        _read(child, f"{code}.{key}", node, nodes)
    table.end()
