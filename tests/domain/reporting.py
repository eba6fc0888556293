"""What a report is written from, out of nothing: for what is composed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from console.domain.clock import HOUR, from_datetime
from console.domain.lifecycle import State
from console.domain.message import Label, Message, msg
from console.domain.periods import period_of
from console.domain.reported import (
    Deed,
    Important,
    LinkDown,
    Names,
    OnDuty,
    Owed,
    Pending,
    Reported,
    Trend,
)
from console.domain.rollup import Counted, Moments, Tallied, number_of, tally
from tests.domain.shipped import rules

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2022, 3, 21)

_NUMBERS = {"hour", "alarm_level", "casualties", "deaths", "injured"}


def at(hour: int, minute: int = 0, day: date = DAY) -> int:
    """A moment of the day, ms UTC."""
    return from_datetime(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE))


def one(**values: str | int) -> Counted:
    """An incident as a rollup sees it."""
    nothing = {
        name: 0 if name in _NUMBERS or name.startswith("amount") else "" for name in Counted._fields
    }
    return Counted(**{**nothing, "field": "other", "category": "request", **values})  # type: ignore[arg-type]


def moments(field: str, sent: int, there: int) -> Moments:
    """A unit that was sent and arrived, seconds after the report."""
    nothing = dict.fromkeys(Moments._fields)
    known = {
        "field": field,
        "received": at(8),
        "dispatched": at(8) + 1_000 * sent,
        "enroute": at(8) + 1_000 * sent,
        "on_scene": at(8) + 1_000 * there,
    }
    return Moments(**{**nothing, **known})  # type: ignore[arg-type]


def tallied(
    incidents: Sequence[Counted], units: Sequence[Moments] = (), day: date = DAY
) -> Tallied:
    """Some incidents of a day, counted."""
    return tally(number_of(day), incidents, units)


NOTHING = Tallied()


def reported(
    counted: Tallied = NOTHING,
    *,
    last_year: Tallied = NOTHING,
    before: Tallied = NOTHING,
    usual: tuple[Tallied, ...] = (),
) -> Reported:
    """A day's report with nothing open and nothing wrong."""
    period = period_of("day", DAY)
    known = rules()
    return Reported(
        district="XS",
        center="萧山",
        zone=ZONE,
        made=at(0, day=date(2022, 3, 22)) + HOUR,
        whole=period,
        period=period,
        duty=(OnDuty("一席", ("李某",), 12),),
        counted=counted,
        last_year=last_year,
        before=before,
        usual=usual,
        states={State.CLOSED: counted.count("all", "all")},
        trend=Trend(("03-20", "03-21"), (0, counted.count("all", "all"))),
        important=(),
        important_all=0,
        pending=(),
        pending_all=0,
        overdue=0,
        down=(),
        owed=(),
        tray=0,
        standards=known.standards,
        rules=known.reports,
        names=Names(
            known.categories,
            {code: town.name for code, town in known.gazetteer.towns.items()},
            kinds={code: town.kind for code, town in known.gazetteer.towns.items()},
        ),
        records=at(0, day=date(2015, 1, 1)),
    )


def important(text: str = "三楼有人被困", place: str = "金城路88号") -> Important:
    """A fire that stands out."""
    return Important(
        number="XS-20220321-0042",
        received=at(20, 41),
        category="fire.structure",
        priority=1,
        state=State.ACTIVE,
        town="beigan",
        place=place,
        text=text,
        why=(msg("report.why_priority"),),
        units=("E301", "E302"),
        arrived=at(20, 48),
        deeds=(Deed(at(20, 42), msg("timeline.accept")),),
        result="",
        injured=1,
    )


def pending(number: str = "XS-20220321-0007", late: bool = True) -> Pending:
    """An incident that is open."""
    return Pending(
        number=number,
        received=at(19),
        category="order.noise",
        priority=3,
        state=State.ACCEPTED,
        town="xintang",
        place="育才东路88号",
        seat="一席",
        step=Label("派警", "Dispatch"),
        due=at(20) if late else at(23, day=date(2022, 3, 25)),
    )


def busy(text: str = "三楼有人被困") -> Reported:
    """A day with something in every part."""
    today = tallied(
        [
            one(
                field="fire",
                category="fire.structure",
                town="beigan",
                hour=20,
                alarm_level=3,
                injured=1,
            ),
            *(one(field="traffic", category="traffic.injury", town="330109013") for _ in range(9)),
            one(
                field="fraud",
                category="fraud.warning",
                town="xintang",
                hour=19,
                fraud_class="刷单返利",
                amount_saved=400_000,
                amount_at_risk=400_000,
            ),
        ],
        [moments("fire", 160, 400)] * 12,
    )
    earlier = tallied([one(field="traffic", category="traffic.injury", town="330109013")] * 6)
    given = reported(today, before=earlier, usual=(earlier, NOTHING))
    return replace(
        given,
        important=(important(text),),
        important_all=1,
        pending=(pending(), pending("XS-20220321-0008", late=False)),
        pending_all=2,
        overdue=1,
        down=(LinkDown(Message("source.hazards"), msg("link.fault.busy", detail=""), at(21)),),
        owed=(Owed("platform9", 3, 1),),
        tray=2,
    )
