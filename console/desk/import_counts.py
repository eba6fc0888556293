"""What an import did, counted: for the person, and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from console.domain.message import Message, msg
from console.domain.rows import Remarks

Progress: TypeAlias = Callable[[int], None]
"""Called with the number of rows read, whenever a part of the file is in the store."""

_MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """The counts of an import.

    `read`, `duplicate` and `refused` are rows; `incidents`, `new` and `updated` are
    incidents; `attached` are reports that joined an open incident. A row is a
    duplicate when the store, or an earlier row, had everything it says.
    """

    read: int
    incidents: int
    new: int
    updated: int
    duplicate: int
    refused: int
    attached: int
    left_out: int
    """Rows that were taken without a time that cannot be right."""
    refused_file: Path | None
    notes: tuple[Message, ...]
    """What is worth a word: cells that were cut, categories that the mapping does not know …"""

    def as_json(self) -> Mapping[str, object]:
        """The shape that machines may rely on."""
        return {
            "read": self.read,
            "incidents": self.incidents,
            "new": self.new,
            "updated": self.updated,
            "duplicate": self.duplicate,
            "refused": self.refused,
            "attached": self.attached,
            "left_out": self.left_out,
            "refused_file": str(self.refused_file) if self.refused_file else None,
        }


@dataclass(slots=True)
class Counts:
    """The counts while an import runs."""

    read: int = 0
    new: int = 0
    updated: int = 0
    duplicate: int = 0
    refused: int = 0
    attached: int = 0
    left_out: int = 0
    incidents: set[int] = field(default_factory=set)
    """Every incident that this import has met."""
    cut: int = 0
    unplaced: int = 0
    differing: int = 0
    in_hand: int = 0
    spoilt_id: str = ""
    sums: int = 0
    """Lines of sums and further headers, which are no rows."""
    guessed: str = ""
    """The encoding that was found out."""
    other_sheets: tuple[str, ...] = ()
    unmapped: Counter[str] = field(default_factory=Counter)

    def remark(self, remarks: Remarks) -> None:
        """Remember what was strange about an incident's row."""
        self.cut += bool(remarks.cut)
        self.unplaced += remarks.unplaced
        if remarks.unmapped:
            self.unmapped[remarks.unmapped] += 1

    def outcome(self, refused_file: Path | None) -> Outcome:
        """The counts as they stand."""
        return Outcome(
            read=self.read,
            incidents=len(self.incidents),
            new=self.new,
            updated=self.updated,
            duplicate=self.duplicate,
            refused=self.refused,
            attached=self.attached,
            left_out=self.left_out,
            refused_file=refused_file,
            notes=tuple(self._notes()),
        )

    def _notes(self) -> list[Message]:
        notes: list[Message] = []
        if self.guessed:
            notes.append(msg("import.guessed", encoding=self.guessed))
        if self.other_sheets:
            notes.append(msg("import.other_sheets", sheets=self.other_sheets))
        if self.sums:
            notes.append(msg("import.sums", n=self.sums))
        if self.unmapped:
            words = tuple(
                msg("import.word", word=word, count=count)
                for word, count in self.unmapped.most_common(_MOST_WORDS)
            )
            notes.append(msg("import.unmapped", n=len(self.unmapped), words=words))
        if self.cut:
            notes.append(msg("import.cut", n=self.cut))
        if self.left_out:
            notes.append(msg("import.left_out", n=self.left_out))
        if self.unplaced:
            notes.append(msg("import.unplaced", n=self.unplaced))
        if self.differing:
            notes.append(msg("import.differing", n=self.differing))
        if self.in_hand:
            notes.append(msg("import.in_hand", n=self.in_hand))
        if self.spoilt_id:
            notes.append(msg("import.spoilt_id", value=self.spoilt_id))
        return notes
