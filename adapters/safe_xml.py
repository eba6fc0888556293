"""XML from outside, and XML for outside: bounded, without entities, never surprising.

What is refused before a tree is there: a document type (and with it every entity, inner
or outer), more bytes than `LARGEST`, more nested elements than `DEEPEST`. An element is
read as `Element` of the standard library; its names are ``{namespace}local``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

LARGEST = 4 * 1024 * 1024
"""Bytes of one document. The largest alerts that services publish carry a picture of
some hundred kilobytes."""

DEEPEST = 32
"""Elements inside each other. The deepest standard shape here has six."""

REASONS = ("xml.large", "xml.deep", "xml.doctype", "xml.encoding", "xml.broken")
"""Every reason an `XmlError` has."""

_PROLOG = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk", "cp936"}
"""Encodings that the parser does not know and Chinese senders use; each is a part of the last."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (production 2, Char) has no place for, however it is written."""


class XmlError(ValueError):
    """A document that is not read; `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Bounded(TreeBuilder):
    """Builds the tree and stops at the first element that is too deep."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise XmlError("xml.deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def read(data: bytes) -> Element:
    """The root element of a document.

    Raises:
        XmlError: it is too large, too deep, has a document type, is in an unknown
            encoding or is no well-formed XML.
    """
    if len(data) > LARGEST:
        raise XmlError("xml.large")
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        data, encoding = _readable(data)
        if encoding:
            parser = DefusedXMLParser(target=_Bounded(), encoding=encoding, forbid_dtd=True)
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException:
        raise XmlError("xml.doctype") from None
    except ParseError:
        raise XmlError("xml.broken") from None
    except XmlError:
        raise
    except (LookupError, ValueError):
        raise XmlError("xml.encoding") from None
    return root


def write(root: Element) -> bytes:
    """A document in UTF-8 with its declaration (both CAP and Open311 want one)."""
    data: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return data


def is_legal(text: str) -> bool:
    """Whether XML has a way to write every character of `text`."""
    return not _ILLEGAL.search(text)


def local(element: Element) -> tuple[str, str]:
    """Namespace ("" for none) and name of an element."""
    space, brace, name = element.tag.rpartition("}")
    return (space[1:], name) if brace else ("", name)


def text_of(element: Element) -> str:
    """Its text without the white space around it; what stands in or behind children is not."""
    return (element.text or "").strip()


def child(parent: Element, name: str, text: str | None) -> None:
    """Append ``<name>text</name>`` when there is a text."""
    if text is not None:
        made = Element(name)
        made.text = text
        parent.append(made)


def named(parent: Element, name: str) -> Iterator[Element]:
    """Its children of that name, in whatever namespace."""
    return (one for one in parent if local(one)[1] == name)


def _readable(data: bytes) -> tuple[bytes, str | None]:
    """The bytes as the parser can read them, and the encoding to force, if any."""
    declared = _PROLOG.match(data[:300])
    if declared is None or declared[1].decode("ascii").lower() not in _CHINESE:
        return data, None
    return data.decode("gb18030").encode("utf-8"), "utf-8"
