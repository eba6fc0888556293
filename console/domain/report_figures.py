"""The first two parts of a report: how much there was, and of what (总体情况, 分类情况)."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.alarm import AlarmLevel
from console.domain.document import Block, Chart, Paragraph, Section, Series, Table
from console.domain.figures import INTERVALS, spread
from console.domain.lifecycle import OPEN, State
from console.domain.message import Arg, Message, msg
from console.domain.naming import Naming, Same
from console.domain.panels import HOURS, hours_of_day, ranked
from console.domain.periods import Period
from console.domain.report_words import (
    FIELDS,
    NONE,
    before_name,
    category_name,
    change,
    compared,
    counted,
    field_name,
    number,
    partly,
    percent,
    seconds,
    share,
    town_name,
)
from console.domain.reported import Reported
from console.domain.rollup import EVERY_FIELD
from console.domain.standards import kept

MOST_KINDS = 8
"""Categories, classes and causes in a table; the rest is one row."""

MOST_NAMED = 5
"""Towns that are named in a field's sentence."""


def overall(given: Reported) -> Section:
    """The first part."""
    count = given.counted.count(EVERY_FIELD, "all")
    blocks: list[Block] = [
        Paragraph(
            msg(
                "report.overall",
                count=count,
                compared=_compared(given, EVERY_FIELD),
                parts=counted(
                    (field_name(field), given.counted.count(field, "all")) for field in FIELDS
                ),
            )
        )
    ]
    if not given.recorded:
        blocks.append(Paragraph(msg("report.not_recorded"), "warn"))
    if count:
        blocks.append(
            Paragraph(
                msg(
                    "report.states",
                    closed=given.states.get(State.CLOSED, 0),
                    cancelled=given.states.get(State.CANCELLED, 0),
                    open=sum(given.states.get(state, 0) for state in OPEN),
                )
            )
        )
    blocks += [_fields(given), _harm(given)]
    if count:
        blocks.append(_hours(given))
    return Section(msg("report.part_overall"), tuple(blocks))


def _compared(given: Reported, field: str) -> Message:
    return compared(
        given.counted.count(field, "all"),
        given.last_year.count(field, "all"),
        given.before.count(field, "all"),
        given.period.kind,
        (given.last_year_whole, given.before_whole),
    )


def _head(given: Reported, what: Message) -> tuple[Arg, ...]:
    return (
        what,
        msg("report.col_now"),
        partly(msg("report.col_last_year"), given.last_year_whole),
        msg("report.col_yoy"),
        partly(before_name(given.period.kind), given.before_whole),
        msg("report.col_pop"),
    )


def _row(name: Arg, now: int, then: int, before: int) -> tuple[Arg, ...]:
    return name, number(now), number(then), change(now, then), number(before), change(now, before)


def _fields(given: Reported) -> Table:
    """Every field beside what it is compared with, the bases shown."""
    return Table(
        _head(given, msg("report.col_field")),
        tuple(
            _row(
                field_name(field),
                *(
                    one.count(field, "all")
                    for one in (given.counted, given.last_year, given.before)
                ),
            )
            for field in (EVERY_FIELD, *FIELDS)
        ),
        frozenset(range(1, 6)),
        msg("report.table_fields"),
    )


def _harm(given: Reported) -> Table:
    """Persons and money, all fields together."""
    rows = []
    sums = [one.sums(EVERY_FIELD) for one in (given.counted, given.last_year, given.before)]
    for name, column in (
        (msg("report.deaths"), "deaths"),
        (msg("report.injured"), "injured"),
        (msg("report.lost"), "amount_lost"),
        (msg("report.saved"), "amount_saved"),
    ):
        now, then, before = (int(getattr(one, column)) for one in sums)
        rows.append(_row(name, now, then, before))
    return Table(
        _head(given, msg("report.col_what")),
        tuple(rows),
        frozenset(range(1, 6)),
        msg("report.table_harm"),
    )


def _hours(given: Reported) -> Chart:
    """By the hour of the day; of a shift, its own hours in their order."""
    heat = [0] * HOURS
    for key, cell in given.counted.by(EVERY_FIELD, "hour").items():
        heat[int(key)] += cell[0]
    day = hours_of_day(tuple(heat))
    order = _order(given.whole)
    return Chart(
        "columns",
        msg("report.chart_hours"),
        tuple(f"{hour:02d}" for hour in order),
        (Series(msg("report.col_now"), tuple(day[hour] for hour in order)),),
    )


def _order(period: Period) -> tuple[int, ...]:
    if period.shift is None:
        return tuple(range(24))
    hour = 3_600_000
    first = period.shift.begin // hour
    last = -(-(period.shift.begin + period.shift.length) // hour)
    return tuple(at % 24 for at in range(first, min(last, first + 24)))


# --- by field --------------------------------------------------------------------------


def by_field(given: Reported) -> Section:
    """The second part: each field, and the response intervals of all together."""
    sections = (
        Section(msg("report.part_traffic"), _traffic(given)),
        Section(msg("report.part_fraud"), _fraud(given)),
        Section(msg("report.part_fire"), _fire(given)),
        Section(msg("report.part_other"), _other(given)),
        Section(
            msg("report.part_response"),
            _response(given, EVERY_FIELD) or (Paragraph(msg("report.no_response"), "note"),),
        ),
    )
    return Section(msg("report.part_fields"), (), sections)


def _traffic(given: Reported) -> tuple[Block, ...]:
    sums = given.counted.sums("traffic")
    text = msg(
        "report.traffic",
        count=given.counted.count("traffic", "all"),
        compared=_compared(given, "traffic"),
        deaths=sums.deaths,
        injured=sums.injured,
    )
    return (
        Paragraph(text),
        *_kinds(given, "traffic", "category"),
        *_kinds(given, "traffic", "severity"),
        *_towns(given, "traffic"),
        *_response(given, "traffic"),
    )


def _fraud(given: Reported) -> tuple[Block, ...]:
    sums = given.counted.sums("fraud")
    won = given.counted.count("fraud", "result", "saved")
    failed = given.counted.count("fraud", "result", "lost")
    text = msg(
        "report.fraud",
        count=given.counted.count("fraud", "all"),
        compared=_compared(given, "fraud"),
        lost=sums.amount_lost,
        saved=sums.amount_saved,
        risk=sums.amount_at_risk,
    )
    dissuaded = msg("report.dissuaded", percent=share(won, won + failed), won=won, failed=failed)
    return (
        Paragraph(text),
        Paragraph(dissuaded),
        *_kinds(given, "fraud", "class"),
        *_towns(given, "fraud"),
        *_response(given, "fraud"),
    )


def _fire(given: Reported) -> tuple[Block, ...]:
    sums = given.counted.sums("fire")
    text = msg(
        "report.fire",
        count=given.counted.count("fire", "all"),
        compared=_compared(given, "fire"),
        deaths=sums.deaths,
        injured=sums.injured,
    )
    return (
        Paragraph(text),
        *_kinds(given, "fire", "category"),
        *_kinds(given, "fire", "cause"),
        *_kinds(given, "fire", "alarm"),
        *_towns(given, "fire"),
        *_response(given, "fire"),
    )


def _other(given: Reported) -> tuple[Block, ...]:
    text = msg(
        "report.other",
        count=given.counted.count("other", "all"),
        compared=_compared(given, "other"),
    )
    return (
        Paragraph(text),
        *_kinds(given, "other", "category"),
        *_towns(given, "other"),
        *_response(given, "other"),
    )


_KINDS = {
    "category": msg("report.col_category"),
    "severity": msg("report.col_severity"),
    "class": msg("report.col_class"),
    "cause": msg("report.col_cause"),
    "alarm": msg("report.col_alarm"),
}
_UNSAID = {"severity", "class", "cause", "alarm"}
"""What is left out altogether when nothing is known of it."""


def _kinds(given: Reported, field: str, dim: str) -> Iterable[Table]:
    """A field's incidents by one thing, the most frequent first."""
    cells = {key: cell[0] for key, cell in given.counted.by(field, dim).items()}
    if not cells or (dim in _UNSAID and not any(key not in ("", "0") for key in cells)):
        return
    then = {key: cell[0] for key, cell in given.before.by(field, dim).items()}
    naming, whole = Naming(given.names.categories), sum(cells.values())
    before = {one.name: one.count for one in naming.together(dim, then.items())}
    first = naming.together(dim, cells.items())
    rows: list[tuple[Arg, ...]] = [
        (
            _kind_name(given, dim, one),
            number(one.count),
            share(one.count, whole),
            number(before.get(one.name, 0)),
            change(one.count, before.get(one.name, 0)),
        )
        for one in first[:MOST_KINDS]
    ]
    if rest := first[MOST_KINDS:]:
        count = sum(one.count for one in rest)
        base = sum(before.get(one.name, 0) for one in rest)
        name = msg("report.rest", count=len(rest))
        rows.append((name, number(count), share(count, whole), number(base), change(count, base)))
    yield Table(
        (
            _KINDS[dim],
            msg("report.col_count"),
            msg("report.col_share"),
            partly(before_name(given.period.kind), given.before_whole),
            msg("report.col_pop"),
        ),
        tuple(rows),
        frozenset(range(1, 5)),
    )


def _kind_name(given: Reported, dim: str, one: Same) -> Arg:
    if dim == "category":
        return category_name(given.names, one.word)
    if dim == "alarm" and one.word.isdecimal() and 1 <= int(one.word) <= 5:
        return AlarmLevel(int(one.word)).label
    return one.name if one.word not in ("", "0") else msg("report.unsaid")


def _towns(given: Reported, field: str) -> Iterable[Paragraph]:
    cells = {key: cell[0] for key, cell in given.counted.by(field, "town").items() if key}
    if cells:
        named = counted(
            (town_name(given.names, code), count) for code, count in ranked(cells)[:MOST_NAMED]
        )
        yield Paragraph(msg("report.towns", towns=named))


def _response(given: Reported, field: str) -> tuple[Block, ...]:
    """A field's response intervals, and the standards that are its own."""
    rows: list[tuple[Arg, ...]] = []
    for one in INTERVALS:
        found = spread(given.counted.histograms.get((field, one.name), {}), one.edges)
        if found.n:
            times = (seconds(at) for at in (found.p50_s, found.p90_s, found.p99_s))
            rows.append((one.label, number(found.n), *times))
    if not rows:
        return ()
    head = (msg("report.col_interval"), msg("report.col_n"), "P50", "P90", "P99")
    blocks: list[Block] = [
        Table(head, tuple(rows), frozenset(range(1, 5)), msg("report.table_response"))
    ]
    held = [
        kept(one, given.counted.histograms.get((field, one.interval), {}))
        for one in given.standards
        if one.field == field
    ]
    standards = tuple(
        (
            one.standard.label,
            one.standard.source,
            msg("report.limit", seconds=one.standard.seconds, share=one.standard.share),
            number(one.n),
            percent(one.percent, 2),
            msg("report.met") if one.met else msg("report.not_met") if one.n else NONE,
        )
        for one in held
    )
    if standards:
        columns = (
            msg("report.col_standard"),
            msg("report.col_edition"),
            msg("report.col_limit"),
            msg("report.col_n"),
            msg("report.col_within"),
            msg("report.col_met"),
        )
        blocks.append(Table(columns, standards, frozenset((3, 4)), msg("report.table_standards")))
    return tuple(blocks)
