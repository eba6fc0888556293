"""A CAP document to an `Alert`: every rule of CAP 1.2, or the element that breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar
from xml.etree.ElementTree import Element

from adapters import safe_xml
from adapters.cap import values
from adapters.cap.model import (
    DEFAULT_LANGUAGE,
    NAMESPACE,
    NAMESPACE_1_1,
    Alert,
    Area,
    CapError,
    Category,
    Certainty,
    Info,
    MsgType,
    Pair,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
    Warned,
)
from adapters.cap.shape import SIGNATURE, Block, block

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_ACTS_ON_OTHERS = frozenset({MsgType.CANCEL, MsgType.ACK, MsgType.ERROR})
"""Messages that are about nothing when they name none (3.2.1, msgType)."""

_MOMENTS = frozenset({"sent", "effective", "onset", "expires"})
_OFTEN_EMPTY = frozenset({"references"})
"""Lists, which may be empty as texts may."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z")
"""A full address with its scheme (3.2.2, web; 3.2.3, uri)."""


def parse(data: bytes) -> Alert:
    """Read a CAP 1.2 message, or a CAP 1.1 one with the warning ``version``.

    What was odd and could still be read is in `Alert.warnings`.

    Raises:
        CapError: it is no CAP, or breaks a rule of it; or no XML that is read here
            (the reasons of `adapters.safe_xml`).
    """
    try:
        root = safe_xml.read(data)
    except safe_xml.XmlError as error:
        raise CapError("alert", error.reason) from None
    return read(root)


def read(root: Element) -> Alert:
    """The same, of an element."""
    namespace, local = safe_xml.local(root)
    if local != "alert":
        raise CapError("alert", "root")
    if namespace not in (NAMESPACE, NAMESPACE_1_1):
        raise CapError("alert", "namespace")
    return _Reader(namespace).alert(root)


class _Reader:
    """Reads one document and gathers what was odd about it."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.old = namespace == NAMESPACE_1_1
        self.warned: list[Warned] = []
        if self.old:
            self.warn("alert", "version", "alert")

    def warn(self, element: str, reason: str, where: str) -> None:
        self.warned.append(Warned(element, reason, where))

    # Blocks

    def block(self, element: Element, kind: str, where: str) -> Block:
        made = block(element, kind, where, namespace=self.namespace, old=self.old)
        for space, name in made.foreign:
            self.warn(name, "signature" if space == SIGNATURE else "foreign", made.path(name))
        return made

    def alert(self, root: Element) -> Alert:
        here = self.block(root, "alert", "")
        made = Alert(
            identifier=self.needed(here, "identifier", values.name),
            sender=self.needed(here, "sender", values.name),
            sent=self.needed(here, "sent", self.moment),
            status=self.needed(here, "status", _one_of(Status)),
            msg_type=self.needed(here, "msgType", _one_of(MsgType)),
            source=self.text(here, "source"),
            scope=self.needed(here, "scope", _one_of(Scope)),
            restriction=self.text(here, "restriction"),
            addresses=values.words(self.text(here, "addresses")),
            codes=self.texts(here, "code"),
            note=self.text(here, "note"),
            references=self.maybe(here, "references", self.references) or (),
            incidents=values.words(self.text(here, "incidents")),
            infos=tuple(self.info(*one) for one in here.all("info")),
        )
        self.judge(made)
        return replace(made, warnings=tuple(self.warned))

    def judge(self, made: Alert) -> None:
        """The rules between elements of the alert (3.2.1)."""
        if made.scope is Scope.RESTRICTED and not made.restriction:
            raise CapError("restriction", "missing")
        if made.scope is Scope.PRIVATE and not made.addresses:
            raise CapError("addresses", "missing")
        if not made.references:
            if made.msg_type in _ACTS_ON_OTHERS:
                raise CapError("references", "missing")
            if made.msg_type is MsgType.UPDATE:
                self.warn("references", "references", "references")
        if any(one.key == made.reference.key for one in made.references):
            raise CapError("references", "reference.self")

    def info(self, where: str, element: Element) -> Info:
        here = self.block(element, "info", where)
        made = Info(
            language=self.maybe(here, "language", values.language) or DEFAULT_LANGUAGE,
            categories=self.many(here, "category", _one_of(Category)),
            event=self.needed(here, "event", str),
            response_types=self.many(here, "responseType", _one_of(ResponseType)),
            urgency=self.needed(here, "urgency", _one_of(Urgency)),
            severity=self.needed(here, "severity", _one_of(Severity)),
            certainty=self.certainty(here),
            audience=self.text(here, "audience"),
            event_codes=self.pairs(here, "eventCode"),
            effective=self.maybe(here, "effective", self.moment),
            onset=self.maybe(here, "onset", self.moment),
            expires=self.maybe(here, "expires", self.moment),
            sender_name=self.text(here, "senderName"),
            headline=self.text(here, "headline"),
            description=self.text(here, "description"),
            instruction=self.text(here, "instruction"),
            web=self.text(here, "web"),
            contact=self.text(here, "contact"),
            parameters=self.pairs(here, "parameter"),
            resources=tuple(self.resource(*one) for one in here.all("resource")),
            areas=tuple(self.area(*one) for one in here.all("area")),
        )
        begins = made.onset if made.onset is not None else made.effective
        if made.expires is not None and begins is not None and made.expires < begins:
            self.warn("expires", "expires", here.path("expires"))
        if made.web and not _ADDRESS.match(made.web):
            self.warn("web", "address", here.path("web"))
        return made

    def certainty(self, here: Block) -> Certainty:
        """The value of CAP 1.0 is to be taken as "Likely" (note in 3.2.2)."""
        if self.text(here, "certainty") == "Very Likely":
            self.warn("certainty", "very_likely", here.path("certainty"))
            return Certainty.LIKELY
        return self.needed(here, "certainty", _one_of(Certainty))

    def resource(self, where: str, element: Element) -> Resource:
        here = self.block(element, "resource", where)
        made = Resource(
            description=self.needed(here, "resourceDesc", str),
            mime_type=self.text(here, "mimeType")
            if self.old
            else self.needed(here, "mimeType", str),
            size=self.maybe(here, "size", values.size),
            uri=self.text(here, "uri"),
            content=self.text(here, "derefUri"),
            digest=self.text(here, "digest"),
        )
        if made.uri and not made.content and not _ADDRESS.match(made.uri):
            self.warn("uri", "address", here.path("uri"))
        return made

    def area(self, where: str, element: Element) -> Area:
        here = self.block(element, "area", where)
        made = Area(
            description=self.needed(here, "areaDesc", str),
            polygons=self.many(here, "polygon", values.polygon),
            circles=self.many(here, "circle", values.circle),
            geocodes=self.pairs(here, "geocode"),
            altitude=self.maybe(here, "altitude", values.number),
            ceiling=self.maybe(here, "ceiling", values.number),
        )
        if made.ceiling is not None:
            if made.altitude is None:
                raise CapError("ceiling", "altitude", here.path("ceiling"))
            if made.ceiling < made.altitude:
                self.warn("ceiling", "ceiling", here.path("ceiling"))
        return made

    def pairs(self, here: Block, name: str) -> tuple[Pair, ...]:
        """Name and value; the value may be empty, the name may not."""
        made = []
        for where, element in here.all(name):
            inner = self.block(element, name, where)
            made.append(Pair(self.needed(inner, "valueName", str), self.text(inner, "value")))
        return tuple(made)

    # Texts

    def text(self, here: Block, name: str) -> str:
        """The text of an element that stands once at most; "" without it."""
        found = here.all(name, single=True)
        return self.leaf(name, *found[0]) if found else ""

    def texts(self, here: Block, name: str) -> tuple[str, ...]:
        """Every text of that name that says something."""
        return tuple(filter(None, (self.leaf(name, *one) for one in here.all(name))))

    def needed(self, here: Block, name: str, read: Callable[[str], T]) -> T:
        text = self.text(here, name)
        if not text:
            raise CapError(name, "empty", here.path(name))
        return self.value(name, here.path(name), text, read)

    def maybe(self, here: Block, name: str, read: Callable[[str], T]) -> T | None:
        """The value of an element that may be missing. Empty is missing."""
        text = self.text(here, name)
        if text:
            return self.value(name, here.path(name), text, read)
        if name in here.found and name not in _OFTEN_EMPTY:
            self.warn(name, "empty", here.path(name))
        return None

    def many(self, here: Block, name: str, read: Callable[[str], T]) -> tuple[T, ...]:
        made = []
        for where, element in here.all(name):
            text = self.leaf(name, where, element)
            if text:
                made.append(self.value(name, where, text, read))
            else:
                self.warn(name, "empty", where)
        if not made and here.needs(name):
            raise CapError(name, "empty", here.path(name))
        return tuple(made)

    def moment(self, text: str) -> int:
        return values.moment(text, old=self.old)

    def references(self, text: str) -> tuple[Reference, ...]:
        return values.references(text, old=self.old)

    def leaf(self, name: str, where: str, element: Element) -> str:
        if len(element):
            raise CapError(name, "nested", where)
        return safe_xml.text_of(element)

    def value(self, name: str, where: str, text: str, read: Callable[[str], T]) -> T:
        try:
            made = read(text)
        except values.FlawError as flaw:
            raise CapError(name, flaw.reason, where) from None
        if name in _MOMENTS and values.is_utc_as_plus(text):
            self.warn(name, "time.utc", where)
        return made


def _one_of(kind: type[E]) -> Callable[[str], E]:
    """Reads one of the values that the standard lists; their case counts."""

    def read(text: str) -> E:
        try:
            return kind(text)
        except ValueError:
            raise values.FlawError("value") from None

    return read
