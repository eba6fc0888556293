"""Commands that bring real data in and count what is there: ``import`` and ``figures``."""

from __future__ import annotations

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
    ZoneOption,
    fail,
    note,
    open_desk,
    out,
    words,
)

if TYPE_CHECKING:
    from datetime import date

    from console.desk.desk import Desk
    from console.domain.figures import Figures


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("import")(import_)
    app.command("figures")(figures)


def import_(
    file: Annotated[list[Path], typer.Argument(help="A table, or alerts (CAP).")],
    mapping: Annotated[
        Path | None,
        typer.Option(help="TOML file that says what the columns mean; or stats19, sf-fire."),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Past incidents with all their times.")
    ] = False,
    now: Annotated[
        bool, typer.Option("--now", help="As if the rows came in now, a second apart.")
    ] = False,
    sheet: Annotated[str, typer.Option(help="Which sheet of a workbook.")] = "",
    format_: Annotated[str, typer.Option("--format", help="csv (also xlsx, gz) or cap")] = "csv",
    store: StoreOption = None,
    seat: SeatOption = None,
    zone: ZoneOption = None,
    district: DistrictOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Bring in real data."""
    translator = words(lang)
    from console.rights import need

    if format_ == "cap":
        desk = open_desk(store, seat, zone, district, create=True, sits=True)
        need(desk, "import")
        _import_alerts(file, desk, json)
        return
    if format_ != "csv":
        fail("import.no_format", 2, format=format_)
    if len(file) != 1:
        fail("import.one_file", 2)
    if history and now:
        fail("import.one_of", 2)
    if mapping is None:
        fail("import.no_mapping", 2)
    from console.desk.imports import Mode, import_table

    desk = open_desk(store, seat, zone, district, create=True, sits=True)
    need(desk, "import")
    mode = Mode.HISTORY if history else Mode.NOW if now else Mode.LIVE
    done = import_table(
        desk.store,
        desk.rules,
        desk.clock,
        file[0],
        mapping,
        mode,
        say=translator.t,
        seat=desk.seat,
        sheet=sheet,
        progress=_show_progress if sys.stderr.isatty() else None,
    )
    if sys.stderr.isatty():
        sys.stderr.write("\n")  # the line that was written over is done
    if json:
        out(done.as_json())
    else:
        for name, value in done.as_json().items():
            said = words().t(f"import.count.{name}")
            sys.stdout.write(f"{said}\t{'' if value is None else value}\n")
    for one in done.notes:
        note(one)
    if done.refused_file is not None:
        note("import.refused", n=done.refused, file=str(done.refused_file))


def _import_alerts(files: list[Path], desk: Desk, json: bool) -> None:
    """Bring in CAP documents; ends with 1 when one of them could not be read."""
    from console.desk.alerts import import_alerts

    done = import_alerts(desk, files)
    if json:
        out(done.as_json())
    else:
        for name, value in done.as_json().items():
            sys.stdout.write(f"{words().t(f'import.count.{name}')}\t{value}\n")
    for one in done.notes:
        note(one)
    if done.refused:
        raise SystemExit(1)


def figures(
    from_: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    by: Annotated[
        str | None,
        typer.Option(help="year, month, town, category, severity, hour, weekday or class."),
    ] = None,
    field: Annotated[str, typer.Option(help="fire, traffic, fraud, other or all.")] = "all",
    panel: Annotated[
        bool,
        typer.Option("--panel", help="Everything that the figures page shows of a field, as JSON."),
    ] = False,
    window: Annotated[
        str | None, typer.Option(help="With --panel: today, week, month or year.")
    ] = None,
    results: Annotated[
        bool, typer.Option("--results", help="The results panel: a year against the one before.")
    ] = False,
    year: Annotated[
        int | None,
        typer.Option(
            help="The year of the results; the last whole one of the records if left out."
        ),
    ] = None,
    store: StoreOption = None,
    zone: ZoneOption = None,
    district: DistrictOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Counts, year on year, and intervals."""
    words(lang)
    if results:
        from console.cli_results import show_results

        show_results(open_desk(store, zone=zone, district=district, readonly=True), year, json)
        return
    from console.domain.figures import BY, FIELDS, as_by, as_json
    from console.store import statistics

    first, last = _day(from_), _day(to)
    if first is not None and last is not None and last < first:
        fail("figures.backwards", 2, first=first.isoformat(), last=last.isoformat())
    group = as_by(by) if by is not None else None
    if by is not None and group is None:
        fail("figures.no_by", 2, word=by, known=BY)
    if field not in FIELDS:
        fail("figures.no_field", 2, word=field, known=FIELDS)
    desk = open_desk(store, zone=zone, district=district, readonly=True)
    if panel:
        _panel(desk, field, window, first, last)
        return
    with desk.store.read() as tx:
        found = statistics.figures(tx, first, last, group, field, desk.clock.now())
    if json:
        out(as_json(found))
    else:
        _table(found, desk, group)


def _panel(
    desk: Desk, field: str, window: str | None, first: date | None, last: date | None
) -> None:
    """What the figures page shows, as JSON."""
    from console.desk.figured import figured
    from console.desk.wanted import chosen_days
    from console.domain.message import Problem
    from console.domain.panels import FIELDS, WINDOWS, panel_json

    if field not in FIELDS:
        fail("figures.no_field", 2, word=field, known=FIELDS)
    if window is not None and window not in WINDOWS:
        fail("figures.no_window", 2, word=window, known=WINDOWS)
    if (first is None) != (last is None) or (first is not None and window is not None):
        fail("figures.days_or_window", 2)
    try:
        days = chosen_days(first, last) if first is not None and last is not None else None
    except Problem as problem:
        fail(problem.message, 2)
    found = figured(desk, field, days or window or "today")
    out(panel_json(found.panel, found.standings, desk.rules.naming))


def _day(text: str | None) -> date | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail("figures.bad_day", 2, day=text)


def _called(desk: Desk, dim: str, key: str) -> str:
    """A value that is counted by, as people call it."""
    say = words().t
    if not key:
        return say("figures.unknown_town" if dim == "town" else "figures.unknown")
    if dim == "town":
        town = desk.rules.gazetteer.towns.get(key)
        return key if town is None else town.name if words().lang == "zh" else town.latin
    if dim == "weekday":
        return say("figures.weekday_said", day=say(f"figures.weekday.{key}"))
    if dim == "hour":
        return say("figures.hour", hour=key)
    name = desk.rules.naming.name(dim, key)
    return name if isinstance(name, str) else say(name)


def _table(found: Figures, desk: Desk, by: str | None) -> None:
    """The figures for people: columns between tabs."""
    from console.domain.figures import INTERVALS

    say = words().t
    part = "" if found.yoy_whole else "~"
    change = "-" if found.yoy is None else f"{part}{found.yoy:+.2f}%"
    lines = [f"{say('figures.count')}\t{found.count}", f"{say('figures.yoy')}\t{change}"]
    lines += [f"{_called(desk, by or '', key)}\t{n}" for key, n in found.by.items()]
    heads = ("interval", "times", "median_s", "p90_s", "p99_s")
    lines.append("\t".join(say(f"figures.{head}") for head in heads))
    for interval in INTERVALS:
        one = found.intervals[interval.name]
        shown = (
            "-" if value is None else str(value) for value in (one.p50_s, one.p90_s, one.p99_s)
        )
        lines.append("\t".join([say(interval.label), str(one.n), *shown]))
    sys.stdout.write("\n".join(lines) + "\n")


def _show_progress(read: int) -> None:
    """How far an import is, on a line of its own that is written over."""
    stream = sys.__stderr__  # the wall lets nobody go back in a line
    if stream is not None:
        stream.write(f"\r{words().t('import.progress', n=read)}")
        stream.flush()
