"""Pictures on demand: asked of the system that named them, shown, and not kept.

What stays in the store is the name. A picture can show people and homes; it is looked at
and forgotten, and whoever needs it again asks again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from adapters.port import Adapter, LinkError, Photo
from console.desk.desk import Desk
from console.domain.message import Message, Problem, msg
from console.domain.telling import system_called
from console.store import incidents, photos
from console.store.photos import NamedPhoto

Reach = Callable[[str], Adapter | None]
"""Makes a new adapter of a system; None when it is not linked from here."""

WAIT_S = 20.0
"""Seconds after which a picture is given up."""


def named(desk: Desk, incident: int) -> tuple[str, tuple[NamedPhoto, ...]]:
    """The incident's short number, and what pictures it and those merged into it have.

    Raises:
        Problem: there is no such incident.
    """
    from console.desk.act.merging import children

    with desk.reading() as work:
        one = incidents.need(work.tx, incident)
        family = [incident, *(child.id for child in children(work, incident))]
        return one.short, tuple(photos.of_incidents(work.tx, family))


def fetched(reach: Reach | None, wanted: NamedPhoto) -> Photo:
    """Get a picture; for a thread of its own.

    Raises:
        Problem: the system is not linked from here, does not give it, or gives no picture.
    """
    system = system_called(wanted.source)
    adapter = reach(wanted.source) if reach is not None else None
    if adapter is None:
        raise Problem(msg("photo.not_linked", system=system))

    async def get() -> Photo:
        try:
            async with asyncio.timeout(WAIT_S):
                return await adapter.fetch(wanted.name)
        finally:
            await adapter.close()

    try:
        found = asyncio.run(get())
        from adapters.contract import checked_photo

        return checked_photo(found.data, found.type)
    except TimeoutError as error:
        raise Problem(msg("photo.slow", system=system)) from error
    except LinkError as error:
        raise Problem(_said(error, system)) from error


def _said(error: LinkError, system: Message | str) -> Message:
    if error.kind == "too_large":
        return msg("photo.too_large", system=system)
    if error.kind == "unreadable":
        return msg("photo.no_picture", system=system)
    what = Message(f"link.fault.{error.kind}", {"detail": error.detail})
    return msg("photo.fault", system=system, what=what)
