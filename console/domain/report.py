"""The written report: from figures and incidents to a document, by rule.

The form is that in which a Chinese duty room hands in its report (值班日报, 周报, 月报,
交接班报告): title, center, period, who was on duty, then six parts. What is open and handed
over comes first, then what happened: a leader reads the first half page.
"""

from __future__ import annotations

from console.domain.clock import to_datetime
from console.domain.document import Document
from console.domain.message import Arg, Message, msg
from console.domain.report_cases import important
from console.domain.report_figures import by_field, overall
from console.domain.report_open import pending
from console.domain.report_outlook import hints, outlook
from console.domain.report_words import NONE, day_name, edge, moment, zone_name
from console.domain.reported import Reported


def compose(given: Reported) -> Document:
    """The document of a report.

    Args:
        given: everything that it is written from, as of one moment.
    """
    return Document(
        name=_name(given),
        title=_title(given),
        facts=_facts(given),
        sections=(
            pending(given),
            overall(given),
            important(given),
            by_field(given),
            outlook(given),
            hints(given),
        ),
        notes=(
            msg("report.note_counting", zone=zone_name(given.zone)),
            msg("report.note_compared"),
            *_records(given),
            msg("report.note_masked"),
        ),
        signatures=(
            msg("report.sign_officer"),
            msg("report.sign_relief"),
            msg("report.sign_leader"),
        ),
    )


def _records(given: Reported) -> tuple[Message, ...]:
    """Since when there are records, where that matters."""
    if given.records is None or (given.last_year_whole and given.before_whole):
        return ()
    day = to_datetime(given.records, given.zone).date()
    return (msg("report.note_records", day=day_name(day)),)


def _name(given: Reported) -> str:
    day = given.whole.begin.day.strftime("%Y%m%d")
    shift = f"-{given.whole.shift.id}" if given.whole.shift is not None else ""
    return f"{given.district}-{given.whole.kind}-{day}{shift}"


def _title(given: Reported) -> Message:
    match given.whole.kind:
        case "shift":
            return msg("report.title_shift", center=given.center)
        case "day":
            return msg("report.title_day", center=given.center)
        case "week":
            return msg("report.title_week", center=given.center)
        case "month":
            return msg("report.title_month", center=given.center)


def _facts(given: Reported) -> tuple[tuple[Message, Arg], ...]:
    begin, end = given.whole.span(given.zone)
    running = begin <= given.made < end
    span: dict[str, Arg] = {
        "begin": edge(given.whole.begin),
        "end": edge(given.whole.end, given.year),
    }
    facts: list[tuple[Message, Arg]] = [
        (msg("report.fact_center"), msg("report.center", center=given.center)),
        (
            msg("report.fact_period"),
            msg("report.period", **span)
            if given.whole.shift is None
            else msg("report.period_shift", shift=given.whole.shift.label, **span),
        ),
    ]
    made = moment(given.made, given.zone, given.year)
    if running:
        facts.append((msg("report.fact_until"), msg("report.running", at=made)))
    facts += [(msg("report.fact_duty"), _duty(given)), (msg("report.fact_made"), made)]
    return tuple(facts)


def _duty(given: Reported) -> Arg:
    if not given.duty:
        return msg("report.nobody")
    return tuple(
        msg("report.on_duty", seat=one.seat, officers=one.officers or NONE, count=one.deeds)
        for one in given.duty
    )
