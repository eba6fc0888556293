"""An `Alert` to a CAP 1.2 document.

No rule of CAP is written down a second time here: what was made is read by
`adapters.cap.reading`, and must come back without a warning and the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from xml.etree.ElementTree import Element, SubElement

from adapters import safe_xml
from adapters.cap import values
from adapters.cap.model import NAMESPACE, Alert, Area, CapError, Circle, Info, Pair, Resource
from adapters.cap.reading import parse

CHINA = 8 * 60
"""Minutes that Beijing is ahead of UTC."""


def write(alert: Alert, offset: int = CHINA) -> bytes:
    """The message as a document, its times in the zone `offset` minutes ahead of UTC.

    Raises:
        CapError: it breaks a rule of CAP 1.2, or would only be read with a warning.
    """
    data = safe_xml.write(_Writer(offset).alert(alert))
    back = parse(data)
    for odd in back.warnings:
        raise CapError(odd.element, odd.reason, odd.where)
    if back != alert:
        changed = (one.name for one in fields(Alert) if one.compare)
        element = next(one for one in changed if getattr(back, one) != getattr(alert, one))
        raise CapError(element, "changed")
    return data


class _Writer:
    """Writes elements in the order of the schema, all in the one namespace."""

    def __init__(self, offset: int) -> None:
        self.offset = offset

    def alert(self, one: Alert) -> Element:
        root = Element("alert", xmlns=NAMESPACE)
        self.text(root, "identifier", one.identifier)
        self.text(root, "sender", one.sender)
        self.moment(root, "sent", one.sent)
        self.text(root, "status", one.status)
        self.text(root, "msgType", one.msg_type)
        self.text(root, "source", one.source)
        self.text(root, "scope", one.scope)
        self.text(root, "restriction", one.restriction)
        self.text(root, "addresses", values.write_words(one.addresses))
        self.texts(root, "code", one.codes)
        self.text(root, "note", one.note)
        try:
            named = [values.write_reference(ref, self.offset) for ref in one.references]
        except values.FlawError:
            raise CapError("references", "reference") from None
        self.text(root, "references", " ".join(named))
        self.text(root, "incidents", values.write_words(one.incidents))
        for info in one.infos:
            self.info(SubElement(root, "info"), info)
        return root

    def info(self, here: Element, one: Info) -> None:
        self.text(here, "language", one.language)
        self.texts(here, "category", one.categories)
        self.text(here, "event", one.event)
        self.texts(here, "responseType", one.response_types)
        self.text(here, "urgency", one.urgency)
        self.text(here, "severity", one.severity)
        self.text(here, "certainty", one.certainty)
        self.text(here, "audience", one.audience)
        self.pairs(here, "eventCode", one.event_codes)
        self.moment(here, "effective", one.effective)
        self.moment(here, "onset", one.onset)
        self.moment(here, "expires", one.expires)
        self.text(here, "senderName", one.sender_name)
        self.text(here, "headline", one.headline)
        self.text(here, "description", one.description)
        self.text(here, "instruction", one.instruction)
        self.text(here, "web", one.web)
        self.text(here, "contact", one.contact)
        self.pairs(here, "parameter", one.parameters)
        for resource in one.resources:
            self.resource(SubElement(here, "resource"), resource)
        for area in one.areas:
            self.area(SubElement(here, "area"), area)

    def resource(self, here: Element, one: Resource) -> None:
        self.text(here, "resourceDesc", one.description)
        self.text(here, "mimeType", one.mime_type)
        self.text(here, "size", "" if one.size is None else str(one.size))
        self.text(here, "uri", one.uri)
        self.text(here, "derefUri", one.content)
        self.text(here, "digest", one.digest)

    def area(self, here: Element, one: Area) -> None:
        self.text(here, "areaDesc", one.description)
        try:
            shapes = [" ".join(map(values.write_point, shape)) for shape in one.polygons]
        except values.FlawError as flaw:
            raise CapError("polygon", flaw.reason) from None
        self.texts(here, "polygon", shapes)
        self.texts(here, "circle", map(self.circle, one.circles))
        self.pairs(here, "geocode", one.geocodes)
        self.number(here, "altitude", one.altitude)
        self.number(here, "ceiling", one.ceiling)

    def circle(self, one: Circle) -> str:
        try:
            return f"{values.write_point(one.centre)} {values.write_number(one.radius)}"
        except values.FlawError as flaw:
            raise CapError("circle", flaw.reason) from None

    def pairs(self, here: Element, name: str, many: Iterable[Pair]) -> None:
        for pair in many:
            inner = SubElement(here, name)
            self.text(inner, "valueName", pair.name)
            self.text(inner, "value", pair.value, keep=True)

    def number(self, here: Element, name: str, value: float | None) -> None:
        if value is not None:
            try:
                self.text(here, name, values.write_number(value))
            except values.FlawError as flaw:
                raise CapError(name, flaw.reason) from None

    def moment(self, here: Element, name: str, ms: int | None) -> None:
        if ms is not None:
            try:
                self.text(here, name, values.write_moment(ms, self.offset))
            except values.FlawError as flaw:
                raise CapError(name, flaw.reason) from None

    def texts(self, here: Element, name: str, many: Iterable[str]) -> None:
        for one in many:
            self.text(here, name, one, keep=True)

    def text(self, here: Element, name: str, text: str, *, keep: bool = False) -> None:
        """A text that says something; `keep` writes an empty one too."""
        if not safe_xml.is_legal(text):
            raise CapError(name, "characters")
        if text or keep:
            safe_xml.child(here, name, text)
