"""110 or 12345: whose a call is, whether that is clear, and what is done with it.

Source: 国办发〔2022〕12号. 110 takes crime, public order, traffic, mass events that endanger
people, property or order, urgent help against danger to life, body and property, and
complaints on the police; 12345 takes what is not urgent. A clear case of the other side
goes there by one key. An unclear one is heard by all three (caller, 12345, 110), who
agree; where they do not, whoever answered first takes it. Where violence is at risk, or a
danger that only the police can meet, 110 sends somebody first and passes the rest on.

Which categories and words belong to whom is ``[routing]`` of ``systems.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.domain.categories import within
from console.domain.message import Message, msg
from console.domain.persons import denied
from console.domain.tables import Table


class Desk(StrEnum):
    """The two that a call can belong to; the values are the systems' ids."""

    POLICE = "alarm110"
    HOTLINE = "hotline12345"


class Way(StrEnum):
    """What is done with the call."""

    KEEP = "keep"
    ONE_KEY = "one_key"
    THREE_WAY = "three_way"
    DISPATCH_FIRST = "dispatch_first"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _WAYS[self]


_WAYS = {
    Way.KEEP: msg("routing.keep"),
    Way.ONE_KEY: msg("routing.one_key"),
    Way.THREE_WAY: msg("routing.three_way"),
    Way.DISPATCH_FIRST: msg("routing.dispatch_first"),
}


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """Category prefixes and words of either side; `violence` are words of risk."""

    police: tuple[str, ...]
    hotline: tuple[str, ...]
    police_words: tuple[str, ...]
    hotline_words: tuple[str, ...]
    violence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """Whose it is: `owner` is None while nobody can say.

    `passes_on`: the other side gets its part afterwards. `words` are those that decided.
    """

    owner: Desk | None
    way: Way
    violence: bool = False
    passes_on: bool = False
    words: tuple[str, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether it is plain whose it is."""
        return self.owner is not None


def route(text: str, category: str, answered_by: Desk, rules: RoutingRules) -> Routing:
    """Where a call belongs.

    Args:
        text: the cleaned words of the caller.
        category: a code of the tree, "" or ``other`` when nothing is known.
        answered_by: who took the call.
    """
    violence = said(text, rules.violence)
    police, hotline = said(text, rules.police_words), said(text, rules.hotline_words)
    by_category = _of_category(category, rules)
    other_part = by_category is Desk.HOTLINE or bool(hotline)
    if violence:
        way = Way.DISPATCH_FIRST if answered_by is Desk.POLICE else Way.ONE_KEY
        return Routing(Desk.POLICE, way, True, other_part, violence)
    # The words of the caller say more than the class that somebody gave it.
    claims = {Desk.POLICE} if police else set()
    claims |= {Desk.HOTLINE} if hotline else set()
    if not claims and by_category is not None:
        claims = {by_category}
    if len(claims) != 1:
        return Routing(None, Way.THREE_WAY, words=(*police, *hotline))
    owner = claims.pop()
    way = Way.KEEP if owner is answered_by else Way.ONE_KEY
    return Routing(owner, way, words=police or hotline)


def agreed(answered_by: Desk, police_says: Desk | None, hotline_says: Desk | None) -> Desk:
    """Who takes an unclear call after the three of them spoke: as both say, else who answered."""
    if police_says is not None and police_says is hotline_says:
        return police_says
    return answered_by


def said(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """Those of `words` that `text` says and does not deny every time."""
    folded = text.casefold()
    return tuple(word for word in words if _says(folded, word.casefold()))


def _says(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        if _whole(text, word, at) and not denied(text, at):
            return True
        at = text.find(word, at + 1)
    return False


def _whole(text: str, word: str, at: int) -> bool:
    """Whether an English word stands there by itself; Chinese has no gaps between words."""
    if not word.isascii():
        return True
    around = text[at - 1 : at] + text[at + len(word) : at + len(word) + 1]
    return not any(c.isascii() and c.isalnum() for c in around)


def _of_category(category: str, rules: RoutingRules) -> Desk | None:
    """Whose the category is: the longest prefix decides; None when neither or both name it."""
    fits = [(len(p), Desk.POLICE) for p in rules.police if within(category, p)]
    fits += [(len(p), Desk.HOTLINE) for p in rules.hotline if within(category, p)]
    if not fits:
        return None
    longest = max(length for length, _ in fits)
    owners = {owner for length, owner in fits if length == longest}
    return owners.pop() if len(owners) == 1 else None


def read_routing(table: Table) -> RoutingRules:
    """Read ``[routing]`` of ``systems.toml``."""
    rules = RoutingRules(
        police=table.texts("police"),
        hotline=table.texts("hotline"),
        police_words=table.texts("police_words"),
        hotline_words=table.texts("hotline_words"),
        violence=table.texts("violence"),
    )
    for key, found in (("police", rules.police), ("hotline", rules.hotline)):
        if not found:
            table.complain(key, msg("rules.missing_key", key=key))
    if not rules.violence:
        table.complain("violence", msg("rules.missing_key", key="violence"))
    table.end()
    return rules
