"""Public warnings in files: CAP documents brought in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console.desk import apart, intake
from console.desk.desk import Desk
from console.domain.message import Message, msg

MOST_BYTES = 4 * 1024 * 1024
"""Of one document."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of documents.

    `read` counts documents, `new` and `attached` incidents, `duplicate` what was known,
    `apart` what is kept and raises nothing, `refused` what could not be read.
    """

    read: int
    new: int
    attached: int
    duplicate: int
    apart: int
    refused: int
    notes: tuple[Message, ...] = field(default=())

    def as_json(self) -> dict[str, int]:
        """The shape that machines may rely on."""
        return {
            "read": self.read,
            "new": self.new,
            "attached": self.attached,
            "duplicate": self.duplicate,
            "apart": self.apart,
            "refused": self.refused,
        }


def import_alerts(desk: Desk, files: Sequence[Path]) -> Brought:
    """Bring in CAP documents as if their publisher had sent them now.

    Args:
        desk: where to, and who does it.
        files: in any order; what changes others is taken behind them. One that cannot be
            read is refused alone, goes to the tray, and is named.
    """
    from adapters import cap
    from adapters.cap.link import sort_out
    from adapters.cap.meaning import SYSTEM

    read: list[tuple[cap.Alert, bytes]] = []
    notes: list[Message] = []
    unread: list[tuple[str, str]] = []
    for path in files:
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            notes.append(msg("cap.no_file", file=str(path), reason=error.strerror or str(error)))
            continue
        try:
            alert = cap.parse(data)
        except cap.CapError as error:
            reason = f"{error.where or error.element}: {error.reason}"
            notes.append(msg("cap.refused", file=str(path), reason=reason))
            unread.append((data.decode("utf-8", "replace"), reason))
            continue
        read.append((alert, data))
        if alert.warnings:
            odd = ", ".join(f"{one.where or one.element}: {one.reason}" for one in alert.warnings)
            notes.append(msg("cap.warned", file=str(path), reason=odd))
    reports, kept = sort_out(read, desk.clock.now())
    with desk.writing(desk.seat) as work:
        taken = intake.take_in_all(work, reports)
        known = sum(not apart.keep_apart(work, SYSTEM, one) for one in kept)
        for raw, reason in unread:
            intake.take_unread(work, SYSTEM, raw, reason)
    return Brought(
        read=len(files),
        new=sum(one.kind == "new" for one in taken),
        attached=sum(one.kind == "attached" for one in taken),
        duplicate=known + sum(one.kind in ("repeated", "changed") for one in taken),
        apart=len(kept) - known,
        refused=len(files) - len(read),
        notes=tuple(notes),
    )
