"""Output that cannot be handed on: a full disk, a reader who has gone, a closed stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.forked import run_all
from tests.in_process import zhiban

COMMANDS = (
    ("--version",),
    ("--help",),
    ("incidents",),
    ("incidents", "--json"),
    ("incident", "1"),
    ("incident", "1", "--json"),
    ("export", "incidents"),
    ("export", "incidents", "--format", "csv"),
    ("export", "journal"),
    ("export", "figures", "--format", "csv", "--bom"),
    ("export", "1", "--format", "cap"),
    ("report", "shift"),
    ("report", "shift", "--format", "html"),
    ("report", "shift", "--format", "docx"),
    ("store", "verify", "--json"),
    ("seat", "list"),
    ("seat", "list", "--json"),
    ("unit", "list", "--json"),
    ("links", "--json"),
    ("loops",),
    ("usual", "--json"),
    ("map", "--json"),
    ("figures",),
    ("doctor",),
    ("do", "find fire", "--json"),
)


@pytest.mark.parametrize("how", ["full", "gone", "closed"])
def test_is_a_sentence_and_no_trace(tmp_path: Path, how: str) -> None:
    if how == "full" and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    assert zhiban(tmp_path, "do", "new fire smoke at 人民路12号").returncode == 0
    commands = COMMANDS if how == "full" else COMMANDS[:4]
    found = zip(commands, run_all(tmp_path, [(how, one) for one in commands]), strict=True)
    wrong = [
        (command, code, said)
        for command, (code, said) in found
        if code != 1 or "could not be written" not in said or "Traceback" in said
    ]
    assert wrong == []


def test_nobody_listens_and_nobody_speaks(tmp_path: Path) -> None:
    asked = [("closed", line) for line in (("do", "-"), ("watch",), ("doctor",))]
    (done, _), (watched, said), (looked, _) = run_all(tmp_path, asked)
    assert (done, watched, looked) == (0, 3, 1)
    assert "terminal" in said
