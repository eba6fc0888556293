"""The incident that a line was begun for, and what was known of it then.

A line keeps its incident from its first character on; `console.desk.meanwhile` holds the
line against what has become of it. Nothing of the store comes with this module.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Aim:
    """What a line without a number is about, and what was known when it was begun.

    Args:
        incident: id of the incident that was selected; None when none was.
        known: the end of the journal that the screen had read; 0 when nobody knows.
        seen: the newest entry about the incident that stood on the screen; 0 as above.
        blind: the line was begun before it could be seen which incident it would be
            about (while a search was still under way).
    """

    incident: int | None = None
    known: int = 0
    seen: int = 0
    blind: bool = False

    @property
    def since(self) -> int:
        """What comes after this place in the journal, the officer had not read; 0: nobody knows."""
        return self.seen or self.known

    def on(self, incident: int) -> Aim:
        """The same moment, another incident: of a line whose first command named one."""
        return self if incident == self.incident else replace(self, incident=incident, seen=0)
