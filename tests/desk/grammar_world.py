"""A small world for the grammar's tests: incidents, units, a playbook, systems, towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from console.desk.grammar_context import Named, Recommended
from console.domain.addresses import Gazetteer, Town
from console.domain.categories import Categories, parse_categories
from console.domain.incident import Incident, make_id
from console.domain.lifecycle import State
from console.domain.message import Label, Message, msg
from console.domain.numbering import digits
from console.domain.playbook import Choice, Outcome, Playbook, Step

TODAY = 20261123
YESTERDAY = 20261122

_CATEGORIES = """
[fire]
label = { zh = "火警", en = "Fire" }
field = "fire"
priority = 1
aliases = ["huojing", "火"]
[fire.highrise]
label = { zh = "高层火警", en = "High-rise fire" }
short = { zh = "高层", en = "highrise" }
[traffic]
label = { zh = "交通事故", en = "Traffic accident" }
short = { zh = "事故", en = "traffic" }
field = "traffic"
[fraud]
label = { zh = "电诈", en = "Fraud" }
field = "fraud"
[other]
label = { zh = "其他", en = "Other" }
"""


@dataclass(frozen=True)
class Unit:
    """A unit on the board."""

    call_sign: str
    status: str = "available"
    incident: int | None = None


@dataclass(frozen=True)
class Pick:
    """A unit that would be sent."""

    call_sign: str
    distance_km: float | None
    reason: Message = field(default_factory=lambda: msg("dispatch.missing", kind="", count=1))


def incident(serial: int, day: int = TODAY, **changes: object) -> Incident:
    """An incident that is in hand, unless `changes` says otherwise."""
    values: dict[str, object] = {name: "" for name in Incident.__dataclass_fields__}
    numbers = ("casualties", "deaths", "injured", "amount_lost", "amount_saved", "amount_at_risk")
    values |= dict.fromkeys(numbers, 0)
    values |= {
        "id": make_id(day, serial), "version": 1, "state": State.ACTIVE, "priority": 2,
        "category": "fire", "first_category": "fire", "field": "fire", "town": "beigan",
        "place": "金城路88号", "lat": None, "lon": None, "received": 0, "due": None,
        "closed": None, "seat": "一席", "alarm_level": 0, "reports": 1, "units": 0,
        "merged_into": None, "facts": (), "contacted": None,
    }  # fmt: skip
    values |= changes
    return Incident(**values)  # type: ignore[arg-type]


BOOK = Playbook(
    "test",
    Label("试", "Test"),
    ("fire",),
    (
        Step("sign", Label("签收", "Sign"), "accept", (Outcome("done", Label("完成", "Done")),)),
        Step(
            "call",
            Label("电话", "Telephone"),
            "call",
            (
                Outcome("answered", Label("接通", "Answered")),
                Outcome("busy", Label("占线", "Busy")),
            ),
        ),
        Step(
            "verify",
            Label("核查", "Verify"),
            "done",
            (
                Outcome("true", Label("属实", "True"), aliases=("真的",)),
                Outcome("false", Label("不实", "False")),
                Outcome("saved", Label("保住", "Money saved"), asks=("amount_saved",)),
                Outcome("partly", Label("保住一半", "Half"), asks=("amount_saved", "amount_lost")),
                Outcome("hurt", Label("伤人", "Hurt"), asks=("injured", "cause")),
                Outcome("refused", Label("拒绝", "Refused"), asks=("reason",)),
            ),
            aliases=("核实",),
        ),
        Step(
            "family",
            Label("通知家属", "Tell the family"),
            "done",
            (Outcome("done", Label("完成", "Done")),),
        ),
        Step("shut", Label("办结", "Close"), "close", (Outcome("done", Label("完成", "Done")),)),
        Step("later", Label("回访", "Call back"), "done", (Outcome("done", Label("好", "Ok")),)),
    ),
)


def _choices() -> tuple[Choice, ...]:
    found: list[Choice] = []
    for step in BOOK.steps[1:5]:
        single = len(step.outcomes) == 1
        found += [
            Choice(
                step.id,
                None if single else one.id,
                step.verb,
                step.label,
                None if single else one.label,
                one.asks,
                1,
                None,
            )
            for one in step.outcomes
        ]
    return tuple(found)


@dataclass
class World:
    """The fake context. `selected` is the short number of the selected incident of today."""

    selected_serial: int | None = 41
    lang: str = "zh"
    district: str = "XS"
    own_seat: str = "九席"
    incidents: tuple[Incident, ...] = (
        incident(41),
        incident(42),
        incident(43),
        incident(3),
        incident(47, category="fire.highrise"),
        incident(50, state=State.NEW, seat=""),
        incident(51, state=State.CLOSED),
        incident(52, state=State.MERGED),
        incident(53, state=State.MERGED),
        incident(60, field="fraud", category="fraud"),
        incident(9, day=YESTERDAY),
        incident(42, day=YESTERDAY, state=State.CLOSED),
        incident(17),
        incident(17, day=YESTERDAY),
    )
    board: tuple[Unit, ...] = (
        Unit("P12", "on_scene", make_id(TODAY, 43)),
        Unit("P13"),
        Unit("E301", "dispatched", make_id(TODAY, 42)),
        Unit("E302", "out_of_service"),
        Unit("Medic 5", "dispatched", make_id(TODAY, 42)),
        Unit("新塘所"),
        Unit("新塘所 1组"),
        Unit("85"),
    )
    with_playbook: bool = True

    @property
    def selected(self) -> int | None:
        return None if self.selected_serial is None else make_id(TODAY, self.selected_serial)

    @property
    def categories(self) -> Categories:
        return CATEGORIES

    def incident(self, day: int | None, serial: int) -> Incident | None:
        found = [
            one
            for one in self.incidents
            if one.short == str(serial) and day in (None, one.id // 10**7)
        ]
        return max(found, key=lambda one: one.id, default=None)

    @property
    def today(self) -> int:
        return TODAY

    def bearing(self, serial: int) -> Sequence[Incident]:
        found = [
            one for one in self.incidents if one.short == str(serial) and one.state in OPEN_STATES
        ]
        return sorted(found, key=lambda one: -one.id)

    def place_ends(self, word: str) -> int:
        return GAZETTEER.names_end(word)

    def by_id(self, id_: int) -> Incident | None:
        return next((one for one in self.incidents if one.id == id_), None)

    def open_numbers(self, prefix: str, limit: int) -> Sequence[Incident]:
        found = [one for one in self.incidents if one.state in OPEN_STATES]
        return [one for one in found if one.short.startswith(prefix)][:limit]

    def unit(self, call_sign: str) -> Unit | None:
        wanted = call_sign.casefold()
        return next((one for one in self.board if one.call_sign.casefold() == wanted), None)

    def units(self) -> Sequence[Unit]:
        return self.board

    def choices(self, incident_id: int) -> Sequence[Choice]:
        return CHOICES if self.with_playbook else ()

    def playbook(self, incident_id: int) -> Playbook | None:
        return BOOK if self.with_playbook else None

    def digits(self, incident_id: int) -> Mapping[str, Mapping[str, int]]:
        return digits(BOOK, ()) if self.with_playbook else {}

    def systems(self) -> Sequence[Named]:
        return (
            Named("platform4", ("四平台", "Platform 4", "sipingtai")),
            Named("hotline12345", ("12345热线", "Hotline 12345", "12345")),
            Named("citymgmt", ("数字城管", "City management", "城管")),
        )

    def seats(self) -> Sequence[Named]:
        return (
            Named("一席", ("一席", "一席", "李某")),
            Named("二席", ("二席", "二席", "王某")),
        )

    def towns(self) -> Sequence[Named]:
        return (
            Named("beigan", ("北干街道", "Beigan", "北干")),
            Named("xintang", ("新塘街道", "Xintang", "新塘")),
        )

    def recommend(self, incident_id: int) -> Sequence[Recommended]:
        return (Pick("P13", 1.24), Pick("E301", None))


GAZETTEER = Gazetteer(
    {
        "beigan": Town("beigan", "北干街道", "街道", None, None, "bei gan"),
        "xintang": Town("xintang", "新塘街道", "街道", None, None, "xin tang"),
    },
    {"育才东路": ("xintang",), "金城路": ("beigan",)},
    {"转塘村": ("xintang",)},
)
OPEN_STATES = {State.NEW, State.ACCEPTED, State.ACTIVE, State.RESOLVED, State.TRANSFERRED}
CHOICES = _choices()
CATEGORIES, _FAULTS = parse_categories(_CATEGORIES, "categories.toml")
assert not _FAULTS, _FAULTS


def today(serial: int) -> int:
    """The id of an incident of today."""
    return make_id(TODAY, serial)
