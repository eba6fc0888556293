"""The five-colour map in a real terminal: by keyboard to a town's incidents and back."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.terminal import Terminal, terminal_env
from tests.screens.map_stage import MAPPING

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
ZHIBAN = [sys.executable, "-m", "console"]

TERMINALS = {
    "true colour": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256 colours": {"TERM": "xterm-256color"},
    "16 colours": {"TERM": "xterm"},
    "no colour": {"TERM": "xterm", "NO_COLOR": "1"},
}
GREYS = {"default", "black", "brightblack", "white", "brightwhite"}
"""What a terminal of 16 colours shows of greys."""


def run(*args: str) -> subprocess.CompletedProcess[str]:
    """One command of the command line."""
    return subprocess.run(
        [*ZHIBAN, *args],
        capture_output=True,
        text=True,
        env=terminal_env({"ZHIBAN_LANG": "zh"}),
        cwd=ROOT,
        timeout=60,
    )


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store in which the last days had accidents: seven in Ningwei, one anywhere else."""
    (tmp_path / "past.toml").write_text(MAPPING, "utf-8")
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    with (tmp_path / "past.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("number", "received", "kind", "town", "place", "deaths", "injured", "lost"))
        for n in range(8):
            at = f"{now - timedelta(days=1 + n % 3):%Y-%m-%d %H:%M}"
            table.writerow((n, at, "traffic", "宁围街道" if n else "楼塔镇", "", 0, 1, 0))
    path = str(tmp_path / "map.sqlite")
    source, mapping = str(tmp_path / "past.csv"), str(tmp_path / "past.toml")
    done = run("import", source, "--mapping", mapping, "--history", "--json", "--store", path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] == 8
    return path


def row_with(lines: list[str], words: str) -> int:
    """The line in which words stand."""
    return next((n for n, line in enumerate(lines) if words in line), -1)


@pytest.mark.parametrize("colours", TERMINALS)
def test_from_a_town_to_its_incidents_and_back(store: str, colours: str) -> None:
    told = json.loads(run("map", "--field", "traffic", "--json", "--store", store).stdout)
    town = next(one for one in told["towns"] if one["name"] == "宁围街道")
    assert town["count"] == 7
    argv = [*ZHIBAN, "watch", "--store", store, "--lang", "zh"]
    with Terminal(argv, TERMINALS[colours], rows=24, cols=80, cwd=ROOT) as terminal:
        terminal.wait_for("F1 帮助")
        terminal.press("f4")
        terminal.wait_for("[1 综合]")
        terminal.press("2")
        # The worst town is selected; its tile has sign, name and number.
        tile = f">{town['sign']}宁围"
        terminal.wait_for(lambda lines: row_with(lines, tile) > 0 and "[2 事故]" in lines[1])
        terminal.wait_for("五色图 事故")
        lines = terminal.screen()
        after = lines[row_with(lines, tile)].partition(tile)[2]
        assert after.split()[0] == "7"
        legend = row_with(lines, "[ ] 往前往后 Enter")
        grounds = {terminal.cell(legend, x).bg for x in range(0, 40)} - {
            terminal.cell(legend, 70).bg
        }
        if colours == "no colour":
            assert grounds <= GREYS, grounds
        else:
            assert len(grounds) == 5, grounds
        terminal.press("enter")
        terminal.wait_for(lambda lines: any("队列" in line and "共 7" in line for line in lines))
        terminal.press("f4")
        terminal.wait_for(lambda lines: row_with(lines, tile) > 0 and "[2 事故]" in lines[1])
        terminal.press("up")
        terminal.wait_for(lambda lines: row_with(lines, ">o盈丰") > 0)
        terminal.press("ctrl+q")
        terminal.wait_for("退出值班台")
        terminal.press("y")
        assert terminal.wait_exit() == 0
