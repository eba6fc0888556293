"""The bench's helpers: a Python module in a process of its own that does something to the store."""

import subprocess
import sys
from types import TracebackType
from typing import Self

from bench.target import ROOT


class Helper:
    """A module of the bench as a process, from when it says `ready` until its input is closed.

    Args:
        module: its name.
        arguments: its arguments.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        if (told := self._line()) != "ready":
            self._process.kill()
            self._process.wait()
            raise RuntimeError(f"{self._command[2]} said {told!r} instead of ready")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)
        if self._process.returncode and error is None:
            raise RuntimeError(f"{self._command[2]} failed with {self._process.returncode}")

    def ask(self, line: str) -> str:
        """Send a line and wait for the answer to it."""
        if self._process.stdin is None:
            raise RuntimeError("the helper has no input")
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        if self._process.stdout is None:
            raise RuntimeError("the helper has no output")
        return self._process.stdout.readline().strip()
