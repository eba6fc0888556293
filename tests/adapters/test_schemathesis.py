"""Simulators and the center's own endpoint, asked whatever their descriptions allow and more.

Schemathesis makes the requests from ``docs/contracts``: lawful ones must be answered as
described, others refused as described, and none may end in a fault of the program.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from adapters import systems
from adapters.port import Report
from adapters.secret import Secret
from console.open311 import app as own_endpoint
from fixtures.backends import describe, describe_open311
from fixtures.backends.systems import Surroundings, make
from tests.scale import examples
from tests.store.floor import a_fire, desk_at

NOW = 1_795_500_000_000
WORD = "s3cret"
EXAMPLES = 5


def asked(description: dict[str, Any], app: object, **how: Any) -> int:
    """Ask every operation of a description; how many requests that took."""
    schema: Any = schemathesis.openapi.from_dict(description)
    schema.app = app
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples(EXAMPLES),
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            nonlocal count
            count += 1
            case.call_and_validate(**how)

        ask()
    return count


@pytest.mark.parametrize("system", systems.CONTRACTS)
def test_systems_of_our_own_contract(system: str) -> None:
    contract = import_module(f"adapters.{system}").CONTRACT
    there = make(system, Surroundings(Secret(WORD), now=lambda: NOW))
    if contract.feeds:
        there.publish(Report(system, "r-1", "三楼冒烟", NOW, photos=("p-1",)))
    headers = {"Authorization": f"Bearer {WORD}"}
    count = asked(describe.describe(contract), there, headers=headers)
    assert count >= EXAMPLES


@pytest.mark.parametrize("system", describe.OPEN311)
def test_systems_that_speak_open311(system: str) -> None:
    there = make(system, Surroundings(Secret(WORD), now=lambda: NOW))
    there.publish(Report(system, "r-1", "井盖松动", NOW, category="city.facility"))
    headers = {"Authorization": f"Bearer {WORD}"}
    assert asked(describe_open311.describe_system(system), there, headers=headers) >= EXAMPLES


def test_the_centers_own_endpoint(tmp_path: Path) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(1)])
    assert asked(describe_open311.describe_center(), own_endpoint(desk)) >= EXAMPLES
    desk.store.close()
