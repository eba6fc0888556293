"""Which elements stand where in a CAP message, how often and in what order.

Source: CAP 1.2, section 3.4 (XML schema); CAP 1.1, section 3.4, for the one difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from adapters import safe_xml
from adapters.cap.model import CapError

SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
"""The one foreign namespace that the schema leaves room for (3.3.4.1)."""

_ALERT = (
    "identifier! sender! sent! status! msgType! source? scope! restriction? addresses? code* "
    "note? references? incidents? info*"
)
_INFO = (
    "language? category+ event! responseType* urgency! severity! certainty! audience? eventCode* "
    "effective? onset? expires? senderName? headline? description? instruction? web? contact? "
    "parameter* resource* area*"
)
_RESOURCE = "resourceDesc! mimeType! size? uri? derefUri? digest?"
_AREA = "areaDesc! polygon* circle* geocode* altitude? ceiling?"
_PAIR = "valueName! value!"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a block: where in the order, whether needed, whether more than once."""

    rank: int
    needed: bool
    many: bool


def _slots(written: str) -> Mapping[str, Slot]:
    return {
        word[:-1]: Slot(rank, word[-1] in "!+", word[-1] in "*+")
        for rank, word in enumerate(written.split())
    }


BLOCKS: Final[Mapping[str, Mapping[str, Slot]]] = {
    "alert": _slots(_ALERT),
    "info": _slots(_INFO),
    "resource": _slots(_RESOURCE),
    "area": _slots(_AREA),
    "eventCode": _slots(_PAIR),
    "parameter": _slots(_PAIR),
    "geocode": _slots(_PAIR),
}
"""Block -> name -> slot."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document whose children are known, in order and not too many."""

    where: str
    slots: Mapping[str, Slot]
    found: Mapping[str, list[Element]]
    foreign: tuple[tuple[str, str], ...] = ()
    """Namespace and name of what is not CAP's."""

    def path(self, name: str, index: int | None = None) -> str:
        """Where a child stands, from the root; `index` counts from 0."""
        step = name if index is None else f"{name}[{index + 1}]"
        return f"{self.where}.{step}" if self.where else step

    def needs(self, name: str) -> bool:
        """Whether a child of that name must be there."""
        return self.slots[name].needed

    def all(self, name: str, *, single: bool = False) -> list[tuple[str, Element]]:
        """Every child of that name, with its path: counted, unless it stands once only."""
        return [
            (self.path(name, None if single else i), one)
            for i, one in enumerate(self.found.get(name, ()))
        ]


def block(element: Element, kind: str, where: str, *, namespace: str, old: bool = False) -> Block:
    """Sort the children of a block. `old`: CAP 1.1, where a resource needs no MIME type.

    Raises:
        CapError: a child that is unknown, in the wrong place, twice or missing.
    """
    slots = BLOCKS[kind]
    found: dict[str, list[Element]] = {}
    foreign = []
    rank = 0
    result = Block(where, slots, found)
    if "".join([element.text or "", *(one.tail or "" for one in element)]).strip():
        raise CapError(kind, "loose_text", where or kind)
    for one in element:
        space, name = safe_xml.local(one)
        if space != namespace:
            foreign.append((space, name))
            continue
        slot = slots.get(name)
        if slot is None:
            raise CapError(name, "unknown", result.path(name))
        if slot.rank < rank:
            raise CapError(name, "order", result.path(name))
        rank = slot.rank
        before = found.setdefault(name, [])
        if before and not slot.many:
            raise CapError(name, "twice", result.path(name))
        before.append(one)
    for name, slot in slots.items():
        if slot.needed and name not in found and not (old and name == "mimeType"):
            raise CapError(name, "missing", result.path(name))
    return Block(where, slots, found, tuple(foreign))
