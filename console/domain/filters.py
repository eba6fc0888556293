"""What the queue shows: a filter as a value, and the words that it is typed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the past, and what a bar of the figures counts: incidents of any state.

    Merged incidents count once, so those that were merged into another do not belong to it.
    """

    first: int
    """YYYYMMDD in the center's zone."""
    last: int
    """The last day, included."""
    exact: tuple[tuple[str, str], ...] = ()
    """What is counted by (`EXACT`) and its value, which may be empty. Of several values of the same
    one must hold: sources have more than one word for some things."""


EXACT = (
    "field",
    "town",
    "category",
    "severity",
    "class",
    "outcome",
    "result",
    "cause",
    "alarm",
    "weekday",
    "hour",
    "place",
)
"""What a bar can be counted by. ``weekday`` 1 is Monday, ``place`` the beginning of a place; of
numbers see `RANGES`."""

RANGES: Mapping[str, tuple[int, int]] = {"alarm": (1, 5), "weekday": (1, 7), "hour": (0, 23)}
"""Those of `EXACT` that are numbers, each with the least and the greatest."""


def span_words(span: Span) -> str | None:
    """A span as words of a filter, to be read by it again; None when they cannot be said.

    A value with a blank in it stands in quotes, one with both kinds of quotes in it cannot.
    """
    first, last = (f"{day:08d}" for day in (span.first, span.last))
    days = [f"{one[:4]}-{one[4:6]}-{one[6:]}" for one in (first, last)]
    words = [days[0] if span.first == span.last else "..".join(days)]
    for name, value in span.exact:
        word = f"{name}={value}"
        if any(sign.isspace() for sign in word):
            # The full-width quote is read as the narrow one.
            pair = next((p for p in ('""', "“”") if p[1] not in word.replace("＂", '"')), None)
            if pair is None:
                return None
            word = f"{pair[0]}{word}{pair[1]}"
        words.append(word)
    return " ".join(words)


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
    span: Span | None = None
    """Set: the incidents of these days, open or over, the newest first."""


OVERDUE = ("超时", "overdue", "chaoshi", "late")
MINE = ("我的", "mine", "wode", "本席")
STATES: Mapping[str, tuple[str, ...]] = {
    "new": ("待签", "new", "daiqian", "新", "待签收"),
    "accepted": ("已签", "accepted", "yiqian", "签收", "已签收", "taken"),
    "active": ("处置", "active", "chuzhi", "处置中"),
    "resolved": ("已毕", "resolved", "yibi", "毕", "已处置", "处置完毕", "done"),
    "transferred": ("已转", "transferred", "yizhuan", "转办", "已转办", "sent"),
}
PRIORITIES: Mapping[int, tuple[str, ...]] = {
    1: ("一级", "p1", "1级", "i级"),
    2: ("二级", "p2", "2级", "ii级"),
    3: ("三级", "p3", "3级", "iii级"),
    4: ("四级", "p4", "4级", "iv级"),
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
