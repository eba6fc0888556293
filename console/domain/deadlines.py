"""Deadlines: how long each thing may take, where the number comes from, and its edition.

The spans live in ``deadlines.toml`` and can be changed by the center. A span that
no published rule names is marked ``center setting``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo

from console.domain.clock import DAY, Instant, Span
from console.domain.message import Label, msg
from console.domain.tables import Document, Fault, Table
from console.domain.workdays import WEEKENDS_ONLY, WorkCalendar

CENTER_SETTING = "center setting"
"""The source of a span that the center has set itself."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One span in ms, and what it rests on. `share` is the share of cases that must keep it.

    With `working_days` the days that are worked count, and `span` is so many days of the
    clock: the least that it can be.
    """

    id: str
    span: Span
    label: Label
    source: str
    edition: str
    share: float
    note: str
    working_days: int = 0


@dataclass(frozen=True)
class Deadlines:
    """All spans by id, for instance ``fraud.call``, and what working days are counted by."""

    table: dict[str, Deadline]
    calendar: WorkCalendar = WEEKENDS_ONLY
    zone: tzinfo = UTC
    """The center's: it decides what a day is."""

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

    def due(self, id_: str, origin: Instant) -> Instant:
        """When what began at `origin` (ms UTC) must be done by the deadline `id_`.

        Raises:
            KeyError: no such deadline, as for `span`.
        """
        found = self.table[id_]
        if found.working_days:
            return self.calendar.add_days(origin, found.working_days, self.zone)
        return origin + found.span

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
    timed = "span" in table or "working_days" in table
    if timed:
        source = table.text("source")
        edition = table.text("edition", "")
        share = table.decimal("share", 1.0)
        days = table.number("working_days", 0, most=3_650)
        span = table.span("span") if "span" in table else days * DAY
        key = "span" if "span" in table else "working_days"
        if span <= 0:
            table.complain(key, msg("rules.span_zero", id=id_))
        if "span" in table and "working_days" in table:
            table.complain("working_days", msg("rules.span_and_days", id=id_))
        if not source.strip():
            table.complain("source", msg("rules.no_source", id=id_))
        label = table.label("label")
        note = table.text("note", "")
        found[id_] = Deadline(id_, span, label, source, edition, share, note, max(0, days))
    inner = False
    for key, child in table.children():
        inner = True
        _read(child, f"{id_}.{key}", found)
    if not timed and not inner:
        table.complain("", msg("rules.missing_key", key="span"))
    table.end()
