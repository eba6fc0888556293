"""A terminal that goes away while SIGHUP is ignored, as under nohup: the program leaves too."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.terminal import terminal_env
from tests.screens.wall_stage import floor
from widgets.driver import HUNG_UP

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
DEAF = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]
"""What follows is run with SIGHUP ignored."""


@pytest.mark.parametrize(("command", "shown"), [("watch", "Enter"), ("wall", "waiting")])
def test_it_does_not_stay_behind(tmp_path: Path, command: str, shown: str) -> None:
    store = str(floor(tmp_path))
    argv = [*DEAF, sys.executable, "-m", "console", command, "--store", store, "--lang", "en"]
    master, slave = os.openpty()
    process = subprocess.Popen(
        argv,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=terminal_env(),
        cwd=ROOT,
        start_new_session=True,
    )
    os.close(slave)
    try:
        _wait_for(master, shown.encode())
        os.close(master)
        assert process.wait(30) == HUNG_UP
    finally:
        process.kill()
        process.wait()


def _wait_for(master: int, shown: bytes) -> None:
    seen, until = b"", time.monotonic() + 60
    while shown not in seen:
        assert time.monotonic() < until, seen[-2_000:]
        if select.select([master], [], [], 0.5)[0]:
            seen += os.read(master, 65_536)
