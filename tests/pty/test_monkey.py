"""Somebody who presses anything, at the real program in a real terminal.

`ZHIBAN_MONKEY` says how many keys, clicks and pastes are pressed (50,000 where it is not set), and
`ZHIBAN_MONKEY_SEED` from where the dice begin.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bench.patience import patience
from bench.terminal import Terminal, TerminalTimeoutError
from tests.screens.monkey import Press, deeds
from tests.screens.packed import CODES

pytestmark = [pytest.mark.pty, pytest.mark.deep]

ROOT = Path(__file__).parent.parent.parent
WANTED = int(os.environ.get("ZHIBAN_MONKEY", "50_000"))
SEED = int(os.environ.get("ZHIBAN_MONKEY_SEED", "1"))
BREATH = 150
"""Deeds after which it is looked whether the program still answers."""


def answers(terminal: Terminal, number: int, limit: float) -> None:
    """Esc leads home, and what is typed stands on the screen."""
    terminal.resize(40, 120)
    # The end of a paste, in case its beginning came without one; then out of everything.
    terminal.type("\x1b[201~n" + CODES["escape"] * 8 + CODES["f2"] + CODES["escape"] * 4)
    word = f"zq{number}zq"
    terminal.type("/" + word)
    try:
        terminal.wait_for(word, limit)
    except TerminalTimeoutError as late:
        late.add_note("the keyboard is stuck")
        raise
    terminal.type("\x15" + CODES["escape"])


def test_fifty_thousand_keys(tmp_path: Path) -> None:
    store = str(tmp_path / "demo.sqlite")
    argv = [sys.executable, "-m", "console", "demo", "--store", store, "--speed", "30"]
    env = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    limit = patience(60)
    with Terminal(argv, env, cwd=ROOT) as terminal:
        terminal.wait_for("Enter", limit)
        pressed = done = 0
        try:
            for deed in deeds(SEED):
                if isinstance(deed, Press):
                    terminal.type(deed.text)
                    pressed += deed.count
                else:
                    terminal.resize(deed.height, deed.width)
                done += 1
                if done % BREATH == 0:
                    answers(terminal, done, limit)
                if pressed >= WANTED:
                    break
            answers(terminal, done, limit)
        except BaseException as error:
            fault = next(Path(tmp_path).rglob("fault.txt"), None)
            error.add_note(f"seed {SEED}, deed {done}, {pressed} pressed")
            error.add_note(fault.read_text() if fault is not None else "no fault was written")
            raise
        terminal.press("ctrl+q")
        terminal.type("y")
        assert terminal.wait_exit(limit) == 0
    assert b"Traceback" not in terminal.raw()
