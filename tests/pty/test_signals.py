"""SIGTERM and SIGHUP: the terminal is as it was, the code is 143 or 129, what was typed is kept."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bench.terminal import Terminal
from console.store import seats
from console.store.engine import open_store
from tests.screens.wall_stage import floor

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
PATIENT = 20.0
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_AT_FIRST = {b"7": True, b"25": True}
"""Lines are wrapped and the cursor is seen; everything else is off."""


def left_on(raw: bytes) -> list[str]:
    """What a program has changed of the terminal and not put back, by what it has written."""
    modes: dict[bytes, bool] = {}
    for numbers, letter in _MODE.findall(raw):
        for number in numbers.split(b";"):
            modes[number] = letter == b"h"
    found = [
        f"mode {number.decode()} is {'on' if on else 'off'}"
        for number, on in sorted(modes.items())
        if on != _AT_FIRST.get(number, False)
    ]
    pushed, popped = len(re.findall(rb"\x1b\[>\d+u", raw)), raw.count(b"\x1b[<u")
    return [*found, *(["keys are sent in another way"] if pushed > popped else [])]


@contextmanager
def program(*args: str) -> Iterator[Terminal]:
    """The program in a terminal, whose settings are compared at its end."""
    argv = [sys.executable, "-m", "console", *args, "--lang", "en"]
    with Terminal(argv, cwd=ROOT) as terminal:
        before = termios.tcgetattr(terminal._master)
        yield terminal
        assert termios.tcgetattr(terminal._master) == before
        assert left_on(terminal.raw()) == []


def end(terminal: Terminal, number: int) -> int:
    """Send a signal to the program alone; how it ends, as a shell would say it."""
    import os

    os.kill(terminal.pid, number)
    code = terminal.wait_exit(PATIENT)
    return code if code >= 0 else 128 - code


@SIGNALS
@pytest.mark.parametrize(
    ("command", "shown"), [("watch", "Enter"), ("wall", "waiting"), ("demo", "Enter")]
)
def test_a_signal_gives_the_terminal_back(
    tmp_path: Path, number: int, command: str, shown: str
) -> None:
    store = tmp_path / "demo.sqlite" if command == "demo" else floor(tmp_path)
    with program(command, "--store", str(store)) as terminal:
        terminal.wait_for(shown, PATIENT)
        assert end(terminal, number) == 128 + number


@SIGNALS
@pytest.mark.parametrize("after", [0.02, 0.1, 0.2, 0.3, 0.45, 0.7, 1.0])
def test_a_signal_at_any_moment_of_the_start(tmp_path: Path, number: int, after: float) -> None:
    with program("watch", "--store", str(floor(tmp_path))) as terminal:
        time.sleep(after)  # not a wait: the moment is what is tried
        assert end(terminal, number) == 128 + number


IN_A_CLASS = """
import os, signal
from widgets.outlet import heed, undone

heed()

class Told:
    def __set_name__(self, owner, name):  # what is raised here comes out as a RuntimeError
        os.kill(os.getpid(), {number})

with undone(lambda: print("put back")):
    try:
        class Owner:
            told = Told()
    except BaseException:
        print("went on")
"""


@SIGNALS
def test_a_signal_in_the_middle_of_an_import(number: int) -> None:
    argv = [sys.executable, "-c", IN_A_CLASS.format(number=int(number))]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (128 + number, "put back\n")


@pytest.mark.deep
@SIGNALS
def test_a_signal_while_a_server_does_not_answer(number: int) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        url = f"postgresql+psycopg://zhiban@127.0.0.1:{deaf.getsockname()[1]}/zhiban"
        with program("watch", "--store", url) as terminal:
            terminal.wait_for("opened", PATIENT)
            terminal.press("ctrl+f")
            terminal.press("f3", "f6")
            assert end(terminal, number) == 128 + number


@SIGNALS
def test_what_was_typed_is_there_again(tmp_path: Path, number: int) -> None:
    store = str(floor(tmp_path))
    with program("watch", "--store", store) as terminal:
        terminal.wait_for("Enter", PATIENT)
        terminal.type(":note 1 ladder needed")
        terminal.wait_for("ladder needed", PATIENT)
        assert end(terminal, number) == 128 + number
    opened = open_store(store)
    try:
        with opened.read() as tx:
            name = seats.all_seats(tx)[0].name
            assert "ladder needed" in seats.drafts(tx, name).get("line", "")
    finally:
        opened.close()


def test_a_form_is_kept_when_the_terminal_goes(tmp_path: Path) -> None:
    store = str(floor(tmp_path))
    argv = [sys.executable, "-m", "console", "watch", "--store", store, "--lang", "en"]
    with Terminal(argv, cwd=ROOT) as terminal:
        terminal.wait_for("Enter", PATIENT)
        terminal.press("ctrl+n")
        terminal.wait_for("Caller", PATIENT)
        terminal.press("tab")
        terminal.type("Jincheng Road 366")
        terminal.wait_for("Jincheng Road 366", PATIENT)
        assert terminal.close(PATIENT) == 128 + signal.SIGHUP
    with Terminal(argv, cwd=ROOT) as terminal:
        terminal.wait_for("Enter", PATIENT)
        terminal.press("ctrl+n")
        terminal.wait_for("Jincheng Road 366", PATIENT)


def test_sizes_without_pixels_and_a_click_end_nothing(tmp_path: Path) -> None:
    with program("watch", "--store", str(floor(tmp_path))) as terminal:
        terminal.wait_for("Enter", PATIENT)
        terminal.type("\x1b[48;40;120;0;0t\x1b[<0;5;5M\x1b[<0;5;5m\x1b[48;0;0;0;0t\x1b[<0;5;5M")
        terminal.type("/zzz")
        terminal.wait_for("zzz", PATIENT)
        assert end(terminal, signal.SIGTERM) == 143


@pytest.mark.parametrize("after", [0.0, 0.2, 0.35, 0.5])
def test_what_is_typed_at_any_moment_of_the_start_stands_there(
    tmp_path: Path, after: float
) -> None:
    """While the console starts it asks the terminal something: the answer is not all there is."""
    with program("watch", "--store", str(floor(tmp_path))) as terminal:
        time.sleep(after)  # not a wait: the moment is what is tried
        terminal.type("/zzz")
        terminal.wait_for(lambda lines: lines[-1].strip().endswith("> /zzz"), PATIENT)
        assert end(terminal, signal.SIGTERM) == 143


@pytest.mark.parametrize("size", [(1, 1), (0, 0), (1, 200)])
def test_a_window_without_room_at_the_start(tmp_path: Path, size: tuple[int, int]) -> None:
    argv = [sys.executable, "-m", "console", "watch", "--store", str(floor(tmp_path))]
    with Terminal(argv, cwd=ROOT, rows=max(1, size[0]), cols=max(1, size[1])) as terminal:
        if not all(size):
            terminal._set_size(*size)
        mark = terminal.mark()
        terminal.press("f3", "f6", "f2")
        terminal.wait_quiet(500, PATIENT)
        terminal.resize(24, 80)
        terminal.press("f2")
        terminal.type("/zzz")
        terminal.wait_for("zzz", PATIENT)
        assert b"Error" not in terminal.since(mark).data
