"""The last two parts of a report: how things stand, and what to heed (态势, 提示).

Every hint follows from the figures by a rule of ``reports.toml``; none is typed in.
"""

from __future__ import annotations

from console.domain.document import Block, Chart, Paragraph, Section, Series, Table
from console.domain.figures import change_percent
from console.domain.message import Arg, Message, msg
from console.domain.panels import HOURS, hours_of_day, ranked
from console.domain.report_words import (
    FIELDS,
    NONE,
    before_name,
    counted,
    field_name,
    moment,
    number,
    partly,
    town_name,
)
from console.domain.reported import Reported
from console.domain.rollup import EVERY_FIELD, Tallied
from console.domain.standards import kept

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
        blocks += [Paragraph(_busiest(given)), _towns(given), _town_chart(given)]
    blocks.append(_trend(given))
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
        standing=_standing(count, usual, given.rules.rise_base),
    )


def _standing(count: int, usual: float, least: int) -> Message:
    """How a count stands to what is usual; in percent only from `least` on."""
    if not usual:
        return msg("report.usual_none")
    if usual < least and count != usual:
        return msg("report.usual_above") if count > usual else msg("report.usual_below")
    off = round(100 * (count - usual) / usual, 1)
    if off > 0:
        return msg("report.usual_more", percent=f"{off:.1f}")
    return msg("report.usual_less", percent=f"{-off:.1f}") if off < 0 else msg("report.usual_same")


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


def _by_town(given: Reported) -> tuple[tuple[str, int], ...]:
    cells = {code: cell[0] for code, cell in given.counted.by(EVERY_FIELD, "town").items()}
    return ranked(cells)[: given.rules.most_towns]


def _towns(given: Reported) -> Table:
    """Towns with most incidents: by field, and against their usual."""
    colours = given.outlook.colours
    head: list[Arg] = [
        msg("report.col_town"),
        msg("report.col_count"),
        *(field_name(field) for field in FIELDS),
        partly(before_name(given.period.kind), given.before_whole),
        msg("report.col_usual"),
        msg("report.col_sign"),
    ]
    if colours:
        head.append(msg("report.col_colour"))
    rows = []
    for code, count in _by_town(given):
        usual = mean(given.usual, "town", code)
        high = bool(code) and usual is not None and given.rules.is_high(count, usual)
        row: list[Arg] = [
            town_name(given.names, code),
            number(count),
            *(number(given.counted.count(field, "town", code)) for field in FIELDS),
            number(given.before.count(EVERY_FIELD, "town", code)),
            NONE if usual is None else f"{usual:.1f}",
            msg("report.high") if high else "",
        ]
        rows.append((*row, colours.get(code)) if colours else tuple(row))
    return Table(tuple(head), tuple(rows), frozenset(range(1, 8)), msg("report.table_towns"))


def _town_chart(given: Reported) -> Chart:
    towns = _by_town(given)
    return Chart(
        "bars",
        msg("report.chart_towns"),
        tuple(town_name(given.names, code) for code, _count in towns),
        (Series(msg("report.col_now"), tuple(count for _code, count in towns)),),
    )


def _trend(given: Reported) -> Chart:
    series = [Series(msg("report.col_now_run"), given.trend.now)]
    if given.trend.then:
        series.append(Series(msg("report.col_last_year"), given.trend.then))
    titles = {
        "week": msg("report.chart_weeks"),
        "month": msg("report.chart_months"),
    }
    title = titles.get(given.period.kind, msg("report.chart_days"))
    return Chart("lines", title, given.trend.labels, tuple(series))


# --- hints ------------------------------------------------------------------------------


def hints(given: Reported) -> Section:
    """The sixth part."""
    found = [*_rises(given), *_high_towns(given), *_standards(given), *_work(given)]
    found += [*_links(given), *_orders(given)]
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
                    percent=f"{change_percent(count, base):.2f}",
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
    found = []
    for standard in given.standards:
        held = kept(standard, given.counted.histograms.get((standard.field, standard.interval), {}))
        if held.n >= given.rules.interval_least and held.met is False:
            found.append(
                msg(
                    "report.hint_standard",
                    standard=standard.label,
                    source=standard.source,
                    seconds=standard.seconds,
                    share=standard.share,
                    percent=f"{held.percent:.2f}",
                    count=held.n,
                )
            )
    return found


def _work(given: Reported) -> list[Message]:
    found = []
    if given.overdue:
        first = next((one for one in given.pending if one.due is not None), None)
        found.append(
            msg(
                "report.hint_overdue",
                count=given.overdue,
                number=first.number if first is not None else NONE,
            )
        )
    if given.tray:
        found.append(msg("report.hint_tray", count=given.tray))
    return found


def _links(given: Reported) -> list[Message]:
    return [
        msg(
            "report.hint_link",
            system=one.system,
            fault=one.fault,
            since=moment(one.since, given.zone) if one.since else NONE,
        )
        for one in given.down
    ]


def _orders(given: Reported) -> list[Message]:
    found = [
        msg("report.hint_unknown", system=one.system, count=one.unknown)
        for one in given.owed
        if one.unknown
    ]
    return found + [
        msg("report.hint_waiting", system=one.system, count=one.waiting)
        for one in given.owed
        if one.waiting
    ]
