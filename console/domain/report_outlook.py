"""The last two parts of a report: how things stand, and what to heed (态势, 提示).

Every hint follows from the figures by a rule of ``reports.toml``; none is typed in.
"""

from __future__ import annotations

from collections import Counter

from console.domain.clock import DAY
from console.domain.document import Block, Chart, Paragraph, Section, Series, Table
from console.domain.message import Arg, Message, msg
from console.domain.panels import HOURS, hours_of_day, ranked
from console.domain.report_response import limit, reached
from console.domain.report_words import (
    FIELDS,
    NONE,
    SMALL,
    based,
    before_name,
    changed,
    counted,
    edge,
    field_name,
    field_short,
    number,
    rated,
    town_name,
)
from console.domain.reported import Reported
from console.domain.rollup import EVERY_FIELD, Tallied

MOST_HOURS = 3


def mean(found: tuple[Tallied, ...], dim: str = "all", key: str = "") -> float | None:
    """What some periods had on the average; None when there are none."""
    if not found:
        return None
    return sum(one.count(EVERY_FIELD, dim, key) for one in found) / len(found)


def outlook(given: Reported) -> Section:
    """The fifth part."""
    blocks: list[Block] = [Paragraph(_against_usual(given))]
    if given.outlook.band is not None:
        blocks.append(Paragraph(given.outlook.band))
    if given.counted.count(EVERY_FIELD, "all"):
        blocks.append(Paragraph(_busiest(given)))
        if given.names.kinds:
            blocks.append(Paragraph(_areas(given)))
        blocks.append(_towns(given))
        if given.outlook.colours:
            blocks.append(Paragraph(msg("report.note_colours"), "note"))
    blocks += _trend(given)
    return Section(msg("report.part_outlook"), tuple(blocks))


def _against_usual(given: Reported) -> Message:
    usual = mean(given.usual)
    if usual is None:
        return msg("report.no_usual")
    count = given.counted.count(EVERY_FIELD, "all")
    counts = [one.count(EVERY_FIELD, "all") for one in given.usual]
    return msg(
        "report.usual",
        periods=len(given.usual),
        usual=f"{usual:.1f}",
        least=min(counts),
        most=max(counts),
        count=count,
        standing=_standing(count, usual),
    )


def _standing(count: int, usual: float) -> Message:
    """How a count stands to what is usual; in percent only of what is not small."""
    by = f"{abs(count - usual):.1f}"
    if by == "0.0":
        return msg("report.usual_same")
    if usual < SMALL:
        return (
            msg("report.usual_above", by=by) if count > usual else msg("report.usual_below", by=by)
        )
    size = f"{100 * abs(count - usual) / usual:.1f}"
    if count > usual:
        return msg("report.usual_more", percent=size)
    return msg("report.usual_less", percent=size)


def _areas(given: Reported) -> Message:
    """Town and country apart."""
    found: Counter[str] = Counter()
    for code, cell in given.counted.by(EVERY_FIELD, "town").items():
        found[given.names.area(code)] += cell[0]
    said = msg("report.areas", urban=found["urban"], rural=found["rural"])
    return msg("report.areas_other", said=said, other=found[""]) if found[""] else said


def _busiest(given: Reported) -> Message:
    heat = [0] * HOURS
    for key, cell in given.counted.by(EVERY_FIELD, "hour").items():
        heat[int(key)] += cell[0]
    hours = {f"{hour:02d}": n for hour, n in enumerate(hours_of_day(tuple(heat))) if n}
    return msg(
        "report.busiest",
        hours=tuple(
            msg("report.hour", hour=hour, count=count) for hour, count in ranked(hours)[:MOST_HOURS]
        ),
    )


def _towns(given: Reported) -> Table:
    """Towns with most incidents: by field, and against their usual; the last row is the rest."""
    colours = given.outlook.colours
    head: list[Arg] = [
        msg("report.col_town"),
        msg("report.col_count"),
        *(field_short(field) for field in FIELDS),
        before_name(given.period.kind),
        msg("report.col_usual"),
        msg("report.col_sign"),
    ]
    if colours:
        head.append(msg("report.col_colour"))
    order = ranked({code: n[0] for code, n in given.counted.by(EVERY_FIELD, "town").items()})
    most = given.rules.most_towns
    groups: list[tuple[Arg, tuple[str, ...]]] = [
        (town_name(given.names, code), (code,)) for code, _count in order[:most]
    ]
    if rest := tuple(code for code, _count in order[most:]):
        groups.append((msg("report.towns_rest", count=len(rest)), rest))
    rows = [_town_row(given, name, codes) for name, codes in groups]
    return Table(tuple(head), tuple(rows), frozenset(range(1, 8)), msg("report.table_towns"))


def _town_row(given: Reported, name: Arg, codes: tuple[str, ...]) -> tuple[Arg, ...]:
    """One town, or what several come to: these have neither sign nor colour."""

    def sum_of(what: Tallied, field: str) -> int:
        return sum(what.count(field, "town", code) for code in codes)

    count = sum_of(given.counted, EVERY_FIELD)
    means = [mean(given.usual, "town", code) for code in codes]
    usual = None if None in means else sum(one for one in means if one is not None)
    (code, *more) = codes
    high = bool(code) and not more and usual is not None and given.rules.is_high(count, usual)
    row: tuple[Arg, ...] = (
        name,
        number(count),
        *(number(sum_of(given.counted, field)) for field in FIELDS),
        based(sum_of(given.before, EVERY_FIELD), given.before_whole),
        NONE if usual is None else f"{usual:.1f}",
        msg("report.high") if high else "",
    )
    colours = given.outlook.colours
    return (*row, None if more else colours.get(code)) if colours else row


def _trend(given: Reported) -> list[Block]:
    series = [Series(msg("report.col_now_run"), given.trend.now)]
    if given.trend.then:
        series.append(Series(msg("report.col_last_year"), given.trend.then))
    titles = {
        "week": msg("report.chart_weeks"),
        "month": msg("report.chart_months"),
    }
    title = titles.get(given.period.kind, msg("report.chart_days"))
    blocks: list[Block] = [Chart("lines", title, given.trend.labels, tuple(series))]
    if given.period.end.ms != DAY or given.period.shift is not None:
        # The last day is not over, and a shift does not begin and end at midnight.
        at = edge(given.period.end, given.year)
        blocks.append(Paragraph(msg("report.note_trend", at=at), "note"))
    return blocks


# --- hints ------------------------------------------------------------------------------


def hints(given: Reported) -> Section:
    """The sixth part. What waits for the next shift stands in the first."""
    found = [*_rises(given), *_high_towns(given), *_standards(given)]
    title = msg("report.part_hints")
    if not found:
        return Section(title, (Paragraph(msg("report.no_hints")),))
    return Section(title, tuple(Paragraph(one, "warn") for one in found))


def _rises(given: Reported) -> list[Message]:
    found: list[Message] = []
    if not given.before_whole:
        return found  # it has risen against a part of something
    for field in (EVERY_FIELD, *FIELDS):
        count, base = given.counted.count(field, "all"), given.before.count(field, "all")
        if given.rules.has_risen(count, base):
            found.append(
                msg(
                    "report.hint_rise",
                    field=field_name(field),
                    count=count,
                    base=base,
                    before=before_name(given.period.kind),
                    moved=changed(count, base),
                )
            )
    return found


def _high_towns(given: Reported) -> list[Message]:
    """The towns that are furthest above their usual; of the others, how many there are."""
    above: list[tuple[float, str, int, float]] = []
    for code, cell in given.counted.by(EVERY_FIELD, "town").items():
        usual = mean(given.usual, "town", code)
        if code and usual is not None and given.rules.is_high(cell[0], usual):
            above.append((usual - cell[0], code, cell[0], usual))
    above.sort()
    most = given.rules.most_hints
    found = [
        msg(
            "report.hint_town",
            town=town_name(given.names, code),
            count=count,
            usual=f"{usual:.1f}",
            parts=counted(
                (field_name(field), n)
                for field in FIELDS
                if (n := given.counted.count(field, "town", code))
            ),
        )
        for _excess, code, count, usual in above[:most]
    ]
    if len(above) > most:
        found.append(msg("report.hint_towns", count=len(above) - most))
    return found


def _standards(given: Reported) -> list[Message]:
    """Our own standards that were not kept; another country's is no duty."""
    found = []
    for standard in given.standards:
        held = given.held(standard)
        if held.n >= given.rules.interval_least and held.met is False and not standard.foreign:
            found.append(
                msg(
                    "report.hint_standard",
                    standard=standard.label,
                    source=standard.source,
                    limit=limit(held),
                    reached=reached(held),
                )
                if not rated(held.n)
                else msg(
                    "report.hint_standard_rate",
                    standard=standard.label,
                    source=standard.source,
                    limit=limit(held),
                    reached=reached(held),
                    count=held.n,
                )
            )
    return found
