"""The figures in a real terminal: to a bar's incidents and back, from true colour to none."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.terminal import Terminal, terminal_env
from console.store.engine import open_store
from tests.pty.test_map import GREYS, TERMINALS
from tests.screens.figured_stage import furnish

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
DAYS = ("2025-01-01", "2026-11-23")
ZHIBAN = [sys.executable, "-m", "console"]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A store with two years behind it."""
    found = str(tmp_path / "figures.sqlite")
    store = open_store(found)
    furnish(store)
    store.close()
    return found


def panel(path: str, *options: str) -> dict[str, object]:
    """What the command line says of the page."""
    done = subprocess.run(
        [*ZHIBAN, "figures", "--panel", "--json", *options, "--store", path],
        capture_output=True,
        text=True,
        env=terminal_env({"ZHIBAN_LANG": "en"}),
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def bar(lines: list[str]) -> tuple[str, int] | None:
    """Name and count of the bar that is selected; None while none is."""
    for line in lines:
        if found := re.search(r"> ?(\S+)\s+[\u2588-\u258f]+\s+(\d+) \d", line):
            return found[1], int(found[2])
    return None


@pytest.mark.parametrize("size", [(24, 80), (40, 120)])
@pytest.mark.parametrize("colours", TERMINALS)
def test_from_a_bar_to_its_incidents_and_back(
    path: str, colours: str, size: tuple[int, int]
) -> None:
    told = panel(path, "--field", "fire", "--from", DAYS[0], "--to", DAYS[1])
    by = told["by"]
    assert isinstance(by, dict)
    causes = list(by["cause"].items())
    rows, cols = size
    argv = [*ZHIBAN, "watch", "--store", path, "--lang", "zh"]
    with Terminal(argv, TERMINALS[colours], rows=rows, cols=cols, cwd=ROOT) as terminal:
        terminal.wait_for("F1 帮助")
        terminal.press("f3")
        terminal.wait_for("[1 综合]")
        terminal.type(f":figures fire {DAYS[0]}..{DAYS[1]}")
        terminal.press("enter")
        terminal.wait_for("[4 火警]")
        terminal.wait_for(f": {told['count']} 起")
        terminal.wait_for(lambda lines: any("[按月走势]" in line for line in lines))
        terminal.press("tab")
        terminal.wait_for(lambda lines: any("[起火原因]" in line for line in lines))
        terminal.press("down")
        terminal.wait_for(lambda lines: (bar(lines) or ("", 0))[0] == causes[1][0])
        assert bar(terminal.screen()) == causes[1]
        grounds = {terminal.cell(y, x).fg for y in range(rows) for x in range(cols)} | {
            terminal.cell(y, x).bg for y in range(rows) for x in range(cols)
        }
        if colours == "no colour":
            assert grounds <= GREYS, grounds
        elif colours == "16 colours":
            assert not any(re.fullmatch("[0-9a-f]{6}", one) for one in grounds), grounds
        terminal.press("enter")
        terminal.wait_for(f"共 {causes[1][1]} ")
        terminal.wait_for(lambda lines: any(re.search(r"\d+ \d\S? +火警", one) for one in lines))
        terminal.press("f3")
        terminal.wait_for("[4 火警]")
        terminal.wait_for(lambda lines: bar(lines) == causes[1])
        terminal.press("esc")
        terminal.wait_for("共 ")
        terminal.press("ctrl+q")
        terminal.wait_for("退出值班台")
        terminal.press("y")
        assert terminal.wait_exit() == 0
