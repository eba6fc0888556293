"""What the queue shows: a filter as a value, and the words that it is typed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Every given condition must hold; the empty filter shows everything open."""

    field: str = ""
    category: str = ""
    """A category's code; its sub-categories belong to it."""
    town: str = ""
    priority: int = 0
    states: tuple[str, ...] = ()
    seat: str = ""
    unit: str = ""
    overdue: bool = False
    words: tuple[str, ...] = ()
    """Each must occur in place, text or phone number."""


OVERDUE = ("超时", "overdue", "chaoshi", "late")
MINE = ("我的", "mine", "wode", "本席")
STATES: Mapping[str, tuple[str, ...]] = {
    "new": ("待签", "new", "daiqian", "新"),
    "accepted": ("已签", "accepted", "yiqian", "签收"),
    "active": ("处置", "active", "chuzhi", "处置中"),
    "resolved": ("已毕", "resolved", "yibi", "毕"),
    "transferred": ("已转", "transferred", "yizhuan", "转办"),
}
PRIORITIES: Mapping[int, tuple[str, ...]] = {
    1: ("一级", "p1"),
    2: ("二级", "p2"),
    3: ("三级", "p3"),
    4: ("四级", "p4"),
}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "fire": ("火警", "fire", "huo", "火", "火灾"),
    "traffic": ("事故", "traffic", "shigu", "交通", "accident", "车祸"),
    "fraud": ("电诈", "fraud", "dianzha", "诈骗", "反诈", "zha"),
}
FILTER_WORDS: tuple[tuple[str, ...], ...] = (
    OVERDUE,
    MINE,
    *STATES.values(),
    *PRIORITIES.values(),
    *FIELDS.values(),
)
"""Every condition that has words of its own: Chinese, English, then others."""
