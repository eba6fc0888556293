"""Commands about the store, seats, playbooks and the surroundings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.cli_shared import (
    DistrictOption,
    JsonOption,
    LangOption,
    SeatOption,
    StoreOption,
    explain,
    fail,
    note,
    open_desk,
    out,
    settings,
    words,
)
from console.domain.message import Message, msg
from console.domain.text import as_name

if TYPE_CHECKING:
    from console.doctor import Finding
    from console.i18n import Translator

store_app = typer.Typer(help="Schema, integrity, backup.", no_args_is_help=True)
seat_app = typer.Typer(help="Seats and their roles.", no_args_is_help=True)
unit_app = typer.Typer(help="Units of the district.", no_args_is_help=True)
playbook_app = typer.Typer(help="Playbooks and tables.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(store_app, name="store")
    app.add_typer(seat_app, name="seat")
    app.add_typer(unit_app, name="unit")
    app.add_typer(playbook_app, name="playbook")
    app.command()(doctor)


@store_app.command()
def upgrade(store: StoreOption = None, lang: LangOption = None) -> None:
    """Bring a store of an older version to this one's schema, and count its figures."""
    words(lang)
    from console.store import upkeep
    from console.store.engine import StoreProblem, upgrade_store

    url = settings(store=store).store
    try:
        before, after = upgrade_store(url)
        note("store.upgraded", before=before, after=after)
        upkeep.count_days(url, note if sys.stderr.isatty() else None)
    except StoreProblem as problem:
        explain(problem)


@store_app.command()
def verify(
    store: StoreOption = None,
    district: DistrictOption = None,
    expect: Annotated[
        str | None, typer.Option(help="The head's hash as it was noted elsewhere.")
    ] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Check the journal's chain; a changed entry is named."""
    words(lang)
    from console.store import journal

    desk = open_desk(store, district=district, readonly=True, hurried=False)
    verdict = journal.verify(desk.store)
    fault = verdict.fault
    if fault is None and expect is not None and verdict.head != expect:
        fault = msg("verify.other_head", head=verdict.head)
    if json:
        out(
            {
                "ok": fault is None,
                "entries": verdict.entries,
                "head": verdict.head,
                "entry": verdict.seq,
                "fault": words().t(fault) if fault is not None else None,
            }
        )
    if fault is not None:
        fail(fault)
    note("verify.holds", n=verdict.entries, head=verdict.head)


@store_app.command()
def check(
    store: StoreOption = None, district: DistrictOption = None, lang: LangOption = None
) -> None:
    """Check the database itself, the counts, and the journal's chain."""
    words(lang)
    from console.store import checking

    desk = open_desk(store, district=district, readonly=True, hurried=False)
    faults = checking.check(desk.store, note if sys.stderr.isatty() else None)
    for fault in faults:
        note(fault)
    if faults:
        raise SystemExit(1)
    note("store.sound")


@store_app.command()
def rebuild(
    store: StoreOption = None, district: DistrictOption = None, lang: LangOption = None
) -> None:
    """Count the figures anew from the incidents."""
    words(lang)
    from console.domain.clock import day_at
    from console.store import rollups

    desk = open_desk(store, district=district, hurried=False)
    days = rollups.rebuild(desk.store, day_at(desk.clock.now(), desk.store.zone))
    note("store.rebuilt", n=days)


@store_app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """Copy the store while it is in use."""
    words(lang)
    from console.store import checking

    desk = open_desk(store, readonly=True)
    checking.backup(desk.store, path)
    note("store.backed_up", path=str(path))


@store_app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="A backup.")],
    seat: SeatOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """Put a backup in the store's place; what was there is kept beside it."""
    words(lang)
    from console.rights import need
    from console.store import checking
    from console.store.engine import StoreProblem

    try:
        desk = open_desk(store, seat, readonly=True)
    except StoreProblem:
        pass  # a store that is not there, or broken, is what a restore is for
    else:
        try:
            need(desk, "store restore")
        finally:
            desk.store.close()
    kept = checking.restore(settings(store=store).store, path)
    note("store.restored", path=str(path), kept=str(kept) if kept else "-")


@seat_app.command("add")
def seat_add(
    name: Annotated[str, typer.Argument(help="The seat's name.")],
    role: Annotated[str, typer.Option(help="officer, supervisor or reader")] = "officer",
    officer: Annotated[str, typer.Option(help="Who sits there.")] = "",
    seat: SeatOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """Add a seat."""
    words(lang)
    if role not in ("officer", "supervisor", "reader"):
        fail("seat.no_role", 2, role=role)
    from console.desk import seating
    from console.rights import need

    name, officer = as_name(name), as_name(officer)
    desk = open_desk(store, seat, create=True)
    need(desk, "seat add")
    with desk.writing() as work:
        seating.add(work, name, role, officer)
    note("seat.added", seat=name, role=words().t(f"seat.role.{role}"))


@seat_app.command("list")
def seat_list(store: StoreOption = None, json: JsonOption = False) -> None:
    """Every seat."""
    from console.store import seats

    desk = open_desk(store, readonly=True)
    with desk.store.read() as tx:
        found = seats.all_seats(tx)
    if json:
        out(
            [
                {
                    "name": one.name,
                    "role": one.role,
                    "officer": one.officer,
                    "disabled": bool(one.disabled),
                }
                for one in found
            ]
        )
        return
    say = words().t
    for one in found:
        off = f"\t{say('seat.off')}" if one.disabled else ""
        sys.stdout.write(f"{one.name}\t{say(f'seat.role.{one.role}')}\t{one.officer}{off}\n")


@seat_app.command("disable")
def seat_disable(
    name: Annotated[str, typer.Argument(help="The seat's name.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Also one's own seat, or the last one of an officer.")
    ] = False,
    seat: SeatOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """Nobody may sit there any more; what it did stays in the journal."""
    words(lang)
    from console.desk import seating
    from console.rights import need

    name = as_name(name)
    desk = open_desk(store, seat)
    need(desk, "seat disable")
    with desk.writing() as work:
        seating.disable(work, name, sure=yes)
    note("seat.disabled_now", seat=name)


@unit_app.command("add")
def unit_add(
    call_sign: Annotated[str, typer.Argument(help="Its call sign.")],
    kind: Annotated[
        str, typer.Option(help="patrol, fire_engine, ambulance …; by the call sign if left out.")
    ] = "",
    station: Annotated[str, typer.Option(help="Its station.")] = "",
    town: Annotated[str, typer.Option(help="Its home town: name or code.")] = "",
    seat: SeatOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """Put a unit on the board."""
    words(lang)
    from console.desk.fleet import register
    from console.rights import need

    call_sign, station = as_name(call_sign), as_name(station)
    desk = open_desk(store, seat, create=True)
    need(desk, "unit add")
    place = desk.rules.gazetteer.town_called(town) if town else None
    if town and place is None:
        fail("unit.no_town", 2, town=town)
    kinds = desk.rules.run_cards.kinds
    chosen = kind or desk.rules.run_cards.kind_of(call_sign)
    if chosen not in kinds:
        fail("unit.no_kind", 2, kind=kind or call_sign, known=tuple(kinds))
    with desk.store.write() as tx:
        new = register(tx, desk.rules, {call_sign: chosen}, station, place)
    note("unit.added" if new else "unit.known", unit=call_sign, kind=kinds[chosen].label)


@unit_app.command("list")
def unit_list(store: StoreOption = None, json: JsonOption = False) -> None:
    """Every unit and what it is doing."""
    from dataclasses import asdict

    from console.domain.units import UnitStatus
    from console.store import units

    desk = open_desk(store, readonly=True)
    with desk.store.read() as tx:
        found = units.all_units(tx)
    if json:
        out([asdict(one) for one in found])
        return
    say, kinds = words().t, desk.rules.run_cards.kinds
    for one in found:
        kind = say(kinds[one.kind].label) if one.kind in kinds else one.kind
        status = say(UnitStatus(one.status).label)
        sys.stdout.write(f"{one.call_sign}\t{kind}\t{status}\t{one.station}\n")


@playbook_app.command("check")
def playbook_check(
    path: Annotated[Path | None, typer.Argument(help="A folder of the center's own rules.")] = None,
    lang: LangOption = None,
) -> None:
    """Check playbooks and tables; every mistake with file, line and reason."""
    words(lang)
    from console.desk.ruleset import load

    chosen = settings()
    rules = load(path if path is not None else chosen.rules)
    note("playbook.sound", n=len(rules.playbooks))


def doctor(store: StoreOption = None, json: JsonOption = False, lang: LangOption = None) -> None:
    """Terminal, locale, colours, store, disk, clock: what is wrong and what to do."""
    from console.doctor import examine

    translator = words(lang)
    findings = examine(store, dict(os.environ))
    if json:
        out(
            [
                {
                    "what": f.what,
                    "ok": f.ok,
                    "found": _found(f, translator),
                    "advice": translator.t(f.advice),
                }
                for f in findings
            ]
        )
    else:
        for f in findings:
            mark = "ok " if f.ok else "!! "
            name = translator.t(f"doctor.{f.what}")
            advice = "" if f.ok else f"\n      {translator.t(f.advice)}"
            sys.stdout.write(f"{mark} {name}: {_found(f, translator)}{advice}\n")
    if not all(f.ok for f in findings):
        raise SystemExit(1)


def _found(finding: Finding, translator: Translator) -> str:
    found = finding.found
    return translator.t(found) if isinstance(found, Message) else found
