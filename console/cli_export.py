"""Taking data out: ``export``.

What leaves the house is masked, unless a supervisor says why it must not be; an alert is made
of what may be public. Both are written into the journal.
"""

from __future__ import annotations

import csv
import json as jsonlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.cli_shared import (
    DistrictOption,
    LangOption,
    SeatOption,
    StoreOption,
    explain,
    fail,
    note,
    open_desk,
    settings,
    words,
)
from console.domain.message import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from console.desk.desk import Desk
    from console.desk.taking_out import Mask
    from console.domain.entry import Entry
    from console.domain.incident import Incident
    from console.store.engine import Tx

WHAT = ("incidents", "journal", "figures")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("export")(export)


def export(
    what: Annotated[str, typer.Argument(help="incidents, journal, figures, or a number")],
    format_: Annotated[str, typer.Option("--format", help="csv, json or cap")] = "json",
    from_: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="CSV begins with the mark by which Excel knows UTF-8.")
    ] = False,
    clear: Annotated[
        bool,
        typer.Option("--clear", help="Nothing is masked: for a supervisor, who says why."),
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, with --clear or --yes; it is written down.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it, too, where the console would ask first.")
    ] = False,
    store: StoreOption = None,
    seat: SeatOption = None,
    district: DistrictOption = None,
    lang: LangOption = None,
) -> None:
    """Take data out: one JSON object a line, or CSV."""
    words(lang)
    if bom and format_ != "csv":
        fail("export.bom_csv", 2)
    try:
        if format_ == "cap":
            _alert(what, store, seat, district, yes, reason)
            return
        if what not in WHAT:
            fail("export.no_such", 2, what=what)
        if format_ not in ("csv", "json"):
            fail("export.no_format", 2, format=format_)
        first, last = _date(from_), _date(to)
        if first is not None and last is not None and last < first:
            fail("figures.backwards", 2, first=first.isoformat(), last=last.isoformat())
        if what == "figures":
            desk = open_desk(store, district=district, readonly=True)
            _write(_figures(desk, first, last), format_, FIGURES, bom=bom)
            return
        days = _day(first, 0), _day(last, 99_999_999)
        _take_out(what, format_, days, bom, _desk(store, seat, district, clear), clear, reason)
    except Problem as problem:
        explain(problem)


def _desk(store: str | None, seat: str | None, district: str | None, clear: bool) -> Desk:
    """The desk to read at; who takes out in clear does it in a seat's name, and writes it down."""
    return open_desk(store, seat, district=district, readonly=not clear, sits=clear)


def _take_out(
    what: str,
    format_: str,
    days: tuple[int, int],
    bom: bool,
    desk: Desk,
    clear: bool,
    reason: str,
) -> None:
    from console.desk import taking_out

    if clear:
        taking_out.in_clear(desk, what, days, reason)
    with desk.store.read() as tx:
        mask = taking_out.mask(tx, clear)
        rows = _incidents if what == "incidents" else _journal
        _write(rows(desk, tx, days, mask), format_, bom=bom)
    if not clear:
        note("export.masked")


def _write(
    rows: Iterable[dict[str, Any]], format_: str, head: Sequence[str] = (), *, bom: bool = False
) -> None:
    """Rows as lines of JSON or as CSV; `head` is there also when there is no row."""
    if bom:
        sys.stdout.write("\ufeff")
    if format_ == "json":
        for row in rows:
            sys.stdout.write(jsonlib.dumps(row, ensure_ascii=False) + "\n")
        return
    writer: csv.DictWriter[str] | None = None
    if head:
        writer = csv.DictWriter(sys.stdout, head)
        writer.writeheader()
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row))
            writer.writeheader()
        writer.writerow({k: _safe_cell(v) for k, v in row.items()})


FIGURES = (
    "field", "dim", "key", "n", "casualties", "deaths", "injured", "amount_lost",
    "amount_saved", "amount_at_risk", "p50_s", "p90_s", "p99_s",
)  # fmt: skip
"""Columns of the figures: what is counted by, its value, how many, and their sums; of an
interval, its percentiles in seconds."""


def _figures(desk: Desk, first: date | None, last: date | None) -> Iterator[dict[str, Any]]:
    from console.desk.figure_rows import figure_rows

    for row in figure_rows(desk, first, last):
        yield dict(zip(FIGURES, row, strict=True))


def _alert(
    number: str, store: str | None, seat: str | None, district: str | None, yes: bool, reason: str
) -> None:
    """One incident as a CAP 1.2 alert of the center, in the language of its public."""
    from console.desk.published import publish
    from console.i18n import DEFAULT, Translator

    chosen = settings(store=store, district=district)
    desk = open_desk(store, seat, district=district, sits=True)
    say = Translator(DEFAULT).t
    sender, center = chosen.known_as("cap"), chosen.district_name
    data = publish(desk, number, sender, center, say, sure=yes, reason=reason)
    sys.stdout.write(data.decode("utf-8"))


def _safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    if isinstance(value, list | tuple | dict):
        return jsonlib.dumps(value, ensure_ascii=False)
    return value


def _date(text: str | None) -> date | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail("export.bad_day", 2, day=text)


def _day(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else (day.year * 100 + day.month) * 100 + day.day


def _incidents(desk: Desk, tx: Tx, days: tuple[int, int], mask: Mask) -> Iterator[dict[str, Any]]:
    from console.cli_data import incident_json
    from console.store import incidents as store_incidents

    def row(one: Incident) -> dict[str, Any]:
        return incident_json(desk, one) | {"text": one.text}

    for one in store_incidents.between(tx, *days):
        yield mask(row(one), one.id)


def _journal(desk: Desk, tx: Tx, days: tuple[int, int], mask: Mask) -> Iterator[dict[str, Any]]:
    from dataclasses import asdict

    from console.domain.clock import rfc3339
    from console.store import incidents as store_incidents
    from console.store import journal

    def row(entry: Entry) -> dict[str, Any]:
        said = {k.rstrip("_"): v for k, v in asdict(entry).items()}
        before, facts = dict(entry.before), dict(entry.facts)
        return said | {"at": rfc3339(entry.at, desk.store.zone), "before": before, "facts": facts}

    for entry in journal.walk(tx):
        if days[0] <= store_incidents.local_day(tx, entry.at) <= days[1]:
            yield mask(row(entry), entry.incident)
