"""Public warnings over HTTP: an Atom index of CAP documents in, the center's alerts out.

The index is asked again and again; what its entries lead to is fetched once. The cursor
keeps which entries of it were read and, for those that go on with others, where it all
began. A document that cannot be read goes to the tray with the element at fault.
An alert is sent by POST to ``alerts`` with its order's key, and found again by its
identifier: the same order twice is one alert.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from adapters.cap.current import in_turn
from adapters.cap.index import CAP_TYPE, Entry, Index, parse_atom
from adapters.cap.meaning import SYSTEM, apart, has_expired, kept_apart, report_of
from adapters.cap.model import Alert, CapError, MsgType, Reference
from adapters.cap.own import alert_of, identifier_of
from adapters.cap.reading import parse
from adapters.cap.writing import write
from adapters.http import Answer, Client, Endpoint
from adapters.port import Apart, BareAdapter, LinkError, Order, Page, Receipt, Report, Unread

if TYPE_CHECKING:
    import httpx

INDEX = "index.atom"
AT_ONCE = 50
"""Documents that are fetched for one page."""

MOST_PAGES = 20
"""Pages of an index that are followed."""

MOST_KEPT = 2_000
"""Entries and beginnings that a cursor keeps, the newest."""


TRIES = 3
"""Looks after which a document that comes garbled is believed to be so: half an answer is no
alert, but the next one may be whole."""


def connect(endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None) -> CapAdapter:
    """The adapter; a URL that ends in ``/`` is a folder, any other is the index itself."""
    folder, _, name = endpoint.url.rpartition("/")
    return CapAdapter(endpoint, Client(endpoint, transport), f"{folder}/", name or INDEX)


@dataclass
class _Place:
    """How far an index was read: what the cursor says."""

    seen: dict[str, None] = field(default_factory=dict)
    began: dict[str, str] = field(default_factory=dict)
    """Mark of a message -> mark of the one it goes back to."""
    tried: dict[str, int] = field(default_factory=dict)
    """Mark of an entry whose document came garbled -> how often."""

    @classmethod
    def of(cls, cursor: str) -> _Place:
        try:
            kept = json.loads(cursor) if cursor else {}
            tried = {str(mark): int(n) for mark, n in dict(kept.get("tried", {})).items()}
            return cls(dict.fromkeys(map(str, kept["seen"])), dict(kept["began"]), tried)
        except (ValueError, KeyError, TypeError):
            return cls()

    def text(self, there: Iterable[str]) -> str:
        """The cursor: of what was seen only what the index still names."""
        still = set(there)
        seen = [mark for mark in self.seen if mark in still][-MOST_KEPT:]
        began = dict(list(self.began.items())[-MOST_KEPT:])
        found: dict[str, object] = {"seen": seen, "began": began}
        tried = {mark: n for mark, n in self.tried.items() if mark in still}
        if tried:
            found["tried"] = tried
        return json.dumps(found, separators=(",", ":"))

    def again(self, mark: str) -> bool:
        """Whether a garbled document is worth another look; counts this one."""
        self.tried[mark] = self.tried.get(mark, 0) + 1
        if self.tried[mark] < TRIES:
            return True
        del self.tried[mark]
        return False

    def root(self, reference: Reference) -> str | None:
        """Where a message goes back to; None when it was never seen."""
        return self.began.get(_mark(*reference.key))

    def add(self, alert: Alert) -> list[Reference]:
        """Remember an alert; what it goes on with, one a matter, the latest of each."""
        found: dict[str, Reference] = {}
        for reference in sorted(alert.references, key=lambda one: one.sent):
            root = self.root(reference)
            if root is not None:
                found[root] = reference
        mark = _mark(*alert.reference.key)
        self.began.setdefault(mark, next(iter(found), mark))
        return list(found.values())


class CapAdapter(BareAdapter):
    """A publisher of alerts that also takes ours.

    Args:
        endpoint: where it is; its `name` is the sender of our alerts.
        client: the way there.
        folder: where index and alerts lie.
        index: the name of the index in it.
    """

    system = SYSTEM
    feeds = True

    def __init__(self, endpoint: Endpoint, client: Client, folder: str, index: str) -> None:
        self._sender = endpoint.name
        self._client = client
        self._folder = folder
        self._index = urljoin(folder, index)

    async def feed(self, cursor: str) -> Page:
        """The documents of the index that are new, the oldest first."""
        place = _Place.of(cursor)
        index, entries = await self._entries()
        marks = {_mark(one.id, one.link, str(one.updated)): one for one in entries}
        new = [mark for mark in marks if mark not in place.seen]
        new.sort(key=lambda mark: (marks[mark].updated or 0, mark))
        read: list[tuple[Alert, bytes]] = []
        unread: list[Unread] = []
        fault: LinkError | None = None
        for mark in new[:AT_ONCE]:
            try:
                got = await self._document(marks[mark])
            except LinkError as error:
                fault = fault or error
                if error.kind in ("resting", "unreachable", "busy"):
                    break
                continue
            if isinstance(got, Unread) and _garbled(got) and place.again(mark):
                fault = fault or LinkError("unreadable", got.reason)
                continue
            place.tried.pop(mark, None)
            place.seen[mark] = None
            read.append(got) if not isinstance(got, Unread) else unread.append(got)
        if fault is not None and not read and not unread and not place.tried:
            raise fault
        read.sort(key=lambda pair: in_turn(pair[0]))
        reports, kept = _sorted_out(place, read, index.updated)
        more = len(new) > AT_ONCE and fault is None
        return Page(reports, place.text(marks), more, unread, fault, kept)

    async def _entries(self) -> tuple[Index, list[Entry]]:
        """The index and all its entries, further pages included."""
        address: str | None = self._index
        entries: list[Entry] = []
        first: Index | None = None
        seen: set[str] = set()
        while address is not None and address not in seen and len(seen) < MOST_PAGES:
            seen.add(address)
            answer = await self._client.get(address, accept="application/atom+xml")
            if answer.status != 200:
                raise LinkError("missing" if answer.status == 404 else "schema", str(answer.status))
            try:
                index = parse_atom(answer.body)
            except CapError as error:
                raise LinkError("unreadable", f"{error.element}: {error.reason}") from error
            first = first or index
            entries += index.entries
            address = self._ours(urljoin(address, index.next)) if index.next else None
        assert first is not None
        return first, entries

    async def _document(self, entry: Entry) -> tuple[Alert, bytes] | Unread:
        if not entry.link:
            return Unread(f"{entry.id} {entry.title}", "link: missing")
        address = self._ours(urljoin(self._index, entry.link))
        if address is None:
            # Another host is somebody else's: our secret is not shown to it.
            return Unread(f"{entry.id} {entry.link}", "link: elsewhere")
        answer = await self._client.get(address, accept=CAP_TYPE)
        if answer.status != 200:
            return Unread(f"{entry.id} {entry.link}", f"link: {answer.status}")
        try:
            return parse(answer.body), answer.body
        except CapError as error:
            raw = answer.body.decode("utf-8", "replace")
            return Unread(raw, f"{error.where or error.element}: {error.reason}")

    def _ours(self, address: str) -> str | None:
        """An address at the publisher's own host, or None."""
        try:
            there, here = urlsplit(address), urlsplit(self._folder)
            same = (there.scheme, there.hostname, there.port) == (
                here.scheme,
                here.hostname,
                here.port,
            )
        except ValueError:
            return None
        return address if same else None

    async def send(self, order: Order) -> Receipt:
        """Publish the alert of an order; see `adapters.port.Adapter`."""
        if order.action != "alert":
            return Receipt(order.key, "refused", order.action)
        try:
            data = write(alert_of(order.body, order.key, self._sender))
        except CapError as error:
            return Receipt(order.key, "refused", f"{error.where or error.element}: {error.reason}")
        answer = await self._client.post(
            urljoin(self._folder, "alerts"), data, key=order.key, media=CAP_TYPE
        )
        if answer.status in (200, 201, 202):
            return Receipt(order.key, "confirmed", reference=identifier_of(order.key))
        if answer.status in (400, 404, 409, 422):
            return Receipt(order.key, "refused", _words(answer))
        raise LinkError("schema", str(answer.status))

    async def ask(self, order: Order) -> Receipt | None:
        """Whether the alert of an order was published; None when it was not."""
        name = quote(identifier_of(order.key), safe="")
        answer = await self._client.get(urljoin(self._folder, f"alerts/{name}"), accept=CAP_TYPE)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise LinkError("schema", str(answer.status))
        return Receipt(order.key, "confirmed", reference=identifier_of(order.key))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()


def sort_out(
    alerts: Iterable[tuple[Alert, bytes]], at: int | None = None
) -> tuple[list[Report], list[Apart]]:
    """Documents that come by themselves (a file): reports, and what is kept apart.

    Args:
        alerts: as read, with their bytes, in any order.
        at: the moment (ms UTC) at which to judge what has expired; None: nothing has.
    """
    return _sorted_out(_Place(), sorted(alerts, key=lambda pair: in_turn(pair[0])), at)


def _garbled(one: Unread) -> bool:
    """Whether a document is not what its publisher wrote, rather than badly written."""
    status = one.reason.removeprefix("link: ")
    return one.reason.endswith("xml.broken") or status.isdigit()


def _sorted_out(
    place: _Place, read: Iterable[tuple[Alert, bytes]], at: int | None
) -> tuple[list[Report], list[Apart]]:
    reports: list[Report] = []
    kept: list[Apart] = []
    for alert, raw in read:
        reason = kept_apart(alert)
        before = [] if reason else place.add(alert)
        if not reason and alert.msg_type is MsgType.CANCEL and not before:
            reason = "cancels_nothing"
        # What has happened (an earthquake: urgency Past) is told by a first message, too.
        if not reason and not before and (alert.gives_all_clear or has_expired(alert, at)):
            reason = "expired"
        if reason:
            kept.append(apart(alert, reason, raw))
            continue
        reports += [report_of(alert, one, n) for n, one in enumerate(before)] or [report_of(alert)]
    return reports, kept


def _words(answer: Answer) -> str:
    return " ".join(answer.body[:400].decode("utf-8", "replace").split()) or str(answer.status)


def _mark(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
