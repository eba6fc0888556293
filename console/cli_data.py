"""Commands that do, list and show: ``do``, ``incidents``, ``incident``."""

from __future__ import annotations

import json as jsonlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.cli_shared import (
    DistrictOption,
    JsonOption,
    LangOption,
    SeatOption,
    StoreOption,
    ZoneOption,
    fail,
    note,
    open_desk,
    out,
    words,
)
from console.domain.message import msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from console.desk.desk import Desk, Done
    from console.desk.dossier import Dossier
    from console.domain.incident import Incident
    from console.store.queue import QueueRow


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    from console import cli_export, cli_import

    app.command("do")(do)
    app.command("incidents")(incidents)
    app.command("incident")(incident)
    cli_export.register(app)
    cli_import.register(app)


def do(
    line: Annotated[str, typer.Argument(help="A command line; - reads lines from stdin.")],
    seat: SeatOption = None,
    store: StoreOption = None,
    zone: ZoneOption = None,
    district: DistrictOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it, too, where the console would ask first.")
    ] = False,
) -> None:
    """Do a command line without a screen."""
    from console.desk.doubts import ALL

    translator = words(lang)
    desk = open_desk(store, seat, zone, district, create=True, sits=True)
    lines = _from_stdin() if line == "-" else iter([line])
    for one in lines:
        if not one.strip():
            continue
        code = 0
        for done in desk.run(one, None, translator.lang, sure=ALL if yes else ()):
            if not _tell(desk, done, json):
                code = 3 if done.fault is not None else 1
        if code:
            raise SystemExit(code)


def _from_stdin() -> Iterator[str]:
    """Lines of stdin; a byte that is no UTF-8 is seen as such, in every locale."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def _tell(desk: Desk, done: Done, json: bool) -> bool:
    """Say what became of a command; False when it was refused."""
    from console.domain.incident import full_number

    ok, message = done.ok, done.message
    rows: list[dict[str, Any]] | None = None
    if done.ok and done.command is not None:
        if done.verb in ("find", "filter", "select"):
            rows = [row_json(desk, row) for row in _found(desk, done)]
        else:
            ok, message = False, msg("do.screen_only", verb=done.command.verb.label)
    number = None
    if done.incident is not None:
        number = full_number(desk.store.district, done.incident)
    if json:
        value: dict[str, Any] = {
            "ok": ok,
            "verb": done.verb,
            "incident": number,
            "message": words().t(message) if rows is None else "",
            "changed": [full_number(desk.store.district, i) for i in done.changed],
        }
        if rows is not None:
            value["items"] = rows
        if done.options:
            value["options"] = [option.line for option in done.options]
        if done.doubts:
            value["doubts"] = sorted(done.doubts)
        sys.stdout.write(jsonlib.dumps(value, ensure_ascii=False) + "\n")
    elif rows is not None:
        for row in rows:
            sys.stdout.write(_line(row, desk) + "\n")
    else:
        note(message)
        for option in done.options:
            note(msg("do.option", line=option.line))
        if done.doubts:
            note(msg("do.yes"))
    return ok


def _found(desk: Desk, done: Done) -> Iterable[QueueRow]:
    from console.desk.filtering import find_incidents, read_filter, sought
    from console.store import queue

    assert done.command is not None
    if done.verb == "find":
        return find_incidents(desk, sought(done.command))
    if done.verb == "select":
        with desk.store.read() as tx:
            return queue.rows_of(tx, [done.incident] if done.incident is not None else [])
    chosen = read_filter(done.command.words, desk)
    with desk.store.read() as tx:
        return queue.page(tx, queue.Selection(chosen, desk.clock.now()), 100)


def incidents(
    state: Annotated[list[str] | None, typer.Option(help="new, accepted, active …")] = None,
    category: Annotated[str | None, typer.Option(help="A category's code or word.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    store: StoreOption = None,
    district: DistrictOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """The queue, in the order in which it needs a person."""
    words(lang)
    from console.domain.filters import QueueFilter
    from console.domain.lifecycle import State
    from console.store import queue

    known = {s.value for s in State}
    for one in state or ():
        if one not in known:
            fail("incidents.no_state", 2, state=one, known=tuple(sorted(known)))
    desk = open_desk(store, district=district, readonly=True)
    code = category or ""
    if category:
        found = desk.rules.categories.find(category)
        code = found[0].code if found and category not in desk.rules.categories else category
    chosen = QueueFilter(states=tuple(state or ()), category=code)
    with desk.store.read() as tx:
        if state and not set(state) <= set(queue.OPEN_STATES):
            total, rows = queue.listed(tx, chosen, limit)
        else:
            selection = queue.Selection(chosen, desk.clock.now())
            total, rows = queue.total(tx, selection), queue.page(tx, selection, limit)
    items = [row_json(desk, row) for row in rows]
    if json:
        out({"total": total, "items": items})
        return
    for item in items:
        sys.stdout.write(_line(item, desk) + "\n")
    note("incidents.total", n=total, shown=len(items))


def incident(
    number: Annotated[str, typer.Argument(help="42, or XS-20261123-0042.")],
    store: StoreOption = None,
    district: DistrictOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """One incident with its timeline."""
    translator = words(lang)
    from console.desk.dossier import dossier
    from console.domain.day_words import day_clock
    from console.domain.numbers import whole_number
    from console.store import incidents as store_incidents

    desk = open_desk(store, district=district, readonly=True)
    with desk.reading() as work:
        read = whole_number(number, store_incidents.local_day(work.tx, work.at))
        if read is None:
            fail("incident.bad_number", 2, number=number)
        id_ = store_incidents.find_number(work.tx, read.day, read.serial)
        found = dossier(work, id_) if id_ is not None else None
    if found is None:
        fail("incident.unknown", number=number)
    value = dossier_json(desk, found)
    if json:
        out(value)
        return
    one = found.incident
    label = desk.rules.categories.get(one.category).label
    sys.stdout.write(
        f"{value['number']} {label.zh if translator.lang == 'zh' else label.en} "
        f"{translator.t(f'state.{one.state.value}')} {one.place}\n{one.text}\n"
    )
    for told in found.timeline:
        text = translator.t(told.message)
        if told.undone:
            text = translator.t("pane.undone", what=text)
        at, seat = day_clock(told.entry.at, desk.store.zone), told.entry.seat
        who = translator.t("seat.system") if seat == "system" else seat
        sys.stdout.write(f"{translator.t(at)} {who} {text}\n")


# --- shapes --------------------------------------------------------------------


def row_json(desk: Desk, row: QueueRow) -> dict[str, Any]:
    """One line of the queue, as machines may rely on it."""
    from console.domain.clock import rfc3339
    from console.domain.incident import full_number
    from console.store import units

    with desk.store.read() as tx:
        out_now = [a.call_sign for a in units.out_on(tx, row.id)] if row.units else []
    now, zone = desk.clock.now(), desk.store.zone
    return {
        "number": full_number(desk.store.district, row.id),
        "category": row.category,
        "priority": row.priority,
        "state": row.state.value,
        "place": row.place,
        "received": rfc3339(row.received, zone),
        "seat": row.seat or None,
        "due": rfc3339(row.due, zone) if row.due is not None else None,
        "overdue": row.due is not None and row.due < now,
        "reports": row.reports,
        "units": out_now,
    }


def incident_json(desk: Desk, one: Incident) -> dict[str, Any]:
    """An incident's own fields."""
    from console.domain.clock import rfc3339
    from console.domain.incident import full_number
    from console.domain.lifecycle import OPEN
    from console.store import units

    with desk.store.read() as tx:
        out_now = [a.call_sign for a in units.out_on(tx, one.id)] if one.units else []
    zone = desk.store.zone
    due = one.due if one.state in OPEN else None
    return {
        "number": full_number(desk.store.district, one.id),
        "category": one.category,
        "first_category": one.first_category,
        "priority": one.priority,
        "state": one.state.value,
        "place": one.place,
        "town": one.town or None,
        "received": rfc3339(one.received, zone),
        "closed": rfc3339(one.closed, zone) if one.closed is not None else None,
        "seat": one.seat or None,
        "due": rfc3339(due, zone) if due is not None else None,
        "overdue": due is not None and due < desk.clock.now(),
        "reports": one.reports,
        "units": out_now,
        "source": one.source,
        "outcome": one.outcome or None,
        "alarm_level": one.alarm_level or None,
        "severity": one.severity or None,
        "amount_at_risk": one.amount_at_risk,
        "amount_lost": one.amount_lost,
        "amount_saved": one.amount_saved,
    }


def dossier_json(desk: Desk, found: Dossier) -> dict[str, Any]:
    """One incident with its steps, assignments, reports and timeline."""
    from console.domain.clock import rfc3339
    from console.domain.incident import full_number

    zone, district = desk.store.zone, desk.store.district

    def when(at: int | None) -> str | None:
        return rfc3339(at, zone) if at is not None else None

    one = found.incident
    value = incident_json(desk, one)
    value["text"] = one.text
    value["merged_into"] = (
        full_number(district, one.merged_into) if one.merged_into is not None else None
    )
    value["merged"] = [full_number(district, other.id) for other in found.merged]
    value["steps"] = [
        {
            "step": run.step,
            "attempt": run.attempt,
            "opened": when(run.opened),
            "due": when(run.due),
            "done": when(run.done),
            "outcome": run.outcome,
        }
        for run in found.progress
    ]
    value["assignments"] = [
        {
            "unit": a.call_sign,
            "kind": a.kind,
            "dispatched": when(a.dispatched),
            "enroute": when(a.enroute),
            "on_scene": when(a.on_scene),
            "clearing": when(a.clearing),
            "available": when(a.available),
        }
        for a in found.assignments
    ]
    value["reports_count"] = one.reports
    value["reports"] = [
        {
            "source": r.source,
            "source_id": r.source_id,
            "occurred": when(r.occurred),
            "arrived": when(r.arrived),
            "place": r.place,
            "text": r.text,
            "likeness": r.likeness,
        }
        for r in found.reports
    ]
    value["timeline"] = [
        {
            "at": when(told.entry.at),
            "seat": told.entry.seat,
            "verb": told.entry.verb,
            "from": told.entry.from_ or None,
            "to": told.entry.to or None,
            "text": words().t(told.message),
            "undone": told.undone,
        }
        for told in found.timeline
    ]
    value["orders"] = [
        {"system": o.system, "action": o.action, "state": o.state, "reference": o.reference or None}
        for o in found.orders
    ]
    return value


def _line(item: dict[str, Any], desk: Desk) -> str:
    """An incident for people: its kind and state by their names."""
    from widgets.cells import fit

    late = "!" if item["overdue"] else " "
    say = words().t
    kind = fit(say(desk.rules.categories.get(item["category"]).label), 22)
    state = fit(say(f"state.{item['state']}"), 11)
    return f"{late} {item['number']}  {item['priority']}  {kind} {state} {item['place']}"
