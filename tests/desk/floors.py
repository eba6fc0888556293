"""A desk of the simplest kind, to play scenarios against: it obeys and writes it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from adapters.port import Report
from console.desk.colleague import NextStep
from console.desk.crew import UnitSeen
from console.domain.clock import MINUTE, FixedClock, Instant
from console.domain.scenario import Change

DAY_ID = 20220321 * 10**7


@dataclass
class FakeFloor:
    """Understands ``accept``, ``dispatch``, ``status``, ``note``, ``check``, ``close``."""

    clock: FixedClock
    crew: dict[str, UnitSeen] = field(default_factory=dict)
    reports: list[tuple[Instant, Report]] = field(default_factory=list)
    said: list[tuple[Instant, str, str]] = field(default_factory=list)
    journal: list[Change] = field(default_factory=list)
    taken: dict[int, str] = field(default_factory=dict)
    refuse: bool = False

    def receive(self, report: Report) -> int | None:
        if self.refuse:
            return None
        self.reports.append((self.clock.now(), report))
        incident = DAY_ID + len(self.reports)
        self._write("system", "report", incident)
        return incident

    def do(self, line: str, seat: str) -> bool:
        self.said.append((self.clock.now(), seat, line))
        verb, _, rest = line.partition(" ")
        if verb == "status":
            call_sign, status = rest.split()
            unit = self.crew[call_sign]
            due = self.clock.now() + 10 * MINUTE if status == "on_scene" else None
            self.crew[call_sign] = replace(unit, status=status, check_due=due)
            self._write(seat, verb, outcome=status, units=(call_sign,))
        elif verb == "check":
            due = self.clock.now() + 10 * MINUTE
            self.crew[rest] = replace(self.crew[rest], check_due=due)
            self._write(seat, verb, units=(rest,))
        else:
            number, _, text = rest.partition(" ")
            incident = DAY_ID + int(number.rpartition("-")[2])
            if verb == "accept" and incident in self.taken:
                return False
            if verb == "accept":
                self.taken[incident] = seat
            units = tuple(text.split()) if verb == "dispatch" else ()
            for call_sign in units:
                self.crew[call_sign] = replace(self.crew[call_sign], status="dispatched")
            self._write(seat, verb, incident, units=units)
        return True

    def officer(self, verb: str, n: int, outcome: str = "", step: str = "") -> None:
        """The officer does something that the fake has no line for."""
        self._write("一席", verb, DAY_ID + n, outcome, step=step)

    def units(self) -> Sequence[UnitSeen]:
        return tuple(self.crew.values())

    def next_step(self, incident: int, seat: str) -> NextStep | None:
        done = {change.verb for change in self.journal if change.incident == incident}
        return next((NextStep(v) for v in ("dispatch", "resolve", "close") if v not in done), None)

    def changes(self, after: int) -> Sequence[Change]:
        return self.journal[after:]

    def lines(self, seat: str) -> list[str]:
        """What was said by `seat`."""
        return [line for _, who, line in self.said if who == seat]

    def _write(
        self,
        seat: str,
        verb: str,
        incident: int | None = None,
        outcome: str = "",
        units: tuple[str, ...] = (),
        step: str = "",
    ) -> None:
        self.journal.append(
            Change(
                len(self.journal) + 1,
                self.clock.now(),
                seat,
                verb,
                incident,
                outcome,
                units,
                step,
            )
        )
