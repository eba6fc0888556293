"""The command line's view of the world: what it may ask, and what it answers when it cannot.

The desk answers these questions from a read transaction; tests answer them from a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from console.desk.verb import Param
from console.domain.categories import Category
from console.domain.incident import Incident
from console.domain.message import Label, Message
from console.domain.playbook import Choice, Playbook


class UnitAt(Protocol):
    """A unit on the board: what it is doing, and for which incident."""

    @property
    def call_sign(self) -> str:
        """Its call sign; it may contain spaces."""

    @property
    def status(self) -> str:
        """A value of `console.domain.units.UnitStatus`."""

    @property
    def incident(self) -> int | None:
        """Id of the incident it is on, or None."""


class Recommended(Protocol):
    """A unit that would be sent, or (with an empty call sign) a kind that is missing."""

    @property
    def call_sign(self) -> str:
        """Its call sign, or "" when no unit of the kind is free."""

    @property
    def distance_km(self) -> float | None:
        """How far it is from the incident, or None when nobody knows."""

    @property
    def reason(self) -> Message:
        """Why this one, or what is missing."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id and words for it (a system, a town): first its name in Chinese,
    then in English, then whatever else people say."""

    id: str
    words: tuple[str, ...]

    @property
    def label(self) -> Label:
        """Its name in both languages; the id when it has none."""
        zh = self.words[0] if self.words else self.id
        return Label(zh, self.words[1] if len(self.words) > 1 else zh)


class Tree(Protocol):
    """The tree of categories, as far as the command line needs it."""

    def get(self, code: str) -> Category:
        """The category, or its nearest known ancestor."""

    def __iter__(self) -> Iterator[Category]:
        """All of them, in the order of the tree."""

    def called(self, word: str) -> tuple[Category, ...]:
        """Categories that `word` names exactly."""


class Context(Protocol):
    """What the command line asks about the world.

    Every answer comes from one moment; none of these methods changes anything.
    """

    @property
    def selected(self) -> int | None:
        """Id of the incident whose row is selected."""

    @property
    def lang(self) -> str:
        """The language of the screen, ``zh`` or ``en``: what is completed first."""

    @property
    def district(self) -> str:
        """The district's code, as in a full number (``XS``)."""

    @property
    def own_seat(self) -> str:
        """The seat that the line is typed at."""

    @property
    def categories(self) -> Tree:
        """The tree of categories."""

    def incident(self, day: int | None, serial: int) -> Incident | None:
        """The incident of a day (YYYYMMDD); without a day the newest that has the serial."""

    @property
    def today(self) -> int:
        """The day in the center's zone, YYYYMMDD."""

    def bearing(self, serial: int) -> Sequence[Incident]:
        """The open incidents of any day that have the serial, the newest first."""

    def place_ends(self, word: str) -> int:
        """Where the names of places end with which a word begins; 0 when it begins with none."""

    def by_id(self, id_: int) -> Incident | None:
        """The incident with this id."""

    def open_numbers(self, prefix: str, limit: int) -> Sequence[Incident]:
        """At most `limit` open incidents whose short number begins with `prefix`."""

    def unit(self, call_sign: str) -> UnitAt | None:
        """The unit with this call sign, whatever the case of its letters."""

    def units(self) -> Sequence[UnitAt]:
        """Every unit of the district."""

    def choices(self, incident_id: int) -> Sequence[Choice]:
        """The open steps of an incident and their outcomes."""

    def playbook(self, incident_id: int) -> Playbook | None:
        """The playbook of an incident: further words for its steps."""

    def digits(self, incident_id: int) -> Mapping[str, Mapping[str, int]]:
        """The digits of the outcomes of an incident's steps: step -> outcome -> digit."""

    def systems(self) -> Sequence[Named]:
        """Departments and systems that an incident can be transferred to."""

    def seats(self) -> Sequence[Named]:
        """Seats at which an officer may work: their names, and who sits there."""

    def towns(self) -> Iterable[Named]:
        """The towns of the district."""

    def recommend(self, incident_id: int) -> Sequence[Recommended]:
        """The units that would be sent when none is named."""


class Following:
    """The same world after a command about an incident: that one is selected now.

    Args:
        context: the world.
        selected: id of the incident.
    """

    def __init__(self, context: Context, selected: int) -> None:
        self.selected: int | None = selected
        self.lang = context.lang
        self.district = context.district
        self.own_seat = context.own_seat
        self.today = context.today
        self.categories = context.categories
        self.incident = context.incident
        self.by_id = context.by_id
        self.bearing = context.bearing
        self.place_ends = context.place_ends
        self.open_numbers = context.open_numbers
        self.unit = context.unit
        self.units = context.units
        self.choices = context.choices
        self.playbook = context.playbook
        self.digits = context.digits
        self.systems = context.systems
        self.seats = context.seats
        self.towns = context.towns
        self.recommend = context.recommend


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things that a line could have meant.

    Args:
        digit: the key under which it is offered; 0 when there are more than digits.
        label: what it is.
        line: the line as it would be with it.
    """

    digit: int
    label: Label
    line: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that was not understood to its end. Nothing was done.

    Args:
        message: what is wrong or missing, a sentence.
        at: index in the line where it went wrong; the line's length when words are missing.
        understood: what was understood before that, or None.
        missing: the argument that is missing, or None when something is wrong instead.
        options: what can be chosen, when one of several things must be.
    """

    message: Message
    at: int
    understood: Message | None = None
    missing: Param | None = None
    options: tuple[Option, ...] = ()
