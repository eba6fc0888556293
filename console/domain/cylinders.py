"""Gas cylinders: how long one may be used, and when a user or a building has too many.

Sources: GB 5842-2006 (液化石油气钢瓶): design life eight years; one that passes its test may
be used four years longer; twelve years after it was made it is scrap. The thresholds
(数智瓶安: a user's deliveries in a month, a building's hoard) are center settings in
``systems.toml``.

Days are days of the calendar in the center's zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from console.domain.message import Message, msg
from console.domain.months import months_later, years_later
from console.domain.tables import Table

USERS = ("household", "restaurant", "other")
"""Kinds of user that have a threshold of their own."""


class Life(StrEnum):
    """Whether a cylinder may be filled and used."""

    FIT = "fit"
    TEST_SOON = "test_soon"
    TEST_DUE = "test_due"
    SCRAP = "scrap"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _LIVES[self]


_LIVES: Mapping[Life, Message] = {
    Life.FIT: msg("cylinder.fit"),
    Life.TEST_SOON: msg("cylinder.test_soon"),
    Life.TEST_DUE: msg("cylinder.test_due"),
    Life.SCRAP: msg("cylinder.scrap"),
}


@dataclass(frozen=True, slots=True)
class CylinderRules:
    """Years of a cylinder's life, months of warning before a test, and the thresholds.

    `deliveries` is the number in a calendar month at which a user of that kind is
    reported, `hoard` the number of full cylinders at which a building is.
    """

    life_years: int
    test_years: int
    scrap_years: int
    soon_months: int
    deliveries: Mapping[str, int]
    hoard: int


@dataclass(frozen=True, slots=True)
class Cylinder:
    """One cylinder: its number, the day it was made, the days on which it passed a test."""

    id: str
    made: date
    tests: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Cylinders brought to a user (of one of `USERS`) in a building on a day."""

    user: str
    kind: str
    building: str
    day: date
    count: int = 1


@dataclass(frozen=True, slots=True)
class CylinderFinding:
    """What is wrong, with whom (cylinder, user or building), and the sentence for it."""

    category: str
    subject: str
    message: Message


def usable_until(cylinder: Cylinder, today: date, rules: CylinderRules) -> date:
    """The first day on which it may not be used, by what is known on `today`."""
    scrap = years_later(cylinder.made, rules.scrap_years)
    ends = [years_later(cylinder.made, rules.life_years)]
    # A test dated before it was made, after it was scrap, or in the future gives it nothing.
    ends += [
        years_later(test, rules.test_years)
        for test in cylinder.tests
        if cylinder.made <= test < scrap and test <= today
    ]
    return min(scrap, max(ends))


def life(cylinder: Cylinder, today: date, rules: CylinderRules) -> Life:
    """Whether it may be filled and used on `today`."""
    if today >= years_later(cylinder.made, rules.scrap_years):
        return Life.SCRAP
    until = usable_until(cylinder, today, rules)
    if today >= until:
        return Life.TEST_DUE
    soon = today >= months_later(until, -rules.soon_months)
    return Life.TEST_SOON if soon else Life.FIT


def aged(
    cylinders: Iterable[Cylinder], today: date, rules: CylinderRules
) -> tuple[CylinderFinding, ...]:
    """Cylinders that may not be used any more, scrap first."""
    found: dict[Life, list[CylinderFinding]] = {Life.SCRAP: [], Life.TEST_DUE: []}
    for cylinder in cylinders:
        match life(cylinder, today, rules):
            case Life.SCRAP:
                until = years_later(cylinder.made, rules.scrap_years)
                words = msg("cylinder.found_scrap", id=cylinder.id, day=until.isoformat())
                found[Life.SCRAP].append(CylinderFinding("gas.cylinder.age", cylinder.id, words))
            case Life.TEST_DUE:
                until = usable_until(cylinder, today, rules)
                words = msg("cylinder.found_untested", id=cylinder.id, day=until.isoformat())
                found[Life.TEST_DUE].append(CylinderFinding("gas.cylinder.age", cylinder.id, words))
    return (*found[Life.SCRAP], *found[Life.TEST_DUE])


def delivered(
    deliveries: Iterable[Delivery], month: date, rules: CylinderRules
) -> tuple[CylinderFinding, ...]:
    """Users whose deliveries in the calendar month of `month` reach their threshold."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in deliveries:
        if (one.day.year, one.day.month) == (month.year, month.month):
            kind = one.kind if one.kind in rules.deliveries else "other"
            counts[one.user, kind] += one.count
    return tuple(
        CylinderFinding(
            "gas.cylinder.deliveries",
            user,
            msg("cylinder.found_deliveries", user=user, n=n, limit=rules.deliveries[kind]),
        )
        for (user, kind), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if n >= rules.deliveries[kind]
    )


def hoarded(stock: Mapping[str, int], rules: CylinderRules) -> tuple[CylinderFinding, ...]:
    """Buildings whose stock of full cylinders reaches the threshold; most first."""
    return tuple(
        CylinderFinding(
            "gas.cylinder.hoard",
            building,
            msg("cylinder.found_hoard", building=building, n=n, limit=rules.hoard),
        )
        for building, n in sorted(stock.items(), key=lambda item: (-item[1], item[0]))
        if n >= rules.hoard
    )


def stock_of(brought: Sequence[Delivery], taken_back: Collection[Delivery]) -> Mapping[str, int]:
    """Cylinders in each building: what was brought less what was taken back, never below none."""
    stock: Counter[str] = Counter()
    for one in brought:
        stock[one.building] += one.count
    for one in taken_back:
        stock[one.building] -= one.count
    return {building: max(0, n) for building, n in stock.items()}


def read_cylinders(table: Table) -> CylinderRules:
    """Read ``[cylinders]`` of ``systems.toml``."""
    given = table.table("deliveries")
    deliveries = {kind: given.number(kind, least=1) for kind in USERS}
    given.end()
    rules = CylinderRules(
        life_years=table.number("life_years", least=1, most=200),
        test_years=table.number("test_years", least=1, most=200),
        scrap_years=table.number("scrap_years", least=1, most=200),
        soon_months=table.number("soon_months", least=0, most=1_200),
        deliveries=deliveries,
        hoard=table.number("hoard", least=1),
    )
    table.end()
    return rules
