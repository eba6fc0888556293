"""The nodes of a scenario file, and reading the small things that stand in them.

Every scalar arrives as text with its line and is read as what its key wants. A
mistake is a `Problem` that names the file, the line and the reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NoReturn, TypeAlias, TypeVar

from console.domain.clock import HOUR, MINUTE, SECOND, Instant, Span, from_datetime
from console.domain.message import Label, Message, Problem, msg

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as it was written, and the line where it stands (from 1)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; keys keep their lines and their order."""

    line: int
    entries: tuple[tuple[Scalar, Node], ...]


Node: TypeAlias = "Scalar | Items | Fields"

RESERVED: frozenset[str] = frozenset({"expect"})
"""Keys that a file may carry already: expectations and scoring read them."""

_SPAN = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def fault(file: str, line: int, reason: Message) -> Problem:
    """A mistake in a scenario file, as the sentence for the person who asked."""
    return Problem(msg("scenario.fault", file=file, line=line, reason=reason))


class Reader:
    """Reads the nodes of one file; every method reads one kind of thing or refuses."""

    def __init__(self, file: str) -> None:
        self._file = file

    def fail(self, line: int, reason: Message) -> NoReturn:
        """Refuse the file at `line`."""
        raise fault(self._file, line, reason)

    def entries(self, node: Node) -> tuple[tuple[Scalar, Node], ...]:
        """The pairs of a mapping, each key once."""
        if not isinstance(node, Fields):
            self.fail(node.line, msg("scenario.not_mapping"))
        seen: set[str] = set()
        for key, _ in node.entries:
            if key.text in seen:
                self.fail(key.line, msg("scenario.key_twice", key=key.text))
            seen.add(key.text)
        return node.entries

    def fields(
        self, node: Node, allowed: set[str], required: Collection[str] = ()
    ) -> dict[str, Node]:
        """A mapping of `allowed` keys, of which `required` must be there."""
        entries = self.entries(node)
        for key, _ in entries:
            if key.text not in allowed | RESERVED:
                of = ", ".join(sorted(allowed))
                self.fail(key.line, msg("scenario.unknown_key", key=key.text, of=of))
        found = {key.text: value for key, value in entries if key.text not in RESERVED}
        for key_name in sorted(required):
            if key_name not in found:
                self.fail(node.line, msg("scenario.missing_key", key=key_name))
        return found

    def list(self, part: Mapping[str, Node], key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        """The list under `key`, each item read by `read`; nothing is an empty list."""
        if key not in part:
            return ()
        node = part[key]
        if not isinstance(node, Items):
            self.fail(node.line, msg("scenario.not_list"))
        return tuple(map(read, node.items))

    def table(
        self, part: Mapping[str, Node], key: str, read: Callable[[Node], T]
    ) -> Mapping[str, T]:
        """The mapping of free names under `key`, each value read by `read`."""
        if key not in part:
            return MappingProxyType({})
        return MappingProxyType({name.text: read(value) for name, value in self.entries(part[key])})

    def text(self, node: Node) -> str:
        """Words, at least one character."""
        if not isinstance(node, Scalar) or not node.text:
            self.fail(node.line, msg("scenario.not_text"))
        return node.text

    def name(self, node: Node) -> str:
        """A name: Latin letters, digits, ``_``, ``-``, ``.``."""
        text = self.text(node)
        if not _NAME.fullmatch(text):
            self.fail(node.line, msg("scenario.not_name", value=text))
        return text

    def label(self, node: Node) -> Label:
        """A label in both languages."""
        part = self.fields(node, {"zh", "en"}, {"zh", "en"})
        return Label(zh=self.text(part["zh"]), en=self.text(part["en"]))

    def span(self, node: Node) -> Span:
        """A span ``HH:MM:SS`` with up to three decimals."""
        text = self.text(node)
        found = _SPAN.fullmatch(text)
        if not found:
            self.fail(node.line, msg("scenario.not_span", value=text))
        hours, minutes, seconds, millis = found.groups()
        return (
            int(hours) * HOUR
            + int(minutes) * MINUTE
            + int(seconds) * SECOND
            + int((millis or "").ljust(3, "0"))
        )

    def moment(self, node: Node) -> tuple[Instant, Span]:
        """A moment with its offset from UTC, and that offset."""
        text = self.text(node)
        try:
            moment = datetime.fromisoformat(text)
            at = from_datetime(moment)
        except ValueError:
            self.fail(node.line, msg("scenario.not_moment", value=text))
        ahead = moment.utcoffset()
        return at, int(ahead.total_seconds() * SECOND) if ahead else 0

    def real(self, node: Node) -> float:
        """A finite number."""
        text = self.text(node)
        try:
            value = float(text)
        except ValueError:
            self.fail(node.line, msg("scenario.not_number", value=text))
        if not math.isfinite(value):
            self.fail(node.line, msg("scenario.not_number", value=text))
        return value

    def positive(self, node: Node) -> float:
        """A number above zero."""
        value = self.real(node)
        if value <= 0:
            self.fail(node.line, msg("scenario.not_positive", value=self.text(node)))
        return value

    def share(self, node: Node) -> float:
        """A number from 0 to 1."""
        value = self.real(node)
        if not 0 <= value <= 1:
            self.fail(node.line, msg("scenario.not_share", value=self.text(node)))
        return value

    def whole(self, node: Node) -> int:
        """A whole number from zero."""
        text = self.text(node)
        if not re.fullmatch(r"[0-9](?:_?[0-9]){0,17}", text):
            self.fail(node.line, msg("scenario.not_whole", value=text))
        return int(text)
