"""The first part of a report: what is open and what is handed over (未办结和移交事项).

Whoever leads the house reads the first half page: how much is open and late, what the period
came to in one sentence, each open incident with its next step, and what else waits for the
next shift.
"""

from __future__ import annotations

from console.domain.document import Block, Paragraph, Section, Table
from console.domain.lifecycle import State, state_label
from console.domain.message import Arg, Message, msg
from console.domain.report_words import (
    NONE,
    category_name,
    late_by,
    moment,
    nearby,
    number,
    place_name,
)
from console.domain.reported import Pending, Reported
from console.domain.rollup import EVERY_FIELD


def pending(given: Reported) -> Section:
    """The first part; of what is open the late ones come first."""
    blocks: list[Block] = [
        Paragraph(_open(given), "warn" if given.overdue else "plain"),
        Paragraph(_came_to(given)),
    ]
    if given.pending:
        head = (
            msg("report.col_number"),
            msg("report.col_received"),
            msg("report.col_category"),
            msg("report.col_place"),
            msg("report.col_state"),
            msg("report.col_seat"),
            msg("report.col_step"),
            msg("report.col_due"),
        )
        rows = tuple(_row(given, one) for one in given.pending)
        blocks.append(Table(head, rows, title=msg("report.table_open")))
    if (more := given.pending_all - len(given.pending)) > 0:
        blocks.append(Paragraph(msg("report.more_pending", count=number(more)), "note"))
    blocks += [Paragraph(one, "warn") for one in (*_work(given), *_links(given), *_orders(given))]
    return Section(msg("report.part_pending"), tuple(blocks))


def _open(given: Reported) -> Message:
    at = moment(given.made, given.zone, given.year)
    if not given.pending_all:
        return msg("report.nothing_pending", at=at)
    said = msg("report.pending", count=given.pending_all, overdue=given.overdue, at=at)
    earlier = given.pending_all - given.open_now
    if earlier > 0:
        return msg("report.pending_earlier", said=said, now=given.open_now, earlier=earlier)
    return msg("report.pending_own", said=said)


def _came_to(given: Reported) -> Message:
    sums = given.counted.sums(EVERY_FIELD)
    return msg(
        "report.came_to",
        count=given.counted.count(EVERY_FIELD, "all"),
        closed=given.states.get(State.CLOSED, 0),
        important=given.important_all,
        deaths=sums.deaths,
        injured=sums.injured,
    )


def _row(given: Reported, one: Pending) -> tuple[Arg, ...]:
    due: Arg = None
    if one.due is not None and one.due < given.made:
        due = msg("report.late", late=late_by(given.made - one.due))
    elif one.due is not None:
        due = nearby(one.due, given.zone, given.made)
    return (
        one.number,
        nearby(one.received, given.zone, given.made),
        category_name(given.names, one.category),
        place_name(given.names, one.town, one.place),
        state_label(one.state),
        one.seat or None,
        one.step,
        due,
    )


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
            since=moment(one.since, given.zone, given.year) if one.since else NONE,
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
