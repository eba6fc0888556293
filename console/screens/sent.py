"""A line on its way, what a line behind it is about, and a line as a draft.

Keys may come faster than answers. A line that is begun while another is still being done
is about whatever that one was about; it is known when its turn comes, for lines are done
in order.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from console.desk.aim import Aim

if TYPE_CHECKING:
    from console.desk.desk import Done

_SEARCHES = frozenset({"find", "filter"})
"""Verbs of the screen after which another incident is selected, nobody knows yet which."""


class Sent:
    """One line that was sent.

    Args:
        about: what it was begun for.
        place: where the officer was when it was sent (see `Entry`).
        line: its text.
    """

    def __init__(self, about: Aim | Sent, place: object, line: str = "") -> None:
        self.line = line
        self.about = about
        self.place = place
        self.after: Aim | None = None
        """What a line is about that was begun behind it; None until it was done."""

    def done(self, run: Callable[[Aim], list[Done]]) -> list[Done]:
        """Do it, in the writer's thread, in its turn."""
        aim = aim_of(self.about)
        assert aim is not None, "lines are done in the order in which they were sent"
        self.after = Aim(None, aim.known, blind=True)  # should it end in a fault
        answers = run(aim)
        last = answers[-1] if answers else None
        if last is None:
            self.after = aim
        elif last.incident is not None:
            self.after = aim.on(last.incident)
        elif last.ok and last.verb not in _SEARCHES:
            self.after = aim
        return answers


def aim_of(about: Aim | Sent | None) -> Aim | None:
    """The incident that is meant, as far as it is known; None before the line was done."""
    return about.after if isinstance(about, Sent) else about


def draft_of(text: str, aim: Aim | None) -> str:
    """A line as it is kept in the store, with the incident that it was begun for."""
    if not text or aim is None:
        return text
    kept = {"text": text, "incident": aim.incident, "known": aim.known, "seen": aim.seen}
    return json.dumps(kept, ensure_ascii=False)


def read_draft(kept: str) -> tuple[str, Aim | None]:
    """The line that was kept; one of an older version says no incident."""
    try:
        found = json.loads(kept)
    except ValueError:
        return kept, None
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        return kept, None

    incident, known, seen = (found.get(name) for name in ("incident", "known", "seen"))
    if not isinstance(incident, int | None) or not isinstance(known, int):
        return kept, None
    return found["text"], Aim(incident, known, seen if isinstance(seen, int) else 0)
