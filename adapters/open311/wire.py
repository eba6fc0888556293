"""JSON and XML as one and the same: nodes in between, read from either, written to either.

A node is a text, a list of nodes, or names with nodes. XML says neither what is a number
nor what is a list, so a node's leaves are texts, and the names of lists are known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element, SubElement, tostring

from adapters import safe_xml

FORMATS: Mapping[str, str] = {"json": "application/json", "xml": "text/xml"}
"""How a resource's name ends -> its media type."""

MEDIA: Mapping[str, frozenset[str]] = {
    "json": frozenset({"application/json", "text/json", "text/javascript", "text/plain", ""}),
    "xml": frozenset({"text/xml", "application/xml", "text/plain", ""}),
}
"""Media types under which servers send a format."""

LISTS: Mapping[str, str] = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "formats": "format",
    "photos": "photo",
    "values": "value",
}
"""Names of lists inside a thing -> name of a member in XML."""

NAMED = {"facts": "fact"}
"""Names of tables whose keys are free words: ``<facts><fact name="key">``."""

DEEPEST = 8
LONGEST_RAW = 10_000
"""Characters of a thing that nobody could read that are kept."""

Node: TypeAlias = "str | list[Node] | dict[str, Node]"
Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"


class WireError(ValueError):
    """Something that is not what was agreed; says where and why."""


def tidy(text: str) -> str:
    """A text as both formats can carry it: line ends, and no character that XML has not."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if safe_xml.is_legal(text):
        return text
    return "".join(c if safe_xml.is_legal(c) else "\ufffd" for c in text)


# --- reading -----------------------------------------------------------------------


def of_json(value: Any, depth: int = 0) -> Node:
    """A JSON value as a node.

    Raises:
        WireError: it is nested too deeply.
    """
    if depth > DEEPEST:
        raise WireError("nested too deeply")
    if isinstance(value, dict):
        return {str(key): of_json(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [of_json(one, depth + 1) for one in value]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return tidy(value) if isinstance(value, str) else str(value)


def of_xml(element: Element, depth: int = 0) -> Node:
    """An XML element's content as a node.

    Raises:
        WireError: it is nested too deeply.
    """
    if depth > DEEPEST:
        raise WireError("nested too deeply")
    name = safe_xml.local(element)[1]
    if name in LISTS:
        return [of_xml(one, depth + 1) for one in safe_xml.named(element, LISTS[name])]
    if name in NAMED:
        return {
            tidy(one.get("name", "")): of_xml(one, depth + 1)
            for one in safe_xml.named(element, NAMED[name])
        }
    if len(element):
        return {safe_xml.local(one)[1]: of_xml(one, depth + 1) for one in element}
    return tidy(element.text or "")


def things(body: bytes, form: str) -> list[Any]:
    """The members of a list as they came: JSON values or XML elements.

    Raises:
        WireError: it is no such document or no list.
    """
    if form == "xml":
        try:
            return list(safe_xml.read(body))
        except safe_xml.XmlError as error:
            raise WireError(error.reason) from error
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError("no JSON") from error
    if not isinstance(value, list):
        raise WireError("no list")
    return value


def node_of(thing: Any) -> dict[str, Node]:
    """A member of a list as names with nodes.

    Raises:
        WireError: it has no names, or is nested too deeply.
    """
    node = of_xml(thing) if isinstance(thing, Element) else of_json(thing)
    if not isinstance(node, dict):
        raise WireError("no fields")
    return node


def raw_of(thing: Any) -> str:
    """A member as text, for a person to look at."""
    if isinstance(thing, Element):
        return tostring(thing, "unicode")[:LONGEST_RAW]
    try:
        return json.dumps(thing, ensure_ascii=False)[:LONGEST_RAW]
    except RecursionError:
        return "[[…"


def text(node: Mapping[str, Node], name: str) -> str:
    """A text; "" when it is not said.

    Raises:
        WireError: it is no text.
    """
    value = node.get(name, "")
    if value in ("", [], {}):
        return ""
    if not isinstance(value, str):
        raise WireError(f"{name}: no text")
    return value


def part(node: Mapping[str, Node], name: str) -> dict[str, Node]:
    """Names with nodes; none when it is not said."""
    value = node.get(name)
    return value if isinstance(value, dict) else {}


def texts(node: Mapping[str, Node], name: str) -> tuple[str, ...]:
    """A list of texts; none when it is not said."""
    value = node.get(name)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


# --- writing -----------------------------------------------------------------------


def write(form: str, root: str, member: str, values: Iterable[Mapping[str, Value]]) -> bytes:
    """A list of things.

    Args:
        form: ``json`` or ``xml``.
        root: name of the list in XML.
        member: name of each in XML.
        values: the things.
    """
    if form == "json":
        return json.dumps([_clean(one) for one in values], ensure_ascii=False).encode()
    top = Element(root)
    for one in values:
        _fill(SubElement(top, member), one)
    return safe_xml.write(top)


def write_one(form: str, root: str, value: Mapping[str, Value]) -> bytes:
    """One thing by itself."""
    if form == "json":
        return json.dumps(_clean(value), ensure_ascii=False).encode()
    top = Element(root)
    _fill(top, value)
    return safe_xml.write(top)


def _clean(value: Value) -> Value:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, Mapping):
        return {tidy(name): _clean(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_clean(one) for one in value]
    return value


def _fill(element: Element, value: Value) -> None:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if element.tag in NAMED:
                _fill(SubElement(element, NAMED[element.tag], name=tidy(name)), one)
            else:
                _fill(SubElement(element, name), one)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            _fill(SubElement(element, LISTS[element.tag]), one)
    elif value is not None:
        element.text = tidy(_as_text(value))


def _as_text(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
