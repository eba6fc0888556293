"""A system that speaks Open311 with us, as an adapter: feed, orders, look-up, pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from adapters.contract import checked_photo
from adapters.http import Answer, Client, header_key
from adapters.open311 import model, moments, wire
from adapters.open311.meaning import (
    Profile,
    event_form,
    report_of,
    report_of_update,
    request_form,
)
from adapters.open311.model import ServiceRequest
from adapters.open311.place import STARTED, UPDATED, Place, mark_of, mark_of_raw, place_of
from adapters.open311.wire import WireError
from adapters.port import LinkError, Order, Page, Photo, Receipt, Report, Unread

PAGE_SIZE = 100
"""Requests of a page that are asked for; a server may give others."""

CURSOR, MORE = "x-next-cursor", "x-more"
LONGEST_CURSOR = 1_000
"""Characters of a place that a server hands out."""

FORM = "application/x-www-form-urlencoded"

_AHEAD = 60 * 60_000
"""How far a server's clock may run ahead of ours, in ms."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A page that was read: what is new on it, and the place behind it."""

    reports: tuple[Report, ...]
    unread: tuple[Unread, ...]
    place: Place
    more: bool


class Open311Adapter:
    """One system.

    Args:
        profile: which one.
        client: the way there; its endpoint says whether JSON or XML is spoken.
        now: the present, in seconds since the epoch.
    """

    feeds = True
    keyed = True

    def __init__(
        self, profile: Profile, client: Client, now: Callable[[], float] = time.time
    ) -> None:
        self.profile = profile
        self.system = profile.system
        self.form = client.endpoint.format
        self._client = client
        self._now = now

    async def feed(self, cursor: str) -> Page:
        """A page of requests, and behind them a page of what has happened to them.

        Updates are asked for first and handed on last: whatever they are about is then in
        the requests before them.
        """
        place = place_of(cursor)
        happened: _Read | None = None
        fault: LinkError | None = None
        if place.cursor is not None and not place.behind:
            try:
                happened = await self._updates(place)
            except LinkError as error:
                fault = error
        # Without them no update is handed on: it may be about one of them.
        read = await self._requests(place)
        if happened is None or read.place.behind:
            return Page(read.reports, read.place.text(), read.more, read.unread, fault)
        return Page(
            (*read.reports, *happened.reports),
            replace(read.place, updates=happened.place.updates).text(),
            read.more or happened.more,
            (*read.unread, *happened.unread),
        )

    async def _requests(self, place: Place) -> _Read:
        since = place.since
        query = {
            "cursor": place.cursor or "",
            "page": str(place.page),
            "page_size": str(PAGE_SIZE),
        }
        if since is not None and place.cursor is None:
            query[place.by] = moments.write(since)
        answer = await self._client.get(f"requests.{self.form}", wire.FORMATS[self.form], **query)
        found = self._things(answer)
        marks: list[str] = []
        good: list[ServiceRequest] = []
        read: dict[str, Report | Unread] = {}
        for thing in found:
            try:
                one = model.request(wire.node_of(thing))
            except WireError as error:
                raw = wire.raw_of(thing)
                marks.append(mark_of_raw(raw))
                read[marks[-1]] = Unread(raw, str(error)[:200])
            else:
                good.append(one)
                marks.append(mark_of(one))
                read[marks[-1]] = report_of(self.profile, self._base, one)
        if CURSOR in answer.headers:
            behind = answer.headers[CURSOR]
            more = answer.headers.get(MORE) == "true" and bool(found) and behind != place.cursor
            # What has happened is asked for as soon as there is nothing before it.
            again = more or place.behind or place.cursor is None
            here = replace(place, cursor=behind, behind=more)
            return _Read(*_parted([read[mark] for mark in dict.fromkeys(marks)]), here, again)
        if place.by == UPDATED and not place.heeded(good):
            place = replace(place, by=STARTED)
        fresh = place.unseen(marks)
        now = int(self._now() * 1_000) + _AHEAD
        here = place.read(marks, [place.time_of(one) for one in good], PAGE_SIZE, now)
        here = replace(here, cursor=None, behind=False)
        new = [read[mark] for mark in dict.fromkeys(marks) if mark in fresh]
        return _Read(*_parted(new), here, not here.at_end)

    async def _updates(self, place: Place) -> _Read:
        answer = await self._client.get(
            f"updates.{self.form}",
            wire.FORMATS[self.form],
            cursor=place.updates,
            page_size=str(PAGE_SIZE),
        )
        read: list[Report | Unread] = []
        for thing in (found := self._things(answer)):
            try:
                one = model.update(wire.node_of(thing))
            except WireError as error:
                read.append(Unread(wire.raw_of(thing), str(error)[:200]))
            else:
                read.append(report_of_update(self.profile, self._base, one))
        behind = answer.headers.get(CURSOR, place.updates)
        more = answer.headers.get(MORE) == "true" and bool(found) and behind != place.updates
        return _Read(*_parted(read), replace(place, updates=behind), more)

    def _things(self, answer: Answer) -> list[object]:
        if answer.status != 200:
            raise LinkError("missing" if answer.status == 404 else "schema", str(answer.status))
        if answer.type not in wire.MEDIA[self.form]:
            raise LinkError("unreadable", f"{answer.type[:60]}, {len(answer.body)} B")
        if len(answer.headers.get(CURSOR, "")) > LONGEST_CURSOR:
            raise LinkError("schema", f"{CURSOR}: {len(answer.headers[CURSOR])} characters")
        try:
            return wire.things(answer.body, self.form)
        except WireError as error:
            kind = "schema" if str(error) == "no list" else "unreadable"
            raise LinkError(kind, f"{error}, {len(answer.body)} B") from error

    async def send(self, order: Order) -> Receipt:
        """Tell of an event, or hand a matter over; the same key twice does it once."""
        if order.action not in self.profile.actions:
            return Receipt(order.key, "refused", order.action)
        theirs = str(order.body.get("their_id") or "")
        if order.action == "transfer" and not theirs:
            path, form = "requests", request_form(self.profile, order)
        else:
            path, form = f"requests/{quote(theirs or order.incident, safe='')}/events", {}
            form = event_form(order)
        answer = await self._client.post(
            f"{path}.{self.form}",
            urlencode(form).encode(),
            key=order.key,
            media=FORM,
            accept=wire.FORMATS[self.form],
        )
        return self._receipt(order, answer)

    async def ask(self, order: Order) -> Receipt | None:
        """What became of an order; None when the system has never seen it."""
        key = quote(header_key(order.key), safe="")
        answer = await self._client.get(f"events/{key}.{self.form}", wire.FORMATS[self.form])
        return None if answer.status == 404 else self._receipt(order, answer)

    def _receipt(self, order: Order, answer: Answer) -> Receipt:
        if answer.status in (400, 404, 409, 422):
            return Receipt(order.key, "refused", self._words(answer))
        if answer.status not in (200, 201, 202):
            raise LinkError("schema", str(answer.status))
        found = self._things(replace(answer, status=200))
        try:
            said = model.answer(wire.node_of(found[0] if found else {}))
        except WireError as error:
            raise LinkError("schema", str(error)) from error
        return Receipt(order.key, said.state, said.words or said.notice, said.reference)

    def _words(self, answer: Answer) -> str:
        """What a refusal says: the standard's list of errors, where it can be read."""
        try:
            first = wire.node_of(wire.things(answer.body, self.form)[0])
            words = wire.text(first, "description")
        except (WireError, IndexError):
            return str(answer.status)
        return f"{answer.status}: {words}"[:400] if words else str(answer.status)

    async def fetch(self, photo: str) -> Photo:
        """A picture below the system's own place; none from elsewhere is fetched."""
        if ":" in photo.partition("?")[0] or photo.startswith("/") or ".." in photo:
            raise LinkError("unsupported", photo[:80], arrived=False)
        path, _, query = photo.partition("?")
        answer = await self._client.get(path, "image/*", **_pairs(query))
        if answer.status != 200:
            raise LinkError("missing", str(answer.status))
        return checked_photo(answer.body, answer.type)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    @property
    def _base(self) -> str:
        return self._client.endpoint.url


def _parted(read: list[Report | Unread]) -> tuple[tuple[Report, ...], tuple[Unread, ...]]:
    return (
        tuple(one for one in read if isinstance(one, Report)),
        tuple(one for one in read if isinstance(one, Unread)),
    )


def _pairs(query: str) -> Mapping[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(query)[:20])
