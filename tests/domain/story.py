"""One incident, played through a playbook that ships."""

from __future__ import annotations

from console.domain.clock import SECOND
from console.domain.playbook import Advance, advance, open_runs, start
from tests.domain.shipped import rules

T0 = 1_795_000_000_000


class Story:
    """One incident, played."""

    def __init__(self, playbook: str) -> None:
        found = rules().playbook(playbook)
        assert found is not None
        self.book = found
        self.at = T0
        self.progress = start(self.book, T0, T0 + SECOND, rules().deadlines)
        self.orders: list[str] = []

    def do(
        self,
        verb: str,
        outcome: str | None = None,
        step: str | None = None,
        kinds: tuple[str, ...] = (),
    ) -> Advance:
        self.at += 10 * SECOND
        result = advance(
            self.book, self.progress, verb, outcome, self.at, rules().deadlines, step, kinds
        )
        self.progress = result.progress
        self.orders += [f"{o.system}.{o.action}" for o in result.orders]
        return result

    @property
    def open(self) -> list[str]:
        return [run.step for run in open_runs(self.progress)]
