"""How long the response took: intervals, town and country apart, and the standards that they are
held against.
"""

from __future__ import annotations

from console.domain.document import Block, Paragraph, Table
from console.domain.figures import INTERVALS, Histogram, Interval, spread
from console.domain.message import Arg, Message, msg
from console.domain.report_words import NONE, lasting, number, percent, rated, seconds
from console.domain.reported import Reported
from console.domain.rollup import EVERY_FIELD
from console.domain.standards import AREAS, Kept

LEAST_FOR_90 = 10
"""Of fewer the ninth in ten is no more than the slowest one: it is left out."""

OF_A_FIELD = frozenset(
    {
        "received_to_dispatch",
        "dispatch_to_enroute",
        "dispatch_to_on_scene",
        "received_to_on_scene",
        "received_to_contact",
    }
)
"""What is told of one field; of all together every interval is."""

ARRIVAL = next(one for one in INTERVALS if one.name == "dispatch_to_on_scene")
"""What is told apart by town and country."""

_AREAS = {
    "urban": msg("report.area_urban"),
    "rural": msg("report.area_rural"),
    "": msg("report.area_other"),
}
assert set(_AREAS) == {*AREAS, ""}


def response(given: Reported, field: str) -> tuple[Block, ...]:
    """A field's response intervals, and the standards that are its own."""
    every = field == EVERY_FIELD
    rows: list[tuple[Arg, ...]] = []
    for one in INTERVALS:
        found: Histogram = given.counted.histograms.get((field, one.name), {})
        if found and (every or one.name in OF_A_FIELD):
            rows.append(_row(one.label, one, found))
    if not rows:
        return (Paragraph(msg("report.no_response"), "note"),) if every else ()
    blocks: list[Block] = [_times(msg("report.col_interval"), rows, msg("report.table_response"))]
    if every:
        blocks += [Paragraph(msg("report.note_response"), "note"), *_by_area(given)]
    blocks += _standards([given.held(one) for one in given.standards if one.field == field])
    return tuple(blocks)


def _row(name: Arg, interval: Interval, histogram: Histogram) -> tuple[Arg, ...]:
    found = spread(histogram, interval.edges)
    ninth = seconds(found.p90_s) if found.n >= LEAST_FOR_90 else NONE
    return name, number(found.n), seconds(found.p50_s), ninth


def _times(what: Message, rows: list[tuple[Arg, ...]], title: Message) -> Table:
    head = (what, msg("report.col_n"), msg("report.col_median"), msg("report.col_90"))
    return Table(head, tuple(rows), frozenset(range(1, 4)), title)


def _by_area(given: Reported) -> list[Block]:
    """Town and country apart, where it is known of any town which of them it is."""
    known = {
        area: found
        for area in _AREAS
        if (found := given.apart.get((EVERY_FIELD, ARRIVAL.name, area, False), {}))
    }
    if not known.keys() & AREAS.keys():
        return []
    rows = [_row(_AREAS[area], ARRIVAL, found) for area, found in known.items()]
    return [_times(msg("report.col_area"), rows, msg("report.table_areas"))]


def _standards(held: list[Kept]) -> list[Block]:
    """How standards were kept: our own first, then what is foreign."""
    rows: tuple[tuple[Arg, ...], ...] = tuple(
        (
            one.standard.label,
            one.standard.source,
            limit(one),
            number(one.n),
            reached(one),
            _verdict(one),
        )
        for one in held
        if one.n
    )
    if not rows:
        return []
    head = (
        msg("report.col_standard"),
        msg("report.col_edition"),
        msg("report.col_limit"),
        msg("report.col_n"),
        msg("report.col_within"),
        msg("report.col_met"),
    )
    return [Table(head, rows, frozenset({3}), msg("report.table_standards"))]


def limit(held: Kept) -> Message:
    """What a standard wants."""
    standard = held.standard
    if standard.share == 100:
        return msg("report.limit_all", time=lasting(standard.seconds))
    return msg("report.limit", time=lasting(standard.seconds), share=standard.share)


def reached(held: Kept) -> Arg:
    """How many kept a standard: of few in counts."""
    if not rated(held.n):
        return msg("report.of_counts", within=held.within, count=held.n)
    return percent(held.percent, 2)


def _verdict(held: Kept) -> Message:
    if held.standard.foreign:
        return msg("report.ref_met") if held.met else msg("report.ref_not_met")
    return msg("report.met") if held.met else msg("report.not_met")
