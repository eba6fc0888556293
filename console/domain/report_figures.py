"""How much there was, and of what: second and fourth part of a report (总体情况, 分类情况)."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.alarm import AlarmLevel
from console.domain.document import Block, Chart, Paragraph, Section, Series, Table
from console.domain.lifecycle import State
from console.domain.message import Arg, Message, msg
from console.domain.naming import Naming, Same
from console.domain.panels import HOURS, hours_of_day, ranked
from console.domain.periods import Period
from console.domain.report_response import response
from console.domain.report_words import (
    FIELDS,
    based,
    before_name,
    category_name,
    changed,
    compared,
    counted,
    differing,
    field_name,
    hour_label,
    number,
    rated,
    share,
    town_name,
)
from console.domain.reported import Reported
from console.domain.rollup import EVERY_FIELD

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
        blocks.append(Paragraph(_states(given)))
    blocks += [_fields(given), _harm(given)]
    if count:
        blocks.append(_hours(given))
    return Section(msg("report.part_overall"), tuple(blocks))


def _states(given: Reported) -> Message:
    """Where the period's incidents stand; together they are all that was received."""
    said = msg(
        "report.states",
        closed=given.states.get(State.CLOSED, 0),
        cancelled=given.states.get(State.CANCELLED, 0),
        open=given.open_now,
    )
    merged = given.states.get(State.MERGED, 0)
    return msg("report.states_merged", said=said, merged=merged) if merged else said


def _compared(given: Reported, field: str) -> Message:
    return compared(
        given.counted.count(field, "all"),
        given.last_year.count(field, "all"),
        given.before.count(field, "all"),
        given.period.kind,
        (given.last_year_whole, given.before_whole),
    )


def _head(given: Reported, what: Message, yoy: Message, pop: Message) -> tuple[Arg, ...]:
    return (
        what,
        msg("report.col_now"),
        msg("report.col_last_year"),
        yoy,
        before_name(given.period.kind),
        pop,
    )


def _fields(given: Reported) -> Table:
    """Every field beside what it is compared with, the bases shown."""
    known = given.last_year_whole, given.before_whole
    rows: list[tuple[Arg, ...]] = []
    for field in (EVERY_FIELD, *FIELDS):
        now, then, before = (
            one.count(field, "all") for one in (given.counted, given.last_year, given.before)
        )
        rows.append(
            (
                field_name(field),
                number(now),
                based(then, known[0]),
                changed(now, then, known[0]),
                based(before, known[1]),
                changed(now, before, known[1]),
            )
        )
    return Table(
        _head(given, msg("report.col_field"), msg("report.col_yoy"), msg("report.col_pop")),
        tuple(rows),
        frozenset(range(1, 6)),
        msg("report.table_fields"),
    )


def _harm(given: Reported) -> Table:
    """Persons and money, all fields together, and what of it is fraud."""
    known = given.last_year_whole, given.before_whole
    all_ = [one.sums(EVERY_FIELD) for one in (given.counted, given.last_year, given.before)]
    fraud = [one.sums("fraud") for one in (given.counted, given.last_year, given.before)]
    rows: list[tuple[Arg, ...]] = []
    for name, column, sums in (
        (msg("report.deaths"), "deaths", all_),
        (msg("report.injured"), "injured", all_),
        (msg("report.lost"), "amount_lost", all_),
        (msg("report.lost_fraud"), "amount_lost", fraud),
        (msg("report.saved"), "amount_saved", all_),
    ):
        now, then, before = (int(getattr(one, column)) for one in sums)
        rows.append(
            (
                name,
                number(now),
                based(then, known[0]),
                differing(now, then, known[0]),
                based(before, known[1]),
                differing(now, before, known[1]),
            )
        )
    return Table(
        _head(given, msg("report.col_what"), msg("report.col_off"), msg("report.col_off")),
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
        tuple(hour_label(hour) for hour in order),
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
    """The fourth part: each field, and the response intervals of all together."""
    sections = (
        Section(msg("report.part_traffic"), _traffic(given)),
        Section(msg("report.part_fraud"), _fraud(given)),
        Section(msg("report.part_fire"), _fire(given)),
        Section(msg("report.part_other"), _other(given)),
        Section(
            msg("report.part_response"),
            response(given, EVERY_FIELD),
        ),
    )
    return Section(msg("report.part_fields"), (), sections)


def _harmed(given: Reported, field: str) -> Message:
    """Whom a field's incidents harmed, and what they cost where they cost anything."""
    sums = given.counted.sums(field)
    said = msg("report.harmed", deaths=sums.deaths, injured=sums.injured)
    return msg("report.harmed_cost", said=said, lost=sums.amount_lost) if sums.amount_lost else said


def _traffic(given: Reported) -> tuple[Block, ...]:
    text = msg(
        "report.traffic",
        count=given.counted.count("traffic", "all"),
        compared=_compared(given, "traffic"),
        harmed=_harmed(given, "traffic"),
    )
    return (
        Paragraph(text),
        *_kinds(given, "traffic", "category"),
        *_kinds(given, "traffic", "severity"),
        *_towns(given, "traffic"),
        *response(given, "traffic"),
    )


def _fraud(given: Reported) -> tuple[Block, ...]:
    sums = given.counted.sums("fraud")
    count = given.counted.count("fraud", "all")
    warnings = sum(
        cell[0]
        for key, cell in given.counted.by("fraud", "category").items()
        if f"{key}.".startswith("fraud.warning.")
    )
    blocks = [
        Paragraph(
            msg(
                "report.fraud",
                count=count,
                compared=_compared(given, "fraud"),
                lost=sums.amount_lost,
                saved=sums.amount_saved,
                risk=sums.amount_at_risk,
            )
        )
    ]
    if count:
        kinds = msg("report.fraud_kinds", warnings=warnings, cases=count - warnings)
        none = given.counted.count("fraud", "result", "no_fraud")
        blocks.append(Paragraph(msg("report.fraud_none", said=kinds, none=none) if none else kinds))
    if dissuaded := _dissuaded(given):
        blocks.append(Paragraph(dissuaded))
    return (
        *blocks,
        *_kinds(given, "fraud", "class"),
        *_towns(given, "fraud"),
        *response(given, "fraud"),
    )


def _dissuaded(given: Reported) -> Message | None:
    """How many were talked out of it, of those whose end is known."""
    won = given.counted.count("fraud", "result", "saved")
    failed = given.counted.count("fraud", "result", "lost")
    whole = won + failed
    if not whole:
        return None
    said = msg("report.dissuaded", count=whole, won=won, failed=failed)
    if not rated(whole):
        return said
    return msg("report.dissuaded_rate", said=said, percent=share(won, whole))


def _fire(given: Reported) -> tuple[Block, ...]:
    text = msg(
        "report.fire",
        count=given.counted.count("fire", "all"),
        compared=_compared(given, "fire"),
        harmed=_harmed(given, "fire"),
    )
    none = given.counted.count("fire", "result", "no_fire")
    return (
        Paragraph(text),
        *([Paragraph(msg("report.fire_none", none=none))] if none else []),
        *_kinds(given, "fire", "category"),
        *_kinds(given, "fire", "cause"),
        *_kinds(given, "fire", "alarm"),
        *_towns(given, "fire"),
        *response(given, "fire"),
    )


def _other(given: Reported) -> tuple[Block, ...]:
    text = msg(
        "report.other",
        count=given.counted.count("other", "all"),
        compared=_compared(given, "other"),
        harmed=_harmed(given, "other"),
    )
    return (
        Paragraph(text),
        *_kinds(given, "other", "category"),
        *_towns(given, "other"),
        *response(given, "other"),
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
    shares = rated(whole)

    def row(name: Arg, count: int, base: int) -> tuple[Arg, ...]:
        known = given.before_whole
        part = (share(count, whole),) if shares else ()
        return name, number(count), *part, based(base, known), changed(count, base, known)

    rows = [
        row(_kind_name(given, dim, one), one.count, before.get(one.name, 0))
        for one in first[:MOST_KINDS]
    ]
    if rest := first[MOST_KINDS:]:
        rows.append(
            row(
                msg("report.rest", count=len(rest)),
                sum(one.count for one in rest),
                sum(before.get(one.name, 0) for one in rest),
            )
        )
    head = (
        _KINDS[dim],
        msg("report.col_count"),
        *((msg("report.col_share"),) if shares else ()),
        before_name(given.period.kind),
        msg("report.col_pop"),
    )
    yield Table(head, tuple(rows), frozenset(range(1, len(head))))


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
