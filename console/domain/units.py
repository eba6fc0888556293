"""Units: their kinds, their status, and the words for both.

The order of statuses is available, dispatched, en route, on scene, clearing,
available. A skip forward is lawful (a crew forgets a message; the times between stay
missing); backwards leads only an undo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from console.domain.incident import short_number
from console.domain.message import Label, Message, msg
from console.domain.writing import fold


class UnitStatus(StrEnum):
    """What a unit is doing."""

    AVAILABLE = "available"
    DISPATCHED = "dispatched"
    ENROUTE = "enroute"
    ON_SCENE = "on_scene"
    CLEARING = "clearing"
    OUT_OF_SERVICE = "out_of_service"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _LABELS[self]


_S = UnitStatus
_LABELS = {
    _S.AVAILABLE: msg("unit.available"),
    _S.DISPATCHED: msg("unit.dispatched"),
    _S.ENROUTE: msg("unit.enroute"),
    _S.ON_SCENE: msg("unit.on_scene"),
    _S.CLEARING: msg("unit.clearing"),
    _S.OUT_OF_SERVICE: msg("unit.out_of_service"),
}

STATUS_WORDS: Mapping[UnitStatus, tuple[str, ...]] = {
    _S.AVAILABLE: ("待命", "available", "daiming", "av", "可用", "归队"),
    _S.DISPATCHED: ("已派", "dispatched", "yipai", "dp"),
    _S.ENROUTE: ("出动", "enroute", "chudong", "en route", "en-route", "er", "出发"),
    _S.ON_SCENE: ("到场", "on_scene", "daochang", "on scene", "on-scene", "onscene", "os", "到达"),
    _S.CLEARING: ("返回", "clearing", "fanhui", "cl", "撤离", "cheli"),
    _S.OUT_OF_SERVICE: (
        "停勤", "out_of_service", "tingqin", "out of service", "out-of-service", "oos",
    ),
}  # fmt: skip
"""Chinese, English, pinyin first; then what else crews say."""

_ORDER = (_S.DISPATCHED, _S.ENROUTE, _S.ON_SCENE, _S.CLEARING)


def status_called(word: str) -> UnitStatus | None:
    """The status that `word` names, exactly or by a prefix that only one status has."""
    wanted = fold(word)
    if not wanted:
        return None
    for status, words in STATUS_WORDS.items():
        if wanted in words:
            return status
    fits = {s for s, words in STATUS_WORDS.items() if any(w.startswith(wanted) for w in words)}
    return fits.pop() if len(fits) == 1 else None


def status_refused(old: UnitStatus, new: UnitStatus) -> Message | None:
    """Why a unit cannot go from `old` to `new` by a status message; None when it can.

    Being dispatched is the verb ``dispatch``. The same status again changes nothing and
    is lawful (crews repeat themselves).
    """
    if old == new or new in (_S.AVAILABLE, _S.OUT_OF_SERVICE):
        return None
    if new is _S.DISPATCHED:
        return msg("unit.by_dispatch")
    if old not in _ORDER:
        return msg("unit.not_dispatched", old=old.label, new=new.label)
    if _ORDER.index(new) < _ORDER.index(old):
        return msg("unit.backwards", old=old.label, new=new.label)
    return None


def dispatch_refused(
    call_sign: str, status: UnitStatus, on: int | None, incident: int
) -> Message | None:
    """Why a unit cannot be sent to an incident; None when it can.

    A unit that is clearing may be sent again, to its old incident too.

    Args:
        call_sign: the unit's.
        status: what it is doing.
        on: id of the incident it is on, or None.
        incident: id of the incident it is to be sent to.
    """
    if status is _S.OUT_OF_SERVICE:
        return msg("dispatch.out_of_service", unit=call_sign)
    if on is None or status is _S.CLEARING:
        return None
    if on == incident:
        return msg("dispatch.already_here", unit=call_sign, number=short_number(on))
    return msg("dispatch.busy", unit=call_sign, number=short_number(on), status=status.label)


MEASURE = "个"
"""What Chinese counts units with when their kind says nothing else."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of unit: its name and the letters with which its call signs begin."""

    id: str
    label: Label
    prefixes: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    measure: str = MEASURE
    """What Chinese counts them with: 辆, 组, 名."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as the choice sees it. `load` counts the incidents of its shift so far."""

    call_sign: str
    kind: str
    town: str
    lat: float | None
    lon: float | None
    status: UnitStatus
    load: int = 0
