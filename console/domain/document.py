"""A written document as a value: title, sections, sentences, tables and charts as plain data.

It has no language and no form. What composes it (`console.domain.report`) knows nothing of
Markdown, HTML or DOCX, and what writes those (`console.written` and its neighbours) knows
nothing of incidents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from console.domain.message import Arg, Message

Tone: TypeAlias = Literal["plain", "warn", "note"]
"""How a sentence is meant: as it is, to be heeded, or as a remark."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One sentence, or several."""

    text: Message
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. `numbers` are the columns (from 0) that are set to the right.

    A cell that is a string is data: a number that is written already, or a foreign text.
    """

    head: tuple[Arg, ...]
    rows: tuple[tuple[Arg, ...], ...]
    numbers: frozenset[int] = frozenset()
    title: Message | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One run of values of a chart; None is not known (yet)."""

    label: Message
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts under labels: upright ``columns``, ``bars`` that lie, or ``lines``."""

    kind: Literal["columns", "bars", "lines"]
    title: Message
    labels: tuple[Arg, ...]
    series: tuple[Series, ...]

    @property
    def most(self) -> int:
        """The largest value, at least 1: what a whole bar stands for."""
        return max((v for one in self.series for v in one.values if v is not None), default=1) or 1


@dataclass(frozen=True, slots=True)
class Case:
    """One incident that is told: a headline, and what is said of it under names.

    What is said is one thing, or several that stand below each other.
    """

    head: Message
    lines: tuple[tuple[Message, tuple[Arg, ...]], ...]


Block: TypeAlias = Paragraph | Table | Chart | Case


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document; the number that it bears is part of its title."""

    title: Message
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()

    def every(self) -> tuple[Block, ...]:
        """Its blocks and those of the sections in it, in order."""
        return (*self.blocks, *(block for one in self.sections for block in one.every()))


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Args:
        name: what a file of it is called, without an ending.
        title: its title.
        facts: what stands under the title, name and value.
        sections: its parts, in order.
        notes: how it was made, in small print.
        signatures: who signs; an empty space follows each.
    """

    name: str
    title: Message
    facts: tuple[tuple[Message, Arg], ...]
    sections: tuple[Section, ...]
    notes: tuple[Message, ...] = ()
    signatures: tuple[Message, ...] = field(default=())

    def every(self) -> tuple[Block, ...]:
        """All blocks, in order."""
        return tuple(block for one in self.sections for block in one.every())
