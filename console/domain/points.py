"""Points of residents: a ledger in double entry, by key once, never below nothing.

Source: 心无忧 of the article: a landlord who reports a tenant gets 60 points, and that is
one yuan. What else earns points is ``[points.award]`` of ``systems.toml``.

A posting moves points from one account to another, so that all accounts together are
always zero. The center's own account may go below zero (that is what it has given out), a
resident's never. Moments are ms UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from console.domain.clock import Instant
from console.domain.message import Label, Problem, msg
from console.domain.tables import Table

ISSUER = "center"
"""The account that points come from."""

MALL = "mall"
"""The account that redeemed points go to."""

OWN = frozenset({ISSUER, MALL})
"""Accounts that are nobody's: no limit holds for them."""

FEN = 100


@dataclass(frozen=True, slots=True)
class Award:
    """What an act of a resident earns."""

    label: Label
    points: int
    categories: tuple[str, ...] = ()
    """Categories of what residents send that earn it."""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointsRules:
    """How many points are one yuan, and what earns them."""

    per_yuan: int
    awards: Mapping[str, Award]

    def called(self, word: str) -> str:
        """The award that an officer calls `word`: its id, label or an alias; "" for none."""
        wanted = word.strip().casefold()
        for id_, one in self.awards.items():
            names = (id_, one.label.zh, one.label.en, *one.aliases)
            if wanted in {name.casefold() for name in names}:
                return id_
        return ""

    def earned_by(self, category: str) -> str:
        """The award for a matter of `category`; "" when it earns nothing."""
        found = (id_ for id_, one in self.awards.items() if category in one.categories)
        return next(found, "")

    def fen(self, points: int) -> int:
        """What `points` are worth, in fen (a hundredth of a yuan), rounded down."""
        return points * FEN // self.per_yuan


@dataclass(frozen=True, slots=True)
class PointsEntry:
    """One posting: `points` go from `source` to `target`. `key` names it for ever.

    `reason` is the act (a key of the awards), ``redeem``, or ``reverse`` of the posting
    whose key is in `of`.
    """

    key: str
    at: Instant
    source: str
    target: str
    points: int
    reason: str
    of: str = ""

    @property
    def matter(self) -> tuple[str, str, int, str, str]:
        """What it says, without when: two postings of one key must agree in it."""
        return (self.source, self.target, self.points, self.reason, self.of)


def key_of(number: str, taken_back: int) -> str:
    """The key of what an incident earns or spends: one for ever, unless it was taken back.

    Args:
        number: the incident's full number.
        taken_back: how often that has happened.
    """
    return f"{number}:points:{taken_back + 1}"


def balance(entries: Iterable[PointsEntry], account: str) -> int:
    """The points of `account`: what came in less what went out."""
    return sum(e.points * ((e.target == account) - (e.source == account)) for e in entries)


def admit(entry: PointsEntry, known: PointsEntry | None, available: int) -> PointsEntry | None:
    """The posting to be written, or None when it is there already.

    Args:
        entry: what is to be posted.
        known: what has been posted under the same key, if anything.
        available: the balance of the account that it takes from.

    Raises:
        Problem: it moves nothing, says something else than what is there under its key, or
            the account does not have so many.
    """
    if known is not None:
        if known.matter != entry.matter:
            raise Problem(msg("points.other_under_key", key=entry.key))
        return None
    if entry.points < 1 or entry.source == entry.target:
        raise Problem(msg("points.moves_nothing"))
    if entry.source not in OWN and entry.points > available:
        raise Problem(msg("points.too_few", n=available, wanted=entry.points))
    return entry


@dataclass(frozen=True)
class Ledger:
    """All postings, in the order in which they were made."""

    entries: tuple[PointsEntry, ...] = ()

    def balance(self, account: str) -> int:
        """The points of `account`."""
        return balance(self.entries, account)

    def entry(self, key: str) -> PointsEntry | None:
        """The posting `key`."""
        return next((e for e in self.entries if e.key == key), None)

    def post(self, entry: PointsEntry) -> Ledger:
        """The ledger with `entry`; the same entry again changes nothing.

        Raises:
            Problem: as `admit` says.
        """
        new = admit(entry, self.entry(entry.key), self.balance(entry.source))
        return self if new is None else Ledger((*self.entries, new))


def award(key: str, resident: str, act: str, at: Instant, rules: PointsRules) -> PointsEntry:
    """The posting for an act of a resident.

    Raises:
        Problem: nothing is given for `act`.
    """
    if act not in rules.awards:
        raise Problem(msg("points.no_award", act=act))
    return PointsEntry(key, at, ISSUER, resident, rules.awards[act].points, act)


def redeem(key: str, resident: str, points: int, at: Instant) -> PointsEntry:
    """The posting for points that a resident spends."""
    return PointsEntry(key, at, resident, MALL, points, "redeem")


def reverse(key: str, entry: PointsEntry, at: Instant) -> PointsEntry:
    """The posting that takes `entry` back; refused as any other when the points are spent."""
    return PointsEntry(key, at, entry.target, entry.source, entry.points, "reverse", entry.key)


def read_points(table: Table) -> PointsRules:
    """Read ``[points]`` of ``systems.toml``."""
    awards: dict[str, Award] = {}
    for act, inner in table.table("award").children():
        awards[act] = Award(
            inner.label("label"),
            inner.number("points", least=1),
            inner.texts("categories"),
            inner.texts("aliases"),
        )
        inner.end()
    rules = PointsRules(table.number("per_yuan", least=1) or 1, awards)
    table.end()
    return rules
