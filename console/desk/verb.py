"""What a verb is: one definition from which everything an officer can do is made.

A verb is declared without the store. What it performs with is named by `does` and
imported when it is first used, so that keys, help and completion are there at the
first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from console.domain.incident import Incident
from console.domain.lifecycle import State, lawful, state_label
from console.domain.message import Message, msg


class Kind(Enum):
    """What an argument of a verb is."""

    INCIDENT = "incident"
    INCIDENTS = "incidents"
    UNIT = "unit"
    UNITS = "units"
    STATUS = "status"
    OUTCOME = "outcome"
    RESULT = "result"
    """How the step that ends the work on the spot ended; asked where it can end in several ways."""
    STEP = "step"
    SYSTEM = "system"
    SEAT = "seat"
    """Another seat, by its name or by who sits there."""
    PRIORITY = "priority"
    ALARM = "alarm"
    CATEGORY = "category"
    DAYS = "days"
    """A number of working days."""
    MONEY = "money"
    WORDS = "words"
    """Search or filter words."""
    LANGUAGE = "language"
    THEME = "theme"
    TEXT = "text"
    """Free text to the end of the line: nothing in it is read as anything else."""


@dataclass(frozen=True, slots=True)
class Param:
    """One argument: its kind, and whether the line is complete without it.

    The id of its name in the catalogue is ``param.<kind>`` unless `name` says
    otherwise.
    """

    kind: Kind
    required: bool = True
    name: str = ""
    free: bool = False
    """Of an incident: the line may also be about none."""

    @property
    def label(self) -> Message:
        """Its name for the ghost line."""
        return Message(f"param.{self.name or self.kind.value}")


@dataclass(frozen=True, slots=True)
class Names:
    """A verb's names, as typed.

    `also` are the further words that officers and the screen use for it, in any language, with
    commas between; a name may have several words. They are typed whole: only the first three
    may be shortened.
    """

    zh: str
    en: str
    pinyin: str
    also: str = ""

    @property
    def main(self) -> tuple[str, str, str]:
        """Chinese, English, pinyin: what is shown, and may be shortened."""
        return self.zh, self.en, self.pinyin

    @property
    def all(self) -> tuple[str, ...]:
        """Every name, in any of which it may be typed."""
        return (*self.main, *self.further)

    @property
    def further(self) -> tuple[str, ...]:
        """The names beside those three."""
        return tuple(name.strip() for name in self.also.split(",") if name.strip())


@dataclass(frozen=True, slots=True)
class Command:
    """A line that was understood: the verb and its arguments, resolved."""

    verb: Verb
    line: str
    incident: int | None = None
    """Id of the incident it is about."""
    others: tuple[int, ...] = ()
    """Ids of further incidents (merge, split)."""
    units: tuple[str, ...] = ()
    status: str = ""
    step: str = ""
    """Id of a playbook's step."""
    outcome: str = ""
    """Id of a step's outcome."""
    system: str = ""
    seat: str = ""
    """The seat that gets something."""
    priority: int = 0
    alarm: int = 0
    category: str = ""
    days: int = 0
    """Working days."""
    money: int | None = None
    """Whole yuan; the first number, where an outcome asks for counts."""
    numbers: tuple[tuple[str, int], ...] = ()
    """The numbers that the outcome asks for, by name, in its order."""
    words: tuple[str, ...] = ()
    text: str = ""


EVERYBODY = frozenset({"officer", "supervisor", "unit", "reader"})
OFFICERS = frozenset({"officer", "supervisor"})


class Verb:
    """Something an officer can do. Subclasses say what; the registry holds one of each."""

    id: ClassVar[str]
    names: ClassVar[Names]
    params: ClassVar[tuple[Param, ...]] = ()
    key: ClassVar[str] = ""
    """A Textual key, or "" when only the command line, Enter and 1-9 lead here."""
    roles: ClassVar[frozenset[str]] = OFFICERS
    example: ClassVar[tuple[str, str]] = ("", "")
    """In Chinese and in English, for the help."""
    does: ClassVar[str] = ""
    """``module:function`` that performs it on the desk; "" for a verb of the screen."""
    previews: ClassVar[str] = ""
    """``module:function`` that says what it would do to what it names; "" when the entry
    ``explain.<verb>`` says enough."""
    lifecycle: ClassVar[str] = ""
    """The transition that it makes, if it makes one."""
    number_first: ClassVar[bool] = False
    """Whether a bare number that comes first is the incident also where words may follow."""
    confirms: ClassVar[bool] = False
    """Whether the screen asks once more (default No) before it is done."""

    @property
    def label(self) -> Message:
        """Its name for people."""
        return Message(f"verb.{self.id}")

    @property
    def about(self) -> Message:
        """One sentence: what it does."""
        return Message(f"verb.{self.id}.about")

    @property
    def takes_text(self) -> bool:
        """Whether free text can follow, so that a bare number is not an incident."""
        return any(p.kind is Kind.TEXT for p in self.params)

    def blocked(self, incident: Incident) -> Message | None:
        """Why it cannot be done to `incident` right now, or None when it can."""
        if self.lifecycle and not lawful(self.lifecycle, incident.state):
            return msg(
                "lifecycle.not_from",
                verb=self.label,
                state=state_label(incident.state),
                number=incident.short,
                seat=incident.seat,
            )
        return None

    def refused(self, incident: Incident, seat: str) -> Message | None:
        """The same, as it is said at a seat."""
        return self.blocked(incident)


class WorkVerb(Verb):
    """A verb that works on an incident which somebody has in hand."""

    lifecycle = "work"

    def blocked(self, incident: Incident) -> Message | None:
        # The first action on a new incident accepts it by the way.
        if incident.state is State.NEW:
            return None
        return super().blocked(incident)
