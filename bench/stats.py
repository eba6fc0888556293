"""The bench's arithmetic: samples, their median and p99, and what a run says of a budget."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stat(StrEnum):
    """The figure of a sample that a limit is about."""

    P50 = "p50"
    P99 = "p99"


class Verdict(StrEnum):
    """What a run says of a budget."""

    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"
    NO_BUDGET = "no budget"


@dataclass(frozen=True)
class Sample:
    """Measured values of one thing, in one unit."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Sample":
        """A sample of `values`.

        Raises:
            ValueError: there are none.
        """
        kept = tuple(values)
        if not kept:
            raise ValueError("a sample needs at least one value")
        return cls(kept)

    @classmethod
    def maybe(cls, values: Iterable[float]) -> "Sample | None":
        """A sample of `values`, or None when there are none."""
        kept = tuple(values)
        return cls(kept) if kept else None

    def rank(self, quantile: float) -> float:
        """Nearest rank: sorted ascending, the value at index `int(n * quantile)`."""
        ordered = sorted(self.values)
        return ordered[min(int(len(ordered) * quantile), len(ordered) - 1)]

    def stat(self, stat: Stat) -> float:
        """The median or the p99. Below 100 values the p99 is the largest of them."""
        return self.rank(0.5 if stat is Stat.P50 else 0.99)


@dataclass(frozen=True)
class Limit:
    """One bound of a budget.

    `value` is in the unit of the measure, or, with `of_peer`, a multiple of the same figure of
    the peer in the same run.
    """

    stat: Stat
    value: float
    of_peer: bool = False
    at_least: bool = False

    def holds(self, own: Sample, peer: Sample | None) -> bool | None:
        """Whether `own` keeps it; None when the peer that it needs was not measured."""
        bound = self.value
        if self.of_peer:
            if peer is None:
                return None
            bound *= peer.stat(self.stat)
        found = own.stat(self.stat)
        return found >= bound if self.at_least else found <= bound

    def words(self, unit: str) -> str:
        """As it is written in the table."""
        sign = "≥" if self.at_least else "≤"
        bound = f"{self.value:g} × peer" if self.of_peer else f"{self.value:,g} {unit}"
        return f"{self.stat.value} {sign} {bound}"


@dataclass(frozen=True)
class Budget:
    """What a measure must keep to: every limit, or with `any_of` at least one."""

    limits: tuple[Limit, ...] = ()
    any_of: bool = False

    def verdict(self, own: Sample | None, peer: Sample | None) -> Verdict:
        """What the samples say of it."""
        if own is None:
            return Verdict.NOT_MEASURED
        if not self.limits:
            return Verdict.NO_BUDGET
        held = [limit.holds(own, peer) for limit in self.limits]
        if self.any_of and True in held:
            return Verdict.MET
        if None in held:
            return Verdict.NOT_MEASURED
        return Verdict.MISSED if False in held else Verdict.MET

    def words(self, unit: str) -> str:
        """As it is written in the table."""
        joint = " or " if self.any_of else ", "
        return joint.join(limit.words(unit) for limit in self.limits)
