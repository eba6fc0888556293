"""The bench's terminal: a program in a real PTY, its keys, its bytes and its screen.

The measures and the tests that drive the real program stand on this. A stamper process takes every
chunk off the PTY with its time; a thread draws it on an `Emulator` and answers what the program
asks. Nothing here sleeps: every wait has a condition and a deadline, and what is waited for is
looked at after every single chunk, so that the time found is that of the chunk that showed it.
Every time limit is one of a machine at rest (`bench.patience`).
"""

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pyte.screens import Char

from bench.emulator import XTERM, Emulator, Manners
from bench.keys import key_bytes, script_bytes
from bench.patience import patience
from bench.stamper import HEADER

Seen = str | Callable[[list[str]], bool]
"""What to wait for: text that stands on the screen, or a question about its lines."""

_KEPT = ("PATH", "HOME", "TMPDIR", "USER", "LOGNAME")
_STAMPER = str(Path(__file__).with_name("stamper.py"))
_PIPE_BYTES = 1024 * 1024
"""Room for many frames, so that the stamper never waits for the drawing."""
_HANGUP_S = 5.0
_LAST_WORDS_S = 1.0


@dataclass(frozen=True)
class Chunk:
    """Bytes as they came from the program, with the monotonic time of their reading."""

    at_ns: int
    data: bytes


@dataclass(frozen=True)
class Mark:
    """A point in a terminal's output from which bytes and times are counted."""

    at_ns: int
    index: int


@dataclass(frozen=True)
class Traffic:
    """What a program wrote since a mark."""

    chunks: tuple[Chunk, ...]

    @property
    def data(self) -> bytes:
        """All bytes, in order."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def count(self) -> int:
        """How many bytes."""
        return sum(len(chunk.data) for chunk in self.chunks)

    @property
    def first_ns(self) -> int | None:
        """When the first byte came; None when none did."""
        return self.chunks[0].at_ns if self.chunks else None

    @property
    def last_ns(self) -> int | None:
        """When the last byte came; None when none did."""
        return self.chunks[-1].at_ns if self.chunks else None


class TerminalTimeoutError(AssertionError):
    """What was waited for did not come; the message shows the screen as it was."""


class TerminalGoneError(AssertionError):
    """The program ended while something was still expected of it."""


def terminal_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a program in the terminal: little, and the same everywhere.

    Settings of the machine (`TEXTUAL_*`, `NO_COLOR`, `COLORTERM`, `SSH_*`, ...) are left out;
    `extra` is laid over it.
    """
    env = {name: os.environ[name] for name in _KEPT if name in os.environ}
    env |= {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    return env | dict(extra or {})


class Terminal:
    """A program in a PTY of `rows` by `cols` cells, as a context manager.

    Args:
        argv: The program and its arguments.
        env: Laid over `terminal_env()`.
        rows: Height in cells.
        cols: Width in cells.
        manners: How the terminal behaves where real ones differ.
        cwd: Working directory of the program; the caller's when left out.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        *,
        rows: int = 40,
        cols: int = 120,
        manners: Manners = XTERM,
        cwd: Path | None = None,
    ) -> None:
        self._argv = [os.fspath(part) for part in argv]
        self._env = terminal_env(env)
        self._size = (rows, cols)
        self._cwd = cwd
        self._emulator = Emulator(rows, cols, manners)
        self._chunks: list[Chunk] = []
        self._changed = threading.Condition(threading.RLock())
        self._writing = threading.Lock()
        self._watch: Callable[[], bool] | None = None
        self._watch_hit_ns: int | None = None
        self._fault: BaseException | None = None
        self._broken: BaseException | None = None
        self._ended = False
        self._exit_code: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._started_ns = 0

    # -- life -------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._master, slave = os.openpty()
        try:
            self._set_size(*self._size)
            os.set_blocking(self._master, False)
            self._stamper = subprocess.Popen(
                [sys.executable, "-I", "-S", _STAMPER, str(self._master)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(self._master,),
            )
            self._start(slave)
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        return self

    def _start(self, slave: int) -> None:
        stamped = self._stamper.stdout
        if stamped is None or not stamped.read(HEADER.size):
            self._stop_stamper()
            raise RuntimeError("the stamper did not start")
        fcntl.fcntl(stamped, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._started_ns = time.monotonic_ns()
        try:
            self._process = subprocess.Popen(
                self._argv,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=self._env,
                cwd=self._cwd,
                start_new_session=True,
                preexec_fn=_take_controlling_terminal,
            )
        except OSError:
            self._stop_stamper()
            stamped.close()
            raise
        self._drawer = threading.Thread(
            target=self._draw, args=(stamped,), name="terminal-drawer", daemon=True
        )
        self._drawer.start()

    def _stop_stamper(self) -> None:
        if self._stamper.stdin is not None:
            self._stamper.stdin.close()
        self._stamper.wait()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.close()
        except (TerminalTimeoutError, RuntimeError) as unclean:
            if error is None:
                raise
            error.add_note(f"and then, on closing the terminal: {unclean}")

    @property
    def pid(self) -> int:
        """The program's process id, which is also its process group's."""
        if self._process is None:
            raise RuntimeError("the terminal has not been opened")
        return self._process.pid

    @property
    def started_ns(self) -> int:
        """Monotonic time just before the program was executed."""
        return self._started_ns

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Wait until the program has ended by itself; its exit code, negative for a signal.

        Raises:
            TerminalTimeoutError: it still runs after `timeout` seconds.
        """
        timeout = patience(timeout)
        deadline = time.monotonic() + timeout
        if not self._leader_left(deadline):
            raise self._timeout("the program to end", timeout)
        code = self._reap()
        with self._changed:  # its last words may still be in the PTY
            self._changed.wait_for(lambda: self._ended, patience(_LAST_WORDS_S))
        return code

    def close(self, timeout: float = _HANGUP_S) -> int:
        """Hang up, as a dropped connection does; the program's exit code, negative for a signal.

        What it left running in its own process group is killed. Closing twice is harmless.

        Raises:
            TerminalTimeoutError: the program did not leave within `timeout` seconds of the hangup.
                It has been killed by then.
        """
        if self._process is None:
            raise RuntimeError("the terminal has not been opened")
        timeout = patience(timeout)
        if self._master >= 0:
            self._stop_stamper()
            self._drawer.join()
            if self._stamper.stdout is not None:
                self._stamper.stdout.close()
            # Closing the last master is the hangup: the kernel sends SIGHUP to the session.
            os.close(self._master)
            self._master = -1
        left = self._leader_left(time.monotonic() + timeout)
        code = self._reap()
        if self._broken is not None:
            raise RuntimeError("the output could not be drawn") from self._broken
        if not left:
            raise self._timeout("the program to leave after the hangup", timeout)
        return code

    # -- keys -------------------------------------------------------------------------------

    def send(self, script: str) -> int:
        """Type text with keys in angle brackets, such as `接 42<enter>`; the time it was sent."""
        return self._write(script_bytes(script))

    def press(self, *names: str) -> int:
        """Press keys by name (`enter`, `pgdn`, `f2`, `ctrl+x`); the time they were sent."""
        return self._write(b"".join(key_bytes(name) for name in names))

    def type(self, text: str) -> int:
        """Type text as it stands, brackets and all; the time it was sent."""
        return self._write(text.encode())

    def paste(self, text: str) -> int:
        """Paste text the way a terminal with bracketed paste does; the time it was sent."""
        return self._write(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def resize(self, rows: int, cols: int) -> None:
        """Make the terminal another size; the program is told by SIGWINCH."""
        with self._changed:
            self._emulator.resize(rows, cols)
        self._set_size(rows, cols)

    # -- what is seen -----------------------------------------------------------------------

    def screen(self) -> list[str]:
        """The lines of the screen."""
        with self._changed:
            return self._emulator.screen()

    def cell(self, row: int, col: int) -> Char:
        """One cell with its colours and attributes; usable inside a wait's question."""
        with self._changed:
            return self._emulator.cell(row, col)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        with self._changed:
            return self._emulator.rows, self._emulator.cols

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, counted from zero."""
        with self._changed:
            return self._emulator.cursor

    @property
    def bells(self) -> int:
        """How often the bell has rung."""
        with self._changed:
            return self._emulator.bells

    @property
    def notices(self) -> list[str]:
        """Desktop notifications that the program asked for (OSC 9, OSC 777)."""
        with self._changed:
            return list(self._emulator.notices)

    def wait_for(self, seen: Seen, timeout: float = 10.0) -> int:
        """Wait until the screen shows `seen`; the time of the chunk that showed it.

        When it is there already, that is the time of the last chunk.

        Raises:
            TerminalTimeoutError: not within `timeout` seconds.
            TerminalGoneError: the program ended without showing it.
        """

        def question() -> bool:
            lines = self._emulator.screen()
            return any(seen in line for line in lines) if isinstance(seen, str) else seen(lines)

        timeout = patience(timeout)
        with self._changed:
            if question():
                return self._chunks[-1].at_ns if self._chunks else self._started_ns
            self._watch, self._watch_hit_ns = question, None
            try:
                self._changed.wait_for(
                    lambda: self._watch_hit_ns is not None or self._fault or self._ended, timeout
                )
                hit_ns, fault = self._watch_hit_ns, self._fault
            finally:
                self._watch, self._watch_hit_ns, self._fault = None, None, None
            if fault is not None:
                raise fault
            if hit_ns is not None:
                return hit_ns
            if self._broken is not None:
                raise RuntimeError("the output could not be drawn") from self._broken
            if self._ended:
                raise TerminalGoneError(f"the program ended before {_named(seen)}{self._picture()}")
        raise self._timeout(_named(seen), timeout)

    def wait_quiet(self, ms: float = 200.0, timeout: float = 10.0) -> int:
        """Wait until the program has written nothing for `ms`; the time of its last chunk.

        Raises:
            TerminalTimeoutError: it was still writing after `timeout` seconds.
        """
        timeout = patience(timeout)
        deadline_ns = time.monotonic_ns() + int(timeout * 1e9)
        called_ns = time.monotonic_ns()
        with self._changed:
            while True:
                last_ns = self._chunks[-1].at_ns if self._chunks else self._started_ns
                now_ns = time.monotonic_ns()
                quiet_at_ns = max(last_ns, called_ns) + int(ms * 1e6)
                if self._ended or now_ns >= quiet_at_ns:
                    return last_ns
                if now_ns >= deadline_ns:
                    break
                self._changed.wait((min(quiet_at_ns, deadline_ns) - now_ns) / 1e9)
        raise self._timeout(f"{ms:g} ms of quiet", timeout)

    def watch(self, seconds: float) -> Traffic:
        """Let the program be for `seconds`; what it wrote in that time.

        Raises:
            TerminalGoneError: the program ended meanwhile.
        """
        mark = self.mark()
        with self._changed:
            if self._changed.wait_for(lambda: self._ended, seconds):
                raise TerminalGoneError(f"the program ended by itself{self._picture()}")
        return self.since(mark)

    # -- what was written -------------------------------------------------------------------

    def mark(self) -> Mark:
        """Begin to count here."""
        with self._changed:
            return Mark(time.monotonic_ns(), len(self._chunks))

    def since(self, mark: Mark) -> Traffic:
        """What the program has written since `mark`."""
        with self._changed:
            return Traffic(tuple(self._chunks[mark.index :]))

    def raw(self) -> bytes:
        """Every byte the program has written."""
        return self.since(Mark(self._started_ns, 0)).data

    # -- inside -----------------------------------------------------------------------------

    def _draw(self, stamped: IO[bytes]) -> None:
        """Draw chunk after chunk, until the stamper has no more."""
        try:
            while header := stamped.read(HEADER.size):
                at_ns, length = HEADER.unpack(header)
                self._take(Chunk(at_ns, stamped.read(length)))
        except Exception as error:  # raised again by whoever waits
            self._broken = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _take(self, chunk: Chunk) -> None:
        with self._changed:
            answer = self._emulator.feed(chunk.data)
            self._chunks.append(chunk)
            if self._watch is not None and self._watch_hit_ns is None:
                try:
                    if self._watch():
                        self._watch_hit_ns = chunk.at_ns
                except Exception as error:  # raised again where the wait is
                    self._fault, self._watch = error, None
            self._changed.notify_all()
        if answer:
            try:
                self._write(answer)
            except TerminalGoneError:
                return  # a question from a program that did not stay for the answer

    def _write(self, data: bytes, timeout: float = 10.0) -> int:
        timeout = patience(timeout)
        deadline = time.monotonic() + timeout
        with self._writing:
            sent_ns = None
            while data:
                _, ready, _ = select.select([], [self._master], [], deadline - time.monotonic())
                if not ready:
                    raise self._timeout("the program to read its keys", timeout)
                try:
                    sent_ns = sent_ns or time.monotonic_ns()
                    data = data[os.write(self._master, data) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise TerminalGoneError(f"nobody reads the keys{self._picture()}") from error
        return sent_ns or time.monotonic_ns()

    def _set_size(self, rows: int, cols: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def _leader_left(self, deadline: float) -> bool:
        """Whether the program ends before `deadline`; it is not reaped yet."""
        if self._exit_code is not None:
            return True
        watched = os.pidfd_open(self.pid)
        try:
            ready, _, _ = select.select([watched], [], [], max(0.0, deadline - time.monotonic()))
            return bool(ready)
        finally:
            os.close(watched)

    def _reap(self) -> int:
        """Kill what is left of the group and collect the exit code."""
        if self._exit_code is None and self._process is not None:
            # Until it is reaped, even a dead leader keeps its group's number from being reused.
            with suppress(ProcessLookupError):  # the group may be empty already
                os.killpg(self._process.pid, signal.SIGKILL)
            self._exit_code = self._process.wait()
        if self._exit_code is None:
            raise RuntimeError("the terminal has not been opened")
        return self._exit_code

    def _timeout(self, awaited: str, timeout: float) -> TerminalTimeoutError:
        return TerminalTimeoutError(f"waited {timeout:g} s in vain for {awaited}{self._picture()}")

    def _picture(self) -> str:
        lines = [line.rstrip() for line in self.screen()]
        while lines and not lines[-1]:
            lines.pop()
        return "\n" + "\n".join(f"  | {line}" for line in lines) if lines else ": a blank screen"


def _named(seen: Seen) -> str:
    return (
        repr(seen) if isinstance(seen, str) else getattr(seen, "__name__", "the screen asked for")
    )


def _take_controlling_terminal() -> None:
    """Run in the child: makes the PTY its own, so that hangup and resize reach it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
