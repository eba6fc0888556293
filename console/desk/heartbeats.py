"""Devices that are not heard any more are an alarm of their own; so is that they are back."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.port import Heard, Report
from console.desk import intake
from console.desk.desk import Desk
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.clock import rfc3339
from console.domain.heartbeats import LastHeard, silent
from console.domain.text import clean
from console.store import heartbeats, links

SYSTEM = "terminals"
SHOWN = 20
"""Devices that are named when many are silent at once."""


def hear(work: Work, system: str, beats: Sequence[Heard]) -> None:
    """Write down signs of life of a page; a device that was missed is back."""
    cleaned = [
        Heard(
            clean(one.device, 100).text,
            clean(one.category, 80).text,
            clean(one.place, intake.MAX_LINE).text,
            clean(one.town, 60).text,
        )
        for one in beats
    ]
    for one in heartbeats.hear(work.tx, system, [one for one in cleaned if one.device], work.at):
        intake.take_in(work, _back(one, work.at))


def raise_silent(desk: Desk) -> int:
    """Raise what has fallen silent; returns how many incidents or reports that made."""
    now, rules = desk.clock.now(), desk.rules.systems.heartbeat
    with desk.store.read() as tx:
        link = links.get(tx, SYSTEM)
        listening = link.since if link.state == links.OK and _is_kept_up(link, now) else None
        if (
            listening is None
            or not silent(
                heartbeats.quiet(tx, SYSTEM, now - rules.suspicious_after), listening, now, rules
            ).devices
        ):
            return 0
    with desk.writing(SYSTEM_SEAT) as work:
        known = heartbeats.quiet(work.tx, SYSTEM, work.at - rules.suspicious_after)
        found = silent(known, listening, work.at, rules)
        heartbeats.miss(work.tx, SYSTEM, found.devices)
        reports = [_all_of(found.devices, work.at)] if found.as_one else []
        if not found.as_one:
            reports = [_missed(desk, one, work.at) for one in found.devices]
        intake.take_in_all(work, reports)
    return len(reports)


def _is_kept_up(link: links.LinkNow, now: int) -> bool:
    """Whether somebody has listened until just now."""
    return link.seen is not None and now - link.seen <= links.LOST_TOUCH


def _id(device: str, seen: int) -> str:
    return f"silent:{device}:{seen}"


def _missed(desk: Desk, one: LastHeard, now: int) -> Report:
    return Report(
        source="watch",
        source_id=_id(one.device, one.seen),
        text=one.device,
        occurred=now,
        category="terminal.offline",
        place=one.place,
        town=one.town,
        facts={"terminal": one.device, "last_heard": rfc3339(one.seen, desk.store.zone)},
    )


def _all_of(devices: Sequence[LastHeard], now: int) -> Report:
    """Many at once have one cause: power, a gateway of an estate, the broker behind the link."""
    first = devices[0]
    return Report(
        source="watch",
        source_id=_id(f"{len(devices)}*{first.device}", first.seen),
        text=" ".join(one.device for one in devices[:SHOWN]),
        occurred=now,
        category="terminal.offline",
        priority=2,
        facts={"terminals": str(len(devices))},
    )


def _back(one: LastHeard, now: int) -> Report:
    seen = one.missed if one.missed is not None else one.seen
    return Report(
        source="watch",
        source_id=f"back:{one.device}:{now}",
        text=one.device,
        occurred=now,
        category="terminal.offline",
        refers=_id(one.device, seen),
        event="back",
    )
