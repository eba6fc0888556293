"""The values of facts, as people say them: moments on the center's clock, ids by their names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from console.domain.day_words import moment_said
from console.domain.message import Arg, Message

SAID_AS: Final[Mapping[str, str]] = {
    "预警平台": "platform",
    "风险等级": "level",
    "可能损失": "at_risk",
    "通话状态": "call_state",
    "楼高": "height",
    "消控室": "control_room",
    "室内消火栓": "indoor_hydrants",
    "群": "group",
    "照片": "pictures",
}
"""Names that sources give a fact in Chinese -> ours."""

VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "level": {"高": "high", "中": "medium", "低": "low"},
    "layer": {"rented": "rented", "people": "people", "firms": "firms", "addresses": "addresses"},
    "scenario": {"rented_crowded": "rented_crowded"},
    "kind": {
        "tenant": "tenant",
        "volunteer": "volunteer",
        "aid": "aid",
        "redemption": "redemption",
    },
    "severity": {
        "Extreme": "extreme",
        "Severe": "severe",
        "Moderate": "moderate",
        "Minor": "minor",
        "Unknown": "not_known",
    },
    "urgency": {
        "Immediate": "immediate",
        "Expected": "expected",
        "Future": "future",
        "Past": "past",
        "Unknown": "not_known",
    },
    "certainty": {
        "Observed": "observed",
        "Likely": "likely",
        "Possible": "possible",
        "Unlikely": "unlikely",
        "Unknown": "not_known",
    },
    "call_state": {"通话中": "on_the_phone"},
    "status": {"open": "open", "closed": "closed"},
    "platform": {"金钟罩": "fraudguard"},
    "call_back": {"yes": "yes", "true": "yes", "1": "yes"},
}
"""Name of a fact -> its value -> the id of that in the catalogue."""


def said_values() -> frozenset[str]:
    """Every value with a name in the catalogue."""
    return frozenset(id_ for values in VALUES.values() for id_ in values.values())


def fact_value(name: str, value: str, zone: tzinfo) -> Arg:
    """What a fact is, in words.

    Args:
        name: the fact's name, as its source has it.
        value: its value.
        zone: the center's zone.
    """
    named = VALUES.get(SAID_AS.get(name, name), {}).get(value)
    if named is not None:
        return Message(f"value.{named}")
    return moment_said(value, zone) or value
