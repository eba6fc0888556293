"""The center's own read-only endpoint of Open311 GeoReport v2: what anybody may see.

Shown are residents' requests, city cases and public hazards, and nothing else: no calls
for the police, the fire brigade or a doctor, no fraud, no wages. 举报 (a report against
somebody) is left out, and so is whatever a source marked as secret. Of each: its number,
kind, state, the responsible office, times, the road or estate, and a position rounded to
a hundredth of a degree (about a kilometre). Never words of a caller, names, phones, house
numbers, units, amounts or facts (`console.store.public` does not even read them).

Lists are bounded: ninety days, `MOST` requests a page, the first `DEEPEST` of what was
found, `AT_ONCE` questions at a time. The store is read in worker threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.open311 import documents, model, query, wire
from adapters.open311.documents import Service
from adapters.open311.model import CLOSED, OPEN, ServiceRequest
from adapters.open311.query import Query, QueryError
from console.desk.desk import Desk
from console.domain import publicity
from console.domain.categories import within
from console.domain.clock import DAY, Instant, to_datetime
from console.domain.incident import full_number, id_of
from console.domain.lifecycle import OPEN as OPEN_STATES
from console.domain.lifecycle import State, state_label
from console.domain.message import Message, msg
from console.i18n import DEFAULT, Translator, normalize
from console.store import public
from console.store.engine import StoreProblem
from console.store.public import PublicIncident, Wanted

SHOWN = ("request", "city", "hazard.public")
"""Categories that anybody may see, with everything below them."""

HIDDEN = ("request.report", "request.group")
"""Categories below these that nobody may: reports against somebody, and chats."""

USUAL, MOST = 50, 100
"""Requests of a page: as many as nobody asks for, and the most."""

DEEPEST = 10_000
"""Requests of one list, over all its pages."""

LONGEST_SPAN = 90 * DAY
"""Of a list, as the standard has it."""

AT_ONCE = 4
"""Questions that the store is asked at the same time."""

PUBLISHED: Instant = 1_795_478_400_000
"""When this interface last changed: 24 November 2026."""

_STATES = {
    OPEN: tuple(sorted(OPEN_STATES)),
    CLOSED: (State.CLOSED, State.CANCELLED),
}


class _RefusalError(Exception):
    """A question that is answered with a sentence."""

    def __init__(self, status: int, message: Message) -> None:
        super().__init__(message.id)
        self.status = status
        self.message = message


class Open311:
    """The resources of the endpoint.

    Args:
        desk: whose store, rules and clock; nothing is ever written.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._said = {lang: Translator(lang) for lang in ("zh", "en")}

    async def discovery(self, request: Request) -> Response:
        """Where the endpoint is, and what it speaks."""
        form, words = _form(request), self._words(request)
        base = f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}/"
        contact = words.t(msg("open311.contact", district=self._desk.store.district))
        key = words.t(msg("open311.no_key"))
        return _answer(form, documents.discovery(form, base, contact, key, PUBLISHED))

    async def services(self, request: Request) -> Response:
        """What kinds of requests are shown."""
        form = _form(request)
        return _answer(form, documents.services(form, self._services(self._words(request))))

    async def definition(self, request: Request) -> Response:
        """One kind."""
        form, code = _form(request), request.path_params["code"]
        if not self._is_shown(code):
            raise _RefusalError(404, msg("open311.no_service"))
        return _answer(form, documents.definition(form, code))

    async def requests(self, request: Request) -> Response:
        """A list, the newest first."""
        form = _form(request)
        try:
            asked = query.read(request.query_params, USUAL, MOST)
        except QueryError as error:
            raise _RefusalError(400, msg("open311.unreadable", name=error.name)) from error
        first = (asked.page - 1) * asked.page_size
        if first + asked.page_size > DEEPEST:
            raise _RefusalError(404, msg("open311.too_deep", n=DEEPEST))
        wanted = self._wanted(asked)
        found = await self._find(wanted, asked.page_size, first) if wanted is not None else []
        return self._listed(request, form, found)

    async def one(self, request: Request) -> Response:
        """One request by its number."""
        form = _form(request)
        asked = Query(ids=(request.path_params["id"],))
        wanted = self._wanted(asked)
        found = await self._find(wanted, 1) if wanted is not None else []
        if not found:
            raise _RefusalError(404, msg("open311.no_request"))
        return self._listed(request, form, found)

    async def refused(self, request: Request, error: Exception) -> Response:
        """The standard's document of errors."""
        form = request.url.path.rpartition(".")[2]
        form = form if form in wire.FORMATS else "xml"
        headers = {}
        if isinstance(error, _RefusalError):
            status, message = error.status, error.message
        elif isinstance(error, StoreProblem):
            status, message, headers = 503, error.message, {"Retry-After": "5"}
        else:
            assert isinstance(error, HTTPException)
            status, headers = error.status_code, dict(error.headers or {})
            message = msg("open311.read_only" if status == 405 else "open311.no_resource")
        words = self._words(request).t(message)
        return _answer(form, documents.errors(form, status, words), status, headers)

    # --- what is shown ---------------------------------------------------------------

    def _is_shown(self, code: str) -> bool:
        return (
            code in self._desk.rules.categories
            and any(within(code, shown) for shown in SHOWN)
            and not any(within(code, hidden) for hidden in HIDDEN)
        )

    def _services(self, words: Translator) -> list[Service]:
        categories = self._desk.rules.categories
        return [
            Service(
                one.code,
                words.t(one.label),
                group=words.t(categories.get(one.code.partition(".")[0]).label),
                keywords=one.aliases,
            )
            for one in categories
            if self._is_shown(one.code)
        ]

    def _wanted(self, asked: Query) -> Wanted | None:
        """A question to the store; None when nothing can be found.

        Raises:
            _RefusalError: the span is longer than the standard has it.
        """
        states = tuple(state for status in sorted(asked.statuses) for state in _STATES[status])
        now = self._desk.clock.now()
        if asked.ids:
            ids = [id_of(one, self._desk.store.district) for one in asked.ids]
            known = tuple(id_ for id_ in ids if id_ is not None)
            every = (*_STATES[OPEN], *_STATES[CLOSED])
            return Wanted(SHOWN, HIDDEN, 0, now, every, ids=known) if known else None
        codes = tuple(code for code in asked.codes if self._is_shown(code))
        if asked.codes and not codes:
            return None
        start, end = _span(asked, now)
        if start > end:
            return None
        return Wanted(SHOWN, HIDDEN, start, end, states, codes)

    async def _find(self, wanted: Wanted, limit: int, offset: int = 0) -> list[PublicIncident]:
        def read() -> list[PublicIncident]:
            with self._desk.store.read() as tx:
                return public.find(tx, wanted, limit, offset)

        async with self._turns:
            return await asyncio.to_thread(read)

    def _listed(self, request: Request, form: str, found: list[PublicIncident]) -> Response:
        words = self._words(request)
        said = []
        for one in found:
            minutes = to_datetime(one.received, self._desk.store.zone).utcoffset()
            offset = int(minutes.total_seconds() // 60) if minutes is not None else 0
            said.append(model.write_request(self._as_request(one, words), offset))
        return _answer(form, documents.requests(form, said))

    def _as_request(self, one: PublicIncident, words: Translator) -> ServiceRequest:
        rules = self._desk.rules
        office = rules.triage.departments.get(one.department)
        is_open = one.state in OPEN_STATES
        return ServiceRequest(
            id=full_number(self._desk.store.district, one.id),
            status=OPEN if is_open else CLOSED,
            service_code=one.category,
            requested=one.received,
            updated=one.changed,
            expected=one.due if is_open else None,
            service_name=words.t(rules.categories.get(one.category).label),
            status_notes=words.t(state_label(one.state)),
            agency=words.t(office.label) if office is not None else "",
            address=publicity.street(rules.gazetteer, one.place, one.town),
            lat=publicity.coarse(one.lat),
            lon=publicity.coarse(one.lon),
        )

    def _words(self, request: Request) -> Translator:
        """The language that is asked for, the first one that there is."""
        for part in request.headers.get("accept-language", "")[:200].split(","):
            if (lang := normalize(part.partition(";")[0])) is not None:
                return self._said[lang]
        return self._said[DEFAULT]


def app(desk: Desk) -> Starlette:
    """The endpoint as an ASGI app, to be mounted at ``/open311/v2``.

    Args:
        desk: whose store, rules and clock.
    """
    at = Open311(desk)
    handle: Callable[[Request, Exception], Awaitable[Response]] = at.refused
    return Starlette(
        routes=[
            Route("/discovery.{form}", at.discovery),
            Route("/services.{form}", at.services),
            Route("/services/{code}.{form}", at.definition),
            Route("/requests.{form}", at.requests),
            Route("/requests/{id}.{form}", at.one),
        ],
        exception_handlers={_RefusalError: handle, StoreProblem: handle, HTTPException: handle},
    )


def _form(request: Request) -> str:
    form: str = request.path_params["form"]
    if form not in wire.FORMATS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return form


def _span(asked: Query, now: Instant) -> tuple[Instant, Instant]:
    """From when to when: what is said, else as much as the standard allows, up to now.

    Raises:
        _RefusalError: more than that.
    """
    end = asked.end
    if end is None:
        end = now if asked.start is None else min(now, asked.start + LONGEST_SPAN)
    start = end - LONGEST_SPAN if asked.start is None else asked.start
    if end - start > LONGEST_SPAN:
        raise _RefusalError(400, msg("open311.span", n=LONGEST_SPAN // DAY))
    return max(0, start), min(now, end)


def _answer(
    form: str, body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    kept = {"Cache-Control": "public, max-age=15"} if status == 200 else {}
    media = {"content-type": f"{wire.FORMATS[form]}; charset=utf-8"}
    return Response(body, status, {**kept, **(headers or {}), **media, "Vary": "Accept-Language"})
