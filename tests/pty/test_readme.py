"""The README's own table, read from the file and typed into the demo, in both languages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.patience import patience
from console.domain.lifecycle import State
from console.store import incidents
from console.store.engine import open_store
from tests.pty.terminal import Terminal
from tests.test_docs import tour

ROOT = Path(__file__).parents[2]

SPEED = 6
"""So many times faster than the evening goes."""

PATIENT = 30.0
TRIES = 60
DAY, NUMBER = 20220321, 33
"""The warning's, as the README says."""

AT_ONCE, LATE = 0.0, 5 / SPEED
"""Seconds before each line: somebody who does not wait, and who is five seconds late."""

PLAYED = [
    pytest.param("README.md", "en", AT_ONCE, id="en-at-once"),
    pytest.param("README.zh-CN.md", "zh", LATE, id="zh-late"),
    pytest.param("README.md", "en", LATE, id="en-late", marks=pytest.mark.deep),
    pytest.param("README.zh-CN.md", "zh", AT_ONCE, id="zh-at-once", marks=pytest.mark.deep),
]


def play(terminal: Terminal, lines: list[str], wait: float) -> None:
    """Type the table as somebody does who tries again what came too early.

    Args:
        terminal: shows the demo.
        lines: the table's.
        wait: seconds before each line.
    """
    for line in lines:
        terminal.watch(wait)
        for _again in range(TRIES):
            # What was refused stands there; the next character that is typed replaces it.
            terminal.type(line)
            terminal.wait_for(lambda seen, line=line: f"> {line}" in seen[-1], PATIENT)  # type: ignore[misc]
            terminal.press("enter")
            terminal.watch(patience(0.1))
            if f"> {line}" not in terminal.screen()[-1]:
                break
        else:
            pytest.fail(f"{line}: not done\n" + "\n".join(terminal.screen()))


@pytest.mark.slow
@pytest.mark.parametrize(("page", "lang", "wait"), PLAYED)
def test_it_plays_as_it_is_written(tmp_path: Path, page: str, lang: str, wait: float) -> None:
    store = tmp_path / "evening.sqlite"
    argv = [sys.executable, "-m", "console", "demo", "--lang", lang, "--store", str(store)]
    with Terminal([*argv, "--speed", str(SPEED)], cwd=ROOT, rows=40, cols=120) as terminal:
        terminal.wait_for("> ", PATIENT)
        play(terminal, tour(page), wait)
        terminal.press("ctrl+q")
        terminal.wait_for("y", PATIENT)
        terminal.press("y")
        assert terminal.wait_exit(PATIENT) == 0
    opened = open_store(str(store))
    try:
        with opened.read() as tx:
            id_ = incidents.find_number(tx, DAY, NUMBER)
            found = None if id_ is None else incidents.get(tx, id_)
    finally:
        opened.close()
    assert found is not None
    assert found.state is State.CLOSED
    assert found.amount_saved == found.amount_at_risk == 400_000
