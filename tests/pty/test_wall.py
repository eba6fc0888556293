"""The real wall in a real terminal: it starts, comes round, is left; without one it says why."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.terminal import Terminal, terminal_env
from tests.pty.test_map import GREYS, TERMINALS
from tests.screens.wall_stage import floor

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
WALL = [sys.executable, "-m", "console", "wall"]


@pytest.mark.parametrize(
    ("lang", "first", "second", "keys"),
    [("zh", "待签", "各镇街", "空格停住"), ("en", "waiting", "towns, last", "space holds")],
)
def test_it_starts_comes_round_and_is_left(
    tmp_path: Path, lang: str, first: str, second: str, keys: str
) -> None:
    store = str(floor(tmp_path))
    argv = [*WALL, "--store", store, "--lang", lang, "--panels", "now,towns", "--every", "60"]
    with Terminal(argv, rows=40, cols=120, cwd=ROOT) as terminal:
        terminal.wait_for(first, timeout=60)
        terminal.press("right")
        terminal.wait_for(second, timeout=30)
        assert any(keys in line for line in terminal.screen())
        terminal.press("q")
        assert terminal.wait_exit(timeout=30) == 0


@pytest.mark.parametrize("colours", ["16 colours", "no colour"])
@pytest.mark.parametrize("size", [(24, 80), (60, 200)])
def test_it_can_be_read_with_few_colours_and_with_none(
    tmp_path: Path, colours: str, size: tuple[int, int]
) -> None:
    rows, cols = size
    argv = [*WALL, "--store", str(floor(tmp_path)), "--lang", "zh", "--panels", "now,towns"]
    with Terminal(argv, TERMINALS[colours], rows=rows, cols=cols, cwd=ROOT) as terminal:
        terminal.wait_for("待签", timeout=60)
        terminal.wait_quiet(300)
        cells = [terminal.cell(y, x) for y in range(rows) for x in range(cols)]
        seen = {one.fg for one in cells} | {one.bg for one in cells}
        assert not any(re.fullmatch("[0-9a-f]{6}", one) for one in seen), seen
        assert (seen <= GREYS) is (colours == "no colour"), seen
        terminal.press("q")
        assert terminal.wait_exit(timeout=30) == 0


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--panels", "now,nix"], 2, "nix"),
        ([], 3, "terminal"),
    ],
)
def test_what_cannot_be_is_a_sentence(args: list[str], code: int, said: str) -> None:
    done = subprocess.run(
        [*WALL, "--lang", "en", *args],
        capture_output=True,
        text=True,
        env=terminal_env({"ZHIBAN_LANG": "en"}),
        cwd=ROOT,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_store_it_does_not_begin(tmp_path: Path) -> None:
    argv = [*WALL, "--store", str(tmp_path / "none.sqlite"), "--lang", "en"]
    with Terminal(argv, rows=24, cols=80, cwd=ROOT) as terminal:
        assert terminal.wait_exit(timeout=60) == 3
        assert any("none.sqlite" in line for line in terminal.screen())
