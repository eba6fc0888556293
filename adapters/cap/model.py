"""The values of a CAP 1.2 alert: what a message says, without how it is written.

Source: OASIS Common Alerting Protocol 1.2 (July 2010), section 3.2, the data dictionary.
Names are the standard's in our spelling. Moments are whole seconds in milliseconds since
the Unix epoch, UTC: CAP writes no fractions. An optional text that is not there is "".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
NAMESPACE_1_1 = "urn:oasis:names:tc:emergency:cap:1.1"

REASONS = (
    "missing",  # a required element is not there
    "empty",  # it is there and says nothing
    "twice",  # it may stand once only
    "order",  # it stands behind one that must follow it
    "unknown",  # CAP has no such element here
    "nested",  # elements where a text belongs
    "loose_text",  # a text where elements belong
    "root",  # not an alert at all
    "namespace",  # another version, or not CAP
    "characters",  # a space, comma, < or & in a name, or what XML cannot write
    "value",  # not one of the values that the standard lists
    "time",  # not YYYY-MM-DDThh:mm:ss+hh:mm, or no such moment
    "time.zone",  # the zone is not a number: CAP forbids Z
    "reference",  # not sender,identifier,sent
    "reference.self",  # a message that names itself
    "number",
    "pair",  # not latitude,longitude
    "range",  # no such latitude or longitude, or a negative radius or size
    "polygon.points",  # fewer than four
    "polygon.open",  # the last is not the first
    "language",  # no language tag of RFC 3066
    "altitude",  # a ceiling without an altitude
    "changed",  # (writing) the text would not be read back as it is
)
"""Why a message is refused; beside these, the reasons of `adapters.safe_xml`."""

WARNINGS = (
    "version",  # CAP 1.1
    "time.utc",  # UTC as +00:00, which CAP wants as -00:00
    "expires",  # over before it begins
    "empty",  # an optional value that is there and says nothing
    "references",  # an Update that names nothing: it stands alone
    "very_likely",  # the certainty of CAP 1.0, read as Likely
    "address",  # no full web address
    "ceiling",  # below the altitude
    "foreign",  # an element of somebody else's: not read
    "signature",  # an XML signature: not checked
)
"""What is odd in a message and still read."""

DEFAULT_LANGUAGE = "en-US"
"""What an info block without a language is in (3.2.2, language)."""


class Status(StrEnum):
    """How the message is to be handled (3.2.1). Only `ACTUAL` is about the world."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    """What the message does (3.2.1)."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """Whom it is meant for (3.2.1)."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    """The kind of event (3.2.2)."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class ResponseType(StrEnum):
    """What people should do (3.2.2); the two last ones are new in 1.2."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    NONE = "None"
    AVOID = "Avoid"
    ALL_CLEAR = "AllClear"


class Urgency(StrEnum):
    """How soon to act (3.2.2)."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """How bad it is (3.2.2)."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is (3.2.2)."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class CapError(ValueError):
    """A message that is refused.

    `element` is the name of the element at fault as the standard spells it, `where` its
    path from the root (``info[2].area[1].polygon[1]``, counted from 1), `reason` one of
    `REASONS`.
    """

    def __init__(self, element: str, reason: str, where: str = "") -> None:
        super().__init__(f"{where or element}: {reason}")
        self.element = element
        self.reason = reason
        self.where = where or element


@dataclass(frozen=True, slots=True)
class Warned:
    """What was odd in a message that is read all the same: as in `CapError`."""

    element: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message, named by its three parts (3.2.1, references)."""

    sender: str
    identifier: str
    sent: int

    @property
    def key(self) -> tuple[str, str]:
        """What names a message: an identifier is a sender's for ever (3.2.1, identifier)."""
        return self.sender, self.identifier


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and a value that the sender's own system defines (event code, parameter, geocode)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS 84, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A place and a radius in kilometres."""

    centre: Point
    radius: float


@dataclass(frozen=True, slots=True)
class Area:
    """Where. A polygon's last point is its first; altitude and ceiling are feet above sea."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Pair, ...] = ()
    altitude: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that belongs to an info block. `size` in bytes, `digest` SHA-1, `content` base64."""

    description: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    content: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """One event in one language."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = DEFAULT_LANGUAGE
    response_types: tuple[ResponseType, ...] = ()
    audience: str = ""
    event_codes: tuple[Pair, ...] = ()
    effective: int | None = None
    onset: int | None = None
    expires: int | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Pair, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One message. Several info blocks are the same event in other words or for other areas."""

    identifier: str
    sender: str
    sent: int
    status: Status
    msg_type: MsgType
    scope: Scope
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()
    warnings: tuple[Warned, ...] = field(default=(), compare=False)
    """What was odd about the document it was read from; no part of what it says."""

    @property
    def reference(self) -> Reference:
        """How a later message names this one."""
        return Reference(self.sender, self.identifier, self.sent)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it speaks, each once, in its own order."""
        return tuple(dict.fromkeys(info.language for info in self.infos))

    @property
    def is_over(self) -> bool:
        """Whether it says of everything in it that it has passed (AllClear, or urgency Past)."""
        return bool(self.infos) and all(
            info.urgency is Urgency.PAST or ResponseType.ALL_CLEAR in info.response_types
            for info in self.infos
        )

    @property
    def gives_all_clear(self) -> bool:
        """Whether it says of everything in it that there is no danger any more (AllClear)."""
        return bool(self.infos) and all(
            ResponseType.ALL_CLEAR in info.response_types for info in self.infos
        )

    def in_language(self, *wanted: str) -> tuple[Info, ...]:
        """The info blocks of one language: the first of `wanted` that there is.

        A tag is matched whole, then by its first part (``zh-CN`` also takes ``zh-Hans``),
        letters' case apart (RFC 3066, 2.1). With none of them there it is the first
        language of the message: an alert is never without words because of its language.
        """
        for tag in wanted:
            for same in (_whole, _first_part):
                found = next((one for one in self.languages if same(one) == same(tag)), None)
                if found is not None:
                    return self._of(found)
        return self._of(self.languages[0]) if self.infos else ()

    def _of(self, language: str) -> tuple[Info, ...]:
        return tuple(info for info in self.infos if _whole(info.language) == _whole(language))

    def areas(self) -> Iterator[Area]:
        """Every area of every info block, each once (languages repeat shapes, not names)."""
        return iter(dict.fromkeys(area for info in self.infos for area in info.areas))


def _whole(tag: str) -> str:
    return tag.lower()


def _first_part(tag: str) -> str:
    return tag.lower().partition("-")[0]
