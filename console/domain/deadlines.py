"""Deadlines: how long each thing may take, where the number comes from, and its edition.

The spans live in ``deadlines.toml`` and can be changed by the center. A span that
no published rule names is marked ``center setting``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from console.domain.clock import Span
from console.domain.message import Label, msg
from console.domain.tables import Document, Fault, Table

CENTER_SETTING = "center setting"
"""The source of a span that the center has set itself."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One span in ms, and what it rests on. `share` is the share of cases that must keep it."""

    id: str
    span: Span
    label: Label
    source: str
    edition: str
    share: float
    note: str


@dataclass(frozen=True)
class Deadlines:
    """All spans by id, for instance ``fraud.call``."""

    table: dict[str, Deadline]

    def __contains__(self, id_: str) -> bool:
        return id_ in self.table

    def __iter__(self) -> Iterator[Deadline]:
        return iter(self.table.values())

    def span(self, id_: str) -> Span:
        """The span `id_` in ms.

        Raises:
            KeyError: no such deadline. Rule files are checked for that before the
                console starts.
        """
        return self.table[id_].span

    def first(self, *ids: str) -> Deadline | None:
        """The first of `ids` that exists, for spans that are set more or less finely."""
        return next((self.table[id_] for id_ in ids if id_ in self.table), None)


def parse_deadlines(text: str, file: str) -> tuple[Deadlines, list[Fault]]:
    """Read ``deadlines.toml``: nested tables, the id of a span is its path."""
    document = Document(text, file)
    found: dict[str, Deadline] = {}
    for key, table in document.root.children():
        _read(table, key, found)
    document.root.end()
    return Deadlines(found), document.faults


def _read(table: Table, id_: str, found: dict[str, Deadline]) -> None:
    if "span" in table:
        source = table.text("source")
        edition = table.text("edition", "")
        share = table.decimal("share", 1.0)
        span = table.span("span")
        if span <= 0 and "span" in table:
            table.complain("span", msg("rules.span_zero", id=id_))
        if not source.strip():
            table.complain("source", msg("rules.no_source", id=id_))
        label = table.label("label")
        found[id_] = Deadline(id_, span, label, source, edition, share, table.text("note", ""))
    inner = False
    for key, child in table.children():
        inner = True
        _read(child, f"{id_}.{key}", found)
    if "span" not in table and not inner:
        table.complain("", msg("rules.missing_key", key="span"))
    table.end()
