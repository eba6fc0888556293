"""The third part of a report: what stands out, told one by one (重点警情)."""

from __future__ import annotations

from console.domain.document import Block, Case, Paragraph, Section
from console.domain.lifecycle import state_label
from console.domain.message import Arg, msg
from console.domain.priority import priority_of
from console.domain.report_words import category_name, moment, nearby, place_name
from console.domain.reported import Important, Reported


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
            (msg("report.case_when"), (moment(one.received, given.zone, given.year),)),
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
                at=nearby(one.arrived, given.zone, one.received, exact=True),
            )
        )
    elif one.units:
        said.append(msg("report.units_sent", count=len(one.units), units=one.units))
    said += [
        msg(
            "report.deed",
            at=nearby(deed.at, given.zone, one.received, exact=True),
            told=deed.told,
        )
        for deed in one.deeds
    ]
    return tuple(said) or (msg("report.nothing_done"),)


def _result(one: Important) -> Arg:
    said: list[Arg] = [state_label(one.state)]
    if one.result:
        said.append(one.result)
    said += [
        message
        for count, message in (
            (one.deaths, msg("report.killed", count=one.deaths)),
            (one.injured, msg("report.hurt", count=one.injured)),
            (one.amount_lost, msg("report.money_lost", amount=one.amount_lost)),
            (one.amount_saved, msg("report.money_saved", amount=one.amount_saved)),
        )
        if count
    ]
    return tuple(said)
