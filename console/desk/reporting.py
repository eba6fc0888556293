"""Reading what a written report is made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo

from console.desk.desk import Desk
from console.desk.linked import linked
from console.desk.mapped import mapped
from console.desk.report_cases import important_of, pending_of
from console.domain.clock import HOUR, Instant, to_datetime
from console.domain.document import Document
from console.domain.figures import INTERVALS, Histogram
from console.domain.message import Label, Message, Problem, msg
from console.domain.panels import Window
from console.domain.periods import Kind, Period, Shift, called, last_begun, period_of, shift_at
from console.domain.report import compose
from console.domain.report_words import day_label, moment, month_label
from console.domain.reported import LinkDown, Names, Outlook, Owed, Reported, Trend
from console.domain.risk_map import COMBINED
from console.domain.rollup import EVERY_FIELD, number_of
from console.domain.standards import AREAS
from console.domain.telling import system_called
from console.store import links, reported, rollups
from console.store.engine import Tx
from console.store.usual import standings

TREND_DAYS = 14
TREND_WEEKS = 8

EARLIEST = 3
"""The first year that can be reported on: one before it must be there to compare with."""


def period_asked(
    desk: Desk, kind: Kind, day: date | None = None, shift: str | None = None
) -> Period:
    """The period that somebody asks for.

    Args:
        desk: where.
        kind: what.
        day: a day in it, of a shift the day on which it begins; None is now.
        shift: the shift's name; without one it is the one that runs now or, with a day, the
            last of that day that has begun.

    Raises:
        Problem: there is no such shift, or the period has not begun.
    """
    return period_at(desk.rules.shifts, desk.store.zone, desk.clock.now(), kind, day, shift)


def period_at(
    shifts: Sequence[Shift],
    zone: tzinfo,
    now: Instant,
    kind: Kind,
    day: date | None,
    shift: str | None,
) -> Period:
    """As `period_asked`, with the shifts, the zone and the moment (ms UTC) at hand."""
    today = to_datetime(now, zone).date()
    chosen: Shift | None = None
    if kind == "shift":
        if shift is not None and (chosen := called(shifts, shift)) is None:
            known = tuple(one.label for one in shifts)
            raise Problem(msg("report.no_shift", word=shift, known=known))
        if day is None:
            running, begun = shift_at(shifts, now, zone)
            day = begun
            if chosen is not None and chosen != running:
                # The last one of that name that has begun.
                day = today if period_of(kind, today, chosen).span(zone)[0] <= now else None
                day = day or today - timedelta(days=1)
            chosen = chosen or running
        chosen = chosen or last_begun(shifts, day, now, zone)
    elif shift is not None:
        raise Problem(msg("report.only_shift"))
    day = day or today
    if day.year < EARLIEST:
        raise Problem(msg("report.too_early", day=day.isoformat()))
    if day > today:
        raise Problem(msg("report.future", day=day.isoformat()))
    period = period_of(kind, day, chosen)
    if period.span(zone)[0] > now:
        raise Problem(msg("report.future", day=day.isoformat()))
    return period


def report(desk: Desk, whole: Period, center: str, outlook: Outlook | None = None) -> Document:
    """The report of a period, as of now.

    Args:
        desk: where.
        whole: the period.
        center: the center's name.
        outlook: what other rules make of the period; None asks them (`outlook_of`).
    """
    return compose(read(desk, whole, center, outlook or outlook_of(desk, whole)))


def outlook_of(desk: Desk, whole: Period) -> Outlook:
    """What the other rules make of a period: of one that runs how today stands to the band of
    what is usual, and the colours of the towns on the map of its days.
    """
    zone, now = desk.store.zone, desk.clock.now()
    today = to_datetime(now, zone).date()
    window = Window("days", whole.begin.day, min(whole.last, today))
    map_ = mapped(desk, COMBINED, window).map
    colours = desk.rules.risk_map.colours
    band: Message | None = None
    begin, end = whole.span(zone)
    if begin <= now < end:
        with desk.store.read() as tx:
            found = standings(tx, now, (EVERY_FIELD,))[EVERY_FIELD]
        if found.so_far is not None:
            band = msg(
                "report.band",
                count=found.today,
                low=found.so_far.low,
                high=found.so_far.high,
                days=found.days,
                at=moment(now, zone),
            )
    return Outlook(
        band,
        {
            tile.place.town: msg(
                "report.colour",
                name=colours[tile.now.level].label,
                means=colours[tile.now.level].means,
            )
            for tile in map_.tiles
            if map_.total
        },
    )


CURRENT = 12 * HOUR
"""How long after its end (ms) a report still says how links and orders stand."""


def read(desk: Desk, whole: Period, center: str, outlook: Outlook) -> Reported:
    """Everything that the report of a period is made from. Arguments as of `report`."""
    views = linked(desk)
    with desk.reading() as work:
        tx, zone, rules = work.tx, desk.store.zone, desk.rules
        period = whole.until(work.at, zone)
        start, end = period.span(zone)
        # How links and orders stand now says nothing of a period that is long over.
        views = views if work.at - end < CURRENT else []
        fresh = rollups.Fresh()
        known = reported.begins(tx)
        usual = [one.span(zone) for one in period.like_it()]
        special = reported.supervised(tx, start, end)
        grave = reported.important(tx, start, end, rules.reports, special)
        waiting = reported.still_open(tx, end, work.at, rules.reports.most_open)
        return Reported(
            district=desk.store.district,
            center=center,
            zone=zone,
            made=work.at,
            whole=whole,
            period=period,
            duty=reported.on_duty(tx, start, end),
            counted=reported.counted(tx, start, end, fresh),
            last_year=reported.counted(tx, *period.year_before().span(zone), fresh),
            before=reported.counted(tx, *period.before().span(zone), fresh),
            usual=tuple(
                reported.counted(tx, *span, fresh)
                for span in usual
                if known is not None and span[0] >= known
            ),
            states=reported.states(tx, start, end),
            trend=_trend(tx, whole, period, fresh),
            important=tuple(important_of(work, one, rules.reports, special) for one in grave[1]),
            important_all=grave[0],
            pending=tuple(pending_of(work, one) for one in waiting[2]),
            pending_all=waiting[0],
            overdue=waiting[1],
            down=tuple(
                LinkDown(system_called(one.system), one.said(), one.now.since)
                for one in views
                if one.now.state == links.FAULT
            ),
            owed=tuple(
                Owed(system_called(one.system), one.waiting, one.unknown)
                for one in views
                if one.waiting or one.unknown
            ),
            tray=sum(one.tray for one in views),
            standards=rules.standards,
            rules=rules.reports,
            names=Names(
                rules.categories,
                {code: one.name for code, one in rules.gazetteer.towns.items()},
                {
                    code: Label(one.name, one.pinyin.replace(" ", "").capitalize())
                    for code, one in rules.gazetteer.towns.items()
                },
                {code: one.kind for code, one in rules.gazetteer.towns.items()},
            ),
            outlook=outlook,
            apart=_apart(desk, tx, start, end),
            records=known,
        )


ARRIVAL = "dispatch_to_on_scene"
"""The interval that is told apart by town and country, whether a standard asks for it or not."""


def _apart(
    desk: Desk, tx: Tx, start: Instant, end: Instant
) -> dict[tuple[str, str, str, bool], Histogram]:
    """The intervals that are told apart by town and country, and by urgency."""
    towns = desk.rules.gazetteer.towns.values()
    areas = {
        area: [town.code for town in towns if town.kind == kind] for area, kind in AREAS.items()
    }
    wanted = {one.interval for one in desk.rules.standards if one.apart} | {ARRIVAL}
    return {
        (of, interval.name, area, urgent): found
        for interval in INTERVALS
        if interval.name in wanted
        for (of, area, urgent), found in reported.by_area(tx, start, end, interval, areas).items()
    }


def _trend(tx: Tx, whole: Period, period: Period, fresh: rollups.Fresh) -> Trend:
    """Counts over time up to the period: by days, weeks, or the months of the year."""
    if whole.kind == "month":
        return _months(tx, whole.begin.day, fresh)
    if whole.kind == "week":
        mondays = [whole.begin.day - timedelta(days=7 * n) for n in range(TREND_WEEKS)][::-1]
        days = _by_day(tx, mondays[0], period.last, fresh)
        return Trend(
            tuple(day_label(day) for day in mondays),
            tuple(
                sum(days.get(number_of(monday + timedelta(days=n)), 0) for n in range(7))
                for monday in mondays
            ),
        )
    first = period.last - timedelta(days=TREND_DAYS - 1)
    days = _by_day(tx, first, period.last, fresh)
    shown = [first + timedelta(days=n) for n in range(TREND_DAYS)]
    return Trend(
        tuple(day_label(day) for day in shown),
        tuple(days.get(number_of(day), 0) for day in shown),
    )


def _by_day(tx: Tx, first: date, last: date, fresh: rollups.Fresh) -> dict[int, int]:
    found = rollups.series(tx, first, last, EVERY_FIELD, "day", fresh)
    return {day: cell[0] for day, cell in found.items()}


def _months(tx: Tx, month: date, fresh: rollups.Fresh) -> Trend:
    first = date(month.year - 1, 1, 1)
    found = rollups.series(tx, first, date(month.year, 12, 31), EVERY_FIELD, "month", fresh)
    counts = {at: cell[0] for at, cell in found.items()}
    return Trend(
        tuple(month_label(n) for n in range(1, 13)),
        tuple(
            counts.get(month.year * 100 + n, 0) if n <= month.month else None for n in range(1, 13)
        ),
        tuple(counts.get((month.year - 1) * 100 + n, 0) for n in range(1, 13)),
    )
