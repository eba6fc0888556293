"""The Atom index of alerts: a feed whose entries lead to CAP documents.

Source: RFC 4287; link type ``application/cap+xml`` as publishers of alerts use it;
``next`` for further pages, RFC 5005. Addresses are handed on as they stand in the feed:
relative ones are for who fetched it to resolve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from adapters import safe_xml
from adapters.cap import values
from adapters.cap.model import Alert, CapError

NAMESPACE = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert of an index. `updated` in ms UTC; None when the feed's is no time."""

    id: str
    title: str
    updated: int | None
    link: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """A page of an index; `next` is the address of the page behind it, or ""."""

    id: str
    title: str
    updated: int | None
    entries: tuple[Entry, ...] = ()
    next: str = ""


def atom(
    alerts: Iterable[Alert],
    *,
    address: str,
    title: str,
    author: str,
    updated: int,
    link: Callable[[Alert], str],
    languages: tuple[str, ...] = ("zh-CN",),
) -> bytes:
    """An index of `alerts` in the order they are given.

    Args:
        address: where the index itself is found; it is its id too.
        updated: when it last changed, in ms UTC.
        link: where the document of an alert is found; it is the entry's id too.
        languages: the languages to take titles from, the best first.

    Raises:
        CapError: a text that XML cannot write, or no such moment.
    """
    root = Element("feed", xmlns=NAMESPACE)
    _text(root, "id", address)
    _text(root, "title", title)
    _text(root, "updated", _moment(updated))
    _text(SubElement(root, "author"), "name", author)
    SubElement(root, "link", rel="self", href=_legal("link", address))
    for alert in alerts:
        infos = alert.in_language(*languages)
        here = SubElement(root, "entry")
        _text(here, "id", link(alert))
        _text(here, "title", (infos[0].headline or infos[0].event) if infos else alert.identifier)
        _text(here, "updated", _moment(alert.sent))
        SubElement(here, "link", rel="alternate", type=CAP_TYPE, href=_legal("link", link(alert)))
        if infos and infos[0].description:
            _text(here, "summary", infos[0].description)
    return safe_xml.write(root)


def parse_atom(data: bytes) -> Index:
    """Read an index. An entry that leads nowhere has the link "".

    Raises:
        CapError: it is no Atom feed (``root``), or no XML that is read here.
    """
    try:
        root = safe_xml.read(data)
    except safe_xml.XmlError as error:
        raise CapError("feed", error.reason) from None
    if safe_xml.local(root) != (NAMESPACE, "feed"):
        raise CapError("feed", "root")
    return Index(
        id=_first(root, "id"),
        title=_first(root, "title"),
        updated=_read_moment(_first(root, "updated")),
        entries=tuple(_entry(one) for one in root.iterfind(_name("entry"))),
        next=_link(root, "next"),
    )


def _entry(here: Element) -> Entry:
    identity = _first(here, "id")
    link = _link(here, "alternate")
    return Entry(
        id=identity,
        title=_first(here, "title"),
        updated=_read_moment(_first(here, "updated")),
        link=link or (identity if identity.startswith(("http://", "https://")) else ""),
        summary=_first(here, "summary"),
    )


def _link(here: Element, kind: str) -> str:
    """The address of that kind; of several, the one that says it is CAP."""
    found = [one for one in here.iterfind(_name("link")) if one.get("rel", "alternate") == kind]
    found.sort(key=lambda one: one.get("type", "").partition(";")[0] != CAP_TYPE)
    return found[0].get("href", "").strip() if found else ""


def _first(here: Element, name: str) -> str:
    found = here.find(_name(name))
    return "" if found is None else safe_xml.text_of(found)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(here: Element, name: str, text: str) -> None:
    safe_xml.child(here, name, _legal(name, text))


def _legal(name: str, text: str) -> str:
    if not safe_xml.is_legal(text):
        raise CapError(name, "characters")
    return text


def _moment(ms: int) -> str:
    try:
        return values.write_moment(ms - ms % 1000, 0).replace("-00:00", "+00:00")
    except values.FlawError as flaw:
        raise CapError("updated", flaw.reason) from None


def _read_moment(text: str) -> int | None:
    try:
        return values.moment(text.replace("z", "Z").replace("t", "T"), old=True)
    except values.FlawError:
        return None
