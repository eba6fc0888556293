"""What a report tells one by one: important incidents, and what is not done (重点警情, 未办结)."""

from __future__ import annotations

from console.domain.document import Block, Case, Paragraph, Section, Table
from console.domain.lifecycle import state_label
from console.domain.message import Arg, msg
from console.domain.priority import priority_of
from console.domain.report_words import category_name, clock, late_by, moment, number, place_name
from console.domain.reported import Important, Pending, Reported


def important(given: Reported) -> Section:
    """The third part."""
    title = msg("report.part_important")
    if not given.important:
        return Section(title, (Paragraph(msg("report.nothing_important")),))
    blocks: list[Block] = [
        Paragraph(
            msg(
                "report.important",
                count=given.important_all,
                amount=given.rules.amount,
                level=given.rules.alarm_level,
            ),
            "note",
        )
    ]
    blocks += [_case(given, n, one) for n, one in enumerate(given.important, 1)]
    if (more := given.important_all - len(given.important)) > 0:
        blocks.append(Paragraph(msg("report.more_important", count=more), "note"))
    return Section(title, tuple(blocks))


def _case(given: Reported, n: int, one: Important) -> Case:
    head = msg(
        "report.case",
        at=n,
        number=one.number,
        level=priority_of(one.priority).label,
        category=category_name(given.names, one.category),
    )
    return Case(
        head,
        (
            (msg("report.case_when"), (moment(one.received, given.zone),)),
            (msg("report.case_where"), (place_name(given.names, one.town, one.place),)),
            (msg("report.case_why"), (one.why,)),
            (msg("report.case_what"), (one.text or msg("report.no_words"),)),
            (msg("report.case_done"), _done(given, one)),
            (msg("report.case_result"), (_result(one),)),
        ),
    )


def _done(given: Reported, one: Important) -> tuple[Arg, ...]:
    said: list[Arg] = []
    if one.units and one.arrived is not None:
        said.append(
            msg(
                "report.units_arrived",
                count=len(one.units),
                units=one.units,
                at=clock(one.arrived, given.zone),
            )
        )
    elif one.units:
        said.append(msg("report.units_sent", count=len(one.units), units=one.units))
    said += [
        msg("report.deed", at=clock(deed.at, given.zone), told=deed.told) for deed in one.deeds
    ]
    return tuple(said) or (msg("report.nothing_done"),)


def _result(one: Important) -> Arg:
    said: list[Arg] = [state_label(one.state)]
    if one.result:
        said.append(one.result)
    if one.deaths or one.injured:
        said.append(msg("report.persons", deaths=one.deaths, injured=one.injured))
    if one.amount_lost or one.amount_saved:
        said.append(msg("report.money", lost=one.amount_lost, saved=one.amount_saved))
    return tuple(said)


def pending(given: Reported) -> Section:
    """The fourth part: what is open when the report is made, what is late first."""
    title = msg("report.part_pending")
    if not given.pending_all:
        return Section(title, (Paragraph(msg("report.nothing_pending")),))
    blocks: list[Block] = [
        Paragraph(
            msg(
                "report.pending",
                count=given.pending_all,
                overdue=given.overdue,
                at=moment(given.made, given.zone),
            ),
            "warn" if given.overdue else "plain",
        )
    ]
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
    blocks.append(Table(head, tuple(_row(given, one) for one in given.pending)))
    if (more := given.pending_all - len(given.pending)) > 0:
        blocks.append(Paragraph(msg("report.more_pending", count=number(more)), "note"))
    return Section(title, tuple(blocks))


def _row(given: Reported, one: Pending) -> tuple[Arg, ...]:
    due: Arg = None
    if one.due is not None and one.due < given.made:
        due = msg("report.late", late=late_by(given.made - one.due))
    elif one.due is not None:
        due = moment(one.due, given.zone)
    return (
        one.number,
        moment(one.received, given.zone),
        category_name(given.names, one.category),
        place_name(given.names, one.town, one.place),
        state_label(one.state),
        one.seat or None,
        one.step,
        due,
    )
