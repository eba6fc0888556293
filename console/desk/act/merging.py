"""Several incidents that are one (并), one that is several (拆), and pairs that are not (不并)."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from console.desk.act import restoring
from console.desk.act.restoring import CHILDREN, PAIRS
from console.desk.verb import Command
from console.desk.work import Work, numbers, steps_before
from console.domain import playbook as pb
from console.domain.entry import Entry
from console.domain.incident import Incident
from console.domain.lifecycle import State, target
from console.domain.message import Message, Problem, msg
from console.store import incidents, journal, units
from console.store.tables import incident as table


def merge(work: Work, command: Command) -> Message:
    """The first incident stays; the others go into it with their reports, units and links."""
    stays, others = _all(work, command)
    if not others:
        raise Problem(msg("merge.needs_two"))
    if stays.state in (State.CLOSED, State.CANCELLED, State.MERGED):
        raise Problem(
            msg(
                "merge.into_over",
                number=stays.short,
                state=Message(f"state.{stays.state.value}"),
            )
        )
    for one in others:
        reason = command.verb.blocked(one)
        if reason is not None:
            raise Problem(reason)
    reports, out = stays.reports, stays.units
    ids = tuple(one.id for one in others)
    for one in others:
        reports += one.reports
        out += one.units
        _into(work, one, stays)
    work.apply(
        work.incident(stays.id),
        replace(work.entry("merge", stays.id), others=ids),
        {
            "reports": reports,
            "units": out,
            "priority": min(one.priority for one in (stays, *others)),
        },
        moves=False,
    )
    return msg("merge.done", number=stays.short, others=numbers(ids))


def _into(work: Work, one: Incident, stays: Incident) -> None:
    """Merge one incident into another; what had been merged into it goes along.

    A merge is flat: who was merged belongs to the one that stays, with the reports of
    its own alone, so that each can be split off again by itself.
    """
    moved = units.move(work.tx, one.id, stays.id)
    gone_along = children(work, one.id)
    for child in gone_along:
        incidents.update(work.tx, child, {"merged_into": stays.id})
    before = {
        **restoring.moved_before(moved),
        **restoring.numbers_before(CHILDREN, [child.id for child in gone_along]),
    }
    if incidents.settle_suggestion(work.tx, stays.id, one.id, "merged"):
        before.update(restoring.numbers_before(PAIRS, [stays.id]))
    work.apply(
        one,
        replace(
            work.entry("merge", one.id),
            others=(stays.id,),
            units=tuple(old.call_sign for old, _ in moved),
            before=tuple(before.items()),
        ),
        {
            "state": target("merge", one.state),
            "merged_into": stays.id,
            "reports": one.reports - sum(child.reports for child in gone_along),
            "units": 0,
        },
    )


def split(work: Work, command: Command) -> Message:
    """Take merged incidents out again; each goes on where it was."""
    first, others = _all(work, command)
    done = []
    for one in (first, *others):
        reason = command.verb.blocked(one)
        if reason is not None:
            raise Problem(reason)
        take_out(work, one)
        done.append(one.short)
    return msg("split.done", numbers=tuple(done))


def take_out(work: Work, one: Incident) -> None:
    """Undo the merge of one incident: state, steps and the units that came with it return."""
    if one.merged_into is None:
        raise Problem(msg("split.not_merged", number=one.short))
    parent = work.incident(one.merged_into)
    before = dict(_merge_of(work, one).before)
    returned = restoring.moves_back(work, before)
    progress = incidents.steps_of(work.tx, one.id)
    again = restoring.steps_back(progress, before)
    incidents.save_steps(work.tx, one.id, progress, again)
    kept = {**steps_before(progress, again), **restoring.moved_before(returned)}
    work.apply(
        one,
        replace(
            work.entry("split", one.id),
            others=(parent.id,),
            units=tuple(back.call_sign for _, back in returned),
            before=tuple(kept.items()),
        ),
        {
            "state": State(str(before["state"])),
            "merged_into": None,
            "units": len(returned),
            "due": pb.due(again),
        },
        moves=False,
    )
    parent = work.incident(parent.id)
    work.apply(
        parent,
        replace(work.entry("split", parent.id), others=(one.id,)),
        {"reports": parent.reports - one.reports, "units": parent.units - len(returned)},
        moves=False,
    )


def _merge_of(work: Work, one: Incident) -> Entry:
    """The entry with which a merged incident was merged."""
    for entry in reversed(journal.timeline(work.tx, [one.id])):
        if entry.verb == "merge" and entry.to == State.MERGED.value:
            return entry
    raise Problem(msg("split.not_merged", number=one.short))


def apart(work: Work, command: Command) -> Message:
    """Two incidents look alike and are not one: never suggest it again."""
    first, others = _all(work, command)
    if not others:
        raise Problem(msg("merge.needs_two"))
    ids = tuple(
        one.id
        for one in others
        if incidents.settle_suggestion(work.tx, first.id, one.id, "refused")
    )
    if not ids:
        raise Problem(msg("apart.not_suggested", number=first.short))
    before = restoring.numbers_before(PAIRS, ids)
    work.apply(
        first,
        replace(work.entry("apart", first.id), others=ids, before=tuple(before.items())),
        moves=False,
    )
    return msg("apart.done", number=first.short, others=numbers(ids))


def _all(work: Work, command: Command) -> tuple[Incident, list[Incident]]:
    """The incidents named, the first one apart; each once."""
    if command.incident is None:
        raise Problem(msg("incident.none_selected"))
    ids = [i for i in dict.fromkeys(command.others) if i != command.incident]
    return work.incident(command.incident), [work.incident(i) for i in ids]


def children(work: Work, id_: int) -> list[Incident]:
    """The incidents that were merged into `id_`."""
    ids = work.tx.conn.execute(
        sa.select(table.c.id).where(
            table.c.district == work.tx.district, table.c.merged_into == id_
        )
    ).scalars()
    return incidents.many(work.tx, [int(i) for i in ids])
