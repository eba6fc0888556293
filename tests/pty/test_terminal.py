"""The terminal of the PTY tests is itself right: its screen, keys, times, answers and ends."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bench.emulator import Emulator, Manners
from bench.keys import key_bytes, script_bytes
from bench.terminal import Terminal, TerminalGoneError, TerminalTimeoutError

pytestmark = pytest.mark.pty

# Echoes what it reads as hexadecimal, tells its size, and ends at q.
ECHO = r"""
import os, shutil, signal, sys, tty
tty.setraw(0)
def say(text):
    os.write(1, (text + "\r\n").encode())
def resized(*_):
    say("size %dx%d" % tuple(reversed(shutil.get_terminal_size())))
signal.signal(signal.SIGWINCH, resized)
say("ready 值班")
while True:
    data = os.read(0, 100)
    if data == b"q":
        say("bye")
        sys.exit(7)
    say("got " + data.hex())
"""

# Writes points until it is given a key.
TICKING = r"""
import os, select, tty
tty.setraw(0)
while not select.select([0], [], [], 0.01)[0]:
    os.write(1, b".")
"""

STUBBORN = r"""
import os, signal, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.write(1, b"here")
while True:
    time.sleep(60)
"""

# Leaves a child in its group that does not hear the hangup; the child's id is on the screen.
PARENT = r"""
import os, signal, time
child = os.fork()
if child == 0:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    while True:
        time.sleep(60)
os.write(1, b"child %d." % child)
while True:
    time.sleep(60)
"""


def python(source: str) -> list[str]:
    return [sys.executable, "-c", source]


class TestScreen:
    """What bytes look like."""

    def seen(self, data: bytes | str, manners: Manners | None = None, rows: int = 3) -> list[str]:
        emulator = Emulator(rows, 10, manners or Manners())
        emulator.feed(data.encode() if isinstance(data, str) else data)
        return emulator.screen()

    def test_wide_characters_take_two_cells(self) -> None:
        assert self.seen("值班ab")[0] == "值班ab    "

    @pytest.mark.parametrize(
        ("data", "line"),
        [
            ("值班\x1b[1Gx", "x 班      "),
            ("值班\x1b[2Gx", " x班      "),
            ("值班\x1b[2G街", " 街       "),
            ("值班\x1b[4Gabc", "值 abc    "),
        ],
    )
    def test_half_a_wide_character_is_never_left(self, data: str, line: str) -> None:
        assert self.seen(data)[0] == line

    def test_a_wide_character_that_does_not_fit_goes_to_the_next_line(self) -> None:
        assert self.seen("123456789值")[:2] == ["123456789 ", "值        "]
        assert self.seen("\x1b[?7l123456789值")[:2] == ["12345678值", " " * 10]

    def test_a_zero_width_character_takes_nothing_with_it(self) -> None:
        assert self.seen("a\u200bb")[0] == "ab        "
        assert self.seen("e\u0301x")[0] == "éx        "

    def test_ambiguous_width_is_a_choice(self) -> None:
        assert self.seen("│a")[0] == "│a        "
        assert self.seen("│a", Manners(ambiguous_wide=True))[0] == "│a       "

    @pytest.mark.parametrize(
        "foreign",
        [
            b"\x1b[>13u",
            b"\x1b[<u",
            b"\x1b[=1;1u",
            b"\x1b[?2026$p",
            b"\x1b[2 q",
            b"\x1bP+q544e\x1b\\",
            b"\x1b_Gi=1,a=q;AAAA\x1b\\",
            b"\x1b]52;c;eA==\x07",
            b"\x1b]8;;http://x\x1b\\",
        ],
    )
    def test_foreign_sequences_leave_no_trace(self, foreign: bytes) -> None:
        assert self.seen(b"a" + foreign + b"b")[0] == "ab        "
        emulator = Emulator(1, 10)
        for byte in b"a" + foreign + b"b":
            emulator.feed(bytes([byte]))
        assert emulator.screen() == ["ab        "]

    def test_the_alternate_screen_gives_the_main_one_back(self) -> None:
        emulator = Emulator(2, 10)
        emulator.feed("壳层 $\x1b[?1049h\x1b[1;1Happ".encode())
        assert emulator.screen()[0] == "app       "
        emulator.feed(b"\x1b[?1049l")
        assert emulator.screen()[0] == "壳层 $    "

    def test_bells_and_notices_are_counted(self) -> None:
        emulator = Emulator(1, 10)
        emulator.feed("\x07\x1b]9;火警\x07\x1b]777;notify;a;b\x1b\\\x1b]2;值守\x07".encode())
        assert (emulator.bells, list(emulator.notices)) == (1, ["火警", "notify;a;b"])
        assert emulator.title == "值守"
        assert emulator.screen() == [" " * 10]

    def test_a_question_is_answered_with_the_true_position(self) -> None:
        emulator = Emulator(3, 10)
        assert emulator.feed("值\x1b[6n".encode()) == b"\x1b[1;3R"
        assert emulator.feed(b"\x1b[3;10Hx\x1b[6n") == b"\x1b[3;10R"
        assert Emulator(3, 10, Manners(ambiguous_wide=True)).feed("│\x1b[6n".encode()) == (
            b"\x1b[1;3R"
        )
        assert Emulator(3, 10, Manners(answers=False)).feed(b"\x1b[6n") == b""

    def test_modes_are_told_as_they_are(self) -> None:
        assert Emulator(1, 10).feed(b"\x1b[?2026$p") == b"\x1b[?2026;0$y"
        assert Emulator(1, 10, Manners(synchronized=True)).feed(b"\x1b[?2026$p") == (
            b"\x1b[?2026;2$y"
        )
        assert Emulator(1, 10).feed(b"\x1b[?7$p") == b"\x1b[?7;1$y"

    def test_colours_can_be_asked_for(self) -> None:
        emulator = Emulator(1, 10)
        emulator.feed(b"\x1b[48;5;196m!\x1b[0;7mx")
        assert emulator.cell(0, 0).bg == "ff0000"
        assert emulator.cell(0, 1).reverse


class TestKeys:
    """What keys send."""

    def test_names(self) -> None:
        assert key_bytes("enter") == b"\r"
        assert key_bytes("ctrl+x") == b"\x18"
        assert key_bytes("alt+x") == b"\x1bx"
        assert key_bytes("警") == "警".encode()
        with pytest.raises(ValueError, match="no key is called 'entr'"):
            key_bytes("entr")

    def test_a_script_mixes_text_and_keys(self) -> None:
        assert script_bytes("接 42<enter><lt>") == "接 42\r<".encode()
        with pytest.raises(ValueError, match="not closed"):
            script_bytes("a<b")
        with pytest.raises(ValueError, match="no key"):
            script_bytes("<nokey>")


class TestProgram:
    """A program in it."""

    def test_keys_go_in_and_the_screen_comes_out(self) -> None:
        with Terminal(python(ECHO), rows=10, cols=40) as terminal:
            shown_ns = terminal.wait_for("ready 值班")
            assert terminal.started_ns < shown_ns <= time.monotonic_ns()
            terminal.send("警<down>")
            terminal.wait_for("got e8ada61b5b42")
            terminal.press("q")
            terminal.wait_for("bye")
            assert terminal.wait_exit() == 7

    def test_bytes_and_times_are_counted_from_a_mark(self) -> None:
        with Terminal(python(ECHO)) as terminal:
            terminal.wait_for("ready")
            mark = terminal.mark()
            assert terminal.since(mark).count == 0
            assert terminal.since(mark).first_ns is None
            sent_ns = terminal.type("x")
            shown_ns = terminal.wait_for("got 78")
            terminal.wait_quiet(50)
            traffic = terminal.since(mark)
            assert traffic.data == b"got 78\r\n"
            assert traffic.count == 8
            assert traffic.first_ns is not None
            assert sent_ns < traffic.first_ns <= shown_ns

    def test_a_program_can_be_watched(self) -> None:
        with Terminal(python(TICKING)) as terminal:
            terminal.wait_for("..")
            before, data = terminal.raw(), b""
            while not data:  # the machine may be busy with something else for so long
                data = terminal.watch(0.05).data
            assert set(data) == {ord(".")}
            assert len(data) <= len(terminal.raw()) - len(before)
            terminal.type("q")
            with pytest.raises(TerminalGoneError, match="by itself"):
                terminal.watch(30)

    def test_a_resize_reaches_the_program(self) -> None:
        with Terminal(python(ECHO), rows=24, cols=80) as terminal:
            terminal.wait_for("ready")
            terminal.resize(40, 120)
            terminal.wait_for("size 40x120")
            assert terminal.size == (40, 120)

    def test_questions_are_answered_by_themselves(self) -> None:
        ask = "import os,tty; tty.setraw(0); os.write(1,b'ab\\x1b[6n'); print(os.read(0,20).hex())"
        with Terminal(python(ask)) as terminal:
            terminal.wait_for(b"\x1b[1;3R".hex())

    def test_what_never_comes_is_told_with_the_screen(self) -> None:
        with Terminal(python(ECHO)) as terminal:
            terminal.wait_for("ready")
            with pytest.raises(TerminalTimeoutError, match=r"(?s)'absent'.*ready 值班"):
                terminal.wait_for("absent", timeout=0.1)

    def test_an_end_while_waiting_is_told_at_once(self) -> None:
        with Terminal([sys.executable, "-c", "print('done')"]) as terminal:
            began = time.monotonic()
            with pytest.raises(TerminalGoneError, match=r"(?s)'absent'.*done"):
                terminal.wait_for("absent", timeout=30)
            assert time.monotonic() - began < 15

    def test_a_faulty_question_fails_where_it_was_asked(self) -> None:
        asked = 0

        def question(lines: list[str]) -> bool:
            nonlocal asked
            asked += 1
            if asked == 1:
                terminal.type("x")  # what it answers is looked at for the second time
            return asked > 1 and bool(lines[9999])

        with Terminal(python(ECHO)) as terminal:
            terminal.wait_for("ready")
            with pytest.raises(IndexError):
                terminal.wait_for(question)
            assert asked == 2
            with pytest.raises(IndexError):
                terminal.wait_for(question)

    def test_output_that_cannot_be_drawn_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(self: Emulator, data: bytes) -> bytes:
            raise ArithmeticError

        monkeypatch.setattr(Emulator, "feed", broken)
        with pytest.raises(RuntimeError, match="drawn"), Terminal(python(ECHO)) as terminal:
            terminal.wait_for("ready")

    def test_a_program_that_is_not_there_is_told(self) -> None:
        before = len(os.listdir("/proc/self/fd"))
        with pytest.raises(FileNotFoundError), Terminal(["/nowhere/at/all"]):
            pass
        assert len(os.listdir("/proc/self/fd")) == before

    def test_closing_hangs_up(self) -> None:
        with Terminal(python(ECHO)) as terminal:
            terminal.wait_for("ready")
            assert terminal.close() == -signal.SIGHUP
            assert terminal.close() == -signal.SIGHUP

    def test_a_program_that_ignores_the_hangup_is_told_on_and_killed(self) -> None:
        with Terminal(python(STUBBORN)) as terminal:
            terminal.wait_for("here")
            with pytest.raises(TerminalTimeoutError, match="hangup"):
                terminal.close(timeout=0.2)
            assert not Path(f"/proc/{terminal.pid}").exists()

    def test_nothing_of_its_group_is_left_behind(self) -> None:
        with Terminal(python(PARENT)) as terminal:
            terminal.wait_for(lambda lines: "." in lines[0])
            child = int(terminal.screen()[0].split(".")[0].removeprefix("child "))
            os.kill(child, 0)
        deadline = time.monotonic() + 5
        while _runs(child):
            assert time.monotonic() < deadline, "the child is still there"

    def test_settings_of_the_machine_do_not_reach_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TEXTUAL_FPS", "1")
        monkeypatch.setenv("NO_COLOR", "1")
        tell = "import os; print(sorted(n for n in os.environ if n in ('TEXTUAL_FPS','NO_COLOR'" + (
            ",'TERM','OWN')))"
        )
        with Terminal(python(tell), {"OWN": "1"}) as terminal:
            terminal.wait_for("['OWN', 'TERM']")


def _runs(pid: int) -> bool:
    """Whether the process is there and not a zombie that waits for its new parent."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
